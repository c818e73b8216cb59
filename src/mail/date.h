/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates as nearly all mails have them, without the objects of a general reader. Pure. */
#ifndef MLDIGEST_MAIL_DATE_H
#define MLDIGEST_MAIL_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* A day and a time of it, in UTC: months from 1. */
struct date {
	unsigned year, month, day, hour, minute, second;
};

/* DATE in seconds since 1970 in *TIME_R; false where there is no such day or time, and before
 * 1970. */
bool date_to_time(const struct date *date, int64_t *time_r);

/* 1 to 12 for the English name of a month that begins at NAME; 0 for none. */
unsigned date_month(const char *name);

/* VALUE, the body of a Date field in its usual form (RFC 5322 3.3), `Sat, 1 Nov 2025 09:05:00
 * +0100`, perhaps with a zone's name behind it as a comment, in seconds since 1970.  False for any
 * other form, which may be a date all the same. */
bool date_read(const char *value, int64_t *time_r);

#endif

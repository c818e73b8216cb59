/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/date.h"

#include <inttypes.h>
#include <stdio.h>

#include <glib.h>

#include "tap.h"

static const struct date_row {
	const char *rule;
	const char *value;
	int64_t time; /* -1: of another form */
} date_rows[] = {
	{"as mails have it", "Sat, 1 Nov 2025 09:05:00 +0000", 1761987900},
	{"two digits for the day", "Sat, 01 Nov 2025 09:05:00 +0000", 1761987900},
	{"asctime's blank for a digit", "Sat,  1 Nov 2025 09:05:00 +0000", 1761987900},
	{"east is earlier", "Sat, 1 Nov 2025 09:05:00 +0130", 1761982500},
	{"west is later", "Sat, 1 Nov 2025 09:05:00 -0800", 1762016700},
	{"a zone that is not known (RFC 5322 3.3)", "Sat, 1 Nov 2025 09:05:00 -0000",
		1761987900},
	{"a zone's name behind it", "Sat, 1 Nov 2025 10:05:00 +0100 (CET)\n", 1761987900},
	{"the first second", "Thu, 1 Jan 1970 00:00:00 +0000", 0},
	{"a leap day", "Thu, 29 Feb 2024 23:59:59 +0000", 1709251199},
	{"the day behind one", "Fri, 1 Mar 2024 00:00:00 +0000", 1709251200},
	{"1900 and 2100 have none", "Mon, 29 Feb 2100 00:00:00 +0000", -1},
	{"2000 has one", "Tue, 29 Feb 2000 00:00:00 +0000", 951782400},
	{"no such day", "Mon, 31 Nov 2025 09:05:00 +0000", -1},
	{"day 0", "Mon, 0 Nov 2025 09:05:00 +0000", -1},
	{"no such month", "Mon, 1 Nox 2025 09:05:00 +0000", -1},
	{"no such weekday", "Son, 1 Nov 2025 09:05:00 +0000", -1},
	{"hour 24", "Sat, 1 Nov 2025 24:05:00 +0000", -1},
	{"a leap second", "Sat, 1 Nov 2025 23:59:60 +0000", -1},
	{"without a weekday", "1 Nov 2025 09:05:00 +0000", -1},
	{"without seconds", "Sat, 1 Nov 2025 09:05 +0000", -1},
	{"a year of two digits", "Sat, 1 Nov 25 09:05:00 +0000", -1},
	{"before 1970", "Wed, 31 Dec 1969 23:59:59 +0000", -1},
	{"a zone by its name", "Sat, 1 Nov 2025 09:05:00 GMT", -1},
	{"no zone", "Sat, 1 Nov 2025 09:05:00", -1},
	{"a zone of a day", "Sat, 1 Nov 2025 09:05:00 +2400", -1},
	{"a zone of 90 minutes", "Sat, 1 Nov 2025 09:05:00 +0090", -1},
	{"something behind it", "Sat, 1 Nov 2025 09:05:00 +0000 x", -1},
	{"a comment that is no name", "Sat, 1 Nov 2025 09:05:00 +0000 (a b)", -1},
	{"nothing", "", -1},
	{"a weekday alone", "Sat", -1},
	{"cut in the month", "Sat, 1 No", -1},
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(date_rows); i++) {
		const struct date_row *row = &date_rows[i];
		int64_t time = -1;
		bool read = date_read(row->value, &time);

		tap_number(row->rule, read ? time : -1, row->time);
	}
}

/* Every day of a century and some, as GLib counts them. */
static void test_days(void)
{
	unsigned days = 0, right = 0;

	for (int year = 1970; year <= 2110; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				const struct date date = {(unsigned)year, (unsigned)month,
					(unsigned)day, 12, 34, 56};
				g_autoptr(GDateTime) known = g_date_time_new_utc(
					year, month, day, 12, 34, 56);
				int64_t time = -1;
				bool is = date_to_time(&date, &time);

				days++;
				right += is == (known != NULL) &&
					 (!is || time == g_date_time_to_unix(known));
			}
	tap_number("every day that there is, and no other", right, days);
}

int main(void)
{
	test_rows();
	test_days();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/date.h"

#include <string.h>

#include <glib.h>

static bool date_is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_to_time(const struct date *date, int64_t *time_r)
{
	static const unsigned before[] = {
		0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	unsigned leaps = (date->year - 1) / 4 - (date->year - 1) / 100 +
			 (date->year - 1) / 400;
	unsigned leap_day = date_is_leap(date->year);
	int64_t days;

	if (date->year < 1970 || date->year > 9999 || date->month < 1 ||
		date->month > 12 || date->day < 1 || date->hour > 23 ||
		date->minute > 59 || date->second > 59 ||
		date->day > before[date->month + 1] - before[date->month] +
				    (date->month == 2 ? leap_day : 0))
		return false;
	/* 1970 came after 477 leap years. */
	days = (int64_t)(date->year - 1970) * 365 + leaps - 477 + before[date->month] +
	       (date->month > 2 ? leap_day : 0) + date->day - 1;
	*time_r = ((days * 24 + date->hour) * 60 + date->minute) * 60 + date->second;
	return true;
}

unsigned date_month(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++)
		if (strncmp(name, months + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* LEAST to MOST digits at *C, which goes behind them. */
static bool date_take_number(
	const char **c, unsigned least, unsigned most, unsigned *number_r)
{
	unsigned digits = 0;

	*number_r = 0;
	while (digits < most && g_ascii_isdigit((*c)[digits]))
		*number_r = *number_r * 10 + (unsigned)((*c)[digits++] - '0');
	*c += digits;
	return digits >= least;
}

static bool date_take(const char **c, char expected)
{
	return *(*c)++ == expected;
}

/* `+0100` at *C, in seconds. */
static bool date_take_zone(const char **c, int64_t *seconds_r)
{
	bool west = **c == '-';
	unsigned number;

	if (!west && **c != '+')
		return false;
	++*c;
	if (!date_take_number(c, 4, 4, &number) || number > 1400 || number % 100 > 59)
		return false;
	*seconds_r = (int64_t)(number / 100 * 60 + number % 100) * (west ? -60 : 60);
	return true;
}

/* Whether nothing follows at C but blanks and a zone's name in parentheses. */
static bool date_ends(const char *c)
{
	c += strspn(c, " \t\n");
	if (*c == '(') {
		c += 1 + strspn(c + 1, G_CSET_A_2_Z G_CSET_a_2_z);
		if (*c++ != ')')
			return false;
		c += strspn(c, " \t\n");
	}
	return *c == '\0';
}

static bool date_take_day(const char **c, struct date *date)
{
	static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
	char name[5] = "";

	*c += strspn(*c, " \t\n");
	memcpy(name, *c, strnlen(*c, 3));
	if (strlen(name) < 3 || strchr(name, ' ') != NULL || strstr(days, name) == NULL)
		return false;
	*c += 3;
	if (!date_take(c, ',') || !date_take(c, ' '))
		return false;
	*c += **c == ' ';
	if (!date_take_number(c, 1, 2, &date->day) || !date_take(c, ' '))
		return false;
	date->month = date_month(*c);
	if (date->month == 0)
		return false;
	*c += 3;
	return date_take(c, ' ') && date_take_number(c, 4, 4, &date->year) &&
	       date_take(c, ' ');
}

bool date_read(const char *value, int64_t *time_r)
{
	struct date date;
	const char *c = value;
	int64_t zone, time;

	if (!date_take_day(&c, &date) || !date_take_number(&c, 2, 2, &date.hour) ||
		!date_take(&c, ':') || !date_take_number(&c, 2, 2, &date.minute) ||
		!date_take(&c, ':') || !date_take_number(&c, 2, 2, &date.second) ||
		!date_take(&c, ' ') || !date_take_zone(&c, &zone) || !date_ends(c) ||
		!date_to_time(&date, &time))
		return false;
	*time_r = time - zone;
	return true;
}

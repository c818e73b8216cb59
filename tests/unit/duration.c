/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/cmd.h"

#include "tap.h"

static const struct duration_row {
	const char *word;
	int64_t seconds; /* -1: refused */
} duration_rows[] = {
	{"90m", 5400},
	{"6h", 21600},
	{"1d", 86400},
	{"2w", 1209600},
	{"0m", 0},
	{"007h", 25200},
	{"999999w", 999999LL * 604800},
	{"", -1},
	{"6", -1},
	{"h", -1},
	{"6H", -1},
	{"6s", -1},
	{"1d12h", -1},
	{" 6h", -1},
	{"6 h", -1},
	{"6h ", -1},
	{"-6h", -1},
	{"+6h", -1},
	{"1.5h", -1},
	{"1000000h", -1},
	{"2025-01-06", -1},
};

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(duration_rows); i++) {
		const struct duration_row *row = &duration_rows[i];
		int64_t seconds = -1, time = -1;
		bool good = cmd_parse_duration(row->word, &seconds);

		tap_number(*row->word ? row->word : "nothing", good ? seconds : -1,
			row->seconds);
		/* --since takes the same words, and dates. */
		if (good && cmd_parse_time(row->word, 1000000000, &time))
			tap_number("… before a time", time, 1000000000 - row->seconds);
	}
	return tap_end();
}

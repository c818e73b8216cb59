/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "cmd/cmd.h"
#include "store/expire.h"
#include "store/home.h"

enum status cmd_expire(const char *home, int argc, char **argv)
{
	g_autofree char *older = NULL;
	const GOptionEntry options[] = {{"older-than", 0, 0, G_OPTION_ARG_STRING, &older,
						"What arrived before T", "T"},
		{0}};
	const struct cmd_usage usage = {
		"", "Takes away old messages that were sent.", 0, 0};
	struct expire_result result;
	g_autofree char *line = NULL;
	int64_t time;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status != STATUS_OK)
		return status;
	if (older == NULL) {
		diag_error("expire: --older-than says what shall go");
		return STATUS_USAGE;
	}
	if (!cmd_parse_time(older, diag_now(), &time)) {
		diag_error(
			"%s: not a time: YYYY-MM-DD, ISO 8601, or a count of m, h, d, w",
			older);
		return STATUS_USAGE;
	}
	status = home_check(home);
	if (status == STATUS_OK)
		status = expire_before(home, time, &result);
	if (status != STATUS_OK)
		return status;
	line = g_strdup_printf("%" G_GUINT64_FORMAT
			       " messages expired, %" G_GUINT64_FORMAT
			       " kept that no digest had yet\n",
		(guint64)result.expired, (guint64)result.unsent);
	return cmd_print(line, strlen(line));
}

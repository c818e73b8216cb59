/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "store/check.h"
#include "store/home.h"

enum status cmd_check(const char *home, int argc, char **argv)
{
	const GOptionEntry options[] = {{0}};
	const struct cmd_usage usage = {
		"", "Looks for damage in all that is recorded; changes nothing.", 0, 0};
	struct check_result result;
	g_autofree char *head = NULL;
	g_autofree char *expired = NULL;
	g_autofree char *line = NULL;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK)
		status = check_store(home, &result);
	if (status != STATUS_OK)
		return status;
	head = text_to_hex(result.head, HASH_BYTES);
	expired = result.expired ? g_strdup_printf(" and %" G_GUINT64_FORMAT " expired",
					   (guint64)result.expired)
				 : g_strdup("");
	line = g_strdup_printf("ok: %" G_GUINT64_FORMAT " messages%s, chain head %s\n",
		(guint64)result.messages, expired, head);
	return cmd_print(line, strlen(line));
}

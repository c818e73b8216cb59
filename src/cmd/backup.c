/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/cmd.h"
#include "store/backup.h"
#include "store/home.h"

enum status cmd_backup(const char *home, int argc, char **argv)
{
	const GOptionEntry options[] = {{0}};
	const struct cmd_usage usage = {
		"DIR", "Makes a copy of the home that is one itself.", 1, 1};
	g_auto(GStrv) words = NULL;
	g_autofree char *directory = NULL;
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	if (status == STATUS_OK)
		status = home_check(home);
	if (status != STATUS_OK)
		return status;
	directory = cmd_trim_path(words[0]);
	return backup_make(home, directory);
}

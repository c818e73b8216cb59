/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "cmd/cmd.h"
#include "store/dump.h"

enum status cmd_restore(const char *home, int argc, char **argv)
{
	const GOptionEntry options[] = {{0}};
	const struct cmd_usage usage = {"FILE", "Makes a home out of a dump.", 1, 1};
	g_auto(GStrv) words = NULL;
	g_autofree char *directory = cmd_trim_path(home);
	enum status status = cmd_parse(argc, argv, options, &usage, &words);
	int fd;

	if (status != STATUS_OK)
		return status;
	if (strcmp(words[0], "-") == 0)
		return dump_restore(directory, STDIN_FILENO, "standard input");
	fd = open(words[0], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", words[0]);
	status = dump_restore(directory, fd, words[0]);
	close(fd);
	return status;
}

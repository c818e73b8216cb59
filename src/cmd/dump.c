/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "cmd/cmd.h"
#include "store/dump.h"
#include "store/home.h"

/* FILE is there when it is whole. */
static enum status dump_to_file(const char *home, const char *file)
{
	g_autofree char *path = g_strdup_printf("%s.%ld.new", file, (long)getpid());
	g_autofree char *parent = g_path_get_dirname(file);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum status status;

	if (fd < 0)
		return diag_errno(errno, STATUS_CANTCREAT, "%s", path);
	status = dump_write(home, fd);
	/* One with damage in it is better than none. */
	if ((status == STATUS_OK || status == STATUS_DATA) &&
		(fsync(fd) != 0 || rename(path, file) != 0))
		status = diag_errno(errno, STATUS_CANTCREAT, "%s", file);
	close(fd);
	unlink(path);
	return status == STATUS_OK ? io_sync_directory(parent) : status;
}

/* A pipe or a device cannot be replaced by a file. */
static enum status dump_to_device(const char *home, const char *device)
{
	int fd = open(device, O_WRONLY | O_CLOEXEC);
	enum status status;

	if (fd < 0)
		return diag_errno(errno, STATUS_CANTCREAT, "%s", device);
	status = dump_write(home, fd);
	close(fd);
	return status;
}

enum status cmd_dump(const char *home, int argc, char **argv)
{
	const GOptionEntry options[] = {{0}};
	const struct cmd_usage usage = {
		"[FILE]", "Writes all that the home holds as text.", 0, 1};
	g_auto(GStrv) words = NULL;
	struct stat st;
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	signal(SIGPIPE, SIG_IGN);
	if (status == STATUS_OK)
		status = home_check(home);
	if (status != STATUS_OK)
		return status;
	if (words[0] == NULL || strcmp(words[0], "-") == 0)
		return dump_write(home, STDOUT_FILENO);
	if (stat(words[0], &st) == 0 && !S_ISREG(st.st_mode))
		return dump_to_device(home, words[0]);
	return dump_to_file(home, words[0]);
}

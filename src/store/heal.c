/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/heal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"

static bool heal_file(int fd)
{
	char buffer[65536];
	off_t offset = 0;
	ssize_t n;

	while ((n = pread(fd, buffer, sizeof buffer, offset)) > 0) {
		if (pwrite(fd, buffer, (size_t)n, offset) != n)
			return false;
		offset += n;
	}
	return n == 0 && fsync(fd) == 0;
}

enum status heal_rewrite(const char *directory)
{
	g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
	enum status status = STATUS_OK;
	const char *name;

	while (entries != NULL && status == STATUS_OK &&
		(name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		int fd;

		if (g_str_has_prefix(name, "__db."))
			continue;
		fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0 || !heal_file(fd))
			status = diag_errno(errno, STATUS_TEMPFAIL, "%s", path);
		if (fd >= 0)
			close(fd);
	}
	return status == STATUS_OK ? io_sync_directory(directory) : STATUS_TEMPFAIL;
}

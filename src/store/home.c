/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/home.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"

enum status home_check(const char *home)
{
	struct stat st;

	if (lstat(home, &st) != 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", home);
	if (!S_ISDIR(st.st_mode)) {
		diag_error("%s: not a directory", home);
		return STATUS_CONFIG;
	}
	if (st.st_uid != geteuid()) {
		diag_error("%s: belongs to another user", home);
		return STATUS_NOPERM;
	}
	if (st.st_mode & 022) {
		diag_error("%s: others may write to it; chmod go-w", home);
		return STATUS_NOPERM;
	}
	return STATUS_OK;
}

enum status home_sync_parent(const char *home)
{
	g_autofree char *parent = g_path_get_dirname(home);
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* A parent that cannot be read cannot be synced either; nothing more can be done. */
	if (fd < 0 && errno == EACCES)
		return STATUS_OK;
	if (fd >= 0)
		close(fd);
	return io_sync_directory(parent);
}

enum status home_make(const char *home)
{
	if (mkdir(home, 0700) != 0) {
		if (errno != EEXIST)
			return diag_errno(errno, STATUS_CANTCREAT, "%s", home);
		return home_check(home);
	}
	/* Whatever the umask says. */
	if (chmod(home, 0700) != 0)
		return diag_errno(errno, STATUS_CANTCREAT, "%s", home);
	return home_sync_parent(home);
}

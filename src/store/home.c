/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/home.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"

/* Where a lock may be two computers', and mapped files are not one memory. */
static enum status home_check_file_system(const char *home)
{
	static const struct {
		uint32_t kind;
		const char *name;
	} networks[] = {{NFS_SUPER_MAGIC, "NFS"}, {SMB_SUPER_MAGIC, "SMB"},
		{CIFS_SUPER_MAGIC, "SMB"}, {SMB2_SUPER_MAGIC, "SMB"},
		{AFS_SUPER_MAGIC, "AFS"}, {AFS_FS_MAGIC, "AFS"},
		{CODA_SUPER_MAGIC, "Coda"}, {CEPH_SUPER_MAGIC, "Ceph"},
		{V9FS_MAGIC, "9P"}};
	struct statfs st;

	if (statfs(home, &st) != 0)
		return diag_errno(errno, STATUS_IO, "%s", home);
	for (size_t i = 0; i < G_N_ELEMENTS(networks); i++)
		if ((uint32_t)st.f_type == networks[i].kind) {
			diag_error("%s: on a network file system (%s), which is not "
				   "supported",
				home, networks[i].name);
			return STATUS_CONFIG;
		}
	return STATUS_OK;
}

enum status home_check(const char *name)
{
	g_autofree char *home = g_strdup(name);
	struct stat st;

	/* With a slash behind it, a symbolic link is what it leads to. */
	for (size_t length = strlen(home); length > 1 && home[length - 1] == '/';
		length--)
		home[length - 1] = '\0';
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
	return home_check_file_system(home);
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
	enum status status;

	if (mkdir(home, 0700) != 0) {
		if (errno != EEXIST)
			return diag_errno(errno, STATUS_CANTCREAT, "%s", home);
		return home_check(home);
	}
	/* Whatever the umask says. */
	if (chmod(home, 0700) != 0)
		return diag_errno(errno, STATUS_CANTCREAT, "%s", home);
	status = home_check_file_system(home);
	if (status != STATUS_OK) {
		rmdir(home);
		return status;
	}
	return home_sync_parent(home);
}

enum status home_read_mailmap(const char *home, GString **text_r)
{
	g_autofree char *path = g_build_filename(home, "mailmap", NULL);
	GString *text = NULL;
	enum status status = io_read_file(path, LIMIT_MAILMAP_BYTES, &text);

	if (status == STATUS_OK || status == STATUS_NOINPUT)
		*text_r = text;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories in which stores are made; see copy.h. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "store/copy.h"

static void copy_remove_files(const char *directory)
{
	g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		unlink(path);
	}
}

void copy_empty(const char *directory)
{
	g_autofree char *inner = g_build_filename(directory, "db", NULL);

	copy_remove_files(inner);
	rmdir(inner);
}

void copy_remove(const char *directory)
{
	copy_empty(directory);
	copy_remove_files(directory);
	rmdir(directory);
}

static enum status copy_sync_files(const char *directory)
{
	g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
	enum status status = STATUS_OK;
	const char *name;

	while (status == STATUS_OK && entries != NULL &&
		(name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

		if (fd < 0 || fsync(fd) != 0)
			status = diag_errno(errno, STATUS_IO, "%s", path);
		if (fd >= 0)
			close(fd);
	}
	return status == STATUS_OK ? io_sync_directory(directory) : status;
}

enum status copy_sync(const char *directory)
{
	g_autofree char *inner = g_build_filename(directory, "db", NULL);
	enum status status = copy_sync_files(inner);

	return status == STATUS_OK ? copy_sync_files(directory) : status;
}

/* Whether FD is still what PATH names: who had it before removed it when he was done. */
static bool copy_is_there(const char *path, int fd)
{
	struct stat named, opened;

	return lstat(path, &named) == 0 && fstat(fd, &opened) == 0 &&
	       named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

enum status copy_take_scratch(const char *path, struct copy_scratch *scratch_r)
{
	int fd;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return diag_errno(errno, STATUS_CANTCREAT, "%s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !copy_is_there(path, fd)) {
		close(fd);
		diag_error("%s: another process is at work in it", path);
		return STATUS_TEMPFAIL;
	}
	copy_empty(path);
	copy_remove_files(path);
	*scratch_r = (struct copy_scratch){g_strdup(path), fd};
	return STATUS_OK;
}

static void copy_drop_scratch(struct copy_scratch *scratch)
{
	close(scratch->fd);
	g_free(scratch->path);
}

void copy_release_scratch(struct copy_scratch *scratch)
{
	copy_remove(scratch->path);
	copy_drop_scratch(scratch);
}

enum status copy_check_target(const char *target)
{
	g_autoptr(GDir) entries = NULL;
	struct stat st;

	if (lstat(target, &st) != 0 && errno == ENOENT)
		return STATUS_OK;
	entries = g_dir_open(target, 0, NULL);
	if (entries != NULL && g_dir_read_name(entries) == NULL)
		return STATUS_OK;
	diag_error("%s: is there already", target);
	return STATUS_CANTCREAT;
}

enum status copy_name_scratch(struct copy_scratch *scratch, const char *target)
{
	g_autofree char *parent = g_path_get_dirname(target);
	enum status status = copy_sync(scratch->path);

	if (status == STATUS_OK && rename(scratch->path, target) != 0)
		status = diag_errno(errno, STATUS_CANTCREAT, "%s", target);
	if (status != STATUS_OK) {
		copy_release_scratch(scratch);
		return status;
	}
	copy_drop_scratch(scratch);
	return io_sync_directory(parent);
}

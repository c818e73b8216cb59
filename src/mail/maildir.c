/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maildirs. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "mail/source.h"

struct maildir_file {
	int64_t seconds;
	long nanoseconds;
	char *name; /* cur/… or new/… */
};

struct maildir {
	struct source source;
	GPtrArray *files; /* struct maildir_file, oldest first */
	guint next;
};

static void maildir_free_file(void *data)
{
	struct maildir_file *file = data;

	g_free(file->name);
	g_free(file);
}

/* By time of arrival, then by name: Maildir names begin with the second and a count. */
static int maildir_compare(const void *a, const void *b)
{
	const struct maildir_file *file_a = *(const struct maildir_file *const *)a;
	const struct maildir_file *file_b = *(const struct maildir_file *const *)b;

	if (file_a->seconds != file_b->seconds)
		return file_a->seconds < file_b->seconds ? -1 : 1;
	if (file_a->nanoseconds != file_b->nanoseconds)
		return file_a->nanoseconds < file_b->nanoseconds ? -1 : 1;
	return strcmp(strchr(file_a->name, '/'), strchr(file_b->name, '/'));
}

static enum status maildir_scan(struct maildir *maildir, const char *folder)
{
	g_autofree char *directory = g_build_filename(maildir->source.path, folder, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) entries = g_dir_open(directory, 0, &error);
	const char *name;

	if (entries == NULL) {
		diag_error("%s: %s", directory, error->message);
		return STATUS_NOINPUT;
	}
	while ((name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		struct maildir_file *file;
		struct stat st;

		if (*name == '.' || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		file = g_new0(struct maildir_file, 1);
		file->seconds = st.st_mtim.tv_sec;
		file->nanoseconds = st.st_mtim.tv_nsec;
		file->name = g_build_filename(folder, name, NULL);
		g_ptr_array_add(maildir->files, file);
	}
	return STATUS_OK;
}

/* A mail program renames files while we read: flags change, new/ becomes cur/. */
static int maildir_open_file(
	const struct maildir *maildir, const struct maildir_file *file)
{
	g_autofree char *path = g_build_filename(maildir->source.path, file->name, NULL);

	return open(path, O_RDONLY | O_CLOEXEC);
}

static enum status maildir_read(int fd, struct raw *raw)
{
	g_autofree char *buffer = g_malloc(65536);
	ssize_t n;

	while ((n = io_read(fd, buffer, 65536)) > 0)
		raw_append(raw, buffer, (size_t)n);
	return n == 0 ? STATUS_OK : STATUS_IO;
}

static enum status maildir_next(struct source *source, struct source_item *item_r)
{
	struct maildir *maildir = (struct maildir *)source;
	struct source_item item = {0};
	const struct maildir_file *file;
	enum status status;
	int fd;

	do {
		if (maildir->next == maildir->files->len)
			return STATUS_NOINPUT;
		file = maildir->files->pdata[maildir->next++];
		fd = maildir_open_file(maildir, file);
	} while (fd < 0 && errno == ENOENT);
	if (fd < 0)
		return diag_errno(errno, STATUS_IO, "%s/%s", source->path, file->name);
	raw_init(&item.raw);
	item.arrival = file->seconds;
	status = maildir_read(fd, &item.raw);
	if (status != STATUS_OK) {
		diag_errno(errno, STATUS_IO, "%s/%s", source->path, file->name);
		raw_release(&item.raw);
	}
	close(fd);
	if (status == STATUS_OK)
		*item_r = item;
	return status;
}

static void maildir_progress(
	const struct source *source, struct source_progress *progress_r)
{
	const struct maildir *maildir = (const struct maildir *)source;

	*progress_r = (struct source_progress){maildir->next, maildir->files->len};
}

static void maildir_free(struct source *source)
{
	struct maildir *maildir = (struct maildir *)source;

	g_ptr_array_unref(maildir->files);
	g_free(maildir->source.path);
	g_free(maildir);
}

enum status source_open_maildir(const char *path, struct source **source_r)
{
	static const struct source_ops ops = {
		maildir_next, maildir_progress, maildir_free};
	struct maildir *maildir = g_new0(struct maildir, 1);
	enum status status;

	maildir->source.ops = &ops;
	maildir->source.path = g_strdup(path);
	maildir->files = g_ptr_array_new_with_free_func(maildir_free_file);
	status = maildir_scan(maildir, "cur");
	if (status == STATUS_OK)
		status = maildir_scan(maildir, "new");
	g_ptr_array_sort(maildir->files, maildir_compare);
	if (status == STATUS_OK)
		*source_r = &maildir->source;
	else
		maildir_free(&maildir->source);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/io.h"
#include "store/env_care.h"
#include "store/gate.h"

/* The files are copied one after the other, and in between others write to them.  All that
 * they wrote is in the log files, of which none that was there at the start or came later is
 * left out, so recovery from the first of them makes the copy what the store was when the
 * last was copied. Berkeley DB has the same done by hand in "Hot backup"; DB_ENV->backup()
 * would need the gate for the whole time. */

enum {
	/* Read while the gate is held: some milliseconds. */
	COPY_PIECE_BYTES = 4 * 1024 * 1024,
	COPY_BLOCK_BYTES = 65536,
	COPY_CHECKPOINT_KB = 2048,
	COPY_TRIES = 10,
	/* More than a tick of the clock that files have, which is 10 ms at the most. */
	COPY_TICK_MS = 20,
};

/* A log file, held open so that it can be read after others have removed it. */
struct copy_log {
	uint32_t number;
	int fd;
	bool copied;
};

struct copy {
	const char *home;
	char *source, *target;
	GArray *logs; /* struct copy_log, without a gap */
	char *buffer;
	struct gate gate;
	uint64_t files; /* what copy_look() saw at the start */
};

static gint copy_compare_logs(gconstpointer a, gconstpointer b)
{
	const struct copy_log *first = a, *second = b;

	return (first->number > second->number) - (first->number < second->number);
}

/* Opens the log files that are new. */
static enum status copy_note_logs(struct copy *copy)
{
	g_autoptr(GDir) entries = g_dir_open(copy->source, 0, NULL);
	guint known = copy->logs->len;
	uint32_t last =
		known ? g_array_index(copy->logs, struct copy_log, known - 1).number : 0;
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(copy->source, name, NULL);
		struct copy_log log = {.fd = -1};

		if (!g_str_has_prefix(name, "log."))
			continue;
		log.number = (uint32_t)g_ascii_strtoull(name + 4, NULL, 10);
		if (log.number <= last)
			continue;
		log.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (log.fd < 0)
			return diag_errno(errno, STATUS_IO, "%s", path);
		g_array_append_val(copy->logs, log);
	}
	g_array_sort(copy->logs, copy_compare_logs);
	for (guint i = MAX(known, 1); i < copy->logs->len; i++)
		if (g_array_index(copy->logs, struct copy_log, i).number !=
			g_array_index(copy->logs, struct copy_log, i - 1).number + 1) {
			diag_error("%s: others write faster than it can be copied",
				copy->source);
			return STATUS_TEMPFAIL;
		}
	return STATUS_OK;
}

static void copy_leave(struct copy *copy)
{
	gate_release(&copy->gate);
	gate_close(&copy->gate);
}

/* Opens and closes the store, which brings it in order where a process has died, and what is in the
 * cache into the files. */
static enum status copy_recover(const char *home)
{
	struct env *env;
	enum status closed, status = env_open(home, COPY_CHECKPOINT_KB, &env);

	if (status != STATUS_OK)
		return status;
	status = env_trim_log(env);
	closed = env_close(env, false);
	return status != STATUS_OK ? status : closed;
}

/* One number for the names, sizes and times of all databases, and how old the newest is in
 * milliseconds. */
static int64_t copy_look(const struct copy *copy, uint64_t *files_r)
{
	g_autoptr(GDir) entries = g_dir_open(copy->source, 0, NULL);
	struct timespec now, newest = {0};
	const char *name;

	*files_r = 0;
	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(copy->source, name, NULL);
		uint64_t words[HASH_BYTES / sizeof(uint64_t)];
		struct hash hash;
		struct stat st;

		if (!g_str_has_suffix(name, ".db") || lstat(path, &st) != 0)
			continue;
		hash_init(&hash);
		hash_update_field(&hash, name, strlen(name));
		hash_update(&hash, &st.st_ino, sizeof st.st_ino);
		hash_update(&hash, &st.st_size, sizeof st.st_size);
		hash_update(&hash, &st.st_mtim, sizeof st.st_mtim);
		hash_final(&hash, (uint8_t *)words);
		*files_r += words[0];
		if (st.st_mtim.tv_sec > newest.tv_sec ||
			(st.st_mtim.tv_sec == newest.tv_sec &&
				st.st_mtim.tv_nsec > newest.tv_nsec))
			newest = st.st_mtim;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)(now.tv_sec - newest.tv_sec) * 1000 +
	       (now.tv_nsec - newest.tv_nsec) / 1000000;
}

/* Takes the gate of a store that is in order. */
static enum status copy_enter(struct copy *copy)
{
	enum status status;

	for (int i = 0; i < COPY_TRIES; i++) {
		status = gate_take(copy->home, &copy->gate);
		if (status != STATUS_OK)
			return status;
		if (!copy->gate.recover) {
			status = copy_note_logs(copy);
			if (status != STATUS_OK)
				copy_leave(copy);
			return status;
		}
		copy_leave(copy);
		status = copy_recover(copy->home);
		if (status != STATUS_OK)
			return status;
	}
	diag_error("%s: its users die one after the other", copy->home);
	return STATUS_TEMPFAIL;
}

static int copy_create(const struct copy *copy, const char *name)
{
	g_autofree char *path = g_build_filename(copy->target, name, NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		diag_errno(errno, STATUS_CANTCREAT, "%s", path);
	return fd;
}

/* Writes LENGTH bytes at OFFSET; blocks of zeros, of which log files have many, become holes. */
static enum status copy_write(
	const struct copy *copy, int fd, size_t length, off_t offset)
{
	static const char zeros[COPY_BLOCK_BYTES];

	for (size_t at = 0; at < length; at += COPY_BLOCK_BYTES) {
		size_t block = MIN(length - at, (size_t)COPY_BLOCK_BYTES);

		if (memcmp(copy->buffer + at, zeros, block) == 0)
			continue;
		if (lseek(fd, offset + (off_t)at, SEEK_SET) < 0 ||
			!io_write_all(fd, copy->buffer + at, block))
			return diag_errno(errno, STATUS_TEMPFAIL, "%s", copy->target);
	}
	if (ftruncate(fd, offset + (off_t)length) != 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", copy->target);
	return STATUS_OK;
}

/* Up to COPY_PIECE_BYTES at OFFSET; fewer only at the end. */
static ssize_t copy_read(const struct copy *copy, int fd, off_t offset)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < COPY_PIECE_BYTES && n > 0) {
		n = pread(fd, copy->buffer + done, COPY_PIECE_BYTES - done,
			offset + (off_t)done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	return n < 0 ? -1 : (ssize_t)done;
}

/* The rest of LOG.  Of the last one the caller holds the gate. */
static enum status copy_log(const struct copy *copy, struct copy_log *log)
{
	g_autofree char *name = g_strdup_printf("log.%010u", log->number);
	int fd = copy_create(copy, name);
	enum status status = fd < 0 ? STATUS_CANTCREAT : STATUS_OK;
	off_t offset = 0;
	ssize_t n = 1;

	while (status == STATUS_OK && n > 0) {
		n = copy_read(copy, log->fd, offset);
		if (n < 0)
			status = diag_errno(
				errno, STATUS_IO, "%s/%s", copy->source, name);
		else
			status = copy_write(copy, fd, (size_t)n, offset);
		offset += n;
	}
	if (fd >= 0)
		close(fd);
	close(log->fd);
	log->fd = -1;
	log->copied = true;
	return status;
}

/* All log files but the last, which do not change any more. */
static enum status copy_finished_logs(const struct copy *copy)
{
	enum status status = STATUS_OK;

	for (guint i = 0; status == STATUS_OK && i + 1 < copy->logs->len; i++) {
		struct copy_log *log = &g_array_index(copy->logs, struct copy_log, i);

		if (!log->copied)
			status = copy_log(copy, log);
	}
	return status;
}

static enum status copy_pieces(struct copy *copy, const char *name, int in, int out)
{
	enum status status = STATUS_OK;
	off_t offset = 0;
	ssize_t n = COPY_PIECE_BYTES;

	while (status == STATUS_OK && n == COPY_PIECE_BYTES) {
		/* Off the disk first, so that the gate is held for the copying alone. */
		(void)copy_read(copy, in, offset);
		status = copy_enter(copy);
		if (status != STATUS_OK)
			break;
		n = copy_read(copy, in, offset);
		copy_leave(copy);
		if (n < 0)
			return diag_errno(errno, STATUS_IO, "%s/%s", copy->source, name);
		status = copy_write(copy, out, (size_t)n, offset);
		offset += n;
		if (status == STATUS_OK)
			status = copy_finished_logs(copy);
	}
	return status;
}

static enum status copy_database(struct copy *copy, const char *name)
{
	g_autofree char *path = g_build_filename(copy->source, name, NULL);
	int in = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out;
	enum status status;

	if (in < 0)
		return diag_errno(errno, STATUS_IO, "%s", path);
	out = copy_create(copy, name);
	status = out < 0 ? STATUS_CANTCREAT : copy_pieces(copy, name, in, out);
	if (out >= 0)
		close(out);
	close(in);
	return status;
}

static enum status copy_databases(struct copy *copy)
{
	g_autoptr(GDir) entries = g_dir_open(copy->source, 0, NULL);
	enum status status = STATUS_OK;
	const char *name;

	if (entries == NULL)
		return diag_errno(errno, STATUS_NOINPUT, "%s", copy->source);
	while (status == STATUS_OK && (name = g_dir_read_name(entries)) != NULL)
		if (g_str_has_suffix(name, ".db"))
			status = copy_database(copy, name);
	return status;
}

static enum status copy_last_log(struct copy *copy, bool *quiet_r)
{
	uint64_t files;
	enum status status = copy_finished_logs(copy);

	/* Few are left to come while the gate is held. */
	if (status == STATUS_OK)
		status = copy_enter(copy);
	if (status != STATUS_OK)
		return status;
	if (copy->logs->len > 0)
		status = copy_log(copy,
			&g_array_index(copy->logs, struct copy_log, copy->logs->len - 1));
	copy_look(copy, &files);
	*quiet_r = files == copy->files;
	copy_leave(copy);
	return status == STATUS_OK ? copy_finished_logs(copy) : status;
}

/* Notes the log files and how the databases look, before the first piece. */
static enum status copy_begin(struct copy *copy)
{
	enum status status = copy_recover(copy->home);
	int64_t age = 0;

	for (int i = 0; i < COPY_TRIES && status == STATUS_OK && age < COPY_TICK_MS;
		i++) {
		/* A write in the tick of the clock in which the last one was shows no other
		 * time. */
		g_usleep(COPY_TICK_MS * 1000);
		status = copy_enter(copy);
		if (status != STATUS_OK)
			break;
		age = copy_look(copy, &copy->files);
		copy_leave(copy);
	}
	return status;
}

enum status copy_exclude(const char *home, bool alone, int *fd_r)
{
	g_autofree char *path = g_build_filename(home, "db", NULL);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", path);
	if (flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
		close(fd);
		diag_error("%s: %s is running", home,
			alone ? "a backup, check or dump, or another expire" : "expire");
		return STATUS_TEMPFAIL;
	}
	*fd_r = fd;
	return STATUS_OK;
}

enum status copy_make(const char *home, const char *directory, bool *quiet_r)
{
	struct copy copy = {.home = home,
		.source = g_build_filename(home, "db", NULL),
		.target = g_build_filename(directory, "db", NULL),
		.logs = g_array_new(FALSE, FALSE, sizeof(struct copy_log)),
		.buffer = g_malloc(COPY_PIECE_BYTES)};
	int excluded = -1;
	/* Opened once, it is there. */
	enum status status = copy_recover(home);

	if (status == STATUS_OK)
		status = copy_exclude(home, false, &excluded);
	if (status == STATUS_OK && mkdir(copy.target, 0700) != 0)
		status = diag_errno(errno, STATUS_CANTCREAT, "%s", copy.target);
	if (status == STATUS_OK)
		status = copy_begin(&copy);
	if (status == STATUS_OK)
		status = copy_databases(&copy);
	if (status == STATUS_OK)
		status = copy_last_log(&copy, quiet_r);
	for (guint i = 0; i < copy.logs->len; i++)
		if (g_array_index(copy.logs, struct copy_log, i).fd >= 0)
			close(g_array_index(copy.logs, struct copy_log, i).fd);
	if (excluded >= 0)
		close(excluded);
	g_array_unref(copy.logs);
	g_free(copy.source);
	g_free(copy.target);
	g_free(copy.buffer);
	return status;
}

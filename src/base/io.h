/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing whole things, and time limits on calls that block. */
#ifndef MLDIGEST_BASE_IO_H
#define MLDIGEST_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#include "base/status.h"

/* read(2) that goes on after EINTR. */
ssize_t io_read(int fd, void *buffer, size_t capacity);

/* Writes all LENGTH bytes, or returns false with errno set. */
bool io_write_all(int fd, const void *bytes, size_t length);

/* Reads FD to its end and throws it away, so that a writer sees no SIGPIPE. */
void io_drain(int fd);

/* Reads the file PATH, at most LIMIT bytes.  STATUS_NOINPUT without a message when there
 * is no such file; any other failure, a longer file among them, has printed its line. */
enum status io_read_file(const char *path, size_t limit, GString **content_r);

/* Makes PATH hold the LENGTH bytes at BYTES, mode 0600, or leaves it as it was: a
 * temporary file beside it, fsync, rename, fsync of the directory.  With KEEP an existing
 * PATH stays. */
enum status io_replace_file(
	const char *path, const char *bytes, size_t length, bool keep);

/* The same, but STATUS_CANTCREAT, printed, where there is a PATH. */
enum status io_create_file(const char *path, const char *bytes, size_t length);
/* fsync on the file PATH: what is in it is on stable storage. */
enum status io_sync_file(const char *path);

/* fsync on the directory PATH: its entries are on stable storage. */
enum status io_sync_directory(const char *path);

/* Until io_deadline_clear(), calls that block return EINTR from SECONDS on, again and
 * again, so that none is missed in the moment between the check and the call.  One at a
 * time. */
void io_deadline_set(unsigned seconds);
bool io_deadline_passed(void);
void io_deadline_clear(void);

/* Monotonic milliseconds. */
int64_t io_milliseconds(void);

#endif

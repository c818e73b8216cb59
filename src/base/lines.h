/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a file of any size in bounded memory. */
#ifndef MLDIGEST_BASE_LINES_H
#define MLDIGEST_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

enum { LINES_BUFFER_BYTES = 256 * 1024 };

struct lines {
	int fd;
	char *buffer;
	size_t start, end; /* of what is in the buffer and not taken */
	uint64_t offset;   /* of start in the file */
	bool at_line;      /* start is the start of a line */
	bool at_eof;
};

/* Reads from FD, which stays the caller's. */
void lines_init(struct lines *lines, int fd);
void lines_release(struct lines *lines);

/* The next line with its LF, valid until the next call.  A line that is longer than the
 * buffer comes in pieces; *BEGINS_R is false for all but the first.  Length 0 is the end;
 * -1 is an error with errno set, EINTR for a signal that has a handler. */
ssize_t lines_next(struct lines *lines, const char **line_r, bool *begins_r);

/* As many whole lines as are at hand, as lines_next() has one; at the end without an LF, too, and a
 * piece of a line that is longer than the buffer alone. */
ssize_t lines_next_some(struct lines *lines, const char **lines_r, bool *begins_r);

/* Gives the last LENGTH bytes of what lines_next_some() gave back, which begin with a line. */
void lines_give_back(struct lines *lines, size_t length);

/* Exactly LENGTH bytes (at most the buffer's size) or fewer at the end; as lines_next()
 * else. */
ssize_t lines_take(struct lines *lines, size_t length, const char **bytes_r);

#endif

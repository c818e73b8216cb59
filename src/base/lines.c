/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/lines.h"

#include <string.h>
#include <unistd.h>

#include <glib.h>

void lines_init(struct lines *lines, int fd)
{
	*lines = (struct lines){
		.fd = fd, .buffer = g_malloc(LINES_BUFFER_BYTES), .at_line = true};
}

void lines_release(struct lines *lines)
{
	g_clear_pointer(&lines->buffer, g_free);
}

/* More bytes behind what is there; false on an error. */
static bool lines_fill(struct lines *lines)
{
	ssize_t n;

	if (lines->start > 0) {
		memmove(lines->buffer, lines->buffer + lines->start,
			lines->end - lines->start);
		lines->end -= lines->start;
		lines->start = 0;
	}
	/* Not io_read(): who waits for input wants to hear of a signal. */
	n = read(lines->fd, lines->buffer + lines->end, LINES_BUFFER_BYTES - lines->end);
	if (n < 0)
		return false;
	lines->at_eof = n == 0;
	lines->end += (size_t)n;
	return true;
}

static ssize_t lines_give(struct lines *lines, size_t length, const char **bytes_r)
{
	*bytes_r = lines->buffer + lines->start;
	lines->start += length;
	lines->offset += length;
	return (ssize_t)length;
}

ssize_t lines_next(struct lines *lines, const char **line_r, bool *begins_r)
{
	size_t searched = 0;

	for (;;) {
		const char *from = lines->buffer + lines->start;
		size_t have = lines->end - lines->start;
		const char *lf = memchr(from + searched, '\n', have - searched);

		if (lf != NULL || lines->at_eof || have == LINES_BUFFER_BYTES) {
			*begins_r = lines->at_line;
			lines->at_line = lf != NULL;
			return lines_give(
				lines, lf ? (size_t)(lf + 1 - from) : have, line_r);
		}
		searched = have;
		if (!lines_fill(lines))
			return -1;
	}
}

ssize_t lines_next_some(struct lines *lines, const char **lines_r, bool *begins_r)
{
	const char *from = lines->buffer + lines->start;
	const char *lf = memrchr(from, '\n', lines->end - lines->start);

	/* What is not whole, or not there, is read on. */
	if (lf == NULL)
		return lines_next(lines, lines_r, begins_r);
	*begins_r = lines->at_line;
	lines->at_line = true;
	return lines_give(lines, (size_t)(lf + 1 - from), lines_r);
}

void lines_give_back(struct lines *lines, size_t length)
{
	lines->start -= length;
	lines->offset -= length;
	lines->at_line = true;
}

ssize_t lines_take(struct lines *lines, size_t length, const char **bytes_r)
{
	while (lines->end - lines->start < length && !lines->at_eof)
		if (!lines_fill(lines))
			return -1;
	lines->at_line = true;
	return lines_give(lines, MIN(length, lines->end - lines->start), bytes_r);
}

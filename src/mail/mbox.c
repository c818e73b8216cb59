/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mbox and mboxrd files. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/lines.h"
#include "base/text.h"
#include "mail/date.h"
#include "mail/message.h"
#include "mail/source.h"

struct mbox {
	struct source source;
	int fd;
	struct lines lines;
	uint64_t size;
	char *separator; /* the `From ` line that was read and begins the next message */
};

/* Whether LINE separates: `From `, something, and at the end a time and a year.  Prose
 * that begins with the word does not look like that. */
static bool mbox_is_separator(const char *line, size_t length)
{
	const char *colon;

	if (length < 20 || length > 1000 || memcmp(line, "From ", 5) != 0)
		return false;
	colon = memchr(line + 5, ':', length - 5);
	return colon != NULL && colon - line + 6 < (ssize_t)length &&
	       g_ascii_isdigit(colon[-1]) && g_ascii_isdigit(colon[1]) &&
	       g_ascii_isdigit(colon[2]);
}

/* asctime(3)'s date behind the address, or 0.  public-inbox writes the epoch's start for
 * none. */
static int64_t mbox_separator_time(const char *line)
{
	const char *at = strchr(line + 5, ' ');
	struct date date = {0};
	char month[4];
	int64_t time;

	while (at != NULL && *at == ' ')
		at++;
	if (at == NULL ||
		sscanf(at, "%*3s %3s %2u %2u:%2u:%2u %4u", month, &date.day, &date.hour,
			&date.minute, &date.second, &date.year) != 6)
		return 0;
	date.month = date_month(month);
	return date_to_time(&date, &time) ? time : 0;
}

/* A signal that ends the program is no error of the file's; who sent it is told elsewhere. */
static enum status mbox_error(const struct mbox *mbox)
{
	if (errno == EINTR)
		return STATUS_TEMPFAIL;
	return diag_errno(errno, STATUS_IO, "%s", mbox->source.path);
}

/* An empty line, with CRLF where the file has that. */
static bool mbox_is_blank(const char *line, size_t length)
{
	return (length == 1 && *line == '\n') ||
	       (length == 2 && memcmp(line, "\r\n", 2) == 0);
}

/* Lines of the file, and what of them comes before the place that is looked at. */
struct mbox_block {
	const char *start, *end;
	bool begins; /* start begins a line */
};

static bool mbox_at_line(const struct mbox_block *block, const char *at)
{
	return at == block->start ? block->begins : at[-1] == '\n';
}

/* The length of the empty line in front of AT, which begins a line; 0 for none. */
static size_t mbox_blank_before(const struct mbox_block *block, const char *at)
{
	for (size_t length = 1; length <= 2; length++)
		if ((size_t)(at - block->start) >= length &&
			mbox_is_blank(at - length, length) &&
			mbox_at_line(block, at - length))
			return length;
	return 0;
}

/* The length of the line that begins at AT, with its LF. */
static size_t mbox_line_length(const struct mbox_block *block, const char *at)
{
	const char *lf = memchr(at, '\n', (size_t)(block->end - at));

	return (size_t)((lf ? lf + 1 : block->end) - at);
}

/* The next line of BLOCK from AT on that begins with `From `, `>`s in front of it or not; NULL for
 * none.  Few lines have an F, so it is looked for, not the lines. */
static const char *mbox_find_from(const struct mbox_block *block, const char *at)
{
	const char *f = at;

	while ((f = memchr(f, 'F', (size_t)(block->end - f))) != NULL) {
		const char *line = f;

		if (block->end - f >= 5 && memcmp(f, "From ", 5) == 0) {
			while (line > at && line[-1] == '>')
				line--;
			if (mbox_at_line(block, line))
				return line;
		}
		f++;
	}
	return NULL;
}

/* RAW begins with the first byte that it is given. */
static void mbox_append(struct raw *raw, const char *bytes, size_t length)
{
	if (length > 0)
		raw_append(raw, bytes, length);
}

/* Adds BLOCK up to a separator behind an empty line, *BLANK bytes of which may have been the end of
 * the block before.  The separator, or NULL where none is in it; then *BLANK is that of its end. */
static const char *mbox_take_block(
	const struct mbox_block *block, size_t *blank, struct raw *raw)
{
	const char *from = block->start, *line = from;
	size_t n = mbox_line_length(block, line), before = *blank;

	*blank = 0;
	if (before > 0 && block->begins && mbox_is_separator(line, n))
		return line;
	/* The blank line before a separator is the format's, not the message's. */
	if (before > 0)
		raw_append(raw, before == 2 ? "\r\n" : "\n", before);
	for (; (line = mbox_find_from(block, line)) != NULL; line += n) {
		n = mbox_line_length(block, line);
		before = mbox_blank_before(block, line);
		if (before > 0 && mbox_is_separator(line, n)) {
			mbox_append(raw, from, (size_t)(line - from) - before);
			return line;
		}
		if (*line == '>') {
			mbox_append(raw, from, (size_t)(line - from));
			from = line + 1;
		}
	}
	if (block->end[-1] == '\n')
		*blank = mbox_blank_before(block, block->end);
	mbox_append(raw, from, (size_t)(block->end - from) - *blank);
	return NULL;
}

/* The message behind the separator that was read, up to the next one. */
static enum status mbox_read_message(struct mbox *mbox, struct raw *raw)
{
	size_t blank = 0; /* the length of an empty line that was read and not added */
	struct mbox_block block;
	const char *separator;
	ssize_t length;

	while ((length = lines_next_some(&mbox->lines, &block.start, &block.begins)) >
		0) {
		block.end = block.start + length;
		separator = mbox_take_block(&block, &blank, raw);
		if (separator == NULL)
			continue;
		length = (ssize_t)mbox_line_length(&block, separator);
		mbox->separator = g_strndup(separator, (size_t)length);
		lines_give_back(&mbox->lines, (size_t)(block.end - separator - length));
		return STATUS_OK;
	}
	return length < 0 ? mbox_error(mbox) : STATUS_OK;
}

size_t source_mbox_length(const char *bytes, size_t length)
{
	size_t cursor = 0, line_length;
	bool first = true, blank = false;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		bool separates = mbox_is_separator(line, line_length);

		if (first && !separates)
			return length;
		if (blank && separates)
			return (size_t)(line - bytes);
		blank = line_length == 0 || (line_length == 1 && *line == '\r');
		first = false;
	}
	return length;
}

static enum status mbox_next(struct source *source, struct source_item *item_r)
{
	struct mbox *mbox = (struct mbox *)source;
	struct source_item item = {0};
	enum status status;

	if (mbox->separator == NULL)
		return STATUS_NOINPUT;
	item.arrival = mbox_separator_time(mbox->separator);
	g_clear_pointer(&mbox->separator, g_free);
	raw_init(&item.raw);
	status = mbox_read_message(mbox, &item.raw);
	if (status == STATUS_OK)
		*item_r = item;
	else
		raw_release(&item.raw);
	return status;
}

static void mbox_progress(const struct source *source, struct source_progress *progress_r)
{
	const struct mbox *mbox = (const struct mbox *)source;

	*progress_r = (struct source_progress){mbox->lines.offset, mbox->size};
}

static void mbox_free(struct source *source)
{
	struct mbox *mbox = (struct mbox *)source;

	if (mbox->fd > STDIN_FILENO)
		close(mbox->fd);
	lines_release(&mbox->lines);
	g_free(mbox->separator);
	g_free(mbox->source.path);
	g_free(mbox);
}

/* Blank lines, then a separator; an empty file holds no message. */
static enum status mbox_begin(struct mbox *mbox)
{
	const char *line;
	ssize_t length;
	bool begins;

	do
		length = lines_next(&mbox->lines, &line, &begins);
	while (length > 0 && mbox_is_blank(line, (size_t)length));
	if (length < 0)
		return mbox_error(mbox);
	if (length == 0)
		return STATUS_OK;
	if (!mbox_is_separator(line, (size_t)length)) {
		diag_error("%s: not an mbox: it does not begin with a `From ' line",
			mbox->source.path);
		return STATUS_DATA;
	}
	mbox->separator = g_strndup(line, (size_t)length);
	return STATUS_OK;
}

enum status source_open_mbox(const char *path, struct source **source_r)
{
	static const struct source_ops ops = {mbox_next, mbox_progress, mbox_free};
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct mbox *mbox;
	struct stat st;
	enum status status;

	if (fd < 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", path);
	mbox = g_new0(struct mbox, 1);
	mbox->source.ops = &ops;
	mbox->source.path = g_strdup(standard ? "standard input" : path);
	mbox->fd = fd;
	mbox->size = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size
								: 0;
	lines_init(&mbox->lines, fd);
	status = mbox_begin(mbox);
	if (status == STATUS_OK)
		*source_r = &mbox->source;
	else
		mbox_free(&mbox->source);
	return status;
}

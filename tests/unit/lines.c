/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tap.h"

/* A file that is gone when its descriptor is, with LENGTH bytes to read. */
static int file_with(const char *bytes, size_t length)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("mldigest-lines-XXXXXX", &path, NULL);

	if (fd < 0 || unlink(path) != 0 || write(fd, bytes, length) != (ssize_t)length ||
		lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* All of FD, with '|' behind every line and '~' behind a piece that another one follows;
 * a NUL shows as '0'. */
static char *read_all(int fd)
{
	GString *out = g_string_new(NULL);
	struct lines lines;
	const char *line;
	bool begins;
	ssize_t n;

	lines_init(&lines, fd);
	while ((n = lines_next(&lines, &line, &begins)) > 0) {
		if (!begins)
			g_string_append_c(out, '~');
		for (ssize_t i = 0; i < n; i++)
			g_string_append_c(out, line[i] == '\n' ? '|'
					       : line[i]       ? line[i]
							       : '0');
	}
	lines_release(&lines);
	return g_string_free(out, FALSE);
}

static const struct lines_row {
	const char *rule;
	const char *bytes;
	size_t length;
	const char *expected;
} lines_rows[] = {
	{"an empty file has no lines", TAP_BYTES(""), ""},
	{"lines come with their LF", TAP_BYTES("one\ntwo\n"), "one|two|"},
	{"the last line may lack its LF", TAP_BYTES("one\ntwo"), "one|two"},
	{"empty lines are lines", TAP_BYTES("\n\none\n\n"), "||one||"},
	{"a NUL is a byte like others", TAP_BYTES("a\0b\n\0\n\0"), "a0b|0|0"},
	{"CR stays", TAP_BYTES("one\r\n"), "one\r|"},
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lines_rows); i++) {
		const struct lines_row *row = &lines_rows[i];
		int fd = file_with(row->bytes, row->length);
		g_autofree char *got = read_all(fd);

		tap_string(row->rule, got, row->expected);
		close(fd);
	}
}

static void *feed(void *data)
{
	static const char bytes[] = "one\nt\0o\n\nthree";
	int fd = *(int *)data;

	for (size_t i = 0; i < sizeof bytes - 1; i++)
		if (write(fd, bytes + i, 1) != 1)
			abort();
	close(fd);
	return NULL;
}

/* What comes byte by byte is no other text. */
static void test_pipe(void)
{
	g_autofree char *got = NULL;
	GThread *thread;
	int fds[2];

	if (pipe(fds) != 0)
		abort();
	thread = g_thread_new("feed", feed, &fds[1]);
	got = read_all(fds[0]);
	g_thread_join(thread);
	close(fds[0]);
	tap_string("a pipe that gives a byte at a time", got, "one|t0o||three");
}

/* What lines_next() has to give of one line of LENGTH bytes with its LF, and `end\n`. */
static const struct long_row {
	const char *rule;
	size_t length;
	unsigned pieces; /* of the long line */
} long_rows[] = {
	{"long: a line that just fits the buffer", LINES_BUFFER_BYTES, 1},
	{"long: its LF does not fit", LINES_BUFFER_BYTES + 1, 2},
	{"long: two buffers", 2 * LINES_BUFFER_BYTES, 2},
	{"long: two buffers and its LF", 2 * LINES_BUFFER_BYTES + 1, 3},
	{"long: some buffers", 5 * LINES_BUFFER_BYTES + 17, 6},
};

static bool long_line_is_whole(struct lines *lines, const struct long_row *row)
{
	unsigned pieces = 0;
	size_t length = 0;
	const char *line;
	bool begins, last = false, right = true;

	while (!last) {
		ssize_t n = lines_next(lines, &line, &begins);

		if (n <= 0)
			return false;
		right = right && begins == (pieces == 0) && line[0] != 'e';
		pieces++;
		length += (size_t)n;
		last = line[n - 1] == '\n';
	}
	return right && pieces == row->pieces && length == row->length &&
	       lines->offset == row->length;
}

static void test_long(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(long_rows); i++) {
		const struct long_row *row = &long_rows[i];
		g_autoptr(GString) bytes = g_string_new(NULL);
		struct lines lines;
		const char *line;
		bool begins = false;
		int fd;

		g_string_set_size(bytes, row->length);
		memset(bytes->str, 'x', row->length);
		bytes->str[row->length - 1] = '\n';
		g_string_append(bytes, "end\n");
		fd = file_with(bytes->str, bytes->len);
		lines_init(&lines, fd);
		tap_true(row->rule, long_line_is_whole(&lines, row) &&
					    lines_next(&lines, &line, &begins) == 4 &&
					    begins && memcmp(line, "end\n", 4) == 0);
		lines_release(&lines);
		close(fd);
	}
}

/* Lines lie across the buffer's end at every place once. */
static void test_many(void)
{
	enum { MANY = 60000 };
	g_autoptr(GString) bytes = g_string_new(NULL);
	g_autoptr(GString) got = g_string_new(NULL);
	struct lines lines;
	const char *line;
	unsigned count = 0;
	bool begins, all = true;
	ssize_t n;
	int fd;

	for (unsigned i = 0; i < MANY; i++)
		g_string_append_printf(bytes, "line %u\n", i * 7919);
	fd = file_with(bytes->str, bytes->len);
	lines_init(&lines, fd);
	while ((n = lines_next(&lines, &line, &begins)) > 0) {
		count++;
		all = all && begins && line[n - 1] == '\n';
		g_string_append_len(got, line, n);
	}
	lines_release(&lines);
	close(fd);
	tap_number("many lines: none broken, none joined", all ? count : 0, MANY);
	tap_true("many lines: every byte", g_string_equal(got, bytes));
}

/* As `git cat-file --batch` has it: a line, so many bytes, a line. */
static void test_take(void)
{
	static const char text[] = "blob 7\nab\ncd\n\nblob 2\nx";
	int fd = file_with(text, sizeof text - 1);
	struct lines lines;
	const char *bytes;
	bool begins = false;

	lines_init(&lines, fd);
	tap_true("take: the line before", lines_next(&lines, &bytes, &begins) == 7);
	tap_true("take: so many bytes, line ends or not",
		lines_take(&lines, 6, &bytes) == 6 && memcmp(bytes, "ab\ncd\n", 6) == 0);
	tap_number("take: where it is in the file", (int64_t)lines.offset, 13);
	tap_true("take: none", lines_take(&lines, 0, &bytes) == 0);
	tap_true("take: the line behind",
		lines_next(&lines, &bytes, &begins) == 1 && *bytes == '\n' && begins);
	tap_true(
		"take: and the next", lines_next(&lines, &bytes, &begins) == 7 && begins);
	tap_true("take: fewer at the end",
		lines_take(&lines, 2, &bytes) == 1 && *bytes == 'x');
	tap_number("take: none at the end", lines_take(&lines, 2, &bytes), 0);
	tap_number("take: nor a line", lines_next(&lines, &bytes, &begins), 0);
	lines_release(&lines);
	close(fd);
}

static void test_take_all(void)
{
	g_autoptr(GString) text = g_string_new("head\n");
	struct lines lines;
	const char *bytes;
	bool begins;
	int fd;

	for (unsigned i = 0; text->len < 5 + LINES_BUFFER_BYTES; i++)
		g_string_append_c(text, (char)('a' + i % 25));
	g_string_append(text, "tail\n");
	fd = file_with(text->str, text->len);
	lines_init(&lines, fd);
	tap_true("take: as much as the buffer holds",
		lines_next(&lines, &bytes, &begins) == 5 &&
			lines_take(&lines, LINES_BUFFER_BYTES, &bytes) ==
				LINES_BUFFER_BYTES &&
			memcmp(bytes, text->str + 5, LINES_BUFFER_BYTES) == 0 &&
			lines_next(&lines, &bytes, &begins) == 5 &&
			memcmp(bytes, "tail\n", 5) == 0);
	lines_release(&lines);
	close(fd);
}

static void test_some(void)
{
	static const char text[] = "a\nb\nc";
	int fd = file_with(text, sizeof text - 1);
	struct lines lines;
	const char *bytes;
	bool begins = false;

	lines_init(&lines, fd);
	tap_true("some: nothing is at hand: a line",
		lines_next_some(&lines, &bytes, &begins) == 2 && begins);
	tap_true("some: whole lines",
		lines_next_some(&lines, &bytes, &begins) == 2 && *bytes == 'b');
	lines_give_back(&lines, 2);
	tap_number("some: given back", (int64_t)lines.offset, 2);
	tap_true("some: the same again",
		lines_next_some(&lines, &bytes, &begins) == 2 && *bytes == 'b' && begins);
	tap_true("some: the last one, without its LF",
		lines_next_some(&lines, &bytes, &begins) == 1 && *bytes == 'c' && begins);
	tap_number("some: none at the end", lines_next_some(&lines, &bytes, &begins), 0);
	lines_release(&lines);
	close(fd);
}

static void test_error(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY);
	struct lines lines;
	const char *line;
	bool begins;

	lines_init(&lines, fd);
	errno = 0;
	tap_true("error: a directory has no lines",
		lines_next(&lines, &line, &begins) == -1 && errno == EISDIR);
	tap_true("error: nor bytes", lines_take(&lines, 1, &line) == -1);
	lines_release(&lines);
	close(fd);
}

int main(void)
{
	tap_deadline(60);
	test_rows();
	test_pipe();
	test_long();
	test_many();
	test_take();
	test_take_all();
	test_some();
	test_error();
	return tap_end();
}

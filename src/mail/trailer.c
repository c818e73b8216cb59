/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/trailer.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/trailer_line.h"

static void trailer_free(void *data)
{
	struct trailer *trailer = data;

	g_free(trailer->key);
	g_free(trailer->value);
	g_free(trailer);
}

GPtrArray *trailer_new_array(void)
{
	return g_ptr_array_new_with_free_func(trailer_free);
}

void trailer_add(GPtrArray *trailers, const char *key, const char *value)
{
	struct trailer *trailer = g_new0(struct trailer, 1);

	trailer->key = g_strdup(key);
	trailer->value = g_strdup(value);
	g_ptr_array_add(trailers, trailer);
}

enum trailer_last {
	LAST_OTHER,   /* what continues it is no trailer either */
	LAST_TRAILER, /* what continues it is its value's */
	LAST_PICKED,  /* what continues it is of no matter */
};

/* A paragraph being read. */
struct trailer_reader {
	GPtrArray *found;
	struct trailer_line first; /* the first line of the trailer being read */
	GString *value;            /* its value so far */
	unsigned wrapped;          /* how many lines of it were joined */
	enum trailer_last last;
	size_t trailers, others;
	bool generated; /* some line is git's own */
};

static void trailer_close(struct trailer_reader *reader)
{
	if (reader->last == LAST_TRAILER && reader->found->len < LIMIT_TRAILERS) {
		size_t colon = MIN(trailer_colon(reader->first), LIMIT_FIELD_BYTES);
		g_autofree char *key = g_strchomp(g_strndup(reader->first.text, colon));

		trailer_add(reader->found, key, g_strchomp(reader->value->str));
	}
	reader->last = LAST_OTHER;
	reader->wrapped = 0;
	g_string_truncate(reader->value, 0);
}

static void trailer_read_line(struct trailer_reader *reader, struct trailer_line line)
{
	enum { WRAPPED_MAX = 3 };
	size_t colon = trailer_colon(line);

	if (*line.text == '#') {
		/* git's comment character. */
		trailer_close(reader);
	} else if (g_ascii_isspace(*line.text)) {
		reader->others += reader->last == LAST_OTHER;
		if (reader->last == LAST_TRAILER)
			trailer_append(reader->value, trailer_strip(line));
	} else if (reader->last == LAST_TRAILER && reader->wrapped < WRAPPED_MAX &&
		   trailer_is_wrapped(line, reader->first, reader->value)) {
		reader->wrapped++;
		trailer_append(reader->value, trailer_strip(line));
	} else {
		trailer_close(reader);
		if (trailer_begins(line, "(cherry picked from commit ")) {
			reader->last = LAST_PICKED;
			reader->generated = true;
		} else if (colon > 0) {
			reader->last = LAST_TRAILER;
			reader->first = line;
			trailer_append(reader->value, trailer_rest(line, colon));
			reader->generated |= trailer_begins(line, "signed-off-by: ");
		}
		reader->trailers += reader->last != LAST_OTHER;
		reader->others += reader->last == LAST_OTHER;
	}
}

/* Where git-interpret-trailers(1) takes the message to end: before `---`. */
static size_t trailer_divider(const char *text, size_t length)
{
	size_t cursor = 0;
	struct trailer_line line;

	while (text_next_line(text, length, &cursor, &line.text, &line.length))
		if (trailer_begins(line, "---") &&
			(line.length == 3 || g_ascii_isspace(line.text[3])))
			return (size_t)(line.text - text);
	return length;
}

/* LENGTH without the comments, blank lines and list of conflicts at the end of TEXT, which git
 * leaves out. */
static size_t trailer_without_comments(const char *text, size_t length)
{
	size_t cursor = 0, end = 0;
	bool conflicts = false;
	struct trailer_line line;

	while (text_next_line(text, length, &cursor, &line.text, &line.length)) {
		if (trailer_begins(line,
			    "# ------------------------ >8 ------------------------"))
			break;
		if (line.length == 0 || *line.text == '#' ||
			(conflicts && *line.text == '\t'))
			continue;
		if (line.length == 10 && memcmp(line.text, "Conflicts:", 10) == 0) {
			conflicts = true;
			continue;
		}
		conflicts = false;
		end = cursor;
	}
	return end;
}

/* Where the last paragraph of TEXT begins. */
static size_t trailer_paragraph(const char *text, size_t length)
{
	bool blank = true;

	while (length > 0) {
		size_t end = text[length - 1] == '\n' ? length - 1 : length, start = end;

		while (start > 0 && text[start - 1] != '\n')
			start--;
		if (!trailer_is_blank((struct trailer_line){text + start, end - start}))
			blank = false;
		else if (!blank)
			return length;
		length = start;
	}
	return 0;
}

/* Adds the trailers of the last paragraph of TEXT to READER; false where it is none of trailers
 * (git-interpret-trailers(1): all lines are, or at least a quarter and one of git's own). */
static bool trailer_read_paragraph(
	const char *text, size_t length, struct trailer_reader *reader)
{
	size_t cursor;
	struct trailer_line line;

	length = trailer_without_comments(text, trailer_divider(text, length));
	cursor = trailer_paragraph(text, length);
	while (text_next_line(text, length, &cursor, &line.text, &line.length))
		if (!trailer_is_blank(line))
			trailer_read_line(reader, line);
	trailer_close(reader);
	if (reader->generated && reader->trailers * 3 >= reader->others)
		return true;
	return reader->trailers > 0 && reader->others == 0;
}

void trailer_parse_message(const char *text, size_t length, GPtrArray *trailers)
{
	struct trailer_reader reader = {
		.found = trailer_new_array(), .value = g_string_new(NULL)};

	if (trailer_read_paragraph(text, length, &reader))
		while (reader.found->len > 0 && trailers->len < LIMIT_TRAILERS)
			g_ptr_array_add(
				trailers, g_ptr_array_steal_index(reader.found, 0));
	g_string_free(reader.value, TRUE);
	g_ptr_array_unref(reader.found);
}

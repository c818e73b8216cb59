/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/quote.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"

bool quote_is_quoted(const char *line, size_t length)
{
	size_t i = 0;

	while (i < length && (line[i] == ' ' || line[i] == '\t'))
		i++;
	return i < length && line[i] == '>';
}

/* RFC 3676 4.3, its blank cut or not. */
static bool quote_is_signature(const char *line, size_t length)
{
	return (length == 2 || length == 3) && memcmp(line, "-- ", length) == 0;
}

/* Whether the first line with anything on it from CURSOR on is quoted. */
static bool quote_follows(const char *text, size_t length, size_t cursor)
{
	const char *next;
	size_t next_length;

	while (text_next_line(text, length, &cursor, &next, &next_length))
		if (next_length > 0)
			return quote_is_quoted(next, next_length);
	return false;
}

/* "On Monday, A U Thor wrote:" and its translations end in a colon in front of what they
 * introduce, perhaps on a line of their own.  The English one may have been wrapped. */
static bool quote_is_introduced(const char *line, size_t length, const char *text,
	size_t text_length, size_t cursor)
{
	const char *next;
	size_t next_length;

	if (line[length - 1] == ':')
		return quote_follows(text, text_length, cursor);
	return length > 3 && memcmp(line, "On ", 3) == 0 &&
	       text_next_line(text, text_length, &cursor, &next, &next_length) &&
	       next_length > 0 && next[next_length - 1] == ':' &&
	       quote_follows(text, text_length, cursor);
}

bool quote_next_own_line(const char *text, size_t length, size_t *cursor,
	const char **line_r, size_t *length_r)
{
	const char *line;
	size_t line_length;

	while (text_next_line(text, length, cursor, &line, &line_length)) {
		if (quote_is_signature(line, line_length)) {
			*cursor = length;
			return false;
		}
		if (quote_is_quoted(line, line_length))
			continue;
		while (line_length > 0 && g_ascii_isspace(*line)) {
			line++;
			line_length--;
		}
		while (line_length > 0 && g_ascii_isspace(line[line_length - 1]))
			line_length--;
		if (line_length == 0 ||
			quote_is_introduced(line, line_length, text, length, *cursor))
			continue;
		*line_r = line;
		*length_r = line_length;
		return true;
	}
	return false;
}

bool quote_has_quotes(const char *text, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length))
		if (quote_is_quoted(line, line_length))
			return true;
	return false;
}

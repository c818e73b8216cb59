/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/quote.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"

enum {
	QUOTE_FIELD_BYTES = 24, /* of a field's name, in any language, with its colon */
	QUOTE_HEAD_LINES = 20,
};

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

/* A field's line, or `*Field:* value` where bold words were. */
static bool quote_is_field(const char *line, size_t length, const char *const *names)
{
	if (length > 0 && *line == '*') {
		line++;
		length--;
	}
	if (names == NULL)
		return memchr(line, ':', MIN(length, QUOTE_FIELD_BYTES)) != NULL;
	for (; *names != NULL; names++)
		if (length > strlen(*names) && memcmp(line, *names, strlen(*names)) == 0)
			return true;
	return false;
}

/* `-----Original Message-----` in any language; what was forwarded is not what was answered. */
static bool quote_is_rule(const char *line, size_t length)
{
	static const char *const forwarded[] = {
		"orward", "geleitet", "ransf", "转发", "轉寄", "PGP", NULL};
	size_t dashes = 0;

	while (dashes < length && line[dashes] == '-')
		dashes++;
	if (dashes < 4 || dashes == length || memcmp(line + length - 4, "----", 4) != 0)
		return false;
	for (const char *const *word = forwarded; *word != NULL; word++)
		if (memmem(line, length, *word, strlen(*word)) != NULL)
			return false;
	return true;
}

/* Whether the head of a mail goes on at CURSOR to a text that has no marks of a quote. */
static bool quote_is_unmarked(const char *text, size_t length, size_t cursor)
{
	const char *line;
	size_t line_length;

	for (unsigned lines = 0; lines < QUOTE_HEAD_LINES; lines++) {
		if (!text_next_line(text, length, &cursor, &line, &line_length))
			return true;
		if (line_length == 0)
			return !quote_follows(text, length, cursor);
	}
	return true;
}

/* Whether LINE, behind which CURSOR is, begins the mail that is answered, whole and without marks,
 * as Outlook puts it below: a rule and a field, or `From:` and `Sent:`. */
static bool quote_begins_original(const char *line, size_t length, const char *text,
	size_t text_length, size_t cursor)
{
	static const char *const sent[] = {"Sent:", "Gesendet:", "Envoyé", "Enviado",
		"Inviato:", "Verzonden:", "Skickat:", "Sendt:", "Wysłano:", "Odesláno:",
		"Lähetetty:", "发送时间", "寄件日期", "送信日時", "보낸 날짜",
		"Отправлено:", NULL};
	const char *next;
	size_t next_length;
	bool rule = quote_is_rule(line, length);

	return (rule || quote_is_field(line, length, NULL)) &&
	       text_next_line(text, text_length, &cursor, &next, &next_length) &&
	       quote_is_field(next, next_length, rule ? NULL : sent) &&
	       quote_is_unmarked(text, text_length, cursor);
}

size_t quote_find_original(const char *text, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length))
		if (quote_begins_original(line, line_length, text, length, cursor))
			return (size_t)(line - text);
	return length;
}

bool quote_next_own_line(const char *text, size_t length, size_t *cursor,
	const char **line_r, size_t *length_r)
{
	const char *line;
	size_t line_length;

	while (text_next_line(text, length, cursor, &line, &line_length)) {
		if (quote_is_signature(line, line_length) ||
			quote_begins_original(line, line_length, text, length, *cursor)) {
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

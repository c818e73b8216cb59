/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/trailer_line.h"

#include <string.h>

#include "base/limits.h"

bool trailer_begins(struct trailer_line line, const char *prefix)
{
	size_t n = strlen(prefix);

	/* Most lines differ in the first letter, and there are many lines. */
	return line.length >= n &&
	       g_ascii_tolower(*line.text) == g_ascii_tolower(*prefix) &&
	       g_ascii_strncasecmp(line.text, prefix, n) == 0;
}

bool trailer_is_blank(struct trailer_line line)
{
	for (size_t i = 0; i < line.length; i++)
		if (!g_ascii_isspace(line.text[i]))
			return false;
	return true;
}

struct trailer_line trailer_strip(struct trailer_line line)
{
	while (line.length > 0 && g_ascii_isspace(line.text[line.length - 1]))
		line.length--;
	while (line.length > 0 && g_ascii_isspace(*line.text)) {
		line.text++;
		line.length--;
	}
	return line;
}

size_t trailer_colon(struct trailer_line line)
{
	bool blank = false;

	for (size_t i = 0; i < line.length; i++) {
		char c = line.text[i];

		if (c == ':')
			return i;
		if (i > 0 && (c == ' ' || c == '\t'))
			blank = true;
		else if (blank || (!g_ascii_isalnum(c) && c != '-'))
			return 0;
	}
	return 0;
}

struct trailer_line trailer_rest(struct trailer_line line, size_t colon)
{
	return trailer_strip(
		(struct trailer_line){line.text + colon + 1, line.length - colon - 1});
}

/* The token at *CURSOR of LINE, up to a blank, angle bracket, quote, parenthesis or comma. */
static struct trailer_line trailer_token(struct trailer_line line, size_t *cursor)
{
	static const char between[] = " \t<>()\",;";
	size_t start;

	while (*cursor < line.length && strchr(between, line.text[*cursor]) != NULL)
		++*cursor;
	start = *cursor;
	while (*cursor < line.length && strchr(between, line.text[*cursor]) == NULL)
		++*cursor;
	return (struct trailer_line){line.text + start, *cursor - start};
}

bool trailer_has_mailbox(struct trailer_line line)
{
	size_t cursor = 0;

	while (cursor < line.length) {
		struct trailer_line token = trailer_token(line, &cursor);
		const char *at = memchr(token.text, '@', token.length);
		const char *end = token.text + token.length;

		if (at == NULL || at == token.text || at + 1 == end)
			continue;
		if (g_ascii_isalnum(at[1]) &&
			memchr(token.text, '/', token.length) == NULL)
			return true;
	}
	return false;
}

static bool trailer_is_link(struct trailer_line line)
{
	return (trailer_begins(line, "https://") || trailer_begins(line, "http://")) &&
	       memchr(line.text, ' ', line.length) == NULL;
}

/* `<addr-spec>`, before it perhaps the rest of a name, but no mark of a quotation. */
static bool trailer_is_end_of_mailbox(struct trailer_line line)
{
	const char *open = memchr(line.text, '<', line.length);

	if (open == NULL || line.text[line.length - 1] != '>' ||
		!trailer_has_mailbox(line))
		return false;
	for (const char *c = line.text; c < open; c++)
		if (strchr(":>|%", *c) != NULL)
			return false;
	return true;
}

bool trailer_ends_in_by(struct trailer_line line, size_t colon)
{
	struct trailer_line key = trailer_strip((struct trailer_line){line.text, colon});

	return key.length > 3 &&
	       g_ascii_strncasecmp(key.text + key.length - 3, "-by", 3) == 0;
}

bool trailer_is_wrapped(
	struct trailer_line line, struct trailer_line first, const GString *value)
{
	size_t colon = trailer_colon(first);
	bool person = trailer_ends_in_by(first, colon) || trailer_begins(first, "cc:");
	const char *quote = strstr(value->str, "(\"");

	line = trailer_strip(line);
	if (line.length == 0)
		return false;
	if (value->len == 0 && trailer_is_link(line))
		return true;
	if (person)
		return !trailer_has_mailbox(
			       (struct trailer_line){value->str, value->len}) &&
		       trailer_is_end_of_mailbox(line);
	/* A title in quotes, `Fixes: 0123456789ab ("title")`, that nothing has closed yet. */
	return quote != NULL && strstr(quote + 2, "\")") == NULL &&
	       (trailer_colon(line) == 0 ||
		       (line.length > 2 &&
			       memcmp(line.text + line.length - 2, "\")", 2) == 0));
}

void trailer_append(GString *value, struct trailer_line line)
{
	size_t room = LIMIT_FIELD_BYTES - MIN(value->len + 1, LIMIT_FIELD_BYTES);
	const char *end;

	if (room == 0)
		return;
	if (value->len > 0)
		g_string_append_c(value, ' ');
	g_utf8_validate(line.text, (gssize)MIN(line.length, room), &end);
	g_string_append_len(value, line.text, end - line.text);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/identity.h"

#include <string.h>

#include "base/text.h"
#include "mail/address.h"
#include "mail/message.h"

enum identity_field {
	IDENTITY_FROM,
	IDENTITY_SUBJECT,
	IDENTITY_DATE,
	IDENTITY_SEPARATOR, /* what `git format-patch` begins a file with */
	IDENTITY_NONE
};

static const char *const identity_fields[] = {"From:", "Subject:", "Date:"};

/* `>From COMMIT Mon Sep 17 00:00:00 2001`, as a mailbox has escaped it. */
static bool identity_is_separator(const char *line, size_t length)
{
	static const char tail[] = " Mon Sep 17 00:00:00 2001";
	size_t hex = 0;

	if (length < 6 || memcmp(line, ">From ", 6) != 0)
		return false;
	while (6 + hex < length && g_ascii_isxdigit(line[6 + hex]))
		hex++;
	return (hex == 40 || hex == 64) && length == 6 + hex + strlen(tail) &&
	       memcmp(line + 6 + hex, tail, strlen(tail)) == 0;
}

/* The field that the line at TEXT + START begins, as `git mailinfo` takes it, which
 * also knows a subject by its tag alone.  *BODY_R is where the field's body begins. */
static enum identity_field identity_which_field(
	const char *text, size_t length, size_t start, size_t *body_r)
{
	const char *line;
	size_t cursor = start, line_length;

	text_next_line(text, length, &cursor, &line, &line_length);
	for (size_t i = 0; i < G_N_ELEMENTS(identity_fields); i++) {
		size_t n = strlen(identity_fields[i]);

		if (line_length >= n &&
			g_ascii_strncasecmp(line, identity_fields[i], n) == 0) {
			*body_r = start + n;
			return (enum identity_field)i;
		}
	}
	*body_r = start;
	if (line_length >= 8 && memcmp(line, "[PATCH] ", 8) == 0)
		return IDENTITY_SUBJECT;
	return identity_is_separator(line, line_length) ? IDENTITY_SEPARATOR
							: IDENTITY_NONE;
}

/* The end of FIELD, which begins at START: its line and those that continue it. */
static size_t identity_field_end(
	const char *text, size_t length, size_t start, enum identity_field field)
{
	const char *line;
	size_t cursor = start, line_length;

	text_next_line(text, length, &cursor, &line, &line_length);
	while (cursor < length && (text[cursor] == ' ' || text[cursor] == '\t')) {
		size_t next = cursor;

		text_next_line(text, length, &next, &line, &line_length);
		/* An indented first paragraph is no continuation. */
		if (field == IDENTITY_FROM && memchr(line, '<', line_length) == NULL)
			break;
		cursor = next;
	}
	return cursor;
}

/* Takes what FIELD says from [BODY, END); false where it is none after all. */
static bool identity_take_field(const char *text, size_t body, size_t end,
	enum identity_field field, struct identity_in_body *from)
{
	g_autofree char *value = message_decode_line(text + body, end - body);
	const char *cursor = value;

	switch (field) {
	case IDENTITY_FROM:
		return address_next(&cursor, &from->name, &from->address);
	case IDENTITY_SUBJECT:
		from->subject = g_steal_pointer(&value);
		return true;
	case IDENTITY_DATE:
		from->date = g_steal_pointer(&value);
		return true;
	case IDENTITY_SEPARATOR:
		return true;
	case IDENTITY_NONE:
		break;
	}
	return false;
}

bool identity_find_in_body(
	const char *text, size_t length, struct identity_in_body *from_r)
{
	struct identity_in_body from = {0};
	bool seen[IDENTITY_NONE] = {false};
	size_t start = 0;

	while (start < length && g_ascii_isspace(text[start]))
		start++;
	/* An indented field is quoted text. */
	if (start > 0 && text[start - 1] != '\n')
		return false;
	from.block_start = from.block_end = start;
	while (from.block_end < length) {
		size_t body, end;
		enum identity_field field = identity_which_field(
			text, length, from.block_end, &body);

		if (field == IDENTITY_NONE || seen[field])
			break;
		end = identity_field_end(text, length, from.block_end, field);
		if (!identity_take_field(text, body, end, field, &from))
			break;
		if (field == IDENTITY_FROM) {
			from.start = from.block_end;
			from.end = end;
		}
		seen[field] = true;
		from.block_end = end;
	}
	if (!seen[IDENTITY_FROM] && !seen[IDENTITY_SUBJECT] && !seen[IDENTITY_DATE])
		return false;
	*from_r = from;
	return true;
}

void identity_release_in_body(struct identity_in_body *from)
{
	g_free(from->name);
	g_free(from->address);
	g_free(from->subject);
	g_free(from->date);
	memset(from, 0, sizeof(*from));
}

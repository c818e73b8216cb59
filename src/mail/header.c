/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/header.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/parts.h"

/* What mail/message.c reads itself, and what GMime needs to find the body. */
#define HEADER_FIELD(name)             \
	{                              \
		name, sizeof(name) - 1 \
	}
static const struct header_field {
	const char *name;
	size_t length;
} header_wanted[] = {HEADER_FIELD("Auto-Submitted"), HEADER_FIELD("Cc"),
	HEADER_FIELD("Content-Disposition"), HEADER_FIELD("Content-Transfer-Encoding"),
	HEADER_FIELD("Content-Type"), HEADER_FIELD("Date"), HEADER_FIELD("From"),
	HEADER_FIELD("In-Reply-To"), HEADER_FIELD("List-Id"), HEADER_FIELD("Message-ID"),
	HEADER_FIELD("MIME-Version"), HEADER_FIELD("Precedence"),
	HEADER_FIELD("Received"), HEADER_FIELD("References"), HEADER_FIELD("Reply-To"),
	HEADER_FIELD("Subject"), HEADER_FIELD("To"), HEADER_FIELD("X-Autoreply"),
	HEADER_FIELD("X-Autorespond"), HEADER_FIELD("X-Mailer"),
	HEADER_FIELD("X-Original-From")};

/* The length of the field name that LINE begins with, 0 for none. */
static size_t header_name_length(const char *line, size_t length)
{
	size_t n = 0, colon;

	while (n < length && line[n] > 0x20 && line[n] < 0x7f && line[n] != ':')
		n++;
	colon = n;
	while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
		colon++;
	return colon < length && line[colon] == ':' ? n : 0;
}

bool header_begins(const char *bytes, size_t length)
{
	return header_name_length(bytes, length) > 0;
}

/* What GMime needs to find the body. */
static bool header_is_mime(const char *line)
{
	return g_ascii_strncasecmp(line, "Content-", 8) == 0 ||
	       g_ascii_strncasecmp(line, "MIME-", 5) == 0;
}

static bool header_is_wanted(const char *line, size_t length, bool *had_received)
{
	size_t n = header_name_length(line, length);

	for (size_t i = 0; n > 0 && i < G_N_ELEMENTS(header_wanted); i++) {
		const struct header_field *field = &header_wanted[i];

		if (n != field->length || g_ascii_strncasecmp(line, field->name, n) != 0)
			continue;
		if (strcmp(field->name, "Received") == 0) {
			bool had = *had_received;

			*had_received = true;
			return !had;
		}
		return true;
	}
	return false;
}

/* Whether the header kept so far may say that the body has parts, or is a message that has: any
 * Content-Type with such a word.  Without the slash, since comments may stand before it (RFC 2045
 * 5.1). */
static bool header_has_parts(const GString *header)
{
	const char *field = header->str;

	while ((field = strcasestr(field, "content-type")) != NULL) {
		const char *end = field;

		do
			end = strchr(end + 1, '\n');
		while (end != NULL && (end[1] == ' ' || end[1] == '\t'));
		field += strlen("content-type");
		for (const char *c = field; c < (end ? end : header->str + header->len);
			c++)
			if (g_ascii_strncasecmp(c, "multipart", 9) == 0 ||
				g_ascii_strncasecmp(c, "message", 7) == 0)
				return true;
	}
	return false;
}

static void header_append_body(
	GString *out, const char *body, size_t length, const char **limit)
{
	if (header_has_parts(out))
		length = parts_bounded_length(body, length, limit);
	g_string_append_len(out, body, (gssize)length);
}

/* A field that is too long, or one too many, keeps its beginning: the fields behind it
 * count. */
static void header_append_line(GString *out, const char *line, size_t length,
	size_t *field_room, const char **limit)
{
	size_t room = MIN(
		*field_room, LIMIT_HEADER_BYTES - MIN(out->len, LIMIT_HEADER_BYTES));
	size_t start = out->len;

	if (length <= room) {
		g_string_append_len(out, line, (gssize)length);
		*field_room -= length;
	} else {
		*limit = "header size";
		if (room == 0)
			return;
		g_string_append_len(out, line, (gssize)room - 1);
		g_string_append_c(out, '\n');
		*field_room = 0;
	}
	/* GMime's fields end at a NUL; another control is as wrong, and shows. */
	for (size_t i = start; i < out->len; i++)
		if (out->str[i] == '\0')
			out->str[i] = '\x01';
}

GString *header_filter(const char *bytes, size_t length, const char **limit)
{
	GString *out = g_string_sized_new(length + 1);
	bool wanted = false, had_received = false;
	size_t cursor = 0, line_length, field_room = 0;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		size_t start = (size_t)(line - bytes);

		if (line_length == 0 || (line_length == 1 && *line == '\r')) {
			header_append_body(out, line, length - start, limit);
			return out;
		}
		/* A folded line belongs to the field before it (RFC 5322 2.2.3). */
		if (*line != ' ' && *line != '\t') {
			wanted = header_is_wanted(line, line_length, &had_received);
			field_room = LIMIT_RAW_FIELD_BYTES;
			if (wanted && !header_is_mime(line) &&
				out->len < LIMIT_HEADER_BYTES)
				g_string_append(out, HEADER_PREFIX);
		}
		if (wanted)
			header_append_line(out, line, cursor - start, &field_room, limit);
	}
	g_string_append_c(out, '\n');
	return out;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/header.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/parts.h"

#define HEADER_NAME(name)              \
	{                              \
		name, sizeof(name) - 1 \
	}
static const struct header_name {
	const char *name;
	size_t length;
} header_wanted[HEADER_FIELD_COUNT] = {
	[HEADER_AUTO_SUBMITTED] = HEADER_NAME("Auto-Submitted"),
	[HEADER_CC] = HEADER_NAME("Cc"),
	[HEADER_CONTENT_DISPOSITION] = HEADER_NAME("Content-Disposition"),
	[HEADER_CONTENT_TRANSFER_ENCODING] = HEADER_NAME("Content-Transfer-Encoding"),
	[HEADER_CONTENT_TYPE] = HEADER_NAME("Content-Type"),
	[HEADER_DATE] = HEADER_NAME("Date"),
	[HEADER_FROM] = HEADER_NAME("From"),
	[HEADER_IN_REPLY_TO] = HEADER_NAME("In-Reply-To"),
	[HEADER_LIST_ID] = HEADER_NAME("List-Id"),
	[HEADER_MESSAGE_ID] = HEADER_NAME("Message-ID"),
	[HEADER_MIME_VERSION] = HEADER_NAME("MIME-Version"),
	[HEADER_PRECEDENCE] = HEADER_NAME("Precedence"),
	[HEADER_RECEIVED] = HEADER_NAME("Received"),
	[HEADER_REFERENCES] = HEADER_NAME("References"),
	[HEADER_REPLY_TO] = HEADER_NAME("Reply-To"),
	[HEADER_SUBJECT] = HEADER_NAME("Subject"),
	[HEADER_TO] = HEADER_NAME("To"),
	[HEADER_X_AUTOREPLY] = HEADER_NAME("X-Autoreply"),
	[HEADER_X_AUTORESPOND] = HEADER_NAME("X-Autorespond"),
	[HEADER_X_MAILER] = HEADER_NAME("X-Mailer"),
	[HEADER_X_ORIGINAL_FROM] = HEADER_NAME("X-Original-From"),
};

size_t header_name_length(const char *line, size_t length)
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

enum header_field header_find(const char *name, size_t length)
{
	int first = length > 0 ? g_ascii_tolower(*name) : 0;
	unsigned field;

	for (field = 0; field < HEADER_FIELD_COUNT; field++)
		if (length == header_wanted[field].length &&
			first == g_ascii_tolower(*header_wanted[field].name) &&
			g_ascii_strncasecmp(name, header_wanted[field].name, length) == 0)
			break;
	return field;
}

static bool header_is_wanted(const char *line, size_t length, bool *had_received)
{
	enum header_field field = header_find(line, header_name_length(line, length));
	bool had = *had_received;

	*had_received |= field == HEADER_RECEIVED;
	return field != HEADER_FIELD_COUNT && !(field == HEADER_RECEIVED && had);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/simple.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"

/* Of a token (RFC 2045 5.1) what no reader takes for anything else: the parameters of RFC 2231 have
 * a '*', encoded words a '='. */
#define SIMPLE_NAME G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._:+"

static const char *simple_skip_blank(const char *c)
{
	return c + strspn(c, " \t\n");
}

/* Whether VALUE is WORD, in any case, and blanks around it. */
static bool simple_is_word(const char *value, const char *word)
{
	size_t length = strlen(word);

	value = simple_skip_blank(value);
	return g_ascii_strncasecmp(value, word, length) == 0 &&
	       *simple_skip_blank(value + length) == '\0';
}

/* A parameter, as `; charset="utf-8"` is one. */
struct simple_parameter {
	const char *name, *value;
	size_t name_length, value_length;
};

/* The parameter at *C, which goes behind it. */
static bool simple_next_parameter(const char **c, struct simple_parameter *parameter_r)
{
	const char *at = simple_skip_blank(*c);
	bool quoted;

	if (*at != ';')
		return false;
	at = simple_skip_blank(at + 1);
	parameter_r->name = at;
	parameter_r->name_length = strspn(at, SIMPLE_NAME);
	at += parameter_r->name_length;
	if (*at++ != '=')
		return false;
	quoted = *at == '"';
	at += quoted;
	parameter_r->value = at;
	parameter_r->value_length = strspn(at, SIMPLE_NAME);
	at += parameter_r->value_length;
	if (parameter_r->value_length == 0 || (quoted && *at++ != '"'))
		return false;
	*c = at;
	return strchr("; \t\n", *at) != NULL;
}

static bool simple_name_is(const struct simple_parameter *parameter, const char *name)
{
	return parameter->name_length == strlen(name) &&
	       g_ascii_strncasecmp(parameter->name, name, parameter->name_length) == 0;
}

static bool simple_value_is(const struct simple_parameter *parameter, const char *value)
{
	return parameter->value_length == strlen(value) &&
	       g_ascii_strncasecmp(parameter->value, value, parameter->value_length) == 0;
}

/* Takes one that the text's reading depends on; false for another, or one that comes twice. */
static bool simple_take_parameter(
	const struct simple_parameter *parameter, unsigned *seen, struct simple *simple)
{
	static const char *const names[] = {"charset", "format", "delsp"};
	unsigned which = 0;

	while (which < G_N_ELEMENTS(names) && !simple_name_is(parameter, names[which]))
		which++;
	if (which == G_N_ELEMENTS(names) || *seen & 1u << which ||
		parameter->value_length >= sizeof simple->charset)
		return false;
	*seen |= 1u << which;
	if (which == 0)
		memcpy(simple->charset, parameter->value, parameter->value_length);
	else if (which == 1)
		simple->flowed = simple_value_is(parameter, "flowed");
	else
		simple->delsp = simple_value_is(parameter, "yes");
	return true;
}

static bool simple_take_type(const char *value, struct simple *simple)
{
	static const char type[] = "text/plain";
	const char *c = simple_skip_blank(value);
	struct simple_parameter parameter;
	unsigned seen = 0;

	if (g_ascii_strncasecmp(c, type, strlen(type)) != 0)
		return false;
	c += strlen(type);
	if (*c != '\0' && strchr("; \t\n", *c) == NULL)
		return false;
	while (*simple_skip_blank(c) != '\0')
		if (!simple_next_parameter(&c, &parameter) ||
			!simple_take_parameter(&parameter, &seen, simple))
			return false;
	return true;
}

static bool simple_take_encoding(const char *value, struct simple *simple)
{
	simple->quoted_printable = simple_is_word(value, "quoted-printable");
	return simple->quoted_printable || simple_is_word(value, "7bit") ||
	       simple_is_word(value, "8bit") || simple_is_word(value, "binary");
}

/* What MIME's fields say of the body, each of which may stand once; true for other fields. */
static bool simple_take_mime(
	enum header_field field, const char *value, unsigned *seen, struct simple *simple)
{
	unsigned bit = 1u << (unsigned)field;
	bool again = *seen & bit;

	*seen |= bit;
	if (field == HEADER_CONTENT_TYPE)
		return !again && simple_take_type(value, simple);
	if (field == HEADER_CONTENT_TRANSFER_ENCODING)
		return !again && simple_take_encoding(value, simple);
	if (field == HEADER_CONTENT_DISPOSITION)
		return !again && simple_is_word(value, "inline");
	return true;
}

/* The length of the field that begins at BYTES, with its folds (RFC 5322 2.2.3). */
static size_t simple_field_length(const char *bytes, size_t length)
{
	const char *c = bytes, *end = bytes + length, *lf;

	do {
		lf = memchr(c, '\n', (size_t)(end - c));
		c = lf ? lf + 1 : end;
	} while (c < end && (*c == ' ' || *c == '\t'));
	return (size_t)(c - bytes);
}

/* Copies the LENGTH bytes at VALUE behind the *USED ones of the values. */
static bool simple_add(struct simple *simple, enum header_field field, const char *value,
	size_t length, size_t *used)
{
	if (simple->count == SIMPLE_FIELDS)
		return false;
	simple->fields[simple->count++] = (struct simple_field){field, *used};
	memcpy(simple->values + *used, value, length);
	simple->values[*used + length] = '\0';
	*used += length + 1;
	return true;
}

/* The fields in front of the blank line in the LENGTH bytes at HEADER, and where that line is; 0
 * where a field is not read here. */
static size_t simple_read_fields(const char *header, size_t length, struct simple *simple)
{
	size_t used = 0, i, n;
	unsigned seen = 0;

	for (i = 0; i < length && header[i] != '\n'; i += n) {
		const char *line = header + i;
		size_t name = header_name_length(line, length - i);
		enum header_field field = header_find(line, name);

		n = simple_field_length(line, length - i);
		if (field == HEADER_FIELD_COUNT)
			continue;
		if (field == HEADER_RECEIVED && seen & 1u << HEADER_RECEIVED)
			continue;
		if (line[name] != ':' ||
			!simple_add(simple, field, line + name + 1, n - name - 1, &used))
			return 0;
		line = simple->values + simple->fields[simple->count - 1].value;
		if (!simple_take_mime(field, line, &seen, simple))
			return 0;
	}
	return i < length && simple->count > 0 ? i : 0;
}

bool simple_read(const char *bytes, size_t length, struct simple *simple_r)
{
	size_t room = MIN(length, SIMPLE_HEADER_BYTES), header;

	if (!header_begins(bytes, room))
		return false;
	simple_r->count = 0;
	simple_r->quoted_printable = simple_r->flowed = simple_r->delsp = false;
	memset(simple_r->charset, 0, sizeof simple_r->charset);
	/* A value's NUL takes the place of its colon. */
	simple_r->values = g_malloc(room);
	header = simple_read_fields(bytes, room, simple_r);
	if (header == 0 || memchr(bytes, '\r', header) != NULL ||
		memchr(bytes, '\0', header) != NULL) {
		simple_release(simple_r);
		return false;
	}
	simple_r->body = bytes + header + 1;
	simple_r->body_length = length - header - 1;
	return true;
}

void simple_release(struct simple *simple)
{
	g_clear_pointer(&simple->values, g_free);
}

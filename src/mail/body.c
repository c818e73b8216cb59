/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/body.h"

#include <string.h>

#include <gmime/gmime.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/flowed.h"
#include "mail/html.h"
#include "mail/patch.h"

/* A list's notice, the message, the list's footer. */
enum { BODY_WRAPPED_AMONG = 4 };

struct body {
	GString *text;
	GString *html; /* kept for when no text comes */
	unsigned parts;
	const char **limit;
};

static bool body_is(GMimeObject *object, const char *type, const char *subtype)
{
	GMimeContentType *content_type = g_mime_object_get_content_type(object);

	return content_type != NULL &&
	       g_mime_content_type_is_type(content_type, type, subtype);
}

/* The decoded bytes of PART, before any charset.  GMime's text functions stop at a NUL,
 * its streams do not. */
static GByteArray *body_decode(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *stream;

	if (content == NULL)
		return bytes;
	stream = g_mime_stream_mem_new_with_byte_array(bytes);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_data_wrapper_write_to_stream(content, stream);
	g_object_unref(stream);
	return bytes;
}

/* RFC 2045 5.2: what is no content type (5.1: a token, a slash, a token) is text/plain, where
 * GMime takes it for data. */
static bool body_is_untyped(GMimeObject *object)
{
	static const char token[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS
		"!#$%&'*+-.^_`{|}~";
	const char *value = g_mime_object_get_header(object, "Content-Type");
	size_t type, subtype;

	if (value == NULL)
		return false;
	value += strspn(value, " \t\r\n");
	type = strspn(value, token);
	subtype = value[type] == '/' ? strspn(value + type + 1, token) : 0;
	return type == 0 || subtype == 0;
}

static bool body_param_is(GMimeObject *object, const char *name, const char *value)
{
	const char *have = g_mime_object_get_content_type_parameter(object, name);

	return have != NULL && g_ascii_strcasecmp(have, value) == 0;
}

GString *body_read_plain(const struct body_text *body)
{
	g_autofree char *utf8 = NULL;
	size_t length = body->length;
	GString *text;

	if (charset_is_clean(body->bytes, length, body->charset)) {
		text = text_sanitize(body->bytes, length);
	} else {
		utf8 = charset_to_utf8(body->bytes, length, body->charset, &length);
		text = text_sanitize(utf8, length);
	}
	if (body->flowed)
		flowed_join(text, body->delsp);
	return text;
}

GString *body_read_quoted(const struct body_text *body)
{
	struct body_text decoded = *body;
	g_autofree char *bytes = NULL;
	GMimeEncoding state;

	g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	bytes = g_malloc(g_mime_encoding_outlen(&state, body->length));
	decoded.bytes = bytes;
	decoded.length = g_mime_encoding_flush(&state, body->bytes, body->length, bytes);
	return body_read_plain(&decoded);
}

static GString *body_part_text(GMimePart *part)
{
	GMimeObject *object = GMIME_OBJECT(part);
	g_autoptr(GByteArray) bytes = body_decode(part);
	const struct body_text body = {(const char *)bytes->data, bytes->len,
		g_mime_object_get_content_type_parameter(object, "charset"),
		body_param_is(object, "format", "flowed"),
		body_param_is(object, "delsp", "yes")};

	return body_read_plain(&body);
}

/* RFC 2046 5.1.1: the line end in front of a delimiter is not the part's; git-mailinfo(1) takes it
 * for the part's all the same, and what follows an empty line is another paragraph. */
static void body_append(GString *to, const GString *text)
{
	if (text->len == 0)
		return;
	if (to->len > 0)
		g_string_append_c(to, '\n');
	g_string_append_len(to, text->str, (gssize)text->len);
}

/* Content types that patches are attached under. */
static bool body_is_patch_type(GMimePart *part)
{
	GMimeObject *object = GMIME_OBJECT(part);
	const char *name = g_mime_part_get_filename(part);

	return body_is(object, "text", "x-patch") || body_is(object, "text", "x-diff") ||
	       body_is(object, "application", "x-patch") ||
	       body_is(object, "text", "patch") ||
	       (name != NULL && (g_str_has_suffix(name, ".patch") ||
					g_str_has_suffix(name, ".diff")));
}

static void body_add_leaf(GMimePart *part, struct body *body)
{
	GMimeObject *object = GMIME_OBJECT(part);
	const char *disposition = g_mime_object_get_disposition(object);
	bool attached = disposition != NULL &&
			g_ascii_strcasecmp(disposition, "attachment") == 0;
	bool patch = body_is_patch_type(part);
	bool plain = body_is(object, "text", "plain") || body_is_untyped(object);
	GString *text;

	if (!patch && !plain && !body_is(object, "text", "*") &&
		!(attached && body_is(object, "application", "octet-stream")))
		return;
	text = body_part_text(part);
	if (body_is(object, "text", "html"))
		body_append(body->html, text);
	else if (patch || (!attached && plain) ||
		 patch_find_diff(text->str, text->len, NULL))
		/* A log or a configuration that was attached is not what was written. */
		body_append(body->text, text);
	g_string_free(text, TRUE);
}

static void body_walk(GMimeObject *object, unsigned depth, struct body *body);

static void body_walk_multipart(
	GMimeMultipart *multipart, unsigned depth, struct body *body)
{
	GMimeObject *object = GMIME_OBJECT(multipart);
	int n = g_mime_multipart_get_count(multipart);

	if (body_is(object, "multipart", "encrypted"))
		return;
	if (body_is(object, "multipart", "signed") ||
		body_is(object, "multipart", "related"))
		n = MIN(n, 1);
	for (int i = 0; i < n; i++) {
		size_t before = body->text->len;

		body_walk(g_mime_multipart_get_part(multipart, i), depth + 1, body);
		/* RFC 2046 5.1.4: alternatives say the same; the plain one is first. */
		if (body->text->len > before &&
			body_is(object, "multipart", "alternative"))
			return;
	}
}

static void body_walk(GMimeObject *object, unsigned depth, struct body *body)
{
	if (object == NULL)
		return;
	if (++body->parts > LIMIT_PARTS || depth > LIMIT_DEPTH) {
		*body->limit = depth > LIMIT_DEPTH ? "MIME nesting"
						   : "number of MIME parts";
		return;
	}
	if (GMIME_IS_MULTIPART(object))
		body_walk_multipart(GMIME_MULTIPART(object), depth, body);
	else if (GMIME_IS_PART(object))
		body_add_leaf(GMIME_PART(object), body);
}

/* What a list has wrapped in PART: the message of the same MESSAGE_ID; else PART. */
static GMimeObject *body_unwrap(GMimeObject *part, const char *message_id)
{
	int n = GMIME_IS_MULTIPART(part) && message_id != NULL
			? g_mime_multipart_get_count(GMIME_MULTIPART(part))
			: 0;

	for (int i = 0; i < MIN(n, BODY_WRAPPED_AMONG); i++) {
		GMimeObject *child = g_mime_multipart_get_part(GMIME_MULTIPART(part), i);
		GMimeMessage *inner = GMIME_IS_MESSAGE_PART(child)
					      ? g_mime_message_part_get_message(
							GMIME_MESSAGE_PART(child))
					      : NULL;
		const char *id = inner ? g_mime_message_get_message_id(inner) : NULL;

		if (id != NULL && strcmp(id, message_id) == 0)
			return g_mime_message_get_mime_part(inner);
	}
	return part;
}

GString *body_read_text(GMimeObject *part, const char *message_id, const char **limit)
{
	struct body body = {
		.text = g_string_new(NULL), .html = g_string_new(NULL), .limit = limit};

	body_walk(body_unwrap(part, message_id), 0, &body);
	if (body.text->len == 0 && body.html->len > 0) {
		g_autofree char *plain = html_to_text(body.html->str, body.html->len);

		g_string_append(body.text, plain);
	}
	g_string_free(body.html, TRUE);
	return body.text;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/stubs.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <gmime/gmime.h>

#include "base/conf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/url.h"
#include "post/compose.h"

/* RFC 2606 2: nobody's. */
#define STUBS_NOBODY "nobody@invalid"

struct stubs {
	const struct digest *digest;
	char *list;     /* the list's address, or NULL */
	char *boundary; /* of the multipart/digest */
	guint count;    /* of stubs */
	GString *parts;
};

/* Whether VALUE can stand in a field between <> as it is: a line's worth of printable ASCII
 * without an encoded word. */
static bool stubs_is_raw(const char *value)
{
	size_t length = strlen(value);

	for (const char *c = value; *c != '\0'; c++)
		if (*c < 0x21 || *c > 0x7e || *c == '<' || *c == '>')
			return false;
	return length > 0 && length <= LIMIT_STUB_VALUE_BYTES && !text_has_word(value);
}

static void stubs_add_field(GString *stub, const char *name, const char *value)
{
	if (value != NULL && stubs_is_raw(value))
		g_string_append_printf(stub, "%s: <%s>\n", name, value);
}

/* RFC 5322 3.6.4.  The first names the thread, the last ones where in it. */
static void stubs_add_references(GString *stub, const GPtrArray *ids)
{
	const char *lead = "References:";

	for (guint i = 0; i < ids->len; i++) {
		if (i > 0 && ids->len - i >= LIMIT_STUB_REFERENCES)
			continue;
		if (!stubs_is_raw(ids->pdata[i]))
			continue;
		g_string_append_printf(stub, "%s <%s>\n", lead, (char *)ids->pdata[i]);
		lead = "";
	}
}

/* What GMime need not encode. */
static void stubs_add_fields(
	const struct stubs *stubs, GString *stub, const struct record *record)
{
	const char *archive = stubs->digest->archive;
	g_autofree char *url = url_of_record(record, archive != NULL ? archive : "");
	const GPtrArray *ids = record->references;

	/* A made key is the name of nothing that was sent. */
	if (!(record->flags & RECORD_FLAG_MADE_ID))
		stubs_add_field(stub, "Message-ID", record->message_id);
	if (ids->len > 0)
		stubs_add_field(stub, "In-Reply-To", ids->pdata[ids->len - 1]);
	stubs_add_references(stub, ids);
	if (record->list_ids->len > 0)
		stubs_add_field(stub, "List-Id", record->list_ids->pdata[0]);
	stubs_add_field(stub, "Archived-At", url);
}

/* A record's text is in one line already; a line end here would begin a field. */
static char *stubs_words(const char *text)
{
	g_autofree char *line = text_sanitize_line(text, strlen(text));

	return compose_without_words(line);
}

/* An address that is none an answer could go to stands in the name. */
static void stubs_add_from(GMimeMessage *message, const struct record *record)
{
	const char *address = record->author_address;
	bool good = conf_address_is_deliverable(address) && strchr(address, '@') &&
		    stubs_is_raw(address);
	g_autofree char *both = g_strdup_printf("%s%s%s", record->author_name,
		*record->author_name && *address ? " " : "", address);
	g_autofree char *name = stubs_words(good ? record->author_name : both);

	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, *name ? name : NULL,
		good ? address : STUBS_NOBODY);
}

/* A Date that could not be read, or that no calendar has, is when the message came. */
static void stubs_add_date(GMimeMessage *message, const struct record *record)
{
	g_autoptr(GDateTime) date = record->date != 0
					    ? g_date_time_new_from_unix_utc(record->date)
					    : NULL;

	if (date == NULL)
		date = g_date_time_new_from_unix_utc(record->arrival);
	if (date != NULL)
		g_mime_message_set_date(message, date);
}

/* LENGTH, or less of TEXT up to the end of a line. */
static size_t stubs_whole_lines(const char *text, size_t length)
{
	if (length <= LIMIT_STUB_TEXT_BYTES)
		return length;
	length = LIMIT_STUB_TEXT_BYTES;
	while (length > 0 && text[length - 1] != '\n')
		length--;
	return length;
}

static char *stubs_text(const struct stubs *stubs, const struct digest_item *item)
{
	const char *archive = stubs->digest->archive;
	const char *shown = item->text != NULL ? item->text : "";
	g_autofree char *url = url_of_record(
		item->record, archive != NULL ? archive : "");
	size_t blank = strspn(shown, "\n"), all = strlen(shown + blank);
	size_t length = stubs_whole_lines(shown + blank, all);
	GString *text = g_string_new_len(shown + blank, (gssize)length);

	if (length < all)
		g_string_append(text, "[...]\n");
	else if (length > 0 && text->str[length - 1] != '\n')
		g_string_append_c(text, '\n');
	if (url != NULL)
		g_string_append_printf(text, "%s%s\n", all > 0 ? "\n" : "", url);
	if (text->len == 0)
		g_string_append(text, "The list has the text of this message.\n");
	return g_string_free(text, FALSE);
}

/* quoted-printable has no line that begins with the "--=_" of a boundary (RFC 2045 6.7). */
static GMimePart *stubs_body(const struct stubs *stubs, const struct digest_item *item)
{
	g_autofree char *text = stubs_text(stubs, item);
	GMimePart *part = g_mime_part_new_with_type("text", "plain");
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_object_unref(content);
	g_object_unref(stream);
	return part;
}

static GString *stubs_print(const struct stubs *stubs, const struct digest_item *item)
{
	const struct record *record = item->record;
	GMimeMessage *message = g_mime_message_new(FALSE);
	GMimePart *body = stubs_body(stubs, item);
	g_autofree char *subject = stubs_words(record->subject);
	g_autofree char *bytes = NULL;
	GString *stub = g_string_new(NULL);

	stubs_add_fields(stubs, stub, record);
	stubs_add_from(message, record);
	if (stubs->list != NULL)
		g_mime_message_add_mailbox(
			message, GMIME_ADDRESS_TYPE_TO, NULL, stubs->list);
	g_mime_message_set_subject(message, subject, "utf-8");
	stubs_add_date(message, record);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(body));
	bytes = g_mime_object_to_string(GMIME_OBJECT(message), NULL);
	g_string_append(stub, bytes);
	if (!g_str_has_suffix(stub->str, "\n"))
		g_string_append_c(stub, '\n');
	g_object_unref(body);
	g_object_unref(message);
	return stub;
}

static void stubs_add_all(struct stubs *stubs)
{
	const GPtrArray *items = stubs->digest->items;

	for (; stubs->count < items->len && stubs->count < LIMIT_STUBS; stubs->count++) {
		g_autoptr(GString) stub = stubs_print(stubs, items->pdata[stubs->count]);

		if (stubs->parts->len + stub->len > LIMIT_STUBS_BYTES)
			break;
		g_string_append_printf(stubs->parts,
			"--%s\nContent-Type: message/rfc822\n\n", stubs->boundary);
		g_string_append_len(stubs->parts, stub->str, (gssize)stub->len);
		g_string_append_c(stubs->parts, '\n');
	}
	g_string_append_printf(stubs->parts, "--%s--\n", stubs->boundary);
}

/* The multipart/digest behind a delimiter line. */
static void stubs_append(const struct stubs *stubs, GString *out)
{
	guint all = stubs->digest->items->len;

	g_string_append_printf(out, "Content-Type: multipart/digest; boundary=\"%s\"\n",
		stubs->boundary);
	if (stubs->count < all)
		g_string_append_printf(out,
			"Content-Description: the first %u messages of %u\n",
			stubs->count, all);
	g_string_append_printf(out, "\n%s\n", stubs->parts->str);
}

/* The body of the field NAME of MAIL's header, where it is one line; NULL for none.  The caller
 * frees. */
static char *stubs_get_field(const GString *mail, const char *name)
{
	size_t cursor = 0, length, n = strlen(name);
	const char *line;

	while (text_next_line(mail->str, mail->len, &cursor, &line, &length) &&
		length > 0)
		if (length > n + 2 && g_ascii_strncasecmp(line, name, n) == 0 &&
			line[n] == ':')
			return g_strstrip(g_strndup(line + n + 1, length - n - 1));
	return NULL;
}

/* The address of a List-Post of `<mailto:ADDRESS>` (RFC 2369 3.4). */
static char *stubs_list_address(const GString *mail)
{
	static const char scheme[] = "<mailto:";
	g_autofree char *field = stubs_get_field(mail, "List-Post");
	g_autofree char *address = NULL;

	if (field == NULL || !g_str_has_prefix(field, scheme))
		return NULL;
	address = g_strndup(
		field + strlen(scheme), strcspn(field + strlen(scheme), "?>"));
	return conf_address_is_deliverable(address) && strchr(address, '@') &&
			       stubs_is_raw(address)
		       ? g_steal_pointer(&address)
		       : NULL;
}

/* The boundary of MAIL, a multipart/mixed; NULL for another.  The caller frees. */
static char *stubs_get_boundary(const GString *mail)
{
	static const char type[] = "multipart/mixed; boundary=\"";
	g_autofree char *field = stubs_get_field(mail, "Content-Type");

	if (field == NULL || !g_str_has_prefix(field, type))
		return NULL;
	return g_strndup(field + strlen(type), strcspn(field + strlen(type), "\""));
}

/* Before the last delimiter of a signed MAIL. */
static bool stubs_join_signed(
	const struct stubs *stubs, const GString *mail, GString *out)
{
	g_autofree char *boundary = stubs_get_boundary(mail);
	g_autofree char *end = boundary ? g_strdup_printf("\n--%s--\n", boundary) : NULL;

	if (end == NULL || !g_str_has_suffix(mail->str, end))
		return false;
	g_string_append_len(out, mail->str, (gssize)(mail->len - strlen(end)));
	g_string_append_printf(out, "\n--%s\n", boundary);
	stubs_append(stubs, out);
	g_string_append(out, end + 1);
	return true;
}

/* The fields of MAIL that are of its body go to BODY, the others to REST.  Returns where the
 * body begins. */
static size_t stubs_divide_header(const GString *mail, GString *rest, GString *body)
{
	static const char prefix[] = "Content-";
	size_t cursor = 0, length;
	GString *to = rest;
	const char *line;

	while (text_next_line(mail->str, mail->len, &cursor, &line, &length) &&
		length > 0) {
		if (*line != ' ' && *line != '\t')
			to = length > strlen(prefix) && g_ascii_strncasecmp(line, prefix,
								strlen(prefix)) == 0
				     ? body
				     : rest;
		g_string_append_len(to, line, (gssize)length);
		g_string_append_c(to, '\n');
	}
	return cursor;
}

/* Behind a text that is not signed. */
static bool stubs_join_text(const struct stubs *stubs, const GString *mail, GString *out)
{
	g_autoptr(GString) rest = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(NULL);
	size_t start = stubs_divide_header(mail, rest, body);

	if (!g_str_has_prefix(body->str, "Content-Type: text/plain;"))
		return false;
	g_string_append_printf(out,
		"%sContent-Type: multipart/mixed; boundary=\"%s-mixed\"\n\n--%s-mixed\n",
		rest->str, stubs->boundary, stubs->boundary);
	g_string_append_printf(out, "%s\n", body->str);
	g_string_append_len(out, mail->str + start, (gssize)(mail->len - start));
	g_string_append_printf(out, "\n--%s-mixed\n", stubs->boundary);
	stubs_append(stubs, out);
	g_string_append_printf(out, "--%s-mixed--\n", stubs->boundary);
	return true;
}

/* No part has a line with "=_" (RFC 2045 6.7), whatever stands behind it; of the mail, so that a
 * mail inside of another has its own. */
static char *stubs_make_boundary(const GString *mail)
{
	uint8_t hash[HASH_BYTES];
	g_autofree char *hex = NULL;

	hash_bytes(mail->str, mail->len, hash);
	hex = text_to_hex(hash, 8);
	return g_strdup_printf("=_mldigest-stubs-%s", hex);
}

GString *compose_add_stubs(const GString *mail, const struct digest *digest)
{
	GString *out = g_string_new(NULL);
	struct stubs stubs = {.digest = digest,
		.list = stubs_list_address(mail),
		.boundary = stubs_make_boundary(mail),
		.parts = g_string_new(NULL)};

	stubs_add_all(&stubs);
	if (stubs.count == 0 || (!stubs_join_signed(&stubs, mail, out) &&
					!stubs_join_text(&stubs, mail, out))) {
		g_string_truncate(out, 0);
		g_string_append_len(out, mail->str, (gssize)mail->len);
	}
	g_string_free(stubs.parts, TRUE);
	g_free(stubs.boundary);
	g_free(stubs.list);
	return out;
}

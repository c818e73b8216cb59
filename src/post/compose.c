/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/compose.h"

#include <stdbool.h>
#include <string.h>

#include <gmime/gmime.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/text.h"

/* The issue alone would clash with another home's on this host, the hash alone with the
 * same text's in another issue. */
char *compose_message_id(const struct compose_mail *mail)
{
	uint8_t digest[HASH_BYTES];
	g_autofree char *hex = NULL;

	hash_bytes(mail->text->str, mail->text->len, digest);
	hex = text_to_hex(digest, 8);
	return g_strdup_printf("digest-%" G_GUINT64_FORMAT ".%" G_GINT64_FORMAT ".%s@%s",
		(guint64)mail->issue, (gint64)mail->date, hex, diag_hostname());
}

/* RFC 5322 3.4.1 wants a domain. */
static char *compose_qualify(const char *address)
{
	return strchr(address, '@') ? g_strdup(address)
				    : g_strdup_printf("%s@%s", address, diag_hostname());
}

/* RFC 2919 2: of the digest's own address, and not the list's own id, by which delivery rules
 * would take the digest for a mail of the list. */
static char *compose_list_id(const char *from)
{
	g_autofree char *id = compose_qualify(from);

	g_strdelimit(id, "@", '.');
	return g_steal_pointer(&id);
}

/* A field whose <VALUE> is no text (RFC 2369 2, RFC 5322 3.6.4): GMime would make encoded words of
 * one that is longer than a line should be. */
static void compose_add_bracketed(
	GMimeObject *object, const char *name, const char *value)
{
	g_autofree char *raw = g_strdup_printf(" <%s>\n", value);
	GMimeHeaderList *fields = g_mime_object_get_header_list(object);
	GMimeHeader *field;

	if (*value == '\0')
		return;
	g_mime_header_list_append(fields, name, value, NULL);
	field = g_mime_header_list_get_header_at(
		fields, g_mime_header_list_get_count(fields) - 1);
	g_mime_header_set_raw_value(field, raw);
}

static void compose_add_list(GMimeObject *object, const struct compose_mail *mail)
{
	g_autofree char *list_id = compose_list_id(mail->from);

	compose_add_bracketed(object, "List-Id", list_id);
	compose_add_bracketed(object, "List-Help", mail->list_help);
	compose_add_bracketed(object, "List-Unsubscribe", mail->list_unsubscribe);
	compose_add_bracketed(object, "List-Post", mail->list_post);
}

char *compose_without_words(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		g_string_append_c(out, *text);
		if (*text == '=' && (text[1] == '?' || g_ascii_isxdigit(text[1])))
			g_string_append_c(out, ' ');
	}
	return g_string_free(out, FALSE);
}

static void compose_add_header(GMimeMessage *message, const struct compose_mail *mail)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(mail->date);
	g_autofree char *id = compose_message_id(mail);
	g_autofree char *from = compose_qualify(mail->from);
	g_autofree char *title = compose_without_words(mail->title);
	g_autofree char *subject = compose_without_words(mail->subject);
	g_autofree char *name = g_strdup_printf("%s digest", title);
	GMimeObject *object = GMIME_OBJECT(message);

	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, name, from);
	for (char *const *to = mail->to; *to != NULL; to++) {
		g_autofree char *address = compose_qualify(*to);

		g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, NULL, address);
	}
	g_mime_message_set_subject(message, subject, "utf-8");
	g_mime_message_set_date(message, date);
	g_mime_message_set_message_id(message, id);
	/* RFC 3834 5: no vacation notice shall answer a digest. */
	g_mime_object_append_header(object, "Auto-Submitted", "auto-generated", NULL);
	g_mime_object_append_header(object, "Precedence", "list", NULL);
	/* Issues make a thread. */
	compose_add_bracketed(object, "References", mail->previous_id);
	compose_add_list(object, mail);
}

/* BYTES as text/plain, inline, or else as a file; the caller unrefs. */
static GMimeObject *compose_part(const GString *bytes, const char *filename, bool text)
{
	GMimePart *part = text ? g_mime_part_new_with_type("text", "plain")
			       : g_mime_part_new_with_type("application", "octet-stream");
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes->str, bytes->len);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	if (text)
		g_mime_object_set_content_type_parameter(
			GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_object_set_disposition(GMIME_OBJECT(part), text ? "inline" : "attachment");
	g_mime_part_set_filename(part, filename);
	g_mime_part_set_content(part, content);
	/* What reached its reader unchanged through every relay that was tried
	 * (DESIGN.md). */
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(part);
}

static void compose_add_file(
	GMimeMultipart *multipart, const GString *bytes, const char *filename, bool text)
{
	GMimeObject *part = compose_part(bytes, filename, text);

	g_mime_multipart_add(multipart, part);
	g_object_unref(part);
}

static GMimeObject *compose_body(const struct compose_mail *mail)
{
	g_autofree char *text = g_strdup_printf(
		"%s-%" G_GUINT64_FORMAT ".txt", mail->stem, (guint64)mail->issue);
	g_autofree char *signature = g_strdup_printf("%s.minisig", text);
	g_autofree char *manifest = g_strdup_printf(
		"manifest-%" G_GUINT64_FORMAT ".txt", (guint64)mail->issue);
	g_autofree char *boundary = g_strdup_printf(
		"=_mldigest-%" G_GUINT64_FORMAT, (guint64)mail->issue);
	GMimeMultipart *multipart;

	if (mail->signature == NULL)
		return compose_part(mail->text, text, true);
	multipart = g_mime_multipart_new_with_subtype("mixed");
	/* Every part is base64, which has no such line; a chosen one is the same every time. */
	g_mime_multipart_set_boundary(multipart, boundary);
	compose_add_file(multipart, mail->text, text, true);
	compose_add_file(multipart, mail->signature, signature, false);
	compose_add_file(multipart, mail->manifest, manifest, false);
	return GMIME_OBJECT(multipart);
}

GString *compose_mail(const struct compose_mail *mail)
{
	GMimeMessage *message = g_mime_message_new(TRUE);
	GMimeObject *body = compose_body(mail);
	g_autofree char *bytes = NULL;
	GString *out;

	compose_add_header(message, mail);
	g_mime_message_set_mime_part(message, body);
	bytes = g_mime_object_to_string(GMIME_OBJECT(message), NULL);
	out = g_string_new(bytes);
	if (out->len == 0 || out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	g_object_unref(body);
	g_object_unref(message);
	return out;
}

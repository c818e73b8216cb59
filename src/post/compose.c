/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/compose.h"

#include <string.h>

#include <gmime/gmime.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/text.h"

/* The issue alone would clash with another home's on this host, the hash alone with the
 * same text's in another issue. */
static char *compose_message_id(const struct compose_mail *mail)
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

/* GMime writes words that look encoded (RFC 2047) as they are, and of a name that it encodes not the
 * `=`: the reader's mail program would decode what the title never meant, line ends among it. */
static char *compose_without_words(const char *text)
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
}

static GMimePart *compose_text_part(const struct compose_mail *mail)
{
	GMimePart *part = g_mime_part_new_with_type("text", "plain");
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(
		mail->text->str, mail->text->len);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_object_set_disposition(GMIME_OBJECT(part), "inline");
	g_mime_part_set_filename(part, mail->filename);
	g_mime_part_set_content(part, content);
	/* What reached its reader unchanged through every relay that was tried
	 * (DESIGN.md). */
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	g_object_unref(content);
	g_object_unref(stream);
	return part;
}

GString *compose_mail(const struct compose_mail *mail)
{
	GMimeMessage *message = g_mime_message_new(TRUE);
	GMimePart *part = compose_text_part(mail);
	g_autofree char *bytes = NULL;
	GString *out;

	compose_add_header(message, mail);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(part));
	bytes = g_mime_object_to_string(GMIME_OBJECT(message), NULL);
	out = g_string_new(bytes);
	if (out->len == 0 || out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	g_object_unref(part);
	g_object_unref(message);
	return out;
}

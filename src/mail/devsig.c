/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/devsig.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/devsig_private.h"
#include "mail/mailinfo_private.h"

#define DEVSIG_NAME "x-developer-signature"

/* A field as it came: its name without blanks behind it, its body with its folds. */
struct devsig_field {
	const char *name, *value;
	size_t name_length, value_length;
};

/* Whether the field that LINE begins is called NAME, blanks before the colon or not. */
static bool devsig_line_is(const char *line, size_t length, const char *name)
{
	size_t n = strlen(name);

	if (length <= n || g_ascii_strncasecmp(line, name, n) != 0)
		return false;
	while (n < length && devsig_is_blank(line[n]))
		n++;
	return n < length && line[n] == ':';
}

static bool devsig_ends_header(const char *line, size_t length)
{
	return length == 0 || (length == 1 && *line == '\r');
}

static bool devsig_is_there(const char *bytes, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length) &&
		!devsig_ends_header(line, line_length))
		if ((*line == 'X' || *line == 'x') &&
			devsig_line_is(line, line_length, DEVSIG_NAME))
			return true;
	return false;
}

static void devsig_fail(struct devsig_mail *mail, const char *why)
{
	if (mail->failure == NULL)
		mail->failure = why;
}

/* Another line of the header.  What programs read in different ways is a failure: a line of
 * blanks, which may end a header, and a line that is no field (RFC 5322 2.2). */
static void devsig_take_line(struct devsig_mail *mail, const char *line, size_t length)
{
	struct devsig_field field = {.name = line};
	struct devsig_field *last = mail->fields->len > 0 ? &g_array_index(mail->fields,
								    struct devsig_field,
								    mail->fields->len - 1)
							  : NULL;
	size_t blanks = 0, n = 0;

	while (blanks < length && devsig_is_blank(line[blanks]))
		blanks++;
	if (blanks == length)
		devsig_fail(mail, "its header has a line of blanks");
	if ((*line == ' ' || *line == '\t') && last != NULL) {
		last->value_length = (size_t)(line + length - last->value);
		return;
	}
	while (n < length && line[n] > 0x20 && line[n] < 0x7f && line[n] != ':')
		n++;
	field.name_length = n;
	while (n < length && devsig_is_blank(line[n]))
		n++;
	if (field.name_length == 0 || n == length || line[n] != ':') {
		devsig_fail(mail, "its header has a line that is no field");
		return;
	}
	if (n > field.name_length)
		devsig_fail(mail, "its header has a blank before a colon");
	field.value = line + n + 1;
	field.value_length = length - n - 1;
	g_array_append_val(mail->fields, field);
}

static void devsig_take_header(struct devsig_mail *mail, const char *bytes, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		if (devsig_ends_header(line, line_length)) {
			mail->body = bytes + cursor;
			mail->body_length = length - cursor;
			break;
		}
		if (cursor > LIMIT_HEADER_BYTES) {
			mail->too_long = true;
			return;
		}
		devsig_take_line(mail, line, line_length);
	}
	if (mail->body_length == 0)
		devsig_fail(mail, "it has no body");
}

static bool devsig_field_is(const struct devsig_field *field, const char *name)
{
	return field->name_length == strlen(name) &&
	       g_ascii_strncasecmp(field->name, name, field->name_length) == 0;
}

/* How many fields are called NAME, and the first. */
static unsigned devsig_find(const struct devsig_mail *mail, const char *name,
	const struct devsig_field **field_r)
{
	unsigned count = 0;

	for (guint i = 0; i < mail->fields->len; i++) {
		const struct devsig_field *field = &g_array_index(
			mail->fields, struct devsig_field, i);

		if (devsig_field_is(field, name) && count++ == 0)
			*field_r = field;
	}
	return count;
}

/* The only field that is called NAME, unfolded as git does; NULL for none, and a failure where
 * there are two: programs differ in which of them counts.  The caller frees. */
static char *devsig_take_only(struct devsig_mail *mail, const char *name)
{
	const struct devsig_field *field;
	unsigned count = devsig_find(mail, name, &field);
	GString *out;

	if (count > 1)
		devsig_fail(mail, "From, Subject or a field about its form stands twice");
	if (count == 0)
		return NULL;
	out = g_string_sized_new(field->value_length + 1);
	for (size_t i = 0; i < field->value_length; i++)
		if (field->value[i] != '\n')
			g_string_append_c(out, field->value[i]);
	return g_string_free(out, FALSE);
}

static void devsig_take_signatures(struct devsig_mail *mail)
{
	for (guint i = 0; i < mail->fields->len; i++) {
		const struct devsig_field *field = &g_array_index(
			mail->fields, struct devsig_field, i);

		if (!devsig_field_is(field, DEVSIG_NAME))
			continue;
		mail->too_many = mail->signatures->len == LIMIT_SIGNATURES;
		if (mail->too_many)
			return;
		g_ptr_array_add(mail->signatures,
			devsig_parse(field->value, field->value_length));
	}
}

/* Without i=, the signer is who the mail is from. */
static void devsig_complete(struct devsig_mail *mail, const char *from)
{
	struct mailinfo outer = {.name = g_string_new(NULL), .email = g_string_new(NULL)};
	g_autoptr(GString) value = mailinfo_decode_field(from, &outer);

	mailinfo_read_from(&outer, value);
	for (guint i = 0; i < mail->signatures->len; i++) {
		struct devsig *signature = mail->signatures->pdata[i];

		if (signature->identity == NULL)
			signature->identity = g_strdup(outer.email->str);
	}
	g_string_free(outer.name, TRUE);
	g_string_free(outer.email, TRUE);
}

static void devsig_take_fields(struct devsig_mail *mail)
{
	mail->from = devsig_take_only(mail, "From");
	mail->subject = devsig_take_only(mail, "Subject");
	mail->type = devsig_take_only(mail, "Content-Type");
	mail->encoding = devsig_take_only(mail, "Content-Transfer-Encoding");
	if (mail->from == NULL || mail->subject == NULL)
		devsig_fail(mail, "it has no From or no Subject");
}

bool devsig_read(const char *bytes, size_t length, struct devsig_mail *mail_r)
{
	if (!devsig_is_there(bytes, length))
		return false;
	*mail_r = (struct devsig_mail){
		.signatures = g_ptr_array_new_with_free_func(devsig_free),
		.fields = g_array_new(FALSE, FALSE, sizeof(struct devsig_field))};
	if (memchr(bytes, '\0', length) != NULL)
		devsig_fail(mail_r, "it has a NUL");
	devsig_take_header(mail_r, bytes, length);
	devsig_take_fields(mail_r);
	devsig_take_signatures(mail_r);
	/* It stands where a header that is too long was not read. */
	if (mail_r->signatures->len == 0)
		g_ptr_array_add(mail_r->signatures, devsig_parse("", 0));
	devsig_complete(mail_r, mail_r->from ? mail_r->from : "");
	return true;
}

void devsig_mail_release(struct devsig_mail *mail)
{
	g_ptr_array_unref(mail->signatures);
	g_array_unref(mail->fields);
	g_free(mail->from);
	g_free(mail->subject);
	g_free(mail->type);
	g_free(mail->encoding);
	*mail = (struct devsig_mail){0};
}

void devsig_read_info(const struct devsig_mail *mail, struct mailinfo *info_r)
{
	const struct mailinfo_input input = {.from = mail->from ? mail->from : "",
		.subject = mail->subject ? mail->subject : "",
		.type = mail->type,
		.encoding = mail->encoding,
		.body = mail->body ? mail->body : "",
		.body_length = mail->body_length};

	mailinfo_read(&input, info_r);
	if (mail->failure != NULL) {
		info_r->failure = mail->failure;
		info_r->other_form = false;
	}
}

static bool devsig_is_hash_of(const char *hash, const GString *body, size_t length)
{
	uint8_t digest[DEVSIG_DIGEST_BYTES];
	gsize size = sizeof digest;
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *word = NULL;

	g_checksum_update(checksum, (const guchar *)body->str, (gssize)length);
	g_checksum_get_digest(checksum, digest, &size);
	g_checksum_free(checksum);
	word = g_base64_encode(digest, size);
	return strcmp(word, hash) == 0;
}

bool devsig_body_fits(
	const struct devsig *signature, const struct mailinfo *info, size_t *added_r)
{
	const GString *body = info->body;

	if (devsig_is_hash_of(signature->body_hash, body, body->len))
		return true;
	*added_r = 0;
	if (signature->length < body->len &&
		devsig_is_hash_of(signature->body_hash, body, signature->length))
		*added_r = body->len - signature->length;
	return false;
}

/* FIELD's body in its canonical form; git decides what From and Subject are. */
static GString *devsig_canonize(
	const struct devsig_field *field, const char *name, const struct mailinfo *info)
{
	g_autoptr(GString) value = NULL;

	if (strcmp(name, "subject") == 0)
		return devsig_relax(info->subject->str, info->subject->len);
	if (strcmp(name, "from") != 0)
		return devsig_relax(field->value, field->value_length);
	value = g_string_new(info->name->str);
	g_string_append_printf(value, " <%s>", info->email->str);
	return devsig_relax(value->str, value->len);
}

/* Adds the field called NAME to what is hashed; a field that the mail does not have adds nothing
 * (RFC 6376 5.4.2).  NULL, or why not. */
static const char *devsig_add_field(GChecksum *checksum, const char *name,
	const struct devsig_mail *mail, const struct mailinfo *info)
{
	const struct devsig_field *field;
	unsigned count = devsig_find(mail, name, &field);
	g_autoptr(GString) value = NULL;

	if (count > 1)
		return "a field that it signs stands twice";
	if (count == 0)
		return NULL;
	value = devsig_canonize(field, name, info);
	/* patatt decodes those, by Python's rules, in lower case only. */
	if (strstr(value->str, "?q?") != NULL)
		return "a field that it signs has an encoded word";
	g_checksum_update(checksum, (const guchar *)name, (gssize)strlen(name));
	g_checksum_update(checksum, (const guchar *)":", 1);
	g_checksum_update(checksum, (const guchar *)value->str, (gssize)value->len);
	g_checksum_update(checksum, (const guchar *)"\r\n", 2);
	return NULL;
}

static bool devsig_is_named_before(const GStrv names, char **name)
{
	for (char **before = names; before < name; before++)
		if (strcmp(*before, *name) == 0)
			return true;
	return false;
}

const char *devsig_digest(const struct devsig *signature, const struct devsig_mail *mail,
	const struct mailinfo *info, uint8_t digest_r[DEVSIG_DIGEST_BYTES])
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	const char *why = info->failure;
	gsize size = DEVSIG_DIGEST_BYTES;

	for (char **name = signature->names; *name != NULL && why == NULL; name++)
		/* The second time there is none left. */
		if (!devsig_is_named_before(signature->names, name))
			why = devsig_add_field(checksum, *name, mail, info);
	g_checksum_update(checksum, (const guchar *)DEVSIG_NAME ":", -1);
	g_checksum_update(checksum, (const guchar *)signature->signed_field->str,
		(gssize)signature->signed_field->len);
	if (why == NULL)
		g_checksum_get_digest(checksum, digest_r, &size);
	g_checksum_free(checksum);
	return why;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "mail/devsig_private.h"

bool devsig_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

GString *devsig_relax(const char *value, size_t length)
{
	GString *out = g_string_sized_new(length + 1);
	bool blank = false;

	for (size_t i = 0; i < length; i++) {
		/* Line ends are no blanks: a fold has its own. */
		if (value[i] == '\r' || value[i] == '\n')
			continue;
		if (devsig_is_blank(value[i])) {
			blank = true;
			continue;
		}
		if (blank && out->len > 0)
			g_string_append_c(out, ' ');
		blank = false;
		g_string_append_c(out, value[i]);
	}
	return out;
}

static char *devsig_strip(const char *text, size_t length)
{
	GString *out = g_string_sized_new(length + 1);

	for (size_t i = 0; i < length; i++)
		if (!devsig_is_blank(text[i]))
			g_string_append_c(out, text[i]);
	return g_string_free(out, FALSE);
}

static void devsig_reject(struct devsig *signature, const char *why)
{
	if (signature->kind != DEVSIG_MALFORMED)
		signature->why = why;
	signature->kind = DEVSIG_MALFORMED;
}

/* 32 or 96 bytes of base64, of whose spellings only the usual one counts. */
static bool devsig_decode(const char *text, uint8_t *bytes_r, size_t length)
{
	g_autofree uint8_t *bytes = NULL;
	g_autofree char *again = NULL;
	size_t got;

	if (strlen(text) != (length + 2) / 3 * 4)
		return false;
	bytes = g_base64_decode(text, &got);
	again = g_base64_encode(bytes, got);
	if (got != length || strcmp(again, text) != 0)
		return false;
	memcpy(bytes_r, bytes, length);
	return true;
}

static void devsig_take_signature(struct devsig *signature, const char *value)
{
	uint8_t bytes[DEVSIG_SIGNATURE_BYTES + DEVSIG_DIGEST_BYTES];

	if (!devsig_decode(value, bytes, sizeof bytes)) {
		devsig_reject(signature, "its b= is no signature with its digest");
		return;
	}
	memcpy(signature->signature, bytes, DEVSIG_SIGNATURE_BYTES);
	memcpy(signature->signed_digest, bytes + DEVSIG_SIGNATURE_BYTES,
		DEVSIG_DIGEST_BYTES);
}

/* RFC 6376 3.5, t= and l=. */
static bool devsig_take_number(const char *value, uint64_t limit, uint64_t *number_r)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 0, limit, &number, NULL))
		return false;
	*number_r = number;
	return true;
}

/* patatt finds fields by names in lower case only, and takes any other for one that the mail does
 * not have. */
static bool devsig_names_are_good(const GStrv names)
{
	if (g_strv_length(names) > LIMIT_SIGNED_FIELDS)
		return false;
	for (char **name = names; *name != NULL; name++) {
		if (**name == '\0')
			return false;
		for (const char *c = *name; *c != '\0'; c++)
			if (*c <= 0x20 || *c >= 0x7f || g_ascii_isupper(*c))
				return false;
	}
	return g_strv_contains((const char *const *)names, "from") &&
	       g_strv_contains((const char *const *)names, "subject");
}

static void devsig_take_names(struct devsig *signature, const char *value)
{
	signature->names = g_strsplit(value, ":", LIMIT_SIGNED_FIELDS + 1);
	if (!devsig_names_are_good(signature->names))
		devsig_reject(signature, "its h= does not name from and subject, or is "
					 "no list of fields");
}

static void devsig_take_time(struct devsig *signature, const char *value)
{
	uint64_t time;

	if (devsig_take_number(value, INT64_MAX, &time))
		signature->time = (int64_t)time;
	else
		devsig_reject(signature, "its t= is no time");
}

static void devsig_take_length(struct devsig *signature, const char *value)
{
	uint64_t length;

	if (devsig_take_number(value, SIZE_MAX - 1, &length))
		signature->length = (size_t)length;
	else
		devsig_reject(signature, "its l= is no length");
}

static void devsig_take_body_hash(struct devsig *signature, const char *value)
{
	uint8_t hash[DEVSIG_DIGEST_BYTES];

	signature->body_hash = g_strdup(value);
	if (!devsig_decode(value, hash, sizeof hash))
		devsig_reject(signature, "its bh= is no SHA-256");
}

static void devsig_take_identity(struct devsig *signature, const char *value)
{
	signature->identity = g_strdup(value);
}

static void devsig_take_selector(struct devsig *signature, const char *value)
{
	if (*value != '\0')
		signature->selector = g_strdup(value);
}

static void devsig_take_algorithm(struct devsig *signature, const char *value)
{
	signature->algorithm = g_strdup(value);
}

/* Unknown tags are signed and have no meaning (RFC 6376 3.2). */
static const struct devsig_tag {
	const char *name;
	void (*take)(struct devsig *signature, const char *value);
} devsig_tags[] = {
	{"v", NULL},
	{"a", devsig_take_algorithm},
	{"i", devsig_take_identity},
	{"s", devsig_take_selector},
	{"t", devsig_take_time},
	{"l", devsig_take_length},
	{"h", devsig_take_names},
	{"bh", devsig_take_body_hash},
	{"b", devsig_take_signature},
};

/* The tags of the canonical FIELD by their names; NULL where one stands twice, or what is no tag
 * stands among them. */
static GHashTable *devsig_split(const char *field)
{
	g_autoptr(GHashTable)
		tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *stripped = devsig_strip(field, strlen(field));
	g_auto(GStrv) chunks = g_strsplit(stripped, ";", -1);

	for (char **chunk = chunks; *chunk != NULL; chunk++) {
		const char *equals = strchr(*chunk, '=');

		/* Behind the last ';' there may be nothing. */
		if (**chunk == '\0' && chunk[1] == NULL)
			break;
		if (equals == NULL || equals == *chunk)
			return NULL;
		if (!g_hash_table_insert(tags,
			    g_strndup(*chunk, (size_t)(equals - *chunk)),
			    g_strdup(equals + 1)))
			return NULL;
	}
	return g_steal_pointer(&tags);
}

/* The field up to the value of b=, which has to stand last: patatt takes all behind the last `b='
 * for the signature. */
static void devsig_cut_field(struct devsig *signature, const GString *field)
{
	const char *last = g_strrstr(field->str, "b=");
	bool is_tag = last != NULL && strchr(last, ';') == NULL &&
		      (last == field->str || last[-1] == ';' ||
			      (last[-1] == ' ' && last - field->str > 1 &&
				      last[-2] == ';'));

	if (!is_tag) {
		devsig_reject(signature, "its last tag is not b=");
		return;
	}
	signature->signed_field = g_string_new_len(
		field->str, last + strlen("b=") - field->str);
}

/* Other versions and algorithms are of other rules, which are not looked at. */
static void devsig_find_kind(struct devsig *signature, GHashTable *tags)
{
	const char *version = g_hash_table_lookup(tags, "v");
	const char *algorithm = g_hash_table_lookup(tags, "a");

	if (version == NULL || strcmp(version, "1") != 0) {
		signature->kind = DEVSIG_OTHER;
		signature->why = "its version is not 1";
	} else if (algorithm == NULL || strcmp(algorithm, "ed25519-sha256") != 0) {
		signature->kind = DEVSIG_OTHER;
		signature->why = "its algorithm is not ed25519-sha256";
	}
}

static void devsig_take_tags(struct devsig *signature, GHashTable *tags)
{
	bool known = signature->kind == DEVSIG_ED25519;

	for (size_t i = 0; i < G_N_ELEMENTS(devsig_tags); i++) {
		const char *value = g_hash_table_lookup(tags, devsig_tags[i].name);

		/* Of others, only who and how. */
		if (value != NULL && devsig_tags[i].take != NULL && (known || i < 4))
			devsig_tags[i].take(signature, value);
	}
	if (known && (signature->names == NULL || signature->body_hash == NULL ||
			     g_hash_table_lookup(tags, "t") == NULL ||
			     g_hash_table_lookup(tags, "b") == NULL))
		devsig_reject(signature, "it has no h=, bh=, t= or b=");
}

struct devsig *devsig_parse(const char *value, size_t length)
{
	struct devsig *signature = g_new0(struct devsig, 1);
	g_autoptr(GString) field = NULL;
	g_autoptr(GHashTable) tags = NULL;

	signature->length = SIZE_MAX;
	if (length > LIMIT_SIGNATURE_BYTES) {
		devsig_reject(signature, "its field is too long");
		return signature;
	}
	field = devsig_relax(value, length);
	tags = devsig_split(field->str);
	/* patatt decodes what may be an encoded word. */
	if (tags == NULL || strchr(field->str, '?') != NULL) {
		devsig_reject(signature, "it is no list of tags, or has one twice");
		return signature;
	}
	devsig_find_kind(signature, tags);
	devsig_take_tags(signature, tags);
	if (signature->selector == NULL)
		signature->selector = g_strdup("default");
	if (signature->kind == DEVSIG_ED25519)
		devsig_cut_field(signature, field);
	return signature;
}

void devsig_free(void *data)
{
	struct devsig *signature = data;

	g_free(signature->algorithm);
	g_free(signature->identity);
	g_free(signature->selector);
	g_strfreev(signature->names);
	g_free(signature->body_hash);
	if (signature->signed_field != NULL)
		g_string_free(signature->signed_field, TRUE);
	g_free(signature);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/minisign.h"

#include <string.h>

#include "base/text.h"

#define MINISIGN_UNTRUSTED "untrusted comment: "
#define MINISIGN_TRUSTED   "trusted comment: "

enum {
	MINISIGN_PUBLIC_BLOB = 2 + MINISIGN_ID_BYTES + MINISIGN_PUBLIC_BYTES,
	MINISIGN_SIGNATURE_BLOB = 2 + MINISIGN_ID_BYTES + MINISIGN_SIGNATURE_BYTES,
	MINISIGN_SECRET_BLOB = 6 + MINISIGN_SALT_BYTES + 16 + MINISIGN_SEALED_BYTES,
};
G_STATIC_ASSERT(MINISIGN_SEALED_BYTES ==
		MINISIGN_ID_BYTES + MINISIGN_SECRET_BYTES + MINISIGN_CHECKSUM_BYTES);

/* Behind it the compiler cannot know that nobody reads MEMORY again. */
static void minisign_wipe(void *memory, size_t length)
{
	explicit_bzero(memory, length);
}

/* A line without its end, LF or CRLF. */
static bool minisign_next_line(const char *text, size_t length, size_t *cursor,
	const char **line_r, size_t *length_r)
{
	if (!text_next_line(text, length, cursor, line_r, length_r))
		return false;
	if (*length_r > 0 && (*line_r)[*length_r - 1] == '\r')
		--*length_r;
	return true;
}

static bool minisign_begins(const char *line, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && memcmp(line, prefix, strlen(prefix)) == 0;
}

static int minisign_digit(char c)
{
	static const char digits[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/";
	const char *found = c != '\0' ? strchr(digits, c) : NULL;

	return found != NULL ? (int)(found - digits) : -1;
}

/* RFC 4648 4, and exactly COUNT bytes.  GLib's decoder skips what is no base64; a signature has
 * one form only. */
static bool minisign_decode(
	const char *line, size_t length, uint8_t *bytes_r, size_t count)
{
	size_t digits = (count * 8 + 5) / 6, done = 0;
	unsigned bits = 0, buffer = 0;
	bool good = length == (count + 2) / 3 * 4;

	for (size_t i = 0; good && i < length; i++) {
		int digit = minisign_digit(line[i]);

		if (i >= digits) {
			good = line[i] == '=';
			continue;
		}
		good = digit >= 0;
		buffer = (buffer << 6 | (unsigned)(digit & 63)) & 0xffff;
		bits += 6;
		if (bits >= 8 && done < count) {
			bits -= 8;
			bytes_r[done++] = (uint8_t)(buffer >> bits);
		}
	}
	/* The bits that no byte has are 0. */
	good = good && (buffer & ((1U << bits) - 1)) == 0;
	minisign_wipe(&buffer, sizeof buffer);
	return good;
}

/* The base64 line that follows an untrusted comment. */
static bool minisign_decode_second(
	const char *text, size_t length, size_t *cursor, uint8_t *bytes_r, size_t count)
{
	const char *line;
	size_t line_length;

	return minisign_next_line(text, length, cursor, &line, &line_length) &&
	       minisign_begins(line, line_length, MINISIGN_UNTRUSTED) &&
	       minisign_next_line(text, length, cursor, &line, &line_length) &&
	       minisign_decode(line, line_length, bytes_r, count);
}

static bool minisign_is_at_end(const char *text, size_t length, size_t cursor)
{
	const char *line;
	size_t line_length;

	while (minisign_next_line(text, length, &cursor, &line, &line_length))
		if (line_length > 0)
			return false;
	return true;
}

bool minisign_parse_public(
	const char *text, size_t length, struct minisign_public *public_r)
{
	uint8_t blob[MINISIGN_PUBLIC_BLOB];
	size_t cursor = 0, line_length;
	const char *line;

	if (!minisign_decode_second(text, length, &cursor, blob, sizeof blob)) {
		cursor = 0;
		if (!minisign_next_line(text, length, &cursor, &line, &line_length) ||
			!minisign_decode(line, line_length, blob, sizeof blob))
			return false;
	}
	if (memcmp(blob, "Ed", 2) != 0 || !minisign_is_at_end(text, length, cursor))
		return false;
	memcpy(public_r->id, blob + 2, MINISIGN_ID_BYTES);
	memcpy(public_r->key, blob + 2 + MINISIGN_ID_BYTES, MINISIGN_PUBLIC_BYTES);
	return true;
}

static uint64_t minisign_read_number(const uint8_t *bytes)
{
	uint64_t number;

	memcpy(&number, bytes, sizeof number);
	return GUINT64_FROM_LE(number);
}

static void minisign_write_number(uint8_t *bytes, uint64_t number)
{
	uint64_t le = GUINT64_TO_LE(number);

	memcpy(bytes, &le, sizeof le);
}

/* "Ed"; "Sc" for scrypt or two NULs for none; "B2" for BLAKE2b, where minisign without a password
 * has it too; salt; limits; what is sealed. */
bool minisign_parse_secret(
	const char *text, size_t length, struct minisign_secret *secret_r)
{
	uint8_t blob[MINISIGN_SECRET_BLOB];
	const uint8_t *at = blob + 6;
	size_t cursor = 0;
	bool scrypt,
		good = minisign_decode_second(text, length, &cursor, blob, sizeof blob);

	scrypt = good && memcmp(blob + 2, "Sc", 2) == 0;
	good = good && minisign_is_at_end(text, length, cursor) &&
	       memcmp(blob, "Ed", 2) == 0 && memcmp(blob + 4, "B2", 2) == 0 &&
	       (scrypt || memcmp(blob + 2, "\0\0", 2) == 0);
	if (good) {
		secret_r->encrypted = scrypt;
		memcpy(secret_r->salt, at, MINISIGN_SALT_BYTES);
		at += MINISIGN_SALT_BYTES;
		secret_r->operations = minisign_read_number(at);
		secret_r->memory = minisign_read_number(at + 8);
		memcpy(secret_r->sealed, at + 16, MINISIGN_SEALED_BYTES);
	}
	minisign_wipe(blob, sizeof blob);
	return good;
}

bool minisign_parse_signature(
	const char *text, size_t length, struct minisign_signature *signature_r)
{
	struct minisign_signature signature = {0};
	uint8_t blob[MINISIGN_SIGNATURE_BLOB];
	size_t cursor = 0, line_length, prefix = strlen(MINISIGN_TRUSTED);
	const char *line;

	if (!minisign_decode_second(text, length, &cursor, blob, sizeof blob) ||
		(memcmp(blob, "ED", 2) != 0 && memcmp(blob, "Ed", 2) != 0) ||
		!minisign_next_line(text, length, &cursor, &line, &line_length) ||
		!minisign_begins(line, line_length, MINISIGN_TRUSTED) ||
		line_length - prefix > MINISIGN_COMMENT_BYTES)
		return false;
	signature.comment = g_string_new_len(
		line + prefix, (gssize)(line_length - prefix));
	if (!minisign_next_line(text, length, &cursor, &line, &line_length) ||
		!minisign_decode(line, line_length, signature.comment_signature,
			MINISIGN_SIGNATURE_BYTES) ||
		!minisign_is_at_end(text, length, cursor)) {
		minisign_signature_release(&signature);
		return false;
	}
	signature.prehashed = blob[1] == 'D';
	memcpy(signature.id, blob + 2, MINISIGN_ID_BYTES);
	memcpy(signature.signature, blob + 2 + MINISIGN_ID_BYTES,
		MINISIGN_SIGNATURE_BYTES);
	*signature_r = signature;
	return true;
}

void minisign_signature_release(struct minisign_signature *signature)
{
	if (signature->comment != NULL)
		g_string_free(signature->comment, TRUE);
	*signature = (struct minisign_signature){0};
}

char *minisign_print_public_line(const struct minisign_public *key)
{
	uint8_t blob[MINISIGN_PUBLIC_BLOB] = {'E', 'd'};

	memcpy(blob + 2, key->id, MINISIGN_ID_BYTES);
	memcpy(blob + 2 + MINISIGN_ID_BYTES, key->key, MINISIGN_PUBLIC_BYTES);
	return g_base64_encode(blob, sizeof blob);
}

char *minisign_print_public(const struct minisign_public *key)
{
	g_autofree char *name = minisign_name_id(key->id);
	g_autofree char *line = minisign_print_public_line(key);

	return g_strdup_printf(
		MINISIGN_UNTRUSTED "minisign public key %s\n%s\n", name, line);
}

void minisign_print_secret(
	const struct minisign_secret *secret, const uint8_t *id, char *text_r)
{
	uint8_t blob[MINISIGN_SECRET_BLOB] = {'E', 'd', 0, 0, 'B', '2'};
	uint8_t *at = blob + 6 + MINISIGN_SALT_BYTES;
	g_autofree char *name = minisign_name_id(id);
	gint state = 0, save = 0;
	gsize end = (gsize)g_snprintf(text_r, MINISIGN_FILE_BYTES,
		MINISIGN_UNTRUSTED "mldigest secret key %s\n", name);

	if (secret->encrypted)
		memcpy(blob + 2, "Sc", 2);
	memcpy(blob + 6, secret->salt, MINISIGN_SALT_BYTES);
	minisign_write_number(at, secret->operations);
	minisign_write_number(at + 8, secret->memory);
	memcpy(at + 16, secret->sealed, MINISIGN_SEALED_BYTES);
	end += g_base64_encode_step(
		blob, sizeof blob, FALSE, text_r + end, &state, &save);
	end += g_base64_encode_close(FALSE, text_r + end, &state, &save);
	text_r[end++] = '\n';
	text_r[end] = '\0';
	minisign_wipe(blob, sizeof blob);
	minisign_wipe(&save, sizeof save);
}

GString *minisign_print_signature(const struct minisign_signature *signature)
{
	uint8_t blob[MINISIGN_SIGNATURE_BLOB] = {'E', signature->prehashed ? 'D' : 'd'};
	g_autofree char *name = minisign_name_id(signature->id);
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	GString *text = g_string_new(NULL);

	memcpy(blob + 2, signature->id, MINISIGN_ID_BYTES);
	memcpy(blob + 2 + MINISIGN_ID_BYTES, signature->signature,
		MINISIGN_SIGNATURE_BYTES);
	first = g_base64_encode(blob, sizeof blob);
	second = g_base64_encode(signature->comment_signature, MINISIGN_SIGNATURE_BYTES);
	g_string_append_printf(text,
		MINISIGN_UNTRUSTED
		"signature by the minisign key %s\n%s\n" MINISIGN_TRUSTED,
		name, first);
	g_string_append_len(
		text, signature->comment->str, (gssize)signature->comment->len);
	g_string_append_printf(text, "\n%s\n", second);
	return text;
}

char *minisign_name_id(const uint8_t id[MINISIGN_ID_BYTES])
{
	return g_strdup_printf(
		"%" G_GINT64_MODIFIER "X", (guint64)minisign_read_number(id));
}

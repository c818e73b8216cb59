/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"
#include "tap.h"

/* printf '%s' TEXT | b2sum -l 256 */
static const struct hash_row {
	const char *rule, *text, *hex;
} hash_rows[] = {
	{"b2sum: of nothing", "",
		"0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
	{"b2sum: of abc", "abc",
		"bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
};

static void test_values(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hash_rows); i++) {
		const struct hash_row *row = &hash_rows[i];
		uint8_t digest[HASH_BYTES];
		g_autofree char *hex = NULL;

		hash_bytes(row->text, strlen(row->text), digest);
		hex = text_to_hex(digest, sizeof digest);
		tap_string(row->rule, hex, row->hex);
	}
}

/* 1,000 bytes are some blocks of 128 and a rest. */
static void test_pieces(void)
{
	char bytes[1000];
	uint8_t whole[HASH_BYTES], pieces[HASH_BYTES];
	struct hash hash;
	size_t done = 0;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7 % 256);
	hash_bytes(bytes, sizeof bytes, whole);
	hash_init(&hash);
	for (size_t piece = 0; done < sizeof bytes; piece++) {
		size_t length = MIN(piece, sizeof bytes - done);

		hash_update(&hash, bytes + done, length);
		done += length;
	}
	hash_final(&hash, pieces);
	tap_bytes("pieces give what the whole gives", pieces, sizeof pieces, whole,
		sizeof whole);
}

static void hash_two_fields(
	const char *one, const char *other, uint8_t digest[HASH_BYTES])
{
	struct hash hash;

	hash_init(&hash);
	hash_update_field(&hash, one, strlen(one));
	hash_update_field(&hash, other, strlen(other));
	hash_final(&hash, digest);
}

static void test_fields(void)
{
	/* What the two fields `ab` and `c` are by the header's words. */
	static const char bytes[] = "\2\0\0\0\0\0\0\0ab\1\0\0\0\0\0\0\0c";
	uint8_t split[HASH_BYTES], otherwise[HASH_BYTES], expected[HASH_BYTES];

	hash_two_fields("ab", "c", split);
	hash_two_fields("a", "bc", otherwise);
	hash_bytes(bytes, sizeof bytes - 1, expected);
	tap_bytes("a field is its length, little-endian in eight bytes, and itself",
		split, sizeof split, expected, sizeof expected);
	tap_true("fields do not run together", memcmp(split, otherwise, HASH_BYTES) != 0);
}

int main(void)
{
	test_values();
	test_pieces();
	test_fields();
	return tap_end();
}

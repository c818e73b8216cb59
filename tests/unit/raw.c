/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/limits.h"
#include "tap.h"

enum { PIECES = 4 };

static const struct raw_row {
	const char *rule;
	const char *pieces[PIECES];
	const char *message;
} raw_rows[] = {
	{"one piece", {"Subject: one\n\nbody\n"}, "Subject: one\n\nbody\n"},
	{"pieces add up", {"Subj", "ect: one\n\nb", "", "ody\n"},
		"Subject: one\n\nbody\n"},
	{"RFC 4155: the From line is no part of the message",
		{"From ida@example.org Tue Mar  3 10:11:12 2026\nSubject: one\n\nbody\n"},
		"Subject: one\n\nbody\n"},
	{"RFC 4155: the From line in a piece of its own",
		{"From ida@example.org Tue Mar  3 10:11:12 2026\n", "Subject: one\n"},
		"Subject: one\n"},
	{"RFC 4155: only the first line can be one",
		{"From ida@example.org Tue Mar  3 10:11:12 2026\n",
			"From here on it is a body\n", "and more\n"},
		"From here on it is a body\nand more\n"},
	{"RFC 4155: one From line, not two",
		{"From a Tue Mar  3 10:11:12 2026\nFrom b Tue Mar  3 10:11:12 2026\n"},
		"From b Tue Mar  3 10:11:12 2026\n"},
	{"a From line later on stays", {"Subject: one\n\n", "From here on\n"},
		"Subject: one\n\nFrom here on\n"},
	{"a From field is no From line", {"From: ida@example.org\n\nbody\n"},
		"From: ida@example.org\n\nbody\n"},
	{"a quoted From line is none", {">From ida\nSubject: one\n"},
		">From ida\nSubject: one\n"},
	{"a From line and nothing else", {"From ida@example.org"}, ""},
	{"less than a From line", {"From"}, "From"},
	{"nothing", {""}, ""},
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(raw_rows); i++) {
		const struct raw_row *row = &raw_rows[i];
		g_autofree char *name = g_strconcat(row->rule, ", its hash", NULL);
		uint8_t digest[HASH_BYTES], expected[HASH_BYTES];
		struct raw raw;

		raw_init(&raw);
		for (size_t j = 0; j < PIECES && row->pieces[j] != NULL; j++) {
			size_t length = strlen(row->pieces[j]);
			char *piece = tap_exact(row->pieces[j], length);

			raw_append(&raw, piece, length);
			free(piece);
		}
		tap_bytes(row->rule, raw.bytes->str, raw.bytes->len, row->message,
			strlen(row->message));
		raw_finish(&raw, digest);
		hash_bytes(row->message, strlen(row->message), expected);
		tap_true(name, memcmp(digest, expected, HASH_BYTES) == 0 &&
				       raw.length == strlen(row->message));
		raw_release(&raw);
	}
}

static const struct size_row {
	const char *rule;
	size_t first, second, third;
} size_rows[] = {
	{"limit: what just fits", LIMIT_MESSAGE_BYTES - 1, 1, 0},
	{"limit: one byte more, in a piece of its own", LIMIT_MESSAGE_BYTES, 1, 0},
	{"limit: a piece that crosses it", LIMIT_MESSAGE_BYTES - 10, 20, 0},
	{"limit: pieces behind it", LIMIT_MESSAGE_BYTES + 3, 5, 7},
};

/* Kept are the first bytes; the length and the hash are the whole's. */
static bool limit_holds(const struct size_row *row, const char *bytes)
{
	size_t whole = row->first + row->second + row->third;
	uint8_t digest[HASH_BYTES], expected[HASH_BYTES];
	struct raw raw;
	bool held;

	raw_init(&raw);
	raw_append(&raw, bytes, row->first);
	raw_append(&raw, bytes + row->first, row->second);
	raw_append(&raw, bytes + row->first + row->second, row->third);
	raw_finish(&raw, digest);
	hash_bytes(bytes, whole, expected);
	held = raw.length == whole &&
	       raw.bytes->len == MIN(whole, (size_t)LIMIT_MESSAGE_BYTES) &&
	       memcmp(raw.bytes->str, bytes, raw.bytes->len) == 0 &&
	       memcmp(digest, expected, HASH_BYTES) == 0;
	raw_release(&raw);
	return held;
}

static void test_limit(void)
{
	size_t length = LIMIT_MESSAGE_BYTES + 64;
	g_autofree char *bytes = g_malloc(length);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)('a' + i % 23);
	for (size_t i = 0; i < G_N_ELEMENTS(size_rows); i++)
		tap_true(size_rows[i].rule, limit_holds(&size_rows[i], bytes));
}

int main(void)
{
	test_rows();
	test_limit();
	return tap_end();
}

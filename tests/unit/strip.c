/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/strip.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define LONG_NAME 2000

static const struct row {
	const char *rule;
	const char *message;
	size_t length;
	const char *expected;
	size_t expected_length;
} rows[] = {
	{"nothing", TAP_BYTES(""), TAP_BYTES("")},
	{"no field of ours", TAP_BYTES("Subject: a\nFrom: b\n\nbody\n"),
		TAP_BYTES("Subject: a\nFrom: b\n\nbody\n")},
	{"ours goes", TAP_BYTES("X-Own-Class: a\nFrom: b\n\nbody\n"),
		TAP_BYTES("From: b\n\nbody\n")},
	{"in the middle and at the end",
		TAP_BYTES("A: a\nX-Own-A: b\nB: c\nX-Own-B: d\n\n"),
		TAP_BYTES("A: a\nB: c\n\n")},
	{"in any case", TAP_BYTES("x-oWN-a: b\nB: c\n"), TAP_BYTES("B: c\n")},
	{"RFC 5322 2.2.3: with the lines that continue it",
		TAP_BYTES("A: a\nX-Own-A: b\n c\n\td\n \nB: e\n f\n"),
		TAP_BYTES("A: a\nB: e\n f\n")},
	{"a line that continues another's field stays", TAP_BYTES("A: a\n X-Own-A: b\n"),
		TAP_BYTES("A: a\n X-Own-A: b\n")},
	{"two in a row", TAP_BYTES("X-Own-A: a\nX-Own-A: b\nB:\n"), TAP_BYTES("B:\n")},
	{"behind the empty line all stays", TAP_BYTES("A: a\n\nX-Own-A: b\n"),
		TAP_BYTES("A: a\n\nX-Own-A: b\n")},
	{"CRLF", TAP_BYTES("X-Own-A: a\r\n b\r\nA: a\r\n\r\nX-Own-A: b\r\n"),
		TAP_BYTES("A: a\r\n\r\nX-Own-A: b\r\n")},
	{"a CR that ends no line", TAP_BYTES("\rX-Own-A: a\n\r\r\nX-Own-A: b\n\r"),
		TAP_BYTES("\rX-Own-A: a\n\r\r\n\r")},
	{"RFC 5322 4.5: blanks before the colon", TAP_BYTES("X-Own-A \t: a\nA: a\n"),
		TAP_BYTES("A: a\n")},
	{"a line without a colon is no field",
		TAP_BYTES("X-Own-A a: b\nX-Own-\nX-Own-\xe9: c\nX-Own-\001:\n"),
		TAP_BYTES("X-Own-A a: b\nX-Own-\nX-Own-\xe9: c\nX-Own-\001:\n")},
	{"another name that begins like it", TAP_BYTES("X-Own: a\nX-Ow\n"),
		TAP_BYTES("X-Own: a\nX-Ow\n")},
	{"nothing behind the prefix", TAP_BYTES("X-Own-: a\nB: b\n"),
		TAP_BYTES("B: b\n")},
	{"a header without an end", TAP_BYTES("A: a\nX-Own-A: b"), TAP_BYTES("A: a\n")},
	{"the end within the name", TAP_BYTES("A: a\nX-Own-A"),
		TAP_BYTES("A: a\nX-Own-A")},
	{"no header", TAP_BYTES("\nX-Own-A: a\n"), TAP_BYTES("\nX-Own-A: a\n")},
	{"a blank first", TAP_BYTES(" a\nX-Own-A: a\n"), TAP_BYTES(" a\n")},
	{"NUL", TAP_BYTES("A: a\0b\n\0X-Own-A: b\nX-Own-A: b\0c\nB: c\n"),
		TAP_BYTES("A: a\0b\n\0X-Own-A: b\nB: c\n")},
};

static GString *run(const char *message, size_t length, size_t piece)
{
	GString *out = g_string_new(NULL);
	struct strip strip;

	strip_init(&strip, "X-Own-");
	for (size_t at = 0; at < length; at += piece) {
		size_t n = MIN(piece, length - at);
		char *bytes = tap_exact(message + at, n);

		strip_append(&strip, bytes, n, out);
		free(bytes);
	}
	strip_finish(&strip, out);
	return out;
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		bool same = true;
		g_autofree char *name = g_strconcat(row->rule, ", in pieces", NULL);
		g_autoptr(GString)
			whole = run(row->message, row->length, row->length + 1);

		tap_bytes(row->rule, whole->str, whole->len, row->expected,
			row->expected_length);
		for (size_t piece = 1; piece < row->length; piece++) {
			g_autoptr(GString) out = run(row->message, row->length, piece);

			same = same && g_string_equal(out, whole);
		}
		tap_true(name, same);
	}
}

static void test_long_name(void)
{
	g_autoptr(GString) message = g_string_new("X-Own-");

	for (int i = 0; i < LONG_NAME; i++)
		g_string_append_c(message, 'a');
	g_string_append(message, ": b\nX-Own-A: c\n");
	for (size_t piece = 1; piece < 3000; piece += 1499) {
		g_autoptr(GString) out = run(message->str, message->len, piece);

		tap_bytes("RFC 5322 2.1.1: a name of more than a line is none of ours",
			out->str, out->len, message->str, message->len - 11);
	}
}

int main(void)
{
	test_rows();
	test_long_name();
	return tap_end();
}

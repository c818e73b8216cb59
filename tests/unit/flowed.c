/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/flowed.h"

#include <string.h>

#include "tap.h"

static const struct flowed_row {
	const char *rule, *text, *expected, *deleted; /* NULL: the same */
} flowed_rows[] = {
	{"RFC 3676 4.1: a line that ends in a blank goes on", "one \ntwo \nthree\nfour\n",
		"one two three\nfour\n", "onetwothree\nfour\n"},
	{"RFC 3676 4.1: the last line of a text has none to join", "one \n", "one \n",
		NULL},
	{"RFC 3676 4.1: only one blank is deleted", "one  \ntwo\n", "one  two\n",
		"one two\n"},
	{"git mailinfo: an empty line ends what goes on", "one \n\ntwo\n", "one \ntwo\n",
		"one\ntwo\n"},
	{"RFC 3676 4.4: a stuffed blank is taken out",
		" one\n  two\n > three\n From four\n", "one\n two\n> three\nFrom four\n",
		NULL},
	{"RFC 3676 4.4: of a line that is joined, too", "one \n  two\n", "one  two\n",
		"one two\n"},
	{"RFC 3676 4.4: a blank alone was stuffed", "one\n \ntwo\n", "one\n\ntwo\n",
		NULL},
	{"RFC 3676 4.3: a signature does not go on", "one\n-- \nIda\n", "one\n-- \nIda\n",
		NULL},
	{"RFC 3676 4.3: nothing goes on in a signature", "one \n-- \nIda\n",
		"one \n-- \nIda\n", NULL},
	{"RFC 3676 4.3: a signature that is quoted", "> one\n> -- \n> Ida\n",
		"> one\n> -- \n> Ida\n", NULL},
	{"RFC 3676 4.5: as many `>`", ">> one \n>> two\n", ">> one two\n", ">> onetwo\n"},
	{"RFC 3676 4.5: as many `>`, not stuffed", ">one \n>two\n", ">one two\n",
		">onetwo\n"},
	{"RFC 3676 4.5: more `>` are other words", "> one \n>> two\n", "> one \n>> two\n",
		NULL},
	{"RFC 3676 4.5: no `>` are other words", "> one \ntwo\n", "> one \ntwo\n", NULL},
	{"RFC 3676 4.5: an answer does not go on in a quote", "one \n> two\n",
		"one \n> two\n", NULL},
	{"diff: a long line of a hunk",
		"@@ -1,2 +1,2 @@ \nstatic int f(void)\n-int \nx;\n+int y;\n  z\n",
		"@@ -1,2 +1,2 @@ static int f(void)\n-int x;\n+int y;\n z\n",
		"@@ -1,2 +1,2 @@static int f(void)\n-intx;\n+int y;\n z\n"},
	{"diff: a header", "diff --git a/a.c \nb/a.c\n", "diff --git a/a.c b/a.c\n",
		"diff --git a/a.cb/a.c\n"},
	{"diff: an empty line of the file does not go on",
		"@@ -1,3 +1,2 @@\n  \n  a\n-b\n", "@@ -1,3 +1,2 @@\n \n a\n-b\n", NULL},
	{"text: blanks alone go on", "one\n  \n  a\n", "one\n  a\n", "one\n a\n"},
	{"text: a last line without its end", "one \ntwo", "one two\n", "onetwo\n"},
	{"text: nothing", "", "", NULL},
};

static void test_row(
	const char *rule, const char *text, const char *expected, bool deletes)
{
	g_autoptr(GString) joined = g_string_new(text);

	flowed_join(joined, deletes);
	tap_string(rule, joined->str, expected);
}

/* Bytes that no line break was meant for. */
static void test_nul(void)
{
	static const char raw[] = "a\0 \nb\n";
	g_autoptr(GString) text = g_string_new_len(raw, sizeof raw - 1);

	flowed_join(text, false);
	tap_true("a NUL is a byte",
		text->len == 5 && memcmp(text->str, "a\0 b\n", 5) == 0);
}

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flowed_rows); i++) {
		const struct flowed_row *row = &flowed_rows[i];
		g_autofree char *rule = g_strconcat(row->rule, ", DelSp", NULL);

		test_row(row->rule, row->text, row->expected, false);
		test_row(rule, row->text, row->deleted ? row->deleted : row->expected,
			true);
	}
	test_nul();
	return tap_end();
}

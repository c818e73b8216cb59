/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/words.h"

#include <glib.h>

#include "tap.h"

static const struct words_row {
	const char *rule, *line, *quoted;
} words_rows[] = {
	{"RFC 2047 4.1: a word in base64",
		"=?utf-8?B?S1ZNIMQ=?=", "=?utf-8?Q?=4B=56=4D=20=C4?="},
	{"RFC 2047 2: in lower case", "=?utf-8?b?S1ZN?=", "=?utf-8?Q?=4B=56=4D?="},
	{"words: two, with their blank",
		"=?utf-8?B?xA==?= =?utf-8?B?jQ==?=", "=?utf-8?Q?=C4?= =?utf-8?Q?=8D?="},
	{"words: what stands around them stays", "a =?utf-8?B?S1ZN?= <b@c>",
		"a =?utf-8?Q?=4B=56=4D?= <b@c>"},
	{"words: without a blank around them", "\"=?utf-8?B?S1ZN?=\"",
		"\"=?utf-8?Q?=4B=56=4D?=\""},
	{"RFC 2231 5: a language behind the charset stays",
		"=?utf-8*en?B?S1ZN?=", "=?utf-8*en?Q?=4B=56=4D?="},
	{"words: one that is in quoted-printable stays",
		"=?utf-8?Q?K=56M?=", "=?utf-8?Q?K=56M?="},
	{"words: behind one that is in quoted-printable",
		"=?utf-8?Q?K?= =?utf-8?B?Vg==?=", "=?utf-8?Q?K?= =?utf-8?Q?=56?="},
	{"words: nothing in it", "=?utf-8?B?\?=", "=?utf-8?Q?\?="},
	{"words: padding that is missing loses no whole byte",
		"=?utf-8?B?S1ZNIA?=", "=?utf-8?Q?=4B=56=4D=20?="},
	{"words: no charset is no word", "=??B?S1ZN?=", "=??B?S1ZN?="},
	{"words: another encoding is no word", "=?utf-8?X?S1ZN?=", "=?utf-8?X?S1ZN?="},
	{"words: a blank in the charset is no word",
		"=?utf 8?B?S1ZN?=", "=?utf 8?B?S1ZN?="},
	{"words: a blank in the text is no word",
		"=?utf-8?B?S1 ZN?=", "=?utf-8?B?S1 ZN?="},
	{"words: one that never ends is no word", "=?utf-8?B?S1ZN", "=?utf-8?B?S1ZN"},
	{"words: nor one that lacks its '='", "=?utf-8?B?S1ZN? =", "=?utf-8?B?S1ZN? ="},
	{"words: cut anywhere", "=?utf-8?B", "=?utf-8?B"},
	{"words: the mark alone", "a =? b =?", "a =? b =?"},
	{"words: none", "KVM: Fix it", "KVM: Fix it"},
	{"words: nothing", "", ""},
};

static const struct words_row comment_rows[] = {
	{"comments: among the words of a name", "Ida (a) Holm <ida@x>",
		"Ida \"(a)\" Holm <ida@x>"},
	{"RFC 5322 3.2.2: they nest", "Ida (a (b) c) <ida@x>",
		"Ida \"(a (b) c)\" <ida@x>"},
	{"RFC 5322 3.2.1: a pair in one", "Ida (a\\)b) <ida@x>",
		"Ida \"(a\\)b)\" <ida@x>"},
	{"comments: quotes in one", "Ida (\"a\") <ida@x>", "Ida \"(\\\"a\\\")\" <ida@x>"},
	{"comments: the only name", "(Ida) <ida@x>", "\"Ida\" <ida@x>"},
	{"comments: behind the address", "Ida <ida@x> (a)", "Ida <ida@x> (a)"},
	{"comments: behind a bare address", "ida@x (Ida)", "ida@x (Ida)"},
	{"comments: in a quoted string", "\"Ida (a)\" <ida@x>", "\"Ida (a)\" <ida@x>"},
	{"comments: of the second mailbox", "ida@x, Jan (a) <jan@x>, Jo <jo@x>",
		"ida@x, Jan \"(a)\" <jan@x>, Jo <jo@x>"},
	{"comments: a comma in one", "Ida (a, b) <ida@x>", "Ida \"(a, b)\" <ida@x>"},
	{"comments: in a group", "Us: Ida (a) <ida@x>;", "Us: Ida \"(a)\" <ida@x>;"},
	{"comments: never closed", "Ida (a <ida@x>", "Ida (a <ida@x>"},
	{"comments: a backslash at the end", "Ida (a\\", "Ida (a\\"},
	{"comments: nothing", "", ""},
};

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(comment_rows); i++) {
		g_autofree char *kept = words_keep_comments(comment_rows[i].line);

		tap_string(comment_rows[i].rule, kept, comment_rows[i].quoted);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(words_rows); i++) {
		g_autofree char *quoted = words_to_quoted(words_rows[i].line);

		tap_string(words_rows[i].rule, quoted, words_rows[i].quoted);
	}
	return tap_end();
}

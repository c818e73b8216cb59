/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail/message.h"
#include "tap.h"

static const struct in_body_row {
	const char *rule, *text;
	const char *from; /* name|address, NULL: there is none */
	const char *rest; /* the text without the line */
} in_body_rows[] = {
	{"in-body: the first line", "From: Ida Holm <ida@example.org>\n\nWords.\n",
		"Ida Holm|ida@example.org", "\nWords.\n"},
	{"in-body: behind blank lines", "\n \n\nFrom: Ida <ida@example.org>\n\nWords.\n",
		"Ida|ida@example.org", "\n \n\n\nWords.\n"},
	{"in-body: in any case", "FROM: Ida <ida@example.org>\nWords.\n",
		"Ida|ida@example.org", "Words.\n"},
	{"in-body: only an address", "From: ida@example.org\n\nWords.\n",
		"|ida@example.org", "\nWords.\n"},
	{"in-body: quoted", "From: \"Holm, Ida\" <ida@example.org>\n\n",
		"Holm, Ida|ida@example.org", "\n"},
	{"in-body: encoded", "From: =?utf-8?B?SmnFmcOt?= <jiri@example.cz>\n\nWords.\n",
		"Jiří|jiri@example.cz", "\nWords.\n"},
	{"in-body: not ASCII", "From: Jiří Dvořák <jiri@example.cz>\n",
		"Jiří Dvořák|jiri@example.cz", ""},
	{"in-body: folded",
		"From: A Person With A Long Name\n <person@example.org>\n\nWords.\n",
		"A Person With A Long Name|person@example.org", "\nWords.\n"},
	{"in-body: an indented paragraph right behind it is no fold",
		"From: Ida <ida@example.org>\n    a table\n", "Ida|ida@example.org",
		"    a table\n"},
	{"git-am(1): white space behind the colon may be a tab",
		"From:\tIda <ida@example.org>\n\n", "Ida|ida@example.org", "\n"},
	{"in-body: no line end behind it", "From: Ida <ida@example.org>",
		"Ida|ida@example.org", ""},
	{"in-body: not behind words", "Words.\nFrom: Ida <ida@example.org>\n", NULL,
		NULL},
	{"in-body: a quoted one is none", "> From: Ida <ida@example.org>\n", NULL, NULL},
	{"in-body: an indented one is none", "  From: Ida <ida@example.org>\n", NULL,
		NULL},
	{"in-body: words are no mailbox", "From: what I have seen, it works\n", NULL,
		NULL},
	{"in-body: a sentence", "From Monday on it works.\n", NULL, NULL},
	{"in-body: another field", "Fromage: <ida@example.org>\n", NULL, NULL},
	{"in-body: the name alone", "From:", NULL, NULL},
	{"in-body: a blank and no more", "From: ", NULL, NULL},
	{"in-body: nothing", "", NULL, NULL},
	{"in-body: only blank lines", "\n\n \n", NULL, NULL},
};

static void test_in_body(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(in_body_rows); i++) {
		const struct in_body_row *row = &in_body_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);
		struct identity_in_body from = {0};
		g_autofree char *got = NULL;
		g_autofree char *expected = NULL;

		if (identity_find_in_body(text, length, &from))
			got = g_strdup_printf("%s|%s and %.*s%.*s", from.name,
				from.address, (int)from.start, text,
				(int)(length - from.end), text + from.end);
		if (row->from != NULL)
			expected = g_strdup_printf("%s and %s", row->from, row->rest);
		tap_string(row->rule, got, expected);
		g_free(from.name);
		g_free(from.address);
		free(text);
	}
}

/* Every row but the last two is what `git check-mailmap` (2.39) says. */
static const struct mailmap_row {
	const char *rule, *mailmap, *name, *address, *expected;
} mailmap_rows[] = {
	{"gitmailmap(5): a proper name", "Ida Holm <ida@x.org>\n", "ida", "ida@x.org",
		"Ida Holm <ida@x.org>"},
	{"gitmailmap(5): a proper address", "<ida@y.org> <ida@x.org>\n", "Ida",
		"ida@x.org", "Ida <ida@y.org>"},
	{"gitmailmap(5): both, by address", "Ida Holm <ida@y.org> <ida@x.org>\n", "ida",
		"ida@x.org", "Ida Holm <ida@y.org>"},
	{"gitmailmap(5): both, by name and address",
		"Ida Holm <ida@y.org> ida <root@x.org>\n", "ida", "root@x.org",
		"Ida Holm <ida@y.org>"},
	{"gitmailmap(5): by name and address, another name",
		"Ida Holm <ida@y.org> ida <root@x.org>\n", "jan", "root@x.org",
		"jan <root@x.org>"},
	{"gitmailmap(5): addresses have no case", "Ida Holm <Ida@X.org>\n", "i",
		"IDA@x.ORG", "Ida Holm <IDA@x.ORG>"},
	{"gitmailmap(5): nor have names", "Ida Holm <ida@y.org> ROOT <root@x.org>\n",
		"Root", "root@x.org", "Ida Holm <ida@y.org>"},
	{"gitmailmap(5): another address stays", "Ida Holm <ida@x.org>\n", "Jan",
		"jan@x.org", "Jan <jan@x.org>"},
	{"gitmailmap(5): a comment is no entry", "# Ida Holm <ida@x.org>\n", "ida",
		"ida@x.org", "ida <ida@x.org>"},
	{"gitmailmap(5): words behind the entry are passed over",
		"Ida Holm <ida@x.org> # since 2020\n", "ida", "ida@x.org",
		"Ida Holm <ida@x.org>"},
	{"mailmap: blanks around everything",
		"  Ida Holm   <ida@y.org>   <ida@x.org>  \n", "ida", "ida@x.org",
		"Ida Holm <ida@y.org>"},
	{"mailmap: CRLF", "Ida Holm <ida@y.org> <ida@x.org>\r\n", "ida", "ida@x.org",
		"Ida Holm <ida@y.org>"},
	{"mailmap: a last line without LF", "\n\nIda Holm <ida@x.org>", "ida",
		"ida@x.org", "Ida Holm <ida@x.org>"},
	{"mailmap: of two entries the later name", "A <ida@x.org>\nB <ida@x.org>\n",
		"ida", "ida@x.org", "B <ida@x.org>"},
	{"mailmap: entries by address add up",
		"Ida Holm <ida@x.org>\n<ida@y.org> <ida@x.org>\n", "ida", "ida@x.org",
		"Ida Holm <ida@y.org>"},
	{"mailmap: the entry with the name wins, before it",
		"Ida Holm <ida@y.org> ida <root@x.org>\nRoot <root@x.org>\n", "ida",
		"root@x.org", "Ida Holm <ida@y.org>"},
	{"mailmap: the entry with the name wins, behind it",
		"Root <root@z.org> <root@x.org>\nIda Holm <ida@y.org> ida <root@x.org>\n",
		"ida", "root@x.org", "Ida Holm <ida@y.org>"},
	{"mailmap: the entry with the name takes nothing from those without",
		"Root <root@z.org> <root@x.org>\n<ida@y.org> ida <root@x.org>\n", "ida",
		"root@x.org", "ida <ida@y.org>"},
	{"mailmap: who has no entry with the name takes the other",
		"Root <root@z.org> <root@x.org>\nIda Holm <ida@y.org> ida <root@x.org>\n",
		"jan", "root@x.org", "Root <root@z.org>"},
	{"mailmap: of two entries with the name the later, whole",
		"Ida Holm <ida@y.org> ida <root@x.org>\n<ida@z.org> ida <root@x.org>\n",
		"ida", "root@x.org", "ida <ida@z.org>"},
	{"mailmap: entries lead no further",
		"B <b@x.org> <a@x.org>\nC <c@x.org> <b@x.org>\n", "a", "a@x.org",
		"B <b@x.org>"},
	{"mailmap: an address alone says nothing", "<ida@x.org>\n", "ida", "ida@x.org",
		"ida <ida@x.org>"},
	{"mailmap: lines that are no entry",
		"junk\n<\n>\nIda Holm <ida@x.org\n<>\nx <>\nIda Holm <ida@x.org>\n",
		"ida", "ida@x.org", "Ida Holm <ida@x.org>"},
	{"mailmap: names that are not ASCII", "Jiří Dvořák <jiri@x.org>\n", "Jiri",
		"jiri@x.org", "Jiří Dvořák <jiri@x.org>"},
	{"mailmap: nothing in it", "", "ida", "ida@x.org", "ida <ida@x.org>"},
	{"mailmap: there is none", NULL, "ida", "ida@x.org", "ida <ida@x.org>"},
	{"mailmap: a control in it reaches no digest", "Ida\033[2J <ida@x.org>\n", "ida",
		"ida@x.org", "Ida\xef\xbf\xbd[2J <ida@x.org>"},
};

static void test_mailmap(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mailmap_rows); i++) {
		const struct mailmap_row *row = &mailmap_rows[i];
		size_t length = row->mailmap ? strlen(row->mailmap) : 0;
		char *text = tap_exact(row->mailmap ? row->mailmap : "", length);
		struct mailmap *mailmap = row->mailmap ? mailmap_parse(text, length)
						       : NULL;
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;
		g_autofree char *got = NULL;

		mailmap_apply(mailmap, row->name, row->address, &name, &address);
		got = g_strdup_printf("%s <%s>", name, address);
		tap_string(row->rule, got, row->expected);
		mailmap_free(mailmap);
		free(text);
	}
}

int main(void)
{
	message_init_library();
	test_in_body();
	test_mailmap();
	return tap_end();
}

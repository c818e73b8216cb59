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
		identity_release_in_body(&from);
		free(text);
	}
}

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

/* Every row but the last three is what `git mailinfo -b` (2.39) says of it in front of
 * a diff. */
static const struct block_row {
	const char *rule, *text;
	const char *fields; /* author|subject|date, NULL: there is none */
	const char *rest;   /* the text without them */
} block_rows[] = {
	{"git-am(1): From alone", "From: Ida <i@x.org>\n\nWords.\n", "i@x.org|-|-",
		"\nWords.\n"},
	{"git-am(1): Subject behind From", "From: Ida <i@x.org>\nSubject: in\n\nWords.\n",
		"i@x.org|in|-", "\nWords.\n"},
	{"git-am(1): Subject in front of From",
		"Subject: in\nFrom: Ida <i@x.org>\nWords.\n", "i@x.org|in|-", "Words.\n"},
	{"git-am(1): Date", "Date: Mon, 1 Jan 2024 00:00:00 +0000\nFrom: Ida <i@x.org>\n",
		"i@x.org|-|Mon, 1 Jan 2024 00:00:00 +0000", ""},
	{"git-am(1): Subject alone", "Subject: in\n\nWords.\n", "-|in|-", "\nWords.\n"},
	{"in-body: a folded subject", "Subject: in\n two lines\n\nWords.\n",
		"-|in two lines|-", "\nWords.\n"},
	{"in-body: an encoded subject", "Subject: =?utf-8?q?gr=C3=BCn?=\n\n", "-|grün|-",
		"\n"},
	{"in-body: a field behind a blank line is text",
		"From: Ida <i@x.org>\n\nSubject: not\n", "i@x.org|-|-",
		"\nSubject: not\n"},
	{"in-body: a second one is text", "From: Ida <i@x.org>\nFrom: Jan <j@x.org>\n",
		"i@x.org|-|-", "From: Jan <j@x.org>\n"},
	{"in-body: another field is text", "From: Ida <i@x.org>\nCc: j@x.org\n\n",
		"i@x.org|-|-", "Cc: j@x.org\n\n"},
	{"in-body: behind another field is text",
		"Content-Type: text/plain\nFrom: Ida <i@x.org>\n\n", NULL, NULL},
	{"in-body: no white space behind the colon", "From:Ida <i@x.org>\n\n",
		"i@x.org|-|-", "\n"},
	{"in-body: a fold right behind the colon", "From:\n Ida <i@x.org>\n\n",
		"i@x.org|-|-", "\n"},
	{"in-body: a tag is a subject", "[PATCH] in\nFrom: Ida <i@x.org>\n\n",
		"i@x.org|[PATCH] in|-", "\n"},
	{"in-body: behind what format-patch begins with, as mbox escapes it",
		">From " COMMIT " Mon Sep 17 00:00:00 2001\nFrom: Ida <i@x.org>\n\n",
		"i@x.org|-|-", "\n"},
	{"in-body: any other such line is text",
		">From " COMMIT " Mon Sep 17 00:00:00 2002\nFrom: Ida <i@x.org>\n\n",
		NULL, NULL},
	{"in-body: an escaped field is text", ">From: Ida <i@x.org>\n\n", NULL, NULL},
	{"in-body: no scissors", "-- >8 --\nFrom: Ida <i@x.org>\n\n", NULL, NULL},
	{"in-body: blanks between names count once", "From: Ida   Holm <i@x.org>\n",
		"i@x.org|-|-", ""},
	{"in-body: of several mailboxes the first",
		"From: Ida <i@x.org>, Jan <j@x.org>\n", "i@x.org|-|-", ""},
	{"in-body: a subject and a sentence", "Subject: in\nFrom: here on it works.\n",
		"-|in|-", "From: here on it works.\n"},
	{"in-body: a separator alone is none",
		">From " COMMIT " Mon Sep 17 00:00:00 2001\nWords.\n", NULL, NULL},
};

static void test_block(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(block_rows); i++) {
		const struct block_row *row = &block_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);
		struct identity_in_body from = {0};
		g_autofree char *got = NULL;
		g_autofree char *expected = NULL;

		if (identity_find_in_body(text, length, &from))
			got = g_strdup_printf("%s|%s|%s and %.*s",
				from.address ? from.address : "-",
				from.subject ? from.subject : "-",
				from.date ? from.date : "-",
				(int)(length - from.block_end), text + from.block_end);
		if (row->fields != NULL)
			expected = g_strdup_printf("%s and %s", row->fields, row->rest);
		tap_string(row->rule, got, expected);
		identity_release_in_body(&from);
		free(text);
	}
}

/* The fields as the programs write them that are named. */
static const struct sender_row {
	const char *rule;
	const char *from; /* name|address */
	const char *reply_to, *x_original_from, *cc;
	const char *list_id;
	const char *expected; /* name|address, NULL: nothing was rewritten */
} sender_rows[] = {
	{"Mailman: Reply-To", "Ida Holm via Qemu-devel|qemu-devel@nongnu.org",
		"Ida Holm <ida@x.org>", NULL, NULL, "qemu-devel.nongnu.org",
		"Ida Holm|ida@x.org"},
	{"Mailman: a list without a name", "Ida Holm via|qemu-devel@nongnu.org",
		"Ida Holm <ida@x.org>", NULL, NULL, "qemu-devel.nongnu.org",
		"Ida Holm|ida@x.org"},
	{"Mailman: another list than ours", "Ida via Ltp|ltp@lists.linux.it",
		"Ida <ida@x.org>", NULL, NULL, "linux-kernel.vger.kernel.org",
		"Ida|ida@x.org"},
	{"Mailman: the list's name is not its address, its domain is a list's",
		"Ida via Mailman|dev@lists.x.org", NULL, NULL, NULL, NULL,
		"Ida|dev@lists.x.org"},
	{"Mailman: several in Reply-To, one of them the list", "Ida via Dev|dev@x.org",
		"Dev <dev@x.org>, Ida <ida@x.org>", NULL, NULL, "dev.x.org",
		"Ida|ida@x.org"},
	{"Mailman: Cc where Reply-To was the sender's own wish",
		"Ida Holm via Qemu-devel|qemu-devel@nongnu.org", "Bug 18 <18@bugs.org>",
		NULL, "Jan <j@x.org>, Ida Holm <ida@x.org>", "qemu-devel.nongnu.org",
		"Ida Holm|ida@x.org"},
	{"Mailman: Cc where Reply-To is the list's", "Ida via Dev|dev@x.org",
		"Developers <dev@x.org>", NULL, "Ida <ida@x.org>", "dev.x.org",
		"Ida|ida@x.org"},
	{"Mailman: the name alone where nothing has the address", "Ida via Dev|dev@x.org",
		NULL, NULL, NULL, "dev.x.org", "Ida|dev@x.org"},
	{"Mailman: somebody else in Reply-To is not the sender", "Ida via Dev|dev@x.org",
		"Jan <jan@x.org>", NULL, NULL, "dev.x.org", "Ida|dev@x.org"},
	{"Mailman: Reply-To without a name", "Ida via Dev|dev@x.org", "ida@x.org", NULL,
		NULL, "dev.x.org", "Ida|ida@x.org"},
	{"Mailman: two without a name tell nothing", "Ida via Dev|dev@x.org",
		"ida@x.org, jan@x.org", NULL, NULL, "dev.x.org", "Ida|dev@x.org"},
	{"Mailman: a list without a name is no sender", "Ida via Dev|dev@x.org",
		"users@lists.x.org", NULL, NULL, "dev.x.org", "Ida|dev@x.org"},
	{"Mailman: names compare after NFC, without case", "JIŘÍ via Dev|dev@x.org",
		"Jir\xcc\x8ci\xcc\x81 <jiri@x.cz>", NULL, NULL, "dev.x.org",
		"Jir\xcc\x8ci\xcc\x81|jiri@x.cz"},
	{"Mailman: a comma in the name, decoded", "Holm, Ida via Dev|dev@x.org",
		"Holm, Ida <ida@x.org>", NULL, NULL, "dev.x.org", "Holm, Ida|ida@x.org"},
	{"Mailman: a comma in the name, quoted", "Holm, Ida via Dev|dev@x.org",
		"\"Holm, Ida\" <ida@x.org>", NULL, NULL, "dev.x.org",
		"Holm, Ida|ida@x.org"},
	{"Mailman: a sender without a name", "ida--- via Dev|dev@x.org", "ida@x.org",
		NULL, NULL, "dev.x.org", "|ida@x.org"},
	{"Mailman: a sender without a name, and another's Reply-To",
		"ida--- via Dev|dev@x.org", "jan@x.org", NULL, NULL, "dev.x.org",
		"ida|dev@x.org"},

	{"Google Groups: X-Original-From",
		"'Ida Holm' via Clang Built Linux|clang-built-linux@googlegroups.com",
		"Ida Holm <reply@x.org>", "Ida Holm <ida@x.org>", NULL,
		"clang-built-linux.googlegroups.com", "Ida Holm|ida@x.org"},
	{"Google Groups: only Reply-To", "'Ida' via group|group@googlegroups.com",
		"Ida <ida@x.org>", NULL, NULL, NULL, "Ida|ida@x.org"},
	{"Google Groups: neither", "'Ida Holm' via group|group@googlegroups.com", NULL,
		NULL, NULL, NULL, "Ida Holm|group@googlegroups.com"},
	{"Google Groups: a name that is an address",
		"'ida@x.org' via group|group@googlegroups.com", NULL, NULL, NULL, NULL,
		"|ida@x.org"},
	{"Google Groups: behind b4's relay",
		"'Ida via B4 Relay' via group|group@googlegroups.com", "ida@x.org",
		"Ida via B4 Relay <devnull+ida.x.org@kernel.org>", NULL,
		"group.googlegroups.com", "Ida|ida@x.org"},

	{"b4: X-Original-From", "Ida via B4 Relay|devnull+ida.holm.x.org@kernel.org",
		"<ida.holm@x.org>", "Ida Holm <ida.holm@x.org>", NULL, NULL,
		"Ida Holm|ida.holm@x.org"},
	{"b4: Reply-To tells which dot was the '@'",
		"Ida via B4 Relay|devnull+ida.holm.x.org@kernel.org", "<ida@holm.x.org>",
		NULL, NULL, NULL, "Ida|ida@holm.x.org"},
	{"b4: so does Cc", "Ida via B4 Relay|devnull+ida.holm.x.org@kernel.org", NULL,
		NULL, "Jan <jan@x.org>, ida.holm@x.org", NULL, "Ida|ida.holm@x.org"},
	{"b4: a Reply-To that is not the address",
		"Ida via B4 Relay|devnull+ida.x.org@kernel.org", "Ida <jan@y.org>", NULL,
		NULL, NULL, "Ida|ida@x.org"},
	{"b4: the first part is the local one",
		"Krzysztof via B4 Relay|devnull+krzk.kernel.org@kernel.org", NULL, NULL,
		NULL, NULL, "Krzysztof|krzk@kernel.org"},
	{"b4: the domain may have three",
		"Ida via B4 Relay|devnull+i1.linux.x.org@kernel.org", NULL, NULL, NULL,
		NULL, "Ida|i1@linux.x.org"},
	{"b4: first.last",
		"Kelvin Zhang via B4 Relay|devnull+kelvin.zhang.x.com@kernel.org", NULL,
		NULL, NULL, NULL, "Kelvin Zhang|kelvin.zhang@x.com"},
	{"b4: initials", "J. Neuschäfer via B4 Relay|devnull+j.ne.x.net@kernel.org", NULL,
		NULL, NULL, NULL, "J. Neuschäfer|j.ne@x.net"},
	{"b4: names without their accents",
		"Ville Syrjälä via B4 Relay|devnull+ville.syrjala.linux.x.com@kernel.org",
		NULL, NULL, NULL, NULL, "Ville Syrjälä|ville.syrjala@linux.x.com"},
	{"b4: two are left for the domain",
		"David Davidson via B4 Relay|devnull+david.davidson.org@kernel.org", NULL,
		NULL, NULL, NULL, "David Davidson|david@davidson.org"},
	{"b4: a sender without a name",
		"ida@x.org via B4 Relay|devnull+ida.x.org@kernel.org", "<ida@x.org>",
		"ida@x.org", NULL, NULL, "|ida@x.org"},
	{"b4: no address in it", "Ida via B4 Relay|devnull+ida@kernel.org", NULL, NULL,
		NULL, NULL, "Ida|devnull+ida@kernel.org"},

	{"groups.io: the address is in From's", "Ida via groups.io|ida=x.org@groups.io",
		"dev@groups.io, other@x.org", NULL, NULL, "dev.groups.io",
		"Ida|ida@x.org"},
	{"groups.io: at its customers'",
		"Ida via lists.openembedded.org|ida.holm=x.org@lists.openembedded.org",
		NULL, NULL, NULL, NULL, "Ida|ida.holm@x.org"},
	{"groups.io: an '=' of the sender's own", "Ida via groups.io|a=b=x.org@groups.io",
		NULL, NULL, NULL, NULL, "Ida|a=b@x.org"},
	{"groups.io: no domain", "Ida via groups.io|ida=x@groups.io", NULL, NULL, NULL,
		NULL, "Ida|ida=x@groups.io"},
	{"groups.io: the words are another domain's", "Ida via y.org|ida=x.org@z.org",
		NULL, NULL, NULL, NULL, NULL},

	{"IETF: the address is quoted-printable", "Ida|ida=40x.org@dmarc.ietf.org", NULL,
		NULL, NULL, NULL, "Ida|ida@x.org"},
	{"IETF: X-Original-From", "Ida|ida=40x.org@dmarc.ietf.org", NULL,
		"Ida Holm <ida@x.org>", NULL, "bpf.ietf.org", "Ida Holm|ida@x.org"},
	{"IETF: other bytes", "Ida|ida=2Bi=40x.org@dmarc.ietf.org", NULL, NULL, NULL,
		NULL, "Ida|ida+i@x.org"},
	{"IETF: half a byte", "Ida|ida=4@dmarc.ietf.org", NULL, NULL, NULL, NULL, NULL},
	{"IETF: nor an angle bracket", "Ida|ida=3C=40x.org@dmarc.ietf.org", NULL, NULL,
		NULL, NULL, NULL},
	{"IETF: no control gets in", "Ida|ida=00=40x.org@dmarc.ietf.org", NULL, NULL,
		NULL, NULL, "Ida|ida=00@x.org"},

	{"Sympa: in parentheses", "Ida (via dev Mailing List)|dev@framalistes.org",
		"Ida <ida@x.org>", NULL, NULL, NULL, "Ida|ida@x.org"},
	{"Sympa: the name alone", "Ida (via dev Mailing List)|dev@framalistes.org", NULL,
		NULL, NULL, NULL, "Ida|dev@framalistes.org"},
	{"GitGitGadget: Cc", "Ida Holm via GitGitGadget|gitgitgadget@gmail.com", NULL,
		NULL, "Jan <j@x.org>, Ida Holm <ida@x.org>", "git.vger.kernel.org",
		"Ida Holm|ida@x.org"},
	{"two relays: the name is in front of the first",
		"Ida via Phabricator via cfe-commits|cfe-commits@lists.llvm.org",
		"reviews@reviews.llvm.org", NULL, NULL, "cfe-commits.lists.llvm.org",
		"Ida|reviews@reviews.llvm.org"},
	{"no words: the list's address under the sender's name", "Ida|dev@x.org",
		"Ida <ida@x.org>", NULL, NULL, "dev.x.org", "Ida|ida@x.org"},
	{"no words: X-Original-From", "Ida|dev@x.org", NULL, "Ida <ida@x.org>", NULL,
		"dev.x.org", "Ida|ida@x.org"},
	{"no words: what the list itself says", "Dev|dev@x.org", "Ida <ida@x.org>", NULL,
		NULL, "dev.x.org", NULL},

	{"ordinary: a name that begins with it", "Via Technologies|x@via.com",
		"y@via.com", NULL, NULL, NULL, NULL},
	{"ordinary: only the word", "via|x@via.com", "y@via.com", NULL, NULL, NULL, NULL},
	{"ordinary: nothing in front of it", "via list|list@lists.x.org", "Jan <j@x.org>",
		NULL, NULL, "list.lists.x.org", NULL},
	{"ordinary: in capitals it is a name", "Pere Via|pere@x.org", "Pere <p@y.org>",
		NULL, NULL, NULL, NULL},
	{"ordinary: a part of a word", "Ida viable Holm|ida@x.org", "Ida <i@y.org>", NULL,
		NULL, NULL, NULL},
	{"ordinary: the words are not the address's", "Sales via Web|sales@x.org",
		"jan@y.org", NULL, NULL, NULL, NULL},
	{"ordinary: Reply-To is the sender's affair", "Ida|ida@x.org", "Jan <jan@y.org>",
		NULL, NULL, "dev.x.org", NULL},
	{"ordinary: even under the same name", "Ida|ida@x.org", "Ida <jan@y.org>", NULL,
		NULL, "dev.x.org", NULL},
	{"ordinary: X-Original-From too", "Ida|ida@x.org", NULL, "Jan <jan@y.org>", NULL,
		"dev.x.org", NULL},
	{"ordinary: a plus and an '='", "Ida|devnull+ida=x.org@kernel.org",
		"Jan <jan@y.org>", NULL, NULL, NULL, NULL},
	{"ordinary: nothing at all", "|", "Jan <jan@y.org>", NULL, NULL, "dev.x.org",
		NULL},
	{"odd: no address", "Ida via Dev|", "Ida <ida@x.org>", NULL, NULL, NULL,
		"Ida|ida@x.org"},
	{"odd: no dot in the relayed part", "Ida via B4|devnull+@kernel.org", NULL, NULL,
		NULL, NULL, "Ida|devnull+@kernel.org"},
	{"odd: dots alone", "Ida via B4|devnull+....@kernel.org", NULL, NULL, NULL, NULL,
		"Ida|devnull+....@kernel.org"},
};

static void test_sender(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sender_rows); i++) {
		const struct sender_row *row = &sender_rows[i];
		g_auto(GStrv) from = g_strsplit(row->from, "|", 2);
		g_autoptr(GPtrArray) lists = g_ptr_array_new();
		const struct identity_sender sender = {
			.name = from[0],
			.address = from[1],
			.reply_to = row->reply_to,
			.x_original_from = row->x_original_from,
			.cc = row->cc,
			.list_ids = lists,
		};
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;
		g_autofree char *got = NULL;

		if (row->list_id != NULL)
			g_ptr_array_add(lists, (void *)(uintptr_t)row->list_id);
		if (identity_undo_rewriting(&sender, &name, &address))
			got = g_strdup_printf("%s|%s", name, address);
		tap_string(row->rule, got, row->expected);
	}
}

static void sender_flood(const void *data)
{
	g_autoptr(GString) name = g_string_new("a");
	g_autoptr(GString) list = g_string_new("");
	struct identity_sender sender = {.address = data};
	g_autofree char *got_name = NULL;
	g_autofree char *got_address = NULL;

	for (size_t i = 0; i < 20000; i++) {
		g_string_append(name, " via");
		g_string_append(list, i % 3 ? "a," : "\"(<,");
	}
	sender.name = name->str;
	sender.reply_to = sender.cc = sender.x_original_from = list->str;
	identity_undo_rewriting(&sender, &got_name, &got_address);
}

/* Every row but the last four is what `git check-mailmap` (2.39) says. */
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
	{"mailmap: blanks in the brackets belong to the address",
		"Ida Holm < ida@x.org >\n", "ida", "ida@x.org", "ida <ida@x.org>"},
	{"mailmap: no entry makes an address empty", "Ida Holm <> <ida@x.org>\n", "ida",
		"ida@x.org", "ida <ida@x.org>"},
	{"mailmap: one may be for the empty address", "Ida Holm <ida@x.org> <>\n", "ida",
		"", "Ida Holm <ida@x.org>"},
	{"mailmap: a '#' in a name", "Ida #1 <ida@x.org>\n", "ida", "ida@x.org",
		"Ida #1 <ida@x.org>"},
	{"mailmap: nothing in it", "", "ida", "ida@x.org", "ida <ida@x.org>"},
	{"mailmap: there is none", NULL, "ida", "ida@x.org", "ida <ida@x.org>"},
	{"mailmap: names have no case beyond ASCII", "Ida <i@y.org> ÉVA <root@x.org>\n",
		"éva", "root@x.org", "Ida <i@y.org>"},
	{"mailmap: names compare after NFC",
		"Ida <i@y.org> Jir\xcc\x8ci\xcc\x81 <root@x.org>\n", "Jiří", "root@x.org",
		"Ida <i@y.org>"},
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
	test_in_body();
	test_block();
	test_sender();
	tap_survives(
		"rewriting: a flood of commas and relays", 10, sender_flood, "a@x.org");
	test_mailmap();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/trailer.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tap.h"

#define SOB "Signed-off-by: Ida Holm <ida@example.org>\n"
#define REV "Reviewed-by: Ada Example <ada@example.org>\n"
#define DIFF                                                                   \
	"diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,3 @@\n x\n+" \
	"y\n z\n"

struct row {
	const char *rule, *text, *trailers;
};

/* What git says of them was tried with git 2.39. */
static const struct row message_rows[] = {
	{"message: the last paragraph", "Words.\n\n" REV SOB, REV SOB},
	{"message: nothing but trailers", SOB, SOB},
	{"message: no line feed at the end", "Words.\n\nAcked-by: me", "Acked-by: me\n"},
	{"message: blank lines behind it", "Words.\n\n" SOB "\n \n\n", SOB},
	{"message: an earlier paragraph is none", REV "\n" SOB, SOB},
	{"message: words below are the last paragraph", SOB "\nWords.\n", ""},
	{"message: up to ---", "Words.\n\n" SOB "---\n" REV, SOB},
	{"message: up to --- with words", "Words.\n\n" SOB "--- v2\n" REV, SOB},
	{"message: four dashes do not end it", "Words.\n\n" REV "----\n" SOB, REV SOB},
	{"message: one line that is none", "Words.\n\nSome words\nAcked-by: me\n", ""},
	{"message: a quarter, with git's own", "Words.\n\nOne\nTwo\nThree\n" SOB, SOB},
	{"message: less than a quarter", "Words.\n\nOne\nTwo\nThree\nFour\n" SOB, ""},
	{"message: a quarter without git's own",
		"Words.\n\nOne\nTwo\nThree\nAcked-by: me\n", ""},
	{"message: git's own in another case", "Words.\n\nOne\nsigned-off-by: me\n",
		"signed-off-by: me\n"},
	{"message: a cherry-pick is git's own",
		"Words.\n\nOne\n(cherry picked from commit 0123456789)\nAcked-by: me\n",
		"Acked-by: me\n"},
	{"message: a cherry-pick alone", "Words.\n\n(cherry picked from commit 0123)\n",
		""},
	{"message: what continues a line is joined",
		"Words.\n\nCc: one,\n two,\n\tthree\n" SOB, "Cc: one, two, three\n" SOB},
	{"message: what continues words counts as words",
		"Words.\n\nOne\n two\n three\n four\n" SOB, ""},
	{"message: any key", "Words.\n\nChange-Id: I1\nx86: y\nLink: https://x.org/1\n",
		"Change-Id: I1\nx86: y\nLink: https://x.org/1\n"},
	{"message: a blank before the colon", "Words.\n\nAcked-by : me\n",
		"Acked-by: me\n"},
	{"message: a blank within the key", "Words.\n\nAcked by: me\n", ""},
	{"message: the key as it was written", "Words.\n\nREVIEWED-by: me\n",
		"REVIEWED-by: me\n"},
	{"message: no value", "Words.\n\nAcked-by:\n" SOB, "Acked-by: \n" SOB},
	{"message: no key", "Words.\n\n: me\n", ""},
	{"message: indented", "Words.\n\n Acked-by: me\n", ""},
	{"message: a comment", "Words.\n\n" REV "# Conflicts\n" SOB, REV SOB},
	{"message: comments below", "Words.\n\n" SOB "\n# Conflicts:\n#\ta.c\n", SOB},
	{"message: conflicts below", "Words.\n\n" SOB "\nConflicts:\n\ta.c\n\tb.c\n",
		SOB},
	{"message: the same twice", "Words.\n\n" SOB SOB, SOB SOB},
	{"message: an address broken off",
		"Words.\n\nReviewed-by: A Very Long Name\n<long@example.org>\n" SOB,
		"Reviewed-by: A Very Long Name <long@example.org>\n" SOB},
	{"message: the rest of a name broken off",
		"Words.\n\nReviewed-by: A Very Long\nName <long@example.org>\n",
		"Reviewed-by: A Very Long Name <long@example.org>\n"},
	{"message: all of a value broken off",
		"Words.\n\nReviewed-by:\nA Name <name@example.org>\n",
		"Reviewed-by: A Name <name@example.org>\n"},
	{"message: two mailboxes are not one",
		"Words.\n\nReviewed-by: A <a@example.org>\nB <b@example.org>\n", ""},
	{"message: a broken title",
		"Words.\n\nFixes: 0123456789ab (\"KVM: A long\ntitle\")\n" SOB,
		"Fixes: 0123456789ab (\"KVM: A long title\")\n" SOB},
	{"message: a title broken before what looks like a key",
		"Words.\n\nFixes: 0123456789ab (\"KVM:\nx86: title\")\n" SOB,
		"Fixes: 0123456789ab (\"KVM: x86: title\")\n" SOB},
	{"message: a title that nothing closes",
		"Words.\n\nFixes: 0123456789ab (\"KVM: A long\n" SOB,
		"Fixes: 0123456789ab (\"KVM: A long\n" SOB},
	{"message: a link broken off",
		"Words.\n\nLink:\nhttps://lore.kernel.org/r/1@x.org\n" SOB,
		"Link: https://lore.kernel.org/r/1@x.org\n" SOB},
	{"message: what is no rest stays words", "Words.\n\nReviewed-by: me\nand you\n",
		""},
	{"message: nothing", "", ""},
	{"message: nothing but blank lines", "\n\n \n", ""},
};

static const struct row reply_rows[] = {
	{"reply: below the quotation", "> Words.\n\n" REV, REV},
	{"reply: without a blank line", "Looks good.\n" REV "Thanks!\n", REV},
	{"reply: all kinds",
		"Acked-by: A <a@x.org>\nTested-by: A <a@x.org>\nReported-by: A "
		"<a@x.org>\n"
		"Suggested-by: A <a@x.org>\nCo-developed-by: A <a@x.org>\n"
		"Reviewed-and-tested-by: A <a@x.org>\nNacked-by: A <a@x.org>\n",
		"Acked-by: A <a@x.org>\nTested-by: A <a@x.org>\nReported-by: A "
		"<a@x.org>\n"
		"Suggested-by: A <a@x.org>\nCo-developed-by: A <a@x.org>\n"
		"Reviewed-and-tested-by: A <a@x.org>\nNacked-by: A <a@x.org>\n"},
	{"reply: in any case, as it was written", "REVIEWED-BY: A <a@x.org>\n",
		"REVIEWED-BY: A <a@x.org>\n"},
	{"reply: indented", "   \tAcked-by: A <a@x.org>\n", "Acked-by: A <a@x.org>\n"},
	{"reply: an address alone", "Acked-by: a@x.org\n", "Acked-by: a@x.org\n"},
	{"reply: words behind the address", "Tested-by: A <a@x.org> # arm64\n",
		"Tested-by: A <a@x.org> # arm64\n"},
	{"reply: nobody's address", "Reviewed-by: me\n", ""},
	{"reply: an address that is written out", "Reviewed-by: A <a at x.org>\n", ""},
	{"reply: a link is no address", "Reported-by: https://x.org/r/1@y.org\n", ""},
	{"reply: other keys",
		"Cc: A <a@x.org>\nFixes: a@x.org\nby: a@x.org\n-by: a@x.org\n", ""},
	{"reply: words around it", "Please add Reviewed-by: A <a@x.org>\n", ""},
	{"reply: quoted",
		"> Acked-by: A <a@x.org>\n>Acked-by: B <b@x.org>\n"
		" > Acked-by: C <c@x.org>\n",
		""},
	{"reply: quoted in other ways",
		"| Acked-by: A <a@x.org>\n: Acked-by: B <b@x.org>\nIH> Acked-by: C "
		"<c@x.org>\n",
		""},
	{"reply: broken before the address",
		"Reviewed-by: A Very Long Name\n<long@example.org>\n",
		"Reviewed-by: A Very Long Name <long@example.org>\n"},
	{"reply: broken within the name",
		"  Reviewed-by: A Very Long\n  Name <long@example.org>\n",
		"Reviewed-by: A Very Long Name <long@example.org>\n"},
	{"reply: a quotation is not what was broken off",
		"Reviewed-by: me\n> Name <a@x.org>\n", ""},
	{"reply: another trailer is not what was broken off",
		"Reviewed-by: me\nCc: A <a@x.org>\n", ""},
	{"reply: below the signature", REV "-- \nAcked-by: A <a@x.org>\n", REV},
	{"reply: below a signature whose blank a relay cut",
		REV "--\n2.43.0\nAcked-by: A <a@x.org>\n", REV},
	{"reply: in a list's footer",
		REV "_______________________________________________\nAcked-by: A "
		    "<a@x.org>\n",
		REV},
	{"reply: in a diff", DIFF "@@ -9,2 +10,3 @@\n Acked-by: A <a@x.org>\n+x\n y\n",
		""},
	{"reply: below a diff", "What about this?\n" DIFF "\nWith that:\n" REV, REV},
	{"reply: above a diff that only shows what is meant", REV "\n" DIFF, REV},
	{"reply: above a quoted diff", REV "\n> diff --git a/a.c b/a.c\n", REV},
	{"reply: the message of a patch in it",
		"Like this?\n\nSuggested-by: A <a@x.org>\n" SOB "---\n" DIFF, ""},
	{"reply: the message of the second patch in it", SOB "\n" DIFF "\n" SOB "\n" DIFF,
		""},
	{"reply: own words above a patch", REV "\nLike this:\n\n" SOB "---\n" DIFF, REV},
	{"reply: signed off without a patch", SOB, SOB},
	{"reply: below scissors",
		REV "\n-- >8 --\nSubject: [PATCH] KVM: Fix it\n\nAcked-by: A <a@x.org>\n",
		REV},
	{"reply: between scissors",
		"----8<----\nAcked-by: A <a@x.org>\n" DIFF "---->8----\n" REV, REV},
	{"reply: quoted scissors cut nothing", "> -- >8 --\n" REV, REV},
	{"reply: nor does a quoted ---", "> > ---\n" REV, REV},
	{"reply: below a scissors' diff", "-- >8 --\n" DIFF "\n" REV, REV},
	{"reply: a patch with its head",
		"From: A <a@x.org>\nDate: today\nSubject: [PATCH] KVM: Fix it\n\n" REV,
		""},
	{"reply: a patch with git's head",
		"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 "
		"2001\n\n" REV,
		""},
	{"reply: a patch with its subject", "Subject: [PATCH] KVM: Fix it\n\n" REV, ""},
	{"reply: an original message",
		"Fine.\n\n-----Original Message-----\nFrom: A\n\n" REV, ""},
	{"reply: in another language",
		"Gut.\n\n-----Ursprüngliche Nachricht-----\nVon: A <a@x.org>\n\n" REV,
		""},
	{"reply: a head above a quotation",
		"From: A <a@x.org>\nSent: today\nSubject: [PATCH] KVM\n\n> "
		"Words.\n\n" REV,
		REV},
	{"reply: a rule is no head", "----------\n" REV, REV},
	{"reply: From: within words", "From: here on it is clear.\n" REV, REV},
	{"reply: what git-log(1) shows",
		"It is this one:\n\ncommit 0123456789abcdef\nAuthor: A <a@x.org>\n\n    "
		"KVM: Fix it\n\n"
		"    Acked-by: A <a@x.org>\n\nSo:\n    " REV,
		REV},
	{"reply: PGP's frame is no head",
		"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" REV
		"-----BEGIN PGP SIGNATURE-----\n",
		REV},
	{"reply: nothing", "", ""},
};

static char *describe(const GPtrArray *trailers)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < trailers->len; i++) {
		const struct trailer *trailer = trailers->pdata[i];

		g_string_append_printf(out, "%s: %s\n", trailer->key, trailer->value);
	}
	return g_string_free(out, FALSE);
}

typedef void (*parser)(const char *text, size_t length, GPtrArray *trailers);

static void test_rows(const struct row *rows, size_t count, parser parse)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(rows[i].text);
		char *text = tap_exact(rows[i].text, length);
		g_autoptr(GPtrArray) trailers = trailer_new_array();
		g_autofree char *got = NULL;

		parse(text, length, trailers);
		got = describe(trailers);
		tap_string(rows[i].rule, got, rows[i].trailers);
		free(text);
	}
}

static void test_limits(void)
{
	g_autoptr(GString) text = g_string_new("Words.\n\n");
	g_autoptr(GPtrArray) trailers = trailer_new_array();
	const struct trailer *last;

	for (unsigned i = 0; i < LIMIT_TRAILERS; i++)
		g_string_append(text, SOB);
	trailer_add(trailers, "Acked-by", "A <a@x.org>");
	trailer_parse_message(text->str, text->len, trailers);
	tap_number("limit: at most LIMIT_TRAILERS in all", trailers->len, LIMIT_TRAILERS);
	g_ptr_array_set_size(trailers, 1);
	trailer_parse_reply(text->str, text->len, trailers);
	tap_number("limit: of a reply LIMIT_GIVEN", trailers->len, LIMIT_GIVEN);
	last = trailers->pdata[0];
	tap_string("limit: what was there stays", last->value, "A <a@x.org>");

	g_string_assign(text, "Cc: ä");
	for (unsigned i = 0; i < LIMIT_FIELD_BYTES; i++)
		g_string_append(text, "\n ä");
	g_ptr_array_set_size(trailers, 0);
	trailer_parse_message(text->str, text->len, trailers);
	last = trailers->pdata[0];
	tap_true("limit: a value is cut, between letters",
		strlen(last->value) <= LIMIT_FIELD_BYTES &&
			strlen(last->value) > LIMIT_FIELD_BYTES - 8 &&
			g_utf8_validate(last->value, -1, NULL));
}

static void test_cut(void)
{
	static const char text[] =
		"Words.\n\nFixes: 0123456789ab (\"KVM:\nx86: title\")\nReviewed-by: Ada\n"
		"<ada@example.org>\n----8<----\nFrom: A\nSubject: x\n" SOB "\n" DIFF
		"-- \n";

	for (size_t length = 0; length < sizeof text; length++) {
		char *cut = tap_exact(text, length);
		g_autoptr(GPtrArray) trailers = trailer_new_array();

		trailer_parse_message(cut, length, trailers);
		trailer_parse_reply(cut, length, trailers);
		free(cut);
	}
	tap_true("cut: at every byte, there is an end", true);
}

int main(void)
{
	tap_deadline(60);
	test_rows(message_rows, G_N_ELEMENTS(message_rows), trailer_parse_message);
	test_rows(reply_rows, G_N_ELEMENTS(reply_rows), trailer_parse_reply);
	test_limits();
	test_cut();
	return tap_end();
}

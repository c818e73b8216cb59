/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tap.h"

#define HEX  "0123456789abcdef0123456789abcdef01234567"
#define HEX2 "89abcdef0123456789abcdef0123456789abcdef"
#define ID   "20250106-fix-v1-1-0123@example.org"
#define DIFF                                                                  \
	"diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+" ID \
	"https://lore.kernel.org/r/in-the-diff@x.org\n"

/* EXPECTED: `base HEX`, `change ID`, `pre LINE`, `link ID`, a blank between. */
static const struct marks_row {
	const char *rule, *text, *expected;
} marks_rows[] = {
	{"nothing", "", ""},
	{"words", "Words about it.\n", ""},

	{"base-commit: git format-patch --base", "Words.\n\nbase-commit: " HEX "\n",
		"base " HEX},
	{"base-commit: below the diff", DIFF "\nbase-commit: " HEX "\n-- \n2.43.0\n",
		"base " HEX},
	{"base-commit: in upper case it is the same",
		"Base-Commit: 0123456789ABCDEF0123456789ABCDEF01234567\n", "base " HEX},
	{"base-commit: blanks around it", "base-commit:    " HEX "  \n", "base " HEX},
	{"base-commit: the first one counts", "base-commit: " HEX "\nbase-commit: " HEX2,
		"base " HEX},
	{"base-commit: a word is none", "base-commit: mainline\n", ""},
	{"base-commit: two words are none", "base-commit: " HEX " or so\n", ""},
	{"base-commit: empty, none", "base-commit:           \n", ""},
	{"base-commit: quoted, none", "> base-commit: " HEX "\n", ""},
	{"base-commit: indented, none", "  base-commit: " HEX "\n", ""},
	{"base-commit: added by the diff, none", "+base-commit: " HEX "\n", ""},

	{"change-id: b4's", "change-id: 20250106-fix-0123456789ab\n",
		"change 20250106-fix-0123456789ab"},
	{"change-id: both, as b4 has them",
		"---\nbase-commit: " HEX "\nchange-id: 20250106-fix-0123456789ab\n",
		"base " HEX " change 20250106-fix-0123456789ab"},
	{"change-id: Gerrit's trailer is another", "Change-Id: I" HEX "\n", ""},
	{"change-id: a sentence is none", "change-id: it is a word of b4\n", ""},

	{"prerequisites: in their order",
		"prerequisite-patch-id: " HEX "\nprerequisite-patch-id: " HEX2 "\n",
		"pre patch-id: " HEX " pre patch-id: " HEX2},
	{"prerequisites: b4's",
		"prerequisite-message-id: <" ID ">\n"
		"prerequisite-change-id: 20250101-first-0123456789ab:v3\n",
		"pre message-id: <" ID "> pre change-id: 20250101-first-0123456789ab:v3"},
	{"prerequisites: without a colon, words", "prerequisite-less words\n", ""},

	{"link: lore's", "https://lore.kernel.org/r/" ID "\n", "link " ID},
	{"link: behind words, in a sentence",
		"- Link to v1: https://lore.kernel.org/r/" ID ", which broke.\n",
		"link " ID},
	{"link: with a list's name and a slash at its end",
		"[1] https://lore.kernel.org/kvm/" ID "/\n", "link " ID},
	{"link: to a thread", "https://lore.kernel.org/all/" ID "/T/#u\n", "link " ID},
	{"link: lkml's redirect, without TLS", "http://lkml.kernel.org/r/" ID "\n",
		"link " ID},
	{"link: patchwork's", "https://patchwork.kernel.org/project/kvm/patch/" ID "/\n",
		"link " ID},
	{"link: in brackets", "(https://lore.kernel.org/r/" ID ")\n", "link " ID},
	{"link: in angle brackets", "<https://lore.kernel.org/r/" ID ">\n", "link " ID},
	{"link: a full stop behind it", "See https://lore.kernel.org/r/" ID ".\n",
		"link " ID},
	{"link: escaped", "https://lore.kernel.org/r/a%2Bb%40example.org\n",
		"link a+b@example.org"},
	{"link: two in one line",
		"https://lore.kernel.org/r/a@x.org https://lore.kernel.org/r/b@x.org\n",
		"link a@x.org link b@x.org"},
	{"link: each once",
		"https://lore.kernel.org/r/a@x.org\nhttps://lore.kernel.org/all/a@x.org/"
		"\n",
		"link a@x.org"},
	{"link: the Message-ID itself", "Message-ID: <" ID ">\n", "link " ID},
	{"link: a page is none", "https://www.kernel.org/doc/html/latest/index.html\n",
		""},
	{"link: a user's name at a host is none", "https://ada@git.example.org/tree\n",
		""},
	{"link: a mailbox is none", "Mail to ada@example.org about it.\n", ""},
	{"link: half an escape is none", "https://lore.kernel.org/r/a%4@x.org\n", ""},
	{"link: an escaped NUL is none", "https://lore.kernel.org/r/a%00@x.org\n", ""},
	{"link: quoted, somebody else's", "> https://lore.kernel.org/r/" ID "\n", ""},
	{"link: in the diff, part of the patch", "Words.\n" DIFF, ""},
	{"link: http alone", "http http:// https:// https://a\n", ""},
	{"link: http at the end", "What is meant is http", ""},
};

static char *describe(const struct marks *marks)
{
	GString *out = g_string_new(NULL);

	if (*marks->base_commit != '\0')
		g_string_append_printf(out, " base %s", marks->base_commit);
	if (*marks->change_id != '\0')
		g_string_append_printf(out, " change %s", marks->change_id);
	for (guint i = 0; i < marks->prerequisites->len; i++)
		g_string_append_printf(
			out, " pre %s", (char *)marks->prerequisites->pdata[i]);
	for (guint i = 0; i < marks->links->len; i++)
		g_string_append_printf(out, " link %s", (char *)marks->links->pdata[i]);
	if (out->len > 0)
		g_string_erase(out, 0, 1);
	return g_string_free(out, FALSE);
}

static void test_row(const struct marks_row *row)
{
	size_t length = strlen(row->text);
	const char *diff = strstr(row->text, "diff --git");
	char *text = tap_exact(row->text, length);
	g_autofree char *got = NULL;
	struct marks marks;

	marks_find(text, length, diff ? (size_t)(diff - row->text) : length, &marks);
	got = describe(&marks);
	tap_string(row->rule, got, row->expected);
	marks_release(&marks);
	free(text);
}

static void test_limits(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct marks marks;

	for (unsigned i = 0; i < 10 * LIMIT_LINKS; i++)
		g_string_append_printf(text,
			"https://lore.kernel.org/r/%u@x.org\nprerequisite-patch-id: "
			"%u\n",
			i, i);
	marks_find(text->str, text->len, text->len, &marks);
	tap_number("limit: links", marks.links->len, LIMIT_LINKS);
	tap_number("limit: prerequisites", marks.prerequisites->len, LIMIT_LINKS);
	marks_release(&marks);
}

/* One line of a megabyte. */
static void read_long(const void *piece)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct marks marks;

	while (text->len < LIMIT_MESSAGE_BYTES / 16)
		g_string_append(text, piece);
	marks_find(text->str, text->len, text->len, &marks);
	marks_release(&marks);
}

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks_rows); i++)
		test_row(&marks_rows[i]);
	test_limits();
	tap_survives("long: of http", 30, read_long, "http");
	tap_survives("long: of dots behind http", 30, read_long, "http......");
	tap_survives("long: of slashes and @", 30, read_long, "https://x/@/");
	return tap_end();
}

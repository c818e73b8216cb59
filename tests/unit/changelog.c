/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/changelog.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tap.h"

static const struct changelog_test_row {
	const char *rule;
	unsigned revision;
	const char *text, *found; /* NULL: none */
} changelog_rows[] = {
	{"b4: Changes in v3:", 3,
		"Text.\n\n---\nChanges in v3:\n- One.\n- Two,\n  and more.\n"
		"- Link to v2: https://a.org/x\n\nChanges in v2:\n- Old.\n\n---\nA B "
		"(1):\n",
		"- One.\n- Two,\n  and more.\n- Link to v2: https://a.org/x"},
	{"b4: the older one", 2,
		"Changes in v3:\n- One.\n\nChanges in v2:\n- Old.\n\n---\n", "- Old."},
	{"since the one before", 5,
		"Changes since v4:\n * a\n * b\n\nChanges since v3:\n * c\n", "* a\n* b"},
	{"from the one before, without a colon", 4,
		"Changes from v3\n- a\n\nThanks,\nIda\n", "- a"},
	{"only since: Since v1", 2, "Since v1:\n- a\n", "- a"},
	{"a link behind it is not what has changed", 2,
		"Since v1: https://a.org/1\n- a\n", "https://a.org/1\n- a"},
	{"v1 -> v2", 2, "---\nv1 -> v2:\n  - a\n  - b\n v.c | 2 +-\n", "- a\n- b"},
	{"v1->v2, words behind it", 2, "v1->v2 remove a loop\nv0->v1 nothing\n",
		"remove a loop"},
	{"* v2 -> v3", 3, "Changelog\n========\n* v2 -> v3\n  - a\n* v1 -> v2\n  - b\n",
		"- a"},
	{"v2 => v3", 3, "v2 => v3:\n- a\n", "- a"},
	{"v2 --> v3", 3, "Changelog v2 --> v3\n- a\n", "- a"},
	{"v2 \xe2\x86\x92 v3", 3, "Changes v2 \xe2\x86\x92 v3:\n- a\n", "- a"},
	{"v2 to v3", 3, "Changes from v2 to v3:\n- a\n", "- a"},
	{"v3 vs v2", 3, "Changes v3 vs v2:\n- a\n", "- a"},
	{"an RFC before it", 1, "Changes since RFC:\n- a\n", "- a"},
	{"RFC -> v1", 1, "RFC -> v1:\n- a\n", "- a"},
	{"RFC v2 -> v3", 3, "RFC v2 -> v3:\n- a\n", "- a"},
	{"v5:", 5, "v5:\n- a\n\nv4:\n- b\n", "- a"},
	{"V5:", 5, "V5:\n- a\n", "- a"},
	{"v5 alone", 5, "v5\n- a\nv4\n- b\n", "- a"},
	{"v5: words", 5, "v5: fixed a bug\nthat Ida saw\nv4: other\n",
		"fixed a bug\nthat Ida saw"},
	{"v5.1 is v5", 5, "v5.1:\n- a\n", "- a"},
	{"[v5]", 5, "Changelog[v5]:\n- a\n", "- a"},
	{"v5 changes:", 5, "v5 changes:\n- a\n", "- a"},
	{"Version: Changes in version v5", 5, "Changes in version v5:\n- a\n", "- a"},
	{"Change overview in v6:", 6, "Change overview in v6:\n1. a\n2. b\n",
		"1. a\n2. b"},
	{"underlined", 2, "Changes in v2\n=============\n\n- a\n", "- a"},
	{"in brackets", 2, "[ v2: - changed it ]\n", "- changed it ]"},
	{"indented below ---", 2, "---\n  Changes in v2:\n    - a\n      b\n",
		"- a\n  b"},
	{"a tab's indentation goes", 2, "v2:\n\t- a\n\t  b\n", "- a\n  b"},
	{"tabs and blanks may be mixed", 2, "v2:\n        - a\n\t  b\n    - c\n",
		"    - a\n      b\n- c"},
	{"blank lines between items", 2, "Changes in v2:\n\n- a\n\n- b\n\nThe rest.\n",
		"- a\n\n- b"},
	{"a paragraph that is no list, and no other", 2,
		"Changes in v2:\nNothing but words,\nin two lines.\n\nThe series does "
		"x.\n",
		"Nothing but words,\nin two lines."},
	{"bullets of all kinds", 2, "v2:\n\xe2\x80\xa2 a\n\n(1) b\n\n2) c\n\n+ d\n",
		"\xe2\x80\xa2 a\n\n(1) b\n\n2) c\n\n+ d"},
	{"the diffstat is not of it", 2, "v2:\n- a\n a/b.c | 3 ++-\n 1 file changed\n",
		"- a"},
	{"nor what git puts below", 2, "v2:\n- a\nbase-commit: 123\n", "- a"},
	{"nor ---", 2, "v2:\n- a\n---\n- b\n", "- a"},
	{"an empty one, and the one that says it", 2, "v2:\n\nv1:\n- x\nv1 -> v2:\n- a\n",
		"- a"},

	{"none of this version", 4, "Changes in v3:\n- a\n", NULL},
	{"a list of links", 2, "v2: https://a.org/2\nv1: https://a.org/1\n", NULL},
	{"a list of links in brackets", 2, "v2: <https://a.org/2>\n", NULL},
	{"a sentence that begins so", 2, "v2 is about rebasing\n", NULL},
	{"a sentence with the words", 2, "Changes in v2 of the hardware need this.\n",
		NULL},
	{"somebody else's words", 2, "> Changes in v2:\n> - a\n", NULL},
	{"a processor's version", 9, "POWER v9:\n- a\n", NULL},
	{"no version", 2, "Changes:\n- a\n", NULL},
	{"a version of many digits", 2, "v222222222:\n- a\n", NULL},
	{"nothing", 2, "", NULL},
};

static void test_row(const struct changelog_test_row *row)
{
	size_t length = strlen(row->text);
	char *text = tap_exact(row->text, length);
	g_autofree char *found = changelog_find(text, length, row->revision);

	free(text);
	if (row->found == NULL)
		tap_true(row->rule, found == NULL);
	else
		tap_string(row->rule, found ? found : "(none)", row->found);
	if (row->found == NULL && found != NULL)
		tap_note("found: %s", found);
}

/* A page of headings must not be read again for each. */
static void find_in_many(const void *data)
{
	GString *text = g_string_new(NULL);

	(void)data;
	for (int i = 0; i < 200000; i++)
		g_string_append(text, i % 2 ? "v3:\n" : "\n");
	g_free(changelog_find(text->str, text->len, 3));
	g_string_free(text, TRUE);
}

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(changelog_rows); i++)
		test_row(&changelog_rows[i]);
	tap_survives("headings without end", 20, find_in_many, NULL);
	return tap_end();
}

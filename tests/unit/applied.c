/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/applied.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tap.h"

#define SHORT "0123456789ab"
#define LONG  "0123456789abcdef0123456789abcdef01234567"
#define QUOTE "On Mon, 06 Jan 2025 10:00:00 +0000, Ada Example wrote:\n> Words.\n\n"
#define LINES "It is so.\nAnd so.\nIt is so.\nAnd so.\nIt is so.\nAnd so.\n"

/* Expected: "tree;commit commit" or "tree;commit;by", NULL where nothing says so. */
static const struct applied_row {
	const char *rule, *text;
	const char *found;    /* by applied_find() */
	const char *in_reply; /* by applied_find_in_reply() */
} applied_rows[] = {
	{"nothing", "", NULL, NULL},

	/* Robots. */
	{"patchwork-bot",
		"Hello:\n\nThis patch was applied to netdev/net.git (main)\nby Ada "
		"Example <ada@example.org>:\n\n" QUOTE
		"Here is the summary with links:\n  - [net] x: Fix it\n"
		"    https://git.kernel.org/netdev/net/c/" SHORT
		"\n\nYou are awesome, thank you!\n-- \nDeet-doot-dot, I am a bot.\n"
		"https://korg.docs.kernel.org/patchwork/pwbot.html\n",
		"netdev/net.git (main);" SHORT ";Ada Example <ada@example.org>",
		"netdev/net.git (main);" SHORT ";Ada Example <ada@example.org>"},
	{"patchwork-bot, a series of which some patches are none",
		"This series was applied to riscv/linux.git (for-next)\nby Ada:\n\n"
		"  - [1/2] x: Fix it\n    https://git.kernel.org/riscv/c/" SHORT "\n"
		"  - [2/2] x: Fix that\n    (no matching commit)\n",
		"riscv/linux.git (for-next);" SHORT ";Ada",
		"riscv/linux.git (for-next);" SHORT ";Ada"},
	{"patchwork-bot, all in one line",
		"This patch was applied to x.git (main) by Ada <ada@example.org>:\n",
		"x.git (main);;Ada <ada@example.org>",
		"x.git (main);;Ada <ada@example.org>"},
	{"pr-tracker-bot",
		"The pull request you sent on Mon, 6 Jan 2025 10:00:00 +0000:\n\n"
		"> git://git.example.org/kvm.git tags/for-linus\n\nhas been merged into "
		"torvalds/linux.git:\nhttps://git.kernel.org/torvalds/c/" LONG
		"\n\nThank you!\n",
		"torvalds/linux.git;" LONG, "torvalds/linux.git;" LONG},
	{"tip-bot2",
		"The following commit has been merged into the x86/core branch of "
		"tip:\n\n"
		"Commit-ID:     " LONG "\nGitweb:        https://git.kernel.org/tip/" LONG
		"\nAuthor:        Ada Example <ada@example.org>\n"
		"Committer:     Bob <bob@example.org>\n"
		"CommitterDate: Mon, 06 Jan 2025 10:00:00 +01:00\n\nx86/kvm: Fix it\n",
		"x86/core branch of tip;" LONG ";Bob <bob@example.org>", NULL},
	{"a robot's note",
		"This is a note to let you know that I've just added the patch titled\n\n"
		"    KVM: Fix it\n\nto the 6.18-stable tree which can be found at:\n"
		"    http://www.example.org/git/?p=stable-queue.git;a=summary\n\n"
		"The filename of the patch is:\n     kvm-fix-it.patch\n\nFrom " LONG
		" Mon Sep 17 00:00:00 2001\nSubject: KVM: Fix it\n\ndiff --git a/x b/x\n"
		"index 111111111111..222222222222\n",
		"6.18-stable tree;" LONG, NULL},
	{"a robot's note of a developer's tree",
		"This is a note to let you know that I've just added the patch titled\n\n"
		"    misc: Fix it\n\nto my char-misc git tree which can be found at\n",
		"char-misc git tree;", NULL},

	/* b4 ty. */
	{"b4 ty: a tree and its branch",
		QUOTE "Applied to kvm-x86 next, thanks!\n\n[1/2] KVM: Fix it\n"
		      "      https://github.com/kvm-x86/linux/commit/" SHORT
		      "\n[2/2] KVM: Fix that\n      commit: " LONG "\n",
		"kvm-x86 next;" SHORT " " LONG, "kvm-x86 next;" SHORT " " LONG},
	{"b4 ty: its own words",
		QUOTE "Applied, thanks!\n\n[1/1] KVM: Fix it\n      commit: " LONG
		      "\n\nBest regards,\n-- \nAda Example <ada@example.org>\n",
		";" LONG, ";" LONG},
	{"b4 ty: a tree in a line of its own",
		QUOTE "Applied to\n\n   "
		      "https://git.kernel.org/pub/scm/linux/kernel/git/ada/sound.git "
		      "for-next\n\nThanks!\n\n[1/1] ASoC: Fix it\n      commit: " LONG
		      "\n\n" LINES LINES,
		"https://git.kernel.org/pub/scm/linux/kernel/git/ada/sound.git "
		"for-next;" LONG,
		"https://git.kernel.org/pub/scm/linux/kernel/git/ada/sound.git "
		"for-next;" LONG},
	{"b4 ty: to what is named behind \"the\"",
		"Applied to the arm64 tree (for-next/fixes), thanks!\n",
		"arm64 tree (for-next/fixes);", "arm64 tree (for-next/fixes);"},

	/* People. */
	{"a tree", "Applied to powerpc/next.\n\ncheers\n", "powerpc/next;",
		"powerpc/next;"},
	{"a tree and thanks", "Applied to target-arm.next, thanks.\n", "target-arm.next;",
		"target-arm.next;"},
	{"thanks alone", "Applied, thanks.\n", ";", ";"},
	{"one word", "Applied.\n", ";", ";"},
	{"one word and a name", "Queued.\n\nAda\n", ";", ";"},
	{"thanks before", "Thanks, series applied to ada/next.\n", "ada/next;",
		"ada/next;"},
	{"some of them", "Applied 1-3, thanks.\n", ";", ";"},
	{"I have", "I've applied this to my tree now.\n", ";", ";"},
	{"queued", "Queued for 6.19, thanks!\n", "6.19;", "6.19;"},
	{"merged", "Merged to main; thanks for the work.\n", "main;", "main;"},
	{"all patches", "All patches applied to drm-misc-next.\n", "drm-misc-next;",
		"drm-misc-next;"},
	{"below a quote", "> What about this?\n\nPushed to master.\n", "master;",
		"master;"},
	{"below a greeting", "Hi Ada,\n\nLooks good.\n\nApplied, thanks.\n", ";", ";"},

	{"behind a comma", "Thanks for the patch, applied to mtd/next.\n", "mtd/next;",
		"mtd/next;"},
	{"behind an exclamation", "Nice catch! Applied.\n", ";", ";"},
	{"behind an opinion", "This looks good to me. Queued for 6.19.\n", "6.19;",
		"6.19;"},
	{"picked up", "Picked up, thanks!\n", ";", ";"},
	{"taken", "Taken, thanks.\n", ";", ";"},
	{"by hand", "Applied manually, thanks.\n", ";", ";"},
	{"committed", "Thanks, committed.\n", ";", ";"},
	{"added to a queue", "Added to my queue, thanks.\n", ";", ";"},
	{"picked this up", "Picked this up for 6.14.\n", ";", ";"},
	{"took it", "Took this patch, thanks.\n", ";", ";"},
	{"reviewed and pushed", "Reviewed and pushed to master.\n", "master;", "master;"},
	{"fixed up", "Fixed up and applied.\n", ";", ";"},
	{"a remark behind the tree", "Applied to my x branch (with v2 of 3/4).\n",
		"x branch;", "x branch;"},
	{"a remark that goes on in the next line",
		"Applied to my x branch (with the headline\nfixed).\n", "x branch;",
		"x branch;"},
	{"who does not end the line did not apply it", "Applied to x by Ada, thanks.\n",
		"x;", "x;"},
	{"what stands far below is not who applied it",
		"Applied to x.\n\nAll was said\nby Ada:\n", "x;", "x;"},

	/* What only looks so. */
	{"somebody tried it and it works", "Applied the patch and it works fine.\n", NULL,
		NULL},
	{"picked up a tag", "Picked up your tag, thanks.\n", NULL, NULL},
	{"queued up a test", "Queued up a test run.\n", NULL, NULL},
	{"what a caller does", "All these are applied by the caller.\n", NULL, NULL},
	{"took a look", "I took a look.\n", NULL, NULL},
	{"committed memory", "Committed memory is not freed.\n", NULL, NULL},
	{"added to a comment", "Added to the comment, thanks.\n", NULL, NULL},
	{"somebody tried it",
		"I've applied this patch to 6.12 and my machine still hangs:\n", NULL,
		NULL},
	{"somebody tried it and failed",
		"I applied the series to my tree and get build errors:\n", NULL, NULL},
	{"an author's hunks", "Merged the two hunks, thanks.\n", NULL, NULL},
	{"an author's next version", "Merged these in v3, thanks.\n", NULL, NULL},
	{"an author answers comments", "Thanks, applied all comments.\n", NULL, NULL},
	{"merged with another", "This is merged with the next patch.\n", NULL, NULL},
	{"what code does", "This is applied to all CPUs.\n", "all CPUs;", NULL},
	{"a comment that was changed on the way",
		"Thanks, applied to my next branch.  I expanded the comment in\n",
		"next branch;", "next branch;"},
	{"a point taken", "Point taken.\n", NULL, NULL},
	{"taken into account", "I've taken it into account.\n", NULL, NULL},
	{"picked from", "I picked it from next.\n", NULL, NULL},
	{"a condition above a comma", "Once Bob acks it, applied to next.\n", "next;",
		NULL},
	{"a question", "Applied to which tree?\n", "which tree?;", NULL},
	{"what is to come", "I will queue it for 6.19.\nThanks.\n", NULL, NULL},
	{"a condition", "If this is applied to next, it breaks.\n", "next;", NULL},
	{"a report", "With this applied the guest hangs.\n", NULL, NULL},
	{"a noun", "Applied cryptography helps here.\n", NULL, NULL},
	{"quoted", "> Applied to ada/next, thanks.\n\nToo late.\n", NULL, NULL},
	{"in the signature", "No.\n-- \nApplied, thanks.\n", NULL, NULL},
	{"far below", LINES "Applied, thanks.\n", ";", NULL},
	{"one sentence of a long answer", "Applied, thanks.\n" LINES LINES, ";", NULL},
	{"a long answer that names its commit",
		"Applied, thanks.\n[1/1] x\n commit: " LONG "\n" LINES LINES, ";" LONG,
		";" LONG},

	/* Commits. */
	{"commits: each once", "Applied.\n" SHORT "\n" SHORT "\n" LONG "\n",
		";" SHORT " " LONG, ";" SHORT " " LONG},
	{"commits: eleven digits are too few", "Applied.\n0123456789a\n", ";", ";"},
	{"commits: 64 are SHA-256", "Applied.\n" LONG "0123456789abcdef01234567\n",
		";" LONG "0123456789abcdef01234567", ";" LONG "0123456789abcdef01234567"},
	{"commits: 65 are none", "Applied.\n" LONG "0123456789abcdef012345678\n", ";",
		";"},
	{"commits: a word of hexadecimal letters is none", "Applied.\ndeadbeefcafe\n",
		";", ";"},
	{"commits: a part of a word is none", "Applied.\nx" SHORT " " SHORT "x\n", ";",
		";"},
	{"commits: of a Message-ID, none", "Applied.\n" SHORT "@x 1-" SHORT "@x\n", ";",
		";"},
	{"commits: 16 digits are an address",
		"Applied, thanks.\nNIP: c00800000f3ab678 c000000000198210\n", ";", ";"},
	{"a long report of a test is none",
		"I applied these, and got\nNIP: c00800000f3ab678\n" LINES LINES, NULL,
		NULL},
	{"nor is a notice with one below", "Applied these.\nNIP: 678\n" LINES LINES, ";",
		NULL},
	{"commits: without a sentence", "commit " LONG "\n", ";" LONG, NULL},
};

static char *describe(const struct applied *applied)
{
	GString *out = g_string_new(applied->tree);

	g_string_append_c(out, ';');
	for (guint i = 0; i < applied->commits->len; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
			(char *)applied->commits->pdata[i]);
	if (*applied->by != '\0')
		g_string_append_printf(out, ";%s", applied->by);
	return g_string_free(out, FALSE);
}

static void test_row(const struct applied_row *row)
{
	size_t length = strlen(row->text);
	char *text = tap_exact(row->text, length);
	g_autofree char *name = g_strconcat(row->rule, ": as a reply", NULL);
	g_autofree char *found = NULL;
	g_autofree char *in_reply = NULL;
	struct applied applied;

	if (applied_find(text, length, &applied)) {
		found = describe(&applied);
		applied_release(&applied);
	}
	if (applied_find_in_reply(text, length, &applied)) {
		in_reply = describe(&applied);
		applied_release(&applied);
	}
	tap_string(row->rule, found, row->found);
	tap_string(name, in_reply, row->in_reply);
	free(text);
}

static const struct places_row {
	const char *line;
	unsigned count;
} places_rows[] = {
	{"Queued 1-20 and 22-28.  Initially I skipped 21 because I did not get it.", 27},
	{"Applied 1-3, thanks.", 3},
	{"Applied patches 1, 2 and 4, thanks.", 3},
	{"Applied patch #2 to x/next.", 1},
	{"Thanks, I have queued up 1/4 & 3/4.", 2},
	{"Patches 1-11 applied to powerpc/next.", 11},
	{"Thanks, patches 3 and 4 of this series applied to my x branch.", 2},
	{"Patch 2 of 3 applied.", 1},
	{"Applied patch 2 of 3.", 1},
	{"Applied 2 patches.", 2},
	{"Applied 2 of 4.", 0},
	{"Applied all, thanks.", 0},
	{"Applied to 5.3, thanks.", 0},
	{"Queued for 6.19-rc1", 0},
	{"Applied 5.3 fixes.", 0},
	{"Applied 0-3.", 0},
	{"Applied 3-1.", 0},
	{"Applied 1-99999999999999999999.", 0},
	{"Applied ", 0},
	{"", 0},
};

static void test_limits(void)
{
	g_autoptr(GString) text = g_string_new("Applied.\n");
	struct applied applied;

	for (unsigned i = 0; i < 2 * LIMIT_COMMITS; i++)
		g_string_append_printf(text, "%012u\n", i);
	tap_true("limit: found", applied_find(text->str, text->len, &applied));
	tap_number("limit: commits", applied.commits->len, LIMIT_COMMITS);
	applied_release(&applied);
	g_string_assign(text, "Applied to ");
	for (unsigned i = 0; i < 100000; i++)
		g_string_append(text, "next/");
	tap_true("limit: found in a long line",
		applied_find(text->str, text->len, &applied));
	tap_true("limit: the tree's name",
		strlen(applied.tree) > 0 && strlen(applied.tree) <= 200);
	applied_release(&applied);
}

int main(void)
{
	tap_deadline(60);
	for (size_t i = 0; i < G_N_ELEMENTS(applied_rows); i++)
		test_row(&applied_rows[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(places_rows); i++)
		tap_number(places_rows[i].line,
			(int)applied_count_places(places_rows[i].line),
			(int)places_rows[i].count);
	test_limits();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of whole mails: not their class alone (classify.c) but what else is kept of them. */
#include "config.h"

#include "model/reading.h"

#include <stdio.h>
#include <string.h>

#include "mail/message.h"
#include "tap.h"

#define WORDS  "Words about it.\n"
#define SIGNED WORDS "\nSigned-off-by: Ada Example <ada@example.org>\n---\n"
#define STAT   " x.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
#define DIFF                                                                \
	"diff --git a/x.c b/x.c\nindex 1..2 100644\n--- a/x.c\n+++ b/x.c\n" \
	"@@ -1 +1 @@\n-a\n+b\n"
#define PATCH STAT DIFF
#define HEX   "0123456789abcdef0123456789abcdef01234567"
#define SHORT "89abcdef0123"
#define ADA   "From: Ada Example <ada@example.org>\n"
#define LIST  "To: kvm@vger.kernel.org\nList-Id: <kvm.vger.kernel.org>\n"
#define MAIL(from, subject, body) \
	from LIST "In-Reply-To: <a@x.org>\nSubject: " subject "\n\n" body
#define FIRST(subject, body) ADA LIST "Subject: " subject "\n\n" body
#define SOB                  " [Signed-off-by: Ada Example <ada@example.org>]"
#define BOB                  "Bob Example <bob@example.org>"

/* KEPT: the class, then what of it is set: n/m, vN, flags, `to=`, `by=`, `commit=`, `base=`, `change=`,
 * `pre=`, `link=`, and trailers in brackets. */
static const struct kept_row {
	const char *name, *raw, *kept;
} kept_rows[] = {
	/* What was applied, where, as what. */
	{"patchwork-bot",
		MAIL("From: patchwork-bot+netdevbpf@kernel.org\n", "Re: [PATCH net] x",
			"Hello:\n\nThis patch was applied to netdev/net.git (main)\nby "
			"Bob <bob@x.org>:\n\nOn Mon, 6 Jan 2025 10:00:00 +0000 you "
			"wrote:\n> Words.\n>\n> Reviewed-by: " BOB "\n\nHere is the "
			"summary with links:\n  - [net] x\n    "
			"https://git.kernel.org/netdev/net/c/" SHORT "\n"),
		"applied to=netdev/net.git (main) by=Bob <bob@x.org> commit=" SHORT},
	{"pr-tracker-bot",
		MAIL("From: pr-tracker-bot@kernel.org\n", "Re: [GIT PULL] x",
			"The pull request you sent on Mon, 6 Jan 2025 10:00:00 "
			"+0000:\n\n> git://x.org/kvm.git tags/for-linus\n\nhas been "
			"merged into "
			"torvalds/linux.git:\nhttps://git.kernel.org/torvalds/c/" HEX
			"\n\nThank you!\n"),
		"applied to=torvalds/linux.git commit=" HEX},
	{"tip-bot2",
		MAIL("From: tip-bot2 for Ada Example <tip-bot2@linutronix.de>\n",
			"[tip: x86/core] x86/kvm: Fix it",
			"The following commit has been merged into the x86/core branch "
			"of tip:\n\nCommit-ID:     " HEX
			"\n\nx86/kvm: Fix it\n\n" SIGNED PATCH),
		"applied diff to=x86/core branch of tip commit=" HEX},
	{"tip-bot2, when only its subject names the branch",
		MAIL("From: tip-bot for Ada Example <tip-bot@zytor.com>\n",
			"[tip:x86/core] x86/kvm: Fix it",
			"Commit-ID:  " HEX "\n\n" SIGNED PATCH),
		"applied diff to=x86/core commit=" HEX},
	{"a note of a stable tree",
		MAIL("From: gregkh@linuxfoundation.org\n",
			"Patch \"KVM: Fix it\" has been added to the 6.18-stable tree",
			"\nThis is a note to let you know that I've just added the patch "
			"titled\n\n    KVM: Fix it\n\nto the 6.18-stable tree which can "
			"be found at:\n    http://x.org/stable-queue.git\n\n\nFrom " HEX
			" Mon Sep 17 00:00:00 2001\n\ncommit " HEX
			" upstream.\n\n" SIGNED PATCH),
		"applied diff to=6.18-stable tree commit=" HEX},
	{"b4 ty",
		MAIL(ADA, "Re: [PATCH v2 0/2] KVM: Fix it",
			"On Mon, 06 Jan 2025 10:00:00 +0000, Bob Example wrote:\n> "
			"Words.\n\nApplied to x/next, thanks!\n\n[1/2] KVM: Fix it\n     "
			" "
			"commit: " HEX
			"\n[2/2] KVM: Fix that\n      https://git.x.org/c/" SHORT "\n"),
		"applied 0/2 v2 to=x/next commit=" HEX " commit=" SHORT},
	{"a maintainer's two words",
		MAIL(ADA, "Re: [PATCH] x", "> Words.\n\nApplied, thanks.\n"), "applied"},
	{"a reply that names a commit was not applied",
		MAIL(ADA, "Re: [PATCH] x", "> Words.\n\nSee commit " HEX ".\n"), "reply"},

	/* Trailers: of a commit message, of a reply; of whom they are. */
	{"a patch: its commit message's",
		FIRST("[PATCH] KVM: Fix it",
			WORDS "\nFixes: " SHORT " (\"KVM: Break it\")\nReviewed-by: " BOB
			      "\nSigned-off-by: Ada Example <ada@example.org>\n---\n"
			      "Acked-by: Not Here <not@x.org>\n" PATCH),
		"patch diff [Fixes: " SHORT " (\"KVM: Break it\")] [Reviewed-by: " BOB
		"]" SOB},
	{"a patch of somebody else's: the in-body From is no trailer",
		FIRST("[PATCH] KVM: Fix it", "From: " BOB "\n\n" SIGNED PATCH),
		"patch diff" SOB},
	{"a review: its own, not those that it quotes",
		MAIL(ADA, "Re: [PATCH v2 1/3] KVM: Fix it",
			"> Signed-off-by: " BOB
			"\n\nReviewed-by: Ada Example <ada@example.org>\n"
			"Tested-by: Ada Example <ada@example.org> # s390\n-- \n"
			"Acked-by: " BOB "\n"),
		"review 1/3 v2 [Reviewed-by: Ada Example <ada@example.org>] "
		"[Tested-by: Ada Example <ada@example.org> # s390]"},
	{"a maintainer's trailer stays where something was applied",
		MAIL(ADA, "Re: [PATCH] x",
			"> Words.\n\nApplied, thanks.\nAcked-by: " BOB "\n"),
		"applied [Acked-by: " BOB "]"},

	/* What git and b4 leave for other programs. */
	{"git format-patch --base",
		FIRST("[PATCH] KVM: Fix it",
			SIGNED PATCH "\nbase-commit: " HEX "\nprerequisite-patch-id: " HEX
				     "\n-- \n2.43.0\n"),
		"patch diff base=" HEX " pre=patch-id: " HEX SOB},
	{"b4's cover letter",
		FIRST("[PATCH v3 00/12] KVM: Fix it",
			WORDS "\nSigned-off-by: Ada Example <ada@example.org>\n---\n"
			      "Changes in v3:\n- Link to v2: "
			      "https://lore.kernel.org/r/b@x.org\n- Link to v1: "
			      "https://lore.kernel.org/r/a@x.org\n\n---\nAda Example "
			      "(12):\n      KVM: Fix it\n\n" STAT "---\nbase-commit: " HEX
			      "\nchange-id: 20250106-fix-0123456789ab\n\nBest "
			      "regards,\n-- \nAda Example <ada@example.org>\n"),
		"cover-letter 0/12 v3 base=" HEX " change=20250106-fix-0123456789ab "
		"link=b@x.org link=a@x.org" SOB},
	{"a reply's links are not kept",
		MAIL(ADA, "Re: [PATCH] x",
			"> W\n\nSee https://lore.kernel.org/r/a@x.org\n"),
		"reply"},

	/* Subjects. */
	{"RFC", FIRST("[RFC PATCH 3/7] KVM: Try it", SIGNED PATCH),
		"patch 3/7 rfc diff" SOB},
	{"RFC behind PATCH", FIRST("[PATCH RFC v3 1/8] KVM: Try it", SIGNED PATCH),
		"patch 1/8 v3 rfc diff" SOB},
	{"RESEND", FIRST("[PATCH v3 RESEND] KVM: Fix it", SIGNED PATCH),
		"patch v3 resend diff" SOB},
	{"commas", FIRST("[PATCH net-next,V4, 3/9] KVM: Fix it", SIGNED PATCH),
		"patch 3/9 v4 diff" SOB},
	{"glued", FIRST("[PATCH1/8] KVM: Fix it", SIGNED PATCH), "patch 1/8 diff" SOB},
	{"v5.1", FIRST("[PATCH v5.1 10/12] KVM: Fix it", SIGNED PATCH),
		"patch 10/12 v5 diff" SOB},
	{"V0", FIRST("[PATCH V0] KVM: Fix it", SIGNED PATCH), "patch v0 diff" SOB},
	{"Mercurial's", FIRST("[PATCH 3 of 7] KVM: Fix it", SIGNED PATCH),
		"patch 3/7 diff" SOB},
	{"a stable review", FIRST("[PATCH 6.18 012/345] KVM: Fix it", SIGNED PATCH),
		"stable 12/345 diff" SOB},
	{"a stable review's cover letter",
		FIRST("[PATCH 6.18 000/345] 6.18.5-rc1 review", WORDS), "stable 0/345"},
	{"AUTOSEL", FIRST("[PATCH AUTOSEL 6.19-5.10] KVM: Fix it", SIGNED PATCH),
		"stable diff" SOB},
	{"a pull request's patch", FIRST("[PULL 07/12] KVM: Fix it", SIGNED PATCH),
		"patch 7/12 diff" SOB},
	{"a pull request's head", FIRST("[PULL 00/12] KVM queue", WORDS STAT),
		"pull-request 0/12"},
	{"a patch as a reply", MAIL(ADA, "Re: [PATCH v2 2/3] KVM: Fix it", SIGNED PATCH),
		"patch 2/3 v2 diff" SOB},

	/* Flags. */
	{"the diffstat of another diff",
		FIRST("[PATCH] KVM: Fix it",
			SIGNED " x.c | 3 ++-\n 1 file changed, 2 insertions(+), 1 "
			       "deletion(-)\n\n" DIFF),
		"patch wrong-stat diff" SOB},
	{"no diffstat is no wrong one", FIRST("[PATCH] KVM: Fix it", SIGNED DIFF),
		"patch diff" SOB},
	{"a tag without a diff", FIRST("[PATCH v2 3/5] KVM: Fix it", WORDS),
		"other 3/5 v2"},
	{"a suggestion's diff",
		MAIL(ADA, "Re: [PATCH] x", "> Words.\n\nLike so:\n\n" DIFF),
		"reply diff"},
};

static void describe_arrays(const struct record *record, GString *out)
{
	for (guint i = 0; i < record->commits->len; i++)
		g_string_append_printf(
			out, " commit=%s", (char *)record->commits->pdata[i]);
	if (*record->base_commit != '\0')
		g_string_append_printf(out, " base=%s", record->base_commit);
	if (*record->b4_change_id != '\0')
		g_string_append_printf(out, " change=%s", record->b4_change_id);
	for (guint i = 0; i < record->prerequisites->len; i++)
		g_string_append_printf(
			out, " pre=%s", (char *)record->prerequisites->pdata[i]);
	for (guint i = 0; i < record->links->len; i++)
		g_string_append_printf(out, " link=%s", (char *)record->links->pdata[i]);
	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];

		g_string_append_printf(out, " [%s: %s]", trailer->key, trailer->value);
	}
}

static char *describe(const struct record *record)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} flags[] = {{RECORD_FLAG_RFC, "rfc"}, {RECORD_FLAG_RESEND, "resend"},
		{RECORD_FLAG_WRONG_STAT, "wrong-stat"}, {RECORD_FLAG_DIFF, "diff"},
		{RECORD_FLAG_LIMITED, "limited"}};
	GString *out = g_string_new(record_class_name(record->class));

	if (record->position >= 0)
		g_string_append_printf(out, " %d/%d", record->position, record->total);
	if (record->revision != 1)
		g_string_append_printf(out, " v%u", record->revision);
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (record->flags & flags[i].flag)
			g_string_append_printf(out, " %s", flags[i].name);
	if (*record->applied_to != '\0')
		g_string_append_printf(out, " to=%s", record->applied_to);
	if (*record->applied_by != '\0')
		g_string_append_printf(out, " by=%s", record->applied_by);
	describe_arrays(record, out);
	return g_string_free(out, FALSE);
}

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kept_rows); i++) {
		const struct kept_row *row = &kept_rows[i];
		const struct reading_source source = {.bytes = row->raw,
			.length = strlen(row->raw),
			.full_length = strlen(row->raw),
			.raw_hash = (const uint8_t[HASH_BYTES]){0},
			.now = 1800000000};
		g_autofree char *got = NULL;
		struct reading reading;

		reading_make(&source, &reading);
		got = describe(reading.record);
		tap_string(row->name, got, row->kept);
		reading_release(&reading);
	}
	return tap_end();
}

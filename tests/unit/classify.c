/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/classify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mail/message.h"
#include "model/reading.h"
#include "tap.h"

#define WORDS  "Words about it.\n"
#define SIGNED WORDS "\nSigned-off-by: Ada Example <ada@example.org>\n---\n"
#define STAT   " x.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
#define DIFF                                                                \
	"diff --git a/x.c b/x.c\nindex 1..2 100644\n--- a/x.c\n+++ b/x.c\n" \
	"@@ -1 +1 @@\n-a\n+b\n"
#define PATCH  SIGNED STAT DIFF
#define QUOTE  "> It is so.\n\n"
#define REVIEW "Reviewed-by: Bob Example <bob@example.org>\n"
#define HEX    "0123456789abcdef0123456789abcdef01234567"

/* Whole mails: FIELDS are lines of the header. */
#define MAIL(fields, subject, body) fields "Subject: " subject "\n\n" body
#define ADA                         "From: Ada Example <ada@example.org>\n"
#define LIST                        "To: kvm@vger.kernel.org\nList-Id: <kvm.vger.kernel.org>\n"
#define PARENT                      "In-Reply-To: <a@example.org>\n"
#define LKP                         "From: kernel test robot <lkp@intel.com>\n" LIST
#define SHOP                                                            \
	"From: Shop <shop@example.com>\nTo: undisclosed-recipients:;\n" \
	"List-Id: <kvm.vger.kernel.org>\n"
#define SINCE                 "The following changes since commit " HEX ":\n"
#define RE                    "Re: [PATCH] KVM: Fix it"
#define POST(subject, body)   MAIL(ADA LIST, subject, body)
#define ANSWER(subject, body) MAIL(ADA LIST PARENT, subject, body)

/* Of a subject and a body alone: no list, no addressee, no parent. */
static const struct subject_row {
	const char *subject, *body;
	const char *rule; /* that decides */
	enum record_class class;
} subject_rows[] = {
	{"Re: [PATCH v2 1/3] KVM: Fix it", WORDS, "reply", RECORD_CLASS_REPLY},
	{"Re: [PATCH] KVM: Fix it", WORDS DIFF, "reply", RECORD_CLASS_REPLY},
	{"AW: [PATCH 0/3] KVM: Fix it", WORDS, "reply", RECORD_CLASS_REPLY},
	{"Re: [GIT PULL] KVM fixes", WORDS, "reply", RECORD_CLASS_REPLY},
	{"[kvm-ppc] Re: [PATCH] KVM: Fix it", WORDS STAT DIFF, "reply",
		RECORD_CLASS_REPLY},
	{"Re: Fwd: [PATCH] KVM: Fix it", WORDS, "reply", RECORD_CLASS_REPLY},
	{"Re: a question", "> " WORDS, "reply", RECORD_CLASS_REPLY},
	{"Re: a question", WORDS, "reply-to-nothing", RECORD_CLASS_OTHER},

	{"Fwd: [PATCH] KVM: Fix it", WORDS STAT DIFF, "forward", RECORD_CLASS_OTHER},
	{"FW: [PATCH 0/3] KVM: Fix it", WORDS, "forward", RECORD_CLASS_OTHER},
	{"Fwd: [GIT PULL] KVM fixes", WORDS, "forward", RECORD_CLASS_OTHER},

	{"[GIT PULL] KVM fixes for 6.19-rc3", WORDS STAT, "pull-request",
		RECORD_CLASS_PULL_REQUEST},
	{"[GIT PULL] KVM fixes for 6.19-rc3", WORDS STAT DIFF, "pull-request",
		RECORD_CLASS_PULL_REQUEST},
	{"[PULL 00/12] KVM queue", WORDS STAT, "pull-request", RECORD_CLASS_PULL_REQUEST},

	{"[PATCH 0/5] KVM: Fix them", WORDS STAT, "cover-letter",
		RECORD_CLASS_COVER_LETTER},
	{"[PATCH v2 00/14] KVM: Fix them", WORDS, "cover-letter",
		RECORD_CLASS_COVER_LETTER},
	{"[RFC 0/3] KVM: Should we", WORDS, "cover-letter", RECORD_CLASS_COVER_LETTER},
	{"[PATCH 0/5] KVM: Fix them", WORDS STAT DIFF, "cover-letter",
		RECORD_CLASS_COVER_LETTER},

	{"[PATCH] KVM: Fix it", WORDS STAT DIFF, "patch", RECORD_CLASS_PATCH},
	{"[PATCH] KVM: Fix it", DIFF, "patch", RECORD_CLASS_PATCH},
	{"[PATCH v2 3/5] KVM: Fix it", WORDS STAT DIFF, "patch", RECORD_CLASS_PATCH},
	{"[RFC] KVM: Try it", WORDS DIFF, "patch", RECORD_CLASS_PATCH},
	{"[2/4] KVM: Fix it", WORDS DIFF, "patch", RECORD_CLASS_PATCH},
	{"[PULL 07/12] target: Fix it", WORDS STAT DIFF, "patch", RECORD_CLASS_PATCH},
	{"[PATCH AUTOSEL 6.19-5.10] KVM: Fix it", WORDS STAT DIFF, "stable",
		RECORD_CLASS_STABLE},

	{"KVM: Fix it", WORDS STAT DIFF, "untagged-patch", RECORD_CLASS_PATCH},
	{"[tip: x86/core] x86/kvm: Fix it", WORDS STAT DIFF, "untagged-patch",
		RECORD_CLASS_PATCH},

	{"[PATCH] KVM: Fix it", WORDS, "tag-without-diff", RECORD_CLASS_OTHER},
	{"[PATCH v2 3/5] KVM: Fix it", WORDS STAT, "tag-without-diff",
		RECORD_CLASS_OTHER},
	{"[PULL 07/12] target: Fix it", WORDS, "tag-without-diff", RECORD_CLASS_OTHER},
	{"[PATCH] KVM: Fix it", "> --- a/x.c\n> +++ b/x.c\nNo.\n", "tag-without-diff",
		RECORD_CLASS_OTHER},

	{"KVM hangs with this applied", WORDS DIFF, "other", RECORD_CLASS_OTHER},
	{"What changed", WORDS STAT, "other", RECORD_CLASS_OTHER},
	{"[RFC] KVM: Should we?", WORDS, "other", RECORD_CLASS_OTHER},
	{"Patches wanted", WORDS, "other", RECORD_CLASS_OTHER},
	{"", "", "other", RECORD_CLASS_OTHER},
};

/* Whole mails.  Where NEAR is set, the mail is one that this rule just does not fit, for the want of
 * what the row's name says; another one, behind it, decides. */
static const struct mail_row {
	const char *name, *raw, *rule, *class, *near;
} mail_rows[] = {
	{"RFC 3834",
		MAIL(ADA LIST "Auto-Submitted: auto-replied\n", "Re: [PATCH] x", WORDS),
		"auto-reply", "auto-reply", NULL},
	{"RFC 3834, with a parameter",
		MAIL(ADA LIST "Auto-Submitted: auto-replied; owner-email=a@x.org\n", "x",
			WORDS),
		"auto-reply", "auto-reply", NULL},
	{"RFC 3834: what a program generated answers nothing",
		MAIL(LKP "Auto-Submitted: auto-generated\n", "[kvm:queue] BUILD SUCCESS",
			WORDS),
		"bot", "bot-report", "auto-reply"},
	{"RFC 3834: no",
		MAIL(ADA LIST PARENT "Auto-Submitted: no\nX-Autoreply: no\n",
			"Re: [PATCH] x", WORDS),
		"reply", "reply", "auto-reply"},
	{"X-Autoreply", MAIL(ADA LIST "X-Autoreply: yes\n", "Re: [PATCH] x", WORDS),
		"auto-reply", "auto-reply", NULL},
	{"an absence, by its subject alone",
		POST("Automatic reply: [PATCH] x", "I am away.\n"), "auto-reply",
		"auto-reply", NULL},
	{"a reply to an absence", ANSWER("Re: Automatic reply: [PATCH] x", WORDS),
		"reply", "reply", "auto-reply"},
	{"a bounce",
		MAIL(ADA "Content-Type: multipart/report; report-type=delivery-status; "
			 "boundary=b\n",
			"failed", "--b\n\nNo such user.\n--b--\n"),
		"auto-reply", "auto-reply", NULL},
	{"a bounce, by its sender",
		MAIL("From: MAILER-DAEMON@mx.example.org\n" LIST, "failed", WORDS),
		"auto-reply", "auto-reply", NULL},

	{"patchwork",
		MAIL("From: patchwork-bot+kvm-riscv@kernel.org\n" LIST PARENT,
			"Re: [PATCH] x",
			"This patch was applied to riscv/linux.git (next)\nby Ada:\n"),
		"patchwork-bot", "applied", NULL},
	{"patchwork that applied nothing",
		MAIL("From: patchwork-bot+kvm-riscv@kernel.org\n" LIST,
			"Patchwork housekeeping", "Nothing to do.\n"),
		"bot", "bot-report", "patchwork-bot"},
	{"pr-tracker-bot",
		MAIL("From: pr-tracker-bot@kernel.org\n" LIST PARENT, "Re: [GIT PULL] x",
			"has been merged into torvalds/linux.git:\n"),
		"pr-tracker-bot", "applied", NULL},
	{"pr-tracker-bot's words, somebody else's address",
		ANSWER("Re: [GIT PULL] x", "has been merged into torvalds/linux.git:\n"),
		"applied-reply", "applied", "pr-tracker-bot"},
	{"tip-bot2",
		MAIL("From: tip-bot2 for Ada Example <tip-bot2@linutronix.de>\n" LIST,
			"[tip: x86/core] x86/kvm: Fix it",
			"The following commit has been merged into the x86/core branch "
			"of tip:\n\nCommit-ID:     " HEX "\n\n" PATCH),
		"tip-bot", "applied", NULL},
	{"tip-bot2's subject, the kernel test robot's address",
		MAIL(LKP, "[tip:x86/core] BUILD SUCCESS " HEX,
			"tree/branch: https://git.example.org/tip.git x86/core\n"),
		"bot", "bot-report", "tip-bot"},
	{"a note of a stable tree",
		MAIL("From: gregkh@linuxfoundation.org\n" LIST,
			"Patch \"KVM: Fix it\" has been added to the 6.18-stable tree",
			"\nThis is a note to let you know that I've just added the patch "
			"titled\n\n    KVM: Fix it\n\nto the 6.18-stable tree which can "
			"be found at:\n\n" PATCH),
		"tree-note", "applied", NULL},
	{"a note that is quoted",
		ANSWER("Re: Patch \"KVM: Fix it\" has been added",
			"> This is a note to let you know that I've just added the patch "
			"titled\nPlease drop it.\n"),
		"reply", "reply", "tree-note"},
	{"a note above a patch that is tagged so",
		POST("[PATCH] KVM: Fix it", "This is a note to let you know that I've "
					    "just added the patch titled\n" PATCH),
		"patch", "patch", "tree-note"},

	{"the kernel test robot answers",
		MAIL(LKP PARENT, "Re: [PATCH v2 1/3] KVM: Fix it",
			"Hi Ada,\n\nkernel test robot noticed the following build "
			"errors:\n\n" QUOTE
			"Reported-by: kernel test robot <lkp@intel.com>\n"),
		"bot", "bot-report", NULL},
	{"the kernel test robot sends a patch",
		MAIL(LKP, "[PATCH] KVM: fix semicolon.cocci warnings", PATCH), "patch",
		"patch", "bot"},
	{"the kernel test robot answers with a diff", MAIL(LKP PARENT, RE, QUOTE DIFF),
		"bot", "bot-report", NULL},
	{"syzbot",
		MAIL("From: syzbot <syzbot+0123456789@syzkaller.appspotmail.com>\n" LIST,
			"[syzbot] [kvm?] KASAN: slab-out-of-bounds Read in f",
			"Hello,\n\nsyzbot found the following issue on:\n"),
		"bot", "bot-report", NULL},
	{"a person answers syzbot",
		ANSWER("Re: [syzbot] [kvm?] KASAN: slab-out-of-bounds Read in f",
			"#syz test\n\n" DIFF),
		"reply", "reply", "bot"},
	{"checkpatch",
		MAIL("From: checkpatch@dpdk.org\n" LIST PARENT,
			"|WARNING| pw12345 [PATCH] x", "coding style issues\n"),
		"bot", "bot-report", NULL},
	{"patchew",
		MAIL("From: no-reply@patchew.org\n" LIST PARENT, "Re: [PATCH] x",
			"This series seems to have some coding style problems.\n"),
		"bot", "bot-report", NULL},
	{"a reviewer that is a program",
		MAIL("From: AI review bot <reviews@example.org>\n" LIST PARENT,
			"Re: [PATCH] x", QUOTE "Is this NULL?\n" REVIEW),
		"bot", "bot-report", NULL},
	{"a person named Talbot",
		MAIL("From: Ed Talbot <ed.talbot@example.org>\n" LIST PARENT,
			"Re: [PATCH] x", QUOTE "Is this NULL?\n"),
		"reply", "reply", "bot"},

	{"bugzilla",
		MAIL("From: bugzilla-daemon@kernel.org\n" LIST,
			"[Bug 12345] New: KVM hangs", WORDS),
		"bugzilla", "bug-report", NULL},
	{"bugzilla, by the number that a person answers",
		ANSWER("Re: [Bug 12345] KVM hangs", WORDS), "bugzilla", "bug-report",
		NULL},
	{"a bug without a number", POST("[Bug] KVM hangs", WORDS), "bug-report",
		"bug-report", "bugzilla"},
	{"a patch for a bug with a number",
		POST("[PATCH] [Bug 12345] KVM: Fix it", PATCH), "patch", "patch",
		"bugzilla"},

	{"b4 ty",
		ANSWER("Re: [PATCH 0/2] KVM: Fix it",
			QUOTE "Applied to x/next, thanks!\n\n[1/2] KVM: Fix it\n      "
			      "commit: " HEX "\n"),
		"applied-reply", "applied", NULL},
	{"a maintainer applied it", ANSWER(RE, QUOTE "Applied, thanks.\n"),
		"applied-reply", "applied", NULL},
	{"a maintainer applied it, above a trailer",
		ANSWER(RE, QUOTE "Queued for 6.19, thanks.\n" REVIEW), "applied-reply",
		"applied", NULL},
	{"a maintainer will apply it", ANSWER(RE, QUOTE "Will apply, thanks.\n"), "reply",
		"reply", "applied-reply"},
	{"somebody asks whether it was applied", ANSWER(RE, QUOTE "Applied already?\n"),
		"reply", "reply", "applied-reply"},
	{"somebody quotes that it was applied",
		ANSWER(RE, "> Applied, thanks.\n\nGreat.\n"), "reply", "reply",
		"applied-reply"},

	{"a signed-off patch as a reply", ANSWER("Re: [PATCH v2 2/3] KVM: Fix it", PATCH),
		"patch-in-reply", "patch", NULL},
	{"a patch as a reply, quoted",
		ANSWER(RE,
			"> Words about it.\n>\n> Signed-off-by: Ada Example "
			"<ada@example.org>\n> ---\n>  x.c | 2 +-\n>  1 file changed, 1 "
			"insertion(+), 1 deletion(-)\n>\n> diff --git a/x.c b/x.c\n> --- "
			"a/x.c\n> +++ b/x.c\n> @@ -1 +1 @@\n> -a\n> +b\nNo.\n"),
		"reply", "reply", "patch-in-reply"},
	{"a suggestion, not signed off", ANSWER(RE, "What about this?\n---\n" STAT DIFF),
		"reply", "reply", "patch-in-reply"},
	{"a signed-off suggestion below a quote", ANSWER(RE, QUOTE PATCH), "reply",
		"reply", "patch-in-reply"},
	{"a suggestion without a diffstat", ANSWER(RE, SIGNED DIFF), "reply", "reply",
		"patch-in-reply"},

	{"a reply that gives a trailer", ANSWER(RE, QUOTE REVIEW), "review", "review",
		NULL},
	{"a reply in Swedish that gives one",
		ANSWER("Sv: [PATCH] KVM: Fix it", QUOTE REVIEW), "review", "review",
		NULL},
	{"a reply that gives a trailer and a diff",
		ANSWER(RE, QUOTE REVIEW "\nBut:\n\n" DIFF), "review", "review", NULL},
	{"a reply that quotes a trailer", ANSWER(RE, "> " REVIEW "Thanks.\n"), "reply",
		"reply", "review"},
	{"a reply with a trailer in its signature", ANSWER(RE, QUOTE "No.\n-- \n" REVIEW),
		"reply", "reply", "review"},
	{"no Re:, but a parent, a quote and a trailer",
		ANSWER("KVM: Fix it", QUOTE REVIEW), "unmarked-review", "review", NULL},
	{"no Re:, a parent and a trailer, but no quote", ANSWER("KVM: Fix it", REVIEW),
		"unmarked-reply", "reply", "unmarked-review"},
	{"a reply", ANSWER("Re: a question", WORDS), "reply", "reply", NULL},
	{"a reply in Chinese", ANSWER("回复: [PATCH] KVM: Fix it", WORDS), "reply",
		"reply", NULL},
	{"a reply whose parent is lost, to the list about its topic",
		POST("Re: KVM, again", WORDS), "reply", "reply", NULL},
	{"a reply to nothing that sells",
		MAIL("From: Shop <shop@example.com>\nTo: "
		     "undisclosed-recipients:;\nList-Id: <kvm.vger.kernel.org>\n",
			"Re: your order", "Buy.\n"),
		"reply-to-nothing", "other", "reply"},
	{"not Re:, a word", POST("Regarding KVM", WORDS), "discussion", "discussion",
		"reply-to-nothing"},
	{"a forward", POST("Fwd: a question about KVM", WORDS), "forward", "other", NULL},
	{"fw: behind PATCH is what was changed", POST("[PATCH] fw: Check it", PATCH),
		"patch", "patch", "forward"},

	{"a CVE",
		MAIL("From: Greg Example <cve@kernel.org>\n" LIST,
			"CVE-2025-12345: KVM: Fix it", WORDS),
		"cve", "stable", NULL},
	{"a CVE, from any address", POST("CVE-2025-12345: KVM: Fix it", WORDS), "cve",
		"stable", NULL},
	{"a question about a CVE", POST("CVE-2025-12345 in KVM", WORDS), "discussion",
		"discussion", "cve"},
	{"FAILED: patch",
		POST("FAILED: patch \"[PATCH] KVM: Fix it\" failed to apply to "
		     "6.12-stable tree",
			"The patch below does not apply.\n\n" SIGNED DIFF),
		"stable-failed", "stable", NULL},
	{"FAILED: something else", POST("FAILED: patching KVM", WORDS), "discussion",
		"discussion", "stable-failed"},
	{"AUTOSEL", POST("[PATCH AUTOSEL 6.18-5.10] KVM: Fix it", PATCH), "stable",
		"stable", NULL},
	{"a stable review's cover letter",
		POST("[PATCH 6.18 000/345] 6.18.5-rc1 review", WORDS), "stable", "stable",
		NULL},
	{"a stable review's patch", POST("[PATCH 6.18 012/345] KVM: Fix it", PATCH),
		"stable", "stable", NULL},
	{"a stable tree's tag, without a diff",
		POST("[PATCH 6.18 012/345] KVM: Fix it", WORDS), "tag-without-diff",
		"other", "stable"},
	{"v5.1 is no stable tree", POST("[PATCH v5.1 10/12] KVM: Fix it", PATCH), "patch",
		"patch", "stable"},

	{"a patch of a pull request is a patch", POST("[PULL 07/12] KVM: Fix it", PATCH),
		"patch", "patch", "pull-request"},
	{"0/0 is no cover letter", POST("[PATCH 0/0] KVM: Fix it", PATCH), "patch",
		"patch", "cover-letter"},
	{"1/1 is no cover letter", POST("[PATCH 1/1] KVM: Fix it", PATCH), "patch",
		"patch", "cover-letter"},
	{"a checker's message",
		POST("[kvm:queue 3/4] x.c:12 f() warn: inconsistent indenting", WORDS),
		"compiler-message", "bug-report", NULL},
	{"a checker's message that a patch has for its title",
		POST("[PATCH 3/4] x.c:12: warning: fix it", PATCH), "patch", "patch",
		"compiler-message"},
	{"a checker's message without a line's number",
		POST("x.c: KVM warns of an error", WORDS), "discussion", "discussion",
		"compiler-message"},
	{"[PATCH] without a diff", POST("[PATCH] KVM: Fix it", SIGNED STAT),
		"tag-without-diff", "other", "patch"},
	{"[RFC] without a diff begins a thread", POST("[RFC] KVM: Should we?", WORDS),
		"discussion", "discussion", "tag-without-diff"},
	{"a diff under a sign-off, no tag", POST("KVM: Fix it", SIGNED DIFF),
		"untagged-patch", "patch", NULL},
	{"a diff under words, no tag", POST("KVM: what about this", WORDS DIFF),
		"discussion", "discussion", "untagged-patch"},

	{"git request-pull, no tag",
		POST("KVM fixes for 6.19",
			SINCE "\n  KVM (date)\n\nare available in the Git repository "
			      "at:\n\n  https://git.example.org/kvm.git\n"),
		"request-pull", "pull-request", NULL},
	{"git request-pull, in part", POST("KVM fixes for 6.19", SINCE ""), "discussion",
		"discussion", "request-pull"},
	{"[ANNOUNCE]", POST("[ANNOUNCE] kvm-unit-tests has moved", WORDS), "announcement",
		"announcement", NULL},
	{"a release", POST("Linux 6.18-rc1", WORDS), "announcement", "announcement",
		NULL},
	{"a release that breaks", POST("Linux 6.18-rc1 KVM guest hangs", WORDS),
		"breakage", "bug-report", "announcement"},
	{"[bug report]", POST("[bug report] KVM: x86: Fix it", WORDS), "bug-report",
		"bug-report", NULL},
	{"[REGRESSION]", POST("[REGRESSION] KVM", WORDS), "bug-report", "bug-report",
		NULL},
	{"a bug's title under a parent", ANSWER("BUG: it is not", WORDS),
		"unmarked-reply", "reply", "bug-report"},
	{"a title about what is broken", POST("KVM guest hangs", WORDS), "breakage",
		"bug-report", NULL},
	{"a crash's log",
		MAIL(ADA, "What is this", "[  1.2] Oops: 0000 [#1] SMP\nCall Trace:\n"),
		"breakage", "bug-report", NULL},
	{"a title about what is broken, to nobody",
		MAIL(ADA, "Your bank account hangs", "Click.\n"), "other", "other",
		"breakage"},
	{"a crash's log, quoted", POST("What is this", "> Call Trace:\nAbout KVM.\n"),
		"discussion", "discussion", "breakage"},

	{"no Re:, but a parent", ANSWER("KVM and more (was: KVM)", WORDS),
		"unmarked-reply", "reply", NULL},
	{"no Re:, a parent, and a quote below a patch's tag",
		ANSWER("[PATCH] KVM: Fix it", QUOTE "No.\n"), "unmarked-reply", "reply",
		NULL},
	{"no Re:, a parent, but a patch's tag and nothing quoted",
		ANSWER("[PATCH] KVM: Fix it", WORDS), "tag-without-diff", "other",
		"unmarked-reply"},
	{"no Re:, and no parent", POST("KVM and more (was: KVM)", QUOTE WORDS),
		"discussion", "discussion", "unmarked-reply"},
	{"a question to the list", POST("How does KVM do it?", "I wonder.\n"),
		"discussion", "discussion", NULL},
	{"what sells, to nobody",
		MAIL("From: Shop <shop@example.com>\nTo: "
		     "undisclosed-recipients:;\nList-Id: <kvm.vger.kernel.org>\n",
			"KVM switches", "Buy.\n"),
		"other", "other", "discussion"},
	{"what sells, and wants its answers elsewhere",
		MAIL("From: Shop <shop@example.com>\n" LIST
		     "Reply-To: sales@example.net\n",
			"KVM switches", "Buy.\n"),
		"other", "other", "discussion"},
	{"what is about nothing here", POST("Your invoice", "It is attached.\n"), "other",
		"other", "discussion"},
	{"a header alone", ADA, "other", "other", "discussion"},
	{"an empty header and body", "\n", "other", "other", NULL},
	{"nothing at all", "", "other", "other", NULL},
};

static void check_reading(
	const char *name, const char *raw, const char *rule, const char *class)
{
	const struct reading_source source = {.bytes = raw,
		.length = strlen(raw),
		.full_length = strlen(raw),
		.raw_hash = (const uint8_t[HASH_BYTES]){0},
		.now = 1800000000};
	g_autofree char *class_name = g_strconcat(name, ": the class", NULL);
	struct reading reading;
	const struct record *record;

	reading_make(&source, &reading);
	record = reading.record;
	tap_string(name, record->rule, rule);
	tap_string(class_name, record_class_name(record->class), class);
	if (*record->evidence == '\0' || strchr(record->evidence, '\n') != NULL ||
		strlen(record->evidence) > LIMIT_EVIDENCE_BYTES)
		tap_true("the evidence is one line", false);
	reading_release(&reading);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subject_rows); i++) {
		const struct subject_row *row = &subject_rows[i];
		g_autofree char *raw = g_strdup_printf(
			MAIL(ADA, "%s", "%s"), row->subject, row->body);
		g_autofree char *name = g_strdup_printf("%s: '%s'%s%s", row->rule,
			row->subject, strstr(row->body, "1 file") ? ", a diffstat" : "",
			strstr(row->body, "diff --git") ? ", a diff" : "");

		check_reading(name, raw, row->rule, record_class_name(row->class));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(mail_rows); i++)
		check_reading(mail_rows[i].name, mail_rows[i].raw, mail_rows[i].rule,
			mail_rows[i].class);
}

static size_t find_rule(const char *name)
{
	size_t count, i = 0;
	const struct classify_rule *rules = classify_rules(&count);

	while (i < count && strcmp(rules[i].name, name) != 0)
		i++;
	if (i == count)
		tap_note("no rule is named %s", name);
	return i;
}

/* Whether NAME decides in some row, and in some other one was tried and did not fit. */
static void test_rule(const char *name, bool last)
{
	g_autofree char *decides = g_strconcat("a row fits: ", name, NULL);
	g_autofree char *near = g_strconcat("a row just does not: ", name, NULL);
	bool fits = false, misses = last;

	for (size_t i = 0; i < G_N_ELEMENTS(subject_rows); i++)
		fits = fits || strcmp(subject_rows[i].rule, name) == 0;
	for (size_t i = 0; i < G_N_ELEMENTS(mail_rows); i++) {
		const struct mail_row *row = &mail_rows[i];

		fits = fits || strcmp(row->rule, name) == 0;
		misses = misses || (row->near != NULL && strcmp(row->near, name) == 0 &&
					   find_rule(row->near) < find_rule(row->rule));
	}
	tap_true(decides, fits);
	tap_true(near, misses);
}

/* The table itself: `explain` and the records name its rules. */
static void test_table(void)
{
	size_t count = 0;
	const struct classify_rule *rules = classify_rules(&count);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	bool said = true;

	for (size_t i = 0; i < count; i++) {
		g_hash_table_add(names, (void *)(uintptr_t)rules[i].name);
		said = said && *rules[i].reason != '\0' && !strchr(rules[i].reason, '\n');
		test_rule(rules[i].name, i + 1 == count);
	}
	tap_number("table: no name twice", g_hash_table_size(names), (int64_t)count);
	tap_true("table: every rule has a reason of one line", said);
}

int main(void)
{
	message_init_library();
	test_rows();
	test_table();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/subject.h"

#include <stdio.h>

#include "tap.h"

/* SUBJECT in one line: its flags, n/m, the revision with its mark, {tags}, the title. */
static char *describe(const struct subject *subject)
{
	GString *out = g_string_new(NULL);
	const struct {
		bool set;
		const char *name;
	} flags[] = {{subject->reply, "reply "}, {subject->forward, "forward "},
		{subject->patch, "patch "}, {subject->rfc, "rfc "},
		{subject->resend, "resend "}, {subject->pull, "pull "}};

	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (flags[i].set)
			g_string_append(out, flags[i].name);
	if (subject->has_position)
		g_string_append_printf(out, "%u/%u ", subject->position, subject->total);
	g_string_append_printf(
		out, "r%u(%s) {", subject->revision, subject->revision_mark);
	for (guint i = 0; i < subject->tags->len; i++)
		g_string_append_printf(
			out, "%s%s", i > 0 ? "|" : "", (char *)subject->tags->pdata[i]);
	g_string_append_printf(out, "} %s", subject->title);
	return g_string_free(out, FALSE);
}

static const struct subject_row {
	const char *rule, *line, *expected;
} subject_rows[] = {
	/* What git format-patch writes. */
	{"format-patch: a single patch", "[PATCH] KVM: x86: Drop a stale comment",
		"patch r1() {PATCH} KVM: x86: Drop a stale comment"},
	{"format-patch -n", "[PATCH 3/7] KVM: selftests: Add a test",
		"patch 3/7 r1() {PATCH|3/7} KVM: selftests: Add a test"},
	{"format-patch -v2: numbers have leading zeros",
		"[PATCH v2 03/14] KVM: x86: Drop a stale comment",
		"patch 3/14 r2(v2) {PATCH|v2|03/14} KVM: x86: Drop a stale comment"},
	{"format-patch --cover-letter: 0 is a position",
		"[PATCH v2 00/14] KVM: x86: Drop stale comments",
		"patch 0/14 r2(v2) {PATCH|v2|00/14} KVM: x86: Drop stale comments"},
	{"format-patch --rfc", "[RFC PATCH] KVM: arm64: Try something",
		"patch rfc r1() {RFC|PATCH} KVM: arm64: Try something"},
	{"format-patch --subject-prefix='PATCH net-next'",
		"[PATCH net-next v3 0/9] vhost: Rework the worker",
		"patch 0/9 r3(v3) {PATCH|net-next|v3|0/9} vhost: Rework the worker"},
	{"format-patch: a version of two numbers counts as its first",
		"[PATCH v5.1 10/12] KVM: s390: Fix a leak",
		"patch 10/12 r5(v5.1) {PATCH|v5.1|10/12} KVM: s390: Fix a leak"},

	/* Tags that people put there by hand. */
	{"tags: two brackets", "[RFC][PATCH] KVM: arm64: Try something",
		"patch rfc r1() {RFC|PATCH} KVM: arm64: Try something"},
	{"tags: two brackets with a blank between",
		"[RESEND] [PATCH v2] KVM: x86: Fix it",
		"patch resend r2(v2) {RESEND|PATCH|v2} KVM: x86: Fix it"},
	{"tags: RFC behind PATCH", "[PATCH RFC v3 1/8] mm: Add a hook",
		"patch rfc 1/8 r3(v3) {PATCH|RFC|v3|1/8} mm: Add a hook"},
	{"tags: version before the tree", "[PATCH v5 net-next 1/9] vhost: Split it",
		"patch 1/9 r5(v5) {PATCH|v5|net-next|1/9} vhost: Split it"},
	{"tags: position before the version", "[PATCH 1/2 v3] vfio: Fix a race",
		"patch 1/2 r3(v3) {PATCH|1/2|v3} vfio: Fix a race"},
	{"tags: commas between and behind", "[PATCH net-next,V4, 3/9] net: Add a flag",
		"patch 3/9 r4(v4) {PATCH|net-next|V4|3/9} net: Add a flag"},
	{"tags: comma without a blank", "[PATCH,RFC] KVM: Think aloud",
		"patch rfc r1() {PATCH|RFC} KVM: Think aloud"},
	{"tags: the project in front", "[kvm-unit-tests PATCH 1/8] x86: Add a test",
		"patch 1/8 r1() {kvm-unit-tests|PATCH|1/8} x86: Add a test"},
	{"tags: the project in front, with a version",
		"[kvmtool PATCH v2 01/10] virtio: Fix it",
		"patch 1/10 r2(v2) {kvmtool|PATCH|v2|01/10} virtio: Fix it"},
	{"tags: the project behind", "[PATCH kvmtool 1/3] virtio: Fix it",
		"patch 1/3 r1() {PATCH|kvmtool|1/3} virtio: Fix it"},
	{"tags: a tree that begins with v is no version",
		"[PATCH vfio 1/2] pci: Fix a race",
		"patch 1/2 r1() {PATCH|vfio|1/2} pci: Fix a race"},
	{"tags: a tree that begins with v and a digit is no version",
		"[PATCH v9fs 2/3] Fix a leak",
		"patch 2/3 r1() {PATCH|v9fs|2/3} Fix a leak"},
	{"tags: v alone is no version", "[PATCH v 2/3] vfio: Fix it",
		"patch 2/3 r1() {PATCH|v|2/3} vfio: Fix it"},
	{"tags: a tree with a dash in front", "[PATCH -next v2] KVM: Fix a typo",
		"patch r2(v2) {PATCH|-next|v2} KVM: Fix a typo"},
	{"tags: 1/8 glued on", "[PATCH1/8] KVM: x86: Fix it",
		"patch 1/8 r1() {PATCH1/8} KVM: x86: Fix it"},
	{"tags: v2 glued on", "[PATCHv2 1/3] KVM: x86: Fix it",
		"patch 1/3 r2(v2) {PATCHv2|1/3} KVM: x86: Fix it"},
	{"tags: v3 glued on with a dash", "[PATCH-v3 1/3] KVM: x86: Fix it",
		"patch 1/3 r3(v3) {PATCH-v3|1/3} KVM: x86: Fix it"},
	{"tags: v3 glued on with an underscore", "[PATCH_v3] KVM: x86: Fix it",
		"patch r3(v3) {PATCH_v3} KVM: x86: Fix it"},
	{"tags: v2 glued to RFC", "[RFCv2 0/4] KVM: Think again",
		"rfc 0/4 r2(v2) {RFCv2|0/4} KVM: Think again"},
	{"tags: v2 with a dash in front", "[PATCH -v2 1/2] KVM: Fix it",
		"patch 1/2 r2(v2) {PATCH|-v2|1/2} KVM: Fix it"},
	{"tags: v2 in parentheses", "[PATCH (v2) 1/2] KVM: Fix it",
		"patch 1/2 r2(v2) {PATCH|(v2)|1/2} KVM: Fix it"},
	{"tags: a colon behind v2", "[PATCH v2: 1/2] KVM: Fix it",
		"patch 1/2 r2(v2) {PATCH|v2:|1/2} KVM: Fix it"},
	{"tags: semicolons between", "[PATCH; v3; 1/2] KVM: Fix it",
		"patch 1/2 r3(v3) {PATCH|v3|1/2} KVM: Fix it"},
	{"tags: v3 glued on with a dot", "[PATCH.v3 1/2] KVM: Fix it",
		"patch 1/2 r3(v3) {PATCH.v3|1/2} KVM: Fix it"},
	{"tags: a colon behind PATCH", "[PATCH: 1/2] KVM: Fix it",
		"patch 1/2 r1() {PATCH:|1/2} KVM: Fix it"},
	{"tags: lower case", "[patch v2 2/4] kvm: fix it",
		"patch 2/4 r2(v2) {patch|v2|2/4} kvm: fix it"},
	{"tags: V0 is a version", "[PATCH V0] KVM: Start",
		"patch r0(v0) {PATCH|V0} KVM: Start"},
	{"tags: RESEND in front", "[RESEND PATCH] KVM: Fix it",
		"patch resend r1() {RESEND|PATCH} KVM: Fix it"},
	{"tags: RESEND behind", "[PATCH v3 RESEND] KVM: Fix it",
		"patch resend r3(v3) {PATCH|v3|RESEND} KVM: Fix it"},
	{"tags: REPOST is a resend", "[REPOST PATCH 1/2] KVM: Fix it",
		"patch resend 1/2 r1() {REPOST|PATCH|1/2} KVM: Fix it"},
	{"tags: REBASED is only a word", "[PATCH REBASED] KVM: Fix it",
		"patch r1() {PATCH|REBASED} KVM: Fix it"},
	{"tags: RFC/PATCH", "[RFC/PATCH] KVM: Fix it",
		"patch rfc r1() {RFC/PATCH} KVM: Fix it"},
	{"tags: PATCH/RFC", "[PATCH/RFC] KVM: Fix it",
		"patch rfc r1() {PATCH/RFC} KVM: Fix it"},
	{"tags: RFC-PATCH", "[RFC-PATCH v2] KVM: Fix it",
		"patch rfc r2(v2) {RFC-PATCH|v2} KVM: Fix it"},
	{"tags: RFC alone", "[RFC] KVM: Should we?", "rfc r1() {RFC} KVM: Should we?"},
	{"tags: RFC is no part of a word", "[RFCOMM] a question",
		"r1() {RFCOMM} a question"},
	{"tags: PATCHES is another word", "[PATCHES] where to find them",
		"r1() {PATCHES} where to find them"},
	{"tags: a word that goes on with v is no PATCH", "[patchview] a new release",
		"r1() {patchview} a new release"},
	{"tags: PATCH in the title is no tag", "KVM: PATCH numbers explained",
		"r1() {} KVM: PATCH numbers explained"},
	{"tags: behind the title is not in front", "KVM: Fix it [PATCH v2]",
		"r1() {} KVM: Fix it [PATCH v2]"},

	/* Robots and pull requests. */
	{"stable: the kernel's version is no position",
		"[PATCH 6.18 012/345] KVM: x86: Fix it",
		"patch 12/345 r1() {PATCH|6.18|012/345} KVM: x86: Fix it"},
	{"stable: a range of kernels is no position",
		"[PATCH AUTOSEL 6.19-5.10] KVM: x86: Fix it",
		"patch r1() {PATCH|AUTOSEL|6.19-5.10} KVM: x86: Fix it"},
	{"tip: a branch is no position and no patch", "[tip: x86/core] x86/kvm: Fix it",
		"r1() {tip:|x86/core} x86/kvm: Fix it"},
	{"pull: qemu's cover letter", "[PULL 00/12] KVM queue",
		"pull 0/12 r1() {PULL|00/12} KVM queue"},
	{"pull: qemu's patch", "[PULL v2 07/12] target: Fix it",
		"pull 7/12 r2(v2) {PULL|v2|07/12} target: Fix it"},
	{"pull: GIT PULL", "[GIT PULL] KVM fixes for 6.19-rc3",
		"pull r1() {GIT|PULL} KVM fixes for 6.19-rc3"},
	{"pull: GIT-PULL in any case", "[git-pull] KVM fixes",
		"pull r1() {git-pull} KVM fixes"},
	{"pull: the word in the title is none", "[PATCH] Pull the check out",
		"patch r1() {PATCH} Pull the check out"},

	{"robots: syzbot's two brackets", "[syzbot] [kvm?] KASAN: use-after-free in f",
		"r1() {syzbot|kvm?} KASAN: use-after-free in f"},
	{"robots: bugzilla's number", "[Bug 12345] New: KVM hangs",
		"r1() {Bug|12345} New: KVM hangs"},
	{"people: [bug report] is two words", "[bug report] KVM: x86: Fix it",
		"r1() {bug|report} KVM: x86: Fix it"},
	{"people: ANNOUNCE", "[ANNOUNCE] Git v2.50.0-rc1",
		"r1() {ANNOUNCE} Git v2.50.0-rc1"},
	{"stable: FAILED quotes a tag that is not its own",
		"FAILED: patch \"[PATCH] KVM: Fix it\" failed to apply",
		"r1() {} FAILED: patch \"[PATCH] KVM: Fix it\" failed to apply"},

	/* Positions. */
	{"n/m: Mercurial's", "[PATCH 3 of 7] vfio: Fix it",
		"patch 3/7 r1() {PATCH|3|of|7} vfio: Fix it"},
	{"n/m: with blanks around the slash", "[PATCH 3 / 7] vfio: Fix it",
		"patch 3/7 r1() {PATCH|3|/|7} vfio: Fix it"},
	{"n/m: with a blank before the slash", "[PATCH v2 3 /7] vfio: Fix it",
		"patch 3/7 r2(v2) {PATCH|v2|3|/7} vfio: Fix it"},
	{"n/m: behind a number sign", "[PATCH #3/7] vfio: Fix it",
		"patch 3/7 r1() {PATCH|#3/7} vfio: Fix it"},
	{"n/m: one that was forgotten is 4 of 3", "[PATCH 4/3] KVM: One more",
		"patch 4/3 r1() {PATCH|4/3} KVM: One more"},
	{"n/m: without PATCH", "[02/10] KVM: Fix it", "2/10 r1() {02/10} KVM: Fix it"},
	{"n/m: of none is no position", "[PATCH 0/0] KVM: Fix it",
		"patch r1() {PATCH|0/0} KVM: Fix it"},
	{"n/m: a number with a sign is none", "[PATCH -1/3] KVM: Fix it",
		"patch r1() {PATCH|-1/3} KVM: Fix it"},
	{"n/m: half of one is none", "[PATCH 1/] KVM: Fix it",
		"patch r1() {PATCH|1/} KVM: Fix it"},
	{"n/m: something behind it, none", "[PATCH 1/2a] KVM: Fix it",
		"patch r1() {PATCH|1/2a} KVM: Fix it"},
	{"n/m: three numbers are a date", "[PATCH 1/2/3] KVM: Fix it",
		"patch r1() {PATCH|1/2/3} KVM: Fix it"},
	{"n/m: more than any series has", "[PATCH 4294967297/4294967298] KVM: Fix it",
		"patch r1() {PATCH|4294967297/4294967298} KVM: Fix it"},
	{"version: more than any series has", "[PATCH v99999999999] KVM: Fix it",
		"patch r1() {PATCH|v99999999999} KVM: Fix it"},

	/* Replies and forwards. */
	{"reply: Re:", "Re: [PATCH v2 03/14] KVM: Fix it",
		"reply patch 3/14 r2(v2) {PATCH|v2|03/14} KVM: Fix it"},
	{"reply: in any case, repeated, without a blank", "RE: re:[PATCH] KVM: Fix it",
		"reply patch r1() {PATCH} KVM: Fix it"},
	{"reply: behind the list's own tag", "[kvm-ppc] Re: [PATCH] KVM: Fix it",
		"reply patch r1() {kvm-ppc|PATCH} KVM: Fix it"},
	{"reply: counted", "Re[2]: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: counted otherwise", "Re^3: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: counted in parentheses", "Re(2): KVM: Fix it",
		"reply r1() {} KVM: Fix it"},
	{"reply: with the French blank", "Re : KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: German", "AW: [PATCH] KVM: Fix it",
		"reply patch r1() {PATCH} KVM: Fix it"},
	{"reply: German, in full", "Antwort: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Dutch", "Antw: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Swedish", "Sv: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Finnish", "VS: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Polish", "Odp: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Portuguese", "RES: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Turkish", "Ynt: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Chinese, with the wide colon", "回复：[PATCH] KVM: Fix it",
		"reply patch r1() {PATCH} KVM: Fix it"},
	{"reply: Chinese, with a colon", "答复: KVM: Fix it",
		"reply r1() {} KVM: Fix it"},
	{"reply: Chinese, as Taiwan has it", "回覆: KVM: Fix it",
		"reply r1() {} KVM: Fix it"},
	{"reply: counted behind a dash", "Re-2: KVM: Fix it",
		"reply r1() {} KVM: Fix it"},
	{"reply: Italian", "Rif: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Italian, one letter", "R: [PATCH] KVM: Fix it",
		"reply patch r1() {PATCH} KVM: Fix it"},
	{"reply: one letter may be a word", "R: a language", "r1() {} R: a language"},
	{"reply: Greek", "ΑΠ: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Russian", "Отв: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Hungarian", "Vá: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Japanese", "返信: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Korean", "답장: KVM: Fix it", "reply r1() {} KVM: Fix it"},
	{"reply: Ubuntu's", "ACK/Cmnt: [SRU][J][PATCH 0/1] KVM: Fix it",
		"reply patch 0/1 r1() {SRU|J|PATCH|0/1} KVM: Fix it"},
	{"reply: Ubuntu's, applied", "APPLIED: [SRU][J][PATCH] KVM: Fix it",
		"reply patch r1() {SRU|J|PATCH} KVM: Fix it"},
	{"reply: ack is a word", "ack: a searcher", "r1() {} ack: a searcher"},
	{"reply: behind a filter's stars", "***SPAM*** Re: KVM: Fix it",
		"reply r1() {} KVM: Fix it"},
	{"reply: behind a filter's word", "EXTERNAL: Re: KVM: Fix it",
		"reply r1() {} KVM: Fix it"},
	{"reply: behind a filter's parentheses", "(EXT) [PATCH] KVM: Fix it",
		"patch r1() {PATCH} KVM: Fix it"},
	{"reply: ext may be a word", "ext: fix it", "r1() {} ext: fix it"},
	{"reply: stars may be a title's", "*** x: fix it", "r1() {} *** x: fix it"},
	{"reply: not every word that begins so", "Regression: KVM breaks",
		"r1() {} Regression: KVM breaks"},
	{"reply: Re without a colon is a word", "Re doing the MMU",
		"r1() {} Re doing the MMU"},
	{"forward: Fwd:", "Fwd: [PATCH] KVM: Fix it",
		"forward patch r1() {PATCH} KVM: Fix it"},
	{"forward: FW:", "FW: KVM: Fix it", "forward r1() {} KVM: Fix it"},
	{"forward: German", "WG: KVM: Fix it", "forward r1() {} KVM: Fix it"},
	{"forward: French", "TR: KVM: Fix it", "forward r1() {} KVM: Fix it"},
	{"forward: Spanish", "RV: [PATCH] KVM: Fix it",
		"forward patch r1() {PATCH} KVM: Fix it"},
	{"forward: rv is an architecture's tool", "rv: Fix it", "r1() {} rv: Fix it"},
	{"forward: Portuguese", "ENC: Re: KVM: Fix it",
		"reply forward r1() {} KVM: Fix it"},
	{"forward: Chinese", "转发：KVM: Fix it", "forward r1() {} KVM: Fix it"},
	{"forward: a reply to one is both", "Re: Fwd: KVM: Fix it",
		"reply forward r1() {} KVM: Fix it"},
	{"forward: behind PATCH, `fw:` is what was changed",
		"[PATCH] fw: Check the length",
		"patch r1() {PATCH} fw: Check the length"},
	{"reply: behind PATCH, `vs:` is what was changed",
		"[PATCH 1/2] vs: Check the length",
		"patch 1/2 r1() {PATCH|1/2} vs: Check the length"},

	{"reply: behind PATCH, `Re:` is left over, and the patch is none",
		"[PATCH] RE: re: KVM: Fix it", "patch r1() {PATCH} KVM: Fix it"},
	{"reply: behind PATCH, in a word, it is what was changed",
		"[PATCH] Revert: KVM: Fix it", "patch r1() {PATCH} Revert: KVM: Fix it"},

	/* Brackets. */
	{"brackets: a colon behind them", "[PATCH v2]: KVM: Fix it",
		"patch r2(v2) {PATCH|v2} KVM: Fix it"},
	{"brackets: a colon between them", "[RFC] : [PATCH 1/2] KVM: Fix it",
		"patch rfc 1/2 r1() {RFC|PATCH|1/2} KVM: Fix it"},
	{"brackets: nested", "[PATCH [RESEND] 2/3] KVM: Fix it",
		"patch resend 2/3 r1() {PATCH|RESEND|2/3} KVM: Fix it"},
	{"brackets: one that never closes is none", "[PATCH v2 03/14 KVM: Fix it",
		"r1() {} [PATCH v2 03/14 KVM: Fix it"},
	{"brackets: one that closes nothing is none", "] [PATCH] KVM: Fix it",
		"r1() {} ] [PATCH] KVM: Fix it"},
	{"brackets: nested and not closed", "[[PATCH] KVM: Fix it",
		"r1() {} [[PATCH] KVM: Fix it"},
	{"brackets: the second one not closed", "[PATCH] [v2 KVM: Fix it",
		"patch r1() {PATCH} [v2 KVM: Fix it"},
	{"brackets: empty", "[] KVM: Fix it", "r1() {} KVM: Fix it"},
	{"brackets: in the title they stay", "[PATCH] KVM: Make msrs[] const",
		"patch r1() {PATCH} KVM: Make msrs[] const"},
	{"brackets: without a blank behind", "[PATCH]KVM: Fix it",
		"patch r1() {PATCH} KVM: Fix it"},
	{"brackets: blanks in front", "  [PATCH]  KVM: Fix it",
		"patch r1() {PATCH} KVM: Fix it"},
	{"brackets: letters that are not ASCII", "[PATCH für-kvm 1/2] KVM: Grüße",
		"patch 1/2 r1() {PATCH|für-kvm|1/2} KVM: Grüße"},
	{"brackets: no title behind them", "[PATCH 2/2]", "patch 2/2 r1() {PATCH|2/2} "},
	{"an empty line", "", "r1() {} "},
	{"nothing but Re:", "Re:", "reply r1() {} "},
};

/* A subject may be as long as a stranger likes. */
static void test_long(void)
{
	g_autoptr(GString) line = g_string_new(NULL);
	struct subject subject;

	for (unsigned i = 0; i < 20000; i++)
		g_string_append_c(line, '[');
	subject_parse(line->str, &subject);
	tap_string("long: brackets that never close are the title", subject.title,
		line->str);
	subject_release(&subject);
	g_string_assign(line, "[");
	for (unsigned i = 0; i < 20000; i++)
		g_string_append(line, "RFC/");
	g_string_append(line, "PATCH] KVM: Fix it");
	subject_parse(line->str, &subject);
	tap_string("long: a chain of words", subject.title, "KVM: Fix it");
	subject_release(&subject);
}

int main(void)
{
	tap_deadline(60);
	for (size_t i = 0; i < G_N_ELEMENTS(subject_rows); i++) {
		const struct subject_row *row = &subject_rows[i];
		struct subject subject;
		g_autofree char *got = NULL;

		subject_parse(row->line, &subject);
		got = describe(&subject);
		tap_string(row->rule, got, row->expected);
		subject_release(&subject);
	}
	test_long();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/clues.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* Each is one question about a subject line, as the rules ask it. */
enum question { ABSENCE, BUG_NUMBER, CVE, STABLE, COMPILER, ANNOUNCEMENT, BUG, BUG_WORD };

static const struct line_row {
	enum question question;
	const char *line;
	bool yes;
} line_rows[] = {
	{ABSENCE, "Automatic reply: [PATCH] KVM: Fix it", true},
	{ABSENCE, "automatic reply: hello", true},
	{ABSENCE, "Out of office", true},
	{ABSENCE, "Abwesenheitsnotiz: KVM", true},
	{ABSENCE, "Réponse automatique : KVM", true},
	{ABSENCE, "自动回复: [PATCH] KVM", true},
	{ABSENCE, "Undelivered Mail Returned to Sender", true},
	{ABSENCE, "Delivery Status Notification (Failure)", true},
	{ABSENCE, "Automatisk svar: KVM", true},
	{ABSENCE, "Odpowiedź automatyczna: KVM", true},
	{ABSENCE, "Автоматический ответ: KVM", true},
	{ABSENCE, "자동 회신: KVM", true},
	{ABSENCE, "自動回覆: KVM", true},
	{ABSENCE, "OOO: Re: KVM", true},
	{ABSENCE, "Re: Automatic reply: KVM", false},
	{ABSENCE, "[PATCH] Automatic reply: drop it", false},
	{ABSENCE, "Automatic replies considered harmful", false},

	{BUG_NUMBER, "[Bug 12345] New: KVM hangs", true},
	{BUG_NUMBER, "[bug 12345] KVM hangs", true},
	{BUG_NUMBER, "Re: [Bug 12345] KVM hangs", true},
	{BUG_NUMBER, "[kvm-ppc] [Bug 12345] KVM hangs", true},
	{BUG_NUMBER, "[Bug libc/12345] New: KVM hangs", true},
	{BUG_NUMBER, "bug#12345: KVM hangs", true},
	{BUG_NUMBER, "Bug#1012345: KVM hangs", true},
	{BUG_NUMBER, "[bug#12345] [PATCH] KVM: Fix it", false},
	{BUG_NUMBER, "Fix bug#12345: KVM", false},
	{BUG_NUMBER, "[Bug] KVM hangs", false},
	{BUG_NUMBER, "[Bug 1] KVM hangs", false},
	{BUG_NUMBER, "[Bug 12345 KVM hangs", false},
	{BUG_NUMBER, "KVM hangs on boot, which is [Bug 12345]", false},

	{CVE, "CVE-2024-26581: KVM: x86: Fix it", true},
	{CVE, "CVE-2024-1234567: REJECTED", true},
	{CVE, "REJECTED: CVE-2024-26581: KVM: x86: Fix it", true},
	{CVE, "CVE-2024-26581 is wrong", false},
	{CVE, "CVE-24-26581: KVM", false},
	{CVE, "CVE-2024-265: KVM", false},
	{CVE, "Fix for CVE-2024-26581: KVM", false},

	{STABLE, "[PATCH 6.18 012/345] x", true},
	{STABLE, "[PATCH 5.10.y] x", true},
	{STABLE, "[PATCH 4.19-stable] x", true},
	{STABLE, "[PATCH 6.1.y-stable 1/2] x", true},
	{STABLE, "[PATCH 6.1.123 1/2] x", true},
	{STABLE, "[PATCH AUTOSEL 6.19-5.10] x", true},
	{STABLE, "[PATCH stable 1/2] x", true},
	{STABLE, "[PATCH stable-6.1] x", true},
	{STABLE, "[PATCH v6.6.y 1/2] x", true},
	{STABLE, "[PATCH linux-6.6.y] x", true},
	{STABLE, "[PATCH 6.6+] x", true},
	{STABLE, "[PATCH 6.6/6.1] x", true},
	{STABLE, "[PATCH for 10.0] x", false},
	{STABLE, "[PATCH v5.1 10/12] x", false},
	{STABLE, "[PATCH 1/2] x", false},
	{STABLE, "[PATCH 6.19-rc3] x", false},
	{STABLE, "[PATCH 2025.01] x", false},
	{STABLE, "[PATCH unstable] x", false},
	{STABLE, "[PATCH 6.] x", false},

	{COMPILER, "arch/x86/kvm/mmu.c:123:5: error: too few arguments", true},
	{COMPILER, "mmu.c:123 f() warn: inconsistent indenting", true},
	{COMPILER, "x.o:(.text+0x1): in x.c:12: undefined reference to `f'", true},
	{COMPILER, "KVM: x.c:12: Fix the name", false},
	{COMPILER, "KVM: x86: Fix an error", false},
	{COMPILER, "ratio 3:1 gives an error", false},
	{COMPILER, "x.c: error handling", false},

	{ANNOUNCEMENT, "[ANNOUNCE] kvm-unit-tests has moved", true},
	{ANNOUNCEMENT, "[ANN] a list", true},
	{ANNOUNCEMENT, "[Announcement] a list", true},
	{ANNOUNCEMENT, "ANNOUNCE: a list", true},
	{ANNOUNCEMENT, "[CFP] KVM Forum 2025", true},
	{ANNOUNCEMENT, "Call for Papers: KVM Forum 2025", true},
	{ANNOUNCEMENT, "Linux 6.18-rc1", true},
	{ANNOUNCEMENT, "Linux 6.18.5", true},
	{ANNOUNCEMENT, "QEMU 10.0.0 is now available", true},
	{ANNOUNCEMENT, "[ANNOUNCE] Git v2.50.0-rc1", true},
	{ANNOUNCEMENT, "util-linux v2.41 released", true},
	{ANNOUNCEMENT, "QEMU 9.2.3 Stable released", true},
	{ANNOUNCEMENT, "man-pages-6.10 released", true},
	{ANNOUNCEMENT, "tig-2.5.12", true},
	{ANNOUNCEMENT, "b4-0.14.2 released", true},
	{ANNOUNCEMENT, "iproute2 6.13.0 release", true},
	{ANNOUNCEMENT, "systemd v257 released", true},
	{ANNOUNCEMENT, "KVM Forum 2025: Call for presentations", true},
	{ANNOUNCEMENT, "What's cooking in git.git (Jan 2025, #03)", true},
	{ANNOUNCEMENT, "linux-next: Tree for Jan 6", true},
	{ANNOUNCEMENT, "[RELEASE] util-linux v2.41", true},
	{ANNOUNCEMENT, "Btrfs progs release 6.12", true},
	{ANNOUNCEMENT, "[SECURITY] [DSA 5839-1] qemu security update", true},
	{ANNOUNCEMENT, "[USN-7100-1] Linux kernel vulnerabilities", true},
	{ANNOUNCEMENT, "[gentoo-announce] [ GLSA 202501-01 ] x", true},
	{ANNOUNCEMENT, "[DSA] a switch driver", false},
	{ANNOUNCEMENT, "[USNX] KVM", false},
	{ANNOUNCEMENT, "KVM cleanup v2", false},
	{ANNOUNCEMENT, "KVM v257 released my memory", false},
	{ANNOUNCEMENT, "Linux 6.18 release breaks KVM", false},
	{ANNOUNCEMENT, "kvm-6.18 hangs", false},
	{ANNOUNCEMENT, "[PATCH] ANNOUNCE: drop it", false},
	{ANNOUNCEMENT, "Linux 6.18-rc1 hangs", false},
	{ANNOUNCEMENT, "KVM is broken on Linux 6.18", false},
	{ANNOUNCEMENT, "6.18", false},
	{ANNOUNCEMENT, "What is announced here", false},

	{BUG, "[bug report] KVM: x86: Fix it", true},
	{BUG, "[BUG] KVM hangs", true},
	{BUG, "[Bug?] KVM hangs", true},
	{BUG, "[REGRESSION] KVM hangs", true},
	{BUG, "[regression, bisected] KVM hangs", true},
	{BUG, "BUG: unable to handle page fault", true},
	{BUG, "KASAN: slab-out-of-bounds in f", true},
	{BUG, "[bugfix] KVM", false},
	{BUG, "KVM: a bug", false},
	{BUG, "Debug: a question", false},

	{BUG_WORD, "KVM guest hangs on 6.18", true},
	{BUG_WORD, "KVM: crash, since yesterday", true},
	{BUG_WORD, "nested KVM doesn't work", true},
	{BUG_WORD, "Build failure with clang", true},
	{BUG_WORD, "KVM: changes", false},
	{BUG_WORD, "debugging KVM", false},
	{BUG_WORD, "the hangar", false},
	{BUG_WORD, "", false},
};

static bool ask(const struct line_row *row)
{
	struct subject subject;
	bool yes = false;

	subject_parse(row->line, &subject);
	switch (row->question) {
	case ABSENCE:
		yes = clues_is_absence(row->line);
		break;
	case BUG_NUMBER:
		yes = clues_is_bug_number(row->line);
		break;
	case CVE:
		yes = clues_is_cve(row->line);
		break;
	case STABLE:
		yes = clues_stable_tag(subject.tags) != NULL;
		break;
	case COMPILER:
		yes = clues_is_compiler_message(row->line);
		break;
	case ANNOUNCEMENT:
		yes = clues_is_announcement(&subject);
		break;
	case BUG:
		yes = clues_is_bug_report(&subject);
		break;
	case BUG_WORD:
		yes = clues_has_bug_word(row->line);
		break;
	}
	subject_release(&subject);
	return yes;
}

static void test_lines(void)
{
	static const char *const names[] = {"absence", "bug number", "CVE", "stable",
		"compiler", "announcement", "bug", "bug word"};

	for (size_t i = 0; i < G_N_ELEMENTS(line_rows); i++) {
		const struct line_row *row = &line_rows[i];
		g_autofree char *name = g_strdup_printf("%s: %s'%s'",
			names[row->question], row->yes ? "" : "not ", row->line);

		tap_true(name, ask(row) == row->yes);
	}
}

enum text_question { SIGN_OFF, TREE_NOTE, REQUEST_PULL, ROBOT, CRASH };

#define NOTE  "This is a note to let you know that I've just added the patch titled\n"
#define SINCE "The following changes since commit 0123456789ab:\n\n  KVM (date)\n\n"
#define ARE   "are available in the Git repository at:\n\n  https://example.org/kvm.git\n"

static const struct text_row {
	const char *rule;
	enum text_question question;
	const char *text;
	bool yes;
} text_rows[] = {
	{"sign-off", SIGN_OFF, "Words.\n\nSigned-off-by: Ada <ada@x.org>\n", true},
	{"sign-off: quoted", SIGN_OFF, "> Signed-off-by: Ada <ada@x.org>\n", false},
	{"sign-off: indented", SIGN_OFF, "  Signed-off-by: Ada <ada@x.org>\n", false},
	{"sign-off: of nobody", SIGN_OFF, "Signed-off-by:\n", false},
	{"sign-off: another trailer", SIGN_OFF, "Acked-by: Ada <ada@x.org>\n", false},

	{"tree note", TREE_NOTE, NOTE, true},
	{"tree note: quoted", TREE_NOTE, "> " NOTE, false},
	{"tree note: in a sentence", TREE_NOTE, "He wrote: " NOTE, false},

	{"request-pull", REQUEST_PULL, "Hi,\n\n" SINCE ARE, true},
	{"request-pull: not available", REQUEST_PULL, SINCE, false},
	{"request-pull: since nothing", REQUEST_PULL, ARE, false},
	{"request-pull: quoted", REQUEST_PULL,
		"> The following changes since commit 0123456789ab:\n>\n> are available "
		"in the Git repository at:\n",
		false},

	{"crash: a kernel", CRASH, "[  1.23] BUG: unable to handle page fault\n", true},
	{"crash: a warning", CRASH, "[ 1.2] WARNING: CPU: 0 PID: 1 at x.c:1\n", true},
	{"crash: a trace", CRASH, "Call Trace:\n <TASK>\n", true},
	{"crash: a sanitizer", CRASH, "==1==ERROR: AddressSanitizer: heap\n", true},
	{"log: of a failure", CRASH, "[    1.234567] kvm: Couldn't start\n", true},
	{"log: of hours", CRASH, "[12345.234567] kvm: not now, error -5\n", true},
	{"log: of none", CRASH, "[    1.234567] kvm: started\n", false},
	{"log: no seconds", CRASH, "[.234567] kvm: failed\n", false},
	{"log: no brackets", CRASH, "1.234567 kvm: failed\n", false},
	{"log: a version", CRASH, "[ 1.2 ] kvm: failed\n", false},
	{"log: a bracket alone", CRASH, "[\n", false},
	{"log: quoted", CRASH, "> [    1.234567] kvm: failed\n", false},
	{"robot: under its report", ROBOT, "x\n-- \n0-DAY CI Kernel Test Service\n",
		true},
	{"robot: quoted", ROBOT, "> -- \n> 0-DAY CI Kernel Test Service\n", false},
	{"robot: in words", ROBOT, "The 0-DAY CI Kernel Test Service says\n", false},
	{"crash: quoted", CRASH, "> Call Trace:\n", false},
	{"crash: in words", CRASH, "It prints a call trace and a warning.\n", false},
	{"crash: below the signature", CRASH, "No.\n-- \nCall Trace:\n", false},
};

static void test_texts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(text_rows); i++) {
		const struct text_row *row = &text_rows[i];
		size_t length = strlen(row->text);
		g_autofree char *line = NULL;
		bool yes = false;

		switch (row->question) {
		case SIGN_OFF:
			yes = clues_has_sign_off(row->text, length);
			break;
		case TREE_NOTE:
			yes = clues_tree_note(row->text, length) != NULL;
			break;
		case REQUEST_PULL:
			yes = clues_request_pull(row->text, length) != NULL;
			break;
		case ROBOT:
			yes = clues_robot_signature(row->text, length) != NULL;
			break;
		case CRASH:
			line = clues_crash_line(row->text, length);
			yes = line != NULL;
			break;
		}
		tap_true(row->rule, yes == row->yes);
	}
}

#define LIST "kvm@vger.kernel.org"

static const struct discussion_row {
	const char *rule, *subject, *to, *cc, *reply_to, *list_id, *text;
	bool yes;
} discussion_rows[] = {
	{"discussion: to the list, of what it is for", "KVM: how?", LIST, NULL, NULL,
		"kvm.vger.kernel.org", "", true},
	{"discussion: the list in Cc", "KVM: how?", "Bob <bob@x.org>", "KVM <" LIST ">",
		NULL, "kvm.vger.kernel.org", "", true},
	{"discussion: the list at a host it had", "KVM: how?", "kvm@lists.example.org",
		NULL, NULL, "kvm.vger.kernel.org", "", true},
	{"discussion: not to the list", "KVM: how?", "bob@x.org", NULL, NULL,
		"kvm.vger.kernel.org", "", false},
	{"discussion: a list whose name ends the same", "KVM: how?", "qemu-" LIST, NULL,
		NULL, "kvm.vger.kernel.org", "", false},
	{"discussion: to nobody", "KVM: how?", "undisclosed-recipients:;", NULL, NULL,
		"kvm.vger.kernel.org", "", false},
	{"discussion: to somebody, by no list", "KVM: how?", "bob@x.org", NULL, NULL,
		NULL, "", true},
	{"discussion: to nobody, by no list", "KVM: how?", "undisclosed-recipients:;",
		NULL, NULL, NULL, "", false},
	{"discussion: answers to the sender", "KVM: how?", LIST, NULL,
		"Ada <ADA@example.org>", "kvm.vger.kernel.org", "", true},
	{"discussion: answers to the list", "KVM: how?", LIST, NULL, LIST,
		"kvm.vger.kernel.org", "", true},
	{"discussion: answers elsewhere", "KVM: how?", LIST, NULL, "sales@example.com",
		"kvm.vger.kernel.org", "", false},
	{"discussion: no subject", "", LIST, NULL, NULL, "kvm.vger.kernel.org",
		"About kvm.\n", false},
	{"discussion: the topic in the text", "A question", LIST, NULL, NULL,
		"kvm.vger.kernel.org", "How does KVM do it?\n", true},
	{"discussion: a function's name", "A question", LIST, NULL, NULL,
		"kvm.vger.kernel.org", "What does vcpu_enter() do?\n", true},
	{"discussion: a part of the list's name", "About s390", "linux-s390@x.org", NULL,
		NULL, "linux-s390.x.org", "", true},
	{"discussion: the topic quoted only", "A question", LIST, NULL, NULL,
		"kvm.vger.kernel.org", "> How does KVM do it?\nBuy.\n", false},
	{"discussion: the topic in an address only", "A question", LIST, NULL, NULL,
		"kvm.vger.kernel.org", "Dear kvm@vger.kernel.org, buy.\n", false},
	{"discussion: of something else", "Your invoice", LIST, NULL, NULL,
		"kvm.vger.kernel.org", "It is attached.\n", false},
};

static void test_discussions(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(discussion_rows); i++) {
		const struct discussion_row *row = &discussion_rows[i];
		g_autoptr(GString) text = g_string_new(row->text);
		g_autoptr(GPtrArray) lists = g_ptr_array_new();
		struct message message = {.subject = (char *)(uintptr_t)row->subject,
			.from_address = (char *)(uintptr_t) "ada@example.org",
			.text = text,
			.list_ids = lists};
		g_autofree char *clue = NULL;

		message.fields[MESSAGE_FIELD_TO] = (char *)(uintptr_t)row->to;
		message.fields[MESSAGE_FIELD_CC] = (char *)(uintptr_t)row->cc;
		message.fields[MESSAGE_FIELD_REPLY_TO] = (char *)(uintptr_t)row->reply_to;
		if (row->list_id != NULL)
			g_ptr_array_add(lists, (char *)(uintptr_t)row->list_id);
		clue = clues_of_discussion(&message);
		tap_true(row->rule, (clue != NULL) == row->yes);
	}
}

int main(void)
{
	test_lines();
	test_texts();
	test_discussions();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/patch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* A diff that the texts below end with; what it holds is of no matter to them. */
#define DIFF                                                     \
	"diff --git a/virt/kvm/eventfd.c b/virt/kvm/eventfd.c\n" \
	"index 5b1c2d3e4f50..6a7b8c9d0e1f 100644\n"              \
	"--- a/virt/kvm/eventfd.c\n"                             \
	"+++ b/virt/kvm/eventfd.c\n"                             \
	"@@ -40,3 +40,3 @@ static void irqfd_wake(void)\n"       \
	" \tint ret;\n"                                          \
	"-\tret = 1;\n"                                          \
	"+\tret = 0;\n"                                          \
	" \treturn ret;\n"
#define SIGNATURE "-- \n2.43.0\n"
#define WORDS     "Wake the worker only once.\n\nSigned-off-by: Ida Holm <ida@example.org>\n"
#define STAT                           \
	" virt/kvm/eventfd.c | 2 +-\n" \
	" 1 file changed, 1 insertion(+), 1 deletion(-)\n"
#define UNDERSCORES "_______________________________________________"

enum { DIFFSTAT = 1, HAS_DIFF = 2 };

static const struct text_row {
	const char *rule, *text;
	int parts;         /* DIFFSTAT, HAS_DIFF */
	const char *shown; /* what a digest shows */
} text_rows[] = {
	{"text: up to and with the diffstat's last line",
		WORDS "---\n" STAT "\n" DIFF SIGNATURE, DIFFSTAT | HAS_DIFF,
		WORDS "---\n"
		      " virt/kvm/eventfd.c | 2 +-\n"
		      " 1 file changed, 1 insertion(+), 1 deletion(-)"},
	{"text: the changelog below --- stays",
		WORDS "---\nv2: rebased\n\n" STAT "\n" DIFF, DIFFSTAT | HAS_DIFF,
		WORDS "---\nv2: rebased\n\n"
		      " virt/kvm/eventfd.c | 2 +-\n"
		      " 1 file changed, 1 insertion(+), 1 deletion(-)"},
	{"text: what git puts behind the total is left out",
		WORDS "---\n"
		      " a.c | 1 +\n"
		      " 1 file changed, 1 insertion(+)\n"
		      " create mode 100644 a.c\n\n"
		      "base-commit: 0123456789abcdef0123456789abcdef01234567\n" DIFF,
		DIFFSTAT | HAS_DIFF,
		WORDS "---\n"
		      " a.c | 1 +\n"
		      " 1 file changed, 1 insertion(+)"},
	{"text: a cover letter ends with its diffstat, not its signature",
		"Two fixes.\n\nIda Holm (2):\n  KVM: One\n  KVM: Two\n\n" STAT "\n\n"
		"base-commit: 0123456789abcdef0123456789abcdef01234567\n" SIGNATURE,
		DIFFSTAT,
		"Two fixes.\n\nIda Holm (2):\n  KVM: One\n  KVM: Two\n\n"
		" virt/kvm/eventfd.c | 2 +-\n"
		" 1 file changed, 1 insertion(+), 1 deletion(-)"},
	{"text: of two diffstats the last one",
		"First:\n" STAT "\nNow:\n" STAT "\nBye.\n", DIFFSTAT,
		"First:\n" STAT "\nNow:\n virt/kvm/eventfd.c | 2 +-\n"
		" 1 file changed, 1 insertion(+), 1 deletion(-)"},
	{"text: a diffstat behind the diff's begin is none", WORDS DIFF STAT, HAS_DIFF,
		"Wake the worker only once.\n\n"
		"Signed-off-by: Ida Holm <ida@example.org>"},
	{"text: a quoted diffstat is none",
		"> virt/kvm/eventfd.c | 2 +-\n"
		"> 1 file changed, 1 insertion(+), 1 deletion(-)\n"
		"That is small.\n" SIGNATURE,
		0,
		"> virt/kvm/eventfd.c | 2 +-\n"
		"> 1 file changed, 1 insertion(+), 1 deletion(-)\n"
		"That is small."},
	{"text: without a diffstat, up to the diff", WORDS "---\nOnly a hunch.\n\n" DIFF,
		HAS_DIFF, WORDS "---\nOnly a hunch."},
	{"text: without a diff, up to the signature", WORDS SIGNATURE, 0,
		"Wake the worker only once.\n\n"
		"Signed-off-by: Ida Holm <ida@example.org>"},
	{"text: without a signature, all of it", "Only words.\n", 0, "Only words."},
	{"text: blank lines at the end go", "Only words.\n \n\t\n\n", 0, "Only words."},
	{"text: nothing", "", 0, ""},
	{"text: nothing but a diff", DIFF, HAS_DIFF, ""},
	{"signature: a relay cut its blank", "Words.\n--\n2.43.0\n", 0, "Words."},
	{"signature: without a blank and with nothing behind", "Words.\n--\n", 0,
		"Words."},
	{"signature: two dashes in the middle are none", "Words.\n--\nMore words.\n", 0,
		"Words.\n--\nMore words."},
	{"signature: three dashes are none", "Words.\n---\nMore words.\n", 0,
		"Words.\n---\nMore words."},
	{"signature: a quoted one is none", "> -- \n> 2.43.0\nWords.\n", 0,
		"> -- \n> 2.43.0\nWords."},
	{"footer: Mailman's is left out",
		"Words.\n" UNDERSCORES
		"\nkvm-riscv mailing list\nkvm-riscv@example.org\n",
		0, "Words."},
	{"footer: below the signature",
		"Words.\n-- \nIda\n" UNDERSCORES "\nkvm-riscv mailing list\n", 0,
		"Words."},
	{"diff: a quoted one is none", "On Monday Ida wrote:\n> --- a/x.c\n> +++ b/x.c\n",
		0, "On Monday Ida wrote:\n> --- a/x.c\n> +++ b/x.c"},
	{"diff: an indented one is none", "  diff --git a/x.c b/x.c\n", 0,
		"  diff --git a/x.c b/x.c"},
	{"diff: the word alone is none", "diff -u shows it.\n", 0, "diff -u shows it."},
	{"diff: --- with a changelog is none", "Words.\n--- changes since v1\n+ more\n",
		0, "Words.\n--- changes since v1\n+ more"},
	{"diff: plain unified", "Words.\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n",
		HAS_DIFF, "Words."},
	{"diff: with a diff command",
		"Words.\ndiff -urN a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 "
		"@@\n-a\n+b\n",
		HAS_DIFF, "Words."},
	{"diff: with an Index line",
		"Words.\nIndex: linux/x.c\n"
		"===================================================================\n"
		"--- linux.orig/x.c\n+++ linux/x.c\n@@ -1 +1 @@\n-a\n+b\n",
		HAS_DIFF, "Words."},
	{"diff: only renames", "Words.\ndiff --git a/x.c b/y.c\nrename from x.c\n",
		HAS_DIFF, "Words."},
};

static void test_text(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(text_rows); i++) {
		const struct text_row *row = &text_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);
		g_autofree char *name = g_strconcat(row->rule, ", the parts", NULL);
		struct patch patch;

		patch_parse(text, length, &patch);
		tap_bytes(row->rule, text, patch.text_length, row->shown,
			strlen(row->shown));
		tap_number(name,
			(patch.has_diffstat ? DIFFSTAT : 0) |
				(patch.has_diff ? HAS_DIFF : 0),
			row->parts);
		patch_release(&patch);
		free(text);
	}
}

static void test_start(void)
{
	static const char text[] = WORDS "---\n" DIFF;
	size_t length = strlen(text), start = 0;
	struct patch patch;

	tap_true("start: the diff is found",
		patch_find_diff(text, length, &start) && start == strlen(WORDS "---\n"));
	tap_true("start: START_R may be NULL", patch_find_diff(text, length, NULL));
	patch_parse(text, length, &patch);
	tap_number("start: of the diff", (int64_t)patch.diff_start,
		(int64_t)strlen(WORDS "---\n"));
	patch_release(&patch);
	patch_parse(WORDS, strlen(WORDS), &patch);
	tap_number("start: without a diff, the end", (int64_t)patch.diff_start,
		(int64_t)strlen(WORDS));
	patch_release(&patch);
}

static const struct message_row {
	const char *rule, *text, *message;
} message_rows[] = {
	{"message: ends before ---", WORDS "---\n" STAT "\n" DIFF, WORDS},
	{"message: --- with blanks behind it", WORDS "--- \t \nv2: rebased\n" DIFF,
		WORDS},
	{"message: the first of two ---", WORDS "---\nv2: rebased\n---\n" STAT DIFF,
		WORDS},
	{"message: four dashes are none", "Head\n----\n" WORDS "---\n" DIFF,
		"Head\n----\n" WORDS},
	{"message: an indented --- is none", " ---\n" WORDS "---\n" DIFF, " ---\n" WORDS},
	{"message: without ---, up to the diffstat", WORDS "\n" STAT "\n" DIFF,
		WORDS "\n"},
	{"message: without either, up to the diff", WORDS "\n" DIFF, WORDS "\n"},
	{"message: git cuts at --- with a word too",
		WORDS "--- changes since v1\n+ more\n" DIFF, WORDS},
	{"message: and at what only looks like a diff command",
		"Words.\ndiff -u shows it:\n\n" DIFF, "Words.\n"},
	{"message: and at an Index: line", "Words.\nIndex: of names\n\n" DIFF,
		"Words.\n"},
	{"message: where there is no diff they are words",
		"Words.\ndiff -u shows it:\nIndex: of names\n--- more\n",
		"Words.\ndiff -u shows it:\nIndex: of names\n--- more\n"},
	{"message: of a cover letter, up to its ---",
		WORDS "---\nIda Holm (2):\n  KVM: One\n\n" STAT SIGNATURE, WORDS},
	{"message: of a cover letter without ---, up to the diffstat",
		"Two fixes.\n\n" STAT SIGNATURE, "Two fixes.\n\n"},
	{"message: without a diff, up to the signature", WORDS SIGNATURE, WORDS},
	{"message: without a diff, up to the footer",
		WORDS UNDERSCORES "\nkvm mailing list\n",
		"Wake the worker only once.\n\n"
		"Signed-off-by: Ida Holm <ida@example.org>"},
	{"message: nothing but a diff", DIFF, ""},
	{"message: nothing", "", ""},
};

static void test_message(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(message_rows); i++) {
		const struct message_row *row = &message_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);
		struct patch patch;

		patch_parse(text, length, &patch);
		tap_bytes(row->rule, text, patch.message_length, row->message,
			strlen(row->message));
		patch_release(&patch);
		free(text);
	}
}

static void test_stat(void)
{
	struct patch patch;

	patch_parse(
		TAP_BYTES(WORDS "---\n a.c | 9 +--\n 3 files changed, 5 insertions(+), "
				"2 deletions(-)\n" DIFF),
		&patch);
	tap_number("stat: files of the total", patch.stat_files, 3);
	tap_number("stat: added lines of the total", patch.stat_added, 5);
	tap_number("stat: deleted lines of the total", patch.stat_deleted, 2);
	tap_number("stat: with a diff, the paths are the diff's", patch.paths->len, 1);
	patch_release(&patch);
	patch_parse(TAP_BYTES(WORDS DIFF), &patch);
	tap_number("stat: -1 files without a total", patch.stat_files, -1);
	tap_number("stat: 0 lines without a total", patch.stat_added + patch.stat_deleted,
		0);
	patch_release(&patch);
	patch_parse(TAP_BYTES("Words.\n\n 4294967295 files changed, 1 insertion(+)\n"),
		&patch);
	tap_number("stat: more files than a number has", patch.stat_files, INT32_MAX);
	patch_release(&patch);
}

static const struct footer_row {
	const char *rule, *text, *left;
} footer_rows[] = {
	{"footer: the line of underscores and what is behind it",
		"Words.\n\n" UNDERSCORES "\nkvm mailing list\nkvm@example.org\n",
		"Words."},
	{"footer: eight lines behind it",
		"Words.\n" UNDERSCORES "\n1\n2\n3\n4\n5\n6\n7\n8\n", "Words."},
	{"footer: nine lines are no footer",
		"Words.\n" UNDERSCORES "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n",
		"Words.\n" UNDERSCORES "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"},
	{"footer: no LF at the end", "Words.\n" UNDERSCORES, "Words."},
	{"footer: a short line of underscores is none", "Words.\n_____\nmore\n",
		"Words.\n_____\nmore\n"},
	{"footer: none leaves all as it is", "Words.\n\n", "Words.\n\n"},
	{"footer: nothing but one", UNDERSCORES "\nlist\n", ""},
	{"footer: nothing", "", ""},
};

static void test_footer(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(footer_rows); i++) {
		const struct footer_row *row = &footer_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);

		tap_bytes(row->rule, text, patch_without_footer(text, length), row->left,
			strlen(row->left));
		free(text);
	}
}

/* The paths of PATCH as `name +added -deleted`, one a line. */
static char *describe_paths(const struct patch *patch)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < patch->paths->len; i++) {
		const struct patch_path *path = patch->paths->pdata[i];

		g_string_append_printf(out, "%s +%" PRIu32 " -%" PRIu32 "\n", path->path,
			path->added, path->deleted);
	}
	return g_string_free(out, FALSE);
}

static const struct paths_row {
	const char *rule, *diff, *paths;
} paths_rows[] = {
	{"paths: git's headers", DIFF, "virt/kvm/eventfd.c +1 -1\n"},
	{"paths: git's signature is no deleted line", DIFF SIGNATURE,
		"virt/kvm/eventfd.c +1 -1\n"},
	{"paths: two files in their order",
		DIFF "diff --git a/a.c b/a.c\n"
		     "index 1..2 100644\n"
		     "--- a/a.c\n"
		     "+++ b/a.c\n"
		     "@@ -1,2 +1,4 @@\n"
		     " x\n"
		     "+y\n"
		     "+z\n"
		     " w\n",
		"virt/kvm/eventfd.c +1 -1\na.c +2 -0\n"},
	{"paths: two hunks add up",
		"--- a/a.c\n+++ b/a.c\n"
		"@@ -1,2 +1,3 @@\n x\n+y\n w\n"
		"@@ -9,3 +10,2 @@ int f(void)\n x\n-y\n w\n",
		"a.c +1 -1\n"},
	{"paths: plain headers with times",
		"--- linux.orig/mm/a.c\t2026-02-01 10:00:00.000000000 +0100\n"
		"+++ linux/mm/a.c\t2026-02-02 10:00:00.000000000 +0100\n"
		"@@ -1 +1 @@\n-a\n+b\n",
		"mm/a.c +1 -1\n"},
	{"paths: plain headers, two files without a line between",
		"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
		"--- a/b.c\n+++ b/b.c\n@@ -1 +1,2 @@\n a\n+b\n",
		"a.c +1 -1\nb.c +1 -0\n"},
	{"paths: a file without a directory", "--- a.c\n+++ a.c\n@@ -1 +1 @@\n-a\n+b\n",
		"a.c +1 -1\n"},
	{"paths: a new file",
		"diff --git a/new.c b/new.c\nnew file mode 100644\nindex "
		"0000000..1111111\n"
		"--- /dev/null\n+++ b/new.c\n@@ -0,0 +1,2 @@\n+a\n+b\n",
		"new.c +2 -0\n"},
	{"paths: a new empty file",
		"diff --git a/new.c b/new.c\nnew file mode 100644\nindex "
		"0000000..e69de29\n",
		"new.c +0 -0\n"},
	{"paths: a file that goes has its old name",
		"diff --git a/old.c b/old.c\ndeleted file mode 100644\n"
		"index 1111111..0000000\n"
		"--- a/old.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n",
		"old.c +0 -2\n"},
	{"paths: a plain one that goes has its old name",
		"--- a/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "old.c +0 -1\n"},
	{"paths: a rename has its new name",
		"diff --git a/kvm/old.c b/kvm/renamed.c\nsimilarity index 100%\n"
		"rename from kvm/old.c\nrename to kvm/renamed.c\n",
		"kvm/renamed.c +0 -0\n"},
	{"paths: a rename to a name as long as the old one",
		"diff --git a/kvm/old.c b/kvm/new.c\nsimilarity index 100%\n"
		"rename from kvm/old.c\nrename to kvm/new.c\n",
		"kvm/new.c +0 -0\n"},
	{"paths: a rename with a change",
		"diff --git a/kvm/old.c b/lib/renamed.c\nsimilarity index 90%\n"
		"rename from kvm/old.c\nrename to lib/renamed.c\nindex 1..2 100644\n"
		"--- a/kvm/old.c\n+++ b/lib/renamed.c\n@@ -1 +1 @@\n-a\n+b\n",
		"lib/renamed.c +1 -1\n"},
	{"paths: a copy has its new name",
		"diff --git a/a.c b/copy.c\nsimilarity index 100%\ncopy from a.c\n"
		"copy to copy.c\n",
		"copy.c +0 -0\n"},
	{"paths: only the mode",
		"diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
		"run.sh +0 -0\n"},
	{"paths: binary files",
		"diff --git a/logo.png b/logo.png\nindex 1111111..2222222 100644\n"
		"Binary files a/logo.png and b/logo.png differ\n",
		"logo.png +0 -0\n"},
	{"paths: git's binary patch",
		"diff --git a/logo.png b/logo.png\nindex 1111111..2222222 100644\n"
		"GIT binary patch\nliteral 4\nLcmZQzWMT#Y01f~L\n\nliteral "
		"0\nHcmV?d00001\n\n",
		"logo.png +0 -0\n"},
	{"paths: quoted, with octal bytes",
		"diff --git \"a/doc/gr\\303\\274n.rst\" \"b/doc/gr\\303\\274n.rst\"\n"
		"--- \"a/doc/gr\\303\\274n.rst\"\n+++ \"b/doc/gr\\303\\274n.rst\"\n"
		"@@ -1 +1 @@\n-a\n+b\n",
		"doc/grün.rst +1 -1\n"},
	{"paths: quoted, only the mode",
		"diff --git \"a/gr\\303\\274n\" \"b/gr\\303\\274n\"\n"
		"old mode 100644\nnew mode 100755\n",
		"grün +0 -0\n"},
	{"paths: quoted, a rename",
		"diff --git a/plain \"b/gr\\303\\274n\"\nsimilarity index 100%\n"
		"rename from plain\nrename to \"gr\\303\\274n\"\n",
		"grün +0 -0\n"},
	{"paths: a line feed in a name cannot fake another",
		"diff --git \"a/x\\ny\" \"b/x\\ny\"\nold mode 100644\nnew mode 100755\n",
		"x y +0 -0\n"},
	{"paths: a blank in the name",
		"diff --git a/my file b/my file\nindex 1..2 100644\n"
		"--- a/my file\t\n+++ b/my file\t\n@@ -1 +1 @@\n-a\n+b\n",
		"my file +1 -1\n"},
	{"paths: a deleted line that looks like a header",
		"--- a/a.sql\n+++ b/a.sql\n@@ -1,3 +1,2 @@\n x\n--- a/comment\n y\n",
		"a.sql +0 -1\n"},
	{"paths: an added line that looks like a header",
		"--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,3 @@\n x\n+++ b/counter\n y\n",
		"a.c +1 -0\n"},
	{"paths: a context line that looks like a diff",
		"--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n diff --git a/q b/q\n-x\n+y\n "
		"z\n",
		"a.c +1 -1\n"},
	{"paths: no newline at the end of the file",
		"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n"
		"+b\n\\ No newline at end of file\n",
		"a.c +1 -1\n"},
	{"paths: a relay cut the blank of an empty context line",
		"--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,4 @@\n x\n\n+y\n z\n", "a.c +1 -0\n"},
	{"paths: a hunk that is cut short",
		"--- a/a.c\n+++ b/a.c\n@@ -1,30 +1,40 @@\n x\n+y\n", "a.c +1 -0\n"},
	{"paths: lines behind the hunk's counts are no part of it",
		"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n- what I did\n+ what I "
		"will\n",
		"a.c +1 -1\n"},
	{"paths: a mail program wrapped the hunk's first line",
		"--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,4 @@ static int long_name(struct kvm\n"
		"*kvm)\n x\n y\n+z\n w\n",
		"a.c +1 -0\n"},
	{"paths: nor does a hunk without lines take the next one's",
		"--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,4 @@\n@@ -9,2 +9,3 @@\n x\n+y\n z\n",
		"a.c +1 -0\n"},
	{"paths: blanks that are U+00A0",
		"--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,4 @@\n\u00a0x\n+y\n\u00a0\n z\n",
		"a.c +1 -0\n"},
	{"paths: without prefixes, as diff.noPrefix has it",
		"diff --git kvm/a.c kvm/a.c\nindex 1..2 100644\n--- kvm/a.c\n+++ "
		"kvm/a.c\n"
		"@@ -1 +1 @@\n-a\n+b\n",
		"kvm/a.c +1 -1\n"},
	{"paths: without prefixes, a new file",
		"diff --git kvm/a.c kvm/a.c\nnew file mode 100644\nindex 0..2\n"
		"--- /dev/null\n+++ kvm/a.c\n@@ -0,0 +1 @@\n+b\n",
		"kvm/a.c +1 -0\n"},
	{"paths: without prefixes, only the mode",
		"diff --git kvm/a.c kvm/a.c\nold mode 100644\nnew mode 100755\n",
		"kvm/a.c +0 -0\n"},
	{"paths: other prefixes, as diff.mnemonicPrefix has them",
		"diff --git i/kvm/a.c w/kvm/a.c\nindex 1..2 100644\n--- i/kvm/a.c\n"
		"+++ w/kvm/a.c\n@@ -1 +1 @@\n-a\n+b\n",
		"kvm/a.c +1 -1\n"},
	{"paths: Subversion has no prefixes",
		"Index: kvm/a.c\n"
		"===================================================================\n"
		"--- kvm/a.c\t(revision 12)\n+++ kvm/a.c\t(working copy)\n"
		"@@ -1 +1 @@\n-a\n+b\n",
		"kvm/a.c +1 -1\n"},
	{"paths: the shorter of a name and its copy's",
		"--- kvm/a.c\n+++ kvm/a.c.new\n@@ -1 +1 @@\n-a\n+b\n", "a.c +1 -1\n"},
	{"paths: a time behind a blank",
		"--- a/a.c 2026-02-01 10:00:00.000000000 +0100\n"
		"+++ b/a.c 2026-02-02 10:00:00\n@@ -1 +1 @@\n-a\n+b\n",
		"a.c +1 -1\n"},
	{"paths: --- that no +++ follows names no file",
		"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n--- that was all\n\nBye.\n",
		"a.c +1 -1\n"},
	{"paths: a hunk below the signature is no part of it",
		"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n-- \n2.43.0\n"
		"@@ -1 +1,2 @@\n a\n+c\n",
		"a.c +1 -1\n"},
	{"paths: a diff goes on below a footer",
		"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n" UNDERSCORES "\nkvm list\n"
		"--- a/b.c\n+++ b/b.c\n@@ -1 +1,2 @@\n a\n+c\n",
		"a.c +1 -1\nb.c +1 -0\n"},
	{"paths: without a diff they are the diffstat's",
		"Two fixes.\n\n virt/{kvm => }/eventfd.c | 2 +-\n"
		" 1 file changed, 1 insertion(+), 1 deletion(-)\n" SIGNATURE,
		"virt/eventfd.c +1 -1\n"},
	{"paths: counts beyond all measure",
		"--- a/a.c\n+++ b/a.c\n@@ -1,99999999999999999999 +1,1 @@\n-a\n+b\n",
		"a.c +1 -1\n"},
};

static void test_paths(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(paths_rows); i++) {
		const struct paths_row *row = &paths_rows[i];
		size_t length = strlen(row->diff);
		char *text = tap_exact(row->diff, length);
		g_autofree char *got = NULL;
		struct patch patch;

		patch_parse(text, length, &patch);
		got = describe_paths(&patch);
		tap_string(row->rule, got, row->paths);
		patch_release(&patch);
		free(text);
	}
}

/* A change to a.c and one to b.c, to be put in either order. */
#define A_HEAD "--- a/a.c\n+++ b/a.c\n"
#define A_BODY " x\n-old line\n+new line\n y\n"
#define A      A_HEAD "@@ -1,3 +1,3 @@\n" A_BODY
#define B      "--- a/b.c\n+++ b/b.c\n@@ -7,2 +7,3 @@\n p\n+q\n r\n"
#define MODE   "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"

static const struct id_row {
	const char *rule, *one, *other;
	bool same;
} id_rows[] = {
	{"id: line numbers do not count", A, A_HEAD "@@ -90,3 +91,3 @@\n" A_BODY, true},
	{"id: a hunk's function does not count", A,
		A_HEAD "@@ -1,3 +1,3 @@ static int f(void)\n" A_BODY, true},
	{"id: the order of the files does not count", A B, B A, true},
	{"id: index lines do not count", "diff --git a/a.c b/a.c\nindex 1..2 100644\n" A,
		"diff --git a/a.c b/a.c\nindex 3..4 100644\n" A, true},
	{"id: git's headers or plain ones",
		"diff --git a/a.c b/a.c\nindex 1..2 100644\n" A, A, true},
	{"id: the tree's names do not count", A,
		"--- linux-6.18/a.c\n+++ linux/a.c\n@@ -1,3 +1,3 @@\n" A_BODY, true},
	{"id: white space does not count", A,
		A_HEAD "@@ -1,3 +1,3 @@\n x \n-old\tline\n+new  line\n\ty\n", true},
	{"id: a context line whose blank a relay cut",
		A_HEAD "@@ -1,3 +1,3 @@\n \n-old\n+new\n y\n",
		A_HEAD "@@ -1,3 +1,3 @@\n\n-old\n+new\n y\n", true},
	{"id: the words above do not count", "One.\n" A, "Another.\n---\n" A, true},
	{"id: the signature does not count", A "-- \n2.43.0\n", A "-- \n2.39.5\n", true},
	{"id: the signature behind a mode does not count", MODE "-- \n2.43.0\n",
		MODE "-- \n2.39.5\n", true},
	{"id: nor where a relay cut its blank", MODE "--\n2.43.0\n", MODE "-- \n2.43.0\n",
		true},
	{"id: a list's footer does not count", A, A UNDERSCORES "\nkvm mailing list\n",
		true},
	{"id: nor behind a mode", MODE, MODE UNDERSCORES "\nkvm mailing list\n", true},
	{"id: another added line", A,
		A_HEAD "@@ -1,3 +1,3 @@\n x\n-old line\n+newer line\n y\n", false},
	{"id: another deleted line", A,
		A_HEAD "@@ -1,3 +1,3 @@\n x\n-older line\n+new line\n y\n", false},
	{"id: another line around it", A,
		A_HEAD "@@ -1,3 +1,3 @@\n z\n-old line\n+new line\n y\n", false},
	{"id: the change undone", A,
		A_HEAD "@@ -1,3 +1,3 @@\n x\n-new line\n+old line\n y\n", false},
	{"id: another file", A, "--- a/c.c\n+++ b/c.c\n@@ -1,3 +1,3 @@\n" A_BODY, false},
	{"id: another directory", A,
		"--- a/kvm/a.c\n+++ b/kvm/a.c\n@@ -1,3 +1,3 @@\n" A_BODY, false},
	{"id: one file more", A, A B, false},
	{"id: the same file twice is not once", A, A A, false},
	{"id: lines broken elsewhere", A_HEAD "@@ -0,0 +1,2 @@\n+ab\n+c\n",
		A_HEAD "@@ -0,0 +1,2 @@\n+a\n+bc\n", false},
	{"id: lines in another order", A_HEAD "@@ -0,0 +1,2 @@\n+a\n+b\n",
		A_HEAD "@@ -0,0 +1,2 @@\n+b\n+a\n", false},
	{"id: another mode", MODE,
		"diff --git a/run b/run\nold mode 100755\nnew mode 100644\n", false},
	{"id: renamed to another name",
		"diff --git a/x b/yy\nsimilarity index 100%\nrename from x\nrename to "
		"yy\n",
		"diff --git a/x b/zz\nsimilarity index 100%\nrename from x\nrename to "
		"zz\n",
		false},
	{"id: renamed from another name",
		"diff --git a/x b/yy\nsimilarity index 100%\nrename from x\nrename to "
		"yy\n",
		"diff --git a/w b/yy\nsimilarity index 100%\nrename from w\nrename to "
		"yy\n",
		false},
	{"id: another binary",
		"diff --git a/i b/i\nGIT binary patch\nliteral 4\nLcmZQzWMT#Y01f~L\n",
		"diff --git a/i b/i\nGIT binary patch\nliteral 4\nLcmZQzWMT#Y02f~L\n",
		false},
	{"id: another binary, told by its blobs",
		"diff --git a/i b/i\nindex 1..2 100644\nBinary files a/i and b/i "
		"differ\n",
		"diff --git a/i b/i\nindex 1..3 100644\nBinary files a/i and b/i "
		"differ\n",
		false},
	{"id: a binary's blobs say all",
		"diff --git a/i b/i\nindex 1..2 100644\nBinary files a/i and b/i "
		"differ\n",
		"diff --git a/i b/i\nindex 1..2 100644\nGIT binary patch\nliteral 4\n"
		"LcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n",
		true},
	{"id: the newline at the file's end does not count", A,
		A "\\ No newline at end of file\n", true},
	{"id: nor within the hunk", A_HEAD "@@ -1 +1 @@\n-a\n+b\n",
		A_HEAD "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n", true},
	{"id: with or without prefixes",
		"diff --git a/k/a.c b/k/a.c\n--- a/k/a.c\n+++ b/k/a.c\n@@ -1 +1 "
		"@@\n-a\n+b\n",
		"diff --git k/a.c k/a.c\n--- k/a.c\n+++ k/a.c\n@@ -1 +1 @@\n-a\n+b\n",
		true},
	{"id: words below the diff do not count", A, A "--- that was all\n", true},
	{"id: a hunk's wrapped first line does not count",
		A_HEAD "@@ -1,3 +1,3 @@ int f(struct kvm\n*kvm)\n" A_BODY, A, true},
	{"id: a file that goes is not one that comes",
		"--- a/a.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
		"--- /dev/null\n+++ b/a.c\n@@ -0,0 +1 @@\n+a\n", false},
};

static bool same_id(const char *one, const char *other)
{
	struct patch a, b;
	bool same;

	patch_parse(one, strlen(one), &a);
	patch_parse(other, strlen(other), &b);
	same = memcmp(a.diff_id, b.diff_id, HASH_BYTES) == 0;
	patch_release(&a);
	patch_release(&b);
	return same;
}

static void test_id(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(id_rows); i++) {
		const struct id_row *row = &id_rows[i];

		tap_true(row->rule, same_id(row->one, row->other) == row->same);
	}
}

static void test_no_diff(void)
{
	static const uint8_t zeros[HASH_BYTES];
	struct patch patch;

	patch_parse(WORDS, strlen(WORDS), &patch);
	tap_bytes("id: without a diff it is 0", patch.diff_id, HASH_BYTES, zeros,
		sizeof zeros);
	tap_number("paths: without a diff there are none", patch.paths->len, 0);
	patch_release(&patch);
	patch_parse(A, strlen(A), &patch);
	tap_true("id: with a diff it is not 0",
		memcmp(patch.diff_id, zeros, HASH_BYTES) != 0);
	patch_release(&patch);
}

/* More files than any change has: bounded, and all of them in the id. */
static void test_limit(void)
{
	enum { MANY = 20010 };
	g_autoptr(GString) one = g_string_new(NULL);
	g_autoptr(GString) other = g_string_new(NULL);
	struct patch patch;

	for (unsigned i = 0; i < MANY; i++)
		g_string_append_printf(
			one, "--- a/%u.c\n+++ b/%u.c\n@@ -1 +1 @@\n-a\n+b\n", i, i);
	g_string_append_len(other, one->str, (gssize)one->len - 2);
	g_string_append(other, "c\n");
	patch_parse(one->str, one->len, &patch);
	tap_number("limit: at most LIMIT_PATHS paths", patch.paths->len, 20000);
	patch_release(&patch);
	tap_true("limit: the id is of all of them", !same_id(one->str, other->str));
}

/* Cut anywhere, a patch mail is still one that can be read. */
static void test_cut(void)
{
	static const char text[] = WORDS "---\n" STAT "\n" DIFF MODE SIGNATURE UNDERSCORES
					 "\nlist\n";
	bool held = true;

	for (size_t length = 0; length < sizeof text; length++) {
		char *cut = tap_exact(text, length);
		struct patch patch;

		patch_parse(cut, length, &patch);
		held = held && patch.text_length <= length &&
		       patch.message_length <= patch.diff_start &&
		       patch.diff_start <= length &&
		       patch.has_diff == (patch.diff_start < length);
		patch_release(&patch);
		free(cut);
	}
	tap_true("cut: at every byte, the parts stay inside", held);
}

int main(void)
{
	tap_deadline(60);
	test_text();
	test_start();
	test_message();
	test_stat();
	test_footer();
	test_paths();
	test_id();
	test_no_diff();
	test_limit();
	test_cut();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/diffstat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mail/diff.h"
#include "mail/patch.h"
#include "tap.h"

static const struct total_row {
	const char *line;
	bool total;
} total_rows[] = {
	{" 1 file changed, 1 insertion(+)", true},
	{" 3 files changed, 5 insertions(+)", true},
	{" 2 files changed, 1 deletion(-)", true},
	{" 12 files changed, 805 insertions(+), 14 deletions(-)", true},
	{" 1 file changed, 0 insertions(+), 0 deletions(-)", true},
	{" 3 files changed", true},
	{" 0 files changed", true},
	{"3 files changed, 5 insertions(+), 2 deletions(-)", true},
	{"3 files changed", false},
	{" 3 files changed since Monday", false},
	{"3 files changed, 5 insertions(+). That is too much.", false},
	{" 3 files changes, 5 insertions(+)", false},
	{" files changed, 5 insertions(+)", false},
	{" three files changed, 5 insertions(+)", false},
	{"> 3 files changed, 5 insertions(+)", false},
	{" virt/kvm/eventfd.c | 2 +-", false},
	{" 3", false},
	{" ", false},
	{"", false},
};

static void test_total(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(total_rows); i++) {
		const struct total_row *row = &total_rows[i];
		size_t length = strlen(row->line);
		char *line = tap_exact(row->line, length);
		g_autofree char *name = g_strdup_printf("diffstat's total is%s: '%s'",
			row->total ? "" : " not", row->line);

		tap_true(name, diffstat_is_total(line, length) == row->total);
		free(line);
	}
}

#define TOTAL " 1 file changed, 1 insertion(+)\n"

static const struct paths_row {
	const char *rule, *text;
	const char *paths; /* `name +added -deleted`, ? for a count that is not known */
} paths_rows[] = {
	{"paths: as many marks as the number says",
		" a.c | 3 ++-\n b.c |  1 +\n c/d.c |  2 --\n" TOTAL,
		"a.c +2 -1\nb.c +1 -0\nc/d.c +0 -2\n"},
	{"paths: scaled marks tell no counts", " a.c | 1234 ++++---\n" TOTAL, "a.c ?\n"},
	{"paths: a number without marks", " a.c | 12\n" TOTAL, "a.c ?\n"},
	{"paths: nothing but a rename or mode", " run.sh | 0\n" TOTAL, "run.sh +0 -0\n"},
	{"paths: binary", " logo.png | Bin 0 -> 1234 bytes\n" TOTAL, "logo.png +0 -0\n"},
	{"paths: binary, as git shows it without sizes", " logo.png | Bin\n" TOTAL,
		"logo.png +0 -0\n"},
	{"paths: unmerged", " a.c | Unmerged\n" TOTAL, "a.c ?\n"},
	{"paths: unknown", " a.c | Unk\n" TOTAL, "a.c ?\n"},
	{"paths: diffstat(1) marks changed lines with !", " a.c |    3 +!!\n" TOTAL,
		"a.c ?\n"},
	{"paths: a rename", " a.c => b.c | 2 +-\n" TOTAL, "b.c +1 -1\n"},
	{"paths: a rename within a path", " kvm/{old => new}/a.c | 2 +-\n" TOTAL,
		"kvm/new/a.c +1 -1\n"},
	{"paths: a rename at the begin", " {kvm => virt}/a.c | 0\n" TOTAL,
		"virt/a.c +0 -0\n"},
	{"paths: a rename of the end", " kvm/{a.c => b.c} | 0\n" TOTAL,
		"kvm/b.c +0 -0\n"},
	{"paths: a folder goes", " arch/{x86 => }/foo | 0\n" TOTAL, "arch/foo +0 -0\n"},
	{"paths: the first folder goes", " {x86 => }/foo | 0\n" TOTAL, "foo +0 -0\n"},
	{"paths: a folder comes", " arch/{ => x86}/foo | 0\n" TOTAL,
		"arch/x86/foo +0 -0\n"},
	{"paths: shortened", " .../very/long/name.c | 2 +-\n" TOTAL,
		".../very/long/name.c +1 -1\n"},
	{"paths: a shortened rename", " .../{old => new}/a.c | 0\n" TOTAL,
		".../new/a.c +0 -0\n"},
	{"paths: shortened within the braces", " .../old => new}/a.c | 0\n" TOTAL,
		".../new/a.c +0 -0\n"},
	{"paths: shortened behind the arrow", " .../new}/a.c | 0\n" TOTAL,
		".../new}/a.c +0 -0\n"},
	{"paths: blanks in the name", " a file.txt | 1 +\n" TOTAL, "a file.txt +1 -0\n"},
	{"paths: a bar in the name", " a | b.c | 1 +\n" TOTAL, "a | b.c +1 -0\n"},
	{"paths: quoted", " \"gr\\303\\274n.rst\" | 1 +\n" TOTAL, "grün.rst +1 -0\n"},
	{"paths: a rename to a quoted name", " a.c => \"gr\\303\\274n\" | 0\n" TOTAL,
		"grün +0 -0\n"},
	{"paths: a rename of a quoted name", " \"gr\\303\\274n\" => a.c | 0\n" TOTAL,
		"a.c +0 -0\n"},
	{"paths: git's compact summary",
		" a.c (new) | 1 +\n b.sh (mode +x) | 0\n c.c (gone) | 1 -\n d (new +x) | "
		"1 +\n" TOTAL,
		"a.c +1 -0\nb.sh +0 -0\nc.c +0 -1\nd +1 -0\n"},
	{"paths: git left some out", " a.c | 1 +\n ...\n" TOTAL, "a.c +1 -0\n"},
	{"paths: a relay cut the blank in front",
		"a.c | 1 +\n1 file changed, 1 insertion(+)\n", "a.c +1 -0\n"},
	{"paths: blanks at the end", " a.c | 1 + \n" TOTAL, "a.c +1 -0\n"},
	{"paths: what stands below the total is none",
		" a.c | 1 +\n" TOTAL " create mode 100644 b.c\n b.c | 1 +\n",
		"a.c +1 -0\n"},
	{"paths: a table above is none",
		" host | 12 +\n guest | 3 -\n\n a.c | 1 +\n" TOTAL, "a.c +1 -0\n"},
	{"paths: a table without a number is none", " a | b\n c.c | 1 +\n" TOTAL,
		"c.c +1 -0\n"},
	{"paths: words behind the number are none", " host | 12 ms\n c.c | 1 +\n" TOTAL,
		"c.c +1 -0\n"},
	{"paths: more marks than the number", " host | 1 ++\n c.c | 1 +\n" TOTAL,
		"c.c +1 -0\n"},
	{"paths: no name", " | 1 +\n" TOTAL, ""},
	{"paths: no blank before the bar", " a.c| 1 +\n" TOTAL, ""},
	{"paths: quoted by a reply", "> a.c | 1 +\n" TOTAL, ""},
	{"paths: the last total's alone", " a.c | 1 +\n" TOTAL "\n b.c | 1 -\n" TOTAL,
		"b.c +0 -1\n"},
	{"paths: none without a total", " a.c | 1 +\n", ""},
	{"paths: a total alone", TOTAL, ""},
	{"paths: a line feed in a name cannot fake another", " \"x\\ny\" | 1 +\n" TOTAL,
		"x y +1 -0\n"},
};

static char *describe_paths(const GPtrArray *paths)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < paths->len; i++) {
		const struct patch_path *path = paths->pdata[i];

		if (path->added == PATCH_COUNT_UNKNOWN &&
			path->deleted == PATCH_COUNT_UNKNOWN)
			g_string_append_printf(out, "%s ?\n", path->path);
		else
			g_string_append_printf(out, "%s +%" PRIu32 " -%" PRIu32 "\n",
				path->path, path->added, path->deleted);
	}
	return g_string_free(out, FALSE);
}

static void test_paths(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(paths_rows); i++) {
		const struct paths_row *row = &paths_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);
		g_autoptr(GPtrArray) paths = diff_new_paths();
		g_autofree char *got = NULL;

		diffstat_parse(text, length, paths);
		got = describe_paths(paths);
		tap_string(row->rule, got, row->paths);
		free(text);
	}
}

static const struct stat_row {
	const char *rule, *text, *expected; /* [start,end) files +added -deleted */
} stat_rows[] = {
	{"stat: of git",
		"Words.\n a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n",
		"[7,65) 1 +1 -1"},
	{"stat: only added", " 3 files changed, 5 insertions(+)", "[0,33) 3 +5 -0"},
	{"stat: only deleted", " 3 files changed, 5 deletions(-)", "[0,32) 3 +0 -5"},
	{"stat: nothing", " 0 files changed\n", "[0,16) 0 +0 -0"},
	{"stat: of Mercurial and quilt",
		" a.c |  2 +-\n 1 files changed, 1 insertions(+), 1 deletions(-)\n",
		"[0,62) 1 +1 -1"},
	{"stat: of diffstat(1)",
		" 1 file changed, 1 insertion(+), 2 deletions(-), 3 modifications(!)\n",
		"[0,67) 1 +1 -2"},
	{"stat: the last of two", TOTAL TOTAL " 2 files changed, 3 insertions(+)\n",
		"[64,97) 2 +3 -0"},
	{"stat: more than fits",
		" 99999999999 files changed, 99999999999 insertions(+)\n",
		"[0,53) 4294967295 +4294967295 -0"},
	{"stat: none", "Words.\n", "none [0,0) 0 +0 -0"},
	{"stat: nothing at all", "", "none [0,0) 0 +0 -0"},
};

static void test_stat(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(stat_rows); i++) {
		const struct stat_row *row = &stat_rows[i];
		size_t length = strlen(row->text);
		char *text = tap_exact(row->text, length);
		struct diffstat stat = diffstat_parse(text, length, NULL);
		g_autofree char *got = g_strdup_printf("%s[%zu,%zu) %" PRIu32 " +%" PRIu32
						       " -%" PRIu32,
			stat.has_total ? "" : "none ", stat.start, stat.end, stat.files,
			stat.added, stat.deleted);

		tap_string(row->rule, got, row->expected);
		free(text);
	}
}

static void test_limit(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) paths = diff_new_paths();

	for (unsigned i = 0; i < LIMIT_PATHS + 10; i++)
		g_string_append_printf(text, " %u.c | 1 +\n", i);
	g_string_append(text, TOTAL);
	diffstat_parse(text->str, text->len, paths);
	tap_number("limit: at most LIMIT_PATHS paths", paths->len, LIMIT_PATHS);
}

static void test_cut(void)
{
	static const char text[] =
		"Words.\n kvm/{a => b}/c.c | 2 +-\n \"x\\303\" | Bin 0 -> 1 bytes\n"
		" 2 files changed, 1 insertion(+), 1 deletion(-)\n\n" TOTAL;
	bool held = true;

	for (size_t length = 0; length < sizeof text; length++) {
		char *cut = tap_exact(text, length);
		g_autoptr(GPtrArray) paths = diff_new_paths();
		struct diffstat stat = diffstat_parse(cut, length, paths);

		held = held && stat.start <= stat.end && stat.end <= length;
		free(cut);
	}
	tap_true("cut: at every byte, the parts stay inside", held);
}

int main(void)
{
	tap_deadline(60);
	test_total();
	test_paths();
	test_stat();
	test_limit();
	test_cut();
	return tap_end();
}

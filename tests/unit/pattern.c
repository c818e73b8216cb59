/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/pattern.h"

#include <string.h>

#include "base/limits.h"
#include "tap.h"

static const struct fits_row {
	const char *rule, *word;
	bool fold;
	const char *text;
	bool fits;
} fits_rows[] = {
	{"glob: a word fits itself", "kvm", false, "kvm", true},
	{"glob: the whole text has to fit", "kvm", false, "kvm: x", false},
	{"glob: from its beginning", "kvm*", false, "a kvm", false},
	{"glob: * is any characters", "arch/*.c", false, "arch/arm64/kvm/arm.c", true},
	{"glob: * is none too", "kvm*", false, "kvm", true},
	{"glob: *…* fits anywhere", "*kvm*", false, "arch/x86/kvm/x.c", true},
	{"glob: several *", "*a*b*", false, "xxaxxbxx", true},
	{"glob: several *, in their order", "*a*b*", false, "xxbxxaxx", false},
	{"glob: ? is one character", "v?.c", false, "v1.c", true},
	{"glob: ? is not none", "v?.c", false, "v.c", false},
	{"glob: ? is one character, however many bytes", "v?.c", false, "vü.c", true},
	{"glob: * fits everything", "*", false, "", true},
	{"glob: brackets are themselves", "[PATCH*] KVM*", false, "[PATCH v2] KVM: x",
		true},
	{"glob: a dot is itself", "a.c", false, "abc", false},
	{"glob: a backslash is itself", "a\\*", false, "a\\b", true},
	{"glob: a slash that is not the first is itself", "a/b/", false, "a/b/", true},
	{"glob: case counts", "KVM*", false, "kvm: x", false},
	{"glob: folded, it does not", "KVM*", true, "kvm: x", true},
	{"glob: folded, in the text either", "kvm*", true, "KVM: x", true},
	{"glob: folded beyond ASCII", "*GRÜSSE*", true, "schöne Grüße", true},
	{"regex: anywhere", "/kvm/", false, "arch/arm64/kvm/x.c", true},
	{"regex: not there", "/kvm/", false, "arch/arm64/mm/x.c", false},
	{"regex: anchored", "/^arch\\/(arm64|x86)\\//", false, "arch/x86/x.c", true},
	{"regex: anchored at the end", "/\\.rst$/", false, "a.rst.c", false},
	{"regex: a slash needs no backslash", "/^arch/x86/", false, "arch/x86/x.c", true},
	{"regex: a class of characters", "/^\\[CI( |\\])/", false, "[CI] built", true},
	{"regex: case counts", "/KVM/", false, "kvm", false},
	{"regex: folded, it does not", "/KVM/", true, "kvm", true},
	{"regex: folded beyond ASCII", "/GRÜN/", true, "grün", true},
	{"regex: a dot is a character, however many bytes", "/^v.c$/", false, "vüc",
		true},
	{"regex: a back reference", "/^(.)\\1$/", false, "aa", true},
	{"regex: recursion means the user's expression", "/^(\\((?1)*\\))$/", false,
		"(()())", true},
	{"regex: a leading .*", "/.*a.*b/", false, "xxaxxb", true},
	{"regex: options of PCRE at its beginning", "/(*UCP)\\bü/", false, "a ü", true},
	{"regex: nothing to look at", "/^$/", false, "", true},
	{"regex: the limit cannot be raised again", "/(*LIMIT_MATCH=10000000)(a+)+[xy]/",
		false, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!x", false},
	{"regex: one that gives up does not fit", "/(a+)+[xy]/", false,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!ax", false},
	{"regex: the same on a text that is easy", "/(a+)+[xy]/", false, "aaaaaaaax",
		true},
};

static void test_fits(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fits_rows); i++) {
		const struct fits_row *row = &fits_rows[i];
		g_autofree char *why = NULL;
		struct pattern *pattern = pattern_new(row->word, row->fold, &why);

		if (!tap_true(row->rule,
			    pattern != NULL &&
				    pattern_fits(pattern, row->text) == row->fits &&
				    strcmp(pattern_word(pattern), row->word) == 0))
			tap_note("%s on %s: %s", row->word, row->text,
				why ? why : "not so");
		pattern_free(pattern);
	}
}

static const struct bad_row {
	const char *rule, *word, *holds;
} bad_rows[] = {
	{"bad: a slash alone", "/", "two slashes"},
	{"bad: an empty expression", "//", "two slashes"},
	{"bad: no slash at its end", "/kvm", "two slashes"},
	{"bad: letters behind it", "/kvm/i", "two slashes"},
	{"bad: a parenthesis that never closes", "/a(b/", "‘a(b’ at char 3"},
	{"bad: nothing to repeat", "/*/", "at char 0"},
	{"bad: a backslash at its end", "/a\\/", "\\ at end of pattern"},
	{"bad: one that would fill the memory", "/((((a{1,999}){1,999}){1,999}){1,999})/",
		"too large"},
};

static void test_bad(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		g_autofree char *why = NULL;
		struct pattern *pattern = pattern_new(bad_rows[i].word, true, &why);

		if (!tap_true(bad_rows[i].rule,
			    pattern == NULL && why != NULL &&
				    strstr(why, bad_rows[i].holds) != NULL))
			tap_note("%s: %s", bad_rows[i].word, why ? why : "taken");
		pattern_free(pattern);
	}
}

/* What takes a backtracking matcher longer than anybody waits, each on texts of many lengths. */
static const char *const slow_words[] = {"/(a+)+$/", "/(a|aa)+$/", "/(a|a)*b$/",
	"/^(([a-z])+.)+[A-Z]([a-z])+$/", "/a*a*a*a*a*a*[xy]/", "/(.*)*[xy]/",
	"/(?=(a+))*(a+)+[xy]/", "/(a(?1)?)+[xy]/", "/.*.*.*.*=.*/",
	"*a*a*a*a*a*a*a*a*a*a*a*a*b"};

static void match_slowly(const void *data)
{
	g_autofree char *why = NULL;
	struct pattern *pattern = pattern_new(data, false, &why);
	size_t lengths[] = {13, 14, 15, 30, 60, 1000, LIMIT_FIELD_BYTES, 1024 * 1024};

	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree char *run = g_strnfill(lengths[i], 'a');
		g_autofree char *text = g_strconcat(run, "!", NULL);

		for (unsigned times = 0; times < 20; times++)
			pattern_fits(pattern, text);
	}
	pattern_free(pattern);
}

static void test_slow(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(slow_words); i++) {
		g_autofree char *name = g_strconcat("ends soon: ", slow_words[i], NULL);

		tap_survives(name, 20, match_slowly, slow_words[i]);
	}
}

/* An expression with many groups takes much memory a step. */
static void test_memory(void)
{
	g_autoptr(GString) word = g_string_new("/(");
	g_autofree char *text = g_strnfill(LIMIT_FIELD_BYTES, 'a');
	g_autofree char *why = NULL;
	struct pattern *pattern;

	for (unsigned i = 0; i < 5000; i++)
		g_string_append(word, "(b)?");
	g_string_append(word, "a)+b/");
	pattern = pattern_new(word->str, false, &why);
	tap_true("memory: 5,000 groups are taken", pattern != NULL);
	tap_true("memory: and do not fit",
		pattern != NULL && !pattern_fits(pattern, text));
	pattern_free(pattern);
}

/* The end of what is looked at is no place within a character. */
static void test_long_text(void)
{
	g_autofree char *why = NULL;
	struct pattern *last = pattern_new("/^.*[^a]$/", false, &why);
	struct pattern *end = pattern_new("/x$/", false, &why);
	g_autofree char *run = g_strnfill(LIMIT_FIELD_BYTES - 1, 'a');
	g_autofree char *beyond = g_strconcat(run, "üx", NULL);
	g_autofree char *within = g_strconcat(run, "x", NULL);

	tap_true("long: the last byte that counts", pattern_fits(end, within));
	tap_true("long: what is behind does not count", !pattern_fits(end, beyond));
	tap_true("long: half a character does not count", !pattern_fits(last, beyond));
	pattern_free(last);
	pattern_free(end);
}

int main(void)
{
	test_fits();
	test_bad();
	test_slow();
	test_memory();
	test_long_text();
	pattern_free(NULL);
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/filter.h"

#include <string.h>

#include "tap.h"

/* The record that all rows ask for. */
static struct record *new_record(void)
{
	static const char *const paths[] = {
		"arch/arm64/kvm/arm.c", "Documentation/grün.rst"};
	struct record *record = record_new();

	record->class = RECORD_CLASS_PATCH;
	record->outcome = RECORD_OUTCOME_EXIST;
	record->arrival = 1735689600; /* 2025-01-01T00:00:00Z */
	record_set(&record->author_name, "Zoe\xcc\x88 via list");
	record_set(&record->author_address, "list@lists.example");
	record_set(&record->person_name, "Zoe\xcc\x88 \xc3\x85kesson");
	record_set(&record->person_address, "Zoe@Arm.example");
	record_set(&record->patch_name, "Per Holm");
	record_set(&record->patch_address, "per@subtree.example");
	g_ptr_array_add(record->list_ids, g_strdup("first.example.org"));
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		struct patch_path *path = g_new0(struct patch_path, 1);

		path->path = g_strdup(paths[i]);
		g_ptr_array_add(record->paths, path);
	}
	return record;
}

static const struct filter_row {
	const char *rule;
	const char *classes[3], *authors[3], *paths[3], *lists[3];
	const char *outcome, *since, *until;
	bool fits;
} filter_rows[] = {
	{.rule = "nothing asked for fits all", .fits = true},
	{.rule = "class: its own", .classes = {"patch"}, .fits = true},
	{.rule = "class: one of several", .classes = {"reply,patch"}, .fits = true},
	{.rule = "class: given twice", .classes = {"reply", "patch"}, .fits = true},
	{.rule = "class: another", .classes = {"reply,other"}},
	{.rule = "outcome: its own", .outcome = "exist", .fits = true},
	{.rule = "outcome: another", .outcome = "new"},
	{.rule = "author: a part of the address", .authors = {"arm.ex"}, .fits = true},
	{.rule = "author: in any case", .authors = {"zOE@aRM"}, .fits = true},
	{.rule = "author: in any case beyond ASCII",
		.authors = {"\xc3\xa5KESSON"},
		.fits = true},
	{.rule = "author: composed where the mail is not",
		.authors = {"zo\xc3\xab"},
		.fits = true},
	{.rule = "author: not the letter without its accent", .authors = {"zoe "}},
	{.rule = "author: as the field has it", .authors = {"via list"}, .fits = true},
	{.rule = "author: of the patch", .authors = {"per holm"}, .fits = true},
	{.rule = "author: of the patch, the address", .authors = {"per@"}, .fits = true},
	{.rule = "author: name and address",
		.authors = {"Per Holm <per@subtree.example>"},
		.fits = true},
	{.rule = "author: mapped", .authors = {"zoe@home"}, .fits = true},
	{.rule = "author: the patch's, mapped", .authors = {"Peter H"}, .fits = true},
	{.rule = "author: one of two", .authors = {"nobody", "holm"}, .fits = true},
	{.rule = "author: another", .authors = {"nobody"}},
	{.rule = "author: not of two people at once", .authors = {"per@arm"}},
	{.rule = "path: as it is", .paths = {"arch/arm64/kvm/arm.c"}, .fits = true},
	{.rule = "path: a directory", .paths = {"arch/arm64"}, .fits = true},
	{.rule = "path: with its slash", .paths = {"arch/arm64/"}, .fits = true},
	{.rule = "path: not a part of a name", .paths = {"arch/arm"}},
	{.rule = "path: not the end of one", .paths = {"kvm/arm.c"}},
	{.rule = "path: a glob", .paths = {"*/kvm/*.c"}, .fits = true},
	{.rule = "path: a glob for a directory", .paths = {"arch/*/kvm"}, .fits = true},
	{.rule = "path: one character",
		.paths = {"Documentation/gr?n.rst"},
		.fits = true},
	{.rule = "path: case counts", .paths = {"documentation/*"}},
	{.rule = "path: one of two", .paths = {"virt/", "*.rst"}, .fits = true},
	{.rule = "path: another", .paths = {"virt/"}},
	{.rule = "path: an expression", .paths = {"/kvm/[a-z]+\\.c$/"}, .fits = true},
	{.rule = "path: another expression", .paths = {"/^kvm/"}},
	{.rule = "list: its own", .lists = {"First.example.org"}, .fits = true},
	{.rule = "list: in brackets", .lists = {"<first.example.org>"}, .fits = true},
	{.rule = "list: of a later copy", .lists = {"second.example.org"}, .fits = true},
	{.rule = "list: one of two", .lists = {"x", "first.example.org"}, .fits = true},
	{.rule = "list: not a part of it", .lists = {"example.org"}},
	{.rule = "since: the very second", .since = "2025-01-01T00:00:00Z", .fits = true},
	{.rule = "since: later", .since = "2025-01-01T00:00:01Z"},
	{.rule = "until: later", .until = "2025-01-01T00:00:01Z", .fits = true},
	{.rule = "until: the very second is not before it",
		.until = "2025-01-01T00:00:00Z"},
	{.rule = "all have to fit: the class does not",
		.classes = {"reply"},
		.authors = {"holm"}},
	{.rule = "all have to fit: the author does not",
		.classes = {"patch"},
		.authors = {"nobody"}},
	{.rule = "all have to fit: the outcome does not",
		.authors = {"holm"},
		.outcome = "new"},
	{.rule = "all fit",
		.classes = {"patch"},
		.authors = {"holm"},
		.outcome = "exist",
		.since = "2024-12-31",
		.until = "2025-01-02",
		.fits = true},
};

static GStrv copy(const char *const words[])
{
	return words[0] ? g_strdupv((char **)(uintptr_t)words) : NULL;
}

static void test_rows(void)
{
	static const char map[] = "Zoë Åkesson <zoe@home.example> <zoe@arm.example>\n"
				  "Peter Holm <per@subtree.example>\n";
	struct mailmap *mailmap = mailmap_parse(map, strlen(map));
	struct record *record = new_record();
	g_autoptr(GPtrArray) lists = g_ptr_array_new();
	const struct filter_subject subject = {record, lists, mailmap};

	g_ptr_array_add(lists, (char *)(uintptr_t) "second.example.org");
	for (size_t i = 0; i < G_N_ELEMENTS(filter_rows); i++) {
		const struct filter_row *row = &filter_rows[i];
		struct filter_options words = {
			{{[FILTER_CLASS] = copy(row->classes),
				[FILTER_AUTHOR] = copy(row->authors),
				[FILTER_PATH] = copy(row->paths),
				[FILTER_LIST] = copy(row->lists)}},
			g_strdup(row->outcome), g_strdup(row->since),
			g_strdup(row->until)};
		struct filter filter;

		if (filter_make(&words, &filter) == STATUS_OK) {
			tap_true(row->rule, filter_fits(&filter, &subject) == row->fits);
			filter_release(&filter);
		} else {
			tap_true(row->rule, false);
		}
		filter_options_release(&words);
	}
	record_free(record);
	mailmap_free(mailmap);
}

static void test_empty(void)
{
	struct record *record = record_new();
	const struct filter_subject subject = {record, NULL, NULL};
	struct filter_words words = {{NULL}};
	struct filter filter;
	g_autofree char *why = NULL;

	filter_words_add(&words, FILTER_AUTHOR, "x");
	tap_true("author: alone is a filter", filter_compile(&words, &filter, &why));
	tap_true("author: of what has none", !filter_fits(&filter, &subject));
	filter_release(&filter);
	filter_words_release(&words);
	record_free(record);
}

static const struct words_row {
	const char *rule, *given[4][4]; /* by kind */
	const char *shown;
} words_rows[] = {
	{.rule = "no words", .shown = ""},
	{.rule = "in the order of the kinds, then of their bytes",
		.given = {[FILTER_PATH] = {"b", "a"}, [FILTER_CLASS] = {"reply"}},
		.shown = "--class reply --path a --path b"},
	{.rule = "each once, classes one by one",
		.given = {[FILTER_CLASS] = {"reply,patch", "patch"},
			[FILTER_PATH] = {"a", "a"}},
		.shown = "--class patch --class reply --path a"},
	{.rule = "as a shell takes them",
		.given = {[FILTER_AUTHOR] = {"Jan Ek", "O'Neil", "\xc3\xa5"},
			[FILTER_PATH] = {"arch/arm64/**", "/^a$/"}},
		.shown = "--author 'Jan Ek' --author 'O'\\''Neil' --author '\xc3\xa5' "
			 "--path '/^a$/' --path arch/arm64/**"},
	{.rule = "a comma is a part of a path",
		.given = {[FILTER_PATH] = {"a,b"}},
		.shown = "--path a,b"},
};

static void test_words(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words_rows); i++) {
		const struct words_row *row = &words_rows[i];
		struct filter_words given = {{NULL}}, normal;
		g_autofree char *shown = NULL;

		for (int kind = 0; kind < FILTER_KINDS; kind++)
			given.of[kind] = copy(row->given[kind]);
		filter_words_normalize(&given, &normal);
		shown = filter_words_format(&normal);
		tap_string(row->rule, shown, row->shown);
		filter_words_release(&normal);
		filter_words_release(&given);
	}
}

static const struct bad_row {
	enum filter_kind kind;
	const char *word, *why;
} bad_rows[] = {
	{FILTER_AUTHOR, "", "--author takes a part of a name or address"},
	{FILTER_AUTHOR, "\xff", "--author takes a part of a name or address"},
	{FILTER_PATH, "", "--path takes a path or a glob"},
	{FILTER_PATH, "/a",
		"--path: /a: a regular expression stands between two slashes"},
	{FILTER_LIST, "", "--list: \"\" is no List-Id"},
	{FILTER_LIST, "<>", "--list: \"<>\" is no List-Id"},
	{FILTER_LIST, "a b", "--list: \"a b\" is no List-Id"},
};

static void test_bad(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		const struct bad_row *row = &bad_rows[i];
		struct filter_words words = {{NULL}};
		struct filter filter;
		g_autofree char *why = NULL;

		filter_words_add(&words, row->kind, row->word);
		tap_true("bad: is refused", !filter_compile(&words, &filter, &why));
		tap_string("bad: says why", why, row->why);
		filter_words_release(&words);
	}
}

int main(void)
{
	test_words();
	test_bad();
	g_setenv("TZ", "UTC0", TRUE);
	test_rows();
	test_empty();
	return tap_end();
}

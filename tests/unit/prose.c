/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/prose.h"

#include <string.h>

#include "tap.h"

static struct json_rule rules[] = {
	{(char *)(uintptr_t) "reply", false, "the subject begins with Re:"},
	{(char *)(uintptr_t) "patch", true, "there is a diff"}};

static struct relation *new_relation(void)
{
	struct relation *relation = g_new0(struct relation, 1);

	relation->members = g_ptr_array_new();
	relation->tags = g_ptr_array_new();
	return relation;
}

static void add_path(struct record *record, const char *name, uint32_t added)
{
	struct patch_path *path = g_new0(struct patch_path, 1);

	path->path = g_strdup(name);
	path->added = path->deleted = added;
	g_ptr_array_add(record->paths, path);
}

static struct record *new_record(void)
{
	struct record *record = record_new();

	record->class = RECORD_CLASS_PATCH;
	record_set(&record->subject, "[PATCH v2 3/5] x");
	record_set(&record->message_id, "a@x.org");
	record_set(&record->rule, "patch");
	record_set(&record->evidence, "diff --git a/f b/f");
	record_set(&record->author_name, "Ada");
	record_set(&record->author_address, "ada@x.org");
	record_set(&record->person_name, "Ada");
	record_set(&record->person_address, "ada@x.org");
	record_set(&record->patch_name, "Ada");
	record_set(&record->patch_address, "ada@x.org");
	record->revision = 2;
	record->position = 3;
	record->total = 5;
	return record;
}

static void test_small(void)
{
	struct record *record = new_record();
	const struct json_input input = {.record = record,
		.archive = "",
		.rules = rules,
		.rule_count = G_N_ELEMENTS(rules)};
	g_autofree char *page = prose_from_record(&input);

	tap_string("a message that is not recorded", page,
		"reply              no:  not so that the subject begins with Re:\n"
		"patch              yes: there is a diff\n"
		"                        (diff --git a/f b/f)\n"
		"\n"
		"subject      [PATCH v2 3/5] x\n"
		"message-id   a@x.org\n"
		"class        patch (rule patch: there is a diff)\n"
		"outcome      new\n"
		"author       Ada <ada@x.org>\n"
		"from         Ada <ada@x.org>\n"
		"version      v2\n"
		"position     3 of 5\n");
	record_free(record);
}

/* Lines that stand in the page under one condition each. */
static void set_skipped(struct record *record, struct relation *relation)
{
	(void)relation;
	record->outcome = RECORD_OUTCOME_SKIP;
	record_set(&record->skip_rule, "noise");
}

static void set_user_rule(struct record *record, struct relation *relation)
{
	(void)relation;
	record_set(&record->rule, "rule robot");
}

static void set_rewritten(struct record *record, struct relation *relation)
{
	(void)relation;
	record_set(&record->author_name, "Ada via list");
	record_set(&record->patch_name, "Ada via list");
}

static void set_in_body(struct record *record, struct relation *relation)
{
	(void)relation;
	record_set(&record->patch_name, "Bob");
	record_set(&record->patch_address, "bob@x.org");
}

static void set_series(struct record *record, struct relation *relation)
{
	(void)record;
	relation->series = g_strdup("root@x.org");
	relation->seen = 4;
	relation->total = 5;
}

static void set_previous(struct record *record, struct relation *relation)
{
	set_series(record, relation);
	relation->previous = g_strdup("old@x.org");
	relation->previous_why = g_strdup("change-id x");
}

static void set_resend(struct record *record, struct relation *relation)
{
	set_series(record, relation);
	relation->previous = g_strdup("old@x.org");
	relation->resend = true;
}

static void set_given(struct record *record, struct relation *relation)
{
	static struct relate_tag tags[] = {
		{(char *)(uintptr_t) "Acked-by", (char *)(uintptr_t) "R <r@x.org>",
			(char *)(uintptr_t) "r1@x.org", false},
		{(char *)(uintptr_t) "Acked-by", (char *)(uintptr_t) "S <s@x.org>",
			(char *)(uintptr_t) "r2@x.org", true}};

	trailer_add(record->trailers, "Fixes", "1234 (\"x\")");
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		g_ptr_array_add(relation->tags, &tags[i]);
}

static void set_stat(struct record *record, struct relation *relation)
{
	(void)relation;
	record->stat_files = 1;
	record->stat_added = 2;
}

static void set_right_stat(struct record *record, struct relation *relation)
{
	set_stat(record, relation);
	record->stat_files = 3;
	memset(record->diff_id, 0xd1, HASH_BYTES);
}

static void set_wrong_stat(struct record *record, struct relation *relation)
{
	set_right_stat(record, relation);
	record->flags |= RECORD_FLAG_WRONG_STAT;
}

static void set_paths(struct record *record, struct relation *relation)
{
	(void)relation;
	add_path(record, "a/b.c", 1);
	add_path(record, ".../c.c", PATCH_COUNT_UNKNOWN);
}

static void set_applied(struct record *record, struct relation *relation)
{
	(void)relation;
	record_set(&record->applied_to, "kvm/next");
	record_set(&record->applied_by, "Ada <a@x.org>");
	g_ptr_array_add(record->commits, g_strdup("35bef657"));
	g_ptr_array_add(record->links, g_strdup("b@x.org"));
}

static void set_base(struct record *record, struct relation *relation)
{
	(void)relation;
	record_set(&record->base_commit, "1b99");
	record_set(&record->b4_change_id, "20251103-x");
	g_ptr_array_add(record->prerequisites, g_strdup("patch-id: 22"));
}

static const struct line_row {
	const char *rule;
	void (*set)(struct record *record, struct relation *relation);
	const char *expected;
} line_rows[] = {
	{"skip: the user's rule", set_skipped,
		"\noutcome      skip\nskipped by   rule noise\n"},
	{"class: by a rule of the user's", set_user_rule,
		"\nclass        patch (rule robot: "},
	{"people: what a list had rewritten", set_rewritten,
		"\nauthor       Ada <ada@x.org>\nfrom         Ada via list <ada@x.org>\n"
		"meant        Ada <ada@x.org>\nversion "},
	{"people: the line in the body", set_in_body,
		"\nauthor       Ada <ada@x.org>\npatch author Bob <bob@x.org>\n"
		"from         Ada <ada@x.org>\nin-body from Bob <bob@x.org>\nversion "},
	{"series: how much of it is here", set_series,
		"\nposition     3 of 5, 4 of 5 seen\nseries       root@x.org\n"},
	{"previous: with its evidence", set_previous,
		"\nprevious     old@x.org (change-id x)\n"},
	{"previous: a resend", set_resend,
		"\nprevious     old@x.org, a resend: the diffs are the same\n"},
	{"trailers: its own, then those that were given", set_given,
		"\ntrailer      Fixes: 1234 (\"x\")\n"
		"given        Acked-by: R <r@x.org> (in r1@x.org)\n"
		"given        Acked-by: S <s@x.org> (in r2@x.org, to the cover "
		"letter)\n"},
	{"diffstat: of what has no diff", set_stat,
		"\ndiffstat     1 file +2 -0, and there is no diff\n"},
	{"diffstat: right", set_right_stat, "\ndiffstat     3 files +2 -0, the diff's\n"},
	{"diffstat: wrong", set_wrong_stat,
		"\ndiffstat     3 files +2 -0, which is not the diff's\n"},
	{"paths: without counts where they are not known", set_paths,
		"\npath         a/b.c +1 -1\npath         .../c.c\n"},
	{"applied", set_applied,
		"\napplied to   kvm/next\napplied by   Ada <a@x.org>\ncommit       "
		"35bef657\nlinks to     b@x.org\n"},
	{"base", set_base,
		"\nbase-commit  1b99\nchange-id    20251103-x\n"
		"prerequisite patch-id: 22\n"},
};

static void test_lines(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(line_rows); i++) {
		const struct line_row *row = &line_rows[i];
		struct record *record = new_record();
		struct relation *relation = new_relation();
		const struct json_input input = {
			.record = record, .relation = relation, .archive = ""};
		g_autofree char *page = NULL;

		row->set(record, relation);
		page = prose_from_record(&input);
		if (!tap_true(row->rule, strstr(page, row->expected) != NULL))
			tap_note("not in it: %s", row->expected);
		relation_free(relation);
		record_free(record);
	}
}

static void test_mapped(void)
{
	static const char map[] = "Ada L. <new@x.org> <ada@x.org>\n";
	struct record *record = new_record();
	struct mailmap *mailmap = mailmap_parse(map, strlen(map));
	const struct json_input input = {
		.record = record, .mailmap = mailmap, .archive = "h:/"};
	g_autofree char *page = prose_from_record(&input);

	tap_true("people: the mailmap's, and the field",
		strstr(page, "\nauthor       Ada L. <new@x.org>\n"
			     "from         Ada <ada@x.org>\nversion ") != NULL);
	tap_true("the archive's address",
		strstr(page, "\narchived at  h:/a@x.org/\n") != NULL);
	mailmap_free(mailmap);
	record_free(record);
}

int main(void)
{
	test_small();
	test_lines();
	test_mapped();
	return tap_end();
}

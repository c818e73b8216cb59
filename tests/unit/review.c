/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail/diff.h"
#include "mail/patch.h"
#include "tap.h"

enum { START = 1700000000 };

/* A record out of words: a class, then in any order `by=ADDRESS`, `name=NAME` with _ for blanks,
 * `from=ADDRESS` (of the patch, in its body), `title=T`, `vN`, `n/m`, `@MINUTES`, `RFC`, `RESEND`,
 * `PULL`, `skip`, `withdraws`, `dX` for the diff X, `path=P`, `rule=R`, `<ID`. */
static void take_word(struct record *record, const char *word)
{
	const char *value = strchr(word, '=');

	value = value ? value + 1 : "";
	if (g_str_has_prefix(word, "by=")) {
		record_set(&record->author_address, value);
		record_set(&record->person_address, value);
		record_set(&record->patch_address, value);
	} else if (g_str_has_prefix(word, "name=")) {
		g_autofree char *name = g_strdelimit(g_strdup(value), "_", ' ');

		record_set(&record->author_name, name);
		record_set(&record->person_name, name);
		record_set(&record->patch_name, name);
	} else if (g_str_has_prefix(word, "from=")) {
		record_set(&record->patch_address, value);
	} else if (g_str_has_prefix(word, "title=")) {
		g_autofree char *title = g_strdelimit(g_strdup(value), "_", ' ');

		record_set(&record->title, title);
	} else if (g_str_has_prefix(word, "path=")) {
		struct patch_path *path = g_new0(struct patch_path, 1);

		path->path = g_strdup(value);
		g_ptr_array_add(record->paths, path);
	} else if (g_str_has_prefix(word, "rule=")) {
		record_set(&record->rule, value);
	} else if (*word == '<') {
		g_ptr_array_add(record->references, g_strdup(word + 1));
	} else if (strcmp(word, "PULL") == 0) {
		g_ptr_array_add(record->tags, g_strdup(word));
	} else if (strcmp(word, "RFC") == 0) {
		record->flags |= RECORD_FLAG_RFC;
	} else if (strcmp(word, "RESEND") == 0) {
		record->flags |= RECORD_FLAG_RESEND;
	} else if (strcmp(word, "withdraws") == 0) {
		record->flags |= RECORD_FLAG_WITHDRAWS;
	} else if (strcmp(word, "skip") == 0) {
		record->outcome = RECORD_OUTCOME_SKIP;
	} else if (*word == 'v') {
		record->revision = (uint32_t)atoi(word + 1);
	} else if (*word == '@') {
		record->date = START + 60 * atoi(word + 1);
	} else if (*word == 'd') {
		hash_bytes(word, strlen(word), record->diff_id);
		record->flags |= RECORD_FLAG_DIFF;
	} else if (sscanf(word, "%d/%d", &record->position, &record->total) != 2) {
		abort();
	}
}

static struct record *make_record(const char *words)
{
	static unsigned count;
	g_auto(GStrv) word = g_strsplit(words, " ", -1);
	struct record *record = record_new();
	g_autofree char *id = g_strdup_printf("%u@list.example", ++count);

	if (!record_class_from_name(word[0], &record->class))
		abort();
	record->date = START;
	record_set(&record->message_id, id);
	record_set(&record->title, "demo");
	take_word(record, "by=ada@list.example");
	for (char **c = word + 1; *c != NULL; c++)
		take_word(record, *c);
	return record;
}

static const struct candidate_row {
	const char *rule, *record;
	bool held;
} candidate_rows[] = {
	{"a patch waits", "patch", true},
	{"a cover letter does", "cover-letter 0/3", true},
	{"one without 0/m leaves that to its patches", "cover-letter", false},
	{"an RFC does", "patch RFC", true},
	{"a backport does not", "stable d1", false},
	{"a pull request does not", "pull-request", false},
	{"nor its patches", "patch 3/12 PULL", false},
	{"a robot's does not", "patch by=lkp@intel.com", false},
	{"nor what a rule kept out", "patch skip", false},
	{"a reply does not", "reply", false},
	{"a patch behind Re: is a reply", "patch rule=patch-in-reply", false},
};

static void test_candidates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(candidate_rows); i++) {
		const struct candidate_row *row = &candidate_rows[i];
		g_autoptr(record_auto) record = make_record(row->record);

		tap_true(row->rule, review_is_candidate(record) == row->held);
	}
}

static const struct weigh_row {
	const char *rule, *mail, *posting;
	bool whole;
	enum review_answer answer;
} weigh_rows[] = {
	{"a reply", "reply by=ben@list.example", "patch", true, REVIEW_REPLY},
	{"a review", "review by=ben@list.example", "patch 2/3", false, REVIEW_REPLY},
	{"a discussion that it begins", "discussion by=ben@list.example", "patch", true,
		REVIEW_REPLY},
	{"a report of what it breaks", "bug-report by=ben@list.example", "patch", true,
		REVIEW_REPLY},
	{"the author's own", "reply", "patch", true, REVIEW_NOTHING},
	{"the author's own, in other case", "reply by=Ada@List.example", "patch", true,
		REVIEW_NOTHING},
	{"of the same full name", "reply by=ada@home.example name=Ada_Example",
		"patch name=Ada_Example", true, REVIEW_NOTHING},
	{"a first name is many people's", "reply by=ada@home.example name=Ada",
		"patch name=Ada", true, REVIEW_REPLY},
	{"under the mailmap's address", "reply by=ada@old.example", "patch", true,
		REVIEW_NOTHING},
	{"the patch author's own, whoever sent it", "reply by=zoe@list.example",
		"patch from=zoe@list.example", true, REVIEW_NOTHING},
	{"a robot's reply", "reply by=lkp@intel.com", "patch", true, REVIEW_NOTHING},
	{"a robot's report", "bot-report by=lkp@intel.com", "patch", true,
		REVIEW_NOTHING},
	{"an absence", "auto-reply by=ben@list.example", "patch", true, REVIEW_NOTHING},
	{"what no rule knows", "other by=ben@list.example", "patch", true,
		REVIEW_NOTHING},
	{"a patch behind Re:", "patch rule=patch-in-reply by=ben@list.example", "patch",
		true, REVIEW_REPLY},
	{"the author's patch behind Re:", "patch rule=patch-in-reply", "patch", true,
		REVIEW_NOTHING},
	{"applied, by whomever", "applied by=lkp@intel.com", "patch", true,
		REVIEW_APPLIED},
	{"applied, by its author", "applied", "patch", true, REVIEW_APPLIED},
	{"withdrawn", "reply withdraws", "patch", true, REVIEW_WITHDRAWN},
	{"a part withdrawn", "reply withdraws", "patch 2/3", false, REVIEW_NOTHING},
	{"another's NAK is a reply", "reply withdraws by=ben@list.example", "patch", true,
		REVIEW_REPLY},
};

static void test_weigh(void)
{
	static const char map[] = "Ada <ada@list.example> <ada@old.example>\n";
	struct mailmap *mailmap = mailmap_parse(map, strlen(map));

	for (size_t i = 0; i < G_N_ELEMENTS(weigh_rows); i++) {
		const struct weigh_row *row = &weigh_rows[i];
		g_autoptr(record_auto) mail = make_record(row->mail);
		g_autoptr(record_auto) posting = make_record(row->posting);

		tap_number(row->rule, review_weigh(mail, posting, row->whole, mailmap),
			row->answer);
	}
	mailmap_free(mailmap);
}

static bool is_evidence(const struct record *old, const struct record *new)
{
	return review_is_evidence(old, new, NULL);
}

typedef bool pair_test(const struct record *old, const struct record *new);

static const struct pair_row {
	const char *rule;
	pair_test *test;
	const char *old, *new;
	bool held;
} pair_rows[] = {
	{"newer: v2 of v1", review_is_newer, "patch", "patch v2 @9", true},
	{"newer: not v1 of v2", review_is_newer, "patch v2", "patch @9", false},
	{"newer: in earnest, of an RFC", review_is_newer, "patch RFC v3", "patch @9",
		true},
	{"newer: not the RFC that came before", review_is_newer, "patch @9", "patch RFC",
		false},
	{"newer: not the same again", review_is_newer, "patch", "patch RESEND @9", false},
	{"newer: not its place in a pull request", review_is_newer, "patch",
		"patch v2 PULL 1/2 @9", false},
	{"newer: not its backport", review_is_newer, "patch", "stable v2 d1 @9", false},
	{"resend: by the tag", review_is_resend, "patch d1", "patch d2 RESEND @9", true},
	{"resend: of either", review_is_resend, "patch d2 RESEND @9", "patch d1", true},
	{"resend: by the diff", review_is_resend, "patch d1", "patch d1 @9", true},
	{"resend: in the place of the part that it answers", review_is_resend,
		"patch 2/8 d1", "patch 2/8 d2 <part @9", true},
	{"resend: not of one that it does not answer", review_is_resend, "patch 2/8 d1",
		"patch 2/8 d2 <other @9", false},
	{"resend: not of a single patch", review_is_resend, "patch d1",
		"patch d2 <part @9", false},
	{"newer: not behind Re:", review_is_newer, "patch",
		"patch v2 rule=patch-in-reply @9", false},
	{"resend: not by no diff", review_is_resend, "cover-letter 0/2",
		"cover-letter 0/2 @9", false},
	{"resend: not of another version", review_is_resend, "patch d1",
		"patch v2 d1 RESEND @9", false},
	{"resend: not of an RFC", review_is_resend, "patch RFC d1", "patch d1 @9", false},
	{"uncounted: another diff to the same file", review_is_uncounted,
		"patch d1 path=a.c", "patch d2 path=a.c @9", true},
	{"uncounted: not to another file", review_is_uncounted, "patch d1 path=a.c",
		"patch d2 path=b.c @9", false},
	{"uncounted: not what came before", review_is_uncounted, "patch d1 path=a.c @9",
		"patch d2 path=a.c", false},
	{"uncounted: not a resend", review_is_uncounted, "patch d1 path=a.c",
		"patch d1 path=a.c @9", false},
	{"evidence: not before the patch", is_evidence, "applied", "patch @9", false},
	{"evidence: behind it", is_evidence, "applied @9", "patch", true},
	{"evidence: a reply that names no message", is_evidence,
		"reply by=ben@list.example @9", "patch", true},
	{"evidence: not the author's", is_evidence, "reply @9", "patch", false},
	{"evidence: not a reply from before", is_evidence, "reply by=ben@list.example",
		"patch @9", false},
	{"evidence: in another's series", is_evidence,
		"patch 3/9 d1 by=ben@list.example name=Ben @9", "patch", true},
	{"evidence: not in its sender's next", is_evidence, "patch 3/9 d1 @9", "patch",
		false},
	{"evidence: not in another's that came before", is_evidence,
		"patch 3/9 d1 by=ben@list.example name=Ben", "patch @9", false},
};

static void test_pairs(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pair_rows); i++) {
		const struct pair_row *row = &pair_rows[i];
		g_autoptr(record_auto) old = make_record(row->old);
		g_autoptr(record_auto) new = make_record(row->new);

		record_set(&old->message_id, "part");
		tap_true(row->rule, row->test(old, new) == row->held);
	}
}

static const struct evidence_row {
	const char *rule, *record, *patch;
	bool held;
} evidence_rows[] = {
	{"evidence: a notice with the title", "applied title=demo:_one",
		"patch title=Demo:_one", true},
	{"evidence: a stable tree's note",
		"applied title=Patch_\"demo\"_has_been_added_to_it", "patch", true},
	{"evidence: not of another title", "applied title=demo:_one", "patch", false},
	{"evidence: a person's answer is found by what it answers",
		"applied rule=applied-reply <x", "patch", false},
	{"evidence: a reply that names no message", "reply", "patch", true},
	{"evidence: not one that names one", "reply <x", "patch", false},
	{"evidence: a robot's is found both ways", "applied rule=tip-bot <x", "patch",
		true},
	{"evidence: a pull request's patch",
		"patch 1/2 PULL d1 by=mae@list.example "
		"from=ada@list.example",
		"patch", true},
	{"evidence: not another author's", "patch 1/2 PULL d1 by=mae@list.example",
		"patch", false},
	{"evidence: a backport", "stable d1 by=mae@list.example from=ada@list.example",
		"patch", true},
	{"evidence: not a patch", "patch d1", "patch", false},
	{"evidence: a patch that another posts",
		"patch d1 by=ben@list.example from=ada@list.example", "patch", true},
};

static void test_evidence(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(evidence_rows); i++) {
		const struct evidence_row *row = &evidence_rows[i];
		g_autoptr(record_auto) record = make_record(row->record);
		g_autoptr(record_auto) patch = make_record(row->patch);
		uint8_t key[HASH_BYTES], keys[REVIEW_KEYS][HASH_BYTES];
		bool held = review_evidence_key(record, key);
		bool found = false;

		review_patch_keys(patch, keys);
		for (unsigned j = 0; held && j < REVIEW_KEYS; j++)
			found |= memcmp(key, keys[j], HASH_BYTES) == 0;
		tap_true(row->rule, found == row->held);
	}
}

int main(void)
{
	tap_deadline(60);
	test_candidates();
	test_weigh();
	test_pairs();
	test_evidence();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/classify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mail/message.h"
#include "model/reading.h"
#include "classify_rows.h"
#include "tap.h"

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
	test_rows();
	test_table();
	return tap_end();
}

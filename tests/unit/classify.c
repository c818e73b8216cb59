/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/classify.h"

#include <stdio.h>
#include <string.h>

#include "mail/quote.h"
#include "tap.h"

#define WORDS "Words about it.\n"
#define STAT  " x.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
#define DIFF                                                                \
	"diff --git a/x.c b/x.c\nindex 1..2 100644\n--- a/x.c\n+++ b/x.c\n" \
	"@@ -1 +1 @@\n-a\n+b\n"

static const struct classify_row {
	const char *subject, *body;
	const char *rule; /* that decides */
	enum record_class class;
} classify_rows[] = {
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

/* What classify() makes of SUBJECT over BODY; the caller releases. */
static struct classify_verdict classify_mail(char *subject_line, const char *body)
{
	g_autoptr(GString) text = g_string_new(body);
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	struct message message = {.subject = subject_line,
		.from_name = (char *)(uintptr_t) "A U Thor",
		.from_address = (char *)(uintptr_t) "author@example.org",
		.text = text,
		.references = none,
		.list_ids = none};
	struct subject subject;
	struct patch patch;
	struct classify_input input = {.message = &message,
		.subject = &subject,
		.patch = &patch,
		.trailers = none,
		.quotes = quote_has_quotes(body, strlen(body))};
	struct classify_verdict verdict;

	subject_parse(subject_line, &subject);
	patch_parse(body, strlen(body), &patch);
	classify(&input, &verdict);
	patch_release(&patch);
	subject_release(&subject);
	return verdict;
}

static void test_rows(void)
{
	bool classes = true, said = true;

	for (size_t i = 0; i < G_N_ELEMENTS(classify_rows); i++) {
		const struct classify_row *row = &classify_rows[i];
		g_autofree char *subject = g_strdup(row->subject);
		struct classify_verdict verdict = classify_mail(subject, row->body);
		g_autofree char *name = g_strdup_printf("%s: '%s'%s%s", row->rule,
			row->subject, strstr(row->body, "1 file") ? ", a diffstat" : "",
			strstr(row->body, "diff --git") ? ", a diff" : "");

		tap_string(name, verdict.rule, row->rule);
		classes = classes && verdict.class == row->class;
		said = said && verdict.evidence != NULL && *verdict.evidence != '\0' &&
		       strchr(verdict.evidence, '\n') == NULL;
		classify_release(&verdict);
	}
	tap_true("each has its rule's class", classes);
	tap_true("each has evidence of one line", said);
}

/* The table itself: `explain` and the records name its rules. */
static void test_table(void)
{
	size_t count = 0;
	const struct classify_rule *rules = classify_rules(&count);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	bool said = true, used = true;

	for (size_t i = 0; i < count; i++) {
		bool row = false;

		g_hash_table_add(names, (void *)(uintptr_t)rules[i].name);
		said = said && *rules[i].reason != '\0' && !strchr(rules[i].reason, '\n');
		for (size_t j = 0; j < G_N_ELEMENTS(classify_rows); j++)
			row = row || strcmp(rules[i].name, classify_rows[j].rule) == 0;
		used = used && row;
	}
	tap_number("table: no name twice", g_hash_table_size(names), (int64_t)count);
	tap_true("table: every rule has a reason of one line", said);
	tap_true("table: every rule decides in some row above", used);
}

int main(void)
{
	test_rows();
	test_table();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

enum { MANY = 400, FLOOD = 1500 };

/* A record out of words: its Message-ID, `n/m`, then in any order `vN`, `RFC`, `RESEND`, `@TIME` in
 * minutes (else 10), `dX` for the diff X, and `<ID` for each message that it answers, the parent
 * last. */
static struct record *make_record(const char *words)
{
	g_auto(GStrv) word = g_strsplit(words, " ", -1);
	struct record *record = record_new();

	record->class = RECORD_CLASS_PATCH;
	record->revision = 1;
	record->date = 1700000600;
	record->arrival = 1700000600;
	record_set(&record->person_address, "ada@example.org");
	record_set(&record->message_id, word[0]);
	record_set(&record->title, word[0]);
	for (char **c = word + 1; *c != NULL; c++) {
		if (**c == 'v')
			record->revision = (uint32_t)atoi(*c + 1);
		else if (strcmp(*c, "RFC") == 0)
			record->flags |= RECORD_FLAG_RFC;
		else if (strcmp(*c, "RESEND") == 0)
			record->flags |= RECORD_FLAG_RESEND;
		else if (strcmp(*c, "@none") == 0)
			record->date = 0;
		else if (**c == '@')
			record->date = 1700000000 + 60 * atoi(*c + 1);
		else if (**c == 'd')
			hash_bytes(*c, strlen(*c), record->diff_id);
		else if (**c == '<')
			g_ptr_array_add(record->references, g_strdup(*c + 1));
		else if (sscanf(*c, "%" SCNd32 "/%" SCNd32, &record->position,
				 &record->total) != 2)
			abort();
	}
	if (record->position == 0)
		record->class = RECORD_CLASS_COVER_LETTER;
	return record;
}

static void free_record(void *record)
{
	record_free(record);
}

/* One record a line of LINES, in their order of arrival. */
static GPtrArray *make_records(const char *lines)
{
	g_auto(GStrv) line = g_strsplit(lines, "\n", -1);
	GPtrArray *records = g_ptr_array_new_with_free_func(free_record);

	for (char **c = line; *c != NULL && **c != '\0'; c++)
		g_ptr_array_add(records, make_record(*c));
	return records;
}

static char *join_ids(const GPtrArray *members)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < members->len; i++) {
		const struct record *record = members->pdata[i];

		g_string_append_printf(out, "%s%s", i > 0 ? " " : "", record->message_id);
	}
	return g_string_free(out, FALSE);
}

/* Every series of RECORDS: its members by position, a `|` between series. */
static char *assemble_all(const GPtrArray *records)
{
	g_autoptr(GPtrArray) series = g_ptr_array_new_with_free_func(g_free);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < records->len; i++) {
		g_autoptr(GPtrArray) members = series_assemble(records, i);
		g_autofree char *ids = join_ids(members);

		if (g_ptr_array_find_with_equal_func(series, ids, g_str_equal, NULL))
			continue;
		g_string_append_printf(out, "%s%s", i > 0 ? " | " : "", ids);
		g_ptr_array_add(series, g_steal_pointer(&ids));
	}
	return g_string_free(out, FALSE);
}

#define A_TO_COVER "a0 0/3\na1 1/3 <a0\na2 2/3 <a0\na3 3/3 <a0\n"

static const struct assemble_row {
	const char *rule, *lines, *expected;
} assemble_rows[] = {
	{"threads: all to the cover letter", A_TO_COVER, "a0 a1 a2 a3"},
	{"threads: to patch 1", "a1 1/3\na2 2/3 <a1\na3 3/3 <a1\n", "a1 a2 a3"},
	{"threads: none, but the cover letter answers what was before",
		"a0 0/3 v2 <x\na1 1/3 v2 @11\na2 2/3 v2 @11\na3 3/3 v2 @11\n",
		"a0 a1 a2 a3"},
	{"threads: none, but patch 1 answers what was before",
		"a1 1/2 v2 <x\na2 2/2 v2 @11\n", "a1 a2"},
	{"threads: none, and patch 2 answers something else",
		"a1 1/2 v2\na2 2/2 v2 @11 <x\n", "a1 | a2"},
	{"threads: to patch 1, and a cover letter apart",
		"a0 0/3\na1 1/3 @11\na2 2/3 @11 <a1\na3 3/3 @11 <a1\n", "a0 a1 a2 a3"},
	{"threads: chained, all named",
		"a0 0/3\na1 1/3 <a0\na2 2/3 <a0 <a1\n"
		"a3 3/3 <a0 <a1 <a2\n",
		"a0 a1 a2 a3"},
	{"threads: chained, the parent alone named",
		"a0 0/3\na1 1/3 <a0\na2 2/3 <a1\na3 3/3 <a2\n", "a0 a1 a2 a3"},
	{"threads: chained, with a part missing",
		"a0 0/4\na1 1/4 <a0\na3 3/4 <a0 <a1 <a2\na4 4/4 <a0 <a1 <a2 <a3\n",
		"a0 a1 a3 a4"},
	{"threads: none", "a0 0/3\na1 1/3\na2 2/3\na3 3/3\n", "a0 a1 a2 a3"},
	{"threads: none, over five hours", "a1 1/3 @0\na2 2/3 @150\na3 3/3 @300\n",
		"a1 a2 a3"},
	{"threads: none, and a day between", "a1 1/2 @0\na2 2/2 @1500\n", "a1 | a2"},
	{"threads: none, and a cover letter that begins the next series",
		"a1 1/2 @0\na2 2/2 @1 <a1\nb0 0/2 @30\nb1 1/2 @31\nb2 2/2 @32\n",
		"a1 a2 | b0 b1 b2"},
	{"threads: none, and a cover letter a little late",
		"a1 1/2 @1\na2 2/2 @2\na0 0/2 @9\n", "a0 a1 a2"},
	{"threads: none, and another revision", "a1 1/2\na2 2/2 v2\n", "a1 | a2"},

	{"late: the cover letter", "a1 1/2 @11 <a0\na2 2/2 @12 <a0\na0 0/2 @10\n",
		"a0 a1 a2"},
	{"late: the first patch that the others answer",
		"a2 2/3 @11 <a1\na3 3/3 @12 <a1\na1 1/3 @10\n", "a1 a2 a3"},
	{"late: all of it in the opposite order",
		"a3 3/3 @13 <a0 <a1 <a2\na2 2/3 @12 <a0 <a1\na1 1/3 @11 <a0\na0 0/3 "
		"@10\n",
		"a0 a1 a2 a3"},
	{"missing: the cover letter", "a1 1/3 <a0\na2 2/3 <a0\na3 3/3 <a0\n", "a1 a2 a3"},
	{"missing: the cover letter of a chain",
		"a1 1/3 <a0\na2 2/3 <a0 <a1\na3 3/3 <a0 <a1 <a2\n", "a1 a2 a3"},
	{"missing: most of it", "a0 0/21\na4 4/21 <a0\na9 9/21 <a0\n", "a0 a4 a9"},
	{"missing: all but one", "a4 4/21 <a0\n", "a4"},

	{"one of one", "a1 1/1\n", "a1"},
	{"one of one, with a cover letter", "a0 0/1\na1 1/1 <a0\n", "a0 a1"},
	{"two of one of one", "a1 1/1\nb1 1/1\n", "a1 | b1"},
	{"one more than there should be", A_TO_COVER "a4 4/3 <a0\n", "a0 a1 a2 a3 a4"},
	{"a place that is taken, in a thread", A_TO_COVER "x2 2/3 @20 <a0\n",
		"a0 a1 a2 a3 | x2"},
	{"a place that is taken, without a thread", "a1 1/2\na2 2/2\nx2 2/2 @20\n",
		"a1 a2 | x2"},
	{"in one thread: a part again where it was missing",
		"a0 0/2\na1 1/2 <a0\na2 2/2 RESEND @90 <a0\n", "a0 a1 a2"},

	{"in one thread: the next revision",
		A_TO_COVER "b0 0/3 v2 @90 <a0\nb1 1/3 v2 @91 <a0 <b0\n"
			   "b2 2/3 v2 @92 <a0 <b0\nb3 3/3 v2 @93 <a0 <b0\n",
		"a0 a1 a2 a3 | b0 b1 b2 b3"},
	{"in one thread: the next revision without a cover letter",
		A_TO_COVER "b1 1/3 v2 @91 <a0\nb2 2/3 v2 @92 <a0\nb3 3/3 v2 @93 <a0\n",
		"a0 a1 a2 a3 | b1 b2 b3"},
	{"in one thread: the next revision, each patch under its old one",
		A_TO_COVER "b1 1/3 v2 @91 <a0 <a1\nb2 2/3 v2 @92 <a0 <a2\n"
			   "b3 3/3 v2 @93 <a0 <a3\n",
		"a0 a1 a2 a3 | b1 | b2 | b3"},
	{"in one thread: all of it again, with its cover letter",
		A_TO_COVER "b0 0/3 @90 <a0\nb1 1/3 @91 <a0 <b0\nb2 2/3 @92 <a0 <b0\n"
			   "b3 3/3 @93 <a0 <b0\n",
		"a0 a1 a2 a3 | b0 b1 b2 b3"},
	{"in one thread: all of it again, under the old cover letter",
		A_TO_COVER "b1 1/3 @91 <a0\nb2 2/3 @92 <a0\nb3 3/3 @93 <a0\n",
		"a0 a1 a2 a3 | b1 b2 b3"},
	{"in one thread: all of it again, where the first time one was missing",
		"a0 0/3\na1 1/3 <a0\na3 3/3 <a0\n"
		"b1 1/3 @91 <a0\nb2 2/3 @92 <a0\nb3 3/3 @93 <a0\n",
		"a0 a1 a3 | b1 b2 b3"},
	{"in one thread: all of it again, chained under the old cover letter",
		A_TO_COVER "b1 1/3 @91 <a0\nb2 2/3 @92 <a0 <b1\nb3 3/3 @93 <a0 <b1 <b2\n",
		"a0 a1 a2 a3 | b1 b2 b3"},
	{"in one thread: twice under a message that is no part",
		"a1 1/2 <x\na2 2/2 @11 <x\nb1 1/2 @90 <x\nb2 2/2 @91 <x\n",
		"a1 a2 | b1 b2"},
	{"in one thread: revision 2 on the cover letter alone",
		"a0 0/2 v2\na1 1/2 <a0\na2 2/2 <a0\n", "a0 a1 a2"},

	{"one day: two series with threads",
		A_TO_COVER "b0 0/3 @11\nb1 1/3 @11 <b0\nb2 2/3 @11 <b0\nb3 3/3 @11 <b0\n",
		"a0 a1 a2 a3 | b0 b1 b2 b3"},
	{"one day: two series without",
		"a1 1/3 @10\na2 2/3 @11\na3 3/3 @12\nb1 1/3 @13\nb2 2/3 @14\nb3 3/3 "
		"@15\n",
		"a1 a2 a3 | b1 b2 b3"},
	{"one day: two series without threads, the first one's end missing",
		"a1 1/3 @10\na2 2/3 @11\nb1 1/3 @13\nb2 2/3 @14\nb3 3/3 @15\n",
		"a1 a2 | b1 b2 b3"},
	{"one day: two series without threads, the first one's middle missing",
		"a1 1/3 @10\na3 3/3 @11\nb1 1/3 @13\nb2 2/3 @14\nb3 3/3 @15\n",
		"a1 a3 | b1 b2 b3"},
	{"one day: two series without threads, which arrived mixed",
		"b1 1/2 @20\na1 1/2 @10\nb2 2/2 @21\na2 2/2 @11\n", "b1 b2 | a1 a2"},
	{"one day: one with threads, one without",
		A_TO_COVER "b1 1/3 @20\nb2 2/3 @21\nb3 3/3 @22\n",
		"a0 a1 a2 a3 | b1 b2 b3"},
	{"one day: a cover letter alone, and a thread that has all but patch 1",
		"a0 0/3\na2 2/3 <a0\na3 3/3 <a0\nb1 1/3 @90\nb2 2/3 @90 <b1\n"
		"b3 3/3 @90 <b1\n",
		"a0 a2 a3 | b1 b2 b3"},
	{"one day: twenty series of two without threads",
		"a1 1/2\nb1 1/2\nc1 1/2\nd1 1/2\ne1 1/2\nf1 1/2\ng1 1/2\nh1 1/2\ni1 1/2\n"
		"j1 1/2\nk1 1/2\nl1 1/2\nm1 1/2\nn1 1/2\no1 1/2\np1 1/2\nq1 1/2\nr1 1/2\n"
		"s1 1/2\nt1 1/2\nt2 2/2\n",
		"a1 | b1 | c1 | d1 | e1 | f1 | g1 | h1 | i1 | j1 | k1 | l1 | m1 | n1 | "
		"o1 | p1 | q1 | r1 | s1 | t1 t2"},

	{"dates: all the same", "a1 1/2\na2 2/2\nb1 1/2\nb2 2/2\n", "a1 a2 | b1 b2"},
	{"dates: none", "a1 1/2 @none\na2 2/2 @none\nb1 1/2 @none\nb2 2/2 @none\n",
		"a1 a2 | b1 b2"},
	{"dates: one that is none, then the arrival's",
		"a1 1/3 @10\na2 2/3 @none\na3 3/3 @10\n", "a1 a2 a3"},
};

/* What series_key() leaves out: parts that say so themselves. */
static const struct key_row {
	const char *rule, *one, *other;
	bool same;
} key_rows[] = {
	{"key: parts of one series", "a1 1/3", "a2 2/3", true},
	{"key: the cover letter", "a0 0/3", "a2 2/3", true},
	{"key: another revision may be a slip", "a0 0/3 v2", "a1 1/3", true},
	{"key: another total", "a1 1/3", "a2 2/4", false},
	{"key: no part at all", "a1 1/3", "a2", false},
};

static void test_keys(void)
{
	static const uint8_t none[HASH_BYTES];
	uint8_t one[HASH_BYTES], other[HASH_BYTES];
	g_autoptr(record_auto) record = make_record("a1 1/3");

	for (size_t i = 0; i < G_N_ELEMENTS(key_rows); i++) {
		g_autoptr(record_auto) first = make_record(key_rows[i].one);
		g_autoptr(record_auto) second = make_record(key_rows[i].other);

		series_key(first, one);
		series_key(second, other);
		tap_true(key_rows[i].rule,
			(memcmp(one, other, HASH_BYTES) == 0) == key_rows[i].same);
	}
	series_key(record, one);
	record_set(&record->person_address, "Ada@Example.org");
	series_key(record, other);
	tap_bytes("key: an address in another case", other, HASH_BYTES, one, HASH_BYTES);
	record_set(&record->person_address, "bob@example.org");
	series_key(record, other);
	tap_true("key: another sender", memcmp(one, other, HASH_BYTES) != 0);
	record->class = RECORD_CLASS_REPLY;
	series_key(record, other);
	tap_bytes("key: a reply has none", other, HASH_BYTES, none, HASH_BYTES);
}

static void test_title_keys(void)
{
	uint8_t one[HASH_BYTES], other[HASH_BYTES];
	g_autoptr(record_auto) record = make_record("a1 1/3");

	record_set(&record->title, "KVM: Größe prüfen");
	series_title_key(record, one);
	record->revision = 2;
	record->position = 2;
	record_set(&record->title, "kvm: größe PRÜFEN");
	series_title_key(record, other);
	tap_bytes("title key: another place, revision and case", other, HASH_BYTES, one,
		HASH_BYTES);
	record_set(&record->title, "KVM: Größe");
	series_title_key(record, other);
	tap_true("title key: another title", memcmp(one, other, HASH_BYTES) != 0);
	record_set(&record->title, "KVM: Größe prüfen");
	record_set(&record->person_address, "bob@example.org");
	series_title_key(record, other);
	tap_true("title key: another sender", memcmp(one, other, HASH_BYTES) != 0);
}

static const struct missing_row {
	const char *rule, *lines, *expected;
} missing_rows[] = {
	{"missing cover: what all answer", "a1 1/2 <a0\na2 2/2 <a0\n", "a0"},
	{"missing cover: what the head of a chain answers",
		"a1 1/3 <a0\na2 2/3 <a0 <a1\na3 3/3 <a0 <a1 <a2\n", "a0"},
	{"missing cover: what the only part answers", "a4 4/21 <a0\n", "a0"},
	{"missing cover: it is here", "a0 0/2 <x\na1 1/2 <a0\n", NULL},
	{"missing cover: patch 1 is the root", "a1 1/2\na2 2/2 <a1\n", NULL},
	{"missing cover: no threads", "a1 1/2\na2 2/2\n", NULL},
	{"missing cover: they answer different messages", "a1 1/2 <x\na2 2/2 <y\n", NULL},
};

static const struct count_row {
	const char *rule, *lines;
	unsigned expected;
} count_rows[] = {
	{"count: all", A_TO_COVER, 3},
	{"count: the cover letter is none", "a0 0/3\n", 0},
	{"count: 4 of 21", "a0 0/21\na1 1/21\na2 2/21\na3 3/21\na9 9/21\n", 4},
	{"count: one more than there should be is none", "a1 1/1\na2 2/1\n", 1},
};

static const struct precede_row {
	const char *rule, *old, *new;
	bool may;
} precede_rows[] = {
	{"precedes: an earlier revision", "a 1/2 @0", "b 1/2 v2 @9", true},
	{"precedes: one that left some out", "a 1/2 v2 @0", "b 1/2 v5 @9", true},
	{"precedes: not a later revision", "a 1/2 v2 @0", "b 1/2 @9", false},
	{"precedes: not the same revision", "a 1/2 @0", "b 1/2 @9", false},
	{"precedes: not itself", "a 1/2 @0", "a 1/2 RESEND @9", false},
	{"precedes: what was sent again", "a 1/2 @0", "b 1/2 RESEND @9", true},
	{"precedes: what was sent again before", "a 1/2 RESEND @0", "b 1/2 RESEND @9",
		true},
	{"precedes: not what was sent again later", "a 1/2 RESEND @9", "b 1/2 RESEND @0",
		false},
	{"precedes: nothing is a resend of what came later", "a 1/2 @9",
		"b 1/2 RESEND @0", false},
	{"precedes: an RFC before the patch", "a 1/2 RFC @0", "b 1/2 @9", true},
	{"precedes: RFC v3 before the patch, which counts anew", "a 1/2 RFC v3 @0",
		"b 1/2 @9", true},
	{"precedes: not an RFC of a later day", "a 1/2 RFC @9", "b 1/2 @0", false},
	{"precedes: RFC v1 before RFC v2", "a 1/2 RFC @0", "b 1/2 RFC v2 @9", true},
	{"precedes: a patch before RFC v3, which asks anew", "a 1/2 v2 @0",
		"b 1/2 RFC v3 @9", true},
	{"precedes: not a patch before an RFC of the same number", "a 1/2 @0",
		"b 1/2 RFC @9", false},
};

static const struct precede_row miscounted_rows[] = {
	{"miscounted: the letter says one more", "a0 0/3 @0", "a1 1/2 @1 <a0", true},
	{"miscounted: the letter says one less", "a0 0/5 @0", "a6 6/6 @1 <a0", true},
	{"miscounted: another revision, too", "a0 0/3 v2 @0", "a1 1/2 @1 <a0", true},
	{"miscounted: not the same total", "a0 0/2 @0", "a1 1/2 @1 <a0", false},
	{"miscounted: not what answers something else", "a0 0/3 @0", "a1 1/2 @1 <b0",
		false},
	{"miscounted: not what answers nothing", "a0 0/3 @0", "a1 1/2 @1", false},
	{"miscounted: not a day later", "a0 0/3 @0", "a1 1/2 @1440 <a0", false},
	{"miscounted: not another cover letter", "a0 0/3 @0", "a1 0/2 @1 <a0", false},
	{"miscounted: not under a patch", "a0 1/3 @0", "a1 1/2 @1 <a0", false},
};

#define D1 "a 1/2 d1\nb 2/2 d2\n"

static const struct diffs_row {
	const char *rule, *one, *other;
	bool same;
} diffs_rows[] = {
	{"diffs: the same", D1, "c 1/2 d1\nd 2/2 d2\n", true},
	{"diffs: in another order, under a cover letter", D1,
		"c 0/2\nd 1/2 d2\ne 2/2 d1\n", true},
	{"diffs: another one", D1, "c 1/2 d1\nd 2/2 d3\n", false},
	{"diffs: one missing", D1, "c 1/2 d1\n", false},
	{"diffs: one more", "c 1/2 d1\n", D1, false},
	{"diffs: none on either side say nothing", "a 0/2\n", "b 0/2\n", false},
};

static void test_small(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(missing_rows); i++) {
		g_autoptr(GPtrArray) records = make_records(missing_rows[i].lines);

		tap_string(missing_rows[i].rule, series_missing_cover(records),
			missing_rows[i].expected);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(count_rows); i++) {
		g_autoptr(GPtrArray) records = make_records(count_rows[i].lines);

		tap_number(count_rows[i].rule, series_count_patches(records),
			count_rows[i].expected);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(precede_rows); i++) {
		g_autoptr(record_auto) old = make_record(precede_rows[i].old);
		g_autoptr(record_auto) new = make_record(precede_rows[i].new);

		tap_true(precede_rows[i].rule,
			series_may_precede(old, new) == precede_rows[i].may);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(miscounted_rows); i++) {
		g_autoptr(record_auto) cover = make_record(miscounted_rows[i].old);
		g_autoptr(record_auto) part = make_record(miscounted_rows[i].new);

		tap_true(miscounted_rows[i].rule,
			series_is_miscounted(cover, part) == miscounted_rows[i].may);
		record_set(&part->person_address, "bob@example.org");
		tap_true("miscounted: not another sender's",
			!series_is_miscounted(cover, part));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(diffs_rows); i++) {
		g_autoptr(GPtrArray) one = make_records(diffs_rows[i].one);
		g_autoptr(GPtrArray) other = make_records(diffs_rows[i].other);

		tap_true(diffs_rows[i].rule,
			series_same_diffs(one, other) == diffs_rows[i].same);
	}
}

/* COUNT lines of FORMAT, which takes each one's number twice. */
static GPtrArray *make_many(unsigned count, const char *format)
{
	GPtrArray *records = g_ptr_array_new_with_free_func(free_record);

	for (unsigned i = 1; i <= count; i++) {
		g_autofree char *number = g_strdup_printf("%u", i);
		g_auto(GStrv) parts = g_strsplit(format, "N", -1);
		g_autofree char *line = g_strjoinv(number, parts);

		g_ptr_array_add(records, make_record(line));
	}
	return records;
}

static void test_many(void)
{
	static const struct {
		const char *rule, *format;
	} rows[] = {
		{"many: 400 to a cover letter that is missing", "aN N/400 <a0"},
		{"many: 400 without threads", "aN N/400 @N"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) records = make_many(MANY, rows[i].format);
		g_autoptr(GPtrArray) members = series_assemble(records, MANY / 2);

		tap_number(rows[i].rule, series_count_patches(members), MANY);
	}
}

/* Whoever sends the same number over and over: as many times as there are parts. */
static void assemble_flood(const void *format)
{
	g_autoptr(GPtrArray) records = make_many(FLOOD, format);

	for (guint i = 0; i < 5; i++) {
		g_autoptr(GPtrArray) members = series_assemble(records, i);

		if (members->len != 1)
			_exit(EXIT_FAILURE);
	}
}

static void test_floods(void)
{
	tap_survives("flood: one place, no threads", 60, assemble_flood, "aN 1/2");
	tap_survives(
		"flood: one place under one message", 60, assemble_flood, "aN 1/2 <x");
}

int main(void)
{
	tap_deadline(120);
	for (size_t i = 0; i < G_N_ELEMENTS(assemble_rows); i++) {
		g_autoptr(GPtrArray) records = make_records(assemble_rows[i].lines);
		g_autofree char *got = assemble_all(records);

		tap_string(assemble_rows[i].rule, got, assemble_rows[i].expected);
	}
	test_keys();
	test_title_keys();
	test_small();
	test_many();
	test_floods();
	return tap_end();
}

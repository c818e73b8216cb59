/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/json.h"

#include <stdlib.h>
#include <string.h>

#include "digest/url.h"
#include "tap.h"

static void fill(uint8_t *bytes, size_t length, uint8_t value)
{
	memset(bytes, value, length);
}

static void add_path(
	struct record *record, const char *name, uint32_t added, uint32_t deleted)
{
	struct patch_path *path = g_new0(struct patch_path, 1);

	path->path = g_strdup(name);
	path->added = added;
	path->deleted = deleted;
	g_ptr_array_add(record->paths, path);
}

static void add(GPtrArray *strings, const char *string)
{
	g_ptr_array_add(strings, g_strdup(string));
}

static void free_tag(void *data)
{
	struct relate_tag *tag = data;

	g_free(tag->key);
	g_free(tag->value);
	g_free(tag->message_id);
	g_free(tag);
}

static struct relation *new_relation(void)
{
	struct relation *relation = g_new0(struct relation, 1);

	relation->members = g_ptr_array_new();
	relation->tags = g_ptr_array_new_with_free_func(free_tag);
	return relation;
}

static void add_tag(struct relation *relation, const char *key, const char *value,
	const char *message_id, bool to_cover)
{
	struct relate_tag *tag = g_new0(struct relate_tag, 1);

	tag->key = g_strdup(key);
	tag->value = g_strdup(value);
	tag->message_id = g_strdup(message_id);
	tag->to_cover = to_cover;
	g_ptr_array_add(relation->tags, tag);
}

/* The keys in the manual's order, each without a value. */
static void test_empty(void)
{
	struct record *record = record_new();
	const struct json_input input = {.record = record, .archive = ""};
	g_autofree char *line = NULL;

	record_set(&record->message_id, "a@x.org");
	line = json_from_record(&input);
	tap_string("a record without anything", line,
		"{\"message_id\":\"a@x.org\",\"seq\":null,\"id\":null,\"date\":null,"
		"\"arrival\":null,\"lists\":[],\"class\":\"other\",\"rule\":null,"
		"\"evidence\":null,\"outcome\":\"new\",\"first\":null,\"skip_rule\":null,"
		"\"subject\":\"\",\"title\":\"\",\"tags\":[],\"rfc\":false,"
		"\"resend\":false,\"revision\":1,\"position\":null,\"total\":null,"
		"\"author\":{\"name\":\"\",\"address\":\"\"},"
		"\"patch_author\":{\"name\":\"\",\"address\":\"\"},"
		"\"from\":{\"name\":\"\",\"address\":\"\"},\"text\":\"\","
		"\"trailers\":[],\"paths\":[],\"diffstat\":null,"
		"\"diffstat_wrong\":false,\"diff_id\":null,\"base_commit\":null,"
		"\"change_id\":null,\"prerequisites\":[],\"series\":null,\"seen\":null,"
		"\"previous\":null,\"previous_why\":null,\"resend_of_previous\":false,"
		"\"tags_given\":[],\"references\":[],\"links\":[],\"applied_to\":null,"
		"\"applied_by\":null,"
		"\"commits\":[],\"link\":null,\"flags\":[],\"limit\":null,"
		"\"signature\":null,\"signatures\":[]}");
	record_free(record);
}

static struct record_signature *add_signature(
	struct record *record, enum record_verdict verdict, const char *words)
{
	struct record_signature *signature = g_new0(struct record_signature, 1);
	g_auto(GStrv) word = g_strsplit(words, "|", 4);

	signature->verdict = verdict;
	signature->identity = g_strdup(word[0]);
	signature->selector = g_strdup(word[1]);
	signature->algorithm = g_strdup(word[2]);
	signature->why = g_strdup(word[3]);
	g_ptr_array_add(record->signatures, signature);
	return signature;
}

static void fill_strings(struct record *record)
{
	record_set(&record->message_id, "a+1@x.org");
	record_set(&record->subject, "[RFC PATCH v3 2/9] KVM: Grüße");
	record_set(&record->title, "KVM: Grüße");
	record_set(&record->author_name, "Ada via list");
	record_set(&record->author_address, "list@x.org");
	record_set(&record->person_name, "Ada");
	record_set(&record->person_address, "ada@x.org");
	record_set(&record->patch_name, "Jiří Dvořák");
	record_set(&record->patch_address, "jiri@x.org");
	record_set(&record->rule, "patch");
	record_set(&record->evidence, "diff --git a/f b/f");
	record_set(&record->limit, "paths");
	record_set(&record->first, "b@x.org");
	record_set(&record->skip_rule, "noise");
	record_set(&record->base_commit, "1b99");
	record_set(&record->b4_change_id, "20251103-x-0");
	record_set(&record->applied_to, "kvm-arm64/next");
	record_set(&record->applied_by, "Ada <a@x.org>");
	add(record->tags, "RFC");
	add(record->tags, "PATCH");
	add(record->list_ids, "kvm.vger.kernel.org");
	add(record->references, "c@x.org");
	add(record->prerequisites, "patch-id: 22");
	add(record->links, "d@x.org");
	add(record->commits, "35bef657");
}

static struct record *full_record(void)
{
	struct record *record = record_new();

	fill_strings(record);
	record->number = 12;
	record->date = 1747563072;
	record->arrival = 1747563073;
	record->flags = RECORD_FLAG_RFC | RECORD_FLAG_RESEND | RECORD_FLAG_WRONG_STAT |
			RECORD_FLAG_DIFF | RECORD_FLAG_PARTIAL | RECORD_FLAG_HISTORY;
	record->class = RECORD_CLASS_STABLE;
	record->outcome = RECORD_OUTCOME_SKIP;
	record->revision = 3;
	record->position = 2;
	record->total = 9;
	record->stat_files = 2;
	record->stat_added = 7;
	record->stat_deleted = 1;
	fill(record->link, HASH_BYTES, 0xb0);
	fill(record->commit, 20, 0xc1);
	record->commit_length = 20;
	fill(record->diff_id, HASH_BYTES, 0xd2);
	trailer_add(record->trailers, "Fixes", "1234 (\"x\")");
	add_path(record, "virt/kvm/grün.c", 7, 0);
	add_path(record, ".../b.c", PATCH_COUNT_UNKNOWN, PATCH_COUNT_UNKNOWN);
	return record;
}

static void test_full(void)
{
	static const char map[] = "Ada Lovelace <ada@new.org> <ada@x.org>\n"
				  "Jiří D. <jiri@x.org>\n";
	static struct json_rule rules[] = {
		{(char *)(uintptr_t) "reply", false, "a reply"},
		{(char *)(uintptr_t) "patch", true, "a diff"}};
	struct record *record = full_record();
	struct relation *relation = new_relation();
	struct mailmap *mailmap = mailmap_parse(map, strlen(map));
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
	const struct json_input input = {record, "The text.\n\tEnd", lists, relation,
		mailmap, "https://lore.example/kvm", rules, G_N_ELEMENTS(rules), NULL};
	struct record_signature *signature;
	g_autofree char *line = NULL;

	add(lists, "linux-arm.example");
	signature = add_signature(
		record, RECORD_VERDICT_GOOD, "ada@x.org|2021|ed25519-sha256|");
	signature->by_author = true;
	signature->time = 1620249230;
	add_signature(record, RECORD_VERDICT_BAD, "grüße@x.org|||the body");
	relation->series = g_strdup("root@x.org");
	relation->previous = g_strdup("old@x.org");
	relation->previous_why = g_strdup("change-id 20251103-x-0");
	relation->resend = true;
	relation->seen = 4;
	relation->total = 9;
	add_tag(relation, "Reviewed-by", "Rev <r@x.org>", "r1@x.org", true);
	line = json_from_record(&input);
	tap_string("a record with everything", line,
		"{\"message_id\":\"a+1@x.org\",\"seq\":12,"
		"\"id\":\"c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1\","
		"\"date\":\"2025-05-18T10:11:12Z\",\"arrival\":\"2025-05-18T10:11:13Z\","
		"\"lists\":[\"kvm.vger.kernel.org\",\"linux-arm.example\"],"
		"\"class\":\"stable\",\"rule\":\"patch\","
		"\"evidence\":\"diff --git a/f b/f\",\"outcome\":\"skip\","
		"\"first\":\"b@x.org\",\"skip_rule\":\"noise\","
		"\"subject\":\"[RFC PATCH v3 2/9] KVM: Grüße\","
		"\"title\":\"KVM: Grüße\",\"tags\":[\"RFC\",\"PATCH\"],\"rfc\":true,"
		"\"resend\":true,\"revision\":3,\"position\":2,\"total\":9,"
		"\"author\":{\"name\":\"Ada Lovelace\",\"address\":\"ada@new.org\"},"
		"\"patch_author\":{\"name\":\"Jiří D.\",\"address\":\"jiri@x.org\"},"
		"\"from\":{\"name\":\"Ada via list\",\"address\":\"list@x.org\"},"
		"\"text\":\"The text.\\n\\tEnd\","
		"\"trailers\":[{\"key\":\"Fixes\",\"value\":\"1234 (\\\"x\\\")\"}],"
		"\"paths\":[{\"path\":\"virt/kvm/grün.c\",\"added\":7,\"deleted\":0},"
		"{\"path\":\".../b.c\",\"added\":null,\"deleted\":null}],"
		"\"diffstat\":{\"files\":2,\"added\":7,\"deleted\":1},"
		"\"diffstat_wrong\":true,\"diff_id\":"
		"\"d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2\","
		"\"base_commit\":\"1b99\",\"change_id\":\"20251103-x-0\","
		"\"prerequisites\":[\"patch-id: 22\"],\"series\":\"root@x.org\","
		"\"seen\":4,\"previous\":\"old@x.org\","
		"\"previous_why\":\"change-id 20251103-x-0\","
		"\"resend_of_previous\":true,\"tags_given\":[{\"key\":\"Reviewed-by\","
		"\"value\":\"Rev <r@x.org>\",\"message_id\":\"r1@x.org\","
		"\"to_cover\":true}],\"references\":[\"c@x.org\"],"
		"\"links\":[\"d@x.org\"],\"applied_to\":\"kvm-arm64/"
		"next\",\"applied_by\":\"Ada <a@x.org>\","
		"\"commits\":[\"35bef657\"],"
		"\"link\":\"https://lore.example/kvm/a+1@x.org/\","
		"\"flags\":[\"partial\",\"history\"],\"limit\":\"paths\","
		"\"signature\":\"bad\",\"signatures\":["
		"{\"verdict\":\"good\",\"identity\":\"ada@x.org\",\"selector\":\"2021\","
		"\"algorithm\":\"ed25519-sha256\",\"date\":\"2021-05-05T21:13:50Z\","
		"\"by_author\":true,\"why\":null},"
		"{\"verdict\":\"bad\",\"identity\":\"grüße@x.org\",\"selector\":null,"
		"\"algorithm\":null,\"date\":null,\"by_author\":false,"
		"\"why\":\"the body\"}],"
		"\"rules\":[{\"name\":\"reply\",\"fits\":false,\"reason\":\"a reply\"},"
		"{\"name\":\"patch\",\"fits\":true,\"reason\":\"a diff\"}]}");
	relation_free(relation);
	mailmap_free(mailmap);
	record_free(record);
}

/* What stands behind `"subject":` for a subject. */
static const struct string_row {
	const char *rule, *subject, *expected;
} string_rows[] = {
	{"strings: a quote and a backslash", "say \"a\\b\"", "\"say \\\"a\\\\b\\\"\","},
	{"strings: a slash is left alone", "a/b", "\"a/b\","},
	{"strings: controls are escaped", "a\n\t\r\033\001b",
		"\"a\\n\\t\\r\\u001B\\u0001b\","},
	{"strings: UTF-8 is left alone, beyond the BMP too", "é€𝄞", "\"é€𝄞\","},
	{"strings: what is no UTF-8 is U+FFFD", "a\xff\xc3",
		"\"a\xef\xbf\xbd\xef\xbf\xbd\","},
	{"strings: nor is a surrogate", "\xed\xa0\x80",
		"\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","},
	{"strings: a format", "100%s", "\"100%s\","},
};

static void test_strings(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(string_rows); i++) {
		const struct string_row *row = &string_rows[i];
		struct record *record = record_new();
		const struct json_input input = {.record = record, .archive = ""};
		g_autofree char *line = NULL;
		g_autofree char *got = NULL;
		const char *at, *end;

		record_set(&record->subject, row->subject);
		line = json_from_record(&input);
		at = strstr(line, "\"subject\":");
		end = strstr(line, "\"title\":");
		got = at && end ? g_strndup(at + 10, (gsize)(end - at - 10)) : NULL;
		tap_string(row->rule, got, row->expected);
		record_free(record);
	}
}

static const struct time_row {
	const char *rule;
	int64_t time;
	const char *expected;
} time_rows[] = {
	{"times: none", 0, "\"date\":null,"},
	{"times: in UTC", 1747563072, "\"date\":\"2025-05-18T10:11:12Z\","},
	{"times: before 1970", -1, "\"date\":\"1969-12-31T23:59:59Z\","},
	{"times: the year has four digits", -61000000000,
		"\"date\":\"0036-12-26T11:33:20Z\","},
	{"times: what no calendar has", INT64_MAX, "\"date\":null,"},
	{"times: nor this", INT64_MIN, "\"date\":null,"},
};

static void test_times(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(time_rows); i++) {
		const struct time_row *row = &time_rows[i];
		struct record *record = record_new();
		const struct json_input input = {.record = record, .archive = ""};
		g_autofree char *line = NULL;

		record->date = row->time;
		line = json_from_record(&input);
		if (!tap_true(row->rule, strstr(line, row->expected) != NULL))
			tap_note("not in: %s", line);
		record_free(record);
	}
}

static const struct url_row {
	const char *rule, *message_id;
	uint32_t flags;
	const char *archive, *expected;
} url_rows[] = {
	{"url: an archive with a slash", "a@x.org", 0, "https://l.example/kvm/",
		"https://l.example/kvm/a@x.org/"},
	{"url: and without", "a@x.org", 0, "https://l.example/kvm",
		"https://l.example/kvm/a@x.org/"},
	{"url: what no path may have is escaped", "a/b?c#d%e\"f@x.org", 0, "h:/",
		"h:/a%2Fb%3Fc%23d%25e%22f@x.org/"},
	{"url: UTF-8 is escaped", "é@x.org", 0, "h:/", "h:/%C3%A9@x.org/"},
	{"url: no archive", "a@x.org", 0, "", NULL},
	{"url: a Message-ID that was made", "a@x.org", RECORD_FLAG_MADE_ID, "h:/", NULL},
};

static void test_urls(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(url_rows); i++) {
		const struct url_row *row = &url_rows[i];
		struct record *record = record_new();
		g_autofree char *url = NULL;

		record_set(&record->message_id, row->message_id);
		record->flags = row->flags;
		url = url_of_record(record, row->archive);
		tap_string(row->rule, url, row->expected);
		record_free(record);
	}
}

static void test_relation(void)
{
	struct record *record = record_new();
	struct relation *relation = new_relation();
	const struct json_input input = {
		.record = record, .archive = "", .relation = relation};
	g_autofree char *none = json_from_record(&input);
	g_autofree char *one = NULL;

	tap_true("relation: no posting, no series",
		strstr(none, "\"series\":null,\"seen\":null,\"previous\":null,") != NULL);
	relation->series = g_strdup("a@x.org");
	one = json_from_record(&input);
	tap_true("relation: a series of which nothing else is here",
		strstr(one, "\"series\":\"a@x.org\",\"seen\":0,\"previous\":null,") !=
			NULL);
	relation_free(relation);
	record_free(record);
}

static void test_id(void)
{
	struct record *record = record_new();
	const struct json_input input = {.record = record, .archive = ""};
	g_autofree char *line = NULL;

	record->number = 1;
	fill(record->link, HASH_BYTES, 0x0a);
	line = json_from_record(&input);
	tap_true("id: without a commit the link of the chain",
		strstr(line, "\"seq\":1,\"id\":\"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
			     "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\",") != NULL);
	record_free(record);
}

int main(void)
{
	test_empty();
	test_full();
	test_strings();
	test_times();
	test_urls();
	test_relation();
	test_id();
	return tap_end();
}

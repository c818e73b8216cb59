/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void fill(uint8_t *bytes, size_t length, uint8_t first)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)(first + i);
}

static void fill_hashes(struct record *record)
{
	fill(record->body_hash, HASH_BYTES, 0x10);
	fill(record->content_hash, HASH_BYTES, 0x30);
	fill(record->diff_id, HASH_BYTES, 0x50);
	fill(record->change_id, HASH_BYTES, 0x70);
	fill(record->raw_hash, HASH_BYTES, 0x90);
	fill(record->link, HASH_BYTES, 0xb0);
	fill(record->commit, 20, 0xd0);
	record->commit_length = 20;
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

/* What version 2 of the bytes added. */
static void fill_later(struct record *record)
{
	record_set(&record->person_name, "Jiří");
	record_set(&record->person_address, "jiri@y.org");
	record_set(&record->evidence, "Subject: [PATCH v3 2/9]");
	record_set(&record->skip_rule, "no-s390");
	record_set(&record->base_commit, "0123abcd");
	record_set(&record->b4_change_id, "20250518-x-0123456789ab");
	record_set(&record->applied_to, "x/next");
	g_ptr_array_add(record->prerequisites, g_strdup("patch-id: 4711"));
	g_ptr_array_add(record->links, g_strdup("v2@x.org"));
	g_ptr_array_add(record->links, g_strdup("v1@x.org"));
	g_ptr_array_add(record->commits, g_strdup("89ab"));
	trailer_add(record->trailers, "Acked-by", "Grüße <g@x.org>");
	trailer_add(record->trailers, "Fixes", "");
	record->stat_files = 7;
	record->stat_added = 8;
	record->stat_deleted = 9;
}

/* A record in which no field is as record_new() makes it. */
static struct record *full_record(void)
{
	struct record *record = record_new();

	record->number = 0x0102030405060708;
	record->date = -1;
	record->arrival = 1772529072;
	record->latest = 1772529073;
	record->flags = RECORD_FLAG_HISTORY | RECORD_FLAG_MADE_ID;
	record->class = RECORD_CLASS_PULL_REQUEST;
	record->outcome = RECORD_OUTCOME_NEW;
	record->revision = 3;
	record->position = 2;
	record->total = 9;
	record->body_length = 4711;
	fill_hashes(record);
	record_set(&record->message_id, "a@x.org");
	record_set(&record->message_id_raw, "<none>");
	record_set(&record->subject, "[PATCH v3 2/9] KVM: Grüße");
	record_set(&record->title, "KVM: Grüße");
	record_set(&record->author_name, "The List");
	record_set(&record->author_address, "list@x.org");
	record_set(&record->patch_name, "Jiří Dvořák");
	record_set(&record->patch_address, "jiri@x.org");
	record_set(&record->rule, "pull-request");
	record_set(&record->limit, "MIME nesting");
	record_set(&record->first, "b@x.org");
	g_ptr_array_add(record->tags, g_strdup("PATCH"));
	g_ptr_array_add(record->tags, g_strdup("v3"));
	g_ptr_array_add(record->list_ids, g_strdup("kvm.vger.kernel.org"));
	g_ptr_array_add(record->references, g_strdup("c@x.org"));
	g_ptr_array_add(record->references, g_strdup(""));
	add_path(record, "virt/kvm/grün.c", 7, UINT32_MAX);
	add_path(record, "Makefile", 0, 1);
	fill_later(record);
	return record;
}

static void add_signature(struct record *record, enum record_verdict verdict)
{
	struct record_signature *signature = g_new0(struct record_signature, 1);

	signature->verdict = verdict;
	signature->by_author = verdict == RECORD_VERDICT_GOOD;
	signature->time = 1620249230 + (int64_t)verdict;
	signature->identity = g_strdup("jiří@x.org");
	signature->selector = g_strdup("20210505");
	signature->algorithm = g_strdup("ed25519-sha256");
	signature->why = g_strdup(signature->by_author ? "" : "the body");
	g_ptr_array_add(record->signatures, signature);
}

/* Every field, and signatures. */
static struct record *signed_record(void)
{
	struct record *record = full_record();

	add_signature(record, RECORD_VERDICT_GOOD);
	add_signature(record, RECORD_VERDICT_UNCHECKED);
	return record;
}

/* Every field, and people it is written to. */
static struct record *addressed_record(bool is_signed)
{
	static const uint64_t hashes[] = {0x1122334455667788, UINT64_MAX, 0};
	struct record *record = is_signed ? signed_record() : full_record();

	g_array_append_vals(record->addressees, hashes, G_N_ELEMENTS(hashes));
	return record;
}

/* Every field that a record can have. */
static struct record *applied_record(void)
{
	struct record *record = addressed_record(true);

	record_set(&record->applied_by, "Jiří <jiri@x.org>");
	return record;
}

static void describe_strings(GString *out, const char *name, const GPtrArray *strings)
{
	g_string_append_printf(out, "%s", name);
	for (guint i = 0; i < strings->len; i++)
		g_string_append_printf(out, " [%s]", (char *)strings->pdata[i]);
	g_string_append_c(out, '\n');
}

static void describe_numbers(GString *out, const struct record *record)
{
	g_string_append_printf(out,
		"number %" PRIu64 " date %" PRId64 " arrival %" PRId64 " latest %" PRId64
		" flags %" PRIx32 " class %d outcome %d revision %" PRIu32
		" position %" PRId32 " total %" PRId32 " body %" PRIu32 " commit %d\n",
		record->number, record->date, record->arrival, record->latest,
		record->flags, (int)record->class, (int)record->outcome, record->revision,
		record->position, record->total, record->body_length,
		record->commit_length);
}

static void describe_hashes(GString *out, const struct record *record)
{
	const uint8_t *hashes[] = {record->body_hash, record->content_hash,
		record->diff_id, record->change_id, record->raw_hash, record->link,
		record->commit};

	for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) {
		for (size_t j = 0; j < HASH_BYTES; j++)
			g_string_append_printf(out, "%02x", hashes[i][j]);
		g_string_append_c(out, '\n');
	}
}

/* All of RECORD; the caller frees. */
static char *describe(const struct record *record)
{
	GString *out = g_string_new(NULL);
	const char *strings[] = {record->message_id, record->message_id_raw,
		record->subject, record->title, record->author_name,
		record->author_address, record->patch_name, record->patch_address,
		record->rule, record->limit, record->first, record->person_name,
		record->person_address, record->evidence, record->skip_rule,
		record->base_commit, record->b4_change_id, record->applied_to,
		record->applied_by};

	describe_numbers(out, record);
	describe_hashes(out, record);
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_string_append_printf(out, "[%s]\n", strings[i]);
	describe_strings(out, "tags", record->tags);
	describe_strings(out, "lists", record->list_ids);
	describe_strings(out, "references", record->references);
	describe_strings(out, "prerequisites", record->prerequisites);
	describe_strings(out, "links", record->links);
	describe_strings(out, "commits", record->commits);
	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];

		g_string_append_printf(out, "%s: %s\n", trailer->key, trailer->value);
	}
	for (guint i = 0; i < record->signatures->len; i++) {
		const struct record_signature *s = record->signatures->pdata[i];

		g_string_append_printf(out, "signature %d %d %" PRId64 " %s %s %s %s\n",
			(int)s->verdict, s->by_author, s->time, s->identity, s->selector,
			s->algorithm, s->why);
	}
	for (guint i = 0; i < record->addressees->len; i++)
		g_string_append_printf(out, "to %" PRIx64 "\n",
			g_array_index(record->addressees, uint64_t, i));
	g_string_append_printf(out, "stat %" PRId32 " +%" PRIu32 " -%" PRIu32 "\n",
		record->stat_files, record->stat_added, record->stat_deleted);
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		g_string_append_printf(out, "path %s +%" PRIu32 " -%" PRIu32 "\n",
			path->path, path->added, path->deleted);
	}
	return g_string_free(out, FALSE);
}

static void check_round_trip(const char *name, const struct record *record)
{
	g_autoptr(GByteArray) bytes = record_encode(record);
	char *exact = tap_exact((const char *)bytes->data, bytes->len);
	g_autofree char *expected = describe(record);
	g_autofree char *got = NULL;
	struct record *decoded = NULL;

	if (record_decode(exact, bytes->len, &decoded) == STATUS_OK)
		got = describe(decoded);
	tap_string(name, got, expected);
	record_free(decoded);
	free(exact);
}

static void test_round_trip(void)
{
	struct record *record = record_new();

	check_round_trip("round trip: an empty record", record);
	record_free(record);
	record = full_record();
	check_round_trip("round trip: every field", record);
	record->commit_length = 32;
	record->outcome = RECORD_OUTCOME_EXIST;
	record->number = UINT64_MAX;
	record->date = INT64_MIN;
	check_round_trip("round trip: the ends of the ranges", record);
	for (unsigned i = 0; i < 3000; i++)
		add_path(record, "a/path", i, i);
	check_round_trip("round trip: many paths", record);
	record_free(record);
	record = signed_record();
	check_round_trip("round trip: signatures", record);
	record_free(record);
	record = addressed_record(false);
	check_round_trip("round trip: addressees", record);
	record_free(record);
	record = addressed_record(true);
	check_round_trip("round trip: signatures and addressees", record);
	record_free(record);
	record = applied_record();
	check_round_trip("round trip: who applied it", record);
	record_free(record);
}

/* A record with a signature is that without it, its version and what stands behind it. */
static void test_layout_signed(const GByteArray *unsigned_bytes)
{
	static const uint8_t tail[] = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0x8f, 0x0a,
		0x93, 0x60, 0, 0, 0, 0, 12, 0, 0, 0};
	struct record *record = full_record();
	g_autoptr(GByteArray) bytes = NULL;

	add_signature(record, RECORD_VERDICT_GOOD);
	bytes = record_encode(record);
	tap_number("layout: version 3 has signatures", bytes->data[0], 3);
	tap_bytes("layout: what is before them is that of version 2", bytes->data + 1,
		unsigned_bytes->len - 1, unsigned_bytes->data + 1,
		unsigned_bytes->len - 1);
	tap_bytes("layout: a signature", bytes->data + unsigned_bytes->len, sizeof tail,
		tail, sizeof tail);
	record_free(record);
}

/* One that is written to people has no signatures, or some, and the people behind them. */
static void test_layout_addressed(const GByteArray *plain)
{
	static const uint8_t tail[] = {0, 0, 0, 0, 3, 0, 0, 0, 0x88, 0x77, 0x66, 0x55,
		0x44, 0x33, 0x22, 0x11, 0xff, 0xff};
	struct record *record = addressed_record(false);
	g_autoptr(GByteArray) bytes = record_encode(record);

	tap_number("layout: version 4 has addressees", bytes->data[0], 4);
	tap_bytes("layout: what is before them is that of version 2", bytes->data + 1,
		plain->len - 1, plain->data + 1, plain->len - 1);
	tap_bytes("layout: addressees", bytes->data + plain->len, sizeof tail, tail,
		sizeof tail);
	tap_number("layout: eight bytes each", bytes->len, plain->len + 8 + 3 * 8);
	record_free(record);
}

/* Who applied it stands behind the signatures and addressees, or that there are none. */
static void test_layout_applied(const GByteArray *plain)
{
	static const uint8_t tail[] = {0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 'A', 'd', 'a'};
	struct record *record = full_record();
	g_autoptr(GByteArray) bytes = NULL;
	struct record *decoded = NULL;

	record_set(&record->applied_by, "Ada");
	bytes = record_encode(record);
	tap_number("layout: version 5 has who applied it", bytes->data[0], 5);
	tap_bytes("layout: who applied it", bytes->data + plain->len,
		bytes->len - plain->len, tail, sizeof tail);
	bytes->data[bytes->len - 7] = 0;
	g_byte_array_set_size(bytes, bytes->len - 3);
	tap_number("layout: version 5 without it is none",
		record_decode(bytes->data, bytes->len, &decoded), STATUS_DATA);
	record_free(record);
}

/* Stores hold these bytes: whoever changes them needs another version byte. */
static void test_layout(void)
{
	static const uint8_t head[] = {2, 3, 0, 20, 0x21, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xb0, 0xa5, 0xa6, 0x69, 0,
		0, 0, 0, 0xb1, 0xa5, 0xa6, 0x69, 0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 9, 0,
		0, 0, 0x67, 0x12, 0, 0};
	static const uint8_t id[] = {7, 0, 0, 0, 'a', '@', 'x', '.', 'o', 'r', 'g'};
	static const uint8_t first_bytes[] = {0x10, 0x30, 0x50, 0x70, 0x90, 0xb0, 0xd0};
	struct record *record = full_record();
	g_autoptr(GByteArray) bytes = record_encode(record);
	uint8_t got[sizeof first_bytes];

	tap_bytes("layout: the numbers, little-endian", bytes->data, sizeof head, head,
		sizeof head);
	for (size_t i = 0; i < sizeof got; i++)
		got[i] = bytes->data[56 + i * HASH_BYTES];
	tap_bytes("layout: the hashes and the commit", got, sizeof got, first_bytes,
		sizeof first_bytes);
	tap_bytes("layout: a string behind its length", bytes->data + 280, sizeof id, id,
		sizeof id);
	record_free(record);
	test_layout_signed(bytes);
	test_layout_addressed(bytes);
	test_layout_applied(bytes);
}

static const struct number_row {
	const char *rule;
	int number, expected;
} number_rows[] = {
	{"numbers are never reused: other", RECORD_CLASS_OTHER, 0},
	{"numbers are never reused: patch", RECORD_CLASS_PATCH, 1},
	{"numbers are never reused: cover letter", RECORD_CLASS_COVER_LETTER, 2},
	{"numbers are never reused: pull request", RECORD_CLASS_PULL_REQUEST, 3},
	{"numbers are never reused: reply", RECORD_CLASS_REPLY, 4},
	{"numbers are never reused: review", RECORD_CLASS_REVIEW, 5},
	{"numbers are never reused: applied", RECORD_CLASS_APPLIED, 6},
	{"numbers are never reused: bug report", RECORD_CLASS_BUG_REPORT, 7},
	{"numbers are never reused: bot report", RECORD_CLASS_BOT_REPORT, 8},
	{"numbers are never reused: announcement", RECORD_CLASS_ANNOUNCEMENT, 9},
	{"numbers are never reused: stable", RECORD_CLASS_STABLE, 10},
	{"numbers are never reused: discussion", RECORD_CLASS_DISCUSSION, 11},
	{"numbers are never reused: auto reply", RECORD_CLASS_AUTO_REPLY, 12},
	{"numbers are never reused: new", RECORD_OUTCOME_NEW, 0},
	{"numbers are never reused: exist", RECORD_OUTCOME_EXIST, 1},
	{"numbers are never reused: skip", RECORD_OUTCOME_SKIP, 2},
	{"numbers are never reused: history", RECORD_FLAG_HISTORY, 1},
	{"numbers are never reused: partial", RECORD_FLAG_PARTIAL, 2},
	{"numbers are never reused: limited", RECORD_FLAG_LIMITED, 4},
	{"numbers are never reused: conflict", RECORD_FLAG_CONFLICT, 8},
	{"numbers are never reused: supersedes", RECORD_FLAG_SUPERSEDES, 16},
	{"numbers are never reused: made id", RECORD_FLAG_MADE_ID, 32},
	{"numbers are never reused: RFC", RECORD_FLAG_RFC, 64},
	{"numbers are never reused: resend", RECORD_FLAG_RESEND, 128},
	{"numbers are never reused: wrong diffstat", RECORD_FLAG_WRONG_STAT, 256},
	{"numbers are never reused: diff", RECORD_FLAG_DIFF, 512},
	{"numbers are never reused: good", RECORD_VERDICT_GOOD, 1},
	{"numbers are never reused: bad", RECORD_VERDICT_BAD, 2},
	{"numbers are never reused: unknown key", RECORD_VERDICT_UNKNOWN_KEY, 3},
	{"numbers are never reused: unsupported", RECORD_VERDICT_UNSUPPORTED, 4},
	{"numbers are never reused: unchecked", RECORD_VERDICT_UNCHECKED, 5},
};

static void test_numbers(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(number_rows); i++)
		tap_number(number_rows[i].rule, number_rows[i].number,
			number_rows[i].expected);
}

/* Decodes a copy of BYTES that ends where they end. */
static enum status decode_exact(
	const uint8_t *bytes, size_t length, struct record **record_r)
{
	char *exact = tap_exact((const char *)bytes, length);
	enum status status = record_decode(exact, length, record_r);
	struct record_key key;

	record_peek(exact, length, &key);
	free(exact);
	return status;
}

static void check_truncated(struct record *record)
{
	struct record *decoded = NULL;
	g_autoptr(GByteArray) bytes = record_encode(record);
	size_t length = 0;

	while (length < bytes->len &&
		decode_exact(bytes->data, length, &decoded) == STATUS_DATA)
		length++;
	tap_number("truncated: cut at any byte it is no record", (int64_t)length,
		bytes->len);
	g_byte_array_append(bytes, (const guint8 *)"", 1);
	tap_number("truncated: nor with a byte behind it",
		decode_exact(bytes->data, bytes->len, &decoded), STATUS_DATA);
	record_free(record);
}

static void test_truncated(void)
{
	check_truncated(full_record());
	check_truncated(signed_record());
	check_truncated(addressed_record(false));
	check_truncated(addressed_record(true));
	check_truncated(applied_record());
}

/* Whether BYTES are refused, or read as the record that they are, and no other. */
static bool flip_is_handled(const GByteArray *bytes)
{
	struct record *decoded = NULL;
	enum status status = decode_exact(bytes->data, bytes->len, &decoded);
	g_autoptr(GByteArray) again = NULL;
	bool same;

	if (status != STATUS_OK)
		return decoded == NULL &&
		       (status == STATUS_DATA || status == STATUS_CONFIG);
	again = record_encode(decoded);
	same = again->len == bytes->len &&
	       memcmp(again->data, bytes->data, bytes->len) == 0;
	record_free(decoded);
	return same;
}

static void check_flips(struct record *record)
{
	static const uint8_t flips[] = {0x01, 0x20, 0x80, 0xff};
	g_autoptr(GByteArray) bytes = record_encode(record);

	for (size_t f = 0; f < G_N_ELEMENTS(flips); f++) {
		g_autofree char *name = g_strdup_printf(
			"flipped by 0x%02x, any byte: refused, or that record", flips[f]);
		guint i = 0;

		for (; i < bytes->len; i++) {
			bool handled;

			bytes->data[i] ^= flips[f];
			handled = flip_is_handled(bytes);
			bytes->data[i] ^= flips[f];
			if (!handled)
				break;
		}
		if (!tap_true(name, i == bytes->len))
			tap_note("not so for byte %u", i);
	}
	record_free(record);
}

static void test_flips(void)
{
	check_flips(full_record());
	check_flips(signed_record());
	check_flips(addressed_record(true));
	check_flips(applied_record());
}

static const struct byte_row {
	const char *rule;
	size_t at;
	uint8_t byte;
	enum status status;
} byte_rows[] = {
	{"decode: a newer program's version", 0, 6, STATUS_CONFIG},
	{"decode: a version with who applied it, without them", 0, 5, STATUS_DATA},
	{"decode: a version with addressees, without any", 0, 4, STATUS_DATA},
	{"decode: a version with signatures, without any", 0, 3, STATUS_DATA},
	{"decode: a much newer program's", 0, 255, STATUS_CONFIG},
	{"decode: version 0 never was", 0, 0, STATUS_DATA},
	{"decode: the last class", 1, RECORD_CLASS_AUTO_REPLY, STATUS_OK},
	{"decode: a class that is none", 1, RECORD_CLASS_COUNT, STATUS_DATA},
	{"decode: an outcome that is none", 2, RECORD_OUTCOME_SKIP + 1, STATUS_DATA},
	{"decode: a commit longer than its place", 3, 33, STATUS_DATA},
	{"decode: a string longer than what is left", 283, 0x7f, STATUS_DATA},
	{"decode: a string that is no UTF-8", 284, 0xff, STATUS_DATA},
	{"decode: a string that holds a NUL", 284, 0x00, STATUS_DATA},
};

static void test_bytes(void)
{
	struct record *record = full_record();
	g_autoptr(GByteArray) bytes = record_encode(record);

	for (size_t i = 0; i < G_N_ELEMENTS(byte_rows); i++) {
		const struct byte_row *row = &byte_rows[i];
		struct record *decoded = NULL;
		uint8_t was = bytes->data[row->at];

		bytes->data[row->at] = row->byte;
		tap_number(row->rule, decode_exact(bytes->data, bytes->len, &decoded),
			row->status);
		record_free(decoded);
		bytes->data[row->at] = was;
	}
	record_free(record);
}

/* Of an empty record, behind the paths' count: seven strings, three lists, trailers, stat. */
enum { LATER_BYTES = 7 * 4 + 3 * 4 + 4 + 3 * 4 };

/* Stores of version 1 still read: its bytes end behind the paths. */
static void test_first_version(void)
{
	struct record *record = record_new(), *decoded = NULL;
	g_autoptr(GByteArray) bytes = NULL;

	record_set(&record->author_name, "A U Thor");
	record_set(&record->author_address, "a@x.org");
	record->diff_id[0] = 1;
	bytes = record_encode(record);
	bytes->data[0] = 1;
	tap_number("version 1: has nothing behind its paths",
		decode_exact(bytes->data, bytes->len, &decoded), STATUS_DATA);
	tap_number("version 1: is read",
		decode_exact(bytes->data, bytes->len - LATER_BYTES, &decoded), STATUS_OK);
	tap_string(
		"version 1: the person is the author", decoded->person_name, "A U Thor");
	tap_string("version 1: with the address", decoded->person_address, "a@x.org");
	tap_true("version 1: a diff id is a diff", decoded->flags & RECORD_FLAG_DIFF);
	tap_number("version 1: no diffstat is known", decoded->stat_files, -1);
	record_free(decoded);
	record_free(record);
}

/* Lists whose count is a lie must not cost memory by it. */
static void test_counts(void)
{
	struct record *record = record_new(), *decoded = NULL;
	g_autoptr(GByteArray) bytes = record_encode(record);
	static const char *const names[] = {"tags", "list ids", "references", "paths"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = g_strdup_printf(
			"decode: 4,294,967,295 %s that are not there", names[i]);
		uint8_t *count = bytes->data + bytes->len - LATER_BYTES - 16 + 4 * i;

		memset(count, 0xff, 4);
		tap_number(name, decode_exact(bytes->data, bytes->len, &decoded),
			STATUS_DATA);
		memset(count, 0, 4);
	}
	record_free(record);
}

static void test_peek(void)
{
	struct record *record = full_record();
	g_autoptr(GByteArray) bytes = record_encode(record);
	struct record_key key = {0};

	tap_true("peek: reads a record", record_peek(bytes->data, bytes->len, &key));
	tap_true("peek: the number", key.number == record->number);
	tap_bytes(
		"peek: the commit is the id", key.id, key.id_length, record->commit, 20);
	tap_true("peek: the change id",
		key.change_id != NULL &&
			memcmp(key.change_id, record->change_id, HASH_BYTES) == 0);
	tap_true("peek: not less than the fixed part",
		!record_peek(bytes->data, 279, &key) &&
			!record_peek(bytes->data, 0, &key));
	tap_bytes("peek: the Message-ID", key.message_id, key.message_id_length,
		record->message_id, strlen(record->message_id));
	tap_true("peek: the fixed part and the Message-ID are enough",
		record_peek(bytes->data, 284 + strlen(record->message_id), &key));
	tap_true("peek: not less than the Message-ID",
		!record_peek(bytes->data, 283 + strlen(record->message_id), &key));
	bytes->data[0] = 6;
	tap_true(
		"peek: not another version", !record_peek(bytes->data, bytes->len, &key));
	bytes->data[0] = 5;
	tap_true("peek: the version with who applied it",
		record_peek(bytes->data, bytes->len, &key));
	bytes->data[0] = 4;
	tap_true("peek: the version with addressees",
		record_peek(bytes->data, bytes->len, &key));
	bytes->data[0] = 3;
	tap_true("peek: the version with signatures",
		record_peek(bytes->data, bytes->len, &key));
	bytes->data[0] = 1;
	tap_true("peek: the version before", record_peek(bytes->data, bytes->len, &key));
	bytes->data[3] = 33;
	tap_true("peek: not a commit longer than its place",
		!record_peek(bytes->data, bytes->len, &key));
	bytes->data[3] = 0;
	tap_true("peek: without a commit the link is the id",
		record_peek(bytes->data, bytes->len, &key) &&
			key.id_length == HASH_BYTES &&
			memcmp(key.id, record->link, HASH_BYTES) == 0);
	record_free(record);
}

static const struct change_row {
	const char *rule;
	enum record_outcome outcome;
	uint8_t change;
	bool found;
} change_rows[] = {
	{"peek: a later posting finds what is new", RECORD_OUTCOME_NEW, 1, true},
	{"peek: not what exists already", RECORD_OUTCOME_EXIST, 1, false},
	{"peek: not what was skipped", RECORD_OUTCOME_SKIP, 1, false},
	{"peek: not what has no change id", RECORD_OUTCOME_NEW, 0, false},
};

static void test_change(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(change_rows); i++) {
		const struct change_row *row = &change_rows[i];
		struct record *record = record_new();
		g_autoptr(GByteArray) bytes = NULL;
		struct record_key key = {0};

		record->outcome = row->outcome;
		record->change_id[HASH_BYTES - 1] = row->change;
		bytes = record_encode(record);
		tap_true(row->rule, record_peek(bytes->data, bytes->len, &key) &&
					    (key.change_id != NULL) == row->found);
		record_free(record);
	}
}

static const struct verdict_row {
	const char *rule;
	enum record_verdict verdicts[3];
	enum record_verdict expected; /* 0: none */
} verdict_rows[] = {
	{"verdict: none without a signature", {0}, 0},
	{"verdict: the only one", {RECORD_VERDICT_UNSUPPORTED},
		RECORD_VERDICT_UNSUPPORTED},
	{"verdict: good before what is not known",
		{RECORD_VERDICT_UNKNOWN_KEY, RECORD_VERDICT_GOOD,
			RECORD_VERDICT_UNCHECKED},
		RECORD_VERDICT_GOOD},
	{"verdict: bad before good",
		{RECORD_VERDICT_GOOD, RECORD_VERDICT_BAD, RECORD_VERDICT_GOOD},
		RECORD_VERDICT_BAD},
	{"verdict: bad before all that follows",
		{RECORD_VERDICT_BAD, RECORD_VERDICT_GOOD}, RECORD_VERDICT_BAD},
	{"verdict: else the first",
		{RECORD_VERDICT_UNKNOWN_KEY, RECORD_VERDICT_UNSUPPORTED},
		RECORD_VERDICT_UNKNOWN_KEY},
};

static void test_verdicts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verdict_rows); i++) {
		const struct verdict_row *row = &verdict_rows[i];
		struct record *record = record_new();
		const struct record_signature *got;

		for (size_t j = 0; j < 3 && row->verdicts[j] != 0; j++)
			add_signature(record, row->verdicts[j]);
		got = record_signature(record);
		tap_number(row->rule, got ? (int)got->verdict : 0, (int)row->expected);
		record_free(record);
	}
}

static const struct class_row {
	const char *rule;
	enum record_class class;
	int position;
	bool entry, posting;
} class_rows[] = {
	{"entry: a cover letter", RECORD_CLASS_COVER_LETTER, 0, true, true},
	{"entry: a single patch", RECORD_CLASS_PATCH, -1, true, true},
	{"entry: the first of a series", RECORD_CLASS_PATCH, 1, true, true},
	{"entry: not the second of a series", RECORD_CLASS_PATCH, 2, false, true},
	{"entry: a pull request that is 0/m", RECORD_CLASS_PULL_REQUEST, 0, true, true},
	{"entry: not a reply", RECORD_CLASS_REPLY, -1, false, false},
	{"entry: not a reply to a cover letter", RECORD_CLASS_REPLY, 0, false, false},
	{"entry: not a review", RECORD_CLASS_REVIEW, 0, false, false},
	{"entry: a stable tree's cover letter", RECORD_CLASS_STABLE, 0, true, true},
	{"entry: not a stable tree's other mail", RECORD_CLASS_STABLE, -1, false, false},
	{"entry: not other mail", RECORD_CLASS_OTHER, -1, false, false},
	{"entry: not a cover letter that was forwarded", RECORD_CLASS_OTHER, 0, false,
		false},
};

static void test_classes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(class_rows); i++) {
		const struct class_row *row = &class_rows[i];
		struct record *record = record_new();

		record->class = row->class;
		record->position = row->position;
		tap_true(row->rule, record_has_entry(record) == row->entry &&
					    record_is_posting(record) == row->posting);
		record_free(record);
	}
}

static void test_small(void)
{
	struct record *record = full_record();
	size_t length = 0;

	tap_true("id: the commit where there is one",
		record_id(record, &length) == record->commit && length == 20);
	record->commit_length = 0;
	tap_true("id: else the link",
		record_id(record, &length) == record->link && length == HASH_BYTES);
	record_set(&record->limit, NULL);
	tap_string("set: NULL is empty", record->limit, "");
	record_set(&record->limit, record->title);
	record_set(&record->limit, record->limit + 5);
	tap_string("set: a part of itself", record->limit, "Grüße");
	record_free(record);
	record_free(NULL);
}

static void test_names(void)
{
	static const char *const classes[] = {"other", "patch", "cover-letter",
		"pull-request", "reply", "review", "applied", "bug-report", "bot-report",
		"announcement", "stable", "discussion", "auto-reply"};
	static const char *const outcomes[] = {"new", "exist", "skip"};

	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
		enum record_class class = RECORD_CLASS_COUNT;

		tap_string("a class's name", record_class_name((enum record_class)i),
			classes[i]);
		tap_true("a class by its name",
			record_class_from_name(classes[i], &class) && class == i);
	}
	tap_true(
		"a class by a name that is none", !record_class_from_name("Patch", NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++)
		tap_string("an outcome's name",
			record_outcome_name((enum record_outcome)i), outcomes[i]);
}

int main(void)
{
	test_round_trip();
	test_layout();
	test_numbers();
	test_truncated();
	test_flips();
	test_bytes();
	test_first_version();
	test_counts();
	test_peek();
	test_change();
	test_verdicts();
	test_classes();
	test_small();
	test_names();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record as bytes. */
#include "config.h"

#include <string.h>

#include "model/record.h"
#include "model/record_fields.h"

/* The first byte of an encoded record.  The fixed part begins behind it, so that an index
 * finds its key without reading the rest: 0 version, 1 class, 2 outcome, 3 commit length,
 * 4 flags (4), 8 number (8), 16 date (8), 24 arrival (8), 32 latest (8), 40 revision (4),
 * 44 position (4), 48 total (4), 52 body length (4), 56 the six hashes (32 each), 248
 * commit (32), 280 the strings. */
enum {
	RECORD_VERSION = 5,
	RECORD_VERSION_FIRST =
		1, /* had no field behind the paths, and no class behind REPLY */
	/* Has no signatures.  A record that has nothing of a later version is of this one to
	 * this day. */
	RECORD_VERSION_UNSIGNED = 2,
	/* Has signatures, but nobody to whom it was written. */
	RECORD_VERSION_SIGNED = 3,
	/* Has these, but not who applied it. */
	RECORD_VERSION_ADDRESSED = 4,
	RECORD_AT_FLAGS = 4,
	RECORD_AT_NUMBER = 8,
	RECORD_AT_ARRIVAL = 24,
	RECORD_AT_LATEST = 32,
	RECORD_AT_RAW = 56 + 4 * HASH_BYTES,
	RECORD_AT_LINK = 56 + 5 * HASH_BYTES,
	RECORD_AT_CHANGE = 56 + 3 * HASH_BYTES,
	RECORD_AT_COMMIT = 56 + 6 * HASH_BYTES,
	RECORD_FIXED = RECORD_AT_COMMIT + RECORD_COMMIT_MAX,
};

static void put_u32(GByteArray *out, uint32_t value)
{
	uint32_t le = GUINT32_TO_LE(value);

	g_byte_array_append(out, (const guint8 *)&le, sizeof le);
}

static void put_u64(GByteArray *out, uint64_t value)
{
	uint64_t le = GUINT64_TO_LE(value);

	g_byte_array_append(out, (const guint8 *)&le, sizeof le);
}

static void put_string(GByteArray *out, const char *string)
{
	size_t length = strlen(string);

	put_u32(out, (uint32_t)length);
	g_byte_array_append(out, (const guint8 *)string, (guint)length);
}

static void put_strings(GByteArray *out, const GPtrArray *strings)
{
	put_u32(out, strings->len);
	for (guint i = 0; i < strings->len; i++)
		put_string(out, strings->pdata[i]);
}

/* What version 2 added. */
static void put_later(GByteArray *out, const struct record *record)
{
	for (size_t i = 0; i < RECORD_LATER_STRINGS; i++)
		put_string(out, *record_later_string(record, i));
	for (size_t i = 0; i < RECORD_LATER_LISTS; i++)
		put_strings(out, *record_later_list(record, i));
	put_u32(out, record->trailers->len);
	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];

		put_string(out, trailer->key);
		put_string(out, trailer->value);
	}
	put_u32(out, (uint32_t)record->stat_files);
	put_u32(out, record->stat_added);
	put_u32(out, record->stat_deleted);
}

/* What version 3 added. */
static void put_signatures(GByteArray *out, const GPtrArray *signatures)
{
	put_u32(out, signatures->len);
	for (guint i = 0; i < signatures->len; i++) {
		const struct record_signature *signature = signatures->pdata[i];

		put_u32(out, signature->verdict);
		put_u32(out, signature->by_author);
		put_u64(out, (uint64_t)signature->time);
		put_string(out, signature->identity);
		put_string(out, signature->selector);
		put_string(out, signature->algorithm);
		put_string(out, signature->why);
	}
}

/* What version 4 added. */
static void put_addressees(GByteArray *out, const GArray *addressees)
{
	put_u32(out, addressees->len);
	for (guint i = 0; i < addressees->len; i++)
		put_u64(out, g_array_index(addressees, uint64_t, i));
}

/* The oldest one that has a place for all of RECORD. */
static uint8_t record_choose_version(const struct record *record)
{
	if (*record->applied_by != '\0')
		return RECORD_VERSION;
	if (record->addressees->len > 0)
		return RECORD_VERSION_ADDRESSED;
	return record->signatures->len > 0 ? RECORD_VERSION_SIGNED
					   : RECORD_VERSION_UNSIGNED;
}

GByteArray *record_encode(const struct record *record)
{
	GByteArray *out = g_byte_array_sized_new(1024);

	record_append(out, record);
	return out;
}

void record_append(GByteArray *out, const struct record *record)
{
	guint start = out->len;
	const uint8_t version = record_choose_version(record);
	const uint8_t head[] = {version, (uint8_t)record->class, (uint8_t)record->outcome,
		record->commit_length};
	g_byte_array_append(out, head, sizeof head);
	put_u32(out, record->flags);
	put_u64(out, record->number);
	put_u64(out, (uint64_t)record->date);
	put_u64(out, (uint64_t)record->arrival);
	put_u64(out, (uint64_t)record->latest);
	put_u32(out, record->revision);
	put_u32(out, (uint32_t)record->position);
	put_u32(out, (uint32_t)record->total);
	put_u32(out, record->body_length);
	g_byte_array_append(out, record->body_hash, HASH_BYTES);
	g_byte_array_append(out, record->content_hash, HASH_BYTES);
	g_byte_array_append(out, record->diff_id, HASH_BYTES);
	g_byte_array_append(out, record->change_id, HASH_BYTES);
	g_byte_array_append(out, record->raw_hash, HASH_BYTES);
	g_byte_array_append(out, record->link, HASH_BYTES);
	g_byte_array_append(out, record->commit, RECORD_COMMIT_MAX);
	g_assert(out->len - start == RECORD_FIXED);
	for (size_t i = 0; i < RECORD_STRINGS; i++)
		put_string(out, *record_string(record, i));
	put_strings(out, record->tags);
	put_strings(out, record->list_ids);
	put_strings(out, record->references);
	put_u32(out, record->paths->len);
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		put_string(out, path->path);
		put_u32(out, path->added);
		put_u32(out, path->deleted);
	}
	put_later(out, record);
	if (version >= RECORD_VERSION_SIGNED)
		put_signatures(out, record->signatures);
	if (version >= RECORD_VERSION_ADDRESSED)
		put_addressees(out, record->addressees);
	if (version >= RECORD_VERSION)
		put_string(out, record->applied_by);
}

/* Bytes being read.  Once something is missing, bad is set and all reads give nothing. */
struct reader {
	const uint8_t *cursor, *end;
	bool bad;
};

static bool reader_take(struct reader *reader, size_t length, const uint8_t **bytes_r)
{
	if (reader->bad || (size_t)(reader->end - reader->cursor) < length) {
		reader->bad = true;
		return false;
	}
	*bytes_r = reader->cursor;
	reader->cursor += length;
	return true;
}

static uint32_t get_u32(struct reader *reader)
{
	const uint8_t *bytes;
	uint32_t le = 0;

	if (reader_take(reader, sizeof le, &bytes))
		memcpy(&le, bytes, sizeof le);
	return GUINT32_FROM_LE(le);
}

static uint64_t get_u64(struct reader *reader)
{
	const uint8_t *bytes;
	uint64_t le = 0;

	if (reader_take(reader, sizeof le, &bytes))
		memcpy(&le, bytes, sizeof le);
	return GUINT64_FROM_LE(le);
}

static void get_bytes(struct reader *reader, uint8_t *to, size_t length)
{
	const uint8_t *bytes;

	if (reader_take(reader, length, &bytes))
		memcpy(to, bytes, length);
}

/* Whether the LENGTH bytes at TEXT are UTF-8 without a NUL.  Nearly all are ASCII, which is told
 * eight bytes at a time. */
static bool reader_is_text(const uint8_t *text, size_t length)
{
	uint64_t high = 0, word;
	size_t at = 0;

	for (; at + sizeof word <= length; at += sizeof word) {
		memcpy(&word, text + at, sizeof word);
		high |= word;
	}
	for (; at < length; at++)
		high |= text[at];
	if (high & UINT64_C(0x8080808080808080))
		return g_utf8_validate((const char *)text, (gssize)length, NULL);
	return memchr(text, '\0', length) == NULL;
}

/* A string; NULL (and bad) when it is cut short, holds a NUL or is no UTF-8. */
static char *get_string(struct reader *reader)
{
	uint32_t length = get_u32(reader);
	const uint8_t *bytes;

	if (!reader_take(reader, length, &bytes))
		return NULL;
	if (!reader_is_text(bytes, length)) {
		reader->bad = true;
		return NULL;
	}
	return g_strndup((const char *)bytes, length);
}

static void get_strings(struct reader *reader, GPtrArray *strings)
{
	uint32_t n = get_u32(reader);

	for (uint32_t i = 0; i < n && !reader->bad; i++) {
		char *string = get_string(reader);

		if (string != NULL)
			g_ptr_array_add(strings, string);
	}
}

static void get_paths(struct reader *reader, GPtrArray *paths)
{
	uint32_t n = get_u32(reader);

	for (uint32_t i = 0; i < n && !reader->bad; i++) {
		g_autofree char *name = get_string(reader);
		struct patch_path *path;
		uint32_t added = get_u32(reader), deleted = get_u32(reader);

		if (reader->bad || name == NULL)
			return;
		path = g_new0(struct patch_path, 1);
		path->path = g_steal_pointer(&name);
		path->added = added;
		path->deleted = deleted;
		g_ptr_array_add(paths, path);
	}
}

static void get_trailers(struct reader *reader, GPtrArray *trailers)
{
	uint32_t n = get_u32(reader);

	for (uint32_t i = 0; i < n && !reader->bad; i++) {
		g_autofree char *key = get_string(reader);
		g_autofree char *value = get_string(reader);

		if (!reader->bad && key != NULL && value != NULL)
			trailer_add(trailers, key, value);
	}
}

static void get_into(struct reader *reader, char **field)
{
	g_autofree char *string = get_string(reader);

	if (string != NULL) {
		g_free(*field);
		*field = g_steal_pointer(&string);
	}
}

static void get_later(struct reader *reader, struct record *record)
{
	for (size_t i = 0; i < RECORD_LATER_STRINGS; i++)
		get_into(reader, record_later_string(record, i));
	for (size_t i = 0; i < RECORD_LATER_LISTS; i++)
		get_strings(reader, *record_later_list(record, i));
	get_trailers(reader, record->trailers);
	record->stat_files = (int32_t)get_u32(reader);
	record->stat_added = get_u32(reader);
	record->stat_deleted = get_u32(reader);
}

static void get_signatures(struct reader *reader, GPtrArray *signatures)
{
	uint32_t n = get_u32(reader);

	for (uint32_t i = 0; i < n && !reader->bad; i++) {
		struct record_signature *signature = g_new0(struct record_signature, 1);
		uint32_t verdict = get_u32(reader);
		uint32_t by_author = get_u32(reader);

		signature->by_author = by_author == 1;
		signature->time = (int64_t)get_u64(reader);
		signature->identity = get_string(reader);
		signature->selector = get_string(reader);
		signature->algorithm = get_string(reader);
		signature->why = get_string(reader);
		if (verdict == 0 || verdict >= RECORD_VERDICT_COUNT || by_author > 1)
			reader->bad = true;
		else
			signature->verdict = (enum record_verdict)verdict;
		g_ptr_array_add(signatures, signature);
	}
}

static void get_addressees(struct reader *reader, GArray *addressees)
{
	uint32_t n = get_u32(reader);

	for (uint32_t i = 0; i < n && !reader->bad; i++) {
		uint64_t hash = get_u64(reader);

		if (!reader->bad)
			g_array_append_val(addressees, hash);
	}
}

/* What versions 3 to 5 added.  Without any of its own a record is of a version before. */
static void get_latest(struct reader *reader, uint8_t version, struct record *record)
{
	get_signatures(reader, record->signatures);
	if (version >= RECORD_VERSION_ADDRESSED)
		get_addressees(reader, record->addressees);
	if (version >= RECORD_VERSION)
		get_into(reader, &record->applied_by);
	if (record_choose_version(record) != version)
		reader->bad = true;
}

/* What a program of version 1 would have said, had it been asked. */
static void record_complete_first(struct record *record)
{
	record_set(&record->person_name, record->author_name);
	record_set(&record->person_address, record->author_address);
	if (!hash_is_none(record->diff_id))
		record->flags |= RECORD_FLAG_DIFF;
}

static void get_fixed(struct reader *reader, struct record *record)
{
	uint8_t head[4] = {0};

	get_bytes(reader, head, sizeof head);
	record->class = head[1];
	record->outcome = head[2];
	record->commit_length = head[3];
	record->flags = get_u32(reader);
	record->number = get_u64(reader);
	record->date = (int64_t)get_u64(reader);
	record->arrival = (int64_t)get_u64(reader);
	record->latest = (int64_t)get_u64(reader);
	record->revision = get_u32(reader);
	record->position = (int32_t)get_u32(reader);
	record->total = (int32_t)get_u32(reader);
	record->body_length = get_u32(reader);
	get_bytes(reader, record->body_hash, HASH_BYTES);
	get_bytes(reader, record->content_hash, HASH_BYTES);
	get_bytes(reader, record->diff_id, HASH_BYTES);
	get_bytes(reader, record->change_id, HASH_BYTES);
	get_bytes(reader, record->raw_hash, HASH_BYTES);
	get_bytes(reader, record->link, HASH_BYTES);
	get_bytes(reader, record->commit, RECORD_COMMIT_MAX);
	if (record->commit_length > RECORD_COMMIT_MAX || head[1] >= RECORD_CLASS_COUNT ||
		head[2] > RECORD_OUTCOME_SKIP)
		reader->bad = true;
}

enum status record_decode(const void *bytes, size_t length, struct record **record_r)
{
	struct reader reader = {.cursor = bytes, .end = (const uint8_t *)bytes + length};
	struct record *record;

	if (length > 0 && *(const uint8_t *)bytes > RECORD_VERSION)
		return STATUS_CONFIG;
	if (length < RECORD_FIXED || *(const uint8_t *)bytes < RECORD_VERSION_FIRST)
		return STATUS_DATA;
	record = record_new();
	get_fixed(&reader, record);
	for (size_t i = 0; i < RECORD_STRINGS; i++)
		get_into(&reader, record_string(record, i));
	get_strings(&reader, record->tags);
	get_strings(&reader, record->list_ids);
	get_strings(&reader, record->references);
	get_paths(&reader, record->paths);
	if (*(const uint8_t *)bytes == RECORD_VERSION_FIRST)
		record_complete_first(record);
	else
		get_later(&reader, record);
	if (*(const uint8_t *)bytes >= RECORD_VERSION_SIGNED)
		get_latest(&reader, *(const uint8_t *)bytes, record);
	if (reader.bad || reader.cursor != reader.end) {
		record_free(record);
		return STATUS_DATA;
	}
	*record_r = record;
	return STATUS_OK;
}

bool record_peek(const void *bytes, size_t length, struct record_key *key_r)
{
	const uint8_t *at = bytes;
	uint32_t id_length;
	uint64_t le;

	if (length < RECORD_FIXED + sizeof id_length || at[0] < RECORD_VERSION_FIRST ||
		at[0] > RECORD_VERSION || at[3] > RECORD_COMMIT_MAX)
		return false;
	memcpy(&le, at + RECORD_AT_NUMBER, sizeof le);
	key_r->number = GUINT64_FROM_LE(le);
	/* The first of the strings. */
	memcpy(&id_length, at + RECORD_FIXED, sizeof id_length);
	key_r->message_id = at + RECORD_FIXED + sizeof id_length;
	key_r->message_id_length = GUINT32_FROM_LE(id_length);
	if (key_r->message_id_length > length - RECORD_FIXED - sizeof id_length)
		return false;
	key_r->id = at[3] > 0 ? at + RECORD_AT_COMMIT : at + RECORD_AT_LINK;
	key_r->id_length = at[3] > 0 ? at[3] : HASH_BYTES;
	key_r->change_id = at + RECORD_AT_CHANGE;
	if (at[2] != RECORD_OUTCOME_NEW || hash_is_none(key_r->change_id))
		key_r->change_id = NULL;
	key_r->raw_hash = at + RECORD_AT_RAW;
	memcpy(&le, at + RECORD_AT_ARRIVAL, sizeof le);
	key_r->arrival = (int64_t)GUINT64_FROM_LE(le);
	return true;
}

void record_set_place(
	void *bytes, uint64_t number, int64_t latest, const uint8_t link[HASH_BYTES])
{
	uint8_t *at = bytes;
	uint64_t le = GUINT64_TO_LE(number);

	memcpy(at + RECORD_AT_NUMBER, &le, sizeof le);
	le = GUINT64_TO_LE((uint64_t)latest);
	memcpy(at + RECORD_AT_LATEST, &le, sizeof le);
	memcpy(at + RECORD_AT_LINK, link, HASH_BYTES);
}

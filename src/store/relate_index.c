/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/relate_index.h"

#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "mail/address.h"
#include "model/review.h"
#include "model/series.h"
#include "store/env.h"
#include "store/internal.h"
#include "store/relate.h"
#include "store/review_index.h"

/* How far the index goes.  Another name has it made anew, by who comes with another set of keys. */
static const char relate_mark[] = RELATE_MARK_PREFIX "-4";

static void relate_free_record(void *record)
{
	record_free(record);
}

GPtrArray *relate_new_records(void)
{
	return g_ptr_array_new_with_free_func(relate_free_record);
}

void relate_make_key(enum relate_kind kind, const uint8_t hash[HASH_BYTES],
	uint64_t number, uint8_t key_r[RELATE_KEY_BYTES])
{
	uint64_t big_endian = GUINT64_TO_BE(number);

	key_r[0] = (uint8_t)kind;
	memcpy(key_r + 1, hash, HASH_BYTES);
	memcpy(key_r + 1 + HASH_BYTES, &big_endian, sizeof big_endian);
}

uint64_t relate_key_number(const uint8_t key[RELATE_KEY_BYTES])
{
	uint64_t number;

	memcpy(&number, key + 1 + HASH_BYTES, sizeof number);
	return GUINT64_FROM_BE(number);
}

static void relate_add_key(GPtrArray *keys, enum relate_kind kind,
	const uint8_t hash[HASH_BYTES], uint64_t number)
{
	uint8_t *key = g_malloc(RELATE_KEY_BYTES);

	relate_make_key(kind, hash, number, key);
	g_ptr_array_add(keys, key);
}

static void relate_add_string(
	GPtrArray *keys, enum relate_kind kind, const char *string, uint64_t number)
{
	uint8_t hash[HASH_BYTES];

	hash_bytes(string, strlen(string), hash);
	relate_add_key(keys, kind, hash, number);
}

/* A name of one word is many people's. */
static bool relate_is_full_name(const char *name)
{
	return strchr(name, ' ') != NULL;
}

static void relate_add_person(
	GPtrArray *keys, const char *name, const char *address, uint64_t number)
{
	g_autofree char *address_form = address_key(address);
	g_autofree char *name_form = address_name_key(name);

	if (*address_form != '\0')
		relate_add_string(keys, RELATE_PERSON, address_form, number);
	if (relate_is_full_name(name_form))
		relate_add_string(keys, RELATE_PERSON, name_form, number);
}

/* Who sent it, and who wrote the patch in it. */
static void relate_add_people(const struct record *record, GPtrArray *keys)
{
	const char *name, *address;

	relate_add_person(
		keys, record->person_name, record->person_address, record->number);
	record_patch_author(record, &name, &address);
	if (strcmp(address, record->person_address) != 0)
		relate_add_person(keys, name, address, record->number);
}

/* The Message-IDs that RECORD answers, the nearest ones. */
static void relate_add_references(
	const struct record *record, enum relate_kind kind, GPtrArray *keys)
{
	const GPtrArray *references = record->references;
	guint first = references->len > RELATE_ANCESTORS
			      ? references->len - RELATE_ANCESTORS
			      : 0;

	for (guint i = first; i < references->len; i++)
		relate_add_string(keys, kind, references->pdata[i], record->number);
}

static void relate_add_posting(const struct record *record, GPtrArray *keys)
{
	const GPtrArray *references = record->references;
	uint8_t hash[HASH_BYTES];

	series_key(record, hash);
	if (!hash_is_none(hash))
		relate_add_key(keys, RELATE_SERIES, hash, record->number);
	if (record->position > 0 && references->len > 0)
		relate_add_string(keys, RELATE_PART,
			references->pdata[references->len - 1], record->number);
	series_title_key(record, hash);
	relate_add_key(keys, RELATE_TITLE, hash, record->number);
	if (*record->b4_change_id != '\0')
		relate_add_string(
			keys, RELATE_CHANGE, record->b4_change_id, record->number);
}

void relate_add_keys(const struct record *record, GPtrArray *keys)
{
	bool posting = record_is_posting(record);
	uint8_t hash[HASH_BYTES];

	relate_add_people(record, keys);
	if (posting)
		relate_add_posting(record, keys);
	else if (record->trailers->len > 0)
		relate_add_references(record, RELATE_REPLY, keys);
	relate_add_references(record, RELATE_REFER, keys);
	if (posting || record->class == RECORD_CLASS_APPLIED)
		for (guint i = 0; i < record->links->len; i++)
			relate_add_string(keys, RELATE_LINK, record->links->pdata[i],
				record->number);
	if (review_evidence_key(record, hash))
		relate_add_key(keys, RELATE_APPLIED, hash, record->number);
}

static gint relate_compare_keys(gconstpointer a, gconstpointer b)
{
	const uint8_t *const *first = a, *const *second = b;

	return memcmp(*first, *second, RELATE_KEY_BYTES);
}

/* Puts KEYS in their order, which touches each page once. */
enum status relate_put_keys(struct store *store, GPtrArray *keys)
{
	struct env_value nothing = {(void *)(uintptr_t) "", 0};
	enum status status = STATUS_OK;

	g_ptr_array_sort(keys, relate_compare_keys);
	for (guint i = 0; i < keys->len && status == STATUS_OK; i++)
		status = env_put(store->env, ENV_RELATE, keys->pdata[i], RELATE_KEY_BYTES,
			&nothing);
	return status;
}

enum status relate_get_mark(struct store *store, uint64_t *number_r)
{
	g_autofree char *value = NULL;
	enum status status = store_get_meta(store, relate_mark, &value);

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*number_r = value ? g_ascii_strtoull(value, NULL, 10) : 0;
	return STATUS_OK;
}

/* Opens POSTINGS, and what they change something for: in a store that was just imported nothing is
 * closed, and looking for it took most of the time. */
static enum status relate_open(struct store *store, const GPtrArray *postings)
{
	bool closed = false;
	enum status status = review_is_any_closed(store, &closed);

	for (guint i = 0; status == STATUS_OK && i < postings->len; i++) {
		const struct record *posting = postings->pdata[i];

		status = closed ? review_open(store, posting)
				: review_put_open(store, posting->number);
	}
	return status;
}

/* One session's worth; *DONE_R when there is no more. */
static enum status relate_batch(struct store *store, void *done_r)
{
	/* Half of the time a session has is for the puts. */
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS / 2;
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) postings = relate_new_records();
	g_autofree char *mark = NULL;
	uint64_t number, head;
	enum status status = relate_get_mark(store, &number);

	if (status == STATUS_OK)
		status = store_head(store, &head);
	while (status == STATUS_OK && number < head && io_milliseconds() < deadline) {
		g_autoptr(record_auto) record = NULL;

		status = store_get(store, ++number, &record);
		if (status == STATUS_OK)
			relate_add_keys(record, keys);
		if (status == STATUS_OK && record_is_posting(record))
			g_ptr_array_add(postings, g_steal_pointer(&record));
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	if (status == STATUS_OK)
		status = relate_put_keys(store, keys);
	if (status == STATUS_OK)
		status = relate_open(store, postings);
	if (status != STATUS_OK)
		return status;
	*(bool *)done_r = number >= head;
	mark = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
	return store_put_meta(store, relate_mark, mark);
}

/* Whether there is anything to do: a session that writes costs a sync. */
static enum status relate_is_needed(struct store *store, void *needed_r)
{
	uint64_t number = 0, head = 0;
	enum status status = relate_get_mark(store, &number);

	if (status == STATUS_OK)
		status = store_head(store, &head);
	*(bool *)needed_r = number < head;
	return status;
}

enum status relate_update(const char *home)
{
	bool needed = false, done = false;
	enum status status = store_read(home, relate_is_needed, &needed);

	while (status == STATUS_OK && needed && !done)
		status = store_run(home, relate_batch, &done);
	return status;
}

/* Leaves no more than QUERY's limit in NUMBERS. */
static void relate_keep_some(const struct relate_query *query, GArray *numbers)
{
	guint from, near = 0;

	if (numbers->len <= query->limit)
		return;
	from = numbers->len - query->limit;
	while (near < numbers->len && query->near > 0 &&
		g_array_index(numbers, uint64_t, near) < query->near)
		near++;
	if (query->near > 0)
		from = MIN(from, near - MIN(near, query->limit / 2));
	g_array_set_size(numbers, from + query->limit);
	g_array_remove_range(numbers, 0, from);
}

enum status relate_find_numbers(
	struct store *store, const struct relate_query *query, GArray *numbers)
{
	uint8_t start[RELATE_KEY_BYTES];
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_RELATE, &cursor);

	if (status != STATUS_OK)
		return status;
	relate_make_key(query->kind, query->hash, query->first, start);
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, start, sizeof start);
	while (status == STATUS_OK) {
		size_t length;
		const uint8_t *key = env_cursor_key(cursor, &length);
		uint64_t number;

		if (length != RELATE_KEY_BYTES || memcmp(key, start, 1 + HASH_BYTES) != 0)
			break;
		number = relate_key_number(key);
		if (number > query->last)
			break;
		g_array_append_val(numbers, number);
		status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	relate_keep_some(query, numbers);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* The number of the oldest entry of FORM, an address or name without case; 0 for none. */
static enum status relate_find_first(
	struct store *store, const char *form, uint64_t *number_r)
{
	uint8_t hash[HASH_BYTES], start[RELATE_KEY_BYTES];
	struct env_cursor *cursor;
	uint64_t number = 0;
	enum status status = env_cursor_open(store->env, ENV_RELATE, &cursor);

	if (status != STATUS_OK)
		return status;
	hash_bytes(form, strlen(form), hash);
	relate_make_key(RELATE_PERSON, hash, 0, start);
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, start, sizeof start);
	if (status == STATUS_OK) {
		size_t length;
		const uint8_t *found = env_cursor_key(cursor, &length);

		if (length == RELATE_KEY_BYTES &&
			memcmp(found, start, 1 + HASH_BYTES) == 0)
			memcpy(&number, found + 1 + HASH_BYTES, sizeof number);
	}
	env_cursor_close(cursor);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*number_r = GUINT64_FROM_BE(number);
	return STATUS_OK;
}

enum status relate_find_person(
	struct store *store, const char *name, const char *address, uint64_t *number_r)
{
	g_autofree char *address_form = address_key(address);
	g_autofree char *name_form = address_name_key(name);
	uint64_t by_address = 0, by_name = 0;
	enum status status = STATUS_OK;

	if (*address_form != '\0')
		status = relate_find_first(store, address_form, &by_address);
	if (status == STATUS_OK && relate_is_full_name(name_form))
		status = relate_find_first(store, name_form, &by_name);
	if (status != STATUS_OK)
		return status;
	*number_r = by_address == 0 || (by_name > 0 && by_name < by_address) ? by_name
									     : by_address;
	return STATUS_OK;
}

/* RECORD is another copy of the one at INDEX of RECORDS.  What completes a copy that was cut takes
 * its place; other content under a known Message-ID does not. */
static void relate_take_copy(
	GPtrArray *records, guint index, struct record *record, GHashTable *places)
{
	struct record *old = records->pdata[index];

	if (!(record->flags & RECORD_FLAG_SUPERSEDES)) {
		record_free(record);
		return;
	}
	records->pdata[index] = record;
	g_hash_table_replace(places, record->message_id, GUINT_TO_POINTER(index));
	record_free(old);
}

enum status relate_find_records(
	struct store *store, const struct relate_query *query, GPtrArray *records)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_autoptr(GHashTable) places = NULL;
	enum status status = relate_find_numbers(store, query, numbers);

	if (numbers->len > 1)
		places = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < numbers->len && status == STATUS_OK; i++) {
		struct record *record = NULL;
		gpointer place;

		status = store_get(store, g_array_index(numbers, uint64_t, i), &record);
		if (status == STATUS_NOINPUT) {
			status = STATUS_OK; /* expired */
			continue;
		}
		if (status != STATUS_OK)
			break;
		if (places != NULL && g_hash_table_lookup_extended(
					      places, record->message_id, NULL, &place)) {
			relate_take_copy(
				records, GPOINTER_TO_UINT(place), record, places);
			continue;
		}
		if (places != NULL)
			g_hash_table_insert(places, record->message_id,
				GUINT_TO_POINTER(records->len));
		g_ptr_array_add(records, record);
	}
	return status;
}

enum status relate_find_by_string(struct store *store, enum relate_kind kind,
	const char *string, guint limit, GPtrArray *records)
{
	uint8_t hash[HASH_BYTES];
	const struct relate_query query = {kind, hash, 0, UINT64_MAX, limit, 0};

	hash_bytes(string, strlen(string), hash);
	return relate_find_records(store, &query, records);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each index against the records, both ways.  Going through an index and looking up each
 * record would read the disk all over the place; sums over what is there and what has to be
 * there tell whether they are the same, and only where they are not the look-ups are made, to
 * name what differs. */
#include "config.h"

#include <string.h>

#include "base/hash.h"
#include "store/check_internal.h"

struct check_entry {
	enum env_db index;
	const uint8_t *key;
	size_t length;
};
enum { CHECK_ENTRIES = 3 };

/* What the indexes have of a record; the number of entries. */
static unsigned check_entries(
	const void *bytes, size_t length, struct check_entry entries_r[CHECK_ENTRIES])
{
	struct record_key key;
	unsigned count = 0;

	if (!record_peek(bytes, length, &key))
		return 0;
	entries_r[count++] = (struct check_entry){
		ENV_MESSAGE, key.message_id, key.message_id_length};
	entries_r[count++] = (struct check_entry){ENV_ID, key.id, key.id_length};
	if (key.change_id != NULL)
		entries_r[count++] = (struct check_entry){
			ENV_CHANGE, key.change_id, HASH_BYTES};
	return count;
}

void check_add_print(struct check_print *print, const void *key, size_t length,
	const uint8_t *number, size_t number_length)
{
	uint64_t words[HASH_BYTES / sizeof(uint64_t)];
	struct hash hash;

	hash_init(&hash);
	hash_update_field(&hash, key, length);
	hash_update_field(&hash, number, number_length);
	hash_final(&hash, (uint8_t *)words);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		print->sum[i] += words[i];
	print->count++;
}

void check_expect_entries(
	struct check *check, const uint8_t key[8], const void *bytes, size_t length)
{
	struct check_entry entries[CHECK_ENTRIES];
	unsigned count = check_entries(bytes, length, entries);

	for (unsigned i = 0; i < count; i++)
		check_add_print(&check->prints[entries[i].index], entries[i].key,
			entries[i].length, key, 8);
}

/* Whether ENTRY of NUMBER is in its index. */
static enum status check_find_entry(struct env_cursor *cursor,
	const struct check_entry *entry, const uint8_t *number, bool *there_r)
{
	enum status status = env_cursor_seek(
		cursor, ENV_SEEK_AT_LEAST, entry->key, entry->length);

	*there_r = false;
	while (status == STATUS_OK && !*there_r) {
		size_t key_length, length;
		const uint8_t *key = env_cursor_key(cursor, &key_length);
		const uint8_t *value = env_cursor_value(cursor, &length);

		if (key_length != entry->length ||
			memcmp(key, entry->key, key_length) != 0)
			break;
		*there_r = length == 8 && memcmp(value, number, 8) == 0;
		status = env_cursor_next(cursor);
	}
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* What INDEX should have of the record at CURSOR. */
static enum status check_missing_entry(struct check *check, enum env_db index,
	struct env_cursor *records, struct env_cursor *cursor)
{
	struct check_entry entries[CHECK_ENTRIES];
	size_t key_length, length;
	const uint8_t *key = env_cursor_key(records, &key_length);
	const uint8_t *bytes = env_cursor_value(records, &length);
	unsigned count = key_length == 8 && env_cursor_is_sound(records)
				 ? check_entries(bytes, length, entries)
				 : 0;
	enum status status = STATUS_OK;

	for (unsigned i = 0; status == STATUS_OK && i < count; i++) {
		g_autofree char *name = check_name_bytes(
			entries[0].key, entries[0].length);
		g_autofree char *number = check_name_number(key, key_length);
		bool there;

		if (entries[i].index != index)
			continue;
		status = check_find_entry(cursor, &entries[i], key, &there);
		if (status == STATUS_OK && !there)
			check_fault(
				check, index, "message %s <%s> is missing", number, name);
	}
	return status;
}

static enum status check_missing(struct check *check, enum env_db index)
{
	struct env_cursor *records, *cursor = NULL;
	enum status status = env_cursor_open(check->store.env, ENV_ARRIVAL, &records);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_open(check->store.env, index, &cursor);
	if (status == STATUS_OK)
		status = env_cursor_seek(records, ENV_SEEK_FIRST, NULL, 0);
	while (status == STATUS_OK) {
		status = check_missing_entry(check, index, records, cursor);
		if (status == STATUS_OK)
			status = env_cursor_next(records);
	}
	env_cursor_close(cursor);
	env_cursor_close(records);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* Whether the record that the entry at CURSOR points to has its key. */
static enum status check_stray_entry(
	struct check *check, enum env_db index, struct env_cursor *cursor)
{
	struct check_entry entries[CHECK_ENTRIES];
	size_t key_length, number_length;
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	const uint8_t *number = env_cursor_value(cursor, &number_length);
	g_autofree char *name = check_name_bytes(key, key_length);
	g_autofree char *where = check_name_number(number, number_length);
	struct env_value value = {0};
	enum status status = env_get(
		check->store.env, ENV_ARRIVAL, number, number_length, &value);
	bool fits = false;
	unsigned count;

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	count = status == STATUS_OK ? check_entries(value.data, value.length, entries)
				    : 0;
	for (unsigned i = 0; i < count; i++)
		fits |= entries[i].index == index && entries[i].length == key_length &&
			memcmp(entries[i].key, key, key_length) == 0;
	if (!fits)
		check_fault(check, index, "%s points to message %s, which %s", name,
			where, status == STATUS_OK ? "is another" : "is not there");
	env_value_release(&value);
	return STATUS_OK;
}

static enum status check_stray(struct check *check, enum env_db index)
{
	struct env_cursor *cursor;
	enum status status = env_cursor_open(check->store.env, index, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	while (status == STATUS_OK) {
		status = check_stray_entry(check, index, cursor);
		if (status == STATUS_OK)
			status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status check_index(struct check *check, enum env_db index)
{
	struct check_print print = {0};
	struct env_cursor *cursor;
	enum status status = env_cursor_open(check->store.env, index, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	for (; status == STATUS_OK; status = env_cursor_next(cursor)) {
		size_t key_length, length;
		const uint8_t *key = env_cursor_key(cursor, &key_length);
		const uint8_t *number = env_cursor_value(cursor, &length);

		check_add_print(&print, key, key_length, number, length);
	}
	env_cursor_close(cursor);
	if (status != STATUS_NOINPUT)
		return status;
	if (memcmp(&print, &check->prints[index], sizeof print) == 0)
		return STATUS_OK;
	status = check_missing(check, index);
	if (status == STATUS_OK)
		status = check_stray(check, index);
	/* A record whose sum is wrong was not asked for its entries, which are there. */
	if (status == STATUS_OK && check->faults[index] == 0 &&
		check->faults[ENV_ARRIVAL] == 0)
		check_fault(check, index, "an entry is there more than once");
	return status;
}

enum status check_indexes(struct check *check)
{
	static const enum env_db indexes[] = {ENV_MESSAGE, ENV_ID, ENV_CHANGE};
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(indexes); i++)
		status = check_index(check, indexes[i]);
	return status;
}

enum status check_walk_derived(struct check *check, enum env_db db,
	check_key_visitor *visit, struct check_print *print)
{
	struct env_cursor *cursor;
	enum status status = env_cursor_open(check->store.env, db, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	while (status == STATUS_OK) {
		size_t length;
		const uint8_t *key = env_cursor_key(cursor, &length);

		status = visit(check, print, key, length);
		if (status == STATUS_OK)
			status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

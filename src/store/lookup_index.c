/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/lookup_index.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "store/env.h"
#include "store/internal.h"

enum {
	LOOKUP_NUMBER_BYTES = 8,
	/* The kind, the NUL behind the value, and the number. */
	LOOKUP_AROUND_BYTES = 1 + 1 + LOOKUP_NUMBER_BYTES,
	/* Of entries that one session takes out. */
	LOOKUP_RENEWED = 5000,
};

/* Another name has the index made anew, by who comes with another set of keys. */
static const char lookup_mark[] = LOOKUP_MARK_PREFIX "-1";

bool lookup_parse_key(const uint8_t *key, size_t length, struct lookup_key *key_r)
{
	uint64_t number;

	if (length < LOOKUP_AROUND_BYTES ||
		length > LOOKUP_AROUND_BYTES + LOOKUP_VALUE_BYTES ||
		(key[0] != LOOKUP_PERSON && key[0] != LOOKUP_PATH) ||
		key[length - LOOKUP_NUMBER_BYTES - 1] != '\0')
		return false;
	memcpy(&number, key + length - LOOKUP_NUMBER_BYTES, sizeof number);
	key_r->kind = key[0];
	key_r->value = key + 1;
	key_r->length = length - LOOKUP_AROUND_BYTES;
	key_r->number = GUINT64_FROM_BE(number);
	return true;
}

GBytes *lookup_make_key(const struct lookup_key *key)
{
	size_t kept = MIN(key->length, LOOKUP_VALUE_BYTES);
	uint64_t number = GUINT64_TO_BE(key->number);
	uint8_t bytes[LOOKUP_AROUND_BYTES + LOOKUP_VALUE_BYTES];

	bytes[0] = (uint8_t)key->kind;
	memcpy(bytes + 1, key->value, kept);
	bytes[1 + kept] = '\0';
	memcpy(bytes + 1 + kept + 1, &number, sizeof number);
	return g_bytes_new(bytes, LOOKUP_AROUND_BYTES + kept);
}

static void lookup_add_person(
	GHashTable *keys, const char *name, const char *address, uint64_t number)
{
	g_autoptr(GString) value = g_string_new(name);
	struct lookup_key key = {.kind = LOOKUP_PERSON, .number = number};

	g_string_append_c(value, '\0');
	g_string_append(value, address);
	key.value = (const uint8_t *)value->str;
	key.length = value->len;
	g_hash_table_add(keys, lookup_make_key(&key));
}

static void lookup_add_path(GHashTable *keys, const char *path, uint64_t number)
{
	const struct lookup_key key = {
		LOOKUP_PATH, (const uint8_t *)path, strlen(path), number};

	g_hash_table_add(keys, lookup_make_key(&key));
}

static void lookup_unref_key(void *key)
{
	g_bytes_unref(key);
}

GPtrArray *lookup_keys(const struct record *record)
{
	g_autoptr(GHashTable) keys = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, lookup_unref_key, NULL);
	GPtrArray *list = g_ptr_array_new_with_free_func(lookup_unref_key);
	uint64_t number = record->number;
	GHashTableIter iter;
	gpointer key;

	lookup_add_person(keys, record->author_name, record->author_address, number);
	lookup_add_person(keys, record->person_name, record->person_address, number);
	lookup_add_person(keys, record->patch_name, record->patch_address, number);
	for (guint i = 0; i < record->paths->len; i++)
		lookup_add_path(keys,
			((struct patch_path *)record->paths->pdata[i])->path, number);
	g_hash_table_iter_init(&iter, keys);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		g_ptr_array_add(list, g_bytes_ref(key));
	return list;
}

static enum status lookup_read_number(
	enum status status, struct env_value *value, uint64_t *number_r)
{
	g_autofree char *text = g_strndup(value->data, value->length);

	env_value_release(value);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*number_r = status == STATUS_OK ? g_ascii_strtoull(text, NULL, 10) : 0;
	return STATUS_OK;
}

enum status lookup_get_mark(struct store *store, uint64_t *number_r)
{
	struct env_value value = {0};
	enum status status = env_get(
		store->env, ENV_META, lookup_mark, strlen(lookup_mark), &value);

	return lookup_read_number(status, &value, number_r);
}

enum status lookup_get_own_mark(struct store *store, uint64_t *number_r)
{
	struct env_value value = {0};
	enum status status = env_get(
		store->env, ENV_LOOKUP, LOOKUP_MARK_KEY, LOOKUP_MARK_KEY_BYTES, &value);

	return lookup_read_number(status, &value, number_r);
}

/* Notes in both places that the index goes up to NUMBER. */
static enum status lookup_put_mark(struct store *store, uint64_t number)
{
	g_autofree char *mark = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
	struct env_value value = {mark, strlen(mark)};
	enum status status = env_put(
		store->env, ENV_LOOKUP, LOOKUP_MARK_KEY, LOOKUP_MARK_KEY_BYTES, &value);

	return status == STATUS_OK ? store_put_meta(store, lookup_mark, mark) : status;
}

static gint lookup_compare_keys(gconstpointer a, gconstpointer b)
{
	return g_bytes_compare(*(const GBytes *const *)a, *(const GBytes *const *)b);
}

/* Puts KEYS in their order, which touches each page once. */
static enum status lookup_put_keys(struct store *store, GPtrArray *keys)
{
	struct env_value nothing = {(void *)(uintptr_t) "", 0};
	enum status status = STATUS_OK;

	g_ptr_array_sort(keys, lookup_compare_keys);
	for (guint i = 0; i < keys->len && status == STATUS_OK; i++) {
		gsize length;
		const void *key = g_bytes_get_data(keys->pdata[i], &length);

		status = env_put(store->env, ENV_LOOKUP, key, length, &nothing);
	}
	return status;
}

/* One session's worth; *DONE_R when there is no more. */
static enum status lookup_batch(struct store *store, void *done_r)
{
	/* Half of the time a session has is for the puts. */
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS / 2;
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(lookup_unref_key);
	uint64_t number, head;
	enum status status = lookup_get_mark(store, &number);

	if (status == STATUS_OK)
		status = store_head(store, &head);
	while (status == STATUS_OK && number < head && io_milliseconds() < deadline) {
		g_autoptr(record_auto) record = NULL;

		status = store_get(store, ++number, &record);
		if (status == STATUS_OK)
			g_ptr_array_extend_and_steal(keys, lookup_keys(record));
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	if (status == STATUS_OK)
		status = lookup_put_keys(store, keys);
	*(bool *)done_r = status == STATUS_OK && number >= head;
	return status == STATUS_OK ? lookup_put_mark(store, number) : status;
}

/* How things stand before anything is written: a session that writes costs a sync. */
struct lookup_state {
	bool needed, damaged;
};

static enum status lookup_look(struct store *store, void *data)
{
	struct lookup_state *state = data;
	uint64_t mark = 0, own = 0, head = 0;
	enum status status = lookup_get_mark(store, &mark);

	if (status == STATUS_OK)
		status = store_head(store, &head);
	if (status == STATUS_OK && mark > 0)
		status = lookup_get_own_mark(store, &own);
	state->needed = mark < head;
	state->damaged = mark != own;
	return status;
}

enum status lookup_update(const char *home)
{
	struct lookup_state state = {0};
	bool done = false;
	enum status status = store_read(home, lookup_look, &state);

	if (status == STATUS_OK && state.damaged)
		status = lookup_renew(home);
	while (status == STATUS_OK && (state.needed || state.damaged) && !done)
		status = store_run(home, lookup_batch, &done);
	return status;
}

/* One session's worth; *DONE_R when nothing is left.  The mark goes first: what a kill leaves in
 * between is written over. */
static enum status lookup_empty(struct store *store, void *done_r)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(lookup_unref_key);
	struct env_cursor *cursor;
	size_t length;
	enum status status = env_delete(
		store->env, ENV_META, lookup_mark, strlen(lookup_mark));

	if (status == STATUS_OK || status == STATUS_NOINPUT)
		status = env_cursor_open(store->env, ENV_LOOKUP, &cursor);
	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	for (; status == STATUS_OK && keys->len < LOOKUP_RENEWED;
		status = env_cursor_next(cursor)) {
		const uint8_t *key = env_cursor_key(cursor, &length);

		g_ptr_array_add(keys, g_bytes_new(key, length));
	}
	env_cursor_close(cursor);
	*(bool *)done_r = status == STATUS_NOINPUT;
	status = status == STATUS_NOINPUT ? STATUS_OK : status;
	for (guint i = 0; i < keys->len && status == STATUS_OK; i++) {
		const void *key = g_bytes_get_data(keys->pdata[i], &length);

		status = env_delete(store->env, ENV_LOOKUP, key, length);
	}
	return status;
}

enum status lookup_renew(const char *home)
{
	enum status status = STATUS_OK;
	bool done = false;

	diag_error("%s/db/%s: is damaged and is made anew", home, env_file(ENV_LOOKUP));
	while (status == STATUS_OK && !done)
		status = store_run(home, lookup_empty, &done);
	return status;
}

enum status lookup_forget(struct store *store, const struct record *record)
{
	g_autoptr(GPtrArray) keys = NULL;
	uint64_t mark = 0;
	enum status status = lookup_get_mark(store, &mark);

	if (status != STATUS_OK || record->number > mark)
		return status;
	keys = lookup_keys(record);
	for (guint i = 0; i < keys->len && status == STATUS_OK; i++) {
		gsize length;
		const void *key = g_bytes_get_data(keys->pdata[i], &length);

		status = env_delete(store->env, ENV_LOOKUP, key, length);
		status = status == STATUS_NOINPUT ? STATUS_OK : status;
	}
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/env_bulk.h"

#include <string.h>

#include <db.h>
#include <glib.h>

enum {
	/* Of a page of 4096 bytes: its head, and what the next key takes at the least. */
	ENV_BULK_PAGE_ROOM = 4096 - 26 - 24,
	/* Berkeley DB gives what is longer pages of its own. */
	ENV_BULK_LONG = 1007,
	/* Of one put into an index, with the offsets that Berkeley DB wants: some of each kind. */
	ENV_BULK_ENTRY_BYTES = 4 * sizeof(u_int32_t) + sizeof(uint64_t),
};

/* What an index gets of one record. */
struct env_bulk_entry {
	uint64_t beginning; /* of the key, to compare by */
	uint32_t at, length;
	uint64_t primary; /* the record's key */
};

struct env_bulk_index {
	DB *handle;          /* beside the one that is associated */
	GArray *entries;     /* struct env_bulk_entry */
	GByteArray *keys;    /* what they have of keys */
	GHashTable *waiting; /* their keys' hashes */
};

struct env_bulk {
	DB *arrival; /* puts into it go past the indexes */
	size_t page; /* bytes that the records on the last page take */
	struct env_bulk_index indexes[ENV_DB_COUNT];
};

struct env_bulk *env_bulk_new(void)
{
	struct env_bulk *bulk = g_new0(struct env_bulk, 1);

	bulk->page = ENV_BULK_PAGE_ROOM;
	return bulk;
}

static void env_bulk_close_handle(struct env *env, DB **handle)
{
	DB *open = *handle;

	*handle = NULL;
	if (open != NULL)
		env_check(env, open->close(open, DB_NOSYNC), NULL);
}

void env_bulk_close(struct env *env)
{
	struct env_bulk *bulk = env->bulk;

	env->bulk = NULL;
	if (bulk == NULL)
		return;
	for (int db = 0; db < ENV_DB_COUNT; db++) {
		struct env_bulk_index *index = &bulk->indexes[db];

		env_bulk_close_handle(env, &index->handle);
		g_clear_pointer(&index->entries, g_array_unref);
		g_clear_pointer(&index->keys, g_byte_array_unref);
		g_clear_pointer(&index->waiting, g_hash_table_unref);
	}
	env_bulk_close_handle(env, &bulk->arrival);
	g_free(bulk);
}

/* A handle for DB that no other one is associated with. */
static enum status env_bulk_open(struct env *env, enum env_db db, DB **handle_r)
{
	const struct env_table *table = &env_tables[db];
	enum status status;
	DB *handle;
	int result = db_create(&handle, env->handle, 0);

	if (result != 0)
		return env_check(env, result, table->file);
	(void)((result = table->flags ? handle->set_flags(handle, table->flags) : 0) ||
		(result = handle->open(handle, NULL, table->file, NULL, DB_BTREE,
			 DB_AUTO_COMMIT, 0600)));
	status = env_check(env, result, table->file);
	if (status == STATUS_OK)
		*handle_r = handle;
	else
		handle->close(handle, DB_NOSYNC);
	return status;
}

/* Opens what a put needs, the first time. */
static enum status env_bulk_begin(struct env *env)
{
	struct env_bulk *bulk = env->bulk;
	enum status status = env_require(env, ENV_ARRIVAL);

	if (bulk->arrival != NULL || status != STATUS_OK)
		return status;
	for (int db = 0; db < ENV_DB_COUNT && status == STATUS_OK; db++) {
		struct env_bulk_index *index = &bulk->indexes[db];

		if (env_tables[db].index == NULL)
			continue;
		status = env_require(env, db);
		if (status == STATUS_OK)
			status = env_bulk_open(env, db, &index->handle);
		if (status != STATUS_OK)
			return status;
		index->entries = g_array_new(FALSE, FALSE, sizeof(struct env_bulk_entry));
		index->keys = g_byte_array_new();
		index->waiting = g_hash_table_new(NULL, NULL);
	}
	return status == STATUS_OK ? env_bulk_open(env, ENV_ARRIVAL, &bulk->arrival)
				   : status;
}

/* FNV-1a, as a pointer that a table takes. */
static void *env_bulk_hash(const uint8_t *key, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ key[i]) * UINT64_C(0x100000001b3);
	return (void *)(uintptr_t)hash;
}

static void env_bulk_note(
	struct env_bulk_index *index, const DBT *key, const DBT *primary)
{
	struct env_bulk_entry entry = {.at = index->keys->len, .length = key->size};

	memcpy(&entry.primary, primary->data, sizeof entry.primary);
	memcpy(&entry.beginning, key->data, MIN(key->size, sizeof entry.beginning));
	entry.beginning = GUINT64_FROM_BE(entry.beginning);
	g_byte_array_append(index->keys, key->data, key->size);
	g_array_append_val(index->entries, entry);
	g_hash_table_add(index->waiting, env_bulk_hash(key->data, key->size));
}

/* What VALUE takes of a page, with its key of eight bytes and the offsets of both. */
static size_t env_bulk_size(const DBT *value)
{
	size_t data = value->size > ENV_BULK_LONG ? 12 : (value->size + 3 + 3) / 4 * 4;

	return 12 + data + 2 * sizeof(uint16_t);
}

/* Berkeley DB makes room at the end of a tree by moving the last record to a new page, which leaves
 * a hole in the old one, of a quarter of it.  So where the page is full it gets a record of a byte
 * first, to move that one. */
static int env_bulk_append(struct env *env, DBT *key, const DBT *value)
{
	struct env_bulk *bulk = env->bulk;
	static char byte;
	DBT whole = *value, small = {.data = &byte, .size = sizeof byte};
	size_t size = env_bulk_size(value);
	int result = 0;

	if (bulk->page + size > ENV_BULK_PAGE_ROOM) {
		result = bulk->arrival->put(bulk->arrival, env->txn, key, &small, 0);
		bulk->page = 0;
	}
	bulk->page += size;
	return result ? result
		      : bulk->arrival->put(bulk->arrival, env->txn, key, &whole, 0);
}

enum status env_bulk_put(struct env *env, DBT *key, const DBT *value)
{
	enum status status = env_bulk_begin(env);

	if (status != STATUS_OK)
		return status;
	for (int db = 0; db < ENV_DB_COUNT; db++) {
		struct env_bulk_index *index = &env->bulk->indexes[db];
		DBT found = {0};

		if (index->handle != NULL &&
			env_tables[db].index(index->handle, key, value, &found) == 0)
			env_bulk_note(index, &found, key);
	}
	return env_check(
		env, env_bulk_append(env, key, value), env_tables[ENV_ARRIVAL].file);
}

static gint env_bulk_compare(gconstpointer a, gconstpointer b, gpointer keys)
{
	const struct env_bulk_entry *first = a, *second = b;
	const uint8_t *bytes = ((const GByteArray *)keys)->data;
	int order;

	if (first->beginning != second->beginning)
		return first->beginning < second->beginning ? -1 : 1;
	order = memcmp(bytes + first->at, bytes + second->at,
		MIN(first->length, second->length));
	if (order == 0)
		order = (first->length > second->length) -
			(first->length < second->length);
	return order;
}

/* All of them in one put. */
static int env_bulk_put_entries(struct env *env, struct env_bulk_index *index)
{
	const GArray *entries = index->entries;
	size_t size = (index->keys->len + entries->len * ENV_BULK_ENTRY_BYTES + 1024 +
			      1023) /
		      1024 * 1024;
	g_autofree char *buffer = g_malloc(size);
	DBT keys = {.data = buffer,
		    .ulen = (u_int32_t)size,
		    .flags = DB_DBT_USERMEM | DB_DBT_BULK},
	    none = {0};
	void *place;

	DB_MULTIPLE_WRITE_INIT(place, &keys);
	for (guint i = 0; i < entries->len; i++) {
		const struct env_bulk_entry *entry = &g_array_index(
			entries, struct env_bulk_entry, i);

		DB_MULTIPLE_KEY_WRITE_NEXT(place, &keys, index->keys->data + entry->at,
			entry->length, &entry->primary, sizeof entry->primary);
		g_assert(place != NULL);
	}
	return index->handle->put(index->handle, env->txn, &keys, &none, DB_MULTIPLE_KEY);
}

static enum status env_bulk_flush_index(
	struct env *env, enum env_db db, struct env_bulk_index *index)
{
	int result;

	if (index->handle == NULL || index->entries->len == 0)
		return STATUS_OK;
	g_array_sort_with_data(index->entries, env_bulk_compare, index->keys);
	result = env_bulk_put_entries(env, index);
	g_array_set_size(index->entries, 0);
	g_byte_array_set_size(index->keys, 0);
	g_hash_table_remove_all(index->waiting);
	return env_check(env, result, env_tables[db].file);
}

enum status env_bulk_flush(struct env *env, enum env_db db)
{
	enum status status = STATUS_OK;

	for (int i = 0; env->bulk != NULL && i < ENV_DB_COUNT && status == STATUS_OK; i++)
		if (db == ENV_DB_COUNT || (int)db == i)
			status = env_bulk_flush_index(env, i, &env->bulk->indexes[i]);
	return status;
}

bool env_bulk_waits(const struct env *env, enum env_db db, const void *key, size_t length)
{
	const struct env_bulk_index *index = &env->bulk->indexes[db];

	return index->handle != NULL &&
	       g_hash_table_contains(index->waiting, env_bulk_hash(key, length));
}

enum status env_bulk_has(
	struct env *env, enum env_db db, const void *key, size_t length, bool *has_r)
{
	enum status status = env_bulk_begin(env);
	struct env_bulk_index *index = &env->bulk->indexes[db];
	DBT k = {.data = (void *)(uintptr_t)key, .size = (u_int32_t)length};
	uint64_t primary;
	DBT v = {.data = &primary, .ulen = sizeof primary, .flags = DB_DBT_USERMEM};
	int result;

	if (status == STATUS_OK && env_bulk_waits(env, db, key, length))
		status = env_bulk_flush_index(env, db, index);
	if (status != STATUS_OK)
		return status;
	result = index->handle->get(index->handle, env->txn, &k, &v, 0);
	*has_r = result == 0;
	return result == DB_NOTFOUND ? STATUS_OK
				     : env_check(env, result, env_tables[db].file);
}

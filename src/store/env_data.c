/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and values: the databases of an open session. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <db.h>
#include <glib.h>

#include "base/hash.h"
#include "store/env_bulk.h"
#include "store/env_private.h"

enum {
	/* What every kernel here writes in one piece.  Recovery tells by the number at a
	 * page's start whether the page is written: of a larger one a power loss could leave
	 * half. */
	ENV_PAGE_BYTES = 4096,
};

struct env_cursor {
	struct env *env;
	enum env_db db;
	DBC *handle;
	DBT key, value;
};

const char *env_file(enum env_db db)
{
	return env_tables[db].file;
}

enum status env_require(struct env *env, enum env_db db)
{
	const struct env_table *table = &env_tables[db];
	enum status status;
	DB *handle;
	int result;

	if (env->dbs[db] != NULL)
		return STATUS_OK;
	if (table->index != NULL && !env->plain) {
		status = env_require(env, ENV_ARRIVAL);
		if (status != STATUS_OK)
			return status;
	}
	result = db_create(&handle, env->handle, 0);
	if (result != 0)
		return env_check(env, result, table->file);
	(void)((result = handle->set_pagesize(handle, ENV_PAGE_BYTES)) ||
		(result = table->flags ? handle->set_flags(handle, table->flags) : 0) ||
		(result = handle->open(handle, NULL, table->file, NULL, DB_BTREE,
			 DB_CREATE | DB_AUTO_COMMIT, 0600)));
	if (result == 0 && table->index != NULL && !env->plain)
		result = env->dbs[ENV_ARRIVAL]->associate(env->dbs[ENV_ARRIVAL], NULL,
			handle, table->index, DB_AUTO_COMMIT);
	if (result != 0) {
		status = env_check(env, result, table->file);
		handle->close(handle, DB_NOSYNC);
		return status;
	}
	env->dbs[db] = handle;
	return STATUS_OK;
}

static DBT env_dbt(const void *data, size_t length)
{
	DBT dbt = {.data = (void *)(uintptr_t)data, .size = (u_int32_t)length};

	return dbt;
}

static void env_sum(
	enum env_db db, const DBT *key, const DBT *value, uint8_t sum_r[ENV_SUM_BYTES])
{
	uint8_t digest[HASH_BYTES];
	struct hash hash;

	hash_init(&hash);
	hash_update_field(&hash, env_tables[db].file, strlen(env_tables[db].file));
	hash_update_field(&hash, key->data, key->size);
	hash_update(&hash, value->data, value->size);
	hash_final(&hash, digest);
	memcpy(sum_r, digest, ENV_SUM_BYTES);
}

/* The length of what came out of DB, without the sum: an index gives the records it is of. */
static size_t env_length(const struct env *env, enum env_db db, const DBT *value)
{
	bool bare = env_tables[db].derived && (env->plain || !env_tables[db].index);

	return bare ? value->size : value->size - MIN(value->size, ENV_SUM_BYTES);
}

void env_value_release(struct env_value *value)
{
	free(value->data);
	value->data = NULL;
	value->length = 0;
}

enum status env_get(struct env *env, enum env_db db, const void *key, size_t key_length,
	struct env_value *value_r)
{
	DBT k = env_dbt(key, key_length), v = {.flags = DB_DBT_MALLOC};
	enum status status = env_require(env, db);
	int result;

	if (status != STATUS_OK)
		return status;
	result = env->dbs[db]->get(env->dbs[db], env->txn, &k, &v, 0);
	if (result == DB_NOTFOUND)
		return STATUS_NOINPUT;
	status = env_check(env, result, env_tables[db].file);
	if (status == STATUS_OK)
		*value_r = (struct env_value){v.data, env_length(env, db, &v)};
	return status;
}

enum status env_get_primary(struct env *env, enum env_db db, const void *key,
	size_t key_length, struct env_value *primary_key_r, struct env_value *value_r)
{
	DBT k = env_dbt(key, key_length), p = {.flags = DB_DBT_MALLOC},
	    v = {.flags = DB_DBT_MALLOC};
	enum status status = env_require(env, db);
	int result;

	if (status == STATUS_OK && env->bulk != NULL &&
		env_bulk_waits(env, db, key, key_length))
		status = env_bulk_flush(env, db);
	if (status != STATUS_OK)
		return status;
	result = env->dbs[db]->pget(env->dbs[db], env->txn, &k, &p, &v, 0);
	if (result == DB_NOTFOUND)
		return STATUS_NOINPUT;
	status = env_check(env, result, env_tables[db].file);
	if (status == STATUS_OK) {
		*primary_key_r = (struct env_value){p.data, p.size};
		*value_r = (struct env_value){v.data, env_length(env, db, &v)};
	}
	return status;
}

enum status env_put(struct env *env, enum env_db db, const void *key, size_t key_length,
	const struct env_value *value)
{
	DBT k = env_dbt(key, key_length), v = env_dbt(value->data, value->length);
	g_autofree uint8_t *summed = NULL;
	enum status status = env_require(env, db);

	if (status != STATUS_OK)
		return status;
	if (!env_tables[db].derived) {
		summed = g_malloc(value->length + ENV_SUM_BYTES);
		if (value->length > 0)
			memcpy(summed, value->data, value->length);
		env_sum(db, &k, &v, summed + value->length);
		v = env_dbt(summed, value->length + ENV_SUM_BYTES);
	}
	if (db == ENV_ARRIVAL && env->bulk != NULL)
		return env_bulk_put(env, &k, &v);
	return env_check(env, env->dbs[db]->put(env->dbs[db], env->txn, &k, &v, 0),
		env_tables[db].file);
}

enum status env_has(
	struct env *env, enum env_db db, const void *key, size_t key_length, bool *has_r)
{
	return env_bulk_has(env, db, key, key_length, has_r);
}

enum status env_delete(
	struct env *env, enum env_db db, const void *key, size_t key_length)
{
	DBT k = env_dbt(key, key_length);
	enum status status = env_require(env, db);
	int result;

	if (status != STATUS_OK)
		return status;
	result = env->dbs[db]->del(env->dbs[db], env->txn, &k, 0);
	return result == DB_NOTFOUND ? STATUS_NOINPUT
				     : env_check(env, result, env_tables[db].file);
}

enum status env_cursor_open(struct env *env, enum env_db db, struct env_cursor **cursor_r)
{
	enum status status = env_require(env, db);
	struct env_cursor *cursor;
	DBC *handle;

	if (status == STATUS_OK)
		status = env_bulk_flush(env, db);
	if (status == STATUS_OK)
		status = env_check(env,
			env->dbs[db]->cursor(env->dbs[db], env->txn, &handle, 0),
			env_tables[db].file);
	if (status != STATUS_OK)
		return status;
	cursor = g_new0(struct env_cursor, 1);
	cursor->env = env;
	cursor->db = db;
	cursor->handle = handle;
	cursor->key.flags = cursor->value.flags = DB_DBT_REALLOC;
	*cursor_r = cursor;
	return STATUS_OK;
}

void env_cursor_close(struct env_cursor *cursor)
{
	if (cursor == NULL)
		return;
	env_check(cursor->env, cursor->handle->close(cursor->handle), NULL);
	free(cursor->key.data);
	free(cursor->value.data);
	g_free(cursor);
}

static enum status env_cursor_move(struct env_cursor *cursor, u_int32_t flag)
{
	int result = cursor->handle->get(
		cursor->handle, &cursor->key, &cursor->value, flag);

	if (result == DB_NOTFOUND)
		return STATUS_NOINPUT;
	return env_check(cursor->env, result, NULL);
}

enum status env_cursor_seek(
	struct env_cursor *cursor, enum env_seek seek, const void *key, size_t key_length)
{
	switch (seek) {
	case ENV_SEEK_FIRST:
		return env_cursor_move(cursor, DB_FIRST);
	case ENV_SEEK_LAST:
		return env_cursor_move(cursor, DB_LAST);
	case ENV_SEEK_AT_LEAST:
		break;
	}
	/* The cursor's own buffer, since DB_DBT_REALLOC may free it. */
	cursor->key.data = realloc(cursor->key.data, key_length ? key_length : 1);
	if (cursor->key.data == NULL)
		return env_check(cursor->env, ENOMEM, NULL);
	memcpy(cursor->key.data, key, key_length);
	cursor->key.size = (u_int32_t)key_length;
	return env_cursor_move(cursor, DB_SET_RANGE);
}

enum status env_cursor_next(struct env_cursor *cursor)
{
	return env_cursor_move(cursor, DB_NEXT);
}

const uint8_t *env_cursor_key(const struct env_cursor *cursor, size_t *length_r)
{
	*length_r = cursor->key.size;
	return cursor->key.data;
}

const uint8_t *env_cursor_value(const struct env_cursor *cursor, size_t *length_r)
{
	*length_r = env_length(cursor->env, cursor->db, &cursor->value);
	return cursor->value.data;
}

bool env_cursor_is_sound(const struct env_cursor *cursor)
{
	uint8_t sum[ENV_SUM_BYTES];
	DBT value = env_dbt(cursor->value.data, 0);
	size_t length;

	env_cursor_value(cursor, &length);
	if (env_tables[cursor->db].derived)
		return true;
	value.size = (u_int32_t)length;
	env_sum(cursor->db, &cursor->key, &value, sum);
	return cursor->value.size >= sizeof sum &&
	       memcmp((uint8_t *)value.data + length, sum, sizeof sum) == 0;
}

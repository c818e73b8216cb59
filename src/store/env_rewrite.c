/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Berkeley DB's own ways of making a file smaller do not fit here: DB->compact goes through
 * all free pages at each call, which is far more than a session's time in a large file, and
 * after a kill in the middle of DB_ENV->dbremove and dbrename in one transaction recovery was
 * seen to lose the file.  So the new file is made outside of the environment and renamed
 * while nobody has one open. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <db.h>
#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "store/env_care.h"
#include "store/env_private.h"

enum {
	REWRITE_BATCH_BYTES = 4 * 1024 * 1024,
	REWRITE_CACHE_BYTES = 4 * 1024 * 1024,
	REWRITE_FILLER_BYTES = 1000,
};

struct env_rewrite {
	enum env_db db;
	char *path; /* of the new file */
	DB *new;
	u_int32_t page;
	GByteArray *position; /* the last key that was read */
	GPtrArray *entries;   /* GBytes: key, value, key, value */
};

struct env_rewrite *env_rewrite_new(const char *home, enum env_db db)
{
	struct env_rewrite *rewrite = g_new0(struct env_rewrite, 1);

	rewrite->db = db;
	rewrite->path = g_strdup_printf("%s/db/%s.new", home, env_tables[db].file);
	rewrite->position = g_byte_array_new();
	rewrite->entries = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	return rewrite;
}

static void rewrite_unlink(const struct env_rewrite *rewrite)
{
	unlink(rewrite->path);
}

void env_rewrite_free(struct env_rewrite *rewrite)
{
	if (rewrite->new != NULL) {
		rewrite->new->close(rewrite->new, DB_NOSYNC);
		rewrite_unlink(rewrite);
	}
	g_byte_array_unref(rewrite->position);
	g_ptr_array_unref(rewrite->entries);
	g_free(rewrite->path);
	g_free(rewrite);
}

static enum status rewrite_check(const struct env_rewrite *rewrite, int result)
{
	if (result == 0)
		return STATUS_OK;
	diag_error("%s: %s", rewrite->path, db_strerror(result));
	return STATUS_TEMPFAIL;
}

static enum status rewrite_open(struct env_rewrite *rewrite)
{
	DB *new;
	int result;

	/* What one left that did not come to its end. */
	rewrite_unlink(rewrite);
	result = db_create(&new, NULL, 0);
	if (result != 0)
		return rewrite_check(rewrite, result);
	(void)((result = new->set_cachesize(new, 0, REWRITE_CACHE_BYTES, 1)) ||
		(result = new->set_pagesize(new, rewrite->page)) ||
		(result = new->open(new, NULL, rewrite->path, NULL, DB_BTREE,
			 DB_CREATE | DB_EXCL, 0600)));
	if (result == 0)
		rewrite->new = new;
	else
		new->close(new, DB_NOSYNC);
	return rewrite_check(rewrite, result);
}

static void rewrite_keep(struct env_rewrite *rewrite, const DBT *key, const DBT *value)
{
	g_ptr_array_add(rewrite->entries, g_bytes_new(key->data, key->size));
	g_ptr_array_add(rewrite->entries, g_bytes_new(value->data, value->size));
	g_byte_array_set_size(rewrite->position, 0);
	g_byte_array_append(rewrite->position, key->data, key->size);
}

/* From behind the position on; DB_NOTFOUND at the end. */
static int rewrite_read(struct env_rewrite *rewrite, DBC *cursor, int64_t deadline)
{
	DBT key = {.flags = DB_DBT_REALLOC}, value = {.flags = DB_DBT_REALLOC};
	const GByteArray *position = rewrite->position;
	bool first = position->len == 0;
	size_t bytes = 0;
	int result;

	/* Berkeley DB's own memory, since it may free it. */
	key.data = malloc(MAX(position->len, 1));
	if (key.data == NULL)
		return ENOMEM;
	if (!first)
		memcpy(key.data, position->data, position->len);
	key.size = position->len;
	result = cursor->get(cursor, &key, &value, first ? DB_FIRST : DB_SET_RANGE);
	/* The one there was read before, if it has not gone meanwhile. */
	if (result == 0 && !first && key.size == position->len &&
		memcmp(key.data, position->data, key.size) == 0)
		result = cursor->get(cursor, &key, &value, DB_NEXT);
	while (result == 0) {
		rewrite_keep(rewrite, &key, &value);
		bytes += key.size + value.size;
		if (bytes >= REWRITE_BATCH_BYTES || io_milliseconds() >= deadline)
			break;
		result = cursor->get(cursor, &key, &value, DB_NEXT);
	}
	free(key.data);
	free(value.data);
	return result;
}

enum status env_rewrite_read(
	struct env_rewrite *rewrite, struct env *env, int64_t deadline, bool *end_r)
{
	enum status status = env_require(env, rewrite->db);
	DBC *cursor;
	int closed, result;

	if (status != STATUS_OK)
		return status;
	(void)((result = env->dbs[rewrite->db]->get_pagesize(
			env->dbs[rewrite->db], &rewrite->page)) ||
		(result = env->dbs[rewrite->db]->cursor(
			 env->dbs[rewrite->db], NULL, &cursor, 0)));
	if (result == 0) {
		result = rewrite_read(rewrite, cursor, deadline);
		closed = cursor->close(cursor);
		result = closed != 0 ? closed : result;
	}
	*end_r = result == DB_NOTFOUND;
	return env_check(
		env, result == DB_NOTFOUND ? 0 : result, env_tables[rewrite->db].file);
}

enum status env_rewrite_write(struct env_rewrite *rewrite, bool sync)
{
	enum status status = rewrite->new == NULL ? rewrite_open(rewrite) : STATUS_OK;
	int result = 0;

	for (guint i = 0; status == STATUS_OK && result == 0 && i < rewrite->entries->len;
		i += 2) {
		gsize key_size, size;
		const void *k = g_bytes_get_data(rewrite->entries->pdata[i], &key_size);
		const void *v = g_bytes_get_data(rewrite->entries->pdata[i + 1], &size);
		DBT key = {.data = (void *)(uintptr_t)k, .size = (u_int32_t)key_size};
		DBT value = {.data = (void *)(uintptr_t)v, .size = (u_int32_t)size};

		result = rewrite->new->put(rewrite->new, NULL, &key, &value, 0);
	}
	g_ptr_array_set_size(rewrite->entries, 0);
	if (status == STATUS_OK && result == 0 && sync)
		result = rewrite->new->sync(rewrite->new, 0);
	return status == STATUS_OK ? rewrite_check(rewrite, result) : status;
}

/* Goes on to a new log file: the records that made the old database shall be in none that is there,
 * lest a recovery from the first of them makes it again. */
static int rewrite_turn_log(struct env *env)
{
	char filler[REWRITE_FILLER_BYTES];
	DB_LOG_STAT *stat = NULL;
	u_int32_t first = 0, now = 0;
	int result = 0;

	memset(filler, '-', sizeof filler - 1);
	filler[sizeof filler - 1] = '\0';
	while (result == 0 && now == first) {
		for (int i = 0; result == 0 && i < REWRITE_FILLER_BYTES; i++)
			result = env->handle->log_printf(env->handle, NULL, "%s", filler);
		if (result == 0)
			result = env->handle->log_stat(env->handle, &stat, 0);
		if (result == 0) {
			now = stat->st_cur_file;
			first = first == 0 ? now : first;
			free(stat);
		}
	}
	return result;
}

enum status env_rewrite_finish(struct env_rewrite *rewrite, struct env *env)
{
	DB *new = g_steal_pointer(&rewrite->new);
	enum status status = rewrite_check(rewrite, new->close(new, 0));

	if (status == STATUS_OK)
		status = io_sync_file(rewrite->path);
	if (status == STATUS_OK)
		status = env_check(env, rewrite_turn_log(env), NULL);
	/* All that is in memory goes into the files. */
	if (status == STATUS_OK)
		status = env_trim_log(env);
	if (status != STATUS_OK) {
		rewrite_unlink(rewrite);
		return status;
	}
	env->renewed = rewrite->db;
	env->renew = true;
	return STATUS_OK;
}

enum status env_rename_renewed(struct env *env)
{
	g_autofree char *old = g_build_filename(
		env->path, env_tables[env->renewed].file, NULL);
	g_autofree char *new = g_strdup_printf("%s.new", old);

	if (!env->renew || env->failed)
		return STATUS_OK;
	if (rename(new, old) != 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", old);
	return io_sync_directory(env->path);
}

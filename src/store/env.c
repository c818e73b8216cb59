#include "config.h"

#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <db.h>
#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "model/record.h"
#include "store/gate.h"
#include "store/heal.h"

enum {
	/* A record with its paths is about 1 kB: 8 kB pages keep it off overflow pages.
	 */
	ENV_PAGE_BYTES = 8192,
	/* The cache is a file of that size in the home, written in full when it is made.
	 */
	ENV_CACHE_BYTES = 1024 * 1024,
	ENV_LOG_BYTES = 8 * 1024 * 1024,
	ENV_LOG_BUFFER_BYTES = 256 * 1024,
};

struct env {
	char *home, *path;
	struct gate gate;
	DB_ENV *handle;
	DB_TXN *txn;
	DB *dbs[ENV_DB_COUNT];
	unsigned checkpoint_kb;
	uint32_t first_log; /* number of the log file when the session began */
	bool failed;        /* the next session has to recover */
	bool reported;      /* the first error has been printed */
	bool made;          /* files were created: their directory has to be synced */
	char *detail;       /* what Berkeley DB said last */
};

struct env_cursor {
	struct env *env;
	DBC *handle;
	DBT key, value;
};

static int env_index_arrival(DB *db, const DBT *key, const DBT *data, DBT *result);
static int env_index_id(DB *db, const DBT *key, const DBT *data, DBT *result);
static int env_index_change(DB *db, const DBT *key, const DBT *data, DBT *result);

static const struct env_table {
	const char *file;
	int (*index)(DB *db, const DBT *key, const DBT *data, DBT *result);
	u_int32_t flags;
} env_tables[ENV_DB_COUNT] = {
	[ENV_MESSAGE] = {"message.db", NULL, 0},
	[ENV_ARRIVAL] = {"arrival.db", env_index_arrival, 0},
	[ENV_ID] = {"id.db", env_index_id, DB_DUP | DB_DUPSORT},
	[ENV_CHANGE] = {"change.db", env_index_change, DB_DUP | DB_DUPSORT},
	[ENV_TEXT] = {"text.db", NULL, 0},
	[ENV_META] = {"meta.db", NULL, 0},
	[ENV_LIST] = {"list.db", NULL, 0},
	[ENV_REMOVED] = {"removed.db", NULL, 0},
	[ENV_ISSUE] = {"issue.db", NULL, 0},
	[ENV_OUTBOX] = {"outbox.db", NULL, 0},
};

/* Numbers are keys in big-endian order, so that they sort. */
static int env_index_number(const struct record_key *record, DBT *result)
{
	uint64_t *number = malloc(sizeof *number);

	if (number == NULL)
		return ENOMEM;
	*number = GUINT64_TO_BE(record->number);
	result->data = number;
	result->size = sizeof *number;
	result->flags = DB_DBT_APPMALLOC;
	return 0;
}

static int env_index_arrival(DB *db, const DBT *key, const DBT *data, DBT *result)
{
	struct record_key record;

	(void)db;
	(void)key;
	if (!record_peek(data->data, data->size, &record))
		return DB_DONOTINDEX;
	return env_index_number(&record, result);
}

static int env_index_id(DB *db, const DBT *key, const DBT *data, DBT *result)
{
	struct record_key record;

	(void)db;
	(void)key;
	if (!record_peek(data->data, data->size, &record))
		return DB_DONOTINDEX;
	result->data = (void *)(uintptr_t)record.id;
	result->size = (u_int32_t)record.id_length;
	return 0;
}

static int env_index_change(DB *db, const DBT *key, const DBT *data, DBT *result)
{
	struct record_key record;

	(void)db;
	(void)key;
	if (!record_peek(data->data, data->size, &record) || record.change_id == NULL)
		return DB_DONOTINDEX;
	result->data = (void *)(uintptr_t)record.change_id;
	result->size = HASH_BYTES;
	return 0;
}

static void env_on_error(const DB_ENV *handle, const char *prefix, const char *message)
{
	struct env *env = handle->app_private;

	(void)prefix;
	/* Berkeley DB tells a failure in several lines, the cause first. */
	if (env->detail == NULL)
		env->detail = g_strdup(message);
}

/* Every return of Berkeley DB comes through here: STATUS_OK for 0, else the line is
 * printed, once a session, and the session marked as failed. */
static enum status env_check(struct env *env, int result, const char *name)
{
	g_autofree char *detail = g_steal_pointer(&env->detail);

	if (result == 0)
		return STATUS_OK;
	env->failed = true;
	if (!env->reported) {
		env->reported = true;
		diag_error("%s%s%s: %s%s%s%s", env->path, name ? "/" : "",
			name ? name : "", db_strerror(result), detail ? " (" : "",
			detail ? detail : "", detail ? ")" : "");
	}
	if (result == DB_VERSION_MISMATCH || result == DB_OLD_VERSION)
		return STATUS_CONFIG;
	if (result == EACCES || result == EPERM || result == EROFS)
		return STATUS_NOPERM;
	return STATUS_TEMPFAIL;
}

void env_fail(struct env *env)
{
	env->failed = true;
}

const char *env_home(const struct env *env)
{
	return env->home;
}

static enum status env_check_directory(struct env *env)
{
	g_autofree char *config = g_build_filename(env->path, "DB_CONFIG", NULL);
	struct stat st;

	if (mkdir(env->path, 0700) == 0)
		env->made = true;
	else if (errno != EEXIST)
		return diag_errno(errno, STATUS_CANTCREAT, "%s", env->path);
	if (lstat(env->path, &st) != 0)
		return diag_errno(errno, STATUS_IO, "%s", env->path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid()) {
		diag_error("%s: not a directory of this user's", env->path);
		return STATUS_NOPERM;
	}
	/* It could move the log elsewhere, and what is promised of it with it. */
	if (access(config, F_OK) == 0) {
		diag_error("%s: not supported; remove it", config);
		return STATUS_CONFIG;
	}
	return STATUS_OK;
}

static int env_configure(struct env *env)
{
	DB_ENV *handle = env->handle;
	int result;

	handle->app_private = env;
	handle->set_errcall(handle, env_on_error);
	(void)((result = handle->set_cachesize(handle, 0, ENV_CACHE_BYTES, 1)) ||
		(result = handle->set_lg_max(handle, ENV_LOG_BYTES)) ||
		(result = handle->set_lg_bsize(handle, ENV_LOG_BUFFER_BYTES)) ||
		/* Written to the kernel at commit; env_close() syncs. */
		(result = handle->set_flags(handle, DB_TXN_WRITE_NOSYNC, 1)) ||
		/* A full disk is ENOSPC here, not SIGBUS later. */
		(result = handle->set_flags(handle, DB_REGION_INIT, 1)) ||
		(result = handle->log_set_config(handle, DB_LOG_AUTO_REMOVE, 1)));
	return result;
}

static int env_open_handle(struct env *env, bool recover)
{
	u_int32_t flags = DB_CREATE | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN |
			  (recover ? DB_RECOVER : 0);
	int result = db_env_create(&env->handle, 0);

	if (result != 0)
		return result;
	result = env_configure(env);
	if (result == 0)
		result = env->handle->open(env->handle, env->path, flags, 0600);
	if (result != 0) {
		env->handle->close(env->handle, 0);
		env->handle = NULL;
	}
	return result;
}

/* The number of the log file that is being written; 0 before the first. */
static uint32_t env_log_number(struct env *env)
{
	DB_LOG_STAT *stat = NULL;
	uint32_t number = 0;

	if (env->handle->log_stat(env->handle, &stat, 0) == 0)
		number = stat->st_cur_file;
	free(stat);
	return number;
}

static enum status env_open_marked(struct env *env)
{
	bool recover = env->gate.recover;
	enum status status;
	int result;

	if (env->gate.suspect) {
		status = heal_rewrite(env->path);
		if (status != STATUS_OK)
			return status;
	}
	status = gate_mark_busy(&env->gate);
	if (status != STATUS_OK)
		return status;
	result = env_open_handle(env, recover);
	if (result != 0 && !recover && result != ENOMEM) {
		/* Nothing told of damage, yet there is some: recovery is what helps. */
		g_clear_pointer(&env->detail, g_free);
		recover = true;
		result = env_open_handle(env, true);
	}
	status = env_check(env, result, NULL);
	if (status != STATUS_OK)
		return status;
	env->made |= recover;
	env->first_log = env_log_number(env);
	return STATUS_OK;
}

static void env_free(struct env *env)
{
	gate_close(&env->gate);
	g_free(env->home);
	g_free(env->path);
	g_free(env->detail);
	g_free(env);
}

enum status env_open(const char *home, unsigned checkpoint_kb, struct env **env_r)
{
	struct env *env = g_new0(struct env, 1);
	enum status status;

	env->home = g_strdup(home);
	env->path = g_build_filename(home, "db", NULL);
	env->checkpoint_kb = checkpoint_kb;
	status = gate_take(home, &env->gate);
	if (status != STATUS_OK) {
		env->gate.fd = -1;
		env_free(env);
		return status;
	}
	status = env_check_directory(env);
	if (status == STATUS_OK)
		status = env_open_marked(env);
	if (status != STATUS_OK) {
		env_free(env);
		return status;
	}
	*env_r = env;
	return STATUS_OK;
}

enum status env_require(struct env *env, enum env_db db)
{
	const struct env_table *table = &env_tables[db];
	enum status status;
	DB *handle;
	int result;

	if (env->dbs[db] != NULL)
		return STATUS_OK;
	if (table->index != NULL) {
		status = env_require(env, ENV_MESSAGE);
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
	if (result == 0 && table->index != NULL)
		result = env->dbs[ENV_MESSAGE]->associate(env->dbs[ENV_MESSAGE], NULL,
			handle, table->index, DB_AUTO_COMMIT);
	if (result != 0) {
		status = env_check(env, result, table->file);
		handle->close(handle, DB_NOSYNC);
		return status;
	}
	env->dbs[db] = handle;
	return STATUS_OK;
}

enum status env_begin(struct env *env)
{
	return env_check(
		env, env->handle->txn_begin(env->handle, NULL, &env->txn, 0), NULL);
}

enum status env_commit(struct env *env)
{
	DB_TXN *txn = g_steal_pointer(&env->txn);

	return env_check(env, txn->commit(txn, 0), NULL);
}

void env_abort(struct env *env)
{
	DB_TXN *txn = g_steal_pointer(&env->txn);

	if (txn != NULL)
		env_check(env, txn->abort(txn), NULL);
}

static DBT env_dbt(const void *data, size_t length)
{
	DBT dbt = {.data = (void *)(uintptr_t)data, .size = (u_int32_t)length};

	return dbt;
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
		*value_r = (struct env_value){v.data, v.size};
	return status;
}

enum status env_get_primary(struct env *env, enum env_db db, const void *key,
	size_t key_length, struct env_value *primary_key_r, struct env_value *value_r)
{
	DBT k = env_dbt(key, key_length), p = {.flags = DB_DBT_MALLOC},
	    v = {.flags = DB_DBT_MALLOC};
	enum status status = env_require(env, db);
	int result;

	if (status != STATUS_OK)
		return status;
	result = env->dbs[db]->pget(env->dbs[db], env->txn, &k, &p, &v, 0);
	if (result == DB_NOTFOUND)
		return STATUS_NOINPUT;
	status = env_check(env, result, env_tables[db].file);
	if (status == STATUS_OK) {
		*primary_key_r = (struct env_value){p.data, p.size};
		*value_r = (struct env_value){v.data, v.size};
	}
	return status;
}

enum status env_put(struct env *env, enum env_db db, const void *key, size_t key_length,
	const struct env_value *value)
{
	DBT k = env_dbt(key, key_length), v = env_dbt(value->data, value->length);
	enum status status = env_require(env, db);

	if (status != STATUS_OK)
		return status;
	return env_check(env, env->dbs[db]->put(env->dbs[db], env->txn, &k, &v, 0),
		env_tables[db].file);
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
		status = env_check(env,
			env->dbs[db]->cursor(env->dbs[db], env->txn, &handle, 0),
			env_tables[db].file);
	if (status != STATUS_OK)
		return status;
	cursor = g_new0(struct env_cursor, 1);
	cursor->env = env;
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

enum status env_cursor_previous(struct env_cursor *cursor)
{
	return env_cursor_move(cursor, DB_PREV);
}

const uint8_t *env_cursor_key(const struct env_cursor *cursor, size_t *length_r)
{
	*length_r = cursor->key.size;
	return cursor->key.data;
}

const uint8_t *env_cursor_value(const struct env_cursor *cursor, size_t *length_r)
{
	*length_r = cursor->value.size;
	return cursor->value.data;
}

/* Closes all handles, the indexes before what they index. */
static void env_close_handles(struct env *env)
{
	env_abort(env);
	for (int db = ENV_DB_COUNT - 1; db >= 0; db--) {
		DB *handle = g_steal_pointer(&env->dbs[db]);

		if (handle != NULL)
			env_check(env, handle->close(handle, DB_NOSYNC),
				env_tables[db].file);
	}
	if (!env->failed && env->checkpoint_kb > 0)
		env_check(env,
			env->handle->txn_checkpoint(
				env->handle, env->checkpoint_kb, 0, 0),
			NULL);
}

/* The last log file, held open so that it can be synced after another session removed it.
 */
static int env_open_log(struct env *env, uint32_t number)
{
	g_autofree char *path = g_strdup_printf("%s/log.%010u", env->path, number);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0) {
		diag_errno(errno, STATUS_IO, "%s", path);
		env->failed = true;
	}
	return fd;
}

/* After the gate: deliveries share their syncs. */
static enum status env_sync_log(struct env *env, int fd)
{
	int failed = fdatasync(fd);
	int saved_errno = errno;

	close(fd);
	if (failed) {
		gate_mark_suspect(&env->gate);
		diag_errno(
			saved_errno, STATUS_TEMPFAIL, "%s: sync of the log", env->path);
		return STATUS_TEMPFAIL;
	}
	if (gate_is_suspect(&env->gate)) {
		/* Somebody's sync failed, and the kernel tells only one of us. */
		diag_error("%s: another process could not sync the log", env->path);
		return STATUS_TEMPFAIL;
	}
	return STATUS_OK;
}

enum status env_close(struct env *env, bool sync)
{
	enum status status = STATUS_OK;
	uint32_t log;
	int fd = -1, result;

	env_close_handles(env);
	log = env_log_number(env);
	/* Berkeley DB syncs a log file that it leaves; the new one's name is ours to
	 * sync. */
	if (env->made || log != env->first_log)
		status = io_sync_directory(env->path);
	if (status != STATUS_OK)
		env->failed = true;
	if (sync && log > 0)
		fd = env_open_log(env, log);
	result = env->handle->close(env->handle, 0);
	env_check(env, result, NULL);
	if (!env->failed && gate_mark_idle(&env->gate) != STATUS_OK)
		env->failed = true;
	gate_release(&env->gate);
	if (env->failed && status == STATUS_OK)
		status = STATUS_TEMPFAIL;
	if (fd >= 0) {
		enum status synced = env_sync_log(env, fd);

		status = status != STATUS_OK ? status : synced;
	}
	env_free(env);
	return status;
}

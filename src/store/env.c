/* SPDX-License-Identifier: GPL-2.0-or-later */
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
#include "store/env_bulk.h"
#include "store/env_private.h"
#include "store/heal.h"
#include "store/home.h"

enum {
	/* The cache is a file of that size in the home, written in full when it is made. */
	ENV_CACHE_BYTES = 2 * 1024 * 1024,
	ENV_LOG_BYTES = 8 * 1024 * 1024,
	ENV_LOG_BUFFER_BYTES = 256 * 1024,
};

static void env_on_error(const DB_ENV *handle, const char *prefix, const char *message)
{
	struct env *env = handle->app_private;

	(void)prefix;
	/* Berkeley DB tells a failure in several lines, the cause first. */
	if (env->detail == NULL)
		env->detail = g_strdup(message);
}

enum status env_check(struct env *env, int result, const char *name)
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
	if (st.st_mode & 022) {
		diag_error("%s: others may write to it; chmod go-w", env->path);
		return STATUS_NOPERM;
	}
	/* It could move the log elsewhere, and what is promised of it with it. */
	if (lstat(config, &st) == 0) {
		diag_error("%s: not supported; remove it", config);
		return STATUS_CONFIG;
	}
	return STATUS_OK;
}

/* The gate of the session that is open. */
static struct gate *env_gate;

/* Berkeley DB's syncs, too: after one that failed the kernel may call the pages clean, and the
 * recovery that follows would take them for written. */
static int env_fsync(int fd)
{
	int result = fdatasync(fd);
	int saved_errno = errno;

	if (result != 0 && env_gate != NULL)
		gate_mark_suspect(env_gate);
	errno = saved_errno;
	return result;
}

/* Berkeley DB waits 2, 4 and 6 seconds for room for a new file, and all deliveries with it; the
 * mail system waits better.  The short waits are for another's lock. */
static int env_yield(u_long seconds, u_long microseconds)
{
	if (seconds == 0)
		g_usleep(microseconds);
	return 0;
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
		/* Only one waits for a mutex at a time, and counting processors takes three
		 * system calls. */
		(result = handle->mutex_set_tas_spins(handle, 1)) ||
		/* A full disk is ENOSPC here, not SIGBUS later. */
		(result = handle->set_flags(handle, DB_REGION_INIT, 1)) ||
		(result = handle->log_set_config(handle, DB_LOG_AUTO_REMOVE, 1)));
	return result;
}

static int env_open_handle(struct env *env, bool recover)
{
	u_int32_t flags = DB_CREATE | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN |
			  (recover ? DB_RECOVER : 0);
	int result;

	env_gate = &env->gate;
	db_env_set_func_fsync(env_fsync);
	db_env_set_func_yield(env_yield);
	result = db_env_create(&env->handle, 0);
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
		/* A sync that fails later than this would be forgotten with the mark. */
		status = gate_await_syncs(&env->gate);
		if (status == STATUS_OK)
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
	env_gate = NULL;
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

enum status env_begin(struct env *env)
{
	return env_check(
		env, env->handle->txn_begin(env->handle, NULL, &env->txn, 0), NULL);
}

void env_expect_many(struct env *env)
{
	env->bulk = env_bulk_new();
}

enum status env_commit(struct env *env)
{
	enum status status = env_bulk_flush(env, ENV_DB_COUNT);
	DB_TXN *txn;

	if (status != STATUS_OK)
		return status;
	txn = g_steal_pointer(&env->txn);
	return env_check(env, txn->commit(txn, 0), NULL);
}

void env_abort(struct env *env)
{
	DB_TXN *txn = g_steal_pointer(&env->txn);

	if (txn != NULL)
		env_check(env, txn->abort(txn), NULL);
}

/* Closes all handles, the indexes before what they index. */
static void env_close_handles(struct env *env)
{
	env_abort(env);
	env_bulk_close(env);
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

/* The last log file, held open so that it can be synced after another session removed it. */
static int env_open_log(struct env *env, uint32_t number)
{
	g_autofree char *path = g_strdup_printf("%s/log.%010u", env->path, number);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* A new one that is in the buffer alone has nothing committed in it, and the one before was
	 * synced when it was left. */
	if (fd < 0 && errno == ENOENT && number > 1)
		return env_open_log(env, number - 1);
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
	if (gate_await_syncs(&env->gate) != STATUS_OK)
		return STATUS_TEMPFAIL;
	if (gate_is_suspect(&env->gate)) {
		/* Somebody's sync failed, and the kernel tells only one of us. */
		diag_error("%s: another process could not sync the log", env->path);
		return STATUS_TEMPFAIL;
	}
	return STATUS_OK;
}

/* Brings the names that this session may have made to stable storage. */
static enum status env_sync_names(struct env *env, uint32_t log)
{
	enum status status = STATUS_OK;

	/* Berkeley DB syncs a log file that it leaves; the new one's name is ours to
	 * sync. */
	if (env->made || log != env->first_log)
		status = io_sync_directory(env->path);
	/* Who made the directories may have died before it could sync them. */
	if (env->made && status == STATUS_OK)
		status = io_sync_directory(env->home);
	if (env->made && status == STATUS_OK)
		status = home_sync_parent(env->home);
	if (status != STATUS_OK) {
		gate_mark_suspect(&env->gate);
		env->failed = true;
	}
	return status;
}

enum status env_close(struct env *env, bool sync)
{
	enum status status;
	uint32_t log;
	int fd = -1, result;

	env_close_handles(env);
	log = env_log_number(env);
	status = env_sync_names(env, log);
	if (sync && log > 0 && status == STATUS_OK)
		fd = env_open_log(env, log);
	if (fd >= 0)
		status = gate_announce_sync(&env->gate);
	result = env->handle->close(env->handle, 0);
	env_check(env, result, NULL);
	if (env_rename_renewed(env) != STATUS_OK)
		env->failed = true;
	/* The mark stays where the next one has to recover. */
	if (!env->failed && !env->renew && gate_mark_idle(&env->gate) != STATUS_OK)
		env->failed = true;
	gate_release(&env->gate);
	if (env->failed && status == STATUS_OK)
		status = STATUS_TEMPFAIL;
	if (fd >= 0 && status == STATUS_OK)
		status = env_sync_log(env, fd);
	else if (fd >= 0)
		close(fd);
	env_free(env);
	return status;
}

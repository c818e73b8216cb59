/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/env_care.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <db.h>
#include <glib.h>

#include "base/io.h"
#include "store/env_private.h"

enum { CARE_CACHE_BYTES = 16 * 1024 * 1024, CARE_CHECKPOINT_KB = 2048 };

/* Berkeley DB tells a failure in several lines, the cause first, "BDB0123 words". */
static void care_on_error(const DB_ENV *handle, const char *prefix, const char *message)
{
	char **detail = handle->app_private;

	(void)prefix;
	if (*detail != NULL)
		return;
	if (g_str_has_prefix(message, "BDB"))
		message += strcspn(message, " ");
	*detail = g_strdup(message + strspn(message, " "));
}

/* An environment whose regions are in this process alone. */
static int care_open(
	const char *directory, u_int32_t flags, char **detail, DB_ENV **handle_r)
{
	g_autofree char *path = g_build_filename(directory, "db", NULL);
	DB_ENV *handle;
	int result = db_env_create(&handle, 0);

	if (result != 0)
		return result;
	handle->app_private = detail;
	handle->set_errcall(handle, care_on_error);
	(void)((result = handle->set_cachesize(handle, 0, CARE_CACHE_BYTES, 1)) ||
		(result = handle->set_tmp_dir(handle, ".")) ||
		(result = handle->open(handle, path,
			 DB_CREATE | DB_PRIVATE | DB_INIT_MPOOL | flags, 0600)));
	if (result == 0)
		*handle_r = handle;
	else
		handle->close(handle, 0);
	return result;
}

/* What a process of its own is to do, and where. */
struct care_work {
	const char *directory;
	const char *file; /* to verify */
	bool quiet;
};

static int care_settle(const struct care_work *work, char **detail)
{
	u_int32_t how = work->quiet ? DB_RECOVER : DB_RECOVER_FATAL;
	DB_ENV *handle;
	int closed, result = care_open(work->directory, DB_INIT_LOG | DB_INIT_TXN | how,
			    detail, &handle);

	if (result != 0)
		return result;
	(void)((result = handle->txn_checkpoint(handle, 0, 0, DB_FORCE)) ||
		(result = handle->log_archive(handle, NULL, DB_ARCH_REMOVE)));
	closed = handle->close(handle, 0);
	return result != 0 ? result : closed;
}

static int care_verify(const struct care_work *work, char **detail)
{
	DB_ENV *handle;
	DB *db;
	int result = care_open(work->directory, 0, detail, &handle);

	if (result != 0)
		return result;
	result = db_create(&db, handle, 0);
	/* The handle is gone after it. */
	if (result == 0)
		result = db->verify(db, work->file, NULL, NULL, 0);
	handle->close(handle, 0);
	return result;
}

/* In the new process: the words for what failed go to FD. */
static void care_do(int (*action)(const struct care_work *work, char **detail),
	const struct care_work *work, int fd)
{
	char *detail = NULL;
	const char *words;
	int result, null = open("/dev/null", O_WRONLY);

	/* The C library says what it thinks of it, too. */
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	result = action(work, &detail);
	words = detail ? detail : db_strerror(result);
	if (result != 0 && !io_write_all(fd, words, strlen(words)))
		_exit(2);
	_exit(result != 0);
}

/* What ended it, where it was not itself. */
static char *care_wait(pid_t child, GString *words)
{
	int result;

	while (waitpid(child, &result, 0) < 0)
		if (errno != EINTR)
			return g_strdup(g_strerror(errno));
	if (WIFSIGNALED(result))
		return g_strdup_printf(
			"Berkeley DB crashes on it (signal %d)", WTERMSIG(result));
	if (WEXITSTATUS(result) == 0)
		return NULL;
	return words->len > 0 ? g_strndup(words->str, words->len)
			      : g_strdup("it cannot be read");
}

/* NULL when ACTION came to a good end, else why not, which the caller frees.  In a process of
 * its own: Berkeley DB's verification writes behind its memory where an item's length is
 * damaged. */
static char *care_run(int (*action)(const struct care_work *work, char **detail),
	const struct care_work *work)
{
	g_autoptr(GString) words = g_string_new(NULL);
	char buffer[512];
	int ends[2];
	ssize_t n;
	pid_t child;

	if (pipe(ends) != 0)
		return g_strdup(g_strerror(errno));
	child = fork();
	if (child == 0) {
		close(ends[0]);
		care_do(action, work, ends[1]);
	}
	close(ends[1]);
	while (child > 0 && (n = io_read(ends[0], buffer, sizeof buffer)) > 0)
		g_string_append_len(words, buffer, n);
	close(ends[0]);
	return child > 0 ? care_wait(child, words) : g_strdup(g_strerror(errno));
}

bool env_settle(const char *directory, bool quiet, char **why_r)
{
	const struct care_work work = {.directory = directory, .quiet = quiet};

	*why_r = care_run(care_settle, &work);
	return *why_r == NULL;
}

unsigned env_verify(const char *directory,
	void (*fault)(const char *file, const char *why, void *data), void *data)
{
	unsigned faults = 0;

	for (int i = 0; i < ENV_DB_COUNT; i++) {
		const struct care_work work = {directory, env_tables[i].file, false};
		g_autofree char *path = g_build_filename(
			directory, "db", work.file, NULL);
		g_autofree char *why = NULL;

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			continue;
		why = care_run(care_verify, &work);
		if (why != NULL) {
			fault(work.file, why, data);
			faults++;
		}
	}
	return faults;
}

enum status env_open_copy(const char *directory, struct env **env_r)
{
	enum status status = env_open(directory, CARE_CHECKPOINT_KB, env_r);

	if (status == STATUS_OK)
		(*env_r)->plain = true;
	return status;
}

enum status env_trim_log(struct env *env)
{
	enum status status = env_check(
		env, env->handle->txn_checkpoint(env->handle, 0, 0, DB_FORCE), NULL);

	return status == STATUS_OK ? env_check(env,
					     env->handle->log_archive(
						     env->handle, NULL, DB_ARCH_REMOVE),
					     NULL)
				   : status;
}

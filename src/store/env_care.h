/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is seldom done to an environment: making a copy good, verifying, giving space back. */
#ifndef MLDIGEST_STORE_ENV_CARE_H
#define MLDIGEST_STORE_ENV_CARE_H

#include <stdbool.h>

#include <glib.h>

#include "base/status.h"
#include "store/env.h"

/* Makes the copy in DIRECTORY/db, of which nobody knows yet, a good store by recovery: from
 * the last checkpoint on when QUIET, which says that no database was written to since, else
 * from the first log file on, which may mend what is broken in a young store.  Log files that
 * are not needed any more go.  False, silently, when it fails; then *WHY_R, which the caller
 * frees, is what Berkeley DB said. */
bool env_settle(const char *directory, bool quiet, char **why_r);

/* Verifies the structure of every database in DIRECTORY/db, which nobody uses, and gives each fault
 * to FAULT: the file's name, and Berkeley DB's words.  Returns how many there were. */
unsigned env_verify(const char *directory,
	void (*fault)(const char *file, const char *why, void *data), void *data);

/* A database on its way into a new file, without the room that deletions left. */
struct env_rewrite;
struct env_rewrite *env_rewrite_new(const char *home, enum env_db db);
void env_rewrite_free(struct env_rewrite *rewrite);

/* Reads what comes next, until DEADLINE (io_milliseconds()).  *END_R: that is all there is. */
enum status env_rewrite_read(
	struct env_rewrite *rewrite, struct env *env, int64_t deadline, bool *end_r);

/* Writes what was read; with SYNC all is on stable storage then.  Needs no session. */
enum status env_rewrite_write(struct env_rewrite *rewrite, bool sync);

/* In a session in which the end was read and written: its close puts the new file in the
 * place of the old, and the next one recovers, so that nothing that is in memory knows the
 * old one. */
enum status env_rewrite_finish(struct env_rewrite *rewrite, struct env *env);

/* Checkpoints and removes the log files that are not needed any more. */
enum status env_trim_log(struct env *env);

/* Opens the copy in DIRECTORY to be read, each index as a database of its own whose values are the
 * keys of what it is of. */
enum status env_open_copy(const char *directory, struct env **env_r);

#endif

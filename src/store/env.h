/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Berkeley DB environment of a home: the only place that knows Berkeley DB.
 * One session at a time: env_open() takes the gate, env_close() lets go of it. */
#ifndef MLDIGEST_STORE_ENV_H
#define MLDIGEST_STORE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* The databases; each is a file of its own, opened when it is first used. */
enum env_db {
	ENV_ARRIVAL, /* number -> record; what the indexes are of */
	ENV_MESSAGE, /* index: Message-ID -> numbers, one for every copy that is kept */
	ENV_ID,      /* index: commit or link -> number */
	ENV_CHANGE,  /* index: change id -> number of the first posting */
	ENV_TEXT,    /* number -> the shown text */
	ENV_META,    /* name -> value: marks of this home */
	ENV_LIST,    /* Message-ID -> list ids of later copies, NUL-separated */
	ENV_REMOVED, /* Message-ID -> the commit that took it out of its archive */
	ENV_ISSUE,   /* number -> what a flush sent */
	ENV_RELATE,  /* see store/relate.c; brought up to date by who reads it */
	ENV_OUTBOX,  /* issue number, recipient -> not sent yet */
	ENV_SUBSCRIBER, /* address -> format and state */
	ENV_LOOKUP,     /* see store/lookup.h; brought up to date by who reads it */
	ENV_DB_COUNT
};

struct env;

/* Bytes that Berkeley DB gave; free data with free(). */
struct env_value {
	void *data;
	size_t length;
};
void env_value_release(struct env_value *value);

/* Takes the gate of HOME and opens HOME/db, running recovery where the marks ask for it.
 * CHECKPOINT_KB: env_close() checkpoints when so much log has passed.  Failures have
 * printed their line and left nothing held. */
enum status env_open(const char *home, unsigned checkpoint_kb, struct env **env_r);

/* Says of a session that has just begun that it adds many records, at the end of ENV_ARRIVAL alone,
 * and changes none: what they are found by is put in order, at the commit (store/env_bulk.h). */
void env_expect_many(struct env *env);

/* Closes the environment, lets go of the gate, and then, when SYNC, brings the log to
 * stable storage: what was committed in this session, and what any session before it had
 * committed. A session in which something failed leaves the busy mark, so that the next
 * one recovers. STATUS_OK means that all of that is done.  ENV is freed in any case. */
enum status env_close(struct env *env, bool sync);

/* One transaction a session at a time.  Writes need one; reads see its writes. */
enum status env_begin(struct env *env);
enum status env_commit(struct env *env);
void env_abort(struct env *env);

/* STATUS_NOINPUT, silently, when there is no such key. */
enum status env_get(struct env *env, enum env_db db, const void *key, size_t key_length,
	struct env_value *value_r);

/* In an index: the number (as its key) and the record that is first under KEY. */
enum status env_get_primary(struct env *env, enum env_db db, const void *key,
	size_t key_length, struct env_value *primary_key_r, struct env_value *value_r);

/* Whether the index DB has KEY; only where env_expect_many() was called. */
enum status env_has(
	struct env *env, enum env_db db, const void *key, size_t key_length, bool *has_r);

/* Writes or replaces VALUE under KEY. */
enum status env_put(struct env *env, enum env_db db, const void *key, size_t key_length,
	const struct env_value *value);
/* Takes KEY out; STATUS_NOINPUT, silently, when it is not there. */
enum status env_delete(
	struct env *env, enum env_db db, const void *key, size_t key_length);

/* A place in a database.  Keys are in the order of their bytes. */
struct env_cursor;
enum env_seek {
	ENV_SEEK_FIRST,
	ENV_SEEK_LAST,
	ENV_SEEK_AT_LEAST, /* the first key not before the given one */
};
enum status env_cursor_open(
	struct env *env, enum env_db db, struct env_cursor **cursor_r);
void env_cursor_close(struct env_cursor *cursor);
/* The key (an index's own key) and the record there; STATUS_NOINPUT, silently, past the
 * end. The bytes are the cursor's, until its next move. */
enum status env_cursor_seek(struct env_cursor *cursor, enum env_seek seek,
	const void *key, size_t key_length);
enum status env_cursor_next(struct env_cursor *cursor);
const uint8_t *env_cursor_key(const struct env_cursor *cursor, size_t *length_r);
const uint8_t *env_cursor_value(const struct env_cursor *cursor, size_t *length_r);
/* Whether key and value there are those that were written; not for an index. */
bool env_cursor_is_sound(const struct env_cursor *cursor);

/* Opens DB now, so that its index is kept up by the puts that follow. */
enum status env_require(struct env *env, enum env_db db);

/* The file of DB in the directory of the databases. */
const char *env_file(enum env_db db);

/* The directory of the home this session is in. */
const char *env_home(const struct env *env);

#endif

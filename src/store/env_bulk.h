/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session that adds many records: what the indexes get of them is put in at its end, in order, so
 * that each of their pages is touched once and not once a record.  For env.c and env_data.c; who
 * reads an index sees what is put, as in any session. */
#ifndef MLDIGEST_STORE_ENV_BULK_H
#define MLDIGEST_STORE_ENV_BULK_H

#include "store/env_private.h"

struct env_bulk;

/* BULK may be NULL, as everywhere here but in env_bulk_put(). */
struct env_bulk *env_bulk_new(void);
void env_bulk_close(struct env *env);

/* Puts VALUE, a record with its sum, under KEY, which is behind all that are there. */
enum status env_bulk_put(
	struct env *env, struct __db_dbt *key, const struct __db_dbt *value);

/* Brings what waits for DB's index, or for all with ENV_DB_COUNT, into it. */
enum status env_bulk_flush(struct env *env, enum env_db db);

/* Whether something waits for DB's index under KEY; rarely true where nothing does. */
bool env_bulk_waits(
	const struct env *env, enum env_db db, const void *key, size_t length);

/* Whether DB's index has KEY, in such a session; the record is not read. */
enum status env_bulk_has(
	struct env *env, enum env_db db, const void *key, size_t length, bool *has_r);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The insides of a session, for the files that know Berkeley DB: env.c, env_data.c. */
#ifndef MLDIGEST_STORE_ENV_PRIVATE_H
#define MLDIGEST_STORE_ENV_PRIVATE_H

#include "store/env.h"
#include "store/gate.h"

struct __db;
struct __db_env;
struct __db_txn;
struct __db_dbt;

struct env {
	char *home, *path;
	struct gate gate;
	struct __db_env *handle;
	struct __db_txn *txn;
	struct __db *dbs[ENV_DB_COUNT];
	unsigned checkpoint_kb;
	uint32_t first_log; /* number of the log file when the session began */
	bool failed;        /* the next session has to recover */
	bool reported;      /* the first error has been printed */
	bool made;          /* files were created: their directory has to be synced */
	bool renew; /* at its close the new file of the database renewed takes over */
	enum env_db renewed;
	bool plain;            /* indexes are opened as databases of their own */
	struct env_bulk *bulk; /* of a session that adds many records, else NULL */
	char *detail;          /* what Berkeley DB said last */
};

/* Behind every value that is not an index's stand the first bytes of a hash over file, key and
 * value: what changes on the disk and still reads well is found by "check". */
enum { ENV_SUM_BYTES = 8 };

/* A database: its file, what makes its keys when it is an index, its flags. */
struct env_table {
	const char *file;
	int (*index)(struct __db *db, const struct __db_dbt *key,
		const struct __db_dbt *data, struct __db_dbt *result);
	uint32_t flags;
	bool derived; /* is made anew from the others when it is lost: values have no sum */
};

/* By enum env_db. */
extern const struct env_table env_tables[ENV_DB_COUNT];

/* Every return of Berkeley DB comes through here: STATUS_OK for 0, else the line is
 * printed, once a session and with NAME (may be NULL), and the session marked as failed.
 */
enum status env_check(struct env *env, int result, const char *name);

/* Between the close of the environment and the release of its gate: what env_rewrite_finish() asked
 * for. */
enum status env_rename_renewed(struct env *env);

#endif

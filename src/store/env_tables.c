/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The databases of a home, and how the indexes find their keys in a record. */
#include "config.h"

#include <db.h>
#include <glib.h>

#include "base/hash.h"
#include "model/record.h"
#include "store/env_private.h"

static int env_index_message(DB *db, const DBT *key, const DBT *data, DBT *result)
{
	struct record_key record;

	(void)db;
	(void)key;
	if (!record_peek(data->data, data->size, &record))
		return DB_DONOTINDEX;
	result->data = (void *)(uintptr_t)record.message_id;
	result->size = (u_int32_t)record.message_id_length;
	return 0;
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

const struct env_table env_tables[ENV_DB_COUNT] = {
	[ENV_ARRIVAL] = {"arrival.db", NULL, 0, false},
	[ENV_MESSAGE] = {"message.db", env_index_message, DB_DUP | DB_DUPSORT, true},
	[ENV_ID] = {"id.db", env_index_id, DB_DUP | DB_DUPSORT, true},
	[ENV_CHANGE] = {"change.db", env_index_change, DB_DUP | DB_DUPSORT, true},
	[ENV_TEXT] = {"text.db", NULL, 0, false},
	[ENV_META] = {"meta.db", NULL, 0, false},
	[ENV_LIST] = {"list.db", NULL, 0, false},
	[ENV_REMOVED] = {"removed.db", NULL, 0, false},
	[ENV_ISSUE] = {"issue.db", NULL, 0, false},
	[ENV_RELATE] = {"relate.db", NULL, 0, true},
	[ENV_OUTBOX] = {"outbox.db", NULL, 0, false},
	[ENV_SUBSCRIBER] = {"subscriber.db", NULL, 0, false},
	[ENV_LOOKUP] = {"lookup.db", NULL, 0, true},
};

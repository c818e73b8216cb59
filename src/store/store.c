/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/text.h"
#include "store/chain.h"
#include "store/env.h"
#include "store/home.h"
#include "store/internal.h"
#include "store/reclass.h"

enum { STORE_DELIVERY_KB = 2048, STORE_BULK_KB = 16384 };

uint64_t store_number_key(uint64_t number)
{
	return GUINT64_TO_BE(number);
}

enum status store_open(const char *home, enum store_weight weight, struct store **store_r)
{
	struct store *store;
	struct env *env;
	enum status status = home_make(home);

	if (status == STATUS_OK)
		status = env_open(home,
			weight == STORE_BULK ? STORE_BULK_KB : STORE_DELIVERY_KB, &env);
	if (status != STATUS_OK)
		return status;
	if (weight == STORE_BULK)
		env_expect_many(env);
	store = g_new0(struct store, 1);
	store->env = env;
	*store_r = store;
	return STATUS_OK;
}

enum status store_close(struct store *store, bool sync)
{
	enum status status = env_close(store->env, sync);

	relate_forget(store->related);
	seen_free(store->seen);
	g_clear_pointer(&store->cover_tags, g_hash_table_unref);
	g_clear_pointer(&store->reclassed, g_hash_table_unref);
	g_free(store);
	return status;
}

enum status store_run(const char *home,
	enum status (*work)(struct store *store, void *data), void *data)
{
	struct store *store;
	enum status closed, status = store_open(home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	status = store_begin(store);
	if (status == STATUS_OK)
		status = work(store, data);
	if (status == STATUS_OK)
		status = store_commit(store);
	closed = store_close(store, status == STATUS_OK);
	return status != STATUS_OK ? status : closed;
}

enum status store_read(const char *home,
	enum status (*work)(struct store *store, void *data), void *data)
{
	struct store *store;
	enum status closed, status = store_open(home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	store->steady = true;
	status = work(store, data);
	closed = store_close(store, false);
	return status != STATUS_OK ? status : closed;
}

void store_remember(struct store *store)
{
	if (store->steady && store->seen == NULL)
		store->seen = seen_new();
}

enum status store_begin(struct store *store)
{
	return env_begin(store->env);
}

enum status store_commit(struct store *store)
{
	return env_commit(store->env);
}

enum status store_decode(
	struct store *store, const void *bytes, size_t length, struct record **record_r)
{
	enum status status = record_decode(bytes, length, record_r);

	if (status == STATUS_CONFIG)
		diag_error("%s: the store was written by a newer version of mldigest",
			env_home(store->env));
	else if (status != STATUS_OK)
		diag_error("%s: a record is damaged", env_home(store->env));
	return status;
}

enum status store_get_meta(struct store *store, const char *name, char **value_r)
{
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_META, name, strlen(name), &value);

	if (status == STATUS_OK)
		*value_r = g_strndup(value.data, value.length);
	env_value_release(&value);
	return status;
}

enum status store_put_meta(struct store *store, const char *name, const char *value)
{
	struct env_value bytes = {(void *)(uintptr_t)value, strlen(value)};

	return env_put(store->env, ENV_META, name, strlen(name), &bytes);
}

enum status store_freeze_list_id(struct store *store, const char *list_id)
{
	return store_put_meta(store, "list-id", list_id);
}

static enum status store_read_start(struct store *store, uint8_t link_r[HASH_BYTES])
{
	g_autofree char *list_id = NULL;
	enum status status = store_get_meta(store, "list-id", &list_id);

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	chain_start(list_id ? list_id : "", link_r);
	return STATUS_OK;
}

enum status store_read_head(struct store *store)
{
	g_autoptr(record_auto) record = NULL;
	struct env_cursor *cursor;
	const uint8_t *bytes;
	size_t length;
	enum status status;

	if (store->head_known)
		return STATUS_OK;
	status = env_cursor_open(store->env, ENV_ARRIVAL, &cursor);
	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_LAST, NULL, 0);
	if (status == STATUS_OK) {
		bytes = env_cursor_value(cursor, &length);
		status = store_decode(store, bytes, length, &record);
	}
	env_cursor_close(cursor);
	if (status == STATUS_OK) {
		store->head = record->number;
		store->latest = record->latest;
		memcpy(store->link, record->link, HASH_BYTES);
	} else if (status == STATUS_NOINPUT) {
		store->head = 0;
		store->latest = 0;
		status = store_read_start(store, store->link);
	}
	store->head_known = status == STATUS_OK;
	return status;
}

enum status store_head(struct store *store, uint64_t *number_r)
{
	enum status status = store_read_head(store);

	if (status == STATUS_OK)
		*number_r = store->head;
	return status;
}

enum status store_get_any(struct store *store, uint64_t number, struct record **record_r)
{
	uint64_t key = store_number_key(number);
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_ARRIVAL, &key, sizeof key, &value);

	if (status == STATUS_OK)
		status = store_decode(store, value.data, value.length, record_r);
	env_value_release(&value);
	return status;
}

/* What is left of an expired message is for the files of store/ alone. */
static enum status store_hide_expired(struct record *record, struct record **record_r)
{
	if (record->flags & RECORD_FLAG_EXPIRED) {
		record_free(record);
		return STATUS_NOINPUT;
	}
	*record_r = record;
	return STATUS_OK;
}

/* What readers get: the class is the one that somebody mended.  Takes RECORD. */
static enum status store_show(
	struct store *store, struct record *record, struct record **record_r)
{
	enum status status = (record->flags & RECORD_FLAG_EXPIRED)
				     ? STATUS_OK
				     : reclass_apply(store, record);

	if (status == STATUS_OK)
		return store_hide_expired(record, record_r);
	record_free(record);
	return status;
}

/* The record for readers out of VALUE, kept for who asks again. */
static enum status store_take(
	struct store *store, const struct env_value *value, struct record **record_r)
{
	struct record *record;
	enum status status = store_decode(store, value->data, value->length, &record);

	if (status == STATUS_OK)
		status = store_show(store, record, record_r);
	if (status == STATUS_OK && store->seen != NULL)
		seen_keep(store->seen, *record_r, value->length);
	return status;
}

enum status store_get(struct store *store, uint64_t number, struct record **record_r)
{
	struct record *record = store->seen ? seen_get(store->seen, number) : NULL;
	uint64_t key = store_number_key(number);
	struct env_value value = {0};
	enum status status;

	if (record != NULL) {
		*record_r = record;
		return STATUS_OK;
	}
	status = env_get(store->env, ENV_ARRIVAL, &key, sizeof key, &value);
	if (status == STATUS_OK)
		status = store_take(store, &value, record_r);
	env_value_release(&value);
	return status;
}

enum status store_find_by(struct store *store, enum env_db index, const void *key,
	size_t length, struct record **record_r)
{
	struct env_value number = {0}, value = {0};
	enum status status = env_get_primary(
		store->env, index, key, length, &number, &value);

	if (status == STATUS_OK)
		status = store_decode(store, value.data, value.length, record_r);
	env_value_release(&number);
	env_value_release(&value);
	return status;
}

/* As store_find() in a session that only reads. */
static enum status store_find_seen(
	struct store *store, const char *message_id, struct record **record_r)
{
	struct env_value key = {0}, value = {0};
	struct record *record = NULL;
	uint64_t number = 0;
	enum status status;

	if (seen_get_id(store->seen, message_id, &number))
		return number > 0 ? store_get(store, number, record_r) : STATUS_NOINPUT;
	status = env_get_primary(
		store->env, ENV_MESSAGE, message_id, strlen(message_id), &key, &value);
	if (status == STATUS_OK && key.length == sizeof number) {
		memcpy(&number, key.data, sizeof number);
		number = GUINT64_FROM_BE(number);
		record = seen_get(store->seen, number);
	}
	if (record != NULL)
		*record_r = record;
	else if (status == STATUS_OK)
		status = store_take(store, &value, record_r);
	env_value_release(&key);
	env_value_release(&value);
	if (status == STATUS_OK || status == STATUS_NOINPUT)
		seen_keep_id(store->seen, message_id, number);
	return status;
}

enum status store_find(
	struct store *store, const char *message_id, struct record **record_r)
{
	struct record *record;
	enum status status;

	if (store->seen != NULL)
		return store_find_seen(store, message_id, record_r);
	status = store_find_plain(store, message_id, &record);
	return status == STATUS_OK ? store_show(store, record, record_r) : status;
}

enum status store_find_plain(
	struct store *store, const char *message_id, struct record **record_r)
{
	struct record *record;
	enum status status = store_find_by(
		store, ENV_MESSAGE, message_id, strlen(message_id), &record);

	return status == STATUS_OK ? store_hide_expired(record, record_r) : status;
}

enum status store_get_text(struct store *store, uint64_t number, char **text_r)
{
	uint64_t key = store_number_key(number);
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_TEXT, &key, sizeof key, &value);

	if (status == STATUS_OK || status == STATUS_NOINPUT)
		*text_r = g_strndup(value.data ? value.data : "", value.length);
	env_value_release(&value);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

enum status store_get_lists(struct store *store, const char *message_id, GPtrArray *lists)
{
	struct env_value value = {0};
	enum status status = env_get(
		store->env, ENV_LIST, message_id, strlen(message_id), &value);
	const char *at = value.data;
	size_t left = value.length;

	while (left > 0) {
		size_t length = strnlen(at, left);

		g_ptr_array_add(lists, g_strndup(at, length));
		at += MIN(length + 1, left);
		left -= MIN(length + 1, left);
	}
	env_value_release(&value);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

enum status store_is_removed(struct store *store, const char *message_id, bool *removed_r)
{
	struct env_value value = {0};
	enum status status = env_get(
		store->env, ENV_REMOVED, message_id, strlen(message_id), &value);

	env_value_release(&value);
	if (status == STATUS_OK || status == STATUS_NOINPUT) {
		*removed_r = status == STATUS_OK;
		return STATUS_OK;
	}
	return status;
}

enum status store_remove(struct store *store, const char *message_id,
	const uint8_t *commit, size_t commit_length)
{
	g_autoptr(record_auto) record = NULL;
	struct env_value value = {(void *)(uintptr_t)commit, commit_length};
	enum status status = store_find(store, message_id, &record);
	uint64_t key;

	if (status == STATUS_OK) {
		key = store_number_key(record->number);
		status = env_delete(store->env, ENV_TEXT, &key, sizeof key);
	}
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	return env_put(store->env, ENV_REMOVED, message_id, strlen(message_id), &value);
}

enum status store_get_mark(struct store *store, uint64_t *number_r)
{
	g_autofree char *value = NULL;
	enum status status = store_get_meta(store, "mark", &value);

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*number_r = value ? g_ascii_strtoull(value, NULL, 10) : 0;
	return STATUS_OK;
}

enum status store_put_mark(struct store *store, uint64_t number)
{
	g_autofree char *value = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);

	return store_put_meta(store, "mark", value);
}

enum status store_first_since(struct store *store, int64_t time, uint64_t *number_r)
{
	uint64_t low = 1, high;
	enum status status = store_head(store, &high);

	/* latest never falls, so halving finds its first value from TIME on. */
	high++;
	while (status == STATUS_OK && low < high) {
		uint64_t middle = low + (high - low) / 2;
		g_autoptr(record_auto) record = NULL;

		status = store_get_any(store, middle, &record);
		if (status == STATUS_OK && record->latest < time)
			low = middle + 1;
		else
			high = middle;
	}
	if (status == STATUS_OK)
		*number_r = low;
	return status;
}

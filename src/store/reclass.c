/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/reclass.h"

#include <string.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/env.h"
#include "store/internal.h"
#include "store/relate_index.h"
#include "store/review_index.h"

void reclass_free(struct reclass *reclass)
{
	if (reclass == NULL)
		return;
	g_free(reclass->message_id);
	g_free(reclass->who);
	g_free(reclass->why);
	g_free(reclass);
}

static char *reclass_name(const char *message_id)
{
	return g_strconcat(RECLASS_PREFIX, message_id, NULL);
}

/* "CLASS WAS TIME", who, and why, a line each. */
static char *reclass_format(const struct reclass *reclass)
{
	return g_strdup_printf("%s %s %" G_GINT64_FORMAT "\n%s\n%s\n",
		record_class_name(reclass->class), record_class_name(reclass->was),
		(gint64)reclass->time, reclass->who, reclass->why);
}

struct reclass *reclass_parse(const char *message_id, const char *value, size_t length)
{
	g_autofree char *text = g_strndup(value, length);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 4);
	g_auto(GStrv) words = g_strsplit(*lines != NULL ? *lines : "", " ", 4);
	struct reclass *reclass;
	enum record_class class, was;
	gint64 time;

	if (g_strv_length(lines) != 4 || g_strv_length(words) != 3 ||
		!record_class_from_name(words[0], &class) ||
		!record_class_from_name(words[1], &was) ||
		!g_ascii_string_to_signed(
			words[2], 10, G_MININT64, G_MAXINT64, &time, NULL))
		return NULL;
	reclass = g_new0(struct reclass, 1);
	reclass->message_id = g_strdup(message_id);
	reclass->class = class;
	reclass->was = was;
	reclass->time = time;
	reclass->who = text_sanitize_line(lines[1], strlen(lines[1]));
	reclass->why = text_sanitize_line(lines[2], strlen(lines[2]));
	return reclass;
}

static void reclass_free_entry(void *reclass)
{
	reclass_free(reclass);
}

/* The entry where CURSOR is; NULL for what is none. */
static struct reclass *reclass_at(const struct env_cursor *cursor)
{
	size_t key_length, length, prefix = strlen(RECLASS_PREFIX);
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	const uint8_t *value = env_cursor_value(cursor, &length);
	g_autofree char *id = g_strndup((const char *)key + prefix, key_length - prefix);

	return reclass_parse(id, (const char *)value, length);
}

/* All entries, once a session: who reads many messages asks for each. */
static enum status reclass_load(struct store *store)
{
	size_t length, prefix = strlen(RECLASS_PREFIX);
	GHashTable *table;
	struct env_cursor *cursor;
	enum status status;

	if (store->reclassed != NULL)
		return STATUS_OK;
	status = env_cursor_open(store->env, ENV_META, &cursor);
	if (status != STATUS_OK)
		return status;
	table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, reclass_free_entry);
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, RECLASS_PREFIX, prefix);
	while (status == STATUS_OK) {
		const uint8_t *key = env_cursor_key(cursor, &length);
		struct reclass *reclass;

		if (length < prefix || memcmp(key, RECLASS_PREFIX, prefix) != 0)
			break;
		reclass = reclass_at(cursor);
		if (reclass != NULL)
			g_hash_table_insert(table, reclass->message_id, reclass);
		status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	if (status != STATUS_OK && status != STATUS_NOINPUT) {
		g_hash_table_unref(table);
		return status;
	}
	store->reclassed = table;
	return STATUS_OK;
}

static void reclass_unload(struct store *store)
{
	g_clear_pointer(&store->reclassed, g_hash_table_unref);
}

enum status reclass_apply(struct store *store, struct record *record)
{
	const struct reclass *reclass;
	enum status status = reclass_load(store);

	if (status != STATUS_OK)
		return status;
	reclass = g_hash_table_lookup(store->reclassed, record->message_id);
	if (reclass != NULL)
		record->class = reclass->class;
	return STATUS_OK;
}

static struct reclass *reclass_copy(const struct reclass *reclass)
{
	struct reclass *copy = g_memdup2(reclass, sizeof *reclass);

	copy->message_id = g_strdup(reclass->message_id);
	copy->who = g_strdup(reclass->who);
	copy->why = g_strdup(reclass->why);
	return copy;
}

enum status reclass_find(
	struct store *store, const char *message_id, struct reclass **reclass_r)
{
	const struct reclass *reclass;
	enum status status = reclass_load(store);

	if (status != STATUS_OK)
		return status;
	reclass = g_hash_table_lookup(store->reclassed, message_id);
	if (reclass == NULL)
		return STATUS_NOINPUT;
	*reclass_r = reclass_copy(reclass);
	return STATUS_OK;
}

static gint reclass_compare(gconstpointer a, gconstpointer b)
{
	const struct reclass *const *first = a, *const *second = b;

	if ((*first)->time != (*second)->time)
		return (*first)->time > (*second)->time ? -1 : 1;
	return strcmp((*first)->message_id, (*second)->message_id);
}

enum status reclass_list(struct store *store, GPtrArray *list)
{
	GHashTableIter iter;
	gpointer reclass;
	enum status status = reclass_load(store);

	if (status != STATUS_OK)
		return status;
	g_hash_table_iter_init(&iter, store->reclassed);
	while (g_hash_table_iter_next(&iter, NULL, &reclass))
		g_ptr_array_add(list, reclass_copy(reclass));
	g_ptr_array_sort(list, reclass_compare);
	return STATUS_OK;
}

/* All copies under MESSAGE_ID, as the rules had them, in COPIES. */
static enum status reclass_find_copies(
	struct store *store, const char *message_id, GPtrArray *copies)
{
	size_t id_length = strlen(message_id), key_length, length;
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_MESSAGE, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, message_id, id_length);
	while (status == STATUS_OK) {
		const uint8_t *key = env_cursor_key(cursor, &key_length), *value;
		struct record *record = NULL;

		if (key_length != id_length || memcmp(key, message_id, id_length) != 0)
			break;
		value = env_cursor_value(cursor, &length);
		status = store_decode(store, value, length, &record);
		if (status != STATUS_OK)
			break;
		g_ptr_array_add(copies, record);
		status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status reclass_delete_keys(struct store *store, const struct record *record)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	enum status status = STATUS_OK;

	relate_add_keys(record, keys);
	for (guint i = 0; i < keys->len && status == STATUS_OK; i++) {
		status = env_delete(
			store->env, ENV_RELATE, keys->pdata[i], RELATE_KEY_BYTES);
		status = status == STATUS_NOINPUT ? STATUS_OK : status;
	}
	return status;
}

/* RECORD, which relate.db knows under its class, goes there under CLASS. */
static enum status reclass_move(
	struct store *store, struct record *record, enum record_class class)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	bool posting = record_is_posting(record);
	enum status status = reclass_delete_keys(store, record);

	record->class = class;
	relate_add_keys(record, keys);
	if (status == STATUS_OK)
		status = relate_put_keys(store, keys);
	if (status != STATUS_OK || posting == record_is_posting(record))
		return status;
	return posting ? review_drop(store, record->number)
		       : review_put_open(store, record->number);
}

/* Brings relate.db from the class that MESSAGE_ID has to CLASS, or to what the rules said for
 * RECORD_CLASS_COUNT; what waits for a review is found out anew. */
static enum status reclass_index(
	struct store *store, const char *message_id, enum record_class class)
{
	g_autoptr(GPtrArray) copies = relate_new_records();
	uint64_t mark = 0;
	enum status status = reclass_find_copies(store, message_id, copies);

	if (status == STATUS_OK)
		status = relate_get_mark(store, &mark);
	for (guint i = 0; i < copies->len && status == STATUS_OK; i++) {
		struct record *record = copies->pdata[i];
		enum record_class next =
			class == RECORD_CLASS_COUNT ? record->class : class;

		if (record->number > mark || (record->flags & RECORD_FLAG_EXPIRED))
			continue;
		status = reclass_apply(store, record);
		if (status == STATUS_OK)
			status = reclass_move(store, record, next);
	}
	if (status == STATUS_OK)
		status = env_delete(
			store->env, ENV_META, REVIEW_MARK, strlen(REVIEW_MARK));
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status reclass_write(struct store *store, void *data)
{
	struct reclass *reclass = data;
	g_autoptr(record_auto) record = NULL, shown = NULL;
	g_autofree char *name = reclass_name(reclass->message_id);
	g_autofree char *value = NULL;
	enum status status = store_find_plain(store, reclass->message_id, &record);

	if (status == STATUS_NOINPUT)
		diag_error(
			"%s: no message here has that Message-ID", reclass->message_id);
	if (status == STATUS_OK)
		status = store_find(store, reclass->message_id, &shown);
	if (status != STATUS_OK)
		return status;
	if (shown->class == reclass->class) {
		diag_error("%s: is of class %s already", reclass->message_id,
			record_class_name(reclass->class));
		return STATUS_USAGE;
	}
	reclass->was = record->class;
	value = reclass_format(reclass);
	status = reclass_index(store, reclass->message_id, reclass->class);
	if (status == STATUS_OK)
		status = store_put_meta(store, name, value);
	reclass_unload(store);
	return status;
}

enum status reclass_put(const char *home, struct reclass *reclass)
{
	return store_run(home, reclass_write, reclass);
}

static enum status reclass_take_back(struct store *store, void *data)
{
	const char *message_id = data;
	g_autoptr(reclass_auto) reclass = NULL;
	enum status status = reclass_find(store, message_id, &reclass);

	if (status == STATUS_NOINPUT)
		diag_error("%s: its class was not changed by hand", message_id);
	if (status == STATUS_OK)
		status = reclass_index(store, message_id, RECORD_CLASS_COUNT);
	return status == STATUS_OK ? reclass_forget(store, message_id) : status;
}

enum status reclass_undo(const char *home, const char *message_id)
{
	return store_run(home, reclass_take_back, (void *)(uintptr_t)message_id);
}

enum status reclass_forget(struct store *store, const char *message_id)
{
	g_autofree char *name = reclass_name(message_id);
	enum status status = reclass_load(store);

	if (status != STATUS_OK || !g_hash_table_contains(store->reclassed, message_id))
		return status;
	status = env_delete(store->env, ENV_META, name, strlen(name));
	reclass_unload(store);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

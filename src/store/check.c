/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/check.h"

#include <stdarg.h>
#include <string.h>

#include "base/diag.h"
#include "store/chain.h"
#include "store/check_internal.h"
#include "store/copy.h"
#include "store/env_care.h"
#include "store/reclass.h"

/* How often the store is copied to get a copy of it in which nothing moved. */
enum { CHECK_TRIES = 5 };

void check_fault(struct check *check, enum env_db db, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list arguments;

	if (++check->faults[db] > CHECK_SHOWN)
		return;
	va_start(arguments, format);
	why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	diag_error("%s/db/%s: %s", check->home, env_file(db), why);
}

char *check_name_bytes(const uint8_t *key, size_t length)
{
	GString *name = g_string_new(NULL);

	for (size_t i = 0; i < length; i++)
		if (g_ascii_isgraph(key[i]))
			g_string_append_c(name, (char)key[i]);
		else
			g_string_append_printf(name, "%%%02x", key[i]);
	return g_string_free(name, FALSE);
}

bool check_key_number(const uint8_t *key, size_t length, uint64_t *number_r)
{
	uint64_t be;

	if (length != sizeof be)
		return false;
	memcpy(&be, key, sizeof be);
	*number_r = GUINT64_FROM_BE(be);
	return true;
}

char *check_name_number(const uint8_t *key, size_t length)
{
	uint64_t number;

	if (!check_key_number(key, length, &number))
		return check_name_bytes(key, length);
	return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
}

enum status check_walk(struct check *check, const struct check_walk *walk)
{
	struct env_cursor *cursor;
	enum status status = env_cursor_open(check->store.env, walk->db, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	for (; status == STATUS_OK; status = env_cursor_next(cursor)) {
		size_t length;
		const uint8_t *key = env_cursor_key(cursor, &length);
		g_autofree char *name = NULL;

		if (env_cursor_is_sound(cursor)) {
			walk->each(check, cursor);
			continue;
		}
		name = walk->name(key, length);
		check_fault(check, walk->db, "%s: is not what was written", name);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* What goes along the records. */
struct check_records {
	struct env_cursor *records, *texts;
	uint64_t number; /* of the last */
	int64_t latest;
	uint8_t link[HASH_BYTES];
	bool link_known; /* a missing record leaves the next link unproven */
};

static void check_record(
	struct check *check, struct check_records *walk, const struct record *record)
{
	uint8_t link[HASH_BYTES];

	chain_next(
		walk->link, record->number, record->raw_hash, record->message_id, link);
	if (walk->link_known && memcmp(link, record->link, HASH_BYTES) != 0)
		check_fault(check, ENV_ARRIVAL,
			"%" G_GUINT64_FORMAT ": <%s>: the chain breaks here",
			(guint64)record->number, record->message_id);
	if (walk->link_known && record->latest != MAX(walk->latest, record->arrival))
		check_fault(check, ENV_ARRIVAL,
			"%" G_GUINT64_FORMAT ": <%s>: out of the order of arrival",
			(guint64)record->number, record->message_id);
	memcpy(walk->link, record->link, HASH_BYTES);
	walk->latest = record->latest;
	walk->link_known = true;
	if (record->flags & RECORD_FLAG_EXPIRED)
		check->result.expired++;
	else
		check->result.messages++;
}

/* The record where the cursor is, of which the value is as it was written. */
static void check_decode(struct check *check, struct check_records *walk)
{
	size_t key_length, length;
	const uint8_t *key = env_cursor_key(walk->records, &key_length);
	const uint8_t *bytes = env_cursor_value(walk->records, &length);
	g_autoptr(record_auto) record = NULL;

	if (record_decode(bytes, length, &record) != STATUS_OK ||
		record->number != walk->number) {
		check_fault(check, ENV_ARRIVAL,
			"%" G_GUINT64_FORMAT ": is no record of that number",
			(guint64)walk->number);
		walk->link_known = false;
		return;
	}
	check_record(check, walk, record);
	if (key_length == sizeof(uint64_t))
		check_expect_entries(check, key, bytes, length);
	if (reclass_apply(&check->store, record) == STATUS_OK)
		check_expect_related(check, record);
	check_expect_lookup(check, record);
}

/* The texts up to NUMBER: one may stand there, none before. */
static enum status check_texts(struct check *check, struct check_records *walk, bool here)
{
	enum status status = STATUS_OK;
	uint64_t number;
	size_t length;

	while (walk->texts != NULL && status == STATUS_OK) {
		const uint8_t *key = env_cursor_key(walk->texts, &length);
		bool numbered = check_key_number(key, length, &number);
		g_autofree char *name = check_name_number(key, length);

		if (numbered && number > walk->number)
			break;
		if (!numbered || number < walk->number || !here)
			check_fault(
				check, ENV_TEXT, "%s: no message has that number", name);
		else if (!env_cursor_is_sound(walk->texts))
			check_fault(check, ENV_TEXT, "%s: is not what was written", name);
		status = env_cursor_next(walk->texts);
	}
	if (status == STATUS_NOINPUT)
		g_clear_pointer(&walk->texts, env_cursor_close);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status check_at_record(struct check *check, struct check_records *walk)
{
	size_t length;
	uint64_t number;
	const uint8_t *key = env_cursor_key(walk->records, &length);
	g_autofree char *name = check_name_number(key, length);

	if (!check_key_number(key, length, &number)) {
		check_fault(check, ENV_ARRIVAL, "%s: is no number", name);
		return STATUS_OK;
	}
	if (number != walk->number + 1) {
		check_fault(check, ENV_ARRIVAL,
			"%" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ": missing",
			(guint64)walk->number + 1, (guint64)number - 1);
		walk->link_known = false;
	}
	walk->number = number;
	if (env_cursor_is_sound(walk->records)) {
		check_decode(check, walk);
	} else {
		check_fault(check, ENV_ARRIVAL, "%s: is not what was written", name);
		walk->link_known = false;
	}
	return check_texts(check, walk, true);
}

static enum status check_records(struct check *check)
{
	struct check_records walk = {.link_known = true};
	g_autofree char *list_id = NULL;
	enum status status = store_get_meta(&check->store, "list-id", &list_id);

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	chain_start(list_id ? list_id : "", walk.link);
	status = env_cursor_open(check->store.env, ENV_ARRIVAL, &walk.records);
	if (status != STATUS_OK)
		return status;
	status = env_cursor_open(check->store.env, ENV_TEXT, &walk.texts);
	if (status == STATUS_OK)
		status = env_cursor_seek(walk.texts, ENV_SEEK_FIRST, NULL, 0);
	if (status == STATUS_NOINPUT)
		g_clear_pointer(&walk.texts, env_cursor_close);
	if (status == STATUS_OK || status == STATUS_NOINPUT)
		status = env_cursor_seek(walk.records, ENV_SEEK_FIRST, NULL, 0);
	while (status == STATUS_OK) {
		status = check_at_record(check, &walk);
		if (status == STATUS_OK)
			status = env_cursor_next(walk.records);
	}
	check->head = walk.number;
	memcpy(check->result.head, walk.link, HASH_BYTES);
	walk.number = UINT64_MAX;
	if (status == STATUS_NOINPUT)
		status = check_texts(check, &walk, false);
	env_cursor_close(walk.texts);
	env_cursor_close(walk.records);
	return status;
}

/* What is behind the faults that were shown, and whether there were any. */
static enum status check_count_faults(const struct check *check)
{
	enum status status = check->other_faults > 0 ? STATUS_DATA : STATUS_OK;

	for (int i = 0; i < ENV_DB_COUNT; i++) {
		if (check->faults[i] > 0)
			status = STATUS_DATA;
		if (check->faults[i] > CHECK_SHOWN)
			diag_error("%s/db/%s: and %u more", check->home,
				env_file((enum env_db)i), check->faults[i] - CHECK_SHOWN);
	}
	return status;
}

static enum status check_contents(struct check *check, const char *directory)
{
	enum status closed, status = env_open_copy(directory, &check->store.env);

	if (status != STATUS_OK)
		return status;
	status = check_begin_related(check);
	if (status == STATUS_OK)
		status = check_begin_lookup(check);
	if (status == STATUS_OK)
		status = check_records(check);
	if (status == STATUS_OK)
		status = check_indexes(check);
	if (status == STATUS_OK)
		status = check_related(check);
	if (status == STATUS_OK)
		status = check_lookup(check);
	if (status == STATUS_OK)
		status = check_others(check);
	closed = env_close(check->store.env, false);
	if (status == STATUS_OK)
		status = closed;
	return status == STATUS_OK ? check_count_faults(check) : status;
}

static void check_on_verify(const char *file, const char *why, void *data)
{
	struct check *check = data;

	check->other_faults++;
	diag_error("%s/db/%s: %s", check->home, file, why);
}

/* The structure first: what is broken there cannot be read further. */
static enum status check_copy(struct check *check, const char *directory, bool quiet)
{
	g_autofree char *why = NULL;
	bool settled = env_settle(directory, quiet, &why);

	if (env_verify(directory, check_on_verify, check) > 0)
		return STATUS_DATA;
	if (settled)
		return check_contents(check, directory);
	diag_error("%s/db: the log does not lead to a good store: %s", check->home, why);
	return STATUS_DATA;
}

enum status check_store(const char *home, struct check_result *result_r)
{
	struct check check = {.home = home};
	g_autofree char *path = g_build_filename(home, "copy.tmp", NULL);
	struct copy_scratch scratch;
	bool quiet = false;
	enum status status = copy_take_scratch(path, &scratch);

	if (status != STATUS_OK)
		return status;
	/* One of a store that is written to all the time will do, though its recovery may mend what
	 * it should show. */
	check.expired = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (int i = 0; status == STATUS_OK && !quiet && i < CHECK_TRIES; i++) {
		copy_empty(scratch.path);
		status = copy_make(home, scratch.path, &quiet);
	}
	if (status == STATUS_OK)
		status = check_copy(&check, scratch.path, quiet);
	copy_release_scratch(&scratch);
	g_hash_table_destroy(check.expired);
	if (status == STATUS_OK)
		*result_r = check.result;
	return status;
}

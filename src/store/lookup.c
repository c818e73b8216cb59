/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding: each value of the kind is looked at once, and the entries of those that do not fit are
 * stepped over. */
#include "config.h"

#include "store/lookup.h"

#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "store/env.h"
#include "store/internal.h"
#include "store/lookup_index.h"

struct lookup_walk {
	const struct lookup_query *query;
	struct numbers *numbers;
	uint64_t mark;     /* no entry has a larger number */
	GByteArray *next;  /* the least key that was not looked at yet */
	GByteArray *value; /* what the last entry had, and whether it fits */
	bool known, fits;
	bool done;
};

/* Whether the value of KEY fits the query: what is not whole has to be looked at in the record.  A
 * NUL is behind the value.  STATUS_DATA, silently, for what is no value. */
static enum status lookup_fits(
	const struct lookup_query *query, const struct lookup_key *key, bool *fits_r)
{
	const char *name = (const char *)key->value;
	size_t length = strlen(name);
	bool person = key->kind == LOOKUP_PERSON;
	const char *address = person ? name + length + 1 : "";

	*fits_r = true;
	if (key->length >= LOOKUP_VALUE_BYTES)
		return STATUS_OK;
	if ((person ? length + 1 + strlen(address) : length) != key->length ||
		!g_utf8_validate(name, -1, NULL) || !g_utf8_validate(address, -1, NULL))
		return STATUS_DATA;
	*fits_r = query->fits(name, address, query->data);
	return STATUS_OK;
}

/* The same in WALK, asked once a value. */
static enum status lookup_judge(struct lookup_walk *walk, const struct lookup_key *key)
{
	if (walk->known && walk->value->len == key->length &&
		memcmp(walk->value->data, key->value, key->length) == 0)
		return STATUS_OK;
	g_byte_array_set_size(walk->value, 0);
	g_byte_array_append(walk->value, key->value, (guint)key->length);
	walk->known = true;
	return lookup_fits(walk->query, key, &walk->fits);
}

/* Whether the LENGTH bytes at KEY are still of the query's range. */
static bool lookup_is_inside(
	const struct lookup_query *query, const uint8_t *key, size_t length)
{
	size_t prefix = MIN(strlen(query->prefix), LOOKUP_VALUE_BYTES);

	return length > prefix && key[0] == query->kind &&
	       memcmp(key + 1, query->prefix, prefix) == 0;
}

static void lookup_set_next(struct lookup_walk *walk, const void *key, size_t length)
{
	g_byte_array_set_size(walk->next, 0);
	g_byte_array_append(walk->next, key, (guint)length);
}

/* Sets the next key to the first one behind all those of KEY's value. */
static void lookup_step_over(struct lookup_walk *walk, const struct lookup_key *key)
{
	const uint8_t kind = (uint8_t)key->kind, behind = '\0' + 1;

	lookup_set_next(walk, &kind, 1);
	g_byte_array_append(walk->next, key->value, (guint)key->length);
	g_byte_array_append(walk->next, &behind, 1);
}

/* Sets it to the first one of KEY's value and the query's numbers. */
static void lookup_step_to_first(struct lookup_walk *walk, const struct lookup_key *key)
{
	const struct lookup_key first = {
		key->kind, key->value, key->length, walk->query->first};
	g_autoptr(GBytes) bytes = lookup_make_key(&first);
	gsize length;
	const void *data = g_bytes_get_data(bytes, &length);

	lookup_set_next(walk, data, length);
}

/* Takes the entry at CURSOR and moves to the one that is to be looked at next. */
static enum status lookup_take(struct lookup_walk *walk, struct env_cursor *cursor)
{
	const struct lookup_query *query = walk->query;
	struct lookup_key key;
	size_t length;
	const uint8_t *bytes = env_cursor_key(cursor, &length);
	enum status status;

	if (!lookup_is_inside(query, bytes, length))
		return STATUS_NOINPUT;
	if (!lookup_parse_key(bytes, length, &key) || key.number > walk->mark)
		return STATUS_DATA;
	status = lookup_judge(walk, &key);
	if (status != STATUS_OK)
		return status;
	if (walk->fits && key.number >= query->first && key.number <= query->last) {
		numbers_add(walk->numbers, key.number);
		return env_cursor_next(cursor);
	}
	if (walk->fits && key.number < query->first)
		lookup_step_to_first(walk, &key);
	else
		lookup_step_over(walk, &key);
	return env_cursor_seek(
		cursor, ENV_SEEK_AT_LEAST, walk->next->data, walk->next->len);
}

/* One session's worth. */
static enum status lookup_find_some(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct lookup_walk *walk = data;
	struct env_cursor *cursor;
	const uint8_t *key;
	size_t length;
	enum status status = lookup_get_mark(store, &walk->mark);

	if (status == STATUS_OK)
		status = env_cursor_open(store->env, ENV_LOOKUP, &cursor);
	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(
		cursor, ENV_SEEK_AT_LEAST, walk->next->data, walk->next->len);
	while (status == STATUS_OK && io_milliseconds() < deadline)
		status = lookup_take(walk, cursor);
	if (status == STATUS_OK) {
		key = env_cursor_key(cursor, &length);
		lookup_set_next(walk, key, length);
	}
	env_cursor_close(cursor);
	walk->done = status == STATUS_NOINPUT;
	return walk->done ? STATUS_OK : status;
}

enum status lookup_find(
	const char *home, const struct lookup_query *query, struct numbers *numbers)
{
	struct lookup_walk walk = {.query = query,
		.numbers = numbers,
		.next = g_byte_array_new(),
		.value = g_byte_array_new()};
	const uint8_t kind = (uint8_t)query->kind;
	enum status status = STATUS_OK;

	g_byte_array_append(walk.next, &kind, 1);
	g_byte_array_append(walk.next, (const uint8_t *)query->prefix,
		(guint)MIN(strlen(query->prefix), LOOKUP_VALUE_BYTES));
	while (status == STATUS_OK && !walk.done)
		status = store_read(home, lookup_find_some, &walk);
	g_byte_array_unref(walk.next);
	g_byte_array_unref(walk.value);
	return status;
}

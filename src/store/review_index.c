/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/review_index.h"

#include <string.h>

#include "model/series.h"
#include "store/env.h"
#include "store/internal.h"
#include "store/relate_index.h"

enum {
	/* Parts of one series come close together, see relate.c. */
	REVIEW_MATES_REACH = 10000,
	REVIEW_MATES = 200,
	/* Of mails that answer one that comes late. */
	REVIEW_AROUND = 100,
};

static const uint8_t review_no_hash[HASH_BYTES];

static enum status review_put(struct store *store, enum relate_kind kind, uint64_t number)
{
	struct env_value nothing = {(void *)(uintptr_t) "", 0};
	uint8_t key[RELATE_KEY_BYTES];

	relate_make_key(kind, review_no_hash, number, key);
	return env_put(store->env, ENV_RELATE, key, sizeof key, &nothing);
}

/* *THERE_R (may be NULL): whether it was. */
static enum status review_delete(
	struct store *store, enum relate_kind kind, uint64_t number, bool *there_r)
{
	uint8_t key[RELATE_KEY_BYTES];
	enum status status;

	relate_make_key(kind, review_no_hash, number, key);
	status = env_delete(store->env, ENV_RELATE, key, sizeof key);
	if (there_r != NULL)
		*there_r = status == STATUS_OK;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

enum status review_put_open(struct store *store, uint64_t number)
{
	enum status status = review_delete(store, RELATE_CLOSED, number, NULL);

	return status == STATUS_OK ? review_put(store, RELATE_OPEN, number) : status;
}

enum status review_put_closed(struct store *store, uint64_t number)
{
	enum status status = review_delete(store, RELATE_OPEN, number, NULL);

	return status == STATUS_OK ? review_put(store, RELATE_CLOSED, number) : status;
}

enum status review_drop(struct store *store, uint64_t number)
{
	enum status status = review_delete(store, RELATE_OPEN, number, NULL);

	return status == STATUS_OK ? review_delete(store, RELATE_CLOSED, number, NULL)
				   : status;
}

/* Opens NUMBER if it is closed: only a posting is. */
static enum status review_wake(struct store *store, uint64_t number)
{
	bool closed;
	enum status status = review_delete(store, RELATE_CLOSED, number, &closed);

	return status == STATUS_OK && closed ? review_put(store, RELATE_OPEN, number)
					     : status;
}

static enum status review_wake_query(
	struct store *store, const struct relate_query *query)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	enum status status = relate_find_numbers(store, query, numbers);

	for (guint i = 0; i < numbers->len && status == STATUS_OK; i++)
		status = review_wake(store, g_array_index(numbers, uint64_t, i));
	return status;
}

static enum status review_wake_ids(struct store *store, const GPtrArray *ids)
{
	enum status status = STATUS_OK;

	for (guint i = 0; i < ids->len && i < REVIEW_AROUND && status == STATUS_OK; i++) {
		g_autoptr(record_auto) record = NULL;

		status = store_find(store, ids->pdata[i], &record);
		if (status == STATUS_OK)
			status = review_wake(store, record->number);
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	return status;
}

/* Parts of POSTING's sender and total may go together otherwise now. */
static enum status review_wake_mates(struct store *store, const struct record *posting)
{
	uint8_t hash[HASH_BYTES];
	struct relate_query query = {.kind = RELATE_SERIES,
		.hash = hash,
		.last = posting->number + REVIEW_MATES_REACH,
		.limit = REVIEW_MATES,
		.near = posting->number};

	series_key(posting, hash);
	if (posting->number > REVIEW_MATES_REACH)
		query.first = posting->number - REVIEW_MATES_REACH;
	return hash_is_none(hash) ? STATUS_OK : review_wake_query(store, &query);
}

/* What was here before POSTING, which it answers. */
static enum status review_wake_answers(struct store *store, const struct record *posting)
{
	g_autoptr(GPtrArray) answers = relate_new_records();
	enum status status = relate_find_by_string(
		store, RELATE_REFER, posting->message_id, REVIEW_AROUND, answers);

	for (guint i = 0; i < answers->len && status == STATUS_OK; i++) {
		const struct record *answer = answers->pdata[i];

		status = record_is_posting(answer)
				 ? review_wake(store, answer->number)
				 : review_wake_ids(store, answer->references);
	}
	return status;
}

enum status review_open(struct store *store, const struct record *posting)
{
	enum status status = review_put_open(store, posting->number);

	if (status == STATUS_OK)
		status = review_wake_mates(store, posting);
	/* A cover letter that says another total. */
	if (status == STATUS_OK && posting->position > 0)
		status = review_wake_ids(store, posting->references);
	return status == STATUS_OK ? review_wake_answers(store, posting) : status;
}

/* Up to LIMIT numbers of KIND from FIRST on. */
static enum status review_find(struct store *store, enum relate_kind kind, uint64_t first,
	guint limit, GArray *numbers)
{
	struct env_cursor *cursor;
	uint8_t start[RELATE_KEY_BYTES];
	enum status status = env_cursor_open(store->env, ENV_RELATE, &cursor);

	if (status != STATUS_OK)
		return status;
	relate_make_key(kind, review_no_hash, first, start);
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, start, sizeof start);
	while (status == STATUS_OK && numbers->len < limit) {
		size_t length;
		const uint8_t *key = env_cursor_key(cursor, &length);
		uint64_t number;

		if (length != RELATE_KEY_BYTES || key[0] != (uint8_t)kind)
			break;
		number = relate_key_number(key);
		g_array_append_val(numbers, number);
		status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

enum status review_is_any_closed(struct store *store, bool *closed_r)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	enum status status = review_find(store, RELATE_CLOSED, 0, 1, numbers);

	if (status == STATUS_OK)
		*closed_r = numbers->len > 0;
	return status;
}

enum status review_find_open(
	struct store *store, uint64_t first, guint limit, GArray *numbers)
{
	return review_find(store, RELATE_OPEN, first, limit, numbers);
}

enum status review_reopen(struct store *store, guint limit, bool *left_r)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	enum status status = review_find(store, RELATE_CLOSED, 0, limit, numbers);

	*left_r = numbers->len == limit;
	for (guint i = 0; i < numbers->len && status == STATUS_OK; i++)
		status = review_put_open(store, g_array_index(numbers, uint64_t, i));
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adding a message: is it known, is its change known, and its place in the chain. */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "store/chain.h"
#include "store/env.h"
#include "store/internal.h"

/* What the copies that are here say of a new one. */
struct store_copies {
	bool any;       /* there is one */
	bool same;      /* and one has the same content */
	bool completed; /* the new one is the whole of one that was cut short */
	bool unsure;    /* or it may be: it came without its body */
};

static void store_compare(const struct record *stored, const struct reading *reading,
	struct store_copies *copies)
{
	const struct record *record = reading->record;
	bool equal = memcmp(stored->content_hash, record->content_hash, HASH_BYTES) == 0;
	bool partial = record->flags & RECORD_FLAG_PARTIAL;

	copies->any = true;
	/* The whole copy of one that was flagged confirms it, under a number of its own. */
	copies->same |= equal && (partial || !(stored->flags & RECORD_FLAG_PARTIAL));
	/* A cut copy behind a longer one adds nothing: its feeder gets 75 and sends it again. */
	copies->same |= partial && stored->body_length >= record->body_length;
	copies->unsure |= !equal && reading->body == NULL;
	copies->completed |= equal || (reading->body != NULL &&
					      reading_completes(reading, stored));
}

/* All copies under the message's Message-ID, in order of arrival. */
static enum status store_compare_copies(
	struct store *store, const struct reading *reading, struct store_copies *copies)
{
	const char *id = reading->record->message_id;
	size_t id_length = strlen(id), key_length, length;
	g_autoptr(record_auto) first = NULL;
	struct env_cursor *cursor;
	enum status status;

	/* One look-up for the common case of a message that is new. */
	status = store_find_by(store, ENV_MESSAGE, id, id_length, &first);
	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	status = env_cursor_open(store->env, ENV_MESSAGE, &cursor);
	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, id, id_length);
	while (status == STATUS_OK) {
		g_autoptr(record_auto) stored = NULL;
		const uint8_t *key = env_cursor_key(cursor, &key_length), *value;

		if (key_length != id_length || memcmp(key, id, id_length) != 0)
			break;
		value = env_cursor_value(cursor, &length);
		status = store_decode(store, value, length, &stored);
		if (status == STATUS_OK) {
			store_compare(stored, reading, copies);
			status = env_cursor_next(cursor);
		}
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* Notes the lists that a known message came from this time. */
static enum status store_note_lists(struct store *store, const struct record *record)
{
	g_autoptr(record_auto) first = NULL;
	g_autoptr(GString) lists = g_string_new(NULL);
	struct env_value value = {0};
	size_t before;
	enum status status = store_find_plain(store, record->message_id, &first);

	/* No list shows what has expired. */
	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	if (record->list_ids->len > 0)
		status = env_get(store->env, ENV_LIST, record->message_id,
			strlen(record->message_id), &value);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	g_string_append_len(lists, value.data, (gssize)value.length);
	env_value_release(&value);
	before = lists->len;
	for (guint i = 0; i < record->list_ids->len; i++) {
		const char *list = record->list_ids->pdata[i];
		bool known = g_ptr_array_find_with_equal_func(
			first->list_ids, list, g_str_equal, NULL);

		for (size_t at = 0; at < lists->len && !known;
			at += strlen(lists->str + at) + 1)
			known = strcmp(lists->str + at, list) == 0;
		if (!known)
			g_string_append_len(lists, list, (gssize)strlen(list) + 1);
	}
	if (lists->len == before)
		return STATUS_OK;
	value = (struct env_value){lists->str, lists->len};
	return env_put(store->env, ENV_LIST, record->message_id,
		strlen(record->message_id), &value);
}

/* EXIST: the same change is here under another Message-ID. */
static enum status store_find_change(struct store *store, struct record *record)
{
	g_autoptr(record_auto) first = NULL;
	enum status status;

	if (record->outcome != RECORD_OUTCOME_NEW || hash_is_none(record->change_id))
		return STATUS_OK;
	status = store_find_by(store, ENV_CHANGE, record->change_id, HASH_BYTES, &first);
	/* A further copy of the first is the first again. */
	if (status == STATUS_OK && strcmp(first->message_id, record->message_id) != 0) {
		record->outcome = RECORD_OUTCOME_EXIST;
		record_set(&record->first, first->message_id);
	}
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status store_put_bytes(
	struct store *store, uint64_t number, const struct reading_bytes *bytes)
{
	struct env_value value = {bytes->record, bytes->record_length};
	struct env_value text = {(void *)(uintptr_t)bytes->text, bytes->text_length};
	uint64_t key = store_number_key(number);
	enum status status = env_put(store->env, ENV_ARRIVAL, &key, sizeof key, &value);

	if (status == STATUS_OK && text.length > 0)
		status = env_put(store->env, ENV_TEXT, &key, sizeof key, &text);
	return status;
}

static enum status store_put_record(struct store *store, const struct reading *reading)
{
	g_autoptr(GByteArray) record = record_encode(reading->record);
	const struct reading_bytes bytes = {
		record->data, reading->text->str, record->len, reading->text->len};

	return store_put_bytes(store, reading->record->number, &bytes);
}

/* Gives RECORD the next number and link. */
static void store_chain(struct store *store, struct record *record)
{
	record->number = store->head + 1;
	record->latest = MAX(store->latest, record->arrival);
	chain_next(store->link, record->number, record->raw_hash, record->message_id,
		record->link);
}

enum status store_add(
	struct store *store, struct reading *reading, enum store_added *added_r)
{
	struct record *record = reading->record;
	struct store_copies copies = {0};
	enum status status = store_read_head(store);

	/* Opened, they are kept up by the put below. */
	if (status == STATUS_OK)
		status = env_require(store->env, ENV_ID);
	if (status == STATUS_OK)
		status = store_compare_copies(store, reading, &copies);
	if (status == STATUS_OK && copies.same) {
		status = store_note_lists(store, record);
		if (status == STATUS_OK)
			*added_r = STORE_ADDED_KNOWN;
		return status;
	}
	if (status == STATUS_OK && copies.unsure) {
		*added_r = STORE_ADDED_UNSURE;
		return STATUS_OK;
	}
	if (copies.any)
		record->flags |= copies.completed ? RECORD_FLAG_SUPERSEDES
						  : RECORD_FLAG_CONFLICT;
	if (status == STATUS_OK)
		status = store_find_change(store, record);
	if (status != STATUS_OK)
		return status;
	store_chain(store, record);
	status = store_put_record(store, reading);
	if (status != STATUS_OK)
		return status;
	store->head = record->number;
	store->latest = record->latest;
	memcpy(store->link, record->link, HASH_BYTES);
	*added_r = STORE_ADDED_NEW;
	return STATUS_OK;
}

static enum status store_add_decoded(
	struct store *store, const struct reading_bytes *bytes, enum store_added *added_r)
{
	struct reading reading;
	enum status status = reading_decode(bytes, &reading);

	if (status != STATUS_OK)
		return status;
	status = store_add(store, &reading, added_r);
	reading_release(&reading);
	return status;
}

/* Whether anything here has the Message-ID of KEY, or is the same change. */
static enum status store_has_alike(
	struct store *store, const struct record_key *key, bool *has_r)
{
	enum status status = env_has(
		store->env, ENV_MESSAGE, key->message_id, key->message_id_length, has_r);

	if (status == STATUS_OK && !*has_r && key->change_id != NULL)
		status = env_has(
			store->env, ENV_CHANGE, key->change_id, HASH_BYTES, has_r);
	return status;
}

enum status store_add_bytes(
	struct store *store, const struct reading_bytes *bytes, enum store_added *added_r)
{
	g_autofree char *message_id = NULL;
	struct record_key key;
	enum status status = store_read_head(store);
	bool alike = false;

	if (!record_peek(bytes->record, bytes->record_length, &key))
		return STATUS_SOFTWARE;
	if (status == STATUS_OK)
		status = store_has_alike(store, &key, &alike);
	if (status != STATUS_OK)
		return status;
	/* What most are: new in every respect. */
	if (alike)
		return store_add_decoded(store, bytes, added_r);
	message_id = g_strndup((const char *)key.message_id, key.message_id_length);
	chain_next(store->link, store->head + 1, key.raw_hash, message_id, store->link);
	store->head++;
	store->latest = MAX(store->latest, key.arrival);
	record_set_place(bytes->record, store->head, store->latest, store->link);
	*added_r = STORE_ADDED_NEW;
	return store_put_bytes(store, store->head, bytes);
}

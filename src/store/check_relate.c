/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relate.db against the records, as check_index.c does it for the others.  Its keys end with the
 * number of their message, and those of messages that were expired since are left in it. */
#include "config.h"

#include <string.h>

#include "store/check_internal.h"
#include "store/relate_index.h"

enum { CHECK_NUMBER_AT = RELATE_KEY_BYTES - 8 };

enum status check_begin_related(struct check *check)
{
	return relate_get_mark(&check->store, &check->related);
}

static bool check_has_key(const GPtrArray *keys, const uint8_t *key, guint from)
{
	for (guint i = from; i < keys->len; i++)
		if (memcmp(keys->pdata[i], key, RELATE_KEY_BYTES) == 0)
			return true;
	return false;
}

/* The key under which a posting is open, or closed. */
static uint8_t *check_review_key(enum relate_kind kind, uint64_t number)
{
	static const uint8_t nothing[HASH_BYTES];
	uint8_t *key = g_malloc(RELATE_KEY_BYTES);

	relate_make_key(kind, nothing, number, key);
	return key;
}

/* Each once: a mail may answer the same one twice.  A posting has one of the two keys of a review;
 * the first stands for either. */
static GPtrArray *check_related_keys(const struct record *record)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

	relate_add_keys(record, keys);
	if (record_is_posting(record))
		g_ptr_array_add(keys, check_review_key(RELATE_OPEN, record->number));
	for (guint i = 0; i < keys->len;)
		if (check_has_key(keys, keys->pdata[i], i + 1))
			g_ptr_array_remove_index(keys, i);
		else
			i++;
	return keys;
}

void check_expect_related(struct check *check, const struct record *record)
{
	g_autoptr(GPtrArray) keys = NULL;

	if (record->flags & RECORD_FLAG_EXPIRED) {
		int64_t *number = g_memdup2(&record->number, sizeof record->number);

		g_hash_table_add(check->expired, number);
	} else if (record->number <= check->related) {
		keys = check_related_keys(record);
		for (guint i = 0; i < keys->len; i++)
			check_add_print(&check->prints[ENV_RELATE], keys->pdata[i],
				RELATE_KEY_BYTES, NULL, 0);
	}
}

/* Whether the key of LENGTH bytes is of a message that was expired. */
static bool check_is_expired(struct check *check, const uint8_t *key, size_t length)
{
	uint64_t number;

	return length == RELATE_KEY_BYTES &&
	       check_key_number(key + CHECK_NUMBER_AT, 8, &number) &&
	       g_hash_table_contains(check->expired, &number);
}

/* A copy of the key of LENGTH bytes, one key for both of a review; the caller frees. */
static uint8_t *check_fold_key(const uint8_t *key, size_t length)
{
	uint8_t *folded = g_memdup2(key, length);

	if (length == RELATE_KEY_BYTES && key[0] == RELATE_CLOSED)
		folded[0] = RELATE_OPEN;
	return folded;
}

/* Whether a posting is under the other of the two keys too. */
static bool check_is_both(struct check *check, const uint8_t *key)
{
	g_autofree uint8_t *other = check_fold_key(key, RELATE_KEY_BYTES);
	struct env_value value = {0};
	bool both = key[0] == RELATE_CLOSED &&
		    env_get(check->store.env, ENV_RELATE, other, RELATE_KEY_BYTES,
			    &value) == STATUS_OK;

	env_value_release(&value);
	return both;
}

/* Names the key of LENGTH bytes if no message has it. */
static enum status check_stray_key(struct check *check, const uint8_t *key, size_t length)
{
	g_autofree char *name = check_name_bytes(key, length);
	g_autofree uint8_t *folded = check_fold_key(key, length);
	g_autoptr(record_auto) record = NULL;
	g_autoptr(GPtrArray) keys = NULL;
	uint64_t number = 0;
	enum status status = STATUS_NOINPUT;

	if (length != RELATE_KEY_BYTES) {
		check_fault(check, ENV_RELATE, "%s: is no key", name);
		return STATUS_OK;
	}
	if (check_key_number(key + CHECK_NUMBER_AT, 8, &number))
		status = store_get(&check->store, number, &record);
	if (status == STATUS_OK)
		keys = check_related_keys(record);
	if (status == STATUS_NOINPUT || number > check->related ||
		(status == STATUS_OK && !check_has_key(keys, folded, 0)))
		check_fault(check, ENV_RELATE,
			"an entry points to message %" G_GUINT64_FORMAT ", which %s",
			(guint64)number,
			status == STATUS_NOINPUT ? "is not there" : "has it not");
	else if (check_is_both(check, key))
		check_fault(check, ENV_RELATE,
			"message %" G_GUINT64_FORMAT
			" both waits for a review and does not",
			(guint64)number);
	/* What else is wrong with the record was said of it. */
	return STATUS_OK;
}

/* STATUS_NOINPUT where KEY is not there, nor what it stands for. */
static enum status check_find_key(struct check *check, const uint8_t *key)
{
	g_autofree uint8_t *other = g_memdup2(key, RELATE_KEY_BYTES);
	struct env_value value = {0};
	enum status status = env_get(
		check->store.env, ENV_RELATE, key, RELATE_KEY_BYTES, &value);

	env_value_release(&value);
	if (status != STATUS_NOINPUT || key[0] != RELATE_OPEN)
		return status;
	other[0] = RELATE_CLOSED;
	value = (struct env_value){0};
	status = env_get(check->store.env, ENV_RELATE, other, RELATE_KEY_BYTES, &value);
	env_value_release(&value);
	return status;
}

/* Names the entries that the messages should have and have not. */
static enum status check_missing_keys(struct check *check)
{
	enum status status = STATUS_OK;

	for (uint64_t number = 1;
		number <= MIN(check->related, check->head) && status == STATUS_OK;
		number++) {
		g_autoptr(record_auto) record = NULL;
		g_autoptr(GPtrArray) keys = NULL;

		if (g_hash_table_contains(check->expired, &number) ||
			store_get(&check->store, number, &record) != STATUS_OK)
			continue;
		keys = check_related_keys(record);
		for (guint i = 0; i < keys->len && status == STATUS_OK; i++) {
			status = check_find_key(check, keys->pdata[i]);
			if (status != STATUS_NOINPUT)
				continue;
			status = STATUS_OK;
			check_fault(check, ENV_RELATE,
				"message %" G_GUINT64_FORMAT " <%s> is missing",
				(guint64)number, record->message_id);
		}
	}
	return status;
}

static enum status check_related_key(
	struct check *check, struct check_print *print, const uint8_t *key, size_t length)
{
	g_autofree uint8_t *folded = NULL;

	if (check_is_expired(check, key, length))
		return STATUS_OK;
	if (print == NULL)
		return check_stray_key(check, key, length);
	folded = check_fold_key(key, length);
	check_add_print(print, folded, length, NULL, 0);
	return STATUS_OK;
}

enum status check_related(struct check *check)
{
	struct check_print print = {0};
	enum status status = check_walk_derived(
		check, ENV_RELATE, check_related_key, &print);

	if (status != STATUS_OK ||
		memcmp(&print, &check->prints[ENV_RELATE], sizeof print) == 0)
		return status;
	status = check_missing_keys(check);
	if (status == STATUS_OK)
		status = check_walk_derived(check, ENV_RELATE, check_related_key, NULL);
	return status;
}

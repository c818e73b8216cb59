/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lookup.db against the records, as check_relate.c does it for relate.db: but what is expired is
 * out of it. */
#include "config.h"

#include <string.h>

#include "store/check_internal.h"
#include "store/lookup_index.h"

enum status check_begin_lookup(struct check *check)
{
	uint64_t own = 0;
	enum status status = lookup_get_mark(&check->store, &check->looked_up);

	if (status == STATUS_OK && check->looked_up > 0)
		status = lookup_get_own_mark(&check->store, &own);
	if (status == STATUS_OK && own != check->looked_up)
		check_fault(check, ENV_LOOKUP,
			"it goes up to message %" G_GUINT64_FORMAT
			", not %" G_GUINT64_FORMAT,
			(guint64)own, (guint64)check->looked_up);
	return status;
}

void check_expect_lookup(struct check *check, const struct record *record)
{
	g_autoptr(GPtrArray) keys = NULL;

	if ((record->flags & RECORD_FLAG_EXPIRED) || record->number > check->looked_up)
		return;
	keys = lookup_keys(record);
	for (guint i = 0; i < keys->len; i++) {
		gsize length;
		const void *key = g_bytes_get_data(keys->pdata[i], &length);

		check_add_print(&check->prints[ENV_LOOKUP], key, length, NULL, 0);
	}
}

/* Names the keys that RECORD should have and has not. */
static enum status check_missing_values(struct check *check, const struct record *record)
{
	g_autoptr(GPtrArray) keys = lookup_keys(record);
	enum status status = STATUS_OK;

	for (guint i = 0; i < keys->len && status == STATUS_OK; i++) {
		struct env_value value = {0};
		gsize length;
		const void *key = g_bytes_get_data(keys->pdata[i], &length);

		status = env_get(check->store.env, ENV_LOOKUP, key, length, &value);
		env_value_release(&value);
		if (status != STATUS_NOINPUT)
			continue;
		status = STATUS_OK;
		check_fault(check, ENV_LOOKUP,
			"message %" G_GUINT64_FORMAT " <%s> is missing",
			(guint64)record->number, record->message_id);
	}
	return status;
}

static enum status check_all_values(struct check *check)
{
	enum status status = STATUS_OK;

	for (uint64_t number = 1;
		number <= MIN(check->looked_up, check->head) && status == STATUS_OK;
		number++) {
		g_autoptr(record_auto) record = NULL;

		/* What else is wrong with the record was said of it. */
		if (store_get(&check->store, number, &record) == STATUS_OK)
			status = check_missing_values(check, record);
	}
	return status;
}

/* Whether RECORD has the key of LENGTH bytes. */
static bool check_has_value(
	const struct record *record, const uint8_t *key, size_t length)
{
	g_autoptr(GPtrArray) keys = lookup_keys(record);
	g_autoptr(GBytes) wanted = g_bytes_new_static(key, length);

	return g_ptr_array_find_with_equal_func(keys, wanted, g_bytes_equal, NULL);
}

/* Names the key of LENGTH bytes if no message has it. */
static enum status check_stray_value(
	struct check *check, const uint8_t *key, size_t length)
{
	g_autofree char *name = check_name_bytes(key, length);
	g_autoptr(record_auto) record = NULL;
	struct lookup_key parsed;
	enum status status;

	if (!lookup_parse_key(key, length, &parsed)) {
		check_fault(check, ENV_LOOKUP, "%s: is no key", name);
		return STATUS_OK;
	}
	status = store_get(&check->store, parsed.number, &record);
	if (status == STATUS_NOINPUT || parsed.number > check->looked_up ||
		(status == STATUS_OK && !check_has_value(record, key, length)))
		check_fault(check, ENV_LOOKUP,
			"an entry points to message %" G_GUINT64_FORMAT ", which %s",
			(guint64)parsed.number,
			status == STATUS_NOINPUT ? "is not there" : "has it not");
	return STATUS_OK;
}

static bool check_is_mark(const uint8_t *key, size_t length)
{
	return length == LOOKUP_MARK_KEY_BYTES &&
	       memcmp(key, LOOKUP_MARK_KEY, length) == 0;
}

static enum status check_lookup_key(
	struct check *check, struct check_print *print, const uint8_t *key, size_t length)
{
	if (check->looked_up > 0 && check_is_mark(key, length))
		return STATUS_OK;
	if (print == NULL)
		return check_stray_value(check, key, length);
	check_add_print(print, key, length, NULL, 0);
	return STATUS_OK;
}

enum status check_lookup(struct check *check)
{
	struct check_print print = {0};
	enum status status = check_walk_derived(
		check, ENV_LOOKUP, check_lookup_key, &print);

	if (status != STATUS_OK ||
		memcmp(&print, &check->prints[ENV_LOOKUP], sizeof print) == 0)
		return status;
	status = check_all_values(check);
	if (status == STATUS_OK)
		status = check_walk_derived(check, ENV_LOOKUP, check_lookup_key, NULL);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ids of a range: commits of an archive, links of the chain, and their abbreviations. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "store/chain.h"
#include "store/env.h"
#include "store/internal.h"

enum { ID_MIN_DIGITS = 4, ID_SHOWN_DIGITS = 8 };

/* How many digits A and B begin with alike. */
static size_t id_common_digits(
	const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	size_t n = 0, length = MIN(a_length, b_length);

	while (n < length && a[n] == b[n])
		n++;
	return 2 * n + (n < length && (a[n] >> 4) == (b[n] >> 4));
}

/* The chain's start is no message's id. */
static enum status store_is_start(
	struct store *store, const uint8_t *prefix, size_t digits, bool *start_r)
{
	uint8_t start[HASH_BYTES];
	size_t length;
	enum status status = store_start_id(store, 0, start, &length);

	if (status == STATUS_OK)
		*start_r = id_common_digits(start, length, prefix, (digits + 1) / 2) >=
			   digits;
	return status;
}

static enum status store_number_at(
	struct store *store, struct env_cursor *cursor, uint64_t *number_r)
{
	size_t length;
	const uint8_t *bytes = env_cursor_value(cursor, &length);
	g_autoptr(record_auto) record = NULL;
	enum status status = store_decode(store, bytes, length, &record);

	if (status == STATUS_OK)
		*number_r = record->number;
	return status;
}

/* A commit that is no message here but began an imported range, "base.<hex>" -> number. */
static enum status store_resolve_base(
	struct store *store, const char *id, uint64_t *number_r)
{
	g_autofree char *lower = g_ascii_strdown(id, -1);
	g_autofree char *prefix = g_strdup_printf("base.%s", lower);
	struct env_cursor *cursor;
	size_t length;
	enum status status = env_cursor_open(store->env, ENV_META, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, prefix, strlen(prefix));
	if (status == STATUS_OK) {
		const uint8_t *key = env_cursor_key(cursor, &length);

		if (length < strlen(prefix) || memcmp(key, prefix, strlen(prefix)) != 0) {
			status = STATUS_NOINPUT;
		} else {
			const uint8_t *value = env_cursor_value(cursor, &length);
			g_autofree char *number = g_strndup((const char *)value, length);

			*number_r = g_ascii_strtoull(number, NULL, 10);
		}
	}
	env_cursor_close(cursor);
	return status;
}

/* The messages whose id begins with PREFIX: the first one's number, and how many ids. */
static enum status store_match_id(struct store *store, const uint8_t *prefix,
	size_t digits, uint64_t *number_r, unsigned *ids_r)
{
	uint8_t last[HASH_BYTES];
	size_t length, last_length = 0;
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_ID, &cursor);

	*ids_r = 0;
	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, prefix, digits / 2);
	while (status == STATUS_OK && *ids_r < 2) {
		const uint8_t *id = env_cursor_key(cursor, &length);
		size_t common = id_common_digits(id, length, prefix, (digits + 1) / 2);

		/* With an odd number of digits the last byte is half a prefix. */
		if (common < (digits & ~(size_t)1))
			break;
		if (common >= digits && length <= sizeof last &&
			!(length == last_length && memcmp(id, last, length) == 0)) {
			memcpy(last, id, length);
			last_length = length;
			if (++*ids_r == 1)
				status = store_number_at(store, cursor, number_r);
		}
		if (status == STATUS_OK)
			status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

enum status store_resolve_id(struct store *store, const char *id, uint64_t *number_r)
{
	uint8_t prefix[HASH_BYTES];
	size_t digits;
	unsigned ids = 0;
	bool start = false;
	enum status status;

	if (!text_from_hex(id, prefix, sizeof prefix, &digits) || digits < ID_MIN_DIGITS)
		return STATUS_NOINPUT;
	status = store_match_id(store, prefix, digits, number_r, &ids);
	if (status == STATUS_OK)
		status = store_is_start(store, prefix, digits, &start);
	if (status != STATUS_OK)
		return status;
	if (ids + start > 1) {
		diag_error("%s: more than one id begins with it", id);
		return STATUS_DATA;
	}
	if (start)
		*number_r = 0;
	if (ids + start == 0)
		return store_resolve_base(store, id, number_r);
	return STATUS_OK;
}

enum status store_add_alias(
	struct store *store, const char *commit, uint64_t number, bool *added_r)
{
	g_autofree char *name = g_strdup_printf("base.%s", commit);
	g_autofree char *value = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
	uint64_t known;
	enum status status = store_resolve_id(store, commit, &known);

	*added_r = status == STATUS_NOINPUT;
	return *added_r ? store_put_meta(store, name, value) : status;
}

enum status store_abbreviate(
	struct store *store, const uint8_t *id, size_t length, char **abbreviation_r)
{
	g_autofree char *hex = text_to_hex(id, length);
	size_t digits = MIN(ID_SHOWN_DIGITS, 2 * length);

	for (; digits < 2 * length; digits++) {
		g_autofree char *prefix = g_strndup(hex, digits);
		uint8_t bytes[HASH_BYTES];
		uint64_t number;
		unsigned ids;
		size_t parsed;
		enum status status;

		text_from_hex(prefix, bytes, sizeof bytes, &parsed);
		status = store_match_id(store, bytes, digits, &number, &ids);
		if (status != STATUS_OK)
			return status;
		if (ids < 2)
			break;
	}
	*abbreviation_r = g_strndup(hex, digits);
	return STATUS_OK;
}

enum status store_get_id(
	struct store *store, uint64_t number, uint8_t id_r[HASH_BYTES], size_t *length_r)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get_any(store, number, &record);

	if (status == STATUS_OK)
		memcpy(id_r, record_id(record, length_r), HASH_BYTES);
	return status;
}

enum status store_get_link(
	struct store *store, uint64_t number, uint8_t link_r[HASH_BYTES])
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get_any(store, number, &record);

	if (status == STATUS_OK)
		memcpy(link_r, record->link, HASH_BYTES);
	return status;
}

/* "start.<number>" -> the commit behind which an imported range began there. */
enum status store_start_id(
	struct store *store, uint64_t number, uint8_t id_r[HASH_BYTES], size_t *length_r)
{
	g_autofree char *name = g_strdup_printf(
		"start.%" G_GUINT64_FORMAT, (guint64)number);
	g_autofree char *hex = NULL;
	g_autofree char *list_id = NULL;
	enum status status = store_get_meta(store, name, &hex);
	size_t digits;

	if (status == STATUS_OK && text_from_hex(hex, id_r, HASH_BYTES, &digits)) {
		*length_r = digits / 2;
		return STATUS_OK;
	}
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	if (number > 0)
		return store_get_id(store, number, id_r, length_r);
	status = store_get_meta(store, "list-id", &list_id);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	chain_start(list_id ? list_id : "", id_r);
	*length_r = HASH_BYTES;
	return STATUS_OK;
}

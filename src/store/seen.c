/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/seen.h"

#include <glib.h>

enum {
	/* Of what was read, a third of what it takes in memory: the series of a thousand messages
	 * and what is around them. */
	SEEN_BYTES = 4 * 1024 * 1024,
	SEEN_IDS = 10000,
};

struct seen {
	GHashTable *records; /* number -> struct record, a share of it */
	GHashTable *ids;     /* Message-ID -> number, 0 for nothing */
	size_t bytes;
};

static void seen_free_record(void *record)
{
	record_free(record);
}

struct seen *seen_new(void)
{
	struct seen *seen = g_new0(struct seen, 1);

	/* The key is in the record. */
	seen->records = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, NULL, seen_free_record);
	seen->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return seen;
}

void seen_free(struct seen *seen)
{
	if (seen == NULL)
		return;
	g_hash_table_unref(seen->records);
	g_hash_table_unref(seen->ids);
	g_free(seen);
}

void seen_keep(struct seen *seen, struct record *record, size_t length)
{
	if (seen->bytes + length > SEEN_BYTES) {
		g_hash_table_remove_all(seen->records);
		seen->bytes = 0;
	}
	seen->bytes += length;
	g_hash_table_replace(seen->records, &record->number, record_share(record));
}

struct record *seen_get(const struct seen *seen, uint64_t number)
{
	struct record *record = g_hash_table_lookup(seen->records, &number);

	return record ? record_share(record) : NULL;
}

void seen_keep_id(struct seen *seen, const char *message_id, uint64_t number)
{
	if (g_hash_table_size(seen->ids) >= SEEN_IDS)
		g_hash_table_remove_all(seen->ids);
	g_hash_table_replace(seen->ids, g_strdup(message_id), GSIZE_TO_POINTER(number));
}

bool seen_get_id(const struct seen *seen, const char *message_id, uint64_t *number_r)
{
	gpointer number;

	if (!g_hash_table_lookup_extended(seen->ids, message_id, NULL, &number))
		return false;
	*number_r = GPOINTER_TO_SIZE(number);
	return true;
}

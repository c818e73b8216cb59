/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/series.h"

#include <string.h>

#include "mail/address.h"

enum {
	/* Parts without any thread are sent in one go; a slow relay or a rate limit takes hours. */
	SERIES_UNTHREADED_SECONDS = 6 * 3600,
	SERIES_MISNUMBERED_SECONDS = 3600,
	/* Groups that a part is offered to: who posts the same number a thousand times is no author
	 * of a series. */
	SERIES_TRIES = 16,
};

void series_key(const struct record *record, uint8_t key_r[HASH_BYTES])
{
	g_autofree char *author = address_key(record->person_address);
	const uint32_t total = GUINT32_TO_LE((uint32_t)record->total);
	struct hash hash;

	memset(key_r, 0, HASH_BYTES);
	if (!record_is_posting(record) || record->position < 0)
		return;
	hash_init(&hash);
	hash_update_field(&hash, author, strlen(author));
	hash_update_field(&hash, &total, sizeof total);
	hash_final(&hash, key_r);
}

void series_title_key(const struct record *record, uint8_t key_r[HASH_BYTES])
{
	g_autofree char *author = address_key(record->person_address);
	g_autofree char *title = g_utf8_casefold(record->title, -1);
	struct hash hash;

	hash_init(&hash);
	hash_update_field(&hash, author, strlen(author));
	hash_update_field(&hash, title, strlen(title));
	hash_final(&hash, key_r);
}

/* Groups of records that are one series so far; a group is named by one of its members. */
struct series {
	const GPtrArray *records;
	guint *group;      /* of each record */
	GHashTable *by_id; /* Message-ID -> index + 1 */
};

static const struct record *series_at(const struct series *series, guint i)
{
	return series->records->pdata[i];
}

/* Joins the groups of A and B, unless a place would be taken twice. */
static bool series_join(struct series *series, guint a, guint b)
{
	guint from = series->group[b], to = series->group[a];
	g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);

	if (from == to)
		return true;
	for (guint i = 0; i < series->records->len; i++)
		if (series->group[i] == to)
			g_hash_table_add(taken,
				GINT_TO_POINTER(series_at(series, i)->position + 1));
	for (guint i = 0; i < series->records->len; i++)
		if (series->group[i] == from &&
			g_hash_table_contains(taken,
				GINT_TO_POINTER(series_at(series, i)->position + 1)))
			return false;
	for (guint i = 0; i < series->records->len; i++)
		if (series->group[i] == from)
			series->group[i] = to;
	return true;
}

static const char *series_parent(const struct record *record)
{
	const GPtrArray *references = record->references;

	return references->len > 0 ? references->pdata[references->len - 1] : NULL;
}

/* The nearest message that RECORD answers and that is a part of its revision, as its index + 1; 0
 * for none. */
static guint series_nearest(const struct series *series, const struct record *record)
{
	for (guint i = record->references->len; i-- > 0;) {
		guint index = GPOINTER_TO_UINT(
			g_hash_table_lookup(series->by_id, record->references->pdata[i]));

		if (index > 0 &&
			series_at(series, index - 1)->revision == record->revision)
			return index;
	}
	return 0;
}

static void series_join_threads(struct series *series)
{
	for (guint i = 0; i < series->records->len; i++) {
		guint nearest = series_nearest(series, series_at(series, i));

		if (nearest > 0)
			series_join(series, nearest - 1, i);
	}
}

static int64_t series_distance(const struct record *a, const struct record *b)
{
	return a->date > b->date ? a->date - b->date : b->date - a->date;
}

/* Joins I to the part for which LIKE holds that was sent nearest to it and leaves it its place. */
static void series_join_nearest(struct series *series, guint i,
	bool (*like)(const struct record *a, const struct record *b))
{
	const struct record *record = series_at(series, i);
	g_autoptr(GHashTable) refused = g_hash_table_new(NULL, NULL);
	unsigned tries = 0;
	guint best;

	do {
		int64_t nearest = INT64_MAX;

		best = i;
		for (guint j = 0; j < series->records->len; j++) {
			int64_t distance = series_distance(record, series_at(series, j));

			if (distance < nearest && series->group[j] != series->group[i] &&
				!g_hash_table_contains(refused,
					GUINT_TO_POINTER(series->group[j] + 1)) &&
				like(record, series_at(series, j))) {
				best = j;
				nearest = distance;
			}
		}
		g_hash_table_add(refused, GUINT_TO_POINTER(series->group[best] + 1));
	} while (best != i && !series_join(series, best, i) && ++tries < SERIES_TRIES);
}

/* Both answer the same message, which is no part: a cover letter that did not come, or an earlier
 * revision. */
static bool series_are_siblings(const struct record *a, const struct record *b)
{
	const char *parent_a = series_parent(a), *parent_b = series_parent(b);

	return a->revision == b->revision && parent_a != NULL && parent_b != NULL &&
	       strcmp(parent_a, parent_b) == 0;
}

static bool series_are_unthreaded(const struct record *a, const struct record *b)
{
	return a->revision == b->revision && a->references->len == 0 &&
	       b->references->len == 0 &&
	       series_distance(a, b) <= SERIES_UNTHREADED_SECONDS;
}

/* `[PATCH v2 0/2]` with `[PATCH 1/2]` under it, sent in one go. */
static void series_join_misnumbered(struct series *series)
{
	for (guint i = 0; i < series->records->len; i++) {
		const struct record *record = series_at(series, i), *cover;
		const char *parent = series_parent(record);
		guint index = parent ? GPOINTER_TO_UINT(
					       g_hash_table_lookup(series->by_id, parent))
				     : 0;

		if (index == 0 || record->position == 0)
			continue;
		cover = series_at(series, index - 1);
		if (cover->position == 0 && cover->revision != record->revision &&
			series_distance(cover, record) <= SERIES_MISNUMBERED_SECONDS)
			series_join(series, index - 1, i);
	}
}

static gint series_compare(gconstpointer a, gconstpointer b)
{
	const struct record *const *first = a, *const *second = b;

	return ((*first)->position > (*second)->position) -
	       ((*first)->position < (*second)->position);
}

GPtrArray *series_assemble(const GPtrArray *records, guint self)
{
	g_autofree guint *group = g_new(guint, records->len);
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	struct series series = {records, group, by_id};
	GPtrArray *members = g_ptr_array_new();

	for (guint i = 0; i < records->len; i++) {
		group[i] = i;
		g_hash_table_insert(by_id, series_at(&series, i)->message_id,
			GUINT_TO_POINTER(i + 1));
	}
	series_join_threads(&series);
	for (guint i = 0; i < records->len; i++)
		if (series_nearest(&series, series_at(&series, i)) == 0)
			series_join_nearest(&series, i, series_are_siblings);
	for (guint i = 0; i < records->len; i++)
		if (series_at(&series, i)->references->len == 0)
			series_join_nearest(&series, i, series_are_unthreaded);
	series_join_misnumbered(&series);
	for (guint i = 0; i < records->len; i++)
		if (group[i] == group[self])
			g_ptr_array_add(members, records->pdata[i]);
	g_ptr_array_sort(members, series_compare);
	return members;
}

unsigned series_count_patches(const GPtrArray *members)
{
	unsigned count = 0;

	for (guint i = 0; i < members->len; i++) {
		const struct record *record = members->pdata[i];

		count += record->position > 0 && record->position <= record->total;
	}
	return count;
}

const char *series_missing_cover(const GPtrArray *members)
{
	const char *common = NULL;

	for (guint i = 0; i < members->len; i++) {
		const struct record *record = members->pdata[i];
		const char *parent = series_parent(record);
		bool inside = false;

		if (record->position == 0)
			return NULL;
		/* What answers another part says nothing of the root. */
		for (guint j = 0; j < members->len && parent != NULL && !inside; j++) {
			const struct record *other = members->pdata[j];

			inside = strcmp(other->message_id, parent) == 0;
		}
		if (inside)
			continue;
		if (parent == NULL || (common != NULL && strcmp(common, parent) != 0))
			return NULL;
		common = parent;
	}
	return common;
}

bool series_may_precede(const struct record *old, const struct record *new)
{
	bool old_rfc = old->flags & RECORD_FLAG_RFC,
	     new_rfc = new->flags &RECORD_FLAG_RFC;

	if (strcmp(old->message_id, new->message_id) == 0 || !record_is_posting(old))
		return false;
	/* `[RFC v3]` may be followed by `[PATCH]`, whose count begins anew. */
	if (old_rfc != new_rfc)
		return old_rfc && old->date <= new->date;
	if (old->revision != new->revision)
		return old->revision < new->revision;
	return (new->flags &RECORD_FLAG_RESEND) && !(old->flags & RECORD_FLAG_RESEND) &&
	       old->date <= new->date;
}

static GHashTable *series_diffs(const GPtrArray *members)
{
	GHashTable *diffs = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);

	for (guint i = 0; i < members->len; i++) {
		const struct record *record = members->pdata[i];

		if (!hash_is_none(record->diff_id))
			g_hash_table_add(diffs, g_bytes_new(record->diff_id, HASH_BYTES));
	}
	return diffs;
}

bool series_same_diffs(const GPtrArray *a, const GPtrArray *b)
{
	g_autoptr(GHashTable) first = series_diffs(a);
	g_autoptr(GHashTable) second = series_diffs(b);
	GHashTableIter iter;
	gpointer key;

	if (g_hash_table_size(first) == 0 ||
		g_hash_table_size(first) != g_hash_table_size(second))
		return false;
	g_hash_table_iter_init(&iter, first);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (!g_hash_table_contains(second, key))
			return false;
	return true;
}

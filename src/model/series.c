/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/series.h"

#include <string.h>

#include "base/text.h"
#include "mail/address.h"

enum {
	/* Parts without any thread are sent in one go; a slow relay or a rate limit takes hours. */
	SERIES_UNTHREADED_SECONDS = 6 * 3600,
	SERIES_MISNUMBERED_SECONDS = 3600,
	/* A cover letter is sent first; clocks and sendings in parallel are this much apart. */
	SERIES_COVER_LATE_SECONDS = 600,
	/* Of the series that a part may belong to, those looked at.  Nobody but a flood sends more
	 * at a time, and each part would be held against them all. */
	SERIES_CANDIDATES = 50,
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
	g_autofree char *title = text_casefold(record->title);
	struct hash hash;

	hash_init(&hash);
	hash_update_field(&hash, author, strlen(author));
	hash_update_field(&hash, title, strlen(title));
	hash_final(&hash, key_r);
}

/* Parts that are one series so far. */
struct series_group {
	GArray *parts;      /* guint: indices of records */
	GHashTable *places; /* the positions of PARTS */
};

struct series {
	const GPtrArray *records;
	struct series_group **group; /* of each record */
	GHashTable *by_id;           /* Message-ID -> index + 1 */
};

/* What parts are put together by, the surest first. */
enum series_pass {
	SERIES_BY_PART,    /* the nearest part that they answer */
	SERIES_BY_PARENT,  /* the message that they answer, which is no part */
	SERIES_BY_NOTHING, /* they answer none, and were sent in one go */
	SERIES_PASSES
};

static void series_group_free(void *data)
{
	struct series_group *group = data;

	g_array_unref(group->parts);
	g_hash_table_unref(group->places);
	g_free(group);
}

static const struct record *series_at(const struct series *series, guint i)
{
	return series->records->pdata[i];
}

static struct series_group *series_group_new(const struct series *series, guint i)
{
	struct series_group *group = g_new0(struct series_group, 1);

	group->parts = g_array_new(FALSE, FALSE, sizeof(guint));
	group->places = g_hash_table_new(NULL, NULL);
	g_array_append_val(group->parts, i);
	g_hash_table_add(group->places, GINT_TO_POINTER(series_at(series, i)->position));
	return group;
}

/* Joins the groups of A and B, unless a place would be taken twice.  The smaller one goes over to
 * the larger, so that all joins together are nearly linear. */
static bool series_join(struct series *series, guint a, guint b)
{
	struct series_group *to = series->group[a], *from = series->group[b];
	GHashTableIter iter;
	gpointer place;

	if (to == from)
		return true;
	if (to->parts->len < from->parts->len) {
		to = series->group[b];
		from = series->group[a];
	}
	g_hash_table_iter_init(&iter, from->places);
	while (g_hash_table_iter_next(&iter, &place, NULL))
		if (g_hash_table_contains(to->places, place))
			return false;
	g_hash_table_iter_init(&iter, from->places);
	while (g_hash_table_iter_next(&iter, &place, NULL))
		g_hash_table_add(to->places, place);
	for (guint i = 0; i < from->parts->len; i++)
		series->group[g_array_index(from->parts, guint, i)] = to;
	g_array_append_vals(to->parts, from->parts->data, from->parts->len);
	return true;
}

static const char *series_parent(const struct record *record)
{
	const GPtrArray *references = record->references;

	return references->len > 0 ? references->pdata[references->len - 1] : NULL;
}

/* The index + 1 of the part with MESSAGE_ID, which may be NULL; 0 for none. */
static guint series_find(const struct series *series, const char *message_id)
{
	return message_id
		       ? GPOINTER_TO_UINT(g_hash_table_lookup(series->by_id, message_id))
		       : 0;
}

/* The nearest message that RECORD answers and that is a part of its revision, as its index + 1; 0
 * for none. */
static guint series_nearest(const struct series *series, const struct record *record)
{
	for (guint i = record->references->len; i-- > 0;) {
		guint index = series_find(series, record->references->pdata[i]);

		if (index > 0 &&
			series_at(series, index - 1)->revision == record->revision)
			return index;
	}
	return 0;
}

static int64_t series_time(const struct record *record)
{
	return record->date != 0 ? record->date : record->arrival;
}

static int64_t series_distance(const struct record *a, const struct record *b)
{
	return series_time(a) > series_time(b) ? series_time(a) - series_time(b)
					       : series_time(b) - series_time(a);
}

static gint series_compare_times(gconstpointer a, gconstpointer b, gpointer data)
{
	const guint *first = a, *second = b;
	const struct series *series = data;
	int64_t time_a = series_time(series_at(series, *first));
	int64_t time_b = series_time(series_at(series, *second));

	if (time_a != time_b)
		return time_a < time_b ? -1 : 1;
	return *first < *second ? -1 : *first > *second;
}

/* The lane of I in PASS: parts of one lane can be of one series.  NULL for what is not in this
 * pass; the caller frees. */
static char *series_lane(const struct series *series, guint i, enum series_pass pass)
{
	const struct record *record = series_at(series, i);
	const char *parent = series_parent(record);
	guint nearest = series_nearest(series, record);

	switch (pass) {
	case SERIES_BY_PART:
		return nearest > 0 ? g_strdup_printf("%u", nearest) : NULL;
	case SERIES_BY_PARENT:
		return nearest == 0 && parent != NULL
			       ? g_strdup_printf("%u %s", record->revision, parent)
			       : NULL;
	case SERIES_BY_NOTHING:
	case SERIES_PASSES:
		break;
	}
	/* The first part may answer the revision before, and the others nothing. */
	if (nearest == 0 && record->position <= 1 && series->group[i]->parts->len == 1)
		parent = NULL;
	return parent == NULL ? g_strdup_printf("%u", record->revision) : NULL;
}

/* Whether NEW, which was sent behind OLD, can have been sent in one go with it. */
static bool series_is_one_go(const struct record *old, const struct record *new)
{
	return series_distance(old, new) <= (new->position == 0
							    ? SERIES_COVER_LATE_SECONDS
							    : SERIES_UNTHREADED_SECONDS);
}

/* Joins I to the first of the groups in LANE that leaves it its place; else it begins another one.
 * A group is there by the part that came to it last, the newest first. */
static void series_join_lane(
	struct series *series, GQueue *lane, guint i, enum series_pass pass)
{
	unsigned tried = 0;

	for (GList *link = lane->head; link != NULL && tried < SERIES_CANDIDATES;
		link = link->next, tried++) {
		guint other = GPOINTER_TO_UINT(link->data);

		if (pass == SERIES_BY_NOTHING &&
			!series_is_one_go(series_at(series, other), series_at(series, i)))
			break;
		if (series_join(series, other, i)) {
			g_queue_delete_link(lane, link);
			break;
		}
	}
	g_queue_push_head(lane, GUINT_TO_POINTER(i));
}

/* In the order in which the parts were sent, so that what is sent again finds the places of its
 * first time taken. */
static void series_run_pass(
	struct series *series, const guint *order, enum series_pass pass)
{
	g_autoptr(GHashTable) lanes = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);

	for (guint k = 0; k < series->records->len; k++) {
		char *name = series_lane(series, order[k], pass);
		GQueue *lane = name ? g_hash_table_lookup(lanes, name) : NULL;

		if (name == NULL)
			continue;
		if (lane == NULL) {
			lane = g_queue_new();
			if (pass == SERIES_BY_PART)
				g_queue_push_head(lane,
					GUINT_TO_POINTER(
						series_nearest(series,
							series_at(series, order[k])) -
						1));
			g_hash_table_insert(lanes, g_strdup(name), lane);
		}
		g_free(name);
		series_join_lane(series, lane, order[k], pass);
	}
}

/* `[PATCH v2 0/2]` with `[PATCH 1/2]` under it, sent in one go. */
static void series_join_misnumbered(struct series *series)
{
	for (guint i = 0; i < series->records->len; i++) {
		const struct record *record = series_at(series, i), *cover;
		guint index = series_find(series, series_parent(record));

		if (index == 0 || record->position == 0)
			continue;
		cover = series_at(series, index - 1);
		if (cover->position == 0 && cover->revision != record->revision &&
			series_distance(cover, record) <= SERIES_MISNUMBERED_SECONDS)
			series_join(series, index - 1, i);
	}
}

bool series_is_miscounted(const struct record *cover, const struct record *part)
{
	g_autofree char *author = address_key(cover->person_address);
	g_autofree char *other = address_key(part->person_address);
	const char *parent = series_parent(part);

	return record_is_posting(cover) && cover->position == 0 && part->position > 0 &&
	       cover->total != part->total && parent != NULL &&
	       strcmp(parent, cover->message_id) == 0 && strcmp(author, other) == 0 &&
	       series_distance(cover, part) <= SERIES_MISNUMBERED_SECONDS;
}

static void series_join_all(struct series *series)
{
	guint count = series->records->len;
	g_autofree guint *order = g_new(guint, count);

	for (guint i = 0; i < count; i++)
		order[i] = i;
	g_qsort_with_data(
		order, (gint)count, sizeof *order, series_compare_times, series);
	for (enum series_pass pass = SERIES_BY_PART; pass < SERIES_PASSES; pass++)
		series_run_pass(series, order, pass);
	series_join_misnumbered(series);
}

static gint series_compare(gconstpointer a, gconstpointer b)
{
	const struct record *const *first = a, *const *second = b;

	return ((*first)->position > (*second)->position) -
	       ((*first)->position < (*second)->position);
}

GPtrArray *series_assemble(const GPtrArray *records, guint self)
{
	g_autofree struct series_group **group = g_new(
		struct series_group *, records->len);
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(series_group_free);
	struct series series = {records, group, by_id};
	GPtrArray *members = g_ptr_array_new();

	for (guint i = 0; i < records->len; i++) {
		group[i] = series_group_new(&series, i);
		g_ptr_array_add(groups, group[i]);
		g_hash_table_insert(by_id, series_at(&series, i)->message_id,
			GUINT_TO_POINTER(i + 1));
	}
	series_join_all(&series);
	for (guint i = 0; i < group[self]->parts->len; i++)
		g_ptr_array_add(members,
			records->pdata[g_array_index(group[self]->parts, guint, i)]);
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
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	const char *common = NULL;

	for (guint i = 0; i < members->len; i++)
		g_hash_table_add(ids, ((struct record *)members->pdata[i])->message_id);
	for (guint i = 0; i < members->len; i++) {
		const struct record *record = members->pdata[i];
		const char *parent = series_parent(record);

		if (record->position == 0)
			return NULL;
		/* What answers another part says nothing of the root. */
		if (parent != NULL && g_hash_table_contains(ids, parent))
			continue;
		if (parent == NULL || (common != NULL && strcmp(common, parent) != 0))
			return NULL;
		common = parent;
	}
	return common;
}

bool series_may_precede(const struct record *old, const struct record *new)
{
	bool old_rfc = old->flags & RECORD_FLAG_RFC;
	bool new_rfc = new->flags &RECORD_FLAG_RFC;
	bool resent = old->flags & RECORD_FLAG_RESEND;

	if (strcmp(old->message_id, new->message_id) == 0 || !record_is_posting(old))
		return false;
	/* `[RFC v3]` may be followed by `[PATCH]`, whose count begins anew. */
	if (old_rfc && !new_rfc)
		return old->date <= new->date;
	if (old->revision != new->revision)
		return old->revision < new->revision;
	/* Again, and again: by time alone. */
	return old_rfc == new_rfc && (new->flags &RECORD_FLAG_RESEND) &&
	       (resent ? old->date < new->date : old->date <= new->date);
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

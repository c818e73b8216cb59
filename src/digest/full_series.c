/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/full_series.h"

#include <string.h>

#include "digest/url.h"
#include "store/issues.h"
#include "store/relate.h"

enum {
	FULL_DAY_SECONDS = 24 * 3600,
	/* A mail that took longer has a wrong date. */
	FULL_LATE_DAYS = 365,
};

struct full_parts {
	struct full *full;
	const struct digest *digest;
	uint64_t first, last; /* of the window */
	GHashTable *given; /* Message-ID of a reply -> its number; UINT64_MAX for none */
};

/* The records of NUMBERS up to LAST that are patches, or all where there is no other part. */
static enum status full_get_members(
	struct store *store, const GPtrArray *numbers, uint64_t last, GPtrArray *records)
{
	for (guint i = 0; i < numbers->len; i++) {
		uint64_t number = GPOINTER_TO_SIZE(numbers->pdata[i]);
		struct record *record;
		enum status status;

		if (number > last)
			continue;
		status = store_get(store, number, &record);
		if (status == STATUS_NOINPUT)
			continue;
		if (status != STATUS_OK)
			return status;
		g_ptr_array_add(records, record);
	}
	return STATUS_OK;
}

static void full_free_record(void *record)
{
	record_free(record);
}

static GPtrArray *full_new_records(void)
{
	return g_ptr_array_new_with_free_func(full_free_record);
}

static struct record *full_find_title(const GPtrArray *records, const char *title)
{
	for (guint i = 0; i < records->len; i++) {
		struct record *record = records->pdata[i];

		if (full_is_patch(record) && strcmp(record->title, title) == 0)
			return record;
	}
	return NULL;
}

static const struct record *full_find_diff(
	const GPtrArray *records, const uint8_t diff[HASH_BYTES])
{
	for (guint i = 0; i < records->len && !hash_is_none(diff); i++) {
		const struct record *record = records->pdata[i];

		if (full_is_patch(record) &&
			memcmp(record->diff_id, diff, HASH_BYTES) == 0)
			return record;
	}
	return NULL;
}

/* Each patch of NEW is one of OLD, with the same diff, another one, or is added. */
static void full_compare(
	const GPtrArray *old, const GPtrArray *new, struct full_changes *changes)
{
	unsigned before = 0;

	for (guint i = 0; i < old->len; i++)
		before += full_is_patch(old->pdata[i]);
	for (guint i = 0; i < new->len; i++) {
		const struct record *record = new->pdata[i];

		if (!full_is_patch(record))
			continue;
		if (full_find_diff(old, record->diff_id) != NULL)
			changes->same++;
		else if (full_find_title(old, record->title) != NULL)
			changes->changed++;
		else
			changes->added++;
	}
	changes->known = before > 0;
	if (changes->same + changes->changed < before)
		changes->dropped = before - changes->same - changes->changed;
}

/* Only a series of which all is here can be compared. */
static bool full_is_whole(const GPtrArray *records)
{
	int32_t total = 0;
	guint patches = 0;

	for (guint i = 0; i < records->len; i++) {
		const struct record *record = records->pdata[i];

		total = MAX(total, record->total);
		patches += full_is_patch(record);
	}
	return patches > 0 && (total <= 0 || patches == (guint)total);
}

/* The day on which RECORD was posted.  An archive may have got it long after, a clock be wrong. */
static int64_t full_day(const struct record *record)
{
	bool believed = record->date > 0 &&
			record->date <= record->arrival + FULL_DAY_SECONDS &&
			record->date >=
				record->arrival - FULL_LATE_DAYS * FULL_DAY_SECONDS;

	return (believed ? record->date : record->arrival) / FULL_DAY_SECONDS;
}

/* NUMBER is a message of the version before; MEMBERS are what SERIES has. */
static enum status full_fill_old(struct store *store, uint64_t number,
	const GPtrArray *members, struct full_series *series)
{
	g_autoptr(record_auto) old = NULL;
	g_autoptr(relation_auto) relation = NULL;
	g_autoptr(GPtrArray) records = full_new_records();
	struct issues_range issue = {0};
	enum status status = store_get(store, number, &old);

	if (status == STATUS_OK)
		status = issues_find(store, old->number, &issue);
	if (status == STATUS_OK)
		status = relate_find_series(store, old, &relation);
	if (status == STATUS_OK)
		status = full_get_members(store, relation->members, UINT64_MAX, records);
	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	series->old_revision = old->revision;
	series->old_is_rfc = (old->flags & RECORD_FLAG_RFC) != 0;
	series->old_arrival = old->arrival;
	series->old_days = (unsigned)MAX(
		full_day(series->item->record) - full_day(old), 0);
	series->old_issue = issue.number;
	if (full_is_whole(records) && full_is_whole(members))
		full_compare(records, members, &series->changes);
	return STATUS_OK;
}

static struct full_series *full_new_series(
	const struct full_parts *parts, const struct digest_item *item, const char *id)
{
	struct full_series *series = g_new0(struct full_series, 1);
	const char *name, *address;

	record_patch_author(item->record, &name, &address);
	series->id = g_strdup(id);
	series->item = item;
	series->author = full_find_person(parts->full, name, address);
	series->sender = full_find_person(
		parts->full, item->record->person_name, item->record->person_address);
	series->stat_files = -1;
	series->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	series->tagged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	series->covered = g_hash_table_new(g_direct_hash, g_direct_equal);
	for (int kind = 0; kind < FULL_KINDS; kind++)
		series->tags[kind].people = g_ptr_array_new();
	series->repliers = g_ptr_array_new();
	series->bots = g_ptr_array_new_with_free_func(full_bot_free);
	g_hash_table_insert(parts->full->series_by_id, series->id, series);
	g_ptr_array_add(parts->full->series, series);
	return series;
}

static unsigned full_count_seen(const GPtrArray *members)
{
	g_autoptr(GHashTable) places = g_hash_table_new(g_direct_hash, g_direct_equal);

	for (guint i = 0; i < members->len; i++) {
		const struct record *record = members->pdata[i];

		if (record->position > 0)
			g_hash_table_add(places, GINT_TO_POINTER(record->position));
	}
	return g_hash_table_size(places);
}

/* The same diffs under another version are a reroll all the same: its author says so. */
static void full_judge(struct full_series *series, const struct relation *relation)
{
	const struct record *record = series->item->record;
	bool again = relation->resend && series->old_revision == record->revision &&
		     series->old_is_rfc == !!(record->flags & RECORD_FLAG_RFC);

	if (again || record->outcome == RECORD_OUTCOME_EXIST ||
		(record->flags & RECORD_FLAG_RESEND))
		series->state = FULL_RESENT;
	else
		series->state = series->old_id ? FULL_REROLLED : FULL_FRESH;
}

static enum status full_begin_series(struct full_parts *parts, struct store *store,
	const struct relation *relation, struct full_series *series)
{
	g_autoptr(GPtrArray) members = full_new_records();
	enum status status = full_get_members(
		store, relation->members, parts->last, members);

	if (status != STATUS_OK)
		return status;
	series->total = full_is_inline(series->item->record) ? 0 : relation->total;
	series->seen = full_count_seen(members);
	for (guint i = 0; i < members->len; i++) {
		const struct record *member = members->pdata[i];

		series->begun |= member->number <= parts->first;
	}
	/* The version in front of an answer is that of what it answers. */
	if (relation->previous != NULL && !full_is_inline(series->item->record)) {
		series->old_id = g_strdup(relation->previous);
		status = full_fill_old(store, relation->previous_number, members, series);
	}
	full_judge(series, relation);
	return status;
}

/* Counts a trailer of KIND that GIVER gave to patch NUMBER: once a patch. */
static void full_count_tag(struct full_series *series, enum full_kind kind,
	struct full_person *giver, uint64_t number)
{
	char *key;

	if (giver == NULL || giver == series->author)
		return;
	key = g_strdup_printf(
		"%d %" G_GUINT64_FORMAT " %s", (int)kind, (guint64)number, giver->key);
	if (!g_hash_table_add(series->tagged, key))
		return;
	series->tags[kind].count++;
	full_add_person(series->tags[kind].people, giver);
	if (kind == FULL_REVIEWED || kind == FULL_ACKED)
		g_hash_table_add(series->covered, GSIZE_TO_POINTER(number));
}

/* Whether the reply MESSAGE_ID had come by the end of the window. */
static enum status full_came_in_time(struct full_parts *parts, struct store *store,
	const char *message_id, bool *came_r)
{
	uint64_t *number = g_hash_table_lookup(parts->given, message_id);
	g_autoptr(record_auto) reply = NULL;
	enum status status = STATUS_OK;

	if (number == NULL) {
		status = store_find(store, message_id, &reply);
		if (status != STATUS_OK && status != STATUS_NOINPUT)
			return status;
		number = g_new(uint64_t, 1);
		*number = reply ? reply->number : UINT64_MAX;
		g_hash_table_insert(parts->given, g_strdup(message_id), number);
	}
	*came_r = *number <= parts->last;
	return STATUS_OK;
}

/* What RECORD, a patch, has of its own and was given by replies. */
static enum status full_add_tags(struct full_parts *parts, struct store *store,
	const struct relation *relation, const struct record *record)
{
	struct full_series *series = g_hash_table_lookup(
		parts->full->series_by_id, relation->series);

	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];
		enum full_kind kind = full_kind_of(trailer->key);

		if (kind < FULL_REPORTED)
			full_count_tag(series, kind,
				full_find_giver(parts->full, trailer->value),
				record->number);
	}
	for (guint i = 0; i < relation->tags->len; i++) {
		const struct relate_tag *tag = relation->tags->pdata[i];
		enum full_kind kind = full_kind_of(tag->key);
		bool came;
		enum status status;

		if (kind >= FULL_REPORTED)
			continue;
		status = full_came_in_time(parts, store, tag->message_id, &came);
		if (status != STATUS_OK)
			return status;
		if (came)
			full_count_tag(series, kind,
				full_find_giver(parts->full, tag->value), record->number);
	}
	return STATUS_OK;
}

static void full_add_stat(struct full_series *series, const struct record *record)
{
	if (!full_is_patch(record) && record->stat_files >= 0) {
		g_hash_table_remove_all(series->paths);
		series->stat_files = record->stat_files;
		series->stat_added = record->stat_added;
		series->stat_deleted = record->stat_deleted;
	} else if (series->stat_files < 0 || g_hash_table_size(series->paths) > 0) {
		for (guint i = 0; i < record->paths->len; i++) {
			const struct patch_path *path = record->paths->pdata[i];

			g_hash_table_add(series->paths, g_strdup(path->path));
			series->stat_added += path->added == PATCH_COUNT_UNKNOWN
						      ? 0
						      : path->added;
			series->stat_deleted += path->deleted == PATCH_COUNT_UNKNOWN
							? 0
							: path->deleted;
		}
		if (g_hash_table_size(series->paths) > 0)
			series->stat_files = (int32_t)g_hash_table_size(series->paths);
	}
}

/* Items are newest first; a series begins with its oldest part. */
static enum status full_take_item(struct store *store, void *data, uint64_t at)
{
	struct full_parts *parts = data;
	const GPtrArray *items = parts->digest->items;
	const struct digest_item *item = items->pdata[items->len - 1 - at];
	const struct record *record = item->record;
	g_autoptr(relation_auto) relation = NULL;
	struct full_series *series;
	enum status status;

	if (record->outcome == RECORD_OUTCOME_SKIP ||
		record->class == RECORD_CLASS_PULL_REQUEST)
		return STATUS_OK;
	status = relate_find(store, record, &relation);
	if (status != STATUS_OK || relation->series == NULL)
		return status;
	series = g_hash_table_lookup(parts->full->series_by_id, relation->series);
	if (series == NULL) {
		series = full_new_series(parts, item, relation->series);
		status = full_begin_series(parts, store, relation, series);
	} else if (record->position >= 0 &&
		   record->position < series->item->record->position) {
		series->item = item;
	}
	g_hash_table_insert(parts->full->series_of, item->record, series);
	if (status == STATUS_OK)
		full_add_stat(series, record);
	if (status != STATUS_OK || !full_is_patch(record))
		return status;
	series->patches++;
	return full_add_tags(parts, store, relation, record);
}

enum status full_collect_series(const char *home, const struct digest_window *window,
	const struct digest *digest, struct full *full)
{
	g_autoptr(GHashTable)
		given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct full_parts parts = {full, digest, window->first, window->last, given};
	const struct full_walk walk = {home, full_take_item, &parts};
	enum status status = full_walk(&walk, 0, digest->items->len);

	digest_reverse(full->series);
	for (guint i = 0; i < full->series->len; i++) {
		struct full_series *series = full->series->pdata[i];

		struct full_series *old = NULL;

		series->link = url_of_record(series->item->record, full->archive);
		if (series->old_id != NULL)
			old = g_hash_table_lookup(full->series_by_id, series->old_id);
		if (old != NULL && series->state == FULL_RESENT)
			old->sent_again = true;
		else if (old != NULL)
			old->superseded = true;
	}
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/review.h"

#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/patch.h"
#include "model/identity.h"
#include "model/series.h"
#include "store/home.h"
#include "store/internal.h"
#include "store/relate.h"
#include "store/review_case.h"
#include "store/review_index.h"

enum {
	REVIEW_DAY_SECONDS = 24 * 3600,
	/* Of open postings taken at a time, and of closed ones opened in a session. */
	REVIEW_BATCH = 100,
	REVIEW_REOPENED = 2000,
};

void review_series_free(struct review_series *series)
{
	if (series == NULL)
		return;
	g_free(series->message_id);
	g_free(series->here);
	g_free(series->title);
	g_free(series->author_name);
	g_free(series->author_address);
	g_free(series->id);
	g_free(series->resent);
	g_free(series);
}

static void review_free_entry(void *series)
{
	review_series_free(series);
}

/* A walk through what is open. */
struct review {
	const char *home;
	struct mailmap *mailmap; /* or NULL */
	int64_t now, oldest;
	uint64_t next; /* number */
	bool started, done;
	char *mailmap_hash; /* hexadecimal */
	GHashTable *seen;   /* uint64_t numbers that were looked at */
	GHashTable *roots;  /* Message-IDs in LIST; borrowed from it */
	GPtrArray *list;
};

static void review_release(struct review *review)
{
	mailmap_free(review->mailmap);
	g_free(review->mailmap_hash);
	g_hash_table_unref(review->seen);
	g_hash_table_unref(review->roots);
	g_clear_pointer(&review->list, g_ptr_array_unref);
}

static enum status review_load_mailmap(struct review *review)
{
	g_autoptr(GString) text = NULL;
	uint8_t hash[HASH_BYTES];
	enum status status = home_read_mailmap(review->home, &text);

	if (status != STATUS_OK)
		return status;
	review->mailmap = text ? mailmap_parse(text->str, text->len) : NULL;
	hash_bytes(text ? text->str : "", text ? text->len : 0, hash);
	review->mailmap_hash = text_to_hex(hash, sizeof hash);
	return STATUS_OK;
}

/* What was closed under another mailmap, or before a class was mended, may be open. */
static enum status review_start(struct store *store, struct review *review)
{
	g_autofree char *before = NULL;
	uint64_t first = 0;
	bool left = false;
	enum status status = store_get_meta(store, REVIEW_MARK, &before);

	if (status == STATUS_NOINPUT ||
		(status == STATUS_OK && strcmp(before, review->mailmap_hash) != 0))
		status = review_reopen(store, REVIEW_REOPENED, &left);
	if (status == STATUS_OK && !left)
		status = store_put_meta(store, REVIEW_MARK, review->mailmap_hash);
	if (status == STATUS_OK)
		status = store_first_since(store, review->oldest, &first);
	review->next = first;
	review->started = status == STATUS_OK && !left;
	return status;
}

static void review_count_lines(const struct record *record, struct review_series *entry)
{
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		if (path->added != PATCH_COUNT_UNKNOWN)
			entry->added += path->added;
		if (path->deleted != PATCH_COUNT_UNKNOWN)
			entry->deleted += path->deleted;
	}
}

/* Sums up SERIES, which waits. */
static struct review_series *review_describe(
	const struct review *review, const struct relate_series *series, const char *root)
{
	struct review_series *entry = g_new0(struct review_series, 1);
	const struct record *first = series->members->pdata[0];
	const struct record *last = series->members->pdata[series->members->len - 1];
	size_t length;
	const uint8_t *id = record_id(first, &length);

	entry->message_id = g_strdup(root);
	entry->title = g_strdup(first->title);
	mailmap_apply(review->mailmap, first->person_name, first->person_address,
		&entry->author_name, &entry->author_address);
	entry->revision = first->revision;
	entry->rfc = first->flags & RECORD_FLAG_RFC;
	entry->total = last->total > 0 ? (unsigned)last->total : 1;
	entry->seen = last->total > 0 ? series_count_patches(series->members) : 1;
	entry->number = first->number;
	entry->here = g_strdup(first->message_id);
	entry->id = text_to_hex(id, length);
	entry->arrival = first->arrival;
	for (guint i = 0; i < series->members->len; i++) {
		const struct record *member = series->members->pdata[i];

		entry->arrival = MIN(entry->arrival, member->arrival);
		review_count_lines(member, entry);
	}
	/* Between its parts lines may come and go. */
	if (first->class == RECORD_CLASS_COVER_LETTER && first->stat_files >= 0) {
		entry->added = first->stat_added;
		entry->deleted = first->stat_deleted;
	}
	entry->days = review->now > entry->arrival
			      ? (unsigned)((review->now - entry->arrival) /
					   REVIEW_DAY_SECONDS)
			      : 0;
	return entry;
}

/* The root of the series of the group that was sent last, NULL where there is one alone. */
static const char *review_newest_root(const struct review_case *found)
{
	const char *root = NULL;
	int64_t date = INT64_MIN;

	for (guint i = 1; i < found->group->len; i++) {
		const struct relate_series *series = found->group->pdata[i];
		const struct record *first = series->members->pdata[0];

		if (first->date > date ||
			(first->date == date &&
				strcmp(found->roots->pdata[i], root) > 0)) {
			date = first->date;
			root = found->roots->pdata[i];
		}
	}
	return root;
}

/* Whether any of the group came after the oldest that is listed. */
static bool review_is_recent(const struct review *review, const struct review_case *found)
{
	for (guint i = 0; i < found->group->len; i++) {
		const struct relate_series *series = found->group->pdata[i];

		for (guint j = 0; j < series->members->len; j++)
			if (((struct record *)series->members->pdata[j])->arrival >=
				review->oldest)
				return true;
	}
	return false;
}

static void review_note_case(struct review *review, const struct review_case *found)
{
	struct review_series *entry;

	if (g_hash_table_contains(review->roots, found->roots->pdata[0]) ||
		!review_is_recent(review, found))
		return;
	entry = review_describe(review, found->group->pdata[0], found->roots->pdata[0]);
	entry->resent = g_strdup(review_newest_root(found));
	g_ptr_array_add(review->list, entry);
	g_hash_table_add(review->roots, entry->message_id);
}

static void review_note_seen(struct review *review, uint64_t number)
{
	g_hash_table_add(review->seen, g_memdup2(&number, sizeof number));
}

/* Ends with all parts of FOUND as the case is. */
static enum status review_end_case(struct store *store, struct review *review,
	const struct review_case *found, uint64_t number)
{
	enum status status = found->closed ? review_put_closed(store, number) : STATUS_OK;

	review_note_seen(review, number);
	for (guint i = 0; i < found->group->len; i++) {
		const struct relate_series *series = found->group->pdata[i];

		for (guint j = 0; j < series->members->len && status == STATUS_OK; j++) {
			const struct record *member = series->members->pdata[j];

			review_note_seen(review, member->number);
			if (found->closed && member->number != number &&
				record_is_posting(member))
				status = review_put_closed(store, member->number);
		}
	}
	return status;
}

/* Removed from its archive, or another copy counts: it is not asked for. */
static enum status review_is_shown(
	struct store *store, const struct record *record, bool *shown_r)
{
	bool removed = false;
	enum status status = store_is_removed(store, record->message_id, &removed);

	*shown_r = !removed && !(record->flags & RECORD_FLAG_CONFLICT);
	return status;
}

static enum status review_look_at(
	struct store *store, struct review *review, uint64_t number)
{
	g_autoptr(record_auto) record = NULL;
	struct review_case found;
	bool shown = false;
	enum status status;

	if (g_hash_table_contains(review->seen, &number))
		return STATUS_OK;
	status = store_get(store, number, &record);
	if (status == STATUS_NOINPUT)
		return review_drop(store, number); /* expired */
	if (status == STATUS_OK)
		status = review_is_shown(store, record, &shown);
	if (status != STATUS_OK || !shown)
		return status == STATUS_OK ? review_put_closed(store, number) : status;
	status = review_case_find(store, record, review->mailmap, &found);
	if (status != STATUS_OK)
		return status;
	status = review_end_case(store, review, &found, number);
	if (status == STATUS_OK && !found.closed)
		review_note_case(review, &found);
	review_case_release(&found);
	return status;
}

/* One session's worth. */
static enum status review_batch(struct store *store, void *data)
{
	/* Half of the time a session has is for the puts. */
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS / 2;
	struct review *review = data;
	enum status status = review->started ? STATUS_OK : review_start(store, review);

	/* It writes, but to relate.db alone. */
	store->steady = true;
	while (status == STATUS_OK && review->started && !review->done &&
		io_milliseconds() < deadline) {
		g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));

		status = review_find_open(store, review->next, REVIEW_BATCH, numbers);
		review->done = numbers->len == 0;
		for (guint i = 0; i < numbers->len && status == STATUS_OK &&
				  io_milliseconds() < deadline;
			i++) {
			uint64_t number = g_array_index(numbers, uint64_t, i);

			status = review_look_at(store, review, number);
			review->next = number + 1;
		}
	}
	return status;
}

static gint review_compare(gconstpointer a, gconstpointer b)
{
	const struct review_series *const *first = a, *const *second = b;

	if ((*first)->arrival != (*second)->arrival)
		return (*first)->arrival < (*second)->arrival ? -1 : 1;
	return strcmp((*first)->message_id, (*second)->message_id);
}

enum status review_list_waiting(const char *home, int64_t now, GPtrArray **series_r)
{
	struct review review = {.home = home,
		.now = now,
		.oldest = now - (int64_t)REVIEW_DAYS * REVIEW_DAY_SECONDS};
	enum status status;

	review.seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	review.roots = g_hash_table_new(g_str_hash, g_str_equal);
	review.list = g_ptr_array_new_with_free_func(review_free_entry);
	status = relate_update(home);
	if (status == STATUS_OK)
		status = review_load_mailmap(&review);
	while (status == STATUS_OK && !review.done)
		status = store_run(home, review_batch, &review);
	if (status == STATUS_OK) {
		g_ptr_array_sort(review.list, review_compare);
		*series_r = g_steal_pointer(&review.list);
	}
	review_release(&review);
	return status;
}

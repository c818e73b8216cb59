/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/digest.h"

#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/limits.h"
#include "digest/full.h"
#include "digest/mine.h"
#include "digest/selection.h"
#include "store/relate.h"
#include "store/store.h"

static void digest_free_item(void *data)
{
	struct digest_item *item = data;

	record_free(item->record);
	g_free(item->text);
	g_free(item);
}

void digest_free(struct digest *digest)
{
	if (digest == NULL)
		return;
	g_free(digest->from_id);
	g_free(digest->to_id);
	g_ptr_array_unref(digest->items);
	stats_free(digest->stats);
	full_free(digest->full);
	mine_free(digest->mine);
	g_clear_pointer(&digest->left_out, g_hash_table_unref);
	g_free(digest);
}

/* Whether RECORD is one of WINDOW's. */
static bool digest_covers(const struct digest_window *window, const struct record *record)
{
	return record->arrival >= window->since &&
	       !(window->unsent && (record->flags & RECORD_FLAG_HISTORY));
}

/* Whether layout full says anything of RECORD, which is no posting, that somebody waits for: what
 * programs found in trees is told, but makes no digest. */
static bool digest_is_other(const struct record *record)
{
	static const bool others[RECORD_CLASS_COUNT] = {
		[RECORD_CLASS_REPLY] = true,
		[RECORD_CLASS_REVIEW] = true,
		[RECORD_CLASS_APPLIED] = true,
		[RECORD_CLASS_BUG_REPORT] = true,
		[RECORD_CLASS_ANNOUNCEMENT] = true,
		[RECORD_CLASS_DISCUSSION] = true,
	};

	return others[record->class] && record->outcome != RECORD_OUTCOME_SKIP;
}

/* A whole copy of a message that an earlier digest had, and that nothing said was cut,
 * brings no news: some list put a footer of its own under it. */
static enum status digest_is_old(struct store *store, const struct digest_window *window,
	const struct record *record, bool *old_r)
{
	g_autoptr(record_auto) first = NULL;
	enum status status;

	if (!(record->flags & RECORD_FLAG_SUPERSEDES))
		return STATUS_OK;
	status = store_find(store, record->message_id, &first);
	if (status == STATUS_NOINPUT)
		return STATUS_OK; /* expired */
	if (status == STATUS_OK)
		*old_r = first->number <= window->first &&
			 !(first->flags & RECORD_FLAG_PARTIAL);
	return status;
}

enum status digest_has(struct store *store, const struct digest_window *window,
	const struct record *record, bool *has_r)
{
	bool gone = false;
	enum status status = STATUS_OK;

	*has_r = false;
	if (record->outcome == RECORD_OUTCOME_SKIP || !digest_covers(window, record))
		return STATUS_OK;
	status = store_is_removed(store, record->message_id, &gone);
	if (status == STATUS_OK && !gone)
		status = digest_is_old(store, window, record, &gone);
	*has_r = status == STATUS_OK && !gone;
	return status;
}

/* Notes the posting that the window's selection leaves out; of the rest full_collect() does. */
static enum status digest_choose(struct store *store, const struct digest_window *window,
	const struct record *record, const struct digest *digest, bool *out_r)
{
	bool fits = true;
	enum status status = STATUS_OK;

	if (window->selection != NULL)
		status = selection_fits(store, window->selection, record, &fits);
	if (status == STATUS_OK && !fits && record_is_posting(record) &&
		record->outcome != RECORD_OUTCOME_SKIP)
		g_hash_table_add(digest->left_out, g_strdup(record->message_id));
	*out_r = !fits;
	return status;
}

static void digest_count_other(struct digest *digest, const struct record *record)
{
	digest->others++;
	digest->oldest_other = MIN(digest->oldest_other, record->arrival);
}

static enum status digest_add(struct store *store, const struct digest_window *window,
	struct record *record, struct digest *digest)
{
	struct digest_item *item = g_new0(struct digest_item, 1);
	bool posting = record_is_posting(record);
	bool removed = !digest_covers(window, record) ||
		       !(posting || digest_is_other(record));
	enum status status = STATUS_OK;

	item->record = record;
	if (!removed)
		status = store_is_removed(store, record->message_id, &removed);
	if (status == STATUS_OK && !removed)
		status = digest_is_old(store, window, record, &removed);
	if (status == STATUS_OK && !removed)
		status = digest_choose(store, window, record, digest, &removed);
	if (status == STATUS_OK && !removed && !posting) {
		digest_count_other(digest, record);
		removed = true;
	}
	if (status == STATUS_OK && !removed && record->outcome == RECORD_OUTCOME_NEW &&
		record_has_entry(record))
		status = store_get_text(store, record->number, &item->text);
	if (status == STATUS_OK && !removed)
		g_ptr_array_add(digest->items, item);
	else
		digest_free_item(item);
	return status;
}

struct digest_work {
	const struct digest_window *window;
	struct digest *digest;
	uint64_t number; /* the last one that was read */
};

/* One session's worth of the window. */
static enum status digest_collect_batch(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct digest_work *work = data;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && work->number < work->window->last &&
		io_milliseconds() < deadline) {
		struct record *record;

		status = store_get(store, work->number + 1, &record);
		if (status == STATUS_OK)
			status = digest_add(store, work->window, record, work->digest);
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK; /* expired */
		work->number++;
	}
	return status;
}

static enum status digest_name_ends(struct store *store, void *data)
{
	const struct digest_work *work = data;
	const struct digest_window *window = work->window;
	struct digest *digest = work->digest;
	uint8_t id[HASH_BYTES];
	size_t length;
	enum status status = STATUS_OK;

	if (window->from_length > 0) {
		length = window->from_length;
		memcpy(id, window->from, length);
	} else {
		status = store_start_id(store, window->first, id, &length);
	}
	if (status == STATUS_OK)
		status = store_abbreviate(store, id, length, &digest->from_id);
	if (status == STATUS_OK && window->last > window->first)
		status = store_get_id(store, window->last, id, &length);
	if (status == STATUS_OK)
		status = store_abbreviate(store, id, length, &digest->to_id);
	return status;
}

/* Of several copies of one message the last whole one counts. */
static void digest_drop_superseded(struct digest *digest)
{
	g_autoptr(GHashTable) whole = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = digest->items->len; i-- > 0;) {
		const struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;

		if (g_hash_table_contains(whole, record->message_id))
			g_ptr_array_remove_index(digest->items, i);
		else if (record->flags & RECORD_FLAG_SUPERSEDES)
			g_hash_table_add(whole, record->message_id);
	}
}

void digest_reverse(GPtrArray *items)
{
	for (guint i = 0, j = items->len; i + 1 < j; i++) {
		void *item = items->pdata[i];

		items->pdata[i] = items->pdata[--j];
		items->pdata[j] = item;
	}
}

enum status digest_collect(const char *home, const struct digest_window *window,
	const struct mailmap *mailmap, struct digest **digest_r)
{
	struct digest *digest = g_new0(struct digest, 1);
	struct digest_work work = {window, digest, window->first};
	enum status status = STATUS_OK;

	digest->last = window->last;
	digest->items = g_ptr_array_new_with_free_func(digest_free_item);
	digest->stats = stats_new();
	digest->selection = window->selection;
	if (window->selection != NULL) {
		digest->left_out = g_hash_table_new_full(
			g_str_hash, g_str_equal, g_free, NULL);
		status = relate_update(home);
	}
	digest->oldest_other = INT64_MAX;
	if (status == STATUS_OK)
		status = store_read(home, digest_name_ends, &work);
	while (status == STATUS_OK && work.number < window->last)
		status = store_read(home, digest_collect_batch, &work);
	if (status != STATUS_OK) {
		digest_free(digest);
		return status;
	}
	digest_drop_superseded(digest);
	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];

		if (item->record->outcome == RECORD_OUTCOME_NEW)
			stats_count(digest->stats, item->record, mailmap);
	}
	digest_reverse(digest->items);
	*digest_r = digest;
	return STATUS_OK;
}

unsigned digest_count_shown(
	const struct digest *digest, bool with_others, int64_t *oldest_r)
{
	unsigned count = with_others ? digest->others : 0;

	*oldest_r = with_others ? digest->oldest_other : INT64_MAX;
	for (guint i = 0; i < digest->items->len; i++) {
		const struct record *record =
			((const struct digest_item *)digest->items->pdata[i])->record;

		if (record->outcome != RECORD_OUTCOME_NEW && !record_has_entry(record))
			continue;
		count++;
		*oldest_r = MIN(*oldest_r, record->arrival);
	}
	return count;
}

void digest_find_period(const struct digest *digest, int64_t *first_r, int64_t *last_r)
{
	const GPtrArray *items = digest->items;

	if (digest->full != NULL) {
		*first_r = digest->full->summary.first_arrival;
		*last_r = digest->full->summary.last_arrival;
		return;
	}
	/* The newest stands first. */
	*first_r = ((const struct digest_item *)items->pdata[items->len - 1])
			   ->record->arrival;
	*last_r = ((const struct digest_item *)items->pdata[0])->record->arrival;
}

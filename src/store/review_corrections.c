/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "model/series.h"
#include "store/internal.h"
#include "store/reclass.h"
#include "store/relate.h"
#include "store/relate_series.h"
#include "store/review.h"

void review_correction_free(struct review_correction *correction)
{
	if (correction == NULL)
		return;
	g_free(correction->message_id);
	g_free(correction->series);
	g_free(correction->title);
	g_free(correction->author_name);
	g_free(correction->author_address);
	g_free(correction->places);
	g_free(correction->who);
	g_free(correction->why);
	g_free(correction);
}

static void review_free_correction(void *correction)
{
	review_correction_free(correction);
}

struct review_corrections {
	const struct review_issue *issue;
	uint64_t next;
	GHashTable *parts; /* uint64_t numbers whose series was looked at, owned */
	GPtrArray *list;
};

static struct review_correction *review_add_correction(struct review_corrections *work,
	enum review_correction_kind kind, const struct record *record)
{
	struct review_correction *correction = g_new0(struct review_correction, 1);

	correction->kind = kind;
	correction->message_id = g_strdup(record->message_id);
	correction->title = g_strdup(record->title);
	correction->author_name = g_strdup(record->person_name);
	correction->author_address = g_strdup(record->person_address);
	correction->time = record->arrival;
	g_ptr_array_add(work->list, correction);
	return correction;
}

/* Which parts of a series came before the issue, and which in it. */
struct review_late {
	unsigned shown;
	const struct record *cover, *part; /* the first late ones; NULL for none */
	GHashTable *places;                /* of the late patches */
};

static void review_split(const struct review_corrections *work,
	const struct relate_series *series, struct review_late *late)
{
	for (guint i = 0; i < series->members->len; i++) {
		const struct record *member = series->members->pdata[i];
		uint64_t number = member->number;

		g_hash_table_add(work->parts, g_memdup2(&number, sizeof number));
		if (number <= work->issue->first)
			late->shown++;
		else if (number > work->issue->last)
			continue;
		else if (member->position == 0)
			late->cover = member;
		else if (g_hash_table_add(
				 late->places, GINT_TO_POINTER(member->position)) &&
			 late->part == NULL)
			late->part = member;
	}
}

static void review_correct_series(struct review_corrections *work,
	const struct relate_series *series, const char *root)
{
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
	const struct record *first = series->members->pdata[0];
	const struct record *last = series->members->pdata[series->members->len - 1];
	struct review_late late = {.places = places};

	review_split(work, series, &late);
	for (unsigned i = 0; late.shown > 0 && i < 2; i++) {
		const struct record *record = i == 0 ? late.cover : late.part;
		struct review_correction *correction;

		if (record == NULL)
			continue;
		correction = review_add_correction(
			work, i == 0 ? REVIEW_LATE_COVER : REVIEW_LATE_PARTS, record);
		g_free(correction->title);
		correction->title = g_strdup(first->title);
		correction->series = g_strdup(root);
		correction->shown = late.shown;
		correction->total = last->total > 0 ? (unsigned)last->total : 0;
		correction->seen = series_count_patches(series->members);
		if (i == 1)
			correction->places = review_format_places(
				places, last->total, false);
	}
}

static enum status review_correct_number(
	struct store *store, struct review_corrections *work, uint64_t number)
{
	g_autoptr(record_auto) record = NULL;
	struct relate_series series;
	g_autofree char *root = NULL;
	enum status status = store_get(store, number, &record);

	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	if (!record_is_posting(record) || record->position < 0 || record->total < 1 ||
		g_hash_table_contains(work->parts, &number))
		return STATUS_OK;
	status = relate_assemble(store, record, &series);
	if (status != STATUS_OK)
		return status;
	status = relate_root(store, &series, &root);
	if (status == STATUS_OK)
		review_correct_series(work, &series, root);
	relate_series_release(&series);
	return status;
}

static enum status review_correct_class(struct store *store,
	struct review_corrections *work, const struct reclass *reclass)
{
	g_autoptr(record_auto) record = NULL;
	struct review_correction *correction;
	enum status status = store_find(store, reclass->message_id, &record);

	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	if (record->number > work->issue->first)
		return STATUS_OK;
	correction = review_add_correction(work, REVIEW_RECLASSED, record);
	correction->class = reclass->class;
	correction->was = reclass->was;
	correction->who = g_strdup(reclass->who);
	correction->why = g_strdup(reclass->why);
	correction->time = reclass->time;
	return STATUS_OK;
}

static void review_free_reclass(void *reclass)
{
	reclass_free(reclass);
}

static enum status review_correct_classes(
	struct store *store, struct review_corrections *work)
{
	g_autoptr(GPtrArray)
		reclassed = g_ptr_array_new_with_free_func(review_free_reclass);
	enum status status = reclass_list(store, reclassed);

	for (guint i = 0; i < reclassed->len && status == STATUS_OK; i++) {
		const struct reclass *reclass = reclassed->pdata[i];

		if (reclass->time >= work->issue->before)
			status = review_correct_class(store, work, reclass);
	}
	return status;
}

/* One session's worth; the last one does the classes. */
static enum status review_correct_batch(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct review_corrections *work = data;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && work->next <= work->issue->last &&
		io_milliseconds() < deadline)
		status = review_correct_number(store, work, work->next++);
	if (status == STATUS_OK && work->next > work->issue->last)
		status = review_correct_classes(store, work);
	return status;
}

enum status review_list_corrections(
	const char *home, const struct review_issue *issue, GPtrArray **corrections_r)
{
	g_autoptr(GHashTable)
		parts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct review_corrections work = {.issue = issue,
		.next = issue->first + 1,
		.parts = parts,
		.list = g_ptr_array_new_with_free_func(review_free_correction)};
	enum status status = relate_update(home);

	do
		if (status == STATUS_OK)
			status = store_read(home, review_correct_batch, &work);
	while (status == STATUS_OK && work.next <= issue->last);
	if (status == STATUS_OK)
		*corrections_r = work.list;
	else
		g_ptr_array_unref(work.list);
	return status;
}

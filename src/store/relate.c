/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/relate.h"

#include <string.h>

#include "base/limits.h"
#include "model/series.h"
#include "store/internal.h"
#include "store/relate_index.h"
#include "store/relate_series.h"
#include "store/reroll.h"

enum {
	/* Parts of one series come close together; the same sender's other series of as many
	 * patches, years apart, need not be looked at.  Nor need all those around it, twice its
	 * parts and some: strangers may send thousands that look like it. */
	RELATE_SERIES_REACH = 10000,
	RELATE_SERIES_PARTS = 1500,
	RELATE_OTHER_PARTS = 100,
	/* Of what answers a cover letter, to find one of its patches. */
	RELATE_CHILDREN = 10,
	/* Of series that a session remembers: whoever lists messages asks for all parts of some,
	 * and a thousand messages answer some dozen. */
	RELATE_KEPT = 64,
};

void relation_free(struct relation *relation)
{
	if (relation == NULL)
		return;
	g_free(relation->series);
	g_free(relation->previous);
	g_free(relation->previous_why);
	g_ptr_array_unref(relation->members);
	g_ptr_array_unref(relation->tags);
	g_free(relation);
}

void relate_series_release(struct relate_series *series)
{
	g_clear_pointer(&series->members, g_ptr_array_unref);
	g_clear_pointer(&series->records, g_ptr_array_unref);
}

/* The parts of RECORD's sender and total. */
static enum status relate_gather(
	struct store *store, const struct record *record, struct relate_series *series_r)
{
	uint8_t hash[HASH_BYTES];
	struct relate_query query = {.kind = RELATE_SERIES,
		.hash = hash,
		.last = record->number + RELATE_SERIES_REACH,
		.near = record->number};
	uint64_t parts = record->total > 0 ? (uint64_t)record->total + 1 : 1;
	struct relate_series series = {relate_new_records(), NULL};
	enum status status;
	guint self = 0;

	query.limit = (unsigned)MIN(2 * parts + RELATE_OTHER_PARTS, RELATE_SERIES_PARTS);
	if (record->number > RELATE_SERIES_REACH)
		query.first = record->number - RELATE_SERIES_REACH;
	series_key(record, hash);
	if (!hash_is_none(hash)) {
		status = relate_find_records(store, &query, series.records);
		if (status != STATUS_OK) {
			relate_series_release(&series);
			return status;
		}
	}
	while (self < series.records->len &&
		strcmp(((struct record *)series.records->pdata[self])->message_id,
			record->message_id) != 0)
		self++;
	if (self < series.records->len) {
		series.members = series_assemble(series.records, self);
	} else {
		series.members = g_ptr_array_new();
		g_ptr_array_add(series.members, (void *)(uintptr_t)record);
	}
	*series_r = series;
	return STATUS_OK;
}

/* Puts the cover letter in front of SERIES, patches without one, where it says another total.
 * *TAKEN_R (may be NULL) says whether there was one. */
static enum status relate_take_cover(
	struct store *store, struct relate_series *series, bool *taken_r)
{
	const struct record *first = series->members->pdata[0];
	const char *missing = first->total > 0 ? series_missing_cover(series->members)
					       : NULL;
	struct relate_series own = {0};
	struct record *cover = NULL;
	enum status status;
	bool taken;

	if (missing == NULL || series->records->len == 0)
		return STATUS_OK;
	status = store_find(store, missing, &cover);
	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	taken = series_is_miscounted(cover, first);
	if (taken) {
		status = relate_gather(store, cover, &own);
		/* One that has patches of its total has no others. */
		taken = status == STATUS_OK && own.members->len == 1;
	}
	relate_series_release(&own);
	if (taken) {
		g_ptr_array_add(series->records, cover);
		g_ptr_array_insert(series->members, 0, cover);
	} else {
		record_free(cover);
	}
	if (taken_r != NULL)
		*taken_r = taken;
	return status;
}

/* Puts the patches in the place of SERIES, a cover letter alone, where they say another total. */
static enum status relate_take_patches(struct store *store, struct relate_series *series)
{
	const struct record *cover = series->members->pdata[0];
	uint8_t hash[HASH_BYTES];
	const struct relate_query query = {
		RELATE_PART, hash, 0, UINT64_MAX, RELATE_CHILDREN, 0};
	g_autoptr(GPtrArray) children = relate_new_records();
	enum status status;

	hash_bytes(cover->message_id, strlen(cover->message_id), hash);
	status = relate_find_records(store, &query, children);
	for (guint i = 0; i < children->len && status == STATUS_OK; i++) {
		struct relate_series found = {0};
		bool taken = false;

		if (!series_is_miscounted(cover, children->pdata[i]))
			continue;
		status = relate_gather(store, children->pdata[i], &found);
		if (status == STATUS_OK)
			status = relate_take_cover(store, &found, &taken);
		if (taken) {
			relate_series_release(series);
			*series = found;
			break;
		}
		relate_series_release(&found);
	}
	return status;
}

enum status relate_assemble(
	struct store *store, const struct record *record, struct relate_series *series_r)
{
	const struct record *first;
	enum status status;

	store_remember(store);
	status = relate_gather(store, record, series_r);
	if (status != STATUS_OK)
		return status;
	first = series_r->members->pdata[0];
	if (first->position > 0)
		status = relate_take_cover(store, series_r, NULL);
	else if (first->position == 0 && series_r->members->len == 1)
		status = relate_take_patches(store, series_r);
	if (status != STATUS_OK)
		relate_series_release(series_r);
	return status;
}

/* Whether an earlier series of the same sender and length answers MESSAGE_ID: then it is that one's
 * cover letter. */
static bool relate_is_taken(const struct relate_series *series, const char *message_id)
{
	const struct record *first = series->members->pdata[0];

	for (guint i = 0; i < series->records->len; i++) {
		const struct record *record = series->records->pdata[i];
		const GPtrArray *references = record->references;

		if (references->len > 0 &&
			!g_ptr_array_find(series->members, record, NULL) &&
			strcmp(references->pdata[references->len - 1], message_id) == 0 &&
			(record->revision != first->revision
					? record->revision < first->revision
					: record->date < first->date))
			return true;
	}
	return false;
}

enum status relate_root(
	struct store *store, const struct relate_series *series, char **root_r)
{
	const struct record *first = series->members->pdata[0];
	const char *missing = first->total > 0 ? series_missing_cover(series->members)
					       : NULL;
	g_autoptr(record_auto) parent = NULL;
	enum status status = STATUS_NOINPUT;

	/* What is here and no part is an earlier thread, which was answered. */
	if (missing != NULL)
		status = store_find(store, missing, &parent);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	if (parent != NULL || missing == NULL || relate_is_taken(series, missing))
		*root_r = g_strdup(first->message_id);
	else
		*root_r = g_strdup(missing);
	return STATUS_OK;
}

static enum status relate_find_previous(struct store *store,
	const struct relate_series *series, struct relation *relation)
{
	struct reroll old = {0};
	g_autofree char *root = NULL;
	enum status status = reroll_find(store, series->members, &old);

	if (status != STATUS_OK || old.series.members == NULL)
		return status;
	status = relate_root(store, &old.series, &root);
	if (status == STATUS_OK && strcmp(root, relation->series) != 0) {
		const struct record *first = old.series.members->pdata[0];

		relation->previous = g_steal_pointer(&root);
		relation->previous_number = first->number;
		relation->previous_why = g_steal_pointer(&old.why);
		relation->resend = series_same_diffs(series->members, old.series.members);
	}
	reroll_release(&old);
	return status;
}

/* What is known of a series but for what replies gave, the same for all its parts; without what it
 * is a reroll of when SERIES_ALONE. */
static enum status relate_fill(struct store *store, const struct record *record,
	bool series_alone, struct relation *relation)
{
	struct relate_series series;
	const struct record *first, *last;
	enum status status = relate_assemble(store, record, &series);

	if (status != STATUS_OK)
		return status;
	first = series.members->pdata[0];
	for (guint i = 0; i < series.members->len; i++) {
		const struct record *member = series.members->pdata[i];

		g_ptr_array_add(relation->members, GSIZE_TO_POINTER(member->number));
	}
	/* Of a cover letter that says another total, the patches are right. */
	last = series.members->pdata[series.members->len - 1];
	relation->total = last->total > 0 ? (unsigned)last->total : 0;
	relation->seen = relation->total > 0 ? series_count_patches(series.members) : 0;
	status = relate_root(store, &series, &relation->series);
	if (status == STATUS_OK && !series_alone)
		status = relate_find_previous(store, &series, relation);
	relation->covered = status == STATUS_OK &&
			    (first->position == 0 ||
				    strcmp(relation->series, first->message_id) != 0);
	relate_series_release(&series);
	return status;
}

static struct relation *relation_new(void)
{
	struct relation *relation = g_new0(struct relation, 1);

	relation->members = g_ptr_array_new();
	relation->tags = relate_new_tags();
	return relation;
}

/* A copy of WHOLE without its tags. */
static struct relation *relation_copy(const struct relation *whole)
{
	struct relation *copy = relation_new();

	copy->series = g_strdup(whole->series);
	copy->previous = g_strdup(whole->previous);
	copy->previous_number = whole->previous_number;
	copy->previous_why = g_strdup(whole->previous_why);
	copy->resend = whole->resend;
	copy->seen = whole->seen;
	copy->total = whole->total;
	copy->covered = whole->covered;
	for (guint i = 0; i < whole->members->len; i++)
		g_ptr_array_add(copy->members, whole->members->pdata[i]);
	return copy;
}

struct relate_memory {
	struct relation *kept[RELATE_KEPT];
	bool series_alone[RELATE_KEPT]; /* as relate_fill() had it */
	unsigned next;
};

void relate_forget(struct relate_memory *memory)
{
	for (unsigned i = 0; memory != NULL && i < RELATE_KEPT; i++)
		relation_free(memory->kept[i]);
	g_free(memory);
}

/* The relation that NUMBER was found in before, at least the series; NULL for none.  Borrowed. */
static const struct relation *relate_recall(
	const struct store *store, uint64_t number, bool series_alone)
{
	const struct relate_memory *memory = store->related;

	for (unsigned i = 0; memory != NULL && i < RELATE_KEPT; i++) {
		const struct relation *kept = memory->kept[i];

		for (guint j = 0; kept != NULL && j < kept->members->len; j++)
			if (GPOINTER_TO_SIZE(kept->members->pdata[j]) == number &&
				(series_alone || !memory->series_alone[i]))
				return kept;
	}
	return NULL;
}

static void relate_keep(
	struct store *store, const struct relation *relation, bool series_alone)
{
	struct relate_memory *memory = store->related;

	if (relation->members->len < 2)
		return;
	if (memory == NULL)
		memory = store->related = g_new0(struct relate_memory, 1);
	relation_free(memory->kept[memory->next]);
	memory->kept[memory->next] = relation_copy(relation);
	memory->series_alone[memory->next] = series_alone;
	memory->next = (memory->next + 1) % RELATE_KEPT;
}

/* The relation of RECORD without tags. */
static enum status relate_find_whole(struct store *store, const struct record *record,
	bool series_alone, struct relation **relation_r)
{
	const struct relation *known = relate_recall(store, record->number, series_alone);
	struct relation *relation = known ? relation_copy(known) : relation_new();
	enum status status = STATUS_OK;

	if (known == NULL && record_is_posting(record)) {
		status = relate_fill(store, record, series_alone, relation);
		if (status == STATUS_OK)
			relate_keep(store, relation, series_alone);
	}
	if (status != STATUS_OK)
		relation_free(relation);
	else
		*relation_r = relation;
	return status;
}

enum status relate_find_series(
	struct store *store, const struct record *record, struct relation **relation_r)
{
	return relate_find_whole(store, record, true, relation_r);
}

enum status relate_find(
	struct store *store, const struct record *record, struct relation **relation_r)
{
	struct relation *relation;
	enum status status = relate_find_whole(store, record, false, &relation);

	if (status != STATUS_OK)
		return status;
	if (record_is_posting(record))
		status = relate_add_all_tags(store, record, relation);
	if (status != STATUS_OK)
		relation_free(relation);
	else
		*relation_r = relation;
	return status;
}

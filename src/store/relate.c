/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/relate.h"

#include <string.h>

#include "model/series.h"
#include "store/relate_index.h"

enum {
	/* Parts of one series come close together; the same sender's other series of as many
	 * patches, years apart, need not be looked at.  Nor need all those around it, twice its
	 * parts and some: strangers may send thousands that look like it. */
	RELATE_SERIES_REACH = 10000,
	RELATE_SERIES_PARTS = 1500,
	RELATE_OTHER_PARTS = 100,
	/* Of earlier revisions looked at, the newest ones. */
	RELATE_REVISIONS = 200,
	/* Of replies with trailers to one message: an announcement's are not counted. */
	RELATE_REPLIES = 500,
};

static void relate_tag_free(void *data)
{
	struct relate_tag *tag = data;

	g_free(tag->key);
	g_free(tag->value);
	g_free(tag->message_id);
	g_free(tag);
}

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

/* A series that was put together: the records own what members points to. */
struct relate_series {
	GPtrArray *records, *members;
};

static void relate_series_release(struct relate_series *series)
{
	g_clear_pointer(&series->members, g_ptr_array_unref);
	g_clear_pointer(&series->records, g_ptr_array_unref);
}

static enum status relate_assemble(
	struct store *store, const struct record *record, struct relate_series *series_r)
{
	uint8_t hash[HASH_BYTES];
	struct relate_query query = {.kind = RELATE_SERIES,
		.hash = hash,
		.last = record->number + RELATE_SERIES_REACH,
		.middle = record->number};
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

/* The root's Message-ID: the cover letter, here or not, else the first part.  The caller frees. */
static enum status relate_root(
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
	*root_r = g_strdup(
		missing != NULL && parent == NULL ? missing : first->message_id);
	return STATUS_OK;
}

/* The newest of OLD that FIRST may be a reroll of; NULL for none.  Borrowed. */
static const struct record *relate_newest_before(
	const GPtrArray *old, const struct record *first)
{
	const struct record *best = NULL;

	for (guint i = 0; i < old->len; i++) {
		const struct record *record = old->pdata[i];

		if (!series_may_precede(record, first) || record->number >= first->number)
			continue;
		/* A patch is no earlier form of a series, but for its first part. */
		if (best == NULL || record->revision > best->revision ||
			(record->revision == best->revision &&
				record->date >= best->date))
			best = record;
	}
	return best;
}

static enum status relate_by_query(struct store *store, const struct relate_query *query,
	const struct record *first, struct record **old_r)
{
	g_autoptr(GPtrArray) records = relate_new_records();
	enum status status = relate_find_records(store, query, records);
	const struct record *best;

	if (status != STATUS_OK)
		return status;
	best = relate_newest_before(records, first);
	return best ? store_get(store, best->number, old_r) : STATUS_OK;
}

static enum status relate_by_change_id(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	for (guint i = 0; i < members->len; i++) {
		const struct record *member = members->pdata[i];
		uint8_t hash[HASH_BYTES];
		const struct relate_query query = {
			RELATE_CHANGE, hash, 0, UINT64_MAX, RELATE_REVISIONS, 0};
		enum status status;

		if (*member->b4_change_id == '\0')
			continue;
		hash_bytes(member->b4_change_id, strlen(member->b4_change_id), hash);
		status = relate_by_query(store, &query, members->pdata[0], old_r);
		if (status == STATUS_OK && *old_r != NULL)
			*why_r = g_strdup_printf("change-id: %s", member->b4_change_id);
		return status;
	}
	return STATUS_OK;
}

static bool relate_same_person(const struct record *a, const struct record *b)
{
	return g_ascii_strcasecmp(a->person_address, b->person_address) == 0 ||
	       g_ascii_strcasecmp(a->title, b->title) == 0;
}

/* The newest revision among the messages IDS. */
static enum status relate_by_ids(struct store *store, const GPtrArray *ids,
	const struct record *first, struct record **old_r)
{
	g_autoptr(GPtrArray) found = relate_new_records();
	const struct record *best;

	for (guint i = 0; i < ids->len; i++) {
		struct record *record = NULL;
		enum status status = store_find(store, ids->pdata[i], &record);

		if (status == STATUS_OK && relate_same_person(record, first))
			g_ptr_array_add(found, record);
		else if (status == STATUS_OK)
			record_free(record);
		else if (status != STATUS_NOINPUT)
			return status;
	}
	best = relate_newest_before(found, first);
	return best ? store_get(store, best->number, old_r) : STATUS_OK;
}

/* Author and titles: of the cover letter first, then of each patch until one has a past. */
static enum status relate_by_title(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	enum status status = STATUS_OK;

	for (guint i = 0; i < members->len && i < RELATE_ANCESTORS; i++) {
		const struct record *member = members->pdata[i];
		uint8_t hash[HASH_BYTES];
		const struct relate_query query = {
			RELATE_TITLE, hash, 0, UINT64_MAX, RELATE_REVISIONS, 0};

		series_title_key(member, hash);
		status = relate_by_query(store, &query, member, old_r);
		if (status == STATUS_OK && *old_r != NULL)
			*why_r = g_strdup_printf(
				"same author and title: %s", member->title);
		if (status != STATUS_OK || *old_r != NULL)
			break;
	}
	return status;
}

/* The posting that MEMBERS are a reroll of, with the evidence; NULL for none. */
static enum status relate_find_old(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	const struct record *first = members->pdata[0];
	enum status status = relate_by_change_id(store, members, old_r, why_r);

	if (status == STATUS_OK && *old_r == NULL) {
		status = relate_by_ids(store, first->links, first, old_r);
		if (status == STATUS_OK && *old_r != NULL)
			*why_r = g_strdup_printf(
				"its text links to <%s>", (*old_r)->message_id);
	}
	if (status == STATUS_OK && *old_r == NULL) {
		status = relate_by_ids(store, first->references, first, old_r);
		if (status == STATUS_OK && *old_r != NULL)
			*why_r = g_strdup_printf("it answers <%s>", (*old_r)->message_id);
	}
	if (status == STATUS_OK && *old_r == NULL)
		status = relate_by_title(store, members, old_r, why_r);
	return status;
}

static enum status relate_find_previous(struct store *store,
	const struct relate_series *series, struct relation *relation)
{
	struct relate_series old_series = {0};
	g_autoptr(record_auto) old = NULL;
	g_autofree char *why = NULL;
	g_autofree char *root = NULL;
	enum status status = relate_find_old(store, series->members, &old, &why);

	if (status != STATUS_OK || old == NULL)
		return status;
	status = relate_assemble(store, old, &old_series);
	if (status != STATUS_OK)
		return status;
	status = relate_root(store, &old_series, &root);
	if (status == STATUS_OK && strcmp(root, relation->series) != 0) {
		relation->previous = g_steal_pointer(&root);
		relation->previous_why = g_steal_pointer(&why);
		relation->resend = series_same_diffs(series->members, old_series.members);
	}
	relate_series_release(&old_series);
	return status;
}

/* The nearest posting that REPLY answers, as its Message-ID, which the caller frees; NULL. */
static enum status relate_answered(
	struct store *store, const struct record *reply, char **message_id_r)
{
	const GPtrArray *references = reply->references;

	for (guint i = 0; i < RELATE_ANCESTORS && i < references->len; i++) {
		const char *id = references->pdata[references->len - 1 - i];
		g_autoptr(record_auto) parent = NULL;
		enum status status = store_find(store, id, &parent);

		if (status != STATUS_OK && status != STATUS_NOINPUT)
			return status;
		if (parent != NULL && record_is_posting(parent)) {
			*message_id_r = g_strdup(id);
			return STATUS_OK;
		}
	}
	return STATUS_OK;
}

/* Adds the trailers of replies to MESSAGE_ID. */
static enum status relate_add_tags(struct store *store, const char *message_id,
	bool to_cover, struct relation *relation)
{
	uint8_t hash[HASH_BYTES];
	const struct relate_query query = {
		RELATE_REPLY, hash, 0, UINT64_MAX, RELATE_REPLIES, 0};
	g_autoptr(GPtrArray) replies = relate_new_records();
	enum status status;

	hash_bytes(message_id, strlen(message_id), hash);
	status = relate_find_records(store, &query, replies);
	for (guint i = 0; i < replies->len && status == STATUS_OK; i++) {
		const struct record *reply = replies->pdata[i];
		g_autofree char *answered = NULL;

		status = relate_answered(store, reply, &answered);
		if (status != STATUS_OK || answered == NULL ||
			strcmp(answered, message_id) != 0)
			continue;
		for (guint j = 0; j < reply->trailers->len; j++) {
			const struct trailer *trailer = reply->trailers->pdata[j];
			struct relate_tag *tag = g_new0(struct relate_tag, 1);

			tag->key = g_strdup(trailer->key);
			tag->value = g_strdup(trailer->value);
			tag->message_id = g_strdup(reply->message_id);
			tag->to_cover = to_cover;
			g_ptr_array_add(relation->tags, tag);
		}
	}
	return status;
}

static enum status relate_fill(
	struct store *store, const struct record *record, struct relation *relation)
{
	struct relate_series series;
	const struct record *first;
	enum status status = relate_assemble(store, record, &series);

	if (status != STATUS_OK)
		return status;
	first = series.members->pdata[0];
	for (guint i = 0; i < series.members->len; i++) {
		const struct record *member = series.members->pdata[i];

		g_ptr_array_add(relation->members, GSIZE_TO_POINTER(member->number));
	}
	relation->total = record->total > 0 ? (unsigned)record->total : 0;
	relation->seen = relation->total > 0 ? series_count_patches(series.members) : 0;
	status = relate_root(store, &series, &relation->series);
	if (status == STATUS_OK)
		status = relate_find_previous(store, &series, relation);
	if (status == STATUS_OK)
		status = relate_add_tags(store, record->message_id, false, relation);
	/* What is said of a cover letter is said of its patches, as b4 has it. */
	if (status == STATUS_OK && strcmp(relation->series, record->message_id) != 0 &&
		(first->position == 0 ||
			strcmp(relation->series, first->message_id) != 0))
		status = relate_add_tags(store, relation->series, true, relation);
	relate_series_release(&series);
	return status;
}

enum status relate_find(
	struct store *store, const struct record *record, struct relation **relation_r)
{
	struct relation *relation = g_new0(struct relation, 1);
	enum status status = STATUS_OK;

	relation->members = g_ptr_array_new();
	relation->tags = g_ptr_array_new_with_free_func(relate_tag_free);
	if (record_is_posting(record))
		status = relate_fill(store, record, relation);
	if (status != STATUS_OK)
		relation_free(relation);
	else
		*relation_r = relation;
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/reroll.h"

#include <stdbool.h>
#include <string.h>

#include "model/series.h"
#include "store/relate_index.h"

enum {
	/* Of earlier revisions looked at, the newest ones; what came late may have so many messages
	 * before it. */
	REROLL_REVISIONS = 200,
	REROLL_LATE = 10000,
	/* Of a series' titles that are looked for: who renames a series keeps some patch. */
	REROLL_TITLES = 10,
};

static bool reroll_is_member(const GPtrArray *members, const struct record *record)
{
	for (guint i = 0; i < members->len; i++)
		if (strcmp(((struct record *)members->pdata[i])->message_id,
			    record->message_id) == 0)
			return true;
	return false;
}

static int reroll_rank(const struct record *old, const struct record *new)
{
	if (old->revision < new->revision)
		return 1;
	return (old->flags ^ new->flags) & RECORD_FLAG_RFC ? 0 : 2;
}

/* More than 0 where A is nearer to NEW than B, where both may precede it: what was posted before
 * under the same number; then an earlier number, the highest; then an RFC whose count was
 * another. */
static int reroll_compare(
	const struct record *a, const struct record *b, const struct record *new)
{
	int rank_a = reroll_rank(a, new), rank_b = reroll_rank(b, new);

	if (rank_a != rank_b)
		return rank_a - rank_b;
	return (a->revision > b->revision) - (a->revision < b->revision);
}

/* Whether A is nearer to NEW than B, or was posted later. */
static bool reroll_is_nearer(
	const struct record *a, const struct record *b, const struct record *new)
{
	int difference = reroll_compare(a, b, new);

	return difference > 0 || (difference == 0 && a->date >= b->date);
}

/* The one of OLD that MEMBERS are most likely a reroll of; NULL for none.  Borrowed. */
static const struct record *reroll_newest_before(
	const GPtrArray *old, const GPtrArray *members)
{
	const struct record *first = members->pdata[0], *best = NULL;

	for (guint i = 0; i < old->len; i++) {
		const struct record *record = old->pdata[i];
		/* What came late has to have been sent before. */
		bool before = record->number < first->number ||
			      (record->date != 0 && record->date < first->date);

		if (before && series_may_precede(record, first) &&
			!reroll_is_member(members, record) &&
			(best == NULL || reroll_is_nearer(record, best, first)))
			best = record;
	}
	return best;
}

/* Looks under KIND and HASH for what MEMBERS are a reroll of. */
static enum status reroll_by_query(struct store *store, enum relate_kind kind,
	const uint8_t hash[HASH_BYTES], const GPtrArray *members, struct record **old_r)
{
	const struct record *first = members->pdata[0];
	/* The newest ones that came before, or soon behind. */
	const struct relate_query query = {
		kind, hash, 0, first->number + REROLL_LATE, REROLL_REVISIONS, 0};
	g_autoptr(GPtrArray) records = relate_new_records();
	enum status status = relate_find_records(store, &query, records);
	const struct record *best;

	if (status != STATUS_OK)
		return status;
	best = reroll_newest_before(records, members);
	return best ? store_get(store, best->number, old_r) : STATUS_OK;
}

static enum status reroll_by_change_id(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	for (guint i = 0; i < members->len; i++) {
		const struct record *member = members->pdata[i];
		uint8_t hash[HASH_BYTES];
		enum status status;

		if (*member->b4_change_id == '\0')
			continue;
		hash_bytes(member->b4_change_id, strlen(member->b4_change_id), hash);
		status = reroll_by_query(store, RELATE_CHANGE, hash, members, old_r);
		if (status == STATUS_OK && *old_r != NULL)
			*why_r = g_strdup_printf("change-id: %s", member->b4_change_id);
		return status;
	}
	return STATUS_OK;
}

static bool reroll_same_person(const struct record *a, const struct record *b)
{
	return g_ascii_strcasecmp(a->person_address, b->person_address) == 0 ||
	       g_ascii_strcasecmp(a->title, b->title) == 0;
}

/* The newest revision among the messages IDS. */
static enum status reroll_by_ids(struct store *store, const GPtrArray *ids,
	const GPtrArray *members, struct record **old_r)
{
	g_autoptr(GPtrArray) found = relate_new_records();
	const struct record *best;

	for (guint i = 0; i < ids->len; i++) {
		struct record *record = NULL;
		enum status status = store_find(store, ids->pdata[i], &record);

		if (status == STATUS_OK && reroll_same_person(record, members->pdata[0]))
			g_ptr_array_add(found, record);
		else if (status == STATUS_OK)
			record_free(record);
		else if (status != STATUS_NOINPUT)
			return status;
	}
	best = reroll_newest_before(found, members);
	return best ? store_get(store, best->number, old_r) : STATUS_OK;
}

static enum status reroll_by_link(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	const struct record *first = members->pdata[0];
	enum status status = reroll_by_ids(store, first->links, members, old_r);

	if (status == STATUS_OK && *old_r != NULL)
		*why_r = g_strdup_printf("its text links to <%s>", (*old_r)->message_id);
	return status;
}

static enum status reroll_by_parent(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	const struct record *first = members->pdata[0];
	enum status status = reroll_by_ids(store, first->references, members, old_r);

	if (status == STATUS_OK && *old_r != NULL)
		*why_r = g_strdup_printf("it answers <%s>", (*old_r)->message_id);
	return status;
}

/* Author and titles: of the cover letter first, then of each patch until one has a past; until it
 * is the revision before, for that one's cover letter may be on another list. */
static enum status reroll_by_title(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	const struct record *first = members->pdata[0];
	struct record *best = NULL;
	enum status status = STATUS_OK;

	for (guint i = 0; i < members->len && i < REROLL_TITLES && status == STATUS_OK &&
			  !(best != NULL && best->revision + 1 == first->revision);
		i++) {
		const struct record *member = members->pdata[i];
		uint8_t hash[HASH_BYTES];
		struct record *old = NULL;

		series_title_key(member, hash);
		status = reroll_by_query(store, RELATE_TITLE, hash, members, &old);
		if (old == NULL ||
			(best != NULL && reroll_compare(old, best, first) <= 0)) {
			record_free(old);
			continue;
		}
		record_free(best);
		best = old;
		g_free(*why_r);
		*why_r = g_strdup_printf("same author and title: %s", member->title);
	}
	if (status == STATUS_OK)
		*old_r = best;
	else
		record_free(best);
	return status;
}

/* What was posted again with neither a new number nor a tag that says so. */
static enum status reroll_by_change(struct store *store, const GPtrArray *members,
	struct record **old_r, char **why_r)
{
	for (guint i = 0; i < members->len; i++) {
		const struct record *member = members->pdata[i];
		enum status status;

		if (member->outcome != RECORD_OUTCOME_EXIST)
			continue;
		status = store_find(store, member->first, old_r);
		if (status == STATUS_OK)
			*why_r = g_strdup_printf(
				"the same change as <%s>", (*old_r)->message_id);
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	}
	return STATUS_OK;
}

bool reroll_share_path(const GPtrArray *a, const GPtrArray *b)
{
	g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);
	bool shared = false;

	for (guint i = 0; i < a->len; i++) {
		const struct record *record = a->pdata[i];

		for (guint j = 0; j < record->paths->len; j++)
			g_hash_table_add(paths,
				((struct patch_path *)record->paths->pdata[j])->path);
	}
	for (guint i = 0; i < b->len && !shared; i++) {
		const struct record *record = b->pdata[i];

		for (guint j = 0; j < record->paths->len && !shared; j++)
			shared = g_hash_table_contains(paths,
				((struct patch_path *)record->paths->pdata[j])->path);
	}
	return shared;
}

bool reroll_share_title(const GPtrArray *a, const GPtrArray *b)
{
	g_autoptr(GHashTable) titles = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < a->len; i++)
		g_hash_table_add(titles, ((struct record *)a->pdata[i])->title);
	for (guint i = 0; i < b->len; i++)
		if (g_hash_table_contains(titles, ((struct record *)b->pdata[i])->title))
			return true;
	return false;
}

/* Evidence for a reroll, the surest first.  Links and In-Reply-To name other work of the author's
 * too: what they lead to has to have a title of this series; else a file, and there must be nothing
 * better. */
static const struct reroll_evidence {
	enum status (*find)(struct store *store, const GPtrArray *members,
		struct record **old_r, char **why_r);
	bool doubtful;
} reroll_evidence[] = {
	{reroll_by_change_id, false},
	{reroll_by_link, true},
	{reroll_by_parent, true},
	{reroll_by_title, false},
	{reroll_by_change, false},
};

void reroll_release(struct reroll *old)
{
	relate_series_release(&old->series);
	g_clear_pointer(&old->record, record_free);
	g_free(old->why);
	*old = (struct reroll){0};
}

/* Asks EVIDENCE; *OLD_R has no members where it knows of none. */
static enum status reroll_ask(struct store *store, const struct reroll_evidence *evidence,
	const GPtrArray *members, struct reroll *old_r)
{
	struct reroll found = {0};
	enum status status = evidence->find(store, members, &found.record, &found.why);

	if (status == STATUS_OK && found.record != NULL)
		status = relate_assemble(store, found.record, &found.series);
	if (status == STATUS_OK)
		*old_r = found;
	else
		reroll_release(&found);
	return status;
}

/* Keeps the better one of *BEST and *OLD, and releases the other. */
static void reroll_keep(struct reroll *best, struct reroll *old, const struct record *new)
{
	struct reroll *worse = old;

	if (best->series.members == NULL || (best->doubtful && !old->doubtful) ||
		(best->doubtful == old->doubtful &&
			reroll_compare(old->series.members->pdata[0],
				best->series.members->pdata[0], new) > 0))
		worse = best;
	reroll_release(worse);
	if (worse == best) {
		*best = *old;
		*old = (struct reroll){0};
	}
}

enum status reroll_find(
	struct store *store, const GPtrArray *members, struct reroll *old_r)
{
	const struct record *first = members->pdata[0];
	struct reroll best = {0};

	/* Many answer the first revision with every later one, or link to it alone. */
	for (size_t i = 0; i < G_N_ELEMENTS(reroll_evidence); i++) {
		struct reroll old = {0};
		enum status status = reroll_ask(
			store, &reroll_evidence[i], members, &old);

		if (status != STATUS_OK) {
			reroll_release(&best);
			return status;
		}
		if (old.series.members == NULL)
			continue;
		old.doubtful = reroll_evidence[i].doubtful &&
			       !reroll_share_title(members, old.series.members);
		if (old.doubtful && !reroll_share_path(members, old.series.members))
			reroll_release(&old);
		else
			reroll_keep(&best, &old, first);
		/* What was posted again without a word is found last. */
		if (best.series.members != NULL && !best.doubtful &&
			best.record->revision + 1 == first->revision &&
			first->outcome != RECORD_OUTCOME_EXIST)
			break;
	}
	*old_r = best;
	return STATUS_OK;
}

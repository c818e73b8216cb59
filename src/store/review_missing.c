/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing, by the records of a range and two look-ups for each Message-ID that they name:
 * is it here, and who else names it. */
#include "config.h"

#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "model/review.h"
#include "model/series.h"
#include "store/env.h"
#include "store/internal.h"
#include "store/relate.h"
#include "store/relate_index.h"
#include "store/relate_series.h"
#include "store/review.h"

/* Of mails that refer to one, those that are counted. */
enum { REVIEW_REFERRERS = 1000 };

void review_missing_free(struct review_missing *missing)
{
	if (missing == NULL)
		return;
	g_free(missing->message_id);
	g_free(missing->series);
	g_free(missing->title);
	g_free(missing->places);
	g_free(missing->referrer);
	g_free(missing->author_name);
	g_free(missing->author_address);
	g_free(missing);
}

static void review_free_missing(void *missing)
{
	review_missing_free(missing);
}

struct review_search {
	const struct review_range *range;
	uint64_t next;
	GHashTable *ids;   /* Message-IDs that were looked for, owned */
	GHashTable *parts; /* uint64_t numbers whose series was looked at, owned */
	GPtrArray *list;
};

char *review_format_places(GHashTable *chosen, int total, bool without)
{
	GString *places = g_string_new(NULL);

	for (int i = 1; i <= total; i++) {
		int end = i;

		while (end <= total &&
			g_hash_table_contains(chosen, GINT_TO_POINTER(end)) != without)
			end++;
		if (end == i)
			continue;
		g_string_append_printf(places, places->len ? ", %d" : "%d", i);
		if (end - 1 > i)
			g_string_append_printf(places, "-%d", end - 1);
		i = end;
	}
	return g_string_free(places, places->len == 0);
}

static bool review_is_full(const struct review_search *search)
{
	return search->list->len >= search->range->limit;
}

static struct review_missing *review_add_missing(
	struct review_search *search, const struct record *referrer)
{
	struct review_missing *missing = g_new0(struct review_missing, 1);

	missing->referrer = g_strdup(referrer->message_id);
	missing->title = g_strdup(referrer->title);
	missing->author_name = g_strdup(referrer->person_name);
	missing->author_address = g_strdup(referrer->person_address);
	missing->arrival = referrer->arrival;
	g_ptr_array_add(search->list, missing);
	return missing;
}

/* Whether a message of that Message-ID came, expired or not. */
static enum status review_has_come(
	struct store *store, const char *message_id, bool *come_r)
{
	struct env_value number = {0}, value = {0};
	enum status status = env_get_primary(
		store->env, ENV_MESSAGE, message_id, strlen(message_id), &number, &value);

	env_value_release(&number);
	env_value_release(&value);
	*come_r = status == STATUS_OK;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status review_count_referrers(
	struct store *store, const char *message_id, unsigned *count_r)
{
	uint8_t hash[HASH_BYTES];
	const struct relate_query query = {
		RELATE_REFER, hash, 0, UINT64_MAX, REVIEW_REFERRERS, 0};
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	enum status status;

	hash_bytes(message_id, strlen(message_id), hash);
	status = relate_find_numbers(store, &query, numbers);
	*count_r = numbers->len;
	return status;
}

/* What RECORD answers; ROOT is that of its series, or NULL. */
static enum status review_search_ids(struct store *store, struct review_search *search,
	const struct record *record, const char *root)
{
	const GPtrArray *references = record->references;
	enum status status = STATUS_OK;

	for (guint i = 0; i < RELATE_ANCESTORS && i < references->len &&
			  status == STATUS_OK && !review_is_full(search);
		i++) {
		const char *id = references->pdata[references->len - 1 - i];
		struct review_missing *missing;
		bool come = true;

		if (!g_hash_table_add(search->ids, g_strdup(id)))
			continue;
		status = review_has_come(store, id, &come);
		if (status != STATUS_OK || come)
			continue;
		missing = review_add_missing(search, record);
		missing->message_id = g_strdup(id);
		missing->cover = root != NULL && strcmp(root, id) == 0;
		missing->series = missing->cover ? g_strdup(id) : NULL;
		status = review_count_referrers(store, id, &missing->count);
	}
	return status;
}

/* Names the patches of SERIES that are not here. */
static void review_search_parts(struct review_search *search,
	const struct relate_series *series, const char *root)
{
	g_autoptr(GHashTable) here = g_hash_table_new(NULL, NULL);
	const struct record *first = series->members->pdata[0];
	const struct record *last = series->members->pdata[series->members->len - 1];
	struct review_missing *missing;
	char *places;

	for (guint i = 0; i < series->members->len; i++) {
		const struct record *member = series->members->pdata[i];
		uint64_t number = member->number;

		g_hash_table_add(here, GINT_TO_POINTER(member->position));
		g_hash_table_add(search->parts, g_memdup2(&number, sizeof number));
	}
	places = last->total > 0 && last->total <= LIMIT_LINKS * 16
			 ? review_format_places(here, last->total, true)
			 : NULL;
	if (places == NULL)
		return;
	missing = review_add_missing(search, first);
	missing->places = places;
	missing->total = (unsigned)last->total;
	missing->series = g_strdup(root);
	missing->count = series->members->len;
}

static enum status review_search_posting(
	struct store *store, struct review_search *search, const struct record *record)
{
	struct relate_series series;
	g_autofree char *root = NULL;
	enum status status = relate_assemble(store, record, &series);

	if (status != STATUS_OK)
		return status;
	status = relate_root(store, &series, &root);
	if (status == STATUS_OK)
		review_search_parts(search, &series, root);
	if (status == STATUS_OK)
		status = review_search_ids(store, search, record, root);
	relate_series_release(&series);
	return status;
}

static enum status review_search_number(
	struct store *store, struct review_search *search, uint64_t number)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get(store, number, &record);

	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	/* The newest part of a series names its cover letter for the others. */
	if (record_is_posting(record) && record->position >= 0 &&
		!review_is_talk(record) && !g_hash_table_contains(search->parts, &number))
		return review_search_posting(store, search, record);
	return review_search_ids(store, search, record, NULL);
}

/* One session's worth. */
static enum status review_search_batch(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct review_search *search = data;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && search->next > search->range->first &&
		!review_is_full(search) && io_milliseconds() < deadline)
		status = review_search_number(store, search, search->next--);
	return status;
}

enum status review_list_missing(
	const char *home, const struct review_range *range, GPtrArray **missing_r)
{
	g_autoptr(GHashTable)
		ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable)
		parts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct review_search search = {.range = range,
		.next = range->last,
		.ids = ids,
		.parts = parts,
		.list = g_ptr_array_new_with_free_func(review_free_missing)};
	enum status status = relate_update(home);

	while (status == STATUS_OK && search.next > range->first &&
		!review_is_full(&search))
		status = store_read(home, review_search_batch, &search);
	if (status == STATUS_OK)
		*missing_r = search.list;
	else
		g_ptr_array_unref(search.list);
	return status;
}

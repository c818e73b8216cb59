/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/mine.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "digest/full_series.h"
#include "digest/selection.h"
#include "digest/url.h"
#include "mail/address.h"
#include "mail/subject.h"
#include "store/relate.h"
#include "store/review.h"
#include "store/store.h"

/* How many of the messages that one answers are looked at, the nearest ones. */
enum { MINE_ANCESTORS = 10 };

static void mine_free_row(void *data)
{
	struct mine_row *row = data;

	g_free(row->key);
	g_free(row->title);
	g_free(row->link);
	g_ptr_array_unref(row->people);
	g_free(row);
}

static struct mine *mine_new(void)
{
	struct mine *mine = g_new0(struct mine, 1);

	for (int kind = 0; kind < MINE_KINDS; kind++)
		mine->rows[kind] = g_ptr_array_new_with_free_func(mine_free_row);
	return mine;
}

void mine_free(struct mine *mine)
{
	if (mine == NULL)
		return;
	for (int kind = 0; kind < MINE_KINDS; kind++)
		g_ptr_array_unref(mine->rows[kind]);
	g_free(mine);
}

const char *mine_kind_name(enum mine_kind kind)
{
	static const char *const names[MINE_KINDS] = {
		[MINE_WROTE] = "wrote",
		[MINE_ANSWERED] = "answered",
		[MINE_ASKED] = "asked",
		[MINE_ADDRESSED] = "addressed",
		[MINE_WAITING] = "waiting",
	};

	return names[kind];
}

unsigned mine_count(const struct mine *mine)
{
	unsigned count = 0;

	for (int kind = 0; mine != NULL && kind < MINE_WAITING; kind++)
		count += mine->rows[kind]->len;
	return count;
}

struct mine_work {
	const struct digest_window *window;
	const struct digest_style *style;
	struct mine *mine;
	GHashTable *seen;             /* Message-IDs */
	GHashTable *rows[MINE_KINDS]; /* key -> row */
	const GPtrArray *waiting;     /* struct review_series */
};

static bool mine_is_author(const struct selection *selection, const struct record *record)
{
	const char *name, *address;

	record_patch_author(record, &name, &address);
	return selection_is_person(
		       selection, record->person_name, record->person_address) ||
	       selection_is_person(selection, name, address);
}

/* By To and Cc, or by a trailer that asks somebody. */
static bool mine_is_asked(const struct selection *selection, const struct record *record)
{
	static const char *const keys[] = {"Cc", "To", "Reviewer"};
	GHashTableIter iter;
	gpointer address;

	g_hash_table_iter_init(&iter, selection->addresses);
	while (g_hash_table_iter_next(&iter, &address, NULL)) {
		uint64_t hash = address_hash(address, strlen(address));

		for (guint i = 0; i < record->addressees->len; i++)
			if (g_array_index(record->addressees, uint64_t, i) == hash)
				return true;
	}
	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];
		g_autofree char *name = NULL;
		g_autofree char *mailbox = NULL;
		bool asks = false;

		for (size_t j = 0; j < G_N_ELEMENTS(keys); j++)
			asks |= g_ascii_strcasecmp(trailer->key, keys[j]) == 0;
		if (asks && address_parse(trailer->value, &name, &mailbox) &&
			selection_is_person(selection, name, mailbox))
			return true;
	}
	return false;
}

/* Whether RECORD answers what they wrote: the message itself, or the nearest posting. */
static enum status mine_is_answer(struct store *store, const struct selection *selection,
	const struct record *record, bool *answers_r)
{
	const GPtrArray *references = record->references;
	guint count = MIN(references->len, MINE_ANCESTORS);

	*answers_r = false;
	for (guint i = 0; references->len > 0 && i <= count; i++) {
		guint at = i < count ? references->len - 1 - i : 0;
		g_autoptr(record_auto) parent = NULL;
		enum status status = store_find(store, references->pdata[at], &parent);
		bool posting;

		if (status == STATUS_NOINPUT)
			continue;
		if (status != STATUS_OK)
			return status;
		posting = record_is_posting(parent);
		if (i == 0 || posting)
			*answers_r = mine_is_author(selection, parent);
		if (*answers_r || posting)
			break;
	}
	return STATUS_OK;
}

static enum status mine_find_kind(struct store *store, const struct selection *selection,
	const struct record *record, enum mine_kind *kind_r)
{
	bool posting = record_is_posting(record), answers = false;
	enum status status = STATUS_OK;

	if (mine_is_author(selection, record)) {
		*kind_r = MINE_WROTE;
		return STATUS_OK;
	}
	if (!posting)
		status = mine_is_answer(store, selection, record, &answers);
	*kind_r = MINE_KINDS;
	if (answers)
		*kind_r = MINE_ANSWERED;
	else if (status == STATUS_OK && mine_is_asked(selection, record))
		*kind_r = posting ? MINE_ASKED : MINE_ADDRESSED;
	return status;
}

/* What belongs together: the series, or the thread. */
static enum status mine_find_key(
	struct store *store, const struct record *record, char **key_r)
{
	g_autoptr(relation_auto) relation = NULL;
	const char *root = record->references->len > 0 ? record->references->pdata[0]
						       : record->message_id;
	enum status status = STATUS_OK;

	if (record_is_posting(record))
		status = relate_find(store, record, &relation);
	if (status == STATUS_OK)
		*key_r = g_strdup(relation != NULL && relation->series != NULL
					  ? relation->series
					  : root);
	return status;
}

static struct mine_row *mine_find_row(
	struct mine_work *work, enum mine_kind kind, const char *key)
{
	struct mine_row *row = g_hash_table_lookup(work->rows[kind], key);

	if (row != NULL)
		return row;
	row = g_new0(struct mine_row, 1);
	row->key = g_strdup(key);
	row->people = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(work->mine->rows[kind], row);
	g_hash_table_insert(work->rows[kind], row->key, row);
	return row;
}

/* The title of an answer is that of what it answers. */
static char *mine_title(const struct record *record)
{
	struct subject subject;
	char *title;

	if (record_is_posting(record) && *record->title != '\0')
		return g_strdup(record->title);
	subject_parse(record->subject, &subject);
	title = g_strdup(subject.reply && *subject.title ? subject.title
			 : *record->subject != '\0'      ? record->subject
							 : "(no subject)");
	subject_release(&subject);
	return title;
}

static void mine_add_person(struct mine_row *row, const struct selection *selection,
	const char *name, const char *address)
{
	char *proper_name, *proper;

	mailmap_apply(selection->mailmap, name, address, &proper_name, &proper);
	if (*proper_name == '\0') {
		g_free(proper_name);
		proper_name = g_strdup(proper);
	}
	g_free(proper);
	if (g_ptr_array_find_with_equal_func(row->people, proper_name, g_str_equal, NULL))
		g_free(proper_name);
	else
		g_ptr_array_add(row->people, proper_name);
}

static enum status mine_add(struct store *store, struct mine_work *work,
	const struct record *record, enum mine_kind kind)
{
	g_autofree char *key = NULL;
	enum status status = mine_find_key(store, record, &key);
	struct mine_row *row;

	if (status != STATUS_OK)
		return status;
	row = mine_find_row(work, kind, key);
	if (row->title == NULL) {
		row->title = mine_title(record);
		row->link = url_of_record(record, work->style->archive);
	}
	row->messages++;
	if (record_is_posting(record))
		row->revision = record->revision;
	row->patches += record_is_posting(record) && record->position != 0 &&
			record->class != RECORD_CLASS_PULL_REQUEST;
	mine_add_person(row, work->window->selection, record->person_name,
		record->person_address);
	return STATUS_OK;
}

static enum status mine_take(
	struct store *store, struct mine_work *work, const struct record *record)
{
	bool has;
	enum mine_kind kind;
	enum status status = digest_has(store, work->window, record, &has);

	if (status != STATUS_OK || !has || record->class == RECORD_CLASS_AUTO_REPLY ||
		!g_hash_table_add(work->seen, g_strdup(record->message_id)))
		return status;
	status = mine_find_kind(store, work->window->selection, record, &kind);
	return status == STATUS_OK && kind < MINE_KINDS
		       ? mine_add(store, work, record, kind)
		       : status;
}

static enum status mine_take_number(struct store *store, void *data, uint64_t number)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get(store, number, &record);

	if (status == STATUS_OK)
		return mine_take(store, data, record);
	return status == STATUS_NOINPUT ? STATUS_OK : status; /* expired */
}

/* Whether any part of SERIES asks them, and none is theirs. */
static enum status mine_series_asks(struct store *store,
	const struct selection *selection, const struct review_series *series,
	bool *asks_r)
{
	g_autoptr(record_auto) first = NULL;
	g_autoptr(relation_auto) relation = NULL;
	enum status status = store_get(store, series->number, &first);

	*asks_r = false;
	if (status == STATUS_OK)
		status = relate_find(store, first, &relation);
	for (guint i = 0; status == STATUS_OK && i < relation->members->len; i++) {
		g_autoptr(record_auto) part = NULL;

		status = store_get(
			store, GPOINTER_TO_SIZE(relation->members->pdata[i]), &part);
		if (status == STATUS_OK && mine_is_author(selection, part)) {
			*asks_r = false;
			break;
		}
		if (status == STATUS_OK)
			*asks_r |= mine_is_asked(selection, part);
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status mine_take_waiting(struct store *store, void *data, uint64_t at)
{
	struct mine_work *work = data;
	const struct review_series *series = work->waiting->pdata[at];
	struct mine_row *row;
	bool asks;
	enum status status;

	if (g_hash_table_contains(work->rows[MINE_ASKED], series->message_id))
		return STATUS_OK;
	status = mine_series_asks(store, work->window->selection, series, &asks);
	if (status != STATUS_OK || !asks)
		return status;
	row = mine_find_row(work, MINE_WAITING, series->message_id);
	g_free(row->title);
	g_free(row->link);
	row->title = g_strdup(series->title);
	row->link = url_of_message(series->message_id, work->style->archive);
	row->days = series->days;
	row->revision = series->revision;
	mine_add_person(row, work->window->selection, series->author_name,
		series->author_address);
	return STATUS_OK;
}

static enum status mine_walk(const char *home, struct mine_work *work)
{
	const struct full_walk messages = {home, mine_take_number, work};
	const struct full_walk waiting = {home, mine_take_waiting, work};
	g_autoptr(GPtrArray) listed = NULL;
	enum status status = full_walk(
		&messages, work->window->first + 1, work->window->last + 1);

	/* Of a window that is past it is not known. */
	if (status != STATUS_OK || !work->window->unsent || work->window->past)
		return status;
	if (work->window->waiting == NULL)
		status = review_list_waiting(home, diag_now(), &listed);
	work->waiting = listed ? listed : work->window->waiting;
	return status == STATUS_OK ? full_walk(&waiting, 0, work->waiting->len) : status;
}

enum status mine_collect(const char *home, const struct digest_window *window,
	const struct digest_style *style, struct digest *digest)
{
	g_autoptr(GHashTable)
		seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct mine_work work = {.window = window, .style = style, .seen = seen};
	enum status status;

	digest->mine = work.mine = mine_new();
	for (int kind = 0; kind < MINE_KINDS; kind++)
		work.rows[kind] = g_hash_table_new(g_str_hash, g_str_equal);
	status = mine_walk(home, &work);
	for (int kind = 0; kind < MINE_KINDS; kind++)
		g_hash_table_unref(work.rows[kind]);
	return status;
}

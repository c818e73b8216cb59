/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/full.h"
#include "digest/full_series.h"
#include "digest/selection.h"
#include "digest/url.h"
#include "mail/subject.h"
#include "model/sender.h"
#include "store/issues.h"
#include "store/relate.h"
#include "store/review.h"
#include "store/store.h"

/* How many of the messages that one answers are looked at, the nearest ones. */
enum { FULL_ANCESTORS = 10 };

/* What is left of a walk. */
struct full_rest {
	const struct full_walk *walk;
	uint64_t from, to;
};

/* One session's worth. */
static enum status full_walk_some(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct full_rest *rest = data;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && rest->from < rest->to &&
		io_milliseconds() < deadline)
		status = rest->walk->step(store, rest->walk->data, rest->from++);
	return status;
}

enum status full_walk(const struct full_walk *walk, uint64_t from, uint64_t to)
{
	struct full_rest rest = {walk, from, to};
	enum status status = STATUS_OK;

	while (status == STATUS_OK && rest.from < rest.to)
		status = store_read(walk->home, full_walk_some, &rest);
	return status;
}

/* A place for the messages of one window. */
struct full_work {
	struct full *full;
	const struct digest_window *window;
	GPtrArray *messages;
	GHashTable *left_out; /* Message-IDs; NULL: not wanted */
	GHashTable *whole;    /* Message-ID -> index in MESSAGES + 1 */
};

/* The numbers of the patches of RECORD's series, or its own. */
static enum status full_find_patches(
	struct store *store, const struct record *record, struct full_posting *posting)
{
	g_autoptr(relation_auto) relation = NULL;
	enum status status = relate_find_series(store, record, &relation);

	if (status != STATUS_OK)
		return status;
	posting->series = g_strdup(
		relation->series ? relation->series : record->message_id);
	for (guint i = 0; !full_is_patch(record) && i < relation->members->len; i++)
		if (GPOINTER_TO_SIZE(relation->members->pdata[i]) != record->number)
			g_ptr_array_add(posting->patches, relation->members->pdata[i]);
	if (posting->patches->len == 0)
		g_ptr_array_add(posting->patches, GSIZE_TO_POINTER(record->number));
	return STATUS_OK;
}

static enum status full_make_posting(struct full *full, struct store *store,
	const struct record *record, struct full_posting **posting_r)
{
	struct full_posting *posting = g_hash_table_lookup(
		full->postings, record->message_id);
	const char *name, *address;

	*posting_r = posting;
	if (posting != NULL)
		return STATUS_OK;
	posting = g_new0(struct full_posting, 1);
	record_patch_author(record, &name, &address);
	posting->message_id = g_strdup(record->message_id);
	posting->title = g_strdup(record->title);
	posting->class = record->class;
	posting->revision = record->revision;
	posting->position = record->position;
	posting->total = record->total > 0 ? (unsigned)record->total : 0;
	posting->number = record->number;
	posting->author = full_find_person(full, name, address);
	posting->link = url_of_record(record, full->archive);
	posting->patches = g_ptr_array_new();
	g_hash_table_insert(full->postings, posting->message_id, posting);
	*posting_r = posting;
	return full_find_patches(store, record, posting);
}

static struct full_root *full_add_root(struct full *full, const char *message_id)
{
	struct full_root *root = g_new0(struct full_root, 1);

	root->message_id = g_strdup(message_id);
	g_hash_table_insert(full->roots, root->message_id, root);
	return root;
}

/* The title of a thread is without Re: and tags, but for a tracker's, which name the bug. */
static char *full_title(const struct record *record)
{
	struct subject subject;
	const char *start = record->subject;
	char *title;

	subject_parse(record->subject, &subject);
	if (subject.reply && *subject.title != '\0')
		title = g_strdup(subject.title);
	else
		title = g_strdup(*start ? start : "(no subject)");
	subject_release(&subject);
	return title;
}

/* RECORD is the oldest that is known of its thread, or answers what is not here, ID. */
static struct full_root *full_find_root(
	struct full *full, const struct record *record, const char *id)
{
	bool known = strcmp(id, record->message_id) == 0;
	struct full_root *root = g_hash_table_lookup(full->roots, id);

	if (root != NULL)
		return root;
	root = full_add_root(full, id);
	root->known = known;
	root->title = full_title(record);
	root->class = record->class;
	root->number = record->number;
	root->link = url_of_record(record, full->archive);
	if (known)
		root->sender = full_find_person(
			full, record->person_name, record->person_address);
	return root;
}

/* What MESSAGE answers: the nearest posting, or what its thread begins with. */
static enum status full_place(
	struct full *full, struct store *store, struct full_message *message)
{
	const struct record *record = message->record;
	const GPtrArray *references = record->references;
	g_autoptr(record_auto) oldest = NULL;
	const char *root = references->len > 0 ? references->pdata[0]
					       : record->message_id;
	guint count = MIN(references->len, FULL_ANCESTORS);

	for (guint i = 0; i <= count; i++) {
		/* The nearest ones, and then the thread's first. */
		guint at = i < count ? references->len - 1 - i : 0;
		record_auto *parent = NULL;
		enum status status;

		if (references->len == 0)
			break;
		status = store_find(store, references->pdata[at], &parent);
		if (status == STATUS_NOINPUT)
			continue;
		if (status != STATUS_OK)
			return status;
		if (record_is_posting(parent)) {
			status = full_make_posting(full, store, parent, &message->target);
			record_free(parent);
			return status;
		}
		if (oldest != NULL)
			record_free(oldest);
		oldest = parent;
	}
	if (oldest != NULL && strcmp(oldest->message_id, root) == 0)
		message->root = full_find_root(full, oldest, root);
	else
		message->root = full_find_root(full, record, root);
	return STATUS_OK;
}

static bool full_is_human(const struct record *record)
{
	return record->class == RECORD_CLASS_REPLY ||
	       record->class == RECORD_CLASS_REVIEW ||
	       (record->class == RECORD_CLASS_APPLIED &&
		       strcmp(record->rule, "applied-reply") == 0);
}

/* Takes RECORD.  Of several copies of one message the last whole one counts. */
static enum status full_add_message(
	struct full_work *work, struct store *store, struct record *record)
{
	struct full *full = work->full;
	struct full_message *message = g_new0(struct full_message, 1);
	gpointer at = g_hash_table_lookup(work->whole, record->message_id);

	message->record = record;
	message->sender = full_find_person(
		full, record->person_name, record->person_address);
	message->human = full_is_human(record);
	message->link = url_of_record(record, full->archive);
	if (at != NULL && (record->flags & RECORD_FLAG_SUPERSEDES)) {
		struct full_message *old =
			work->messages->pdata[GPOINTER_TO_UINT(at) - 1];
		struct full_message swap = *old;

		/* The key of WHOLE is the record's. */
		g_hash_table_remove(work->whole, record->message_id);
		*old = *message;
		*message = swap;
		record_free(message->record);
		g_free(message->link);
		g_free(message);
		message = old;
		g_hash_table_insert(work->whole, record->message_id, at);
	} else {
		g_ptr_array_add(work->messages, message);
		g_hash_table_replace(work->whole, record->message_id,
			GUINT_TO_POINTER(work->messages->len));
	}
	return full_place(full, store, message);
}

/* The whole of what an earlier window had in part brings no news here. */
static enum status full_is_old(struct store *store, const struct digest_window *window,
	const struct record *record, bool *old_r)
{
	g_autoptr(record_auto) first = NULL;
	enum status status;

	if (!(record->flags & RECORD_FLAG_SUPERSEDES))
		return STATUS_OK;
	status = store_find(store, record->message_id, &first);
	if (status == STATUS_OK)
		*old_r = first->number <= window->first;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status full_take_number(struct store *store, void *data, uint64_t number)
{
	struct full_work *work = data;
	g_autoptr(record_auto) record = NULL;
	bool removed = false, fits = true;
	enum status status = store_get(store, number, &record);

	if (status == STATUS_NOINPUT)
		return STATUS_OK; /* expired */
	if (status == STATUS_OK)
		status = store_is_removed(store, record->message_id, &removed);
	if (status == STATUS_OK && !removed)
		status = full_is_old(store, work->window, record, &removed);
	if (status != STATUS_OK || removed || record_is_posting(record) ||
		record->outcome == RECORD_OUTCOME_SKIP ||
		record->arrival < work->window->since ||
		(work->window->unsent && (record->flags & RECORD_FLAG_HISTORY)))
		return status;
	if (work->window->selection != NULL)
		status = selection_fits(store, work->window->selection, record, &fits);
	if (status == STATUS_OK && !fits && work->left_out != NULL)
		g_hash_table_add(work->left_out, g_strdup(record->message_id));
	if (status != STATUS_OK || !fits)
		return status;
	return full_add_message(work, store, g_steal_pointer(&record));
}

/* Fills in WORK's messages. */
static enum status full_collect_messages(const char *home, struct full_work *work)
{
	g_autoptr(GHashTable) whole = g_hash_table_new(g_str_hash, g_str_equal);
	const struct full_walk walk = {home, full_take_number, work};

	work->whole = whole;
	return full_walk(&walk, work->window->first + 1, work->window->last + 1);
}

/* What the window's issue and the one before it are, and where that one's chain ended. */
struct full_issues {
	const struct digest_window *window;
	struct full *full;
	struct issues_range last;
};

static enum status full_find_issues(struct store *store, void *data, uint64_t unused)
{
	struct full_issues *issues = data;
	struct full_summary *summary = &issues->full->summary;
	const struct digest_window *window = issues->window;
	struct issues_range own = {0};
	uint8_t link[HASH_BYTES];
	enum status status = issues_find_before(store, window->first, &issues->last);

	(void)unused;
	if (status == STATUS_OK && window->last > window->first && !window->unsent)
		status = issues_find(store, window->last, &own);
	if (status != STATUS_OK)
		return status;
	summary->last_issue = issues->last.number;
	/* A part of an issue's window is not that issue. */
	if (window->unsent)
		summary->issue = issues->last.number + 1;
	else if (own.first == window->first && own.last == window->last)
		summary->issue = own.number;
	if (summary->last_issue == 0)
		return STATUS_OK;
	status = store_get_link(store, issues->last.last, link);
	if (status == STATUS_OK)
		summary->last_head = text_to_hex(link, HASH_BYTES);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* Who had no message before the window.  Where it is the store's first, nobody is known. */
struct full_newcomers {
	GPtrArray *people;
	uint64_t first;
};

static enum status full_find_newcomer(struct store *store, void *data, uint64_t at)
{
	const struct full_newcomers *newcomers = data;
	struct full_person *person = newcomers->people->pdata[at];
	uint64_t number = 0;
	enum status status;

	if (sender_find_kind(person->name, person->address) != SENDER_PERSON)
		return STATUS_OK;
	status = relate_find_person(store, person->name, person->address, &number);
	/* Whom trailers name may have written nothing at all. */
	if (status == STATUS_OK)
		person->is_new = number > newcomers->first;
	return status;
}

static enum status full_find_newcomers(
	const char *home, const struct digest_window *window, struct full *full)
{
	struct full_newcomers newcomers = {full_values(full->people), window->first};
	const struct full_walk walk = {home, full_find_newcomer, &newcomers};
	enum status status = STATUS_OK;

	if (window->first > 0)
		status = full_walk(&walk, 0, newcomers.people->len);
	g_ptr_array_unref(newcomers.people);
	return status;
}

/* What waits, or is corrected, and is of none of the messages that a selection has goes. */
struct full_choosing {
	const struct selection *selection;
	GPtrArray *entries;
	guint total;  /* of them at first */
	bool waiting; /* ENTRIES are struct review_series, else struct review_correction */
};

/* Entries go from the end. */
static enum status full_choose_entry(struct store *store, void *data, uint64_t count)
{
	const struct full_choosing *choosing = data;
	guint at = choosing->total - 1 - (guint)count;
	const struct review_series *series = choosing->entries->pdata[at];
	const struct review_correction *correction = choosing->entries->pdata[at];
	g_autoptr(record_auto) record = NULL;
	uint64_t number = choosing->waiting ? series->number : 0;
	bool fits = false;
	enum status status = STATUS_OK;

	if (!choosing->waiting) {
		status = store_find(store, correction->message_id, &record);
		number = status == STATUS_OK ? record->number : 0;
	}
	if (status == STATUS_OK)
		status = selection_fits_series(store, choosing->selection, number, &fits);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	if (!fits)
		g_ptr_array_remove_index(choosing->entries, at);
	return STATUS_OK;
}

static enum status full_choose(
	const char *home, const struct selection *selection, struct full *full)
{
	struct full_choosing choosing[] = {
		{selection, full->waiting, 0, true},
		{selection, full->corrections, 0, false},
	};
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(choosing); i++) {
		const struct full_walk walk = {home, full_choose_entry, &choosing[i]};

		if (choosing[i].entries == NULL)
			continue;
		choosing[i].total = choosing[i].entries->len;
		status = full_walk(&walk, 0, choosing[i].total);
	}
	return status;
}

/* For each page of an issue it is the same list, of which each keeps its own. */
static enum status full_list_waiting(
	const char *home, const struct digest_window *window, struct full *full)
{
	if (window->waiting == NULL)
		return review_list_waiting(home, diag_now(), &full->waiting);
	full->waiting = g_ptr_array_new();
	for (guint i = 0; i < window->waiting->len; i++)
		g_ptr_array_add(full->waiting, window->waiting->pdata[i]);
	return STATUS_OK;
}

enum status full_collect(const char *home, const struct digest_window *window,
	const struct digest *digest, struct full *full)
{
	struct full_issues issues = {.window = window, .full = full};
	struct full_work work = {full, window, full->messages, digest->left_out, NULL};
	const struct full_walk walk = {home, full_find_issues, &issues};
	const bool next = window->unsent && !window->past;
	enum status status = relate_update(home);

	if (status == STATUS_OK)
		status = full_walk(&walk, 0, 1);
	if (status == STATUS_OK)
		status = full_collect_messages(home, &work);
	if (status == STATUS_OK && full->summary.issue > 0 && issues.last.number > 0) {
		const struct digest_window old = {.first = issues.last.first,
			.last = issues.last.last,
			.since = INT64_MIN,
			.unsent = true,
			.selection = window->selection};
		struct full_work before = {full, &old, full->old_messages, NULL, NULL};

		status = full_collect_messages(home, &before);
	}
	if (status == STATUS_OK)
		status = full_collect_series(home, window, digest, full);
	if (status == STATUS_OK)
		status = full_find_newcomers(home, window, full);
	/* What waits now says nothing of what waited then. */
	if (status == STATUS_OK && next)
		status = full_list_waiting(home, window, full);
	if (status == STATUS_OK && next && issues.last.number > 0) {
		const struct review_issue issue = {
			window->first, window->last, issues.last.date};

		status = review_list_corrections(home, &issue, &full->corrections);
	}
	if (status == STATUS_OK && window->selection != NULL)
		status = full_choose(home, window->selection, full);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/filter.h"
#include "cmd/filter_find.h"
#include "cmd/log_review.h"
#include "digest/json.h"
#include "store/reclass.h"
#include "store/relate.h"
#include "store/store.h"

/* A session ends when its page has so much, so that memory stays flat whatever texts come. */
enum { LOG_PAGE_BYTES = 1024 * 1024 };

struct log_options {
	struct filter_options chosen;
	char *range, *series;
	int count;
	gboolean reverse, json;
	gboolean waiting, missing, reclassed;
};

/* The messages that are looked at, in the order of the log: members[i], else last - i.  A walk
 * goes through the places [next, end), from the end where it is reversed. */
struct log {
	const char *home;
	struct filter filter;
	struct digest_window window;
	struct conf conf;        /* for JSON */
	struct mailmap *mailmap; /* or NULL */
	GPtrArray *members; /* the numbers of a series, or of what may fit; NULL: all */
	uint64_t next, end;
	int left; /* how many more; -1: all */
	bool reverse, json, quiet;
};

static void log_release(struct log *log)
{
	filter_release(&log->filter);
	conf_release(&log->conf);
	mailmap_free(log->mailmap);
	g_clear_pointer(&log->members, g_ptr_array_unref);
}

/* " (signed)" where its author did; the key's owner, where that is another. */
static void log_add_signature(const struct record *record, GString *page)
{
	static const char *const words[RECORD_VERDICT_COUNT] = {
		[RECORD_VERDICT_BAD] = "bad signature",
		[RECORD_VERDICT_UNKNOWN_KEY] = "signed, unknown key",
		[RECORD_VERDICT_UNSUPPORTED] = "signed, unsupported",
		[RECORD_VERDICT_UNCHECKED] = "signed, unchecked",
	};
	const struct record_signature *signature = record_signature(record);

	if (signature == NULL)
		return;
	if (signature->verdict != RECORD_VERDICT_GOOD)
		g_string_append_printf(page, " (%s)", words[signature->verdict]);
	else if (signature->by_author)
		g_string_append(page, " (signed)");
	else
		g_string_append_printf(page, " (signed by %s)", signature->identity);
}

/* "12 e113b236 2025-05-18 new   patch  A U Thor: [PATCH] x (conflict)" */
static enum status log_add_line(
	struct store *store, const struct record *record, GString *page)
{
	g_autoptr(GPtrArray) flags = record_flag_names(record);
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(record->arrival);
	g_autofree char *day = date ? g_date_time_format(date, "%Y-%m-%d") : NULL;
	g_autofree char *id = NULL;
	const char *name = *record->author_name ? record->author_name
						: record->author_address;
	size_t length;
	const uint8_t *bytes = record_id(record, &length);
	enum status status = store_abbreviate(store, bytes, length, &id);

	if (status != STATUS_OK)
		return status;
	g_string_append_printf(page, "%6" G_GUINT64_FORMAT " %s %s %-5s %-12s %s: %s",
		(guint64)record->number, id, day ? day : "----------",
		record_outcome_name(record->outcome), record_class_name(record->class),
		name, record->subject);
	for (guint i = 0; i < flags->len; i++)
		g_string_append_printf(page, " (%s)", (char *)flags->pdata[i]);
	log_add_signature(record, page);
	g_string_append_c(page, '\n');
	return STATUS_OK;
}

static enum status log_add_json(const struct log *log, struct store *store,
	const struct record *record, GString *page)
{
	g_autoptr(relation_auto) relation = NULL;
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(reclass_auto) reclassed = NULL;
	g_autofree char *text = NULL;
	g_autofree char *line = NULL;
	struct json_input input = {.record = record,
		.lists = lists,
		.mailmap = log->mailmap,
		.archive = log->conf.archive};
	enum status status = relate_find(store, record, &relation);

	if (status == STATUS_OK)
		status = store_get_lists(store, record->message_id, lists);
	if (status == STATUS_OK)
		status = store_get_text(store, record->number, &text);
	if (status == STATUS_OK)
		status = reclass_find(store, record->message_id, &reclassed);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	input.reclassed = reclassed;
	input.relation = relation;
	input.text = text;
	line = json_from_record(&input);
	g_string_append_printf(page, "%s\n", line);
	return STATUS_OK;
}

static uint64_t log_take_number(struct log *log)
{
	uint64_t place = log->reverse ? --log->end : log->next++;

	if (log->members != NULL)
		return GPOINTER_TO_SIZE(log->members->pdata[place]);
	return log->window.last - place;
}

static enum status log_choose(const struct log *log, struct store *store,
	const struct record *record, bool *fits_r)
{
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
	const struct filter_subject subject = {record, lists, log->mailmap};
	enum status status = STATUS_OK;

	if (log->filter.lists->len > 0)
		status = store_get_lists(store, record->message_id, lists);
	*fits_r = status == STATUS_OK && filter_fits(&log->filter, &subject);
	return status;
}

static enum status log_take(struct log *log, struct store *store, GString *page)
{
	g_autoptr(record_auto) record = NULL;
	uint64_t number = log_take_number(log);
	bool fits = false;
	enum status status;

	if (number <= log->window.first || number > log->window.last)
		return STATUS_OK;
	status = store_get(store, number, &record);
	/* A number may be no message's any more. */
	if (status == STATUS_NOINPUT)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = log_choose(log, store, record, &fits);
	if (status != STATUS_OK || !fits)
		return status;
	log->left -= log->left > 0;
	if (log->quiet)
		return STATUS_OK;
	return log->json ? log_add_json(log, store, record, page)
			 : log_add_line(store, record, page);
}

/* One session's worth, printed after it: a slow reader must not hold up deliveries. */
struct log_batch {
	struct log *log;
	GString *page;
};

static enum status log_take_some(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	const struct log_batch *batch = data;
	struct log *log = batch->log;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && log->next < log->end && log->left != 0 &&
		batch->page->len < LOG_PAGE_BYTES && io_milliseconds() < deadline)
		status = log_take(log, store, batch->page);
	return status;
}

static enum status log_batch(struct log *log)
{
	g_autoptr(GString) page = g_string_new(NULL);
	struct log_batch batch = {log, page};
	enum status status = store_read(log->home, log_take_some, &batch);

	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

static enum status log_walk(struct log *log)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && log->next < log->end && log->left != 0)
		status = log_batch(log);
	return status;
}

/* The first N, and then in reverse: where they end is looked for before anything is printed, so
 * that nothing has to be kept. */
static enum status log_find_end(struct log *log)
{
	enum status status;

	log->quiet = true;
	log->reverse = false;
	status = log_walk(log);
	log->end = log->next;
	log->next = 0;
	log->left = -1;
	log->quiet = false;
	log->reverse = true;
	return status;
}

/* The series of the message ID. */
struct log_series {
	struct log *log;
	const char *id;
};

static enum status log_find_members(struct store *store, void *data)
{
	const struct log_series *series = data;
	const char *id = series->id;
	g_autoptr(record_auto) record = NULL;
	g_autoptr(relation_auto) relation = NULL;
	enum status status = store_find(store, id, &record);

	if (status == STATUS_NOINPUT)
		diag_error("%s: no message here has that Message-ID", id);
	if (status == STATUS_OK)
		status = relate_find(store, record, &relation);
	if (status != STATUS_OK)
		return status;
	if (relation->series == NULL) {
		diag_error("%s: a message of class %s is no part of a series", id,
			record_class_name(record->class));
		return STATUS_NOINPUT;
	}
	series->log->members = g_ptr_array_ref(relation->members);
	return STATUS_OK;
}

static enum status log_find_series(struct log *log, const char *message_id)
{
	g_autofree char *id = cmd_strip_brackets(message_id);
	struct log_series series = {log, id};

	return store_read(log->home, log_find_members, &series);
}

/* The messages that may fit, without a look at the others. */
static enum status log_find_fitting(struct log *log)
{
	const struct filter_range range = {
		log->home, log->window.first + 1, log->window.last};

	return filter_find(&log->filter, log->mailmap, &range, &log->members);
}

/* All that has to be known before the first message is read. */
static enum status log_prepare(struct log *log, const struct log_options *options)
{
	/* A range and a time may stand together here, unlike where a digest is named. */
	const char *since = options->range ? NULL : options->chosen.since;
	enum status status = cmd_find_window(
		log->home, options->range, since, &log->window);

	/* Without a range all of it, sent or not. */
	if (status == STATUS_OK && options->range == NULL && since == NULL)
		log->window.first = 0;
	if (status == STATUS_OK && (log->json || log->filter.authors->len > 0))
		status = cmd_load_mailmap(log->home, &log->mailmap);
	if (status == STATUS_OK && log->json)
		status = cmd_load_conf(log->home, &log->conf);
	if (status == STATUS_OK && (log->json || options->series != NULL))
		status = relate_update(log->home);
	if (status == STATUS_OK && options->series != NULL)
		status = log_find_series(log, options->series);
	else if (status == STATUS_OK && filter_is_indexed(&log->filter))
		status = log_find_fitting(log);
	if (status != STATUS_OK)
		return status;
	log->end = log->members ? log->members->len
				: log->window.last - log->window.first;
	if (log->reverse && log->left >= 0)
		status = log_find_end(log);
	return status;
}

/* Which list is asked for; STATUS_USAGE, printed, for what does not go together. */
static enum status log_find_list(const struct log_options *options, enum log_list *list_r)
{
	const struct filter_options *chosen_by = &options->chosen;
	bool ranged = options->range || chosen_by->since;
	bool chosen = !filter_words_are_none(&chosen_by->words) || chosen_by->outcome ||
		      chosen_by->until || options->series || options->reverse;
	int lists = options->waiting + options->missing + options->reclassed;

	*list_r = options->waiting     ? LOG_WAITING
		  : options->missing   ? LOG_MISSING
		  : options->reclassed ? LOG_RECLASSED
				       : LOG_MESSAGES;
	if (lists == 0 || (lists == 1 && !chosen && (!ranged || options->missing)))
		return STATUS_OK;
	diag_error("log: --waiting, --missing and --reclassed go with -n and --json "
		   "alone, --missing with --range or --since too");
	return STATUS_USAGE;
}

/* One of the other lists. */
static enum status log_run_list(
	const char *home, const struct log_options *options, enum log_list list)
{
	struct digest_window window;
	const struct log_request request = {list, &window, options->count, options->json};
	enum status status = cmd_find_window(
		home, options->range, options->chosen.since, &window);

	if (status != STATUS_OK)
		return status;
	if (options->range == NULL && options->chosen.since == NULL)
		window.first = 0;
	return log_print_list(home, &request);
}

static enum status log_run(const char *home, const struct log_options *options)
{
	struct log log = {.home = home,
		.left = options->count,
		.reverse = options->reverse,
		.json = options->json};
	enum log_list list;
	enum status status;

	if (options->count < -1) {
		diag_error("log: -n takes a number of messages");
		return STATUS_USAGE;
	}
	status = log_find_list(options, &list);
	if (status != STATUS_OK || list != LOG_MESSAGES)
		return status == STATUS_OK ? log_run_list(home, options, list) : status;
	status = filter_make(&options->chosen, &log.filter);
	if (status == STATUS_OK)
		status = log_prepare(&log, options);
	if (status == STATUS_OK)
		status = log_walk(&log);
	log_release(&log);
	return status;
}

enum status cmd_log(const char *home, int argc, char **argv)
{
	struct log_options given = {.count = -1};
	const GOptionEntry options[] = {{"class", 0, 0, G_OPTION_ARG_STRING_ARRAY,
						&given.chosen.words.of[FILTER_CLASS],
						"What is of a class", "C[,C...]"},
		{"author", 0, 0, G_OPTION_ARG_STRING_ARRAY,
			&given.chosen.words.of[FILTER_AUTHOR],
			"What somebody sent or wrote", "TEXT"},
		{"path", 0, 0, G_OPTION_ARG_STRING_ARRAY,
			&given.chosen.words.of[FILTER_PATH], "What changes a path",
			"GLOB"},
		{"list", 0, 0, G_OPTION_ARG_STRING_ARRAY,
			&given.chosen.words.of[FILTER_LIST], "What came by a list",
			"LIST-ID"},
		{"series", 0, 0, G_OPTION_ARG_STRING, &given.series,
			"The series that a message belongs to", "MESSAGE-ID"},
		{"range", 0, 0, G_OPTION_ARG_STRING, &given.range,
			"What came behind A, up to B", "A..B"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &given.chosen.since,
			"What came since T", "T"},
		{"until", 0, 0, G_OPTION_ARG_STRING, &given.chosen.until,
			"What came before T", "T"},
		{"outcome", 0, 0, G_OPTION_ARG_STRING, &given.chosen.outcome,
			"What is new, exist or skip", "OUTCOME"},
		{"max-count", 'n', 0, G_OPTION_ARG_INT, &given.count,
			"At most N messages", "N"},
		{"reverse", 0, 0, G_OPTION_ARG_NONE, &given.reverse,
			"In the opposite order", NULL},
		{"json", 0, 0, G_OPTION_ARG_NONE, &given.json, "One JSON object a line",
			NULL},
		{"waiting", 0, 0, G_OPTION_ARG_NONE, &given.waiting,
			"The series that wait for a review, oldest first", NULL},
		{"missing", 0, 0, G_OPTION_ARG_NONE, &given.missing,
			"What others refer to and never came", NULL},
		{"reclassed", 0, 0, G_OPTION_ARG_NONE, &given.reclassed,
			"The classes that were corrected", NULL},
		{0}};
	const struct cmd_usage usage = {
		"", "Lists what is recorded, newest first.", 0, 0};
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status == STATUS_OK)
		status = log_run(home, &given);
	filter_options_release(&given.chosen);
	g_free(given.range);
	g_free(given.series);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "store/store.h"

struct log {
	const char *home;
	struct digest_window window;
	uint64_t next; /* the number to print next, going down */
	int left;      /* how many more; -1: all */
};

/* "12 e113b236 2025-05-18 new   patch  A U Thor: [PATCH] x (conflict)" */
static enum status log_add_line(
	struct store *store, const struct record *record, GString *page)
{
	static const struct {
		uint32_t flag;
		const char *word;
	} flags[] = {{RECORD_FLAG_PARTIAL, "partial"}, {RECORD_FLAG_LIMITED, "limited"},
		{RECORD_FLAG_CONFLICT, "conflict"},
		{RECORD_FLAG_SUPERSEDES, "supersedes"}, {RECORD_FLAG_MADE_ID, "made-id"},
		{RECORD_FLAG_HISTORY, "history"}};
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
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (record->flags & flags[i].flag)
			g_string_append_printf(page, " (%s)", flags[i].word);
	g_string_append_c(page, '\n');
	return STATUS_OK;
}

static enum status log_take(struct log *log, struct store *store, GString *page)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get(store, log->next--, &record);

	if (status == STATUS_NOINPUT)
		return STATUS_OK;
	if (status != STATUS_OK || record->arrival < log->window.since)
		return status;
	log->left -= log->left > 0;
	return log_add_line(store, record, page);
}

/* One session's worth, printed after it: a slow reader must not hold up deliveries. */
static enum status log_batch(struct log *log)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	g_autoptr(GString) page = g_string_new(NULL);
	struct store *store;
	enum status closed, status = store_open(log->home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	while (status == STATUS_OK && log->next > log->window.first && log->left != 0 &&
		io_milliseconds() < deadline)
		status = log_take(log, store, page);
	closed = store_close(store, false);
	status = status != STATUS_OK ? status : closed;
	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

enum status cmd_log(const char *home, int argc, char **argv)
{
	g_autofree char *range = NULL;
	g_autofree char *since = NULL;
	int count = -1;
	const GOptionEntry options[] = {{"range", 0, 0, G_OPTION_ARG_STRING, &range,
						"What came behind A, up to B", "A..B"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &since, "What came since T", "T"},
		{"max-count", 'n', 0, G_OPTION_ARG_INT, &count, "At most N lines", "N"},
		{0}};
	const struct cmd_usage usage = {
		"", "Lists what is recorded, newest first.", 0, 0};
	struct log log = {.home = home, .window.since = INT64_MIN};
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status == STATUS_OK && count < -1) {
		diag_error("log: -n takes a number of lines");
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		status = cmd_find_window(home, range, since, &log.window);
	if (status != STATUS_OK)
		return status;
	/* Without a range all of it, sent or not. */
	if (range == NULL && since == NULL)
		log.window.first = 0;
	log.next = log.window.last;
	log.left = count < 0 ? -1 : count;
	while (status == STATUS_OK && log.next > log.window.first && log.left != 0)
		status = log_batch(&log);
	return status;
}

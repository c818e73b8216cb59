/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/flush.h"
#include "store/outbox.h"

/* A walk over an issue's recipients, those who got it before those who are owed it. */
struct status_walk {
	uint64_t number;
	bool print, all; /* lines: of those for whom it failed, or of all */
	char *after;     /* of those who got it, the last that was seen; NULL: all were */
	struct outbox_place place;
	uint64_t sent, owed, failed;
	GString *page; /* not printed yet */
	bool more;
};

static char *status_format_time(int64_t time)
{
	g_autoptr(GDateTime) date = time > 0 ? g_date_time_new_from_unix_utc(time) : NULL;

	return date ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("-");
}

static enum status status_take_sent(struct store *store, struct status_walk *walk)
{
	struct outbox_sent sent = {0};
	enum status status = outbox_next_sent(store, walk->number, walk->after, &sent);
	g_autofree char *when = NULL;

	if (status == STATUS_NOINPUT) {
		g_clear_pointer(&walk->after, g_free);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	walk->sent += !sent.settled;
	when = status_format_time(sent.time);
	if (walk->print && walk->all)
		g_string_append_printf(walk->page,
			"issue=%" G_GUINT64_FORMAT " to=%s state=%s%s%s time=%s\n",
			(guint64)walk->number, sent.address,
			sent.settled ? "nothing" : "sent", *sent.page ? " page=" : "",
			sent.page, when);
	g_free(walk->after);
	walk->after = g_steal_pointer(&sent.address);
	outbox_sent_release(&sent);
	return STATUS_OK;
}

static void status_add_entry(struct status_walk *walk, const struct outbox_entry *entry)
{
	bool failed = *entry->error != '\0';
	g_autofree char *when = status_format_time(entry->begun);

	walk->owed++;
	walk->failed += failed;
	if (!walk->print || !(walk->all || failed))
		return;
	g_string_append_printf(walk->page,
		"issue=%" G_GUINT64_FORMAT
		" to=%s state=%s%s%s format=%s attempts=%" G_GINT64_FORMAT
		" begun=%s%s%s\n",
		(guint64)entry->issue, entry->recipient, failed ? "failed" : "owed",
		*entry->page ? " page=" : "", entry->page,
		subscriber_format_name(entry->format), (gint64)entry->attempts, when,
		failed ? " error=" : "", entry->error);
}

static enum status status_take_owed(struct store *store, struct status_walk *walk)
{
	g_autoptr(GPtrArray) entries = NULL;
	enum status status = outbox_next(store, &walk->place, 1, &entries);

	if (status != STATUS_OK)
		return status;
	walk->more = entries->len > 0 && walk->place.issue == walk->number;
	if (walk->more)
		status_add_entry(walk, entries->pdata[0]);
	return STATUS_OK;
}

static enum status status_take_some(struct store *store, void *data)
{
	struct status_walk *walk = data;
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	enum status status = STATUS_OK;

	walk->more = true;
	while (status == STATUS_OK && walk->more && io_milliseconds() < deadline)
		status = walk->after != NULL ? status_take_sent(store, walk)
					     : status_take_owed(store, walk);
	return status;
}

/* Counts, and with walk->print prints the lines. */
static enum status status_walk(const char *home, struct status_walk *walk)
{
	enum status status;

	walk->after = g_strdup("");
	walk->place.issue = walk->number;
	walk->sent = walk->owed = walk->failed = 0;
	do {
		status = store_read(home, status_take_some, walk);
		if (status == STATUS_OK)
			status = cmd_print(walk->page->str, walk->page->len);
		g_string_truncate(walk->page, 0);
	} while (status == STATUS_OK && walk->more);
	g_clear_pointer(&walk->after, g_free);
	outbox_place_release(&walk->place);
	return status;
}

static enum status status_show_issue(
	const char *home, const struct outbox_issue *issue, bool all)
{
	g_autoptr(GString) page = g_string_new(NULL);
	struct status_walk walk = {.number = issue->number, .all = all, .page = page};
	g_autofree char *date = status_format_time(issue->date);
	g_autofree char *line = NULL;
	enum status status = status_walk(home, &walk);

	if (status != STATUS_OK)
		return status;
	line = g_strdup_printf(
		"issue=%lu date=%s range=%s sent=%lu owed=%lu failed=%lu\n",
		(unsigned long)issue->number, date, *issue->range ? issue->range : "-",
		(unsigned long)walk.sent, (unsigned long)walk.owed,
		(unsigned long)walk.failed);
	status = cmd_print(line, strlen(line));
	walk.print = true;
	if (status == STATUS_OK && (all || walk.failed > 0))
		status = status_walk(home, &walk);
	return status;
}

/* Which issue comes next. */
struct status_next {
	uint64_t from;
	struct outbox_issue issue; /* its number is 0 for none */
};

/* The first from FROM on of which something is owed; without one, the newest. */
static enum status status_find(struct store *store, void *data)
{
	struct status_next *next = data;
	uint64_t number;
	enum status status = outbox_find_owed(store, next->from, &number);

	if (status == STATUS_OK)
		status = outbox_get(store, number, &next->issue);
	else if (status == STATUS_NOINPUT)
		status = outbox_get_last(store, &next->issue);
	if (status == STATUS_OK && next->issue.number < next->from)
		outbox_issue_release(&next->issue);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status status_get(struct store *store, void *data)
{
	struct status_next *next = data;

	return outbox_get(store, next->from, &next->issue);
}

enum status flush_show_status(const char *home, uint64_t issue)
{
	struct status_next next = {.from = issue};
	enum status status = store_read(
		home, issue > 0 ? status_get : status_find, &next);

	if (issue > 0 && status == STATUS_NOINPUT)
		diag_error("%s: there is no issue %lu", home, (unsigned long)issue);
	while (status == STATUS_OK && next.issue.number > 0) {
		status = status_show_issue(home, &next.issue, issue > 0);
		next.from = next.issue.number + 1;
		outbox_issue_release(&next.issue);
		if (status == STATUS_OK && issue == 0)
			status = store_read(home, status_find, &next);
	}
	return status;
}

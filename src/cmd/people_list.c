/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/people.h"
#include "cmd/roster.h"
#include "store/outbox.h"

/* Goes through all subscribers in sessions of LIMIT_BATCH_MS, and prints between them. */
struct people_walk {
	const char *home;
	void (*show)(struct people_walk *walk, const struct subscriber *subscriber,
		uint64_t last);
	bool wants_last; /* the last issue that each got */
	uint64_t newest;
	char *after;
	size_t width; /* of the longest address */
	uint64_t count;
	GString *page;
	bool more;
};

static enum status people_walk_one(struct store *store, struct people_walk *walk)
{
	struct subscriber subscriber;
	uint64_t last = 0;
	enum status status = subscriber_next(store, walk->after, &subscriber);

	if (status != STATUS_OK)
		return status;
	if (walk->wants_last)
		status = outbox_find_last_sent(store, subscriber.address,
			(uint64_t)subscriber.after, walk->newest, &last);
	if (status == STATUS_OK) {
		walk->count++;
		walk->show(walk, &subscriber, last);
		g_free(walk->after);
		walk->after = g_steal_pointer(&subscriber.address);
	}
	subscriber_release(&subscriber);
	return status;
}

static enum status people_walk_some(struct store *store, void *data)
{
	struct people_walk *walk = data;
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct people newest = {0};
	enum status status = walk->wants_last ? people_find_newest(store, &newest)
					      : STATUS_OK;

	walk->newest = newest.newest;
	while (status == STATUS_OK && io_milliseconds() < deadline)
		status = people_walk_one(store, walk);
	walk->more = status == STATUS_OK;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status people_walk(struct people_walk *walk)
{
	enum status status;

	walk->after = g_strdup("");
	walk->count = 0;
	do {
		status = store_read(walk->home, people_walk_some, walk);
		if (status == STATUS_OK)
			status = cmd_print(walk->page->str, walk->page->len);
		g_string_truncate(walk->page, 0);
	} while (status == STATUS_OK && walk->more);
	g_clear_pointer(&walk->after, g_free);
	return status;
}

static void people_measure(
	struct people_walk *walk, const struct subscriber *subscriber, uint64_t last)
{
	(void)last;
	walk->width = MAX(walk->width, strlen(subscriber->address));
}

static void people_show_row(
	struct people_walk *walk, const struct subscriber *subscriber, uint64_t last)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(subscriber->since);
	g_autofree char *since = date ? g_date_time_format(date, "%Y-%m-%d")
				      : g_strdup("-");
	g_autofree char *issue = last > 0 ? g_strdup_printf("%lu", (unsigned long)last)
					  : g_strdup("-");

	g_string_append_printf(walk->page, "%-*s  %-6s  %-6s  %-10s  %s\n",
		(int)walk->width, subscriber->address,
		subscriber_format_name(subscriber->format),
		subscriber->paused ? "paused" : "active", since, issue);
	if (!choice_is_whole(&subscriber->choice)) {
		g_autofree char *choice = choice_format(&subscriber->choice);

		g_string_append_printf(walk->page, "    %s\n", choice);
	}
}

static void people_export_row(
	struct people_walk *walk, const struct subscriber *subscriber, uint64_t last)
{
	(void)last;
	roster_add(walk->page, subscriber);
}

/* Who gets it while there are none. */
static enum status people_show_nobody(const char *home)
{
	g_autofree char *to = NULL;
	g_autofree char *line = NULL;
	struct conf conf;
	enum status status = cmd_load_conf(home, &conf);

	if (status != STATUS_OK)
		return status;
	conf_complete_people(&conf);
	to = g_strjoinv(", ", conf.to);
	line = g_strdup_printf(
		"no subscribers; to= in %s/config gets the digest: %s\n", home, to);
	conf_release(&conf);
	return cmd_print(line, strlen(line));
}

enum status people_list(struct people *people)
{
	g_autoptr(GString) page = g_string_new(NULL);
	struct people_walk walk = {.home = people->home,
		.show = people_measure,
		.width = strlen("ADDRESS"),
		.page = page};
	enum status status = people_walk(&walk);

	if (status != STATUS_OK)
		return status;
	if (walk.count == 0)
		return people_show_nobody(people->home);
	g_string_append_printf(page, "%-*s  %-6s  %-6s  %-10s  %s\n", (int)walk.width,
		"ADDRESS", "FORMAT", "STATE", "SINCE", "LAST ISSUE");
	walk.show = people_show_row;
	walk.wants_last = true;
	return people_walk(&walk);
}

enum status people_export(struct people *people)
{
	g_autoptr(GString) page = g_string_new(NULL);
	struct people_walk walk = {
		.home = people->home, .show = people_export_row, .page = page};

	return people_walk(&walk);
}

enum status people_show(struct store *store, struct people *people, const char *address)
{
	struct subscriber subscriber;
	g_autoptr(GDateTime) date = NULL;
	g_autofree char *since = NULL;
	g_autofree char *choice = NULL;
	uint64_t last = 0;
	enum status status = subscriber_get(store, address, &subscriber);

	if (status == STATUS_NOINPUT)
		diag_error("%s: is no subscriber", address);
	if (status != STATUS_OK)
		return status;
	status = outbox_find_last_sent(
		store, address, (uint64_t)subscriber.after, people->newest, &last);
	date = g_date_time_new_from_unix_utc(subscriber.since);
	since = date ? g_date_time_format(date, "%Y-%m-%d") : g_strdup("-");
	choice = choice_format(&subscriber.choice);
	g_string_append_printf(people->said, "%s\n  format      %s\n  state       %s\n",
		address, subscriber_format_name(subscriber.format),
		subscriber.paused ? "paused" : "active");
	g_string_append_printf(people->said, "  since       %s\n  last issue  ", since);
	if (last > 0)
		g_string_append_printf(people->said, "%lu\n", (unsigned long)last);
	else
		g_string_append(people->said, "-\n");
	g_string_append_printf(
		people->said, "  gets        %s\n", *choice ? choice : "all");
	subscriber_release(&subscriber);
	return status;
}

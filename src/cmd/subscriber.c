/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/roster.h"
#include "store/home.h"
#include "store/outbox.h"
#include "store/store.h"
#include "store/subscriber.h"

/* One run of the command. */
struct people {
	const char *home;
	char **addresses; /* as they were given, all of them good */
	bool has_format;
	enum subscriber_format format;
	const GPtrArray *roster; /* of import */
	uint64_t newest;         /* issue */
	uint64_t added, changed;
	GString *said; /* printed when all is done */
};

static enum status people_find_newest(struct store *store, struct people *people)
{
	struct outbox_issue issue = {0};
	enum status status = outbox_get_last(store, &issue);

	people->newest = issue.number;
	outbox_issue_release(&issue);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

/* The subscriber ADDRESS, or a new one with that address; *KNOWN_R tells which. */
static enum status people_get(struct store *store, const struct people *people,
	const char *address, struct subscriber *subscriber_r, bool *known_r)
{
	enum status status = subscriber_get(store, address, subscriber_r);

	*known_r = status == STATUS_OK;
	if (status != STATUS_NOINPUT)
		return status;
	*subscriber_r = (struct subscriber){.address = g_strdup(address),
		.since = diag_now(),
		.after = (int64_t)people->newest};
	return STATUS_OK;
}

static enum status people_add(
	struct store *store, struct people *people, const char *address)
{
	struct subscriber subscriber;
	bool known, changed;
	enum status status = people_get(store, people, address, &subscriber, &known);

	if (status != STATUS_OK)
		return status;
	changed = people->has_format && subscriber.format != people->format;
	if (changed)
		subscriber.format = people->format;
	if (known)
		g_string_append_printf(people->said,
			"%s: is a subscriber already%s%s%s\n", address,
			subscriber.paused ? ", paused" : "",
			changed ? "; from now on as " : "",
			changed ? subscriber_format_name(subscriber.format) : "");
	if (!known || changed)
		status = subscriber_put(store, &subscriber);
	subscriber_release(&subscriber);
	return status;
}

/* Also somebody of to= who is no subscriber, but is still owed an issue. */
static enum status people_remove(
	struct store *store, struct people *people, const char *address)
{
	bool owed = false;
	enum status removed = subscriber_delete(store, address);
	enum status status = removed;

	(void)people;
	if (removed == STATUS_OK || removed == STATUS_NOINPUT)
		status = outbox_forget(store, address, &owed);
	if (status == STATUS_OK && removed == STATUS_NOINPUT && !owed) {
		diag_error("%s: is no subscriber", address);
		status = STATUS_NOINPUT;
	}
	return status;
}

static enum status people_set_paused(
	struct store *store, const char *address, bool paused)
{
	struct subscriber subscriber;
	bool owed;
	enum status status = subscriber_get(store, address, &subscriber);

	if (status == STATUS_NOINPUT)
		diag_error("%s: is no subscriber", address);
	if (status != STATUS_OK)
		return status;
	subscriber.paused = paused;
	status = subscriber_put(store, &subscriber);
	/* Who pauses wants no mail, nor all of it in one heap afterwards. */
	if (status == STATUS_OK && paused)
		status = outbox_forget(store, address, &owed);
	subscriber_release(&subscriber);
	return status;
}

static enum status people_pause(
	struct store *store, struct people *people, const char *address)
{
	(void)people;
	return people_set_paused(store, address, true);
}

static enum status people_resume(
	struct store *store, struct people *people, const char *address)
{
	(void)people;
	return people_set_paused(store, address, false);
}

/* What is done to every address that is given: to all of them or to none. */
static const struct people_change {
	const char *word;
	enum status (*work)(
		struct store *store, struct people *people, const char *address);
} people_changes[] = {
	{"add", people_add},
	{"remove", people_remove},
	{"pause", people_pause},
	{"resume", people_resume},
};

struct people_job {
	struct people *people;
	const struct people_change *change;
};

static enum status people_do_all(struct store *store, void *data)
{
	struct people_job *job = data;
	enum status status = people_find_newest(store, job->people);

	for (char **address = job->people->addresses;
		status == STATUS_OK && *address != NULL; address++)
		status = job->change->work(store, job->people, *address);
	return status;
}

/* The addresses behind the command's word, as keys. */
static enum status people_take_addresses(GStrv words, struct people *people)
{
	unsigned count = g_strv_length(words);

	people->addresses = g_new0(char *, count + 1);
	for (unsigned i = 0; i < count; i++) {
		people->addresses[i] = subscriber_normalize(words[i]);
		if (people->addresses[i] == NULL) {
			diag_error("%s: %s", words[i], ROSTER_BAD_ADDRESS);
			return STATUS_USAGE;
		}
	}
	if (count == 0) {
		diag_error("subscriber: no address given");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status people_change(
	struct people *people, GStrv words, const struct people_change *change)
{
	struct people_job job = {people, change};
	enum status status = people_take_addresses(words, people);

	if (status == STATUS_OK)
		status = store_run(people->home, people_do_all, &job);
	return status == STATUS_OK ? cmd_print(people->said->str, people->said->len)
				   : status;
}

static enum status people_merge(
	struct store *store, struct people *people, const struct subscriber *wanted)
{
	struct subscriber subscriber;
	bool known, owed, pauses;
	enum status status = people_get(
		store, people, wanted->address, &subscriber, &known);

	if (status != STATUS_OK)
		return status;
	pauses = wanted->paused && !subscriber.paused;
	if (!known) {
		people->added++;
	} else if (pauses || subscriber.paused != wanted->paused ||
		   subscriber.format != wanted->format) {
		people->changed++;
	} else {
		subscriber_release(&subscriber);
		return STATUS_OK;
	}
	subscriber.paused = wanted->paused;
	subscriber.format = wanted->format;
	status = subscriber_put(store, &subscriber);
	if (status == STATUS_OK && known && pauses)
		status = outbox_forget(store, wanted->address, &owed);
	subscriber_release(&subscriber);
	return status;
}

static enum status people_merge_all(struct store *store, void *data)
{
	struct people *people = data;
	enum status status = people_find_newest(store, people);

	for (guint i = 0; status == STATUS_OK && i < people->roster->len; i++)
		status = people_merge(store, people, people->roster->pdata[i]);
	return status;
}

static enum status people_import(struct people *people, const char *name)
{
	const char *path = strcmp(name, "-") == 0 ? "/dev/stdin" : name;
	g_autoptr(GString) text = NULL;
	g_autoptr(GPtrArray) roster = NULL;
	g_autofree char *line = NULL;
	unsigned number;
	const char *why;
	enum status status = io_read_file(path, LIMIT_SUBSCRIBERS_BYTES, &text);

	if (status == STATUS_NOINPUT)
		diag_error("%s: No such file or directory", name);
	if (status != STATUS_OK)
		return status;
	status = roster_parse(text->str, text->len, &roster, &number, &why);
	if (status != STATUS_OK) {
		diag_error("%s:%u: %s", strcmp(name, "-") == 0 ? "standard input" : name,
			number, why);
		return status;
	}
	people->roster = roster;
	status = store_run(people->home, people_merge_all, people);
	if (status != STATUS_OK)
		return status;
	line = g_strdup_printf("%u subscribers: %lu added, %lu changed\n", roster->len,
		(unsigned long)people->added, (unsigned long)people->changed);
	return cmd_print(line, strlen(line));
}

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

static enum status people_list(struct people *people)
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

static enum status people_export(struct people *people)
{
	g_autoptr(GString) page = g_string_new(NULL);
	struct people_walk walk = {
		.home = people->home, .show = people_export_row, .page = page};

	return people_walk(&walk);
}

static enum status people_run(struct people *people, GStrv words)
{
	unsigned count = g_strv_length(words);

	if (people->has_format && strcmp(words[0], "add") != 0) {
		diag_error("subscriber: --format goes with add alone");
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(people_changes); i++)
		if (strcmp(words[0], people_changes[i].word) == 0)
			return people_change(people, words + 1, &people_changes[i]);
	if (strcmp(words[0], "import") == 0 && count <= 2)
		return people_import(people, count == 2 ? words[1] : "-");
	if (strcmp(words[0], "list") == 0 && count == 1)
		return people_list(people);
	if (strcmp(words[0], "export") == 0 && count == 1)
		return people_export(people);
	diag_error("subscriber: add, remove, pause or resume ADDRESS..., list, import "
		   "[FILE] or export; not: %s%s",
		words[0], count > 1 ? " ..." : "");
	return STATUS_USAGE;
}

enum status cmd_subscriber(const char *home, int argc, char **argv)
{
	g_autofree char *format = NULL;
	const GOptionEntry options[] = {
		{"format", 0, 0, G_OPTION_ARG_STRING, &format,
			"Of the mails of who is added", "text|mime"},
		{0}};
	const struct cmd_usage usage = {
		"add|remove|pause|resume ADDRESS... | list | import [FILE] | export",
		"Who gets the digests.", 1, G_MAXUINT};
	g_auto(GStrv) words = NULL;
	struct people people = {.home = home, .has_format = false};
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	people.has_format = format != NULL;
	if (status == STATUS_OK && people.has_format &&
		!subscriber_parse_format(format, &people.format)) {
		diag_error("--format: %s: must be text or mime", format);
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		status = home_check(home);
	if (status != STATUS_OK)
		return status;
	people.said = g_string_new(NULL);
	status = people_run(&people, words);
	g_string_free(people.said, TRUE);
	g_strfreev(people.addresses);
	return status;
}

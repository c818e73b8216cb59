/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/people.h"
#include "cmd/roster.h"
#include "store/home.h"
#include "store/outbox.h"
#include "store/store.h"
#include "store/subscriber.h"

enum status people_find_newest(struct store *store, struct people *people)
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
	{"set", people_set},
	{"show", people_show},
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
		   subscriber.format != wanted->format ||
		   !choice_is_equal(&subscriber.choice, &wanted->choice)) {
		people->changed++;
	} else {
		subscriber_release(&subscriber);
		return STATUS_OK;
	}
	subscriber.paused = wanted->paused;
	subscriber.format = wanted->format;
	choice_release(&subscriber.choice);
	choice_copy(&wanted->choice, &subscriber.choice);
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

/* Which options the command's word takes. */
static enum status people_check_options(const struct people *people, const char *word)
{
	bool sets = strcmp(word, "set") == 0;

	if (people->has_format && !sets && strcmp(word, "add") != 0) {
		diag_error("subscriber: --format goes with add and set alone");
		return STATUS_USAGE;
	}
	if (people_has_wish(people) && !sets) {
		diag_error("subscriber: a filter and --my-part go with set alone");
		return STATUS_USAGE;
	}
	if (sets && !people->has_format && !people_has_wish(people)) {
		diag_error("subscriber: set takes at least one option; see mldigest "
			   "subscriber --help");
		return STATUS_USAGE;
	}
	return people_check_wish(people);
}

static enum status people_run(struct people *people, GStrv words)
{
	unsigned count = g_strv_length(words);
	enum status status = people_check_options(people, words[0]);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < G_N_ELEMENTS(people_changes); i++)
		if (strcmp(words[0], people_changes[i].word) == 0)
			return people_change(people, words + 1, &people_changes[i]);
	if (strcmp(words[0], "import") == 0 && count <= 2)
		return people_import(people, count == 2 ? words[1] : "-");
	if (strcmp(words[0], "list") == 0 && count == 1)
		return people_list(people);
	if (strcmp(words[0], "export") == 0 && count == 1)
		return people_export(people);
	diag_error(
		"subscriber: add, set, show, remove, pause or resume ADDRESS..., list, "
		"import [FILE] or export; not: %s%s",
		words[0], count > 1 ? " ..." : "");
	return STATUS_USAGE;
}

/* The words of the command line. */
static enum status people_take_words(
	const char *format, const char *my_part, struct people *people)
{
	people->has_format = format != NULL;
	if (format != NULL && !subscriber_parse_format(format, &people->format)) {
		diag_error("--format: %s: must be text or mime", format);
		return STATUS_USAGE;
	}
	people->has_my_part = my_part != NULL;
	people->my_part = my_part != NULL && strcmp(my_part, "yes") == 0;
	if (my_part != NULL && !people->my_part && strcmp(my_part, "no") != 0) {
		diag_error("--my-part: %s: must be yes or no", my_part);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

enum status cmd_subscriber(const char *home, int argc, char **argv)
{
	struct people people = {.home = home};
	GStrv *of = people.words.of;
	g_autofree char *format = NULL;
	g_autofree char *my_part = NULL;
	const GOptionEntry options[] = {
		{"format", 0, 0, G_OPTION_ARG_STRING, &format,
			"Of the mails of who is added or set", "text|mime"},
		{"path", 0, 0, G_OPTION_ARG_STRING_ARRAY, &of[FILTER_PATH],
			"set: what changes a path, alone", "GLOB"},
		{"author", 0, 0, G_OPTION_ARG_STRING_ARRAY, &of[FILTER_AUTHOR],
			"set: what somebody sent or wrote, alone", "TEXT"},
		{"class", 0, 0, G_OPTION_ARG_STRING_ARRAY, &of[FILTER_CLASS],
			"set: what is of a class, alone", "C[,C...]"},
		{"list", 0, 0, G_OPTION_ARG_STRING_ARRAY, &of[FILTER_LIST],
			"set: what came by a list, alone", "LIST-ID"},
		{"no-filter", 0, 0, G_OPTION_ARG_NONE, &people.no_filter,
			"set: all again", NULL},
		{"my-part", 0, 0, G_OPTION_ARG_STRING, &my_part,
			"set: their own part first, or not", "yes|no"},
		{"also", 0, 0, G_OPTION_ARG_STRING_ARRAY, &people.also,
			"set: with --my-part yes, another address of theirs", "ADDRESS"},
		{0}};
	const struct cmd_usage usage = {
		"add|set|show|remove|pause|resume ADDRESS... | list | import [FILE] | "
		"export",
		"Who gets the digests, and what of them.", 1, G_MAXUINT};
	g_auto(GStrv) words = NULL;
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	if (status == STATUS_OK)
		status = people_take_words(format, my_part, &people);
	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK) {
		people.said = g_string_new(NULL);
		status = people_run(&people, words);
		g_string_free(people.said, TRUE);
	}
	filter_words_release(&people.words);
	g_strfreev(people.also);
	g_strfreev(people.addresses);
	return status;
}

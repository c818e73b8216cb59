/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/full.h"

#include <string.h>

#include "mail/address.h"
#include "model/sender.h"

static void full_free_person(void *data)
{
	struct full_person *person = data;

	g_free(person->key);
	g_free(person->name);
	g_free(person->address);
	g_free(person);
}

static void full_free_posting(void *data)
{
	struct full_posting *posting = data;

	g_free(posting->message_id);
	g_free(posting->title);
	g_free(posting->series);
	g_free(posting->link);
	g_ptr_array_unref(posting->patches);
	g_free(posting);
}

static void full_free_root(void *data)
{
	struct full_root *root = data;

	g_free(root->message_id);
	g_free(root->title);
	g_free(root->link);
	g_free(root);
}

static void full_free_message(void *data)
{
	struct full_message *message = data;

	record_free(message->record);
	g_free(message->link);
	g_free(message);
}

void full_bot_free(void *data)
{
	struct full_bot *bot = data;

	g_free(bot->name);
	g_free(bot);
}

static void full_free_series(void *data)
{
	struct full_series *series = data;

	g_free(series->id);
	g_free(series->old_id);
	g_free(series->changelog);
	g_free(series->link);
	g_hash_table_unref(series->paths);
	g_hash_table_unref(series->tagged);
	g_hash_table_unref(series->covered);
	for (int kind = 0; kind < FULL_KINDS; kind++)
		g_ptr_array_unref(series->tags[kind].people);
	g_ptr_array_unref(series->repliers);
	g_ptr_array_unref(series->bots);
	g_free(series);
}

static void full_free_applied(void *data)
{
	struct full_applied *applied = data;

	g_free(applied->title);
	g_free(applied->tree);
	g_free(applied->link);
	g_ptr_array_unref(applied->commits);
	g_free(applied);
}

static void full_free_pull(void *data)
{
	struct full_pull *pull = data;

	g_free(pull->link);
	g_free(pull);
}

static void full_free_thread(void *data)
{
	struct full_thread *thread = data;

	g_ptr_array_unref(thread->people);
	g_free(thread);
}

static GHashTable *full_new_table(GDestroyNotify free_value)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_value);
}

struct full *full_new(const struct mailmap *mailmap, const char *archive)
{
	struct full *full = g_new0(struct full, 1);

	full->mailmap = mailmap;
	full->archive = g_strdup(archive);
	full->people = full_new_table(full_free_person);
	full->postings = full_new_table(full_free_posting);
	full->roots = full_new_table(full_free_root);
	full->series_by_id = full_new_table(NULL);
	full->series_of = g_hash_table_new(g_direct_hash, g_direct_equal);
	full->messages = g_ptr_array_new_with_free_func(full_free_message);
	full->old_messages = g_ptr_array_new_with_free_func(full_free_message);
	full->series = g_ptr_array_new_with_free_func(full_free_series);
	full->reviewers = g_ptr_array_new_with_free_func(g_free);
	full->applied = g_ptr_array_new_with_free_func(full_free_applied);
	full->pulls = g_ptr_array_new_with_free_func(full_free_pull);
	full->bugs = g_ptr_array_new_with_free_func(full_free_thread);
	full->announcements = g_ptr_array_new_with_free_func(full_free_thread);
	full->discussions = g_ptr_array_new_with_free_func(full_free_thread);
	full->bots = g_ptr_array_new_with_free_func(full_bot_free);
	full->summary.first_arrival = INT64_MAX;
	full->summary.last_arrival = INT64_MIN;
	return full;
}

void full_free(struct full *full)
{
	if (full == NULL)
		return;
	g_clear_pointer(&full->corrections, g_ptr_array_unref);
	g_clear_pointer(&full->waiting, g_ptr_array_unref);
	g_ptr_array_unref(full->bots);
	g_ptr_array_unref(full->discussions);
	g_ptr_array_unref(full->announcements);
	g_ptr_array_unref(full->bugs);
	g_ptr_array_unref(full->pulls);
	g_ptr_array_unref(full->applied);
	g_ptr_array_unref(full->reviewers);
	g_ptr_array_unref(full->series);
	g_ptr_array_unref(full->old_messages);
	g_ptr_array_unref(full->messages);
	g_hash_table_unref(full->series_of);
	g_hash_table_unref(full->series_by_id);
	g_hash_table_unref(full->roots);
	g_hash_table_unref(full->postings);
	g_hash_table_unref(full->people);
	g_free(full->summary.last_head);
	g_free(full->archive);
	g_free(full);
}

struct full_person *full_find_person(
	struct full *full, const char *name, const char *address)
{
	struct full_person *person;
	char *mapped_name, *mapped_address, *key;

	mailmap_apply(full->mailmap, name, address, &mapped_name, &mapped_address);
	key = *mapped_address ? address_key(mapped_address)
			      : address_name_key(mapped_name);
	person = g_hash_table_lookup(full->people, key);
	if (person == NULL) {
		person = g_new0(struct full_person, 1);
		person->key = key;
		person->name = mapped_name;
		person->address = mapped_address;
		g_hash_table_insert(full->people, key, person);
		return person;
	}
	/* A trailer or a careless client may have had no name. */
	if (*person->name == '\0') {
		g_free(person->name);
		person->name = g_steal_pointer(&mapped_name);
	}
	g_free(mapped_name);
	g_free(mapped_address);
	g_free(key);
	return person;
}

struct full_person *full_find_giver(struct full *full, const char *value)
{
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;

	if (!address_parse(value, &name, &address) ||
		sender_find_kind(name, address) != SENDER_PERSON)
		return NULL;
	return full_find_person(full, name, address);
}

static const char *const full_kinds[FULL_KINDS] = {
	[FULL_REVIEWED] = "Reviewed-by",
	[FULL_ACKED] = "Acked-by",
	[FULL_TESTED] = "Tested-by",
	[FULL_REPORTED] = "Reported-by",
};

enum full_kind full_kind_of(const char *key)
{
	int kind = 0;

	while (kind < FULL_KINDS && g_ascii_strcasecmp(key, full_kinds[kind]) != 0)
		kind++;
	return (enum full_kind)kind;
}

const char *full_kind_name(enum full_kind kind)
{
	return full_kinds[kind];
}

void full_add_person(GPtrArray *people, struct full_person *person)
{
	if (!g_ptr_array_find(people, person, NULL))
		g_ptr_array_add(people, person);
}

bool full_is_inline(const struct record *record)
{
	return strcmp(record->rule, "patch-in-reply") == 0;
}

bool full_is_patch(const struct record *record)
{
	if (record->class == RECORD_CLASS_PULL_REQUEST ||
		record->class == RECORD_CLASS_COVER_LETTER)
		return false;
	return record->position != 0 || full_is_inline(record);
}

GPtrArray *full_values(GHashTable *table)
{
	GPtrArray *values = g_ptr_array_new();
	GHashTableIter iter;
	void *value;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		g_ptr_array_add(values, value);
	return values;
}

void full_count_bot(GPtrArray *bots, const struct record *record)
{
	g_autofree char *key = address_key(record->person_address);
	bool lkp = strcmp(key, "lkp@intel.com") == 0;
	const char *name = lkp                    ? "lkp"
			   : *record->person_name ? record->person_name
						  : record->person_address;
	/* What lkp has to say when all is well says so. */
	bool fails = lkp && strstr(record->subject, "SUCCESS") == NULL;
	struct full_bot *bot;

	for (guint i = 0; i < bots->len; i++) {
		bot = bots->pdata[i];
		if (strcmp(bot->name, name) == 0 && bot->fails == fails) {
			bot->count++;
			return;
		}
	}
	bot = g_new0(struct full_bot, 1);
	bot->name = g_strdup(name);
	bot->fails = fails;
	bot->count = 1;
	g_ptr_array_add(bots, bot);
}

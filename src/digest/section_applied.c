/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "digest/layout.h"
#include "digest/section.h"
#include "mail/subject.h"
#include "model/applied.h"
#include "model/sender.h"

/* Commits that a paragraph names, and their digits. */
enum { APPLIED_COMMITS = 4, APPLIED_DIGITS = 12 };

/* What is being summed up: a row for each series, tree and who says so. */
struct applied_work {
	struct full *full;
	GHashTable *rows;    /* -> struct full_applied */
	GHashTable *patches; /* patches and commits of a row that were counted */
};

/* `Patch "title" has been added to the 6.6-stable tree`, as the stable trees' robots write it. */
static char *applied_quoted_title(const char *subject)
{
	static const char start[] = "Patch \"";
	const char *end = strstr(subject, "\" has been added to ");

	if (!g_str_has_prefix(subject, start) || end == NULL)
		return NULL;
	subject += strlen(start);
	return end > subject ? g_strndup(subject, (gsize)(end - subject)) : NULL;
}

static void applied_set_title(
	struct full_applied *applied, const struct full_message *message)
{
	const struct full_posting *target = message->target;
	struct subject subject;

	if (target != NULL) {
		applied->title = g_strdup(target->title);
		applied->revision = target->revision;
		return;
	}
	subject_parse(message->record->subject, &subject);
	applied->title = applied_quoted_title(subject.title);
	if (applied->title == NULL)
		applied->title = g_strdup(
			*subject.title ? subject.title : message->record->subject);
	applied->revision = subject.revision;
	subject_release(&subject);
}

static struct full_applied *applied_row(
	struct applied_work *work, const struct full_message *message, const char *key)
{
	struct full_applied *applied = g_hash_table_lookup(work->rows, key);
	const struct record *record = message->record;

	if (applied != NULL)
		return applied;
	applied = g_new0(struct full_applied, 1);
	applied_set_title(applied, message);
	applied->tree = g_strdup(record->applied_to);
	applied->sender = message->sender;
	if (sender_find_kind(record->person_name, record->person_address) ==
		SENDER_PERSON)
		applied->by = message->sender;
	else
		applied->by = full_find_giver(work->full, record->applied_by);
	applied->robot = !message->human || applied->by != message->sender;
	applied->total = message->target ? message->target->total : 0;
	applied->commits = g_ptr_array_new_with_free_func(g_free);
	applied->link = g_strdup(message->link);
	g_ptr_array_add(work->full->applied, applied);
	g_hash_table_insert(work->rows, g_strdup(key), applied);
	return applied;
}

static void applied_count_patches(struct applied_work *work, struct full_applied *applied,
	const struct full_message *message, const char *key)
{
	const struct full_posting *target = message->target;

	for (guint i = 0; target != NULL && i < target->patches->len; i++) {
		uint64_t number = GPOINTER_TO_SIZE(target->patches->pdata[i]);
		char *patch = g_strdup_printf(
			"%" G_GUINT64_FORMAT " %s", (guint64)number, key);

		applied->count += g_hash_table_add(work->patches, patch) ? 1 : 0;
	}
}

static void applied_add_commits(struct applied_work *work, struct full_applied *applied,
	const struct record *record, const char *key)
{
	for (guint i = 0; i < record->commits->len; i++) {
		const char *commit = record->commits->pdata[i];
		char *named = g_strdup_printf("commit %s %s", commit, key);

		if (g_hash_table_add(work->patches, named))
			g_ptr_array_add(applied->commits, g_strdup(commit));
	}
}

/* The title of a series is its cover letter's, where only its patches were answered. */
static void applied_use_cover(struct full *full, struct full_applied *applied,
	const struct full_posting *target)
{
	const struct full_posting *cover =
		target ? g_hash_table_lookup(full->postings, target->series) : NULL;
	const struct full_series *series =
		target ? g_hash_table_lookup(full->series_by_id, target->series) : NULL;
	const char *title = cover    ? cover->title
			    : series ? series->item->record->title
				     : NULL;

	if (title == NULL)
		return;
	g_free(applied->title);
	applied->title = g_strdup(title);
}

/* "Queued 1-20 and 22-28." */
static void applied_count_named(struct full_applied *applied, const struct record *record)
{
	unsigned named = applied_count_places(record->evidence);

	if (named > 0)
		applied->count = MIN(applied->count, named);
}

static void applied_take(struct applied_work *work, const struct full_message *message)
{
	const struct record *record = message->record;
	const struct full_posting *target = message->target;
	g_autofree char *key = NULL;
	struct full_applied *applied;

	key = g_strdup_printf("%s\n%s\n%s", target ? target->series : record->subject,
		message->sender->key, record->applied_to);
	applied = applied_row(work, message, key);
	applied_count_patches(work, applied, message, key);
	applied_add_commits(work, applied, record, key);
	/* A notice to the cover letter may name fewer; one to a patch has all that are in. */
	if (applied->commits->len > 0 && applied->total > 0)
		applied->count = MIN(applied->commits->len, applied->total);
	else if (applied->count > 1)
		applied_count_named(applied, record);
	if (target != NULL && applied->count > 1)
		applied_use_cover(work->full, applied, target);
}

void section_fill_applied(struct full *full, const struct digest *digest)
{
	g_autoptr(GHashTable)
		rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable)
		patches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct applied_work work = {full, rows, patches};

	(void)digest;
	for (guint i = 0; i < full->messages->len; i++) {
		const struct full_message *message = full->messages->pdata[i];

		if (message->record->class == RECORD_CLASS_APPLIED)
			applied_take(&work, message);
	}
	digest_reverse(full->applied);
}

static void applied_describe(const struct full_applied *applied, GString *line)
{
	const struct full_person *who = applied->by ? applied->by : applied->sender;
	guint count = applied->commits->len;
	guint shown = count <= APPLIED_COMMITS + 1 ? count : APPLIED_COMMITS;

	if (applied->count > 0 && applied->total > 1)
		g_string_append_printf(
			line, "%u of %u, ", applied->count, applied->total);
	if (*applied->tree != '\0')
		g_string_append_printf(
			line, "to %s%s ", applied->tree, applied->by != NULL ? "" : ",");
	g_string_append(line, applied->by != NULL ? "by " : "says ");
	if (applied->robot)
		g_string_append(line, *who->name ? who->name : who->address);
	else
		layout_person(line, who);
	for (guint i = 0; i < shown; i++)
		g_string_append_printf(line, "%s %.*s", i > 0 ? "," : ":", APPLIED_DIGITS,
			(const char *)applied->commits->pdata[i]);
	if (shown < count)
		g_string_append_printf(line, " and %u more", count - shown);
}

static void applied_add(GString *page, const struct full_applied *applied)
{
	g_autoptr(GString) title = g_string_new(applied->title);
	g_autoptr(GString) line = g_string_new(NULL);

	if (applied->revision > 1)
		g_string_append_printf(title, ", v%u", applied->revision);
	applied_describe(applied, line);
	layout_entry(page, title->str, line, applied->link);
}

void section_add_applied(
	GString *page, const struct full *full, const struct digest_style *style)
{
	unsigned hidden = 0;

	if (full->applied->len == 0)
		return;
	layout_heading(page, "Applied");
	for (guint i = 0; i < full->applied->len; i++)
		if (!layout_hides(style, full->applied->pdata[i], &hidden))
			applied_add(page, full->applied->pdata[i]);
	layout_more(page, hidden, 0);
	g_string_append_c(page, '\n');
}

size_t section_length_of_applied(const struct full_applied *applied)
{
	g_autoptr(GString) text = g_string_new(NULL);

	applied_add(text, applied);
	return text->len;
}

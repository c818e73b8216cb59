/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "digest/layout.h"
#include "digest/section.h"
#include "model/changelog.h"
#include "model/clues.h"

/* Names a line, and lines of an author's changelog, that a paragraph has at most. */
enum { SERIES_PEOPLE = 6, SERIES_CHANGELOG_LINES = 15 };

static struct full_series *series_of(const struct full *full, const char *id)
{
	return g_hash_table_lookup(full->series_by_id, id);
}

/* A cover letter that is not here is no posting, but what it was answered with is here. */
static struct full_series *series_answered(
	const struct full *full, const struct full_message *message)
{
	const GPtrArray *references = message->record->references;

	if (message->target != NULL)
		return series_of(full, message->target->series);
	for (guint i = references->len; i-- > 0;) {
		struct full_series *series = series_of(full, references->pdata[i]);

		if (series != NULL)
			return series;
	}
	return NULL;
}

void section_fill_series(struct full *full, const struct digest *digest)
{
	(void)digest;
	for (guint i = 0; i < full->messages->len; i++) {
		const struct full_message *message = full->messages->pdata[i];
		struct full_series *series = series_answered(full, message);

		if (series == NULL)
			continue;
		if (message->human) {
			series->replies++;
			full_add_person(series->repliers, message->sender);
		} else if (message->record->class == RECORD_CLASS_BOT_REPORT) {
			full_count_bot(series->bots, message->record);
		}
	}
	for (guint i = 0; i < full->series->len; i++) {
		struct full_series *series = full->series->pdata[i];
		const struct digest_item *item = series->item;

		if (item->text != NULL)
			series->changelog = changelog_find(
				item->text, strlen(item->text), item->record->revision);
	}
}

static void series_add_author(GString *page, const struct full_series *series)
{
	g_autoptr(GString) line = g_string_new("by ");

	layout_person(line, series->author);
	if (series->total > 0) {
		g_string_append(line, ", ");
		if (series->seen < series->total)
			g_string_append_printf(line, "%u of ", series->seen);
		layout_count(line, series->total, "patch", "patches");
		if (series->seen < series->total)
			g_string_append(line, " came");
	}
	if (full_is_inline(series->item->record))
		g_string_append(line, ", within a reply");
	if (series->begun)
		g_string_append(line, ", begun before this period");
	if (series->stat_files >= 0) {
		g_string_append(line, "; ");
		layout_count(line, (unsigned)series->stat_files, "file", "files");
		g_string_append_printf(line,
			", +%" G_GUINT64_FORMAT " -%" G_GUINT64_FORMAT,
			(guint64)series->stat_added, (guint64)series->stat_deleted);
	}
	layout_wrap(page, "    ", "    ", line->str);
}

static void series_add_changes(GString *line, const struct full_changes *changes)
{
	const struct {
		unsigned count;
		const char *what;
	} parts[] = {{changes->changed, "changed"}, {changes->added, "new"},
		{changes->dropped, "dropped"}, {changes->same, "as they were"}};
	const char *gap = ": ";

	if (!changes->known)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i].count > 0) {
			g_string_append_printf(
				line, "%s%u %s", gap, parts[i].count, parts[i].what);
			gap = ", ";
		}
}

void section_describe_old(const struct full_series *series, GString *line)
{
	const struct record *record = series->item->record;
	int64_t days = (record->arrival - series->old_arrival) / 86400;

	if (series->old_is_rfc && !(record->flags & RECORD_FLAG_RFC))
		g_string_append(line, "the RFC was posted");
	else if (series->old_revision == record->revision)
		g_string_append(line, "the same version was posted");
	else
		g_string_append_printf(line, "v%u was posted", series->old_revision);
	if (series->old_issue > 0)
		g_string_append_printf(
			line, " in issue %" G_GUINT64_FORMAT, (guint64)series->old_issue);
	if (days > 0)
		g_string_append_printf(line, "%s %" G_GINT64_FORMAT " %s earlier",
			series->old_issue > 0 ? "," : "", (gint64)days,
			days == 1 ? "day" : "days");
	else
		g_string_append_printf(
			line, "%s the same day", series->old_issue > 0 ? "," : "");
	series_add_changes(line, &series->changes);
}

static void series_add_old(GString *page, const struct full_series *series)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (series->old_id == NULL || series->old_revision == 0)
		return;
	section_describe_old(series, line);
	layout_wrap(page, "    ", "      ", line->str);
}

static void series_add_tags(GString *page, const struct full_series *series)
{
	g_autoptr(GString) line = g_string_new(NULL);
	unsigned covered = g_hash_table_size(series->covered);

	for (int kind = 0; kind < FULL_REPORTED; kind++) {
		const struct full_tags *tags = &series->tags[kind];

		if (tags->count == 0)
			continue;
		g_string_append_printf(line, "%s%u %s (", line->len ? ", " : "",
			tags->count, full_kind_name((enum full_kind)kind));
		layout_people(line, tags->people, SERIES_PEOPLE);
		g_string_append_c(line, ')');
	}
	if (line->len == 0)
		return;
	if (covered < series->patches && series->patches > 1)
		g_string_append_printf(line, "; %u of %u patches without a review",
			series->patches - covered, series->patches);
	layout_wrap(page, "    ", "      ", line->str);
}

static void series_add_replies(GString *page, const struct full_series *series)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (series->replies == 0)
		return;
	layout_count(line, series->replies, "reply", "replies");
	g_string_append(line, ": ");
	layout_people(line, series->repliers, SERIES_PEOPLE);
	layout_wrap(page, "    ", "      ", line->str);
}

void section_describe_bots(const GPtrArray *bots, GString *line)
{
	for (guint i = 0; i < bots->len; i++) {
		const struct full_bot *bot = bots->pdata[i];

		g_string_append_printf(line, "%s%s: ", i > 0 ? ", " : "", bot->name);
		if (bot->fails)
			layout_count(line, bot->count, "failure", "failures");
		else
			layout_count(line, bot->count, "report", "reports");
	}
}

static void series_add_bots(GString *page, const struct full_series *series)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (series->bots->len == 0)
		return;
	section_describe_bots(series->bots, line);
	layout_wrap(page, "    ", "      ", line->str);
}

static void series_add_changelog(GString *page, const struct full_series *series)
{
	g_auto(GStrv) lines = NULL;
	guint count, shown;

	if (series->changelog == NULL)
		return;
	lines = g_strsplit(series->changelog, "\n", -1);
	count = g_strv_length(lines);
	shown = count <= SERIES_CHANGELOG_LINES + 1 ? count : SERIES_CHANGELOG_LINES;
	g_string_append_printf(
		page, "    Changes in v%u:\n", series->item->record->revision);
	for (guint i = 0; i < shown; i++)
		g_string_append_printf(page, "%s%s\n", *lines[i] ? "    " : "", lines[i]);
	if (shown < count)
		g_string_append_printf(page, "    [%u more lines]\n", count - shown);
}

static void series_add(GString *page, const struct full_series *series)
{
	const struct record *record = series->item->record;
	const char *stable = record->class == RECORD_CLASS_STABLE
				     ? clues_stable_tag(record->tags)
				     : NULL;
	g_autoptr(GString) line = g_string_new(record->title);

	if (record->flags & RECORD_FLAG_RFC)
		g_string_append(line, ", RFC");
	if (record->revision > 1)
		g_string_append_printf(line, ", v%u", record->revision);
	if (series->state == FULL_RESENT)
		g_string_append(line, ", resent");
	if (series->superseded)
		g_string_append(line, ", superseded");
	if (stable != NULL)
		g_string_append_printf(line, ", for stable (%s)", stable);
	layout_wrap(page, "  ", "    ", line->str);
	series_add_author(page, series);
	series_add_old(page, series);
	series_add_tags(page, series);
	series_add_replies(page, series);
	series_add_bots(page, series);
	layout_link(page, "    ", series->link);
	series_add_changelog(page, series);
	g_string_append_c(page, '\n');
}

void section_add_series(
	GString *page, const struct full *full, const struct digest_style *style)
{
	(void)style;
	if (full->series->len == 0)
		return;
	layout_heading(page, "Series in this time period");
	for (guint i = 0; i < full->series->len; i++)
		series_add(page, full->series->pdata[i]);
}

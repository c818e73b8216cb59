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

static void series_add_seen(GString *line, const struct full_series *series)
{
	int32_t position = series->item->record->position;

	g_string_append(line, ", ");
	if (series->seen == 1 && series->total > 1 && position > 0) {
		g_string_append_printf(
			line, "patch %d of %u came", position, series->total);
		return;
	}
	if (series->seen < series->total)
		g_string_append_printf(line, "%u of ", series->seen);
	layout_count(line, series->total, "patch", "patches");
	if (series->seen < series->total)
		g_string_append(line, " came");
}

static void series_add_author(GString *page, const struct full_series *series)
{
	g_autoptr(GString) line = g_string_new("by ");

	layout_person(line, series->author);
	if (strcmp(series->sender->name, series->author->name) != 0) {
		g_string_append(line, ", sent by ");
		layout_person(line, series->sender);
	}
	if (series->total > 0)
		series_add_seen(line, series);
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
		{changes->dropped, "dropped"},
		{changes->same, changes->same == 1 ? "as it was" : "as they were"}};
	const char *gap = ": ";
	unsigned all = changes->changed + changes->added + changes->dropped +
		       changes->same;

	/* That a single patch has changed goes without saying. */
	if (!changes->known || (all == 1 && changes->changed == 1))
		return;
	if (changes->same == all) {
		g_string_append(line, ": no diff changed");
		return;
	}
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

	if (series->old_is_rfc && !(record->flags & RECORD_FLAG_RFC))
		g_string_append(line, "the RFC was posted");
	else if (series->old_revision == record->revision)
		g_string_append(line, "the same version was posted");
	else
		g_string_append_printf(line, "v%u was posted", series->old_revision);
	if (series->old_issue > 0)
		g_string_append_printf(
			line, " in issue %" G_GUINT64_FORMAT, (guint64)series->old_issue);
	g_string_append(line, series->old_issue > 0 ? ", " : " ");
	if (series->old_days > 0) {
		layout_count(line, series->old_days, "day", "days");
		g_string_append(line, " earlier");
	} else {
		g_string_append(line, "the same day");
	}
	if (series->state != FULL_RESENT)
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
	/* A backport's are those of the patch that it is of. */
	if (covered < series->patches && series->patches > 1 &&
		series->item->record->class != RECORD_CLASS_STABLE)
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

static size_t series_indent(const char *line)
{
	return strspn(line, " \t");
}

static bool series_is_item(const char *line)
{
	line += series_indent(line);
	return (strchr("-*+.o", *line) != NULL && line[0] != '\0' && line[1] == ' ') ||
	       g_ascii_isdigit(*line);
}

/* How many of LINES make the paragraph that begins there: an item, or what is indented alike. */
static guint series_count_paragraph(char *const *lines)
{
	bool item = series_is_item(lines[0]);
	guint count = 1;

	while (lines[count] != NULL && *lines[count] != '\0' &&
		!series_is_item(lines[count]) &&
		(item ? series_indent(lines[count]) > series_indent(lines[0])
		      : series_indent(lines[count]) == series_indent(lines[0])))
		count++;
	return count;
}

/* As it was written, where it has room; else filled anew. */
static void series_add_paragraph(GString *page, char *const *lines, guint count)
{
	static const char margin[] = "    ";
	g_autoptr(GString) whole = g_string_new(NULL);
	g_autofree char *first = g_strdup_printf(
		"%s%.*s", margin, (int)series_indent(lines[0]), lines[0]);
	g_autofree char *rest =
		count > 1
			? g_strdup_printf("%s%.*s", margin, (int)series_indent(lines[1]),
				  lines[1])
			: g_strconcat(first, series_is_item(lines[0]) ? "  " : "", NULL);
	bool fits = true;

	for (guint i = 0; i < count; i++) {
		fits &= strlen(margin) + layout_width(lines[i], strlen(lines[i])) <=
			LAYOUT_COLUMNS;
		g_string_append_printf(whole, "%s ", lines[i]);
	}
	if (!fits) {
		layout_wrap(page, first, rest, whole->str);
		return;
	}
	for (guint i = 0; i < count; i++)
		g_string_append_printf(page, "%s%s\n", *lines[i] ? margin : "", lines[i]);
}

static void series_add_changelog(GString *page, const struct full_series *series)
{
	g_auto(GStrv) lines = NULL;
	guint count, shown, paragraph;

	if (series->changelog == NULL)
		return;
	lines = g_strsplit(series->changelog, "\n", -1);
	count = g_strv_length(lines);
	shown = count <= SERIES_CHANGELOG_LINES + 1 ? count : SERIES_CHANGELOG_LINES;
	g_string_append_printf(
		page, "    Changes in v%u:\n", series->item->record->revision);
	for (guint i = 0; i < shown; i += paragraph) {
		paragraph = MIN(series_count_paragraph(lines + i), shown - i);
		series_add_paragraph(page, lines + i, paragraph);
	}
	if (shown < count)
		g_string_append_printf(page, "    [%u more lines]\n", count - shown);
}

static void series_add(GString *page, const struct full_series *series)
{
	const struct record *record = series->item->record;
	const char *stable = record->class == RECORD_CLASS_STABLE
				     ? clues_stable_tag(record->tags)
				     : NULL;
	g_autoptr(GString) line = g_string_new(NULL);

	if (record->flags & RECORD_FLAG_RFC)
		g_string_append(line, ", RFC");
	if (record->revision > 1)
		g_string_append_printf(line, ", v%u", record->revision);
	if (series->state == FULL_RESENT)
		g_string_append(line, ", resent");
	if (series->superseded)
		g_string_append(line, ", superseded");
	else if (series->sent_again)
		g_string_append(line, ", sent again");
	if (stable != NULL)
		g_string_append_printf(line, ", for stable (%s)", stable);
	layout_title(page, record->title, line->str);
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
	unsigned hidden = 0;

	if (full->series->len == 0)
		return;
	layout_heading(page, "Series in this time period");
	for (guint i = 0; i < full->series->len; i++)
		if (!layout_hides(style, full->series->pdata[i], &hidden))
			series_add(page, full->series->pdata[i]);
	if (hidden > 0) {
		layout_more(page, hidden, 0);
		g_string_append_c(page, '\n');
	}
}

size_t section_length_of_series(const struct full_series *series)
{
	g_autoptr(GString) text = g_string_new(NULL);

	series_add(text, series);
	return text->len;
}

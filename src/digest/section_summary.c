/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/layout.h"
#include "digest/section.h"

static void summary_take_time(struct full_summary *summary, const struct record *record)
{
	summary->messages++;
	summary->first_arrival = MIN(summary->first_arrival, record->arrival);
	summary->last_arrival = MAX(summary->last_arrival, record->arrival);
}

void section_fill_summary(struct full *full, const struct digest *digest)
{
	struct full_summary *summary = &full->summary;
	g_autoptr(GPtrArray) repliers = g_ptr_array_new();

	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;

		if (record->outcome == RECORD_OUTCOME_SKIP)
			continue;
		summary_take_time(summary, record);
		summary->patches += full_is_patch(record);
	}
	for (guint i = 0; i < full->messages->len; i++) {
		const struct full_message *message = full->messages->pdata[i];

		summary_take_time(summary, message->record);
		if (!message->human)
			continue;
		summary->replies++;
		full_add_person(repliers, message->sender);
	}
	summary->repliers = repliers->len;
	summary->series = full->series->len;
	for (guint i = 0; i < full->series->len; i++) {
		const struct full_series *series = full->series->pdata[i];

		summary->fresh += series->state == FULL_FRESH;
		summary->rerolled += series->state == FULL_REROLLED;
		summary->resent += series->state == FULL_RESENT;
	}
}

static void summary_add_period(GString *page, const struct full_summary *summary)
{
	g_autofree char *first = layout_day(summary->first_arrival);
	g_autofree char *last = layout_day(summary->last_arrival);

	if (summary->issue > 0)
		g_string_append_printf(
			page, "Issue %" G_GUINT64_FORMAT ": ", (guint64)summary->issue);
	g_string_append(page, first);
	if (g_strcmp0(first, last) != 0)
		g_string_append_printf(page, " to %s", last);
	g_string_append_c(page, '\n');
}

static void summary_add_states(GString *line, const struct full_summary *summary)
{
	const struct {
		unsigned count;
		const char *state;
	} parts[] = {{summary->fresh, "new"}, {summary->rerolled, "rerolled"},
		{summary->resent, "resent"}};
	const char *gap = " (";

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i].count > 0) {
			g_string_append_printf(
				line, "%s%u %s", gap, parts[i].count, parts[i].state);
			gap = ", ";
		}
	if (*gap == ',')
		g_string_append_c(line, ')');
}

static void summary_add_counts(GString *page, const struct full_summary *summary)
{
	g_autoptr(GString) line = g_string_new(NULL);

	layout_count(line, summary->messages, "message", "messages");
	if (summary->series > 0) {
		g_string_append(line, ": ");
		layout_count(line, summary->patches, "patch", "patches");
		g_string_append_printf(line, " in %u series", summary->series);
		summary_add_states(line, summary);
	}
	layout_wrap(page, "", "  ", line->str);
	if (summary->replies == 0)
		return;
	g_string_truncate(line, 0);
	layout_count(line, summary->replies, "reply", "replies");
	g_string_append(line, " by ");
	layout_count(line, summary->repliers, "person", "people");
	layout_wrap(page, "", "  ", line->str);
}

void section_add_summary(
	GString *page, const struct full *full, const struct digest_style *style)
{
	const struct full_summary *summary = &full->summary;

	(void)style;
	if (summary->messages == 0)
		return;
	summary_add_period(page, summary);
	summary_add_counts(page, summary);
	if (summary->last_issue > 0) {
		g_string_append_printf(page, "Last issue: %" G_GUINT64_FORMAT,
			(guint64)summary->last_issue);
		if (summary->last_head != NULL)
			g_string_append_printf(
				page, ", whose chain ended at\n  %s", summary->last_head);
		g_string_append_c(page, '\n');
	}
	g_string_append_c(page, '\n');
}

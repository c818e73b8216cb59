/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/layout.h"
#include "digest/section.h"
#include "digest/url.h"
#include "store/review.h"

/* A list of more is not read. */
enum { WAITING_MOST = 10 };

static void waiting_describe(const struct review_series *series, GString *line)
{
	if (series->days == 0)
		g_string_append(line, "today");
	else
		layout_count(line, series->days, "day", "days");
	if (series->revision > 1)
		g_string_append_printf(line, ", v%u", series->revision);
	if (series->rfc)
		g_string_append(line, ", RFC");
	if (series->seen < series->total)
		g_string_append_printf(
			line, ", %u of %u patches seen", series->seen, series->total);
	else if (series->total > 1)
		g_string_append_printf(line, ", %u patches", series->total);
	if (series->seen > 0)
		g_string_append_printf(line,
			", +%" G_GUINT64_FORMAT " -%" G_GUINT64_FORMAT,
			(guint64)series->added, (guint64)series->deleted);
	g_string_append_printf(line, ", %s",
		*series->author_name ? series->author_name : series->author_address);
	if (series->resent != NULL)
		g_string_append(line, ", sent again since");
}

void section_add_waiting(
	GString *page, const struct full *full, const struct digest_style *style)
{
	const GPtrArray *waiting = full->waiting;

	/* Nothing new is no digest. */
	if (waiting == NULL || waiting->len == 0 || full->summary.messages == 0)
		return;
	layout_heading(page, "Waiting for review");
	for (guint i = 0; i < waiting->len && i < WAITING_MOST; i++) {
		const struct review_series *series = waiting->pdata[i];
		g_autofree char *link = url_of_message(series->here, style->archive);
		g_autoptr(GString) line = g_string_new(NULL);

		waiting_describe(series, line);
		layout_entry(page, series->title, line, link);
	}
	layout_more(page, waiting->len, WAITING_MOST);
	g_string_append_c(page, '\n');
}

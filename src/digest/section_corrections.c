/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "digest/layout.h"
#include "digest/section.h"
#include "digest/url.h"
#include "store/review.h"

/* Behind them only a count: an archive may come late as a whole. */
enum { CORRECTIONS_MOST = 20 };

static void corrections_describe(
	const struct review_correction *correction, GString *line)
{
	switch (correction->kind) {
	case REVIEW_LATE_COVER:
		g_string_append(line, "its cover letter came now; ");
		layout_count(line, correction->shown, "part was", "parts were");
		g_string_append(line, " shown before");
		break;
	case REVIEW_LATE_PARTS:
		g_string_append_printf(line, "%s %s of %u came now; %u of %u are here",
			strpbrk(correction->places, ",-") ? "patches" : "patch",
			correction->places, correction->total, correction->seen,
			correction->total);
		break;
	case REVIEW_RECLASSED:
		g_string_append_printf(line, "was shown as %s, is %s (%s",
			record_class_name(correction->was),
			record_class_name(correction->class), correction->who);
		if (correction->why != NULL && *correction->why != '\0')
			g_string_append_printf(line, ": %s", correction->why);
		g_string_append_c(line, ')');
		break;
	}
}

void section_add_corrections(
	GString *page, const struct full *full, const struct digest_style *style)
{
	const GPtrArray *corrections = full->corrections;

	if (corrections == NULL || corrections->len == 0 || full->summary.messages == 0)
		return;
	layout_heading(page, "Corrections");
	for (guint i = 0; i < corrections->len && i < CORRECTIONS_MOST; i++) {
		const struct review_correction *correction = corrections->pdata[i];
		g_autofree char *link = url_of_message(
			correction->message_id, style->archive);
		g_autoptr(GString) line = g_string_new(NULL);

		corrections_describe(correction, line);
		layout_entry(page, correction->title, line, link);
	}
	layout_more(page, corrections->len, CORRECTIONS_MOST);
	g_string_append_c(page, '\n');
}

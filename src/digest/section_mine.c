/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/layout.h"
#include "digest/mine.h"
#include "digest/selection.h"

/* Of each kind; more are not read. */
enum { MINE_MOST = 20, MINE_NAMES = 3 };

static void mine_add_names(GString *line, const GPtrArray *names)
{
	guint shown = names->len <= MINE_NAMES + 1 ? names->len : MINE_NAMES;

	for (guint i = 0; i < shown; i++)
		g_string_append_printf(
			line, "%s%s", i > 0 ? ", " : "", (const char *)names->pdata[i]);
	if (shown < names->len)
		g_string_append_printf(line, " and %u others", names->len - shown);
}

static void mine_describe(enum mine_kind kind, const struct mine_row *row, GString *line)
{
	static const char *const leads[MINE_KINDS] = {
		[MINE_WROTE] = "yours: ",
		[MINE_ANSWERED] = "to what you wrote: ",
		[MINE_ASKED] = "for your review: ",
		[MINE_ADDRESSED] = "addressed to you: ",
		[MINE_WAITING] = "waits for your review: ",
	};

	g_string_append(line, leads[kind]);
	if (kind == MINE_WAITING)
		layout_count(line, row->days, "day", "days");
	else if (row->patches > 0)
		layout_count(line, row->patches, "patch", "patches");
	else
		layout_count(line, row->messages, "message", "messages");
	if (row->revision > 1)
		g_string_append_printf(line, ", v%u", row->revision);
	if (kind == MINE_WROTE)
		return;
	g_string_append(
		line, row->revision > 1 || kind == MINE_WAITING ? ", by " : " by ");
	mine_add_names(line, row->people);
}

void mine_render(GString *page, const struct digest *digest)
{
	const struct mine *mine = digest->mine;

	if (mine == NULL || (mine_count(mine) == 0 && mine->rows[MINE_WAITING]->len == 0))
		return;
	layout_heading(page, "Your part");
	for (int kind = 0; kind < MINE_KINDS; kind++) {
		const GPtrArray *rows = mine->rows[kind];

		for (guint i = 0; i < rows->len && i < MINE_MOST; i++) {
			const struct mine_row *row = rows->pdata[i];
			g_autoptr(GString) line = g_string_new(NULL);

			mine_describe((enum mine_kind)kind, row, line);
			layout_entry(page, row->title, line, row->link);
		}
		layout_more(page, rows->len, MINE_MOST);
	}
	g_string_append_c(page, '\n');
}

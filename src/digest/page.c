/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/page.h"

#include <string.h>

#include "digest/full.h"
#include "digest/layout.h"
#include "digest/mine.h"
#include "digest/page_entry.h"
#include "digest/section.h"
#include "digest/text.h"

/* Room for the lines that say what was shortened, and for one that says how many more there are. */
enum { PAGE_NOTICE_BYTES = 500, PAGE_MORE_BYTES = 30 };

/* What can be left out, one by one. */
enum page_kind { PAGE_ROW, PAGE_SERIES, PAGE_APPLIED, PAGE_PULL, PAGE_KINDS };

/* A page, and what has been done to make it shorter. */
struct page {
	const struct digest *digest;
	struct digest_style style; /* its hidden is the page's own */
	char **sections;           /* of STYLE, in the page's own copy */
	GPtrArray *entries;
	bool noticed;                /* there is a notice */
	unsigned hidden[PAGE_KINDS]; /* how many are left out */
	GString *dropped;            /* names of sections */
	unsigned top;                /* as it was asked for */
};

/* Something that can be left out. */
struct page_part {
	void *part;
	size_t length;
	uint64_t weight, number;
};

static gint page_compare_parts(gconstpointer a, gconstpointer b)
{
	const struct page_part *first = a, *second = b;

	if (first->weight != second->weight)
		return first->weight < second->weight ? -1 : 1;
	/* The older one is further down already. */
	return first->number < second->number ? -1 : first->number > second->number;
}

/* Leaves out those of PARTS that weigh least, until EXCESS bytes are saved or none is left. */
static bool page_hide(
	struct page *page, enum page_kind kind, GArray *parts, size_t excess)
{
	size_t saved = 0;
	guint i = 0;

	if (page->hidden[kind] == 0)
		excess += PAGE_MORE_BYTES;
	g_array_sort(parts, page_compare_parts);
	for (; i < parts->len && saved < excess; i++) {
		const struct page_part *part = &g_array_index(parts, struct page_part, i);

		g_hash_table_add(page->style.hidden, part->part);
		saved += part->length;
	}
	page->hidden[kind] += i;
	return i > 0;
}

static bool page_is_hidden(const struct page *page, const void *part)
{
	return g_hash_table_contains(page->style.hidden, part);
}

/* NEWCOMERS: those of people who are new, and else those of all others. */
static bool page_hide_rows(struct page *page, size_t excess, bool newcomers)
{
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(struct page_part));
	const GPtrArray *items = page->digest->items;

	for (guint i = 0; i < items->len; i++) {
		struct digest_item *item = items->pdata[i];
		struct page_part part = {item, text_row_length(item),
			page_weigh(page->digest->full, item->record),
			item->record->number};

		if (part.length > 0 && !page_is_hidden(page, item) &&
			page_is_newcomer(part.weight) == newcomers)
			g_array_append_val(parts, part);
	}
	return page_hide(page, PAGE_ROW, parts, excess);
}

static bool page_hide_series(struct page *page, size_t excess, bool newcomers)
{
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(struct page_part));
	const struct full *full = page->digest->full;

	for (guint i = 0; i < full->series->len; i++) {
		struct full_series *series = full->series->pdata[i];
		struct page_part part = {series, section_length_of_series(series),
			page_weigh(full, series->item->record),
			series->item->record->number};

		if (!page_is_hidden(page, series) &&
			page_is_newcomer(part.weight) == newcomers)
			g_array_append_val(parts, part);
	}
	return page_hide(page, PAGE_SERIES, parts, excess);
}

static bool page_hide_applied(struct page *page, size_t excess)
{
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(struct page_part));
	const GPtrArray *applied = page->digest->full->applied;

	for (guint i = 0; i < applied->len; i++) {
		struct page_part part = {applied->pdata[i],
			section_length_of_applied(applied->pdata[i]), 0,
			applied->len - i};

		if (!page_is_hidden(page, part.part))
			g_array_append_val(parts, part);
	}
	return page_hide(page, PAGE_APPLIED, parts, excess);
}

static bool page_hide_pulls(struct page *page, size_t excess)
{
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(struct page_part));
	const GPtrArray *pulls = page->digest->full->pulls;

	for (guint i = 0; i < pulls->len; i++) {
		struct page_part part = {pulls->pdata[i],
			section_length_of_pull(pulls->pdata[i]), 0, pulls->len - i};

		if (!page_is_hidden(page, part.part))
			g_array_append_val(parts, part);
	}
	return page_hide(page, PAGE_PULL, parts, excess);
}

static bool page_hide_old_rows(struct page *page, size_t excess)
{
	return page_hide_rows(page, excess, false);
}

static bool page_hide_old_series(struct page *page, size_t excess)
{
	return page_hide_series(page, excess, false);
}

static bool page_hide_new_rows(struct page *page, size_t excess)
{
	return page_hide_rows(page, excess, true);
}

static bool page_hide_new_series(struct page *page, size_t excess)
{
	return page_hide_series(page, excess, true);
}

static bool page_shorten(struct page *page, size_t excess)
{
	return page_shorten_entries(page->entries, excess) > 0;
}

/* The last of the sections goes as a whole.  Each has so many entries at the most; with strangers'
 * longest titles that may be too much. */
static bool page_drop_section(struct page *page, size_t excess)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint count = g_strv_length(page->sections);
	char *last;

	(void)excess;
	if (count == 0)
		return false;
	last = page->sections[count - 1];
	section_render(last, text, page->digest->full, &page->style);
	if (text->len > 0)
		g_string_append_printf(
			page->dropped, "%s%s", page->dropped->len ? ", " : "", last);
	g_free(last);
	page->sections[count - 1] = NULL;
	return true;
}

static bool page_halve_tables(struct page *page, size_t excess)
{
	(void)excess;
	if (page->style.top <= 1)
		return false;
	page->style.top /= 2;
	return true;
}

/* Adds how many commit messages are shortened to what. */
static void page_describe_entries(const GPtrArray *entries, GString *line)
{
	static const char *const what[PAGE_LEVELS] = {
		NULL, "to their first paragraph", "to a line", "to nothing"};
	unsigned counts[PAGE_LEVELS] = {0}, all = 0;
	const char *gap = "";

	for (guint i = 0; i < entries->len; i++) {
		const struct page_entry *entry = entries->pdata[i];

		counts[entry->level]++;
		all += entry->item->record->outcome == RECORD_OUTCOME_NEW;
	}
	g_string_append_printf(
		line, "Of its %u commit messages some are shortened: ", all);
	for (int level = PAGE_PARAGRAPH; level < PAGE_LEVELS; level++)
		if (counts[level] > 0) {
			g_string_append_printf(
				line, "%s%u %s", gap, counts[level], what[level]);
			gap = ", ";
		}
	g_string_append_c(line, '.');
}

static void page_describe_hidden(const struct page *page, GString *line)
{
	static const char *const one[] = {"row of the patch list", "series",
		"row of what was applied", "pull request"};
	static const char *const many[] = {"rows of the patch list", "series",
		"rows of what was applied", "pull requests"};
	const char *gap = "  Left out: ";

	for (int kind = 0; kind < PAGE_KINDS; kind++)
		if (page->hidden[kind] > 0) {
			g_string_append(line, gap);
			layout_count(line, page->hidden[kind], one[kind], many[kind]);
			gap = ", ";
		}
	if (page->dropped->len > 0) {
		g_string_append_printf(
			line, "%sthe sections %s", gap, page->dropped->str);
		gap = ", ";
	}
	if (page->style.top < page->top) {
		g_string_append_printf(line, "%srows of the tables", gap);
		gap = ", ";
	}
	if (*gap == ',')
		g_string_append_c(line, '.');
}

static void page_add_notice(GString *text, const struct page *page)
{
	const struct digest *digest = page->digest;
	g_autoptr(GString) line = g_string_new(NULL);

	g_string_append_printf(line, "This page would have more than %u bytes.  ",
		page->style.max_bytes);
	page_describe_entries(page->entries, line);
	page_describe_hidden(page, line);
	g_string_append(line, "  All of it:");
	layout_wrap(text, "", "", line->str);
	if (digest->full->summary.issue > 0)
		g_string_append_printf(text,
			"  mldigest digest --issue %" G_GUINT64_FORMAT
			" --max-bytes 0\n\n",
			(guint64)digest->full->summary.issue);
	else
		g_string_append_printf(text,
			"  mldigest digest --layout full --max-bytes 0 --range "
			"%s..%s\n\n",
			digest->from_id, digest->to_id);
}

static GString *page_print(const struct page *page)
{
	static const char heading[] = "===== Patch Commit Messages ====\n\n";
	const struct digest *digest = page->digest;
	const struct digest_style *style = &page->style;
	GString *text = g_string_new(NULL);

	text_add_head(text, digest, style->title);
	section_render_summary(text, digest->full, style);
	mine_render(text, digest);
	text_add_tables(text, digest, style->top);
	section_render_rest(text, digest->full, style);
	text_add_patch_list(text, digest, style->hidden);
	g_string_append(text, heading);
	if (page->noticed)
		page_add_notice(text, page);
	page_add_entries(text, page->entries);
	return text;
}

/* Makes PAGE shorter, by what is missed least, until it is as short as it shall be. */
static void page_fit(struct page *page, GString **text)
{
	static bool (*const steps[])(struct page * page, size_t excess) = {page_shorten,
		page_hide_old_rows, page_hide_old_series, page_hide_applied,
		page_hide_pulls, page_hide_new_series, page_hide_new_rows,
		page_drop_section, page_halve_tables};
	size_t most = page->style.max_bytes;
	size_t step = 0;

	while (step < G_N_ELEMENTS(steps) && (*text)->len > most) {
		size_t excess = (*text)->len - most;

		if (!page->noticed)
			excess += PAGE_NOTICE_BYTES;
		page->noticed = true;
		if (!steps[step](page, excess)) {
			step++;
			continue;
		}
		g_string_free(*text, TRUE);
		*text = page_print(page);
	}
}

GString *page_render(const struct digest *digest, const struct digest_style *style)
{
	g_autoptr(GHashTable) hidden = g_hash_table_new(g_direct_hash, g_direct_equal);
	g_auto(GStrv) sections = section_names(style);
	g_autoptr(GPtrArray) entries = page_make_entries(digest);
	g_autoptr(GString) dropped = g_string_new(NULL);
	struct page page = {.digest = digest,
		.style = *style,
		.sections = sections,
		.entries = entries,
		.dropped = dropped,
		.top = style->top};
	GString *text;

	page.style.hidden = hidden;
	page.style.sections = sections;
	text = page_print(&page);
	if (style->max_bytes > 0)
		page_fit(&page, &text);
	return text;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/page.h"

#include <string.h>

#include "digest/full.h"
#include "digest/layout.h"
#include "digest/section.h"
#include "digest/text.h"
#include "digest/url.h"

/* How much of a commit message is shown. */
enum page_level { PAGE_WHOLE, PAGE_PARAGRAPH, PAGE_LINE, PAGE_NOTHING, PAGE_LEVELS };

/* Room for the lines that say what was shortened. */
enum { PAGE_NOTICE_BYTES = 500 };

/* An entry, or what stands in the list without one: then all of it is in WHOLE. */
struct page_entry {
	const struct digest_item *item;
	GString *text[PAGE_LEVELS - 1];
	enum page_level level;
	uint64_t weight; /* what has less is shortened first */
};

static void page_free_entry(void *data)
{
	struct page_entry *entry = data;

	for (int level = 0; level < PAGE_NOTHING; level++)
		if (entry->text[level] != NULL)
			g_string_free(entry->text[level], TRUE);
	g_free(entry);
}

/* What a reader needs to answer, and to see what is new in a reroll. */
static void page_add_fields(GString *page, const struct full *full,
	const struct record *record, const struct full_series *series)
{
	g_autofree char *link = url_of_record(record, full->archive);
	g_autoptr(GString) line = g_string_new(NULL);

	if (series != NULL && series->author->is_new)
		g_string_append(page, "First post: the author had none here before\n");
	if (link != NULL)
		g_string_append_printf(page, "Link: %s\n", link);
	if (!(record->flags & RECORD_FLAG_MADE_ID))
		g_string_append_printf(page, "Message-ID: <%s>\n", record->message_id);
	if (series == NULL || series->item->record != record || series->old_id == NULL ||
		series->old_revision == 0)
		return;
	section_describe_old(series, line);
	layout_wrap(page, "Previous: ", "  ", line->str);
}

/* The first paragraph of TEXT, which may begin with blank lines. */
static void page_add_paragraph(GString *page, const char *text)
{
	const char *end;

	while (*text == '\n')
		text++;
	end = strstr(text, "\n\n");
	g_string_append_len(page, text, end ? end - text : (gssize)strlen(text));
	if (end != NULL && end[strspn(end, "\n")] != '\0')
		g_string_append(page, "\n\n[…]");
}

/* What is shortened first: backports, then versions that have a newer one here, newcomers last.
 * Between them, a first patch beside its cover letter, then by how many people answered, and how
 * often. */
static uint64_t page_weigh(const struct record *record, const struct full_series *series)
{
	uint64_t class = 2;

	if (series == NULL)
		return class << 48;
	if (record->class == RECORD_CLASS_STABLE)
		class = 0;
	else if (series->author->is_new)
		class = 3;
	else if (series->superseded || series->sent_again)
		class = 1;
	if (series->item->record != record)
		return class << 48;
	return class << 48 | 1ULL << 40 |
	       (uint64_t)MIN(series->repliers->len, 0xffff) << 24 |
	       (uint64_t)MIN(series->replies, 0xffff) << 8 | MIN(series->patches, 0xff);
}

static struct page_entry *page_make_entry(
	const struct full *full, const struct digest_item *item, bool in_run)
{
	const struct record *record = item->record;
	const struct full_series *series;
	struct page_entry *entry = g_new0(struct page_entry, 1);

	entry->item = item;
	entry->text[PAGE_WHOLE] = g_string_new(NULL);
	text_add_old(entry->text[PAGE_WHOLE], item, in_run);
	if (record->outcome != RECORD_OUTCOME_NEW)
		return entry;
	series = g_hash_table_lookup(full->series_of, record);
	entry->weight = page_weigh(record, series);
	for (int level = PAGE_WHOLE; level <= PAGE_PARAGRAPH; level++) {
		GString *text = level == PAGE_WHOLE ? entry->text[PAGE_WHOLE]
						    : g_string_new(NULL);

		text_add_entry_head(text, item);
		page_add_fields(text, full, record, series);
		g_string_append_c(text, '\n');
		if (level == PAGE_WHOLE)
			g_string_append(text, item->text);
		else
			page_add_paragraph(text, item->text);
		text_add_entry_end(text);
		entry->text[level] = text;
	}
	entry->text[PAGE_LINE] = g_string_new(NULL);
	g_string_append_printf(entry->text[PAGE_LINE], "New:  %s  (%s)\n",
		record->subject,
		*record->patch_name ? record->patch_name : record->patch_address);
	return entry;
}

static GPtrArray *page_make_entries(const struct digest *digest)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(page_free_entry);
	bool in_run = false;

	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];

		if (!record_has_entry(item->record))
			continue;
		g_ptr_array_add(entries, page_make_entry(digest->full, item, in_run));
		in_run = item->record->outcome == RECORD_OUTCOME_EXIST;
	}
	return entries;
}

static size_t page_length(const struct page_entry *entry, enum page_level level)
{
	return level < PAGE_NOTHING ? entry->text[level]->len : 0;
}

static int page_compare(const void *a, const void *b)
{
	const struct page_entry *first = *(const struct page_entry *const *)a;
	const struct page_entry *second = *(const struct page_entry *const *)b;

	if (first->weight != second->weight)
		return first->weight < second->weight ? -1 : 1;
	/* The older one is further down already. */
	return first->item->record->number < second->item->record->number ? -1 : 1;
}

/* Shortens those of ENTRIES that count least, all of them by a step before any by two, until they
 * have no more than ROOM bytes, or nothing is left. */
static bool page_shorten(const GPtrArray *entries, size_t room)
{
	g_autoptr(GPtrArray) ranked = g_ptr_array_new();
	size_t sum = 0;

	for (guint i = 0; i < entries->len; i++) {
		struct page_entry *entry = entries->pdata[i];

		sum += page_length(entry, PAGE_WHOLE);
		if (entry->item->record->outcome == RECORD_OUTCOME_NEW)
			g_ptr_array_add(ranked, entry);
	}
	if (sum <= room)
		return false;
	room -= MIN(room, PAGE_NOTICE_BYTES);
	g_ptr_array_sort(ranked, page_compare);
	for (int level = PAGE_PARAGRAPH; level < PAGE_LEVELS && sum > room; level++)
		for (guint i = 0; i < ranked->len && sum > room; i++) {
			struct page_entry *entry = ranked->pdata[i];
			size_t before = page_length(entry, entry->level);
			size_t after = page_length(entry, (enum page_level)level);

			if (after >= before)
				continue;
			entry->level = (enum page_level)level;
			sum -= before - after;
		}
	return true;
}

static void page_add_notice(GString *page, const GPtrArray *entries,
	const struct digest *digest, const struct digest_style *style)
{
	static const char *const what[PAGE_LEVELS] = {
		NULL, "to their first paragraph", "to a line", "to nothing"};
	unsigned counts[PAGE_LEVELS] = {0}, all = 0;
	g_autoptr(GString) line = g_string_new(NULL);
	const char *gap = "";

	for (guint i = 0; i < entries->len; i++) {
		const struct page_entry *entry = entries->pdata[i];

		counts[entry->level]++;
		all += entry->item->record->outcome == RECORD_OUTCOME_NEW;
	}
	g_string_append_printf(line,
		"This page would have more than %u bytes.  Of its %u commit messages "
		"some are shortened: ",
		style->max_bytes, all);
	for (int level = PAGE_PARAGRAPH; level < PAGE_LEVELS; level++)
		if (counts[level] > 0) {
			g_string_append_printf(
				line, "%s%u %s", gap, counts[level], what[level]);
			gap = ", ";
		}
	g_string_append(line, ".  All of them:");
	layout_wrap(page, "", "", line->str);
	if (digest->full->summary.issue > 0)
		g_string_append_printf(page,
			"  mldigest digest --issue %" G_GUINT64_FORMAT
			" --max-bytes 0\n\n",
			(guint64)digest->full->summary.issue);
	else
		g_string_append_printf(page,
			"  mldigest digest --layout full --max-bytes 0 --range "
			"%s..%s\n\n",
			digest->from_id, digest->to_id);
}

static void page_add_entries(GString *page, const GPtrArray *entries)
{
	for (guint i = 0; i < entries->len; i++) {
		const struct page_entry *entry = entries->pdata[i];
		const struct page_entry *next = i + 1 < entries->len
							? entries->pdata[i + 1]
							: NULL;

		if (entry->level == PAGE_NOTHING)
			continue;
		g_string_append(page, entry->text[entry->level]->str);
		/* Lines stand together. */
		if (entry->level == PAGE_LINE &&
			(next == NULL || next->level < PAGE_LINE))
			g_string_append_c(page, '\n');
	}
}

GString *page_render(const struct digest *digest, const struct digest_style *style)
{
	static const char heading[] = "===== Patch Commit Messages ====\n\n";
	GString *page = g_string_new(NULL);
	g_autoptr(GPtrArray) entries = page_make_entries(digest);
	size_t room;

	text_add_head(page, digest, style->title);
	section_render_summary(page, digest->full, style);
	text_add_tables(page, digest, style->top);
	section_render_rest(page, digest->full, style);
	text_add_patch_list(page, digest);
	g_string_append(page, heading);
	room = style->max_bytes - MIN(style->max_bytes, page->len);
	if (style->max_bytes > 0 && page_shorten(entries, room))
		page_add_notice(page, entries, digest, style);
	page_add_entries(page, entries);
	return page;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/page_entry.h"

#include <string.h>

#include "digest/layout.h"
#include "digest/section.h"
#include "digest/text.h"
#include "digest/url.h"

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

/* The highest bits of a weight. */
enum page_class { PAGE_BACKPORT, PAGE_SUPERSEDED, PAGE_USUAL, PAGE_NEWCOMER };

enum { PAGE_CLASS_SHIFT = 48 };

bool page_is_newcomer(uint64_t weight)
{
	return weight >> PAGE_CLASS_SHIFT == PAGE_NEWCOMER;
}

uint64_t page_weigh(const struct full *full, const struct record *record)
{
	const struct full_series *series = g_hash_table_lookup(full->series_of, record);
	uint64_t class = PAGE_USUAL;

	if (series == NULL)
		return class << PAGE_CLASS_SHIFT;
	if (record->class == RECORD_CLASS_STABLE)
		class = PAGE_BACKPORT;
	else if (series->author->is_new)
		class = PAGE_NEWCOMER;
	else if (series->superseded || series->sent_again)
		class = PAGE_SUPERSEDED;
	if (series->item->record != record)
		return class << PAGE_CLASS_SHIFT;
	return class << PAGE_CLASS_SHIFT | 1ULL << 40 |
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
	entry->weight = page_weigh(full, record);
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

GPtrArray *page_make_entries(const struct digest *digest)
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

/* A line of what was shown before is whole, or not there. */
static size_t page_length(const struct page_entry *entry, enum page_level level)
{
	if (level == PAGE_NOTHING)
		return 0;
	return entry->text[level] ? entry->text[level]->len : entry->text[0]->len;
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

size_t page_shorten_entries(const GPtrArray *entries, size_t excess)
{
	g_autoptr(GPtrArray) ranked = g_ptr_array_new();
	size_t saved = 0;

	for (guint i = 0; i < entries->len; i++) {
		struct page_entry *entry = entries->pdata[i];

		g_ptr_array_add(ranked, entry);
	}
	g_ptr_array_sort(ranked, page_compare);
	for (int level = PAGE_PARAGRAPH; level < PAGE_LEVELS && saved < excess; level++)
		for (guint i = 0; i < ranked->len && saved < excess; i++) {
			struct page_entry *entry = ranked->pdata[i];
			size_t before = page_length(entry, entry->level);
			size_t after = page_length(entry, (enum page_level)level);

			if (after >= before)
				continue;
			entry->level = (enum page_level)level;
			saved += before - after;
		}
	return saved;
}

void page_add_entries(GString *page, const GPtrArray *entries)
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

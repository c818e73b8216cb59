/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/text.h"

#include <string.h>

#include "digest/mine.h"
#include "digest/page.h"
#include "digest/selection.h"
#include "mail/address.h"
#include "mail/subject.h"

static const char text_rule[] =
	"----------------------------------------------------------------------";

static void text_add_table(
	GString *page, const char *what, unsigned top, GPtrArray *rows, const char *gap)
{
	g_string_append_printf(page, "Top %u %s (Based on Email Body)\n\n", top, what);
	for (guint i = 0; i < rows->len && i < top; i++) {
		const struct stats_row *row = rows->pdata[i];

		g_string_append_printf(page, "%7u%s%s\n", row->count, gap, row->label);
	}
	g_string_append_c(page, '\n');
}

static const char *text_patch_author(const struct record *record)
{
	return *record->patch_name ? record->patch_name : record->patch_address;
}

size_t text_row_length(const struct digest_item *item)
{
	const struct record *record = item->record;

	if (record->outcome != RECORD_OUTCOME_NEW)
		return 0;
	return strlen("    ()\n") + strlen(record->subject) +
	       strlen(text_patch_author(record));
}

void text_add_patch_list(GString *page, const struct digest *digest, GHashTable *hidden)
{
	unsigned left_out = 0;

	g_string_append(page, "===== Patch list in this time period =====\n\n");
	for (guint i = 0; i < digest->items->len; i++) {
		struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;

		if (record->outcome != RECORD_OUTCOME_NEW)
			continue;
		if (hidden != NULL && g_hash_table_contains(hidden, item))
			left_out++;
		else
			g_string_append_printf(page, "  %s  (%s)\n", record->subject,
				text_patch_author(record));
	}
	if (left_out > 0)
		g_string_append_printf(page, "  … and %u more\n", left_out);
	g_string_append_c(page, '\n');
}

void text_add_entry_head(GString *page, const struct digest_item *item)
{
	const struct record *record = item->record;
	g_autofree char *author = address_display(
		record->author_name, record->author_address);
	struct subject subject;

	/* The record's title is what git am takes, which an in-body Subject may give. */
	subject_parse(record->subject, &subject);
	g_string_append_printf(page, "New:  %s\n%s\nAuthor: %s\n",
		*subject.title ? subject.title : record->subject, record->subject,
		author);
	subject_release(&subject);
}

void text_add_entry_end(GString *page)
{
	g_string_append_printf(page, "\n\n%s\n\n", text_rule);
}

void text_add_old(GString *page, const struct digest_item *item, bool in_run)
{
	const struct record *record = item->record;

	if (record->outcome == RECORD_OUTCOME_EXIST)
		g_string_append_printf(
			page, "%s%s\n", in_run ? "" : "Exist: \n", record->subject);
	else if (record->outcome == RECORD_OUTCOME_SKIP)
		g_string_append_printf(page, " Skip: %s\n", record->subject);
}

/* What has no entry stands before the next one that has; a run of Exist: has one heading. */
static void text_add_entries(GString *page, const struct digest *digest)
{
	bool in_run = false;

	g_string_append(page, "===== Patch Commit Messages ====\n\n");
	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;

		if (!record_has_entry(record))
			continue;
		text_add_old(page, item, in_run);
		if (record->outcome == RECORD_OUTCOME_NEW) {
			text_add_entry_head(page, item);
			g_string_append_printf(page, "\n%s", item->text);
			text_add_entry_end(page);
		}
		in_run = record->outcome == RECORD_OUTCOME_EXIST;
	}
}

void text_add_head(GString *page, const struct digest *digest, const char *title)
{
	g_string_append_printf(page, "From %s to %s\n", digest->from_id, digest->to_id);
	g_string_append_printf(page, "%s mailing list update from %s to %s\n\n", title,
		digest->from_id, digest->to_id);
	selection_add_notice(page, digest);
}

void text_add_tables(GString *page, const struct digest *digest, unsigned top)
{
	g_autoptr(GPtrArray) domains = stats_domains(digest->stats);
	g_autoptr(GPtrArray) people = stats_people(digest->stats);

	text_add_table(page, "contributor Email domains", top, domains, " ");
	text_add_table(page, "contributors", top, people, "  ");
}

GString *digest_render_text(const struct digest *digest, const char *title, unsigned top)
{
	GString *page = g_string_new(NULL);

	text_add_head(page, digest, title);
	mine_render(page, digest);
	text_add_tables(page, digest, top);
	text_add_patch_list(page, digest, NULL);
	text_add_entries(page, digest);
	return page;
}

GString *digest_render(const struct digest *digest, const struct digest_style *style)
{
	return digest->full ? page_render(digest, style)
			    : digest_render_text(digest, style->title, style->top);
}

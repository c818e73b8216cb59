/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/text.h"

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

static void text_add_patch_list(GString *page, const struct digest *digest)
{
	g_string_append(page, "===== Patch list in this time period =====\n\n");
	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;

		if (record->outcome == RECORD_OUTCOME_NEW)
			g_string_append_printf(page, "  %s  (%s)\n", record->subject,
				*record->patch_name ? record->patch_name
						    : record->patch_address);
	}
	g_string_append_c(page, '\n');
}

static void text_add_entry(GString *page, const struct digest_item *item)
{
	const struct record *record = item->record;
	g_autofree char *author = address_display(
		record->author_name, record->author_address);
	struct subject subject;

	/* The record's title is what git am takes, which an in-body Subject may give. */
	subject_parse(record->subject, &subject);
	g_string_append_printf(page, "New:  %s\n%s\nAuthor: %s\n\n%s\n\n%s\n\n",
		*subject.title ? subject.title : record->subject, record->subject, author,
		item->text, text_rule);
	subject_release(&subject);
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
		switch (record->outcome) {
		case RECORD_OUTCOME_NEW:
			text_add_entry(page, item);
			break;
		case RECORD_OUTCOME_EXIST:
			g_string_append_printf(page, "%s%s\n", in_run ? "" : "Exist: \n",
				record->subject);
			break;
		case RECORD_OUTCOME_SKIP:
			g_string_append_printf(page, " Skip: %s\n", record->subject);
			break;
		}
		in_run = record->outcome == RECORD_OUTCOME_EXIST;
	}
}

GString *digest_render_text(const struct digest *digest, const char *title, unsigned top)
{
	GString *page = g_string_new(NULL);
	g_autoptr(GPtrArray) domains = stats_domains(digest->stats);
	g_autoptr(GPtrArray) people = stats_people(digest->stats);

	g_string_append_printf(page, "From %s to %s\n", digest->from_id, digest->to_id);
	g_string_append_printf(page, "%s mailing list update from %s to %s\n\n", title,
		digest->from_id, digest->to_id);
	text_add_table(page, "contributor Email domains", top, domains, " ");
	text_add_table(page, "contributors", top, people, "  ");
	text_add_patch_list(page, digest);
	text_add_entries(page, digest);
	return page;
}

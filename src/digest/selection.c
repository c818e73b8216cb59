/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/selection.h"

#include <string.h>

#include "base/text.h"
#include "digest/full.h"
#include "digest/layout.h"
#include "mail/address.h"
#include "store/relate.h"

/* How many of the messages that one answers are looked at, the nearest ones. */
enum { SELECTION_ANCESTORS = 10 };

static void selection_add_address(struct selection *selection, const char *address)
{
	g_autofree char *name = NULL;
	g_autofree char *proper = NULL;

	mailmap_apply(selection->mailmap, "", address, &name, &proper);
	g_hash_table_add(selection->addresses, address_key(address));
	g_hash_table_add(selection->addresses, address_key(proper));
}

enum status selection_make(const struct choice *choice, const char *address,
	const struct mailmap *mailmap, struct selection *selection_r, char **why_r)
{
	struct selection selection = {.mailmap = mailmap};
	g_autofree char *words = NULL;

	if (!filter_compile(&choice->words, &selection.filter, why_r))
		return STATUS_DATA;
	selection.filtered = !filter_words_are_none(&choice->words);
	words = filter_words_format(&choice->words);
	selection.words = text_sanitize_line(words, strlen(words));
	selection.covers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	selection.addresses = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, NULL);
	if (choice->my_part) {
		selection.person = g_strdup(address);
		selection_add_address(&selection, address);
		for (char **also = choice->also; also != NULL && *also != NULL; also++)
			selection_add_address(&selection, *also);
		mailmap_add_aliases(mailmap, selection.addresses);
	}
	*selection_r = selection;
	return STATUS_OK;
}

void selection_release(struct selection *selection)
{
	filter_release(&selection->filter);
	g_clear_pointer(&selection->addresses, g_hash_table_unref);
	g_clear_pointer(&selection->covers, g_hash_table_unref);
	g_clear_pointer(&selection->words, g_free);
	g_clear_pointer(&selection->person, g_free);
}

/* Whether FITS one of the parts of the series of RECORD. */
static enum status selection_fits_any(struct store *store,
	const struct selection *selection, const struct record *record,
	enum status (*fits)(struct store *store, const struct selection *selection,
		const struct record *record, bool *fits_r),
	bool *fits_r)
{
	g_autoptr(relation_auto) relation = NULL;
	enum status status = relate_find(store, record, &relation);

	*fits_r = false;
	for (guint i = 0; status == STATUS_OK && !*fits_r && i < relation->members->len;
		i++) {
		g_autoptr(record_auto) part = NULL;

		status = store_get(
			store, GPOINTER_TO_SIZE(relation->members->pdata[i]), &part);
		if (status == STATUS_OK)
			status = fits(store, selection, part, fits_r);
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	return status;
}

static enum status selection_fits_part(struct store *store,
	const struct selection *selection, const struct record *record, bool *fits_r)
{
	(void)store;
	*fits_r = filter_fits_paths(&selection->filter, record);
	return STATUS_OK;
}

/* The paths of a posting: a cover letter's diffstat may be missing, or cut short. */
static enum status selection_fits_posting(struct store *store,
	const struct selection *selection, const struct record *record, bool *fits_r)
{
	gpointer known;
	enum status status;

	*fits_r = filter_fits_paths(&selection->filter, record);
	if (*fits_r || record->position != 0)
		return STATUS_OK;
	if (g_hash_table_lookup_extended(
		    selection->covers, record->message_id, NULL, &known)) {
		*fits_r = known != NULL;
		return STATUS_OK;
	}
	status = selection_fits_any(
		store, selection, record, selection_fits_part, fits_r);
	if (status == STATUS_OK)
		g_hash_table_insert(selection->covers, g_strdup(record->message_id),
			GINT_TO_POINTER(*fits_r));
	return status;
}

/* The paths of what answers a posting: the nearest one, or what its thread begins with. */
static enum status selection_fits_answer(struct store *store,
	const struct selection *selection, const struct record *record, bool *fits_r)
{
	const GPtrArray *references = record->references;
	guint count = MIN(references->len, SELECTION_ANCESTORS);

	*fits_r = false;
	for (guint i = 0; references->len > 0 && i <= count; i++) {
		guint at = i < count ? references->len - 1 - i : 0;
		g_autoptr(record_auto) parent = NULL;
		enum status status = store_find(store, references->pdata[at], &parent);

		if (status == STATUS_NOINPUT)
			continue;
		if (status != STATUS_OK || record_is_posting(parent))
			return status != STATUS_OK ? status
						   : selection_fits_posting(store,
							     selection, parent, fits_r);
	}
	return STATUS_OK;
}

enum status selection_fits(struct store *store, const struct selection *selection,
	const struct record *record, bool *fits_r)
{
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
	const struct filter_subject subject = {record, lists, selection->mailmap};
	enum status status = STATUS_OK;

	*fits_r = !selection->filtered;
	if (*fits_r)
		return STATUS_OK;
	if (selection->filter.lists->len > 0)
		status = store_get_lists(store, record->message_id, lists);
	if (status != STATUS_OK || !filter_fits_but_paths(&selection->filter, &subject))
		return status;
	*fits_r = filter_fits_paths(&selection->filter, record);
	if (*fits_r)
		return STATUS_OK;
	return record_is_posting(record)
		       ? selection_fits_posting(store, selection, record, fits_r)
		       : selection_fits_answer(store, selection, record, fits_r);
}

enum status selection_fits_series(struct store *store, const struct selection *selection,
	uint64_t number, bool *fits_r)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get(store, number, &record);

	*fits_r = false;
	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	status = selection_fits(store, selection, record, fits_r);
	if (status != STATUS_OK || *fits_r || !record_is_posting(record))
		return status;
	return selection_fits_any(store, selection, record, selection_fits, fits_r);
}

bool selection_is_person(
	const struct selection *selection, const char *name, const char *address)
{
	g_autofree char *key = address_key(address);
	g_autofree char *proper_name = NULL;
	g_autofree char *proper = NULL;
	g_autofree char *proper_key = NULL;

	if (g_hash_table_contains(selection->addresses, key))
		return true;
	mailmap_apply(selection->mailmap, name, address, &proper_name, &proper);
	proper_key = address_key(proper);
	return g_hash_table_contains(selection->addresses, proper_key);
}

void selection_count(const struct digest *digest, unsigned *shown_r, unsigned *all_r)
{
	unsigned shown = digest->full ? digest->full->messages->len : 0;

	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];

		shown += item->record->outcome != RECORD_OUTCOME_SKIP;
	}
	*shown_r = shown;
	*all_r = shown + g_hash_table_size(digest->left_out);
}

void selection_add_notice(GString *page, const struct digest *digest)
{
	const struct selection *selection = digest->selection;
	g_autoptr(GString) line = g_string_new(NULL);
	g_autofree char *of = NULL;
	unsigned shown, all;

	if (selection == NULL)
		return;
	selection_count(digest, &shown, &all);
	of = selection->issue > 0 ? g_strdup_printf("issue %" G_GUINT64_FORMAT,
					    (guint64)selection->issue)
				  : g_strdup("this period");
	if (selection->filtered)
		g_string_append_printf(line, "A selection: %u of the %u messages of %s, ",
			shown, all, of);
	else
		g_string_append_printf(line, "All %u messages of %s, ", all, of);
	if (selection->filtered)
		g_string_append_printf(
			line, "by %s%s", selection->words, selection->person ? ", " : "");
	if (selection->person != NULL)
		g_string_append_printf(line, "the part of %s first", selection->person);
	g_string_append(line, ".  The whole, as all get it:");
	layout_wrap(page, "", "  ", line->str);
	if (selection->issue > 0)
		g_string_append_printf(page,
			"  mldigest digest --issue %" G_GUINT64_FORMAT "\n\n",
			(guint64)selection->issue);
	else
		g_string_append_printf(page, "  mldigest digest --range %s..%s\n\n",
			digest->from_id, digest->to_id);
}

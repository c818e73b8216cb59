/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commit messages of layout `full`, whole and shortened. Pure. */
#ifndef MLDIGEST_DIGEST_PAGE_ENTRY_H
#define MLDIGEST_DIGEST_PAGE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "digest/digest.h"
#include "digest/full.h"

/* How much of a commit message is shown. */
enum page_level { PAGE_WHOLE, PAGE_PARAGRAPH, PAGE_LINE, PAGE_NOTHING, PAGE_LEVELS };

/* An entry, or what stands in the list without one: then all of it is in WHOLE. */
struct page_entry {
	const struct digest_item *item;
	GString *text[PAGE_LEVELS - 1];
	enum page_level level;
	uint64_t weight; /* what has less is shortened first */
};

/* What of RECORD, a posting, goes first where there is no room: backports, then versions that have
 * a newer one here, newcomers last.  Between them, what is not the first of its series here, then
 * by how many people answered, and how often. */
uint64_t page_weigh(const struct full *full, const struct record *record);

/* Whether that weight is a newcomer's. */
bool page_is_newcomer(uint64_t weight);

/* The entries of DIGEST, whole, in the order of the page.  The caller unrefs. */
GPtrArray *page_make_entries(const struct digest *digest);

/* Shortens those of ENTRIES that weigh least, all of them by a step before any by two, until EXCESS
 * bytes are saved, or nothing is left.  Returns how many were. */
size_t page_shorten_entries(const GPtrArray *entries, size_t excess);

/* Adds ENTRIES to PAGE, as short as they are. */
void page_add_entries(GString *page, const GPtrArray *entries);

#endif

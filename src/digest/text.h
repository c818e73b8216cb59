/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A digest as a page of text: FORMAT.md. Pure. */
#ifndef MLDIGEST_DIGEST_TEXT_H
#define MLDIGEST_DIGEST_TEXT_H

#include <glib.h>

#include "digest/digest.h"
#include "digest/style.h"

/* DIGEST, which digest_collect_for() made for STYLE, in its layout: UTF-8, LF line ends.  The
 * caller frees. */
GString *digest_render(const struct digest *digest, const struct digest_style *style);

/* Layout `classic`: DIGEST under TITLE with TOP rows a table: the same otherwise.  The caller
 * frees. */
GString *digest_render_text(const struct digest *digest, const char *title, unsigned top);

/* The parts of the page that both layouts have: the two lines at its head; the contributors'
 * tables; the list of patches, without the items of HIDDEN, which may be NULL; what stands above an
 * entry's text; the end of one. */
void text_add_head(GString *page, const struct digest *digest, const char *title);
void text_add_tables(GString *page, const struct digest *digest, unsigned top);
void text_add_patch_list(GString *page, const struct digest *digest, GHashTable *hidden);
void text_add_entry_head(GString *page, const struct digest_item *item);
void text_add_entry_end(GString *page);

/* How long ITEM's row in the list of patches is; 0 for one that has none. */
size_t text_row_length(const struct digest_item *item);

/* Adds ITEM, which has no entry of its own, to the commit messages; IN_RUN: the one before it was
 * an Exist: too. */
void text_add_old(GString *page, const struct digest_item *item, bool in_run);

#endif

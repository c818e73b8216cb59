/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a page that people read in 79 columns. Pure. */
#ifndef MLDIGEST_DIGEST_LAYOUT_H
#define MLDIGEST_DIGEST_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "digest/full.h"
#include "digest/style.h"

enum { LAYOUT_COLUMNS = 79 };

/* How many columns of a terminal the LENGTH bytes of UTF-8 at TEXT take: two for a wide character
 * (Unicode UAX 11), none for what combines. */
size_t layout_width(const char *text, size_t length);

/* Adds TEXT, one line of sanitised text, in lines of LAYOUT_COLUMNS: FIRST stands before the first,
 * REST before the others.  Broken at blanks alone, so that a word too long, a link, stays whole. */
void layout_wrap(GString *page, const char *first, const char *rest, const char *text);

/* Adds a section's heading. */
void layout_heading(GString *page, const char *title);

/* Adds "1 reply" or "2 replies". */
void layout_count(GString *line, unsigned count, const char *one, const char *many);

/* Adds the name of PERSON, or the address, and a mark if they are new here. */
void layout_person(GString *line, const struct full_person *person);

/* Adds the names of PEOPLE, each once, of the first MOST of them and how many others. */
void layout_people(GString *line, const GPtrArray *people, guint most);

/* Adds LINK, if there is one, in a line of its own behind INDENT. */
void layout_link(GString *page, const char *indent, const char *link);

/* Adds TITLE, a stranger's, as the head of an entry, and MORE behind it: of a very long one the
 * beginning. */
void layout_title(GString *page, const char *title, const char *more);

/* Adds an entry of a section: TITLE, what there is to say of it (DETAIL, unless it is empty) and
 * its link, or NULL. */
void layout_entry(
	GString *page, const char *title, const GString *detail, const char *link);

/* Whether STYLE's page leaves ENTRY out: then it is counted in HIDDEN. */
bool layout_hides(const struct digest_style *style, const void *entry, unsigned *hidden);

/* Adds that of LENGTH entries only the first MOST were shown, if so. */
void layout_more(GString *page, guint length, guint most);

/* The day of TIME in UTC, 2025-05-18.  The caller frees. */
char *layout_day(int64_t time);

#endif

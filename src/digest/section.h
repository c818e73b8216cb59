/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections of layout `full`: each sums up what was collected, and writes it. Pure. */
#ifndef MLDIGEST_DIGEST_SECTION_H
#define MLDIGEST_DIGEST_SECTION_H

#include <glib.h>

#include "digest/digest.h"
#include "digest/full.h"
#include "digest/style.h"

/* A section's names are those of sections= in mldigest.conf(5), in the order of the page. */
struct section {
	const char *name;
	/* Fills in the section's part of FULL from DIGEST's postings and FULL's messages. */
	void (*fill)(struct full *full, const struct digest *digest);
	/* Adds it to PAGE: nothing where there is nothing to show. */
	void (*render)(
		GString *page, const struct full *full, const struct digest_style *style);
};

/* The one of that name, NULL for none.  Static. */
const struct section *section_find(const char *name);

/* The names of those that STYLE has, in its order; the caller frees. */
char **section_names(const struct digest_style *style);

/* Fills in all of them; FULL still has its mailmap. */
void section_fill_all(struct full *full, const struct digest *digest);

/* Adds the one of that NAME to PAGE; nothing for the summary, or one that is none. */
void section_render(const char *name, GString *page, const struct full *full,
	const struct digest_style *style);

/* Adds the summary to PAGE, if STYLE has it; and all the others. */
void section_render_summary(
	GString *page, const struct full *full, const struct digest_style *style);
void section_render_rest(
	GString *page, const struct full *full, const struct digest_style *style);

/* Adds to LINE when the version before SERIES was posted, and what became of its patches. */
void section_describe_old(const struct full_series *series, GString *line);

/* Adds to LINE what BOTS (struct full_bot) had to say. */
void section_describe_bots(const GPtrArray *bots, GString *line);

/* How long the entries of these are. */
size_t section_length_of_series(const struct full_series *series);
size_t section_length_of_applied(const struct full_applied *applied);
size_t section_length_of_pull(const struct full_pull *pull);

/* The modules. */
void section_fill_summary(struct full *full, const struct digest *digest);
void section_add_summary(
	GString *page, const struct full *full, const struct digest_style *style);
void section_fill_reviewers(struct full *full, const struct digest *digest);
void section_add_reviewers(
	GString *page, const struct full *full, const struct digest_style *style);
void section_add_waiting(
	GString *page, const struct full *full, const struct digest_style *style);
void section_fill_series(struct full *full, const struct digest *digest);
void section_add_series(
	GString *page, const struct full *full, const struct digest_style *style);
void section_fill_applied(struct full *full, const struct digest *digest);
void section_add_applied(
	GString *page, const struct full *full, const struct digest_style *style);
void section_fill_pulls(struct full *full, const struct digest *digest);
void section_add_pulls(
	GString *page, const struct full *full, const struct digest_style *style);
void section_fill_threads(struct full *full, const struct digest *digest);
void section_add_bugs(
	GString *page, const struct full *full, const struct digest_style *style);
void section_add_announcements(
	GString *page, const struct full *full, const struct digest_style *style);
void section_add_discussions(
	GString *page, const struct full *full, const struct digest_style *style);
void section_add_corrections(
	GString *page, const struct full *full, const struct digest_style *style);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page that is not the one all get: which messages of a window it has, and whose it is. */
#ifndef MLDIGEST_DIGEST_SELECTION_H
#define MLDIGEST_DIGEST_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "digest/digest.h"
#include "model/filter.h"
#include "store/choice.h"
#include "store/store.h"

struct selection {
	bool filtered; /* it has what the filter fits, else all */
	struct filter filter;
	char *words;           /* the filter's, as options */
	char *person;          /* whose part stands first, or NULL */
	GHashTable *addresses; /* theirs, as address_key() has them */
	GHashTable
		*covers; /* Message-ID of a cover letter -> whether a part's path fits */
	const struct mailmap *mailmap; /* borrowed, or NULL */
	uint64_t issue;                /* that the page is of; 0: none */
};

/* What CHOICE of the subscriber ADDRESS chooses; the caller releases it.  STATUS_DATA, and *WHY_R
 * for the caller to free, for a choice that choice_check() refuses. */
enum status selection_make(const struct choice *choice, const char *address,
	const struct mailmap *mailmap, struct selection *selection_r, char **why_r);
void selection_release(struct selection *selection);

/* Whether SELECTION has RECORD.  What has no diff or diffstat has the paths of the posting that it
 * answers, and a cover letter those of its patches; their index was brought up to date before
 * (relate_update). */
enum status selection_fits(struct store *store, const struct selection *selection,
	const struct record *record, bool *fits_r);

/* Whether it has any part of the series of the message NUMBER. */
enum status selection_fits_series(struct store *store, const struct selection *selection,
	uint64_t number, bool *fits_r);

/* Whether NAME and ADDRESS, or who they are by the mailmap, are SELECTION's person. */
bool selection_is_person(
	const struct selection *selection, const char *name, const char *address);

/* Of DIGEST, which is a selection: how many messages it has, and of how many. */
void selection_count(const struct digest *digest, unsigned *shown_r, unsigned *all_r);

/* Adds what DIGEST is a selection of, and how to see the whole; nothing for one that is none. */
void selection_add_notice(GString *page, const struct digest *digest);

#endif

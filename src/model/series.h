/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which postings make one series, and which series is a reroll of which. Pure. */
#ifndef MLDIGEST_MODEL_SERIES_H
#define MLDIGEST_MODEL_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "model/record.h"

/* What the parts of one series have in common: sender and total.  All 0 for a part of none. */
void series_key(const struct record *record, uint8_t key_r[HASH_BYTES]);

/* What the revisions of one patch or series have in common: sender and title. */
void series_title_key(const struct record *record, uint8_t key_r[HASH_BYTES]);

/* Of RECORDS (struct record, of one series_key(), one a Message-ID, in order of arrival), those
 * that are of the series of the one at SELF, by position, the cover letter first.  Parts have one
 * revision; one belongs to the nearest part that it answers; parts that answer the same message, or
 * none at all, belong together as they were sent; no place is taken twice, so that what is sent
 * again in one thread is a series of its own.  Only what answers a
 * cover letter that was sent in the same hour may have been given another revision by mistake.
 * The caller frees the array, not the records. */
GPtrArray *series_assemble(const GPtrArray *records, guint self);

/* Whether PART was sent with COVER, a cover letter of the same sender that it answers, although
 * they do not agree in how many patches there are: the letter was written before the last change
 * of mind. */
bool series_is_miscounted(const struct record *cover, const struct record *part);

/* How many of the patches 1 to m are among MEMBERS. */
unsigned series_count_patches(const GPtrArray *members);

/* The Message-ID that a cover letter that is not among MEMBERS must have: what all of them answer,
 * where that is none of them; NULL for none.  Borrowed. */
const char *series_missing_cover(const GPtrArray *members);

/* Whether OLD can be what NEW is a reroll (or resend) of: an earlier revision, an RFC before what
 * is none, or the same revision posted again.  Nothing precedes itself, nor what precedes it. */
bool series_may_precede(const struct record *old, const struct record *new);

/* Whether both hold the same diffs, and any at all. */
bool series_same_diffs(const GPtrArray *a, const GPtrArray *b);

#endif

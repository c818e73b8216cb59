/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which messages somebody sent or wrote, and which change a path, without reading the messages.
 * lookup.db has an empty value under a kind, a value and the number of the message, so that what
 * has the same value lies side by side.  Values are as they are in the records: what a word, a glob
 * or a mailmap makes of them is for who asks.  Deliveries do not write it; who asks brings it up to
 * date first. */
#ifndef MLDIGEST_STORE_LOOKUP_H
#define MLDIGEST_STORE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/record.h"
#include "store/numbers.h"
#include "store/store.h"

enum lookup_kind {
	LOOKUP_PERSON = 'a', /* the From field, the in-body From, and who that is */
	LOOKUP_PATH = 'p',   /* what a patch, or a cover letter's diffstat, changes */
};

/* Of a longer value that much is in the index, and it is found whatever is looked for: keys of more
 * than a quarter of a page take pages of their own. */
enum { LOOKUP_VALUE_BYTES = 400 };

/* What is looked for among the values of KIND, in messages FIRST to LAST. */
struct lookup_query {
	enum lookup_kind kind;
	const char *prefix; /* what does not begin so does not fit; "" */
	uint64_t first, last;
	/* Whether a value fits: a path, or a person's NAME and ADDRESS. */
	bool (*fits)(const char *name, const char *address, const void *data);
	const void *data;
};

/* Brings the index of HOME up to its newest message, in sessions of at most LIMIT_BATCH_MS.  One
 * that is seen to be damaged is said in one line and made anew. */
enum status lookup_update(const char *home);

/* Adds to NUMBERS what HOME's index has for QUERY, in sessions of the same length: all messages
 * with a value that fits, and some of which the value is longer than LOOKUP_VALUE_BYTES.
 * STATUS_DATA, silently, where the index is damaged: see lookup_renew(). */
enum status lookup_find(
	const char *home, const struct lookup_query *query, struct numbers *numbers);

/* Empties the index of HOME and says so in one line. */
enum status lookup_renew(const char *home);

/* In the open transaction: takes out what the index has of RECORD, which expires. */
enum status lookup_forget(struct store *store, const struct record *record);

#endif

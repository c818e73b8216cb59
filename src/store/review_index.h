/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which postings are worth asking whether they wait for a review.  Every posting that relate.db
 * knows is open or closed in it.  What comes can only close one, so closed ones need not be looked
 * at again; the few mails that can change what an earlier one means open those it may concern
 * (review_open()), and who asks closes them again. */
#ifndef MLDIGEST_STORE_REVIEW_INDEX_H
#define MLDIGEST_STORE_REVIEW_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/record.h"
#include "store/store.h"

/* The entry of meta that says under which mailmap postings were closed.  Without it all are open
 * again for who asks next. */
#define REVIEW_MARK_PREFIX "review"
#define REVIEW_MARK        REVIEW_MARK_PREFIX "-mailmap"

/* In the open transaction: opens POSTING, which is new in the index, and those that it changes
 * something for: parts of its sender's and total, and what a reply that answers POSTING too seemed
 * to answer without it. */
enum status review_open(struct store *store, const struct record *posting);

/* Whether any is closed: where none is, a new posting opens nothing but itself. */
enum status review_is_any_closed(struct store *store, bool *closed_r);

/* Opens or closes NUMBER, a posting, or takes it out of both for it is none any more. */
enum status review_put_open(struct store *store, uint64_t number);
enum status review_put_closed(struct store *store, uint64_t number);
enum status review_drop(struct store *store, uint64_t number);

/* Up to LIMIT open numbers from FIRST on, in their order, in NUMBERS (uint64_t). */
enum status review_find_open(
	struct store *store, uint64_t first, guint limit, GArray *numbers);

/* Opens up to LIMIT closed ones; *LEFT_R whether there may be more. */
enum status review_reopen(struct store *store, guint limit, bool *left_r);

#endif

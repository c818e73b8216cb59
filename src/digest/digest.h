/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A digest as data: what a window of the store holds, chosen and counted, before any
 * layout. */
#ifndef MLDIGEST_DIGEST_DIGEST_H
#define MLDIGEST_DIGEST_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "base/status.h"
#include "digest/stats.h"
#include "model/identity.h"
#include "model/record.h"
#include "store/store.h"

/* Numbers (first, last]: what came behind FIRST up to and with LAST. */
struct digest_window {
	uint64_t first, last;
	int64_t since;            /* only what arrived at or after it; INT64_MIN: all */
	uint8_t from[HASH_BYTES]; /* the id of the start as it was given, in full */
	size_t from_length;       /* 0: the id of FIRST */
	bool unsent;              /* leave out history: it counts as sent */
	const struct selection *selection; /* selection.h; borrowed, NULL: all messages */
	/* What waits for a review (struct review_series), where it is known already; borrowed. */
	const GPtrArray *waiting;
	bool past; /* of an issue that was sent: what waits now says nothing of then */
};

struct digest_item {
	struct record *record;
	char *text; /* what an entry shows; NULL for what has no entry */
};

struct digest {
	char *from_id, *to_id; /* abbreviated */
	uint64_t last;         /* the window's */
	GPtrArray *items;      /* struct digest_item, postings only, newest first */
	struct stats *stats;
	unsigned others; /* messages that are no postings, and that layout full shows */
	int64_t oldest_other; /* when the first of them arrived: INT64_MAX for none */
	/* [digest] archive, for post/stubs.h: borrowed from who sets it, and NULL until then. */
	const char *archive;
	const struct selection *selection; /* its window's, or NULL; and with one, */
	GHashTable *left_out; /* the Message-IDs that the whole has beside it */
	struct mine *mine;    /* somebody's own part (mine.h), or NULL */
	struct full *full;    /* what layout full has beside it (full.h), or NULL */
};

/* Reads WINDOW out of the store of HOME, in sessions of at most LIMIT_BATCH_MS.  MAILMAP
 * may be NULL.  Changes nothing.  The caller frees *DIGEST_R. */
enum status digest_collect(const char *home, const struct digest_window *window,
	const struct mailmap *mailmap, struct digest **digest_r);
void digest_free(struct digest *digest);

/* Whether WINDOW has RECORD at all, whatever its selection: it is not left out by a rule, not
 * removed, no history that counts as sent, and no later copy of what came before. */
enum status digest_has(struct store *store, const struct digest_window *window,
	const struct record *record, bool *has_r);

/* Puts the last of ITEMS first. */
void digest_reverse(GPtrArray *items);

/* How many messages a section shows, where WITH_OTHERS the other ones too, and when the first of
 * them arrived: INT64_MAX for none. */
unsigned digest_count_shown(
	const struct digest *digest, bool with_others, int64_t *oldest_r);

/* When the first and the last of the messages arrived that it shows or counts; it has some. */
void digest_find_period(const struct digest *digest, int64_t *first_r, int64_t *last_r);

#endif

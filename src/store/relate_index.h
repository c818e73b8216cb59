/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index behind relate.h: an empty value under a kind, a hash, and the number of the message, so
 * that the numbers of one hash lie side by side, oldest first. */
#ifndef MLDIGEST_STORE_RELATE_INDEX_H
#define MLDIGEST_STORE_RELATE_INDEX_H

#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "store/store.h"

enum relate_kind {
	RELATE_SERIES = 's',  /* series_key() */
	RELATE_TITLE = 't',   /* series_title_key() */
	RELATE_CHANGE = 'c',  /* b4's change-id */
	RELATE_PART = 'p',    /* the Message-ID that a patch of a series answers */
	RELATE_REPLY = 'r',   /* a Message-ID that a mail with trailers answers */
	RELATE_REFER = 'f',   /* a Message-ID that any mail answers */
	RELATE_PERSON = 'a',  /* the address or name, without case, of who wrote it */
	RELATE_LINK = 'l',    /* one that a posting or applied notice links to */
	RELATE_APPLIED = 'n', /* review_evidence_key() */
	/* Every posting is under one of these two, with a hash of nothing: see
	 * store/review_index.h. */
	RELATE_OPEN = 'o',
	RELATE_CLOSED = 'z',
};

enum { RELATE_KEY_BYTES = 1 + HASH_BYTES + 8 };

/* Entries of meta with names that begin so say how far the index goes.  It is made of the records
 * alone, so that a store without them has it made anew. */
#define RELATE_MARK_PREFIX "related"

/* How many of the messages that one answers are looked at, the nearest ones. */
enum { RELATE_ANCESTORS = 10 };

/* What lies under KIND and HASH, numbers FIRST to LAST; LIMIT of them, those around NEAR, or the
 * newest where that is 0. */
struct relate_query {
	enum relate_kind kind;
	const uint8_t *hash; /* HASH_BYTES */
	uint64_t first, last;
	guint limit;
	uint64_t near;
};

/* The number of the last message that is in the index, or was passed over. */
enum status relate_get_mark(struct store *store, uint64_t *number_r);

/* Writes the key of KIND, HASH and NUMBER. */
void relate_make_key(enum relate_kind kind, const uint8_t hash[HASH_BYTES],
	uint64_t number, uint8_t key_r[RELATE_KEY_BYTES]);

/* The number at the end of a key. */
uint64_t relate_key_number(const uint8_t key[RELATE_KEY_BYTES]);

/* Puts KEYS, as relate_add_keys() makes them, in the open transaction; sorts them. */
enum status relate_put_keys(struct store *store, GPtrArray *keys);

/* Adds the keys that RECORD has in the index to KEYS, which owns them, RELATE_KEY_BYTES each; not
 * the one of the two that postings have for a review. */
void relate_add_keys(const struct record *record, GPtrArray *keys);

/* Adds the numbers of QUERY to NUMBERS (uint64_t), in their order. */
enum status relate_find_numbers(
	struct store *store, const struct relate_query *query, GArray *numbers);

/* The same for KIND and the hash of STRING, the newest LIMIT of them. */
enum status relate_find_by_string(struct store *store, enum relate_kind kind,
	const char *string, guint limit, GPtrArray *records);

/* An array of struct record that owns what it holds. */
GPtrArray *relate_new_records(void);

/* Adds the records of QUERY to RECORDS, in order of arrival; of several copies of one message the
 * first, or in its place the last that completes it. */
enum status relate_find_records(
	struct store *store, const struct relate_query *query, GPtrArray *records);

#endif

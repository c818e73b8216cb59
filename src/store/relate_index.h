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
	RELATE_SERIES = 's', /* series_key() */
	RELATE_TITLE = 't',  /* series_title_key() */
	RELATE_CHANGE = 'c', /* b4's change-id */
	RELATE_REPLY = 'r',  /* a Message-ID that a mail with trailers answers */
};

/* How many of the messages that one answers are looked at, the nearest ones. */
enum { RELATE_ANCESTORS = 10 };

/* What lies under KIND and HASH, numbers FIRST to LAST; LIMIT of them: those around MIDDLE, or with
 * 0 for that the newest. */
struct relate_query {
	enum relate_kind kind;
	const uint8_t *hash; /* HASH_BYTES */
	uint64_t first, last;
	guint limit;
	uint64_t middle;
};

/* An array of struct record that owns what it holds. */
GPtrArray *relate_new_records(void);

/* Adds the records of QUERY to RECORDS, in order of arrival; of several copies of one message the
 * last, at the place of the first. */
enum status relate_find_records(
	struct store *store, const struct relate_query *query, GPtrArray *records);

#endif

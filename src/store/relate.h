/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What messages have to do with each other: series, rerolls, the trailers that replies gave.
 * Nothing of it is stored in a record, since any part may come late; an index finds what belongs
 * together when somebody asks. */
#ifndef MLDIGEST_STORE_RELATE_H
#define MLDIGEST_STORE_RELATE_H

#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/record.h"
#include "store/store.h"

/* A trailer that a reply gave. */
struct relate_tag {
	char *key, *value;
	char *message_id; /* of the reply */
	bool to_cover;    /* it answered the cover letter, so it is for every patch */
};

/* Of one posting.  Strings are owned and may be NULL where said. */
struct relation {
	char *series;   /* Message-ID of the series' root; NULL for what is no posting */
	char *previous; /* the root of the revision before, or NULL */
	uint64_t previous_number; /* of a message of that one that is here; 0 for none */
	char *previous_why;       /* the evidence for it, in one line, or NULL */
	bool resend;              /* PREVIOUS has the same diffs */
	unsigned seen;            /* how many of the series' patches are here, */
	bool covered;             /* SERIES is a cover letter, here or not */
	unsigned total; /* and how many there should be; 0 for what has no n/m */
	GPtrArray *
		members; /* uint64_t numbers (GSIZE_TO_POINTER), cover first, by position */
	GPtrArray *tags; /* struct relate_tag: what replies gave to it */
};

void relation_free(struct relation *relation);
typedef struct relation relation_auto; /* for g_autoptr() alone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(relation_auto, relation_free)

/* Brings the index of HOME up to its newest message, in sessions of at most LIMIT_BATCH_MS.  Before
 * relate_find(); deliveries leave it to who asks. */
enum status relate_update(const char *home);

/* The relation of RECORD, in an open session.  The caller frees *RELATION_R. */
enum status relate_find(
	struct store *store, const struct record *record, struct relation **relation_r);

/* The same with the series alone: nothing of a revision before, and no tags. */
enum status relate_find_series(
	struct store *store, const struct record *record, struct relation **relation_r);

/* The number of the first message of who writes as ADDRESS, or as NAME where that has two words or
 * more: people have several addresses.  Expired or not; 0 for none. */
enum status relate_find_person(
	struct store *store, const char *name, const char *address, uint64_t *number_r);

#endif

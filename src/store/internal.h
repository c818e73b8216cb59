/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of store/ share and nobody else sees. */
#ifndef MLDIGEST_STORE_INTERNAL_H
#define MLDIGEST_STORE_INTERNAL_H

#include "store/env.h"
#include "store/seen.h"
#include "store/store.h"

struct store {
	struct env *env;
	bool head_known;
	uint64_t head;                 /* the newest number */
	int64_t latest;                /* its record's */
	uint8_t link[HASH_BYTES];      /* its record's; H0 for an empty store */
	struct relate_memory *related; /* series that were asked for; NULL for none */
	bool steady;                   /* no message is written in this session */
	struct seen *seen;             /* see store_remember(); NULL before */
	GHashTable *
		cover_tags; /* Message-ID -> struct relate_tag; NULL before one is asked for */
	GHashTable *
		reclassed; /* Message-ID -> struct reclass; NULL before one is asked for */
};

/* Frees what store/relate.c keeps for a session; MEMORY may be NULL. */
void relate_forget(struct relate_memory *memory);

/* The head's number, link and latest, read once a session. */
enum status store_read_head(struct store *store);

/* From now on a session that is steady keeps the messages that it reads, for who asks again. */
void store_remember(struct store *store);

/* A record out of the bytes of the database; prints what is wrong with them. */
enum status store_decode(
	struct store *store, const void *bytes, size_t length, struct record **record_r);

/* As store_find(), with the class that the rules gave. */
enum status store_find_plain(
	struct store *store, const char *message_id, struct record **record_r);

/* As store_get(), with the class that the rules gave, and what is left of an expired message
 * too. */
enum status store_get_any(struct store *store, uint64_t number, struct record **record_r);

/* The first record that INDEX has under KEY, expired or not; as store_find() else. */
enum status store_find_by(struct store *store, enum env_db index, const void *key,
	size_t length, struct record **record_r);

/* The key of NUMBER in arrival.db and text.db. */
uint64_t store_number_key(uint64_t number);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of lookup.db; private to store/lookup*.c, check_lookup.c and dump.c. */
#ifndef MLDIGEST_STORE_LOOKUP_INDEX_H
#define MLDIGEST_STORE_LOOKUP_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "store/lookup.h"
#include "store/store.h"

/* The entry of meta that says how far the index goes begins so.  Without it the index is made anew.
 * lookup.db has the same number under LOOKUP_MARK_KEY: where the two differ, it is not the file
 * that was written, or not all of it. */
#define LOOKUP_MARK_PREFIX "lookup"
#define LOOKUP_MARK_KEY    "\0"
enum { LOOKUP_MARK_KEY_BYTES = 1 };

/* A key taken apart; VALUE is borrowed.  A person's is the name, NUL, and the address. */
struct lookup_key {
	enum lookup_kind kind;
	const uint8_t *value;
	size_t length;
	uint64_t number;
};

/* False for what is no key: not for the mark's either. */
bool lookup_parse_key(const uint8_t *key, size_t length, struct lookup_key *key_r);

/* KEY's bytes; of a value that is too long, the beginning. */
GBytes *lookup_make_key(const struct lookup_key *key);

/* The keys of RECORD, each once: GBytes, in an array that owns them. */
GPtrArray *lookup_keys(const struct record *record);

/* The number of the last message that is in the index, or was passed over. */
enum status lookup_get_mark(struct store *store, uint64_t *number_r);

/* The same as lookup.db itself has it; 0 where it has none. */
enum status lookup_get_own_mark(struct store *store, uint64_t *number_r);

#endif

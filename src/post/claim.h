/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an issue's signature says of its place in the chain: the trusted comment that
 * mldigest-verify(1) defines. Pure. */
#ifndef MLDIGEST_POST_CLAIM_H
#define MLDIGEST_POST_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "model/filter.h"

struct claim {
	char *list;           /* the list id that the chain begins with, or "" */
	uint64_t issue;       /* from 1 */
	uint64_t first, last; /* the numbers of its messages, both included */
	char *from, *to;      /* ids, as the digest's first line has them */
	uint8_t prev[HASH_BYTES], head[HASH_BYTES]; /* links: before first, of last */
	/* Of a page that is not the one all get; the rest is empty for that one. */
	bool personal;
	unsigned shown, all; /* messages in it, of how many */
	uint64_t before;     /* the newest issue that had the same page; 0 for none */
	struct filter_words filter; /* what it was chosen by */
	char *person;               /* whose part stands first, or "" */
};
void claim_release(struct claim *claim);

/* CLAIM as the words of a trusted comment.  The caller frees. */
char *claim_print(const struct claim *claim);

/* Reads what claim_print() wrote, with further words behind it or not.  Total: false, and nothing
 * set, for anything else.  The caller releases *CLAIM_R. */
bool claim_parse(const char *text, size_t length, struct claim *claim_r);

/* Whether the LENGTH bytes at TEXT are the manifest of what CLAIM says: a line
 * `n Dn message-id` for each of its numbers in order, and a chain from prev to head.  *WHY_R
 * is a static string when not. */
bool claim_fits_manifest(
	const struct claim *claim, const char *text, size_t length, const char **why_r);

/* Whether CLAIM's chain begins as its list's does: with the first message, behind H0. */
bool claim_begins_chain(const struct claim *claim);

#endif

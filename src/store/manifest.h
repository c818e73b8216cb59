/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an issue's part of the chain is made of. */
#ifndef MLDIGEST_STORE_MANIFEST_H
#define MLDIGEST_STORE_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "base/status.h"

struct manifest {
	uint64_t first, last;     /* the numbers in it, both included */
	uint8_t prev[HASH_BYTES]; /* the link before first */
	uint8_t head[HASH_BYTES]; /* the link of last */
	char *list_id;            /* that the chain begins with */
	GString *text; /* a line `n Dn message-id` for each number, history too */
};
void manifest_release(struct manifest *manifest);

/* The window (FIRST, LAST], which is not empty, of the store of HOME, in sessions of at most
 * LIMIT_BATCH_MS.  With FIRST_ISSUE it begins with the first message that is no history: nothing
 * before it was ever sent, and an imported archive may be larger than a mail.  The caller
 * releases. */
enum status manifest_collect(const char *home, uint64_t first, uint64_t last,
	bool first_issue, struct manifest *manifest_r);

#endif

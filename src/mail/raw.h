/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A raw message as it comes in, piece by piece: kept up to a limit, hashed whole. */
#ifndef MLDIGEST_MAIL_RAW_H
#define MLDIGEST_MAIL_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"

struct raw {
	GString *bytes;  /* the first LIMIT_MESSAGE_BYTES */
	uint64_t length; /* of the whole */
	bool begun;      /* the first piece has come */
	bool hashing;    /* more than the limit came: hash holds the whole so far */
	struct hash hash;
};

/* An empty one, and what it holds given back. */
void raw_init(struct raw *raw);
void raw_release(struct raw *raw);

/* Adds LENGTH bytes.  The first piece must hold the whole first line, if it is an mbox
 * `From ` line (4155): that one is not a part of the message and left out. */
void raw_append(struct raw *raw, const char *bytes, size_t length);

/* The hash of all that was added: Dn of the chain.  May be asked again. */
void raw_finish(const struct raw *raw, uint8_t digest_r[HASH_BYTES]);

#endif

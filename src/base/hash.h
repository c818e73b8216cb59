/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BLAKE2b-256, the one hash of the project: `b2sum -l 256` prints the same. */
#ifndef MLDIGEST_BASE_HASH_H
#define MLDIGEST_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32 };

/* Finds the processor's fastest way to hash, which pays from some hundred messages on.
 * Not needed for right results. */
void hash_init_library(void);

/* A hash in progress.  Its insides belong to hash.c; it needs no release. */
struct hash {
	_Alignas(64) unsigned char state[384];
};

/* RFC 7693, 32 bytes of output, no key. */
void hash_init(struct hash *hash);
void hash_update(struct hash *hash, const void *bytes, size_t length);
/* Adds LENGTH as eight little-endian bytes, then the bytes: fields cannot run together. */
void hash_update_field(struct hash *hash, const void *bytes, size_t length);
void hash_final(struct hash *hash, uint8_t digest_r[HASH_BYTES]);
/* Whether DIGEST is all 0: no hash was taken. */
bool hash_is_none(const uint8_t digest[HASH_BYTES]);

/* The hash of one piece. */
void hash_bytes(const void *bytes, size_t length, uint8_t digest_r[HASH_BYTES]);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/hash.h"

#include <glib.h>
#include <sodium.h>

G_STATIC_ASSERT(sizeof(crypto_generichash_state) <= sizeof(struct hash));
G_STATIC_ASSERT(HASH_BYTES == crypto_generichash_BYTES);

void hash_init_library(void)
{
	/* Without it libsodium hashes all the same, with its portable code. */
	if (sodium_init() < 0)
		return;
}

static crypto_generichash_state *hash_state(struct hash *hash)
{
	return (crypto_generichash_state *)(void *)hash->state;
}

void hash_init(struct hash *hash)
{
	crypto_generichash_init(hash_state(hash), NULL, 0, HASH_BYTES);
}

void hash_update(struct hash *hash, const void *bytes, size_t length)
{
	crypto_generichash_update(hash_state(hash), bytes, length);
}

void hash_update_field(struct hash *hash, const void *bytes, size_t length)
{
	uint64_t le = GUINT64_TO_LE((uint64_t)length);

	hash_update(hash, &le, sizeof le);
	hash_update(hash, bytes, length);
}

void hash_final(struct hash *hash, uint8_t digest_r[HASH_BYTES])
{
	crypto_generichash_final(hash_state(hash), digest_r, HASH_BYTES);
}

void hash_bytes(const void *bytes, size_t length, uint8_t digest_r[HASH_BYTES])
{
	crypto_generichash(digest_r, HASH_BYTES, bytes, length, NULL, 0);
}

bool hash_is_none(const uint8_t digest[HASH_BYTES])
{
	return sodium_is_zero(digest, HASH_BYTES) == 1;
}

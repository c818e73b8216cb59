/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/pubkey.h"

#include <glib.h>
#include <sodium.h>

G_STATIC_ASSERT(PUBKEY_BYTES == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(PUBKEY_SIGNATURE_BYTES == crypto_sign_BYTES);

bool pubkey_check(const uint8_t signature[PUBKEY_SIGNATURE_BYTES], const void *text,
	size_t length, const uint8_t key[PUBKEY_BYTES])
{
	return crypto_sign_verify_detached(signature, text, length, key) == 0;
}

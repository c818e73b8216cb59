/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signatures of others: Ed25519 (RFC 8032), by libsodium.  Here and not in post/, which makes our
 * own: what is recorded is checked before it is stored. */
#ifndef MLDIGEST_BASE_PUBKEY_H
#define MLDIGEST_BASE_PUBKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PUBKEY_BYTES = 32, PUBKEY_SIGNATURE_BYTES = 64 };

/* Whether SIGNATURE is KEY's of the LENGTH bytes at TEXT.  No, too, for a key of small order,
 * and for another spelling of a good signature.  Thread-safe. */
bool pubkey_check(const uint8_t signature[PUBKEY_SIGNATURE_BYTES], const void *text,
	size_t length, const uint8_t key[PUBKEY_BYTES]);

#endif

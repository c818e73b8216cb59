/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory of public keys in patatt's layout: KEYRING/ed25519/DOMAIN/LOCALPART/SELECTOR, a file
 * with the key in base64. */
#ifndef MLDIGEST_BASE_KEYRING_H
#define MLDIGEST_BASE_KEYRING_H

#include <stdint.h>

#include "base/pubkey.h"
#include "base/status.h"

enum keyring_found {
	KEYRING_KEY,
	KEYRING_NONE,   /* there is no such keyring */
	KEYRING_NO_KEY, /* nor a key that one could use */
};

struct keyring_answer {
	enum keyring_found found;
	const char *why; /* NULL for KEYRING_KEY; static */
	uint8_t key[PUBKEY_BYTES];
};

/* Looks into KEYRING for the key SELECTOR of IDENTITY, two words of a stranger's: bytes without a
 * NUL.  As patatt does it, they are in lower case, and what is no letter, digit, `_', `.', `-' or
 * `~' of ASCII becomes %XX; unlike there, names of dots, empty ones and what is not UTF-8 are no
 * names.  Directories, the file and what symbolic links lead to must belong to the user or to root,
 * and nobody else may write to them.  STATUS_TEMPFAIL, printed, when the system fails; a key that
 * is not there or no key is an answer.  Thread-safe. */
enum status keyring_find(const char *keyring, const char *identity, const char *selector,
	struct keyring_answer *answer_r);

#endif

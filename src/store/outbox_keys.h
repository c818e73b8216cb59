/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys that issue.db and outbox.db share, for outbox.c and owed.c alone. */
#ifndef MLDIGEST_STORE_OUTBOX_KEYS_H
#define MLDIGEST_STORE_OUTBOX_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* NUMBER, so that keys are in its order, and RECIPIENT behind it; the caller frees. */
GByteArray *outbox_key(uint64_t number, const char *recipient);

/* The other way; the caller frees *RECIPIENT_R.  False for what is no such key. */
bool outbox_split_key(
	const uint8_t *key, size_t length, uint64_t *number_r, char **recipient_r);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash chain over all that was recorded (DESIGN.md, "The chain"). Pure. */
#ifndef MLDIGEST_STORE_CHAIN_H
#define MLDIGEST_STORE_CHAIN_H

#include <stdint.h>

#include "base/hash.h"

/* H0 = b2("mldigest-chain-v1 <list-id>\n"). */
void chain_start(const char *list_id, uint8_t link_r[HASH_BYTES]);

/* Hn = b2("mldigest-rec-v1 <hex Hn-1> <n> <hex Dn> <message-id>\n"). */
void chain_next(const uint8_t previous[HASH_BYTES], uint64_t number,
	const uint8_t raw_hash[HASH_BYTES], const char *message_id,
	uint8_t link_r[HASH_BYTES]);

#endif

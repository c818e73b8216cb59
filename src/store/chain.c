/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

static void chain_update_hex(struct hash *hash, const uint8_t bytes[HASH_BYTES])
{
	g_autofree char *hex = text_to_hex(bytes, HASH_BYTES);

	hash_update(hash, hex, 2 * (size_t)HASH_BYTES);
}

void chain_start(const char *list_id, uint8_t link_r[HASH_BYTES])
{
	g_autofree char *line = g_strdup_printf("mldigest-chain-v1 %s\n", list_id);

	hash_bytes(line, strlen(line), link_r);
}

void chain_next(const uint8_t previous[HASH_BYTES], uint64_t number,
	const uint8_t raw_hash[HASH_BYTES], const char *message_id,
	uint8_t link_r[HASH_BYTES])
{
	static const char begin[] = "mldigest-rec-v1 ";
	char digits[32];
	int length = snprintf(digits, sizeof digits, " %" PRIu64 " ", number);
	struct hash hash;

	/* "mldigest-rec-v1 PREVIOUS NUMBER RAW MESSAGE-ID\n" */
	hash_init(&hash);
	hash_update(&hash, begin, strlen(begin));
	chain_update_hex(&hash, previous);
	hash_update(&hash, digits, (size_t)length);
	chain_update_hex(&hash, raw_hash);
	hash_update(&hash, " ", 1);
	hash_update(&hash, message_id, strlen(message_id));
	hash_update(&hash, "\n", 1);
	hash_final(&hash, link_r);
}

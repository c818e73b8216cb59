/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/chain.h"

#include <inttypes.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

void chain_start(const char *list_id, uint8_t link_r[HASH_BYTES])
{
	g_autofree char *line = g_strdup_printf("mldigest-chain-v1 %s\n", list_id);

	hash_bytes(line, strlen(line), link_r);
}

void chain_next(const uint8_t previous[HASH_BYTES], uint64_t number,
	const uint8_t raw_hash[HASH_BYTES], const char *message_id,
	uint8_t link_r[HASH_BYTES])
{
	g_autofree char *previous_hex = text_to_hex(previous, HASH_BYTES);
	g_autofree char *raw_hex = text_to_hex(raw_hash, HASH_BYTES);
	g_autofree char *line = g_strdup_printf("mldigest-rec-v1 %s %" PRIu64 " %s %s\n",
		previous_hex, number, raw_hex, message_id);

	hash_bytes(line, strlen(line), link_r);
}

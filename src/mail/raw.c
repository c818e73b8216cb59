/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/raw.h"

#include <string.h>

#include "base/limits.h"

void raw_init(struct raw *raw)
{
	*raw = (struct raw){.bytes = g_string_new(NULL)};
}

void raw_release(struct raw *raw)
{
	if (raw->bytes != NULL)
		g_string_free(raw->bytes, TRUE);
	raw->bytes = NULL;
}

void raw_append(struct raw *raw, const char *bytes, size_t length)
{
	size_t room = LIMIT_MESSAGE_BYTES - raw->bytes->len;
	bool first = !raw->begun;

	raw->begun = true;
	if (first && length >= 5 && memcmp(bytes, "From ", 5) == 0) {
		const char *end = memchr(bytes, '\n', length);
		size_t skip = end ? (size_t)(end + 1 - bytes) : length;

		bytes += skip;
		length -= skip;
	}
	raw->length += length;
	if (length > room && !raw->hashing) {
		raw->hashing = true;
		hash_init(&raw->hash);
		hash_update(&raw->hash, raw->bytes->str, raw->bytes->len);
	}
	if (raw->hashing)
		hash_update(&raw->hash, bytes, length);
	g_string_append_len(raw->bytes, bytes, (gssize)MIN(length, room));
}

void raw_finish(const struct raw *raw, uint8_t digest_r[HASH_BYTES])
{
	struct hash hash;

	if (!raw->hashing) {
		hash_bytes(raw->bytes->str, raw->bytes->len, digest_r);
		return;
	}
	/* Of a copy, so that it can be asked again. */
	hash = raw->hash;
	hash_final(&hash, digest_r);
}

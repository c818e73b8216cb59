/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record's bytes, as a damaged database may have them. */
#include "config.h"

#include "fuzz.h"
#include "model/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(record_auto) record = NULL, again = NULL;
	g_autoptr(GByteArray) bytes = NULL, second = NULL;
	struct record_key key;

	if (record_peek(data, size, &key)) {
		/* What it points to has to be there. */
		fuzz_check(key.message_id >= data &&
			   key.message_id + key.message_id_length <= data + size);
		fuzz_check(key.id >= data && key.id + key.id_length <= data + size);
	}
	if (record_decode(data, size, &record) != STATUS_OK)
		return 0;
	bytes = record_encode(record);
	fuzz_check(record_decode(bytes->data, bytes->len, &again) == STATUS_OK);
	second = record_encode(again);
	fuzz_check(bytes->len == second->len &&
		   memcmp(bytes->data, second->data, bytes->len) == 0);
	return 0;
}

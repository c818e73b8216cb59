/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mail, all the way to its record and back. */
#include "config.h"

#include "fuzz.h"
#include "mail/message.h"
#include "model/reading.h"
#include "model/record_fields.h"

static void check_strings(const GPtrArray *strings)
{
	for (guint i = 0; i < strings->len; i++)
		fuzz_check_text(strings->pdata[i], true);
}

static void check_record(const struct record *record)
{
	for (size_t i = 0; i < RECORD_STRINGS; i++)
		fuzz_check_text(*record_string(record, i), true);
	for (size_t i = 0; i < RECORD_LATER_STRINGS; i++)
		fuzz_check_text(*record_later_string(record, i), true);
	fuzz_check_text(record->applied_by, true);
	for (size_t i = 0; i < RECORD_LATER_LISTS; i++)
		check_strings(*record_later_list(record, i));
	check_strings(record->tags);
	check_strings(record->list_ids);
	check_strings(record->references);
	for (guint i = 0; i < record->paths->len; i++)
		fuzz_check_text(
			((struct patch_path *)record->paths->pdata[i])->path, true);
	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];

		fuzz_check_text(trailer->key, true);
		fuzz_check_text(trailer->value, true);
	}
	fuzz_check(message_id_is_valid(record->message_id));
}

/* Its bytes give the same record. */
static void check_codec(const struct record *record)
{
	g_autoptr(GByteArray) bytes = record_encode(record), again = NULL;
	g_autoptr(record_auto) decoded = NULL;

	fuzz_check(record_decode(bytes->data, bytes->len, &decoded) == STATUS_OK);
	again = record_encode(decoded);
	fuzz_check(bytes->len == again->len &&
		   memcmp(bytes->data, again->data, bytes->len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t hash[HASH_BYTES];
	static bool begun;
	const struct reading_source source = {.bytes = (const char *)data,
		.length = size,
		.full_length = size,
		.raw_hash = hash,
		.now = 1735689600};
	struct reading reading;

	if (!begun)
		message_init_library();
	begun = true;
	reading_make(&source, &reading);
	check_record(reading.record);
	check_codec(reading.record);
	fuzz_check(strlen(reading.text->str) == reading.text->len);
	fuzz_check_text(reading.text->str, false);
	reading_release(&reading);
	return 0;
}

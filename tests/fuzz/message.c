/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mail, all the way to its record and back. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "mail/header.h"
#include "mail/message.h"
#include "mail/msgid.h"
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
	fuzz_check(msgid_is_valid(record->message_id));
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

static void check_same_strings(const GPtrArray *a, const GPtrArray *b)
{
	fuzz_check(a->len == b->len);
	for (guint i = 0; i < a->len; i++)
		fuzz_check(strcmp(a->pdata[i], b->pdata[i]) == 0);
}

static void check_same_message(const struct message *a, const struct message *b)
{
	fuzz_check(strcmp(a->subject, b->subject) == 0);
	fuzz_check(strcmp(a->from_name, b->from_name) == 0);
	fuzz_check(strcmp(a->from_address, b->from_address) == 0);
	fuzz_check(g_strcmp0(a->message_id, b->message_id) == 0);
	fuzz_check(strcmp(a->message_id_raw, b->message_id_raw) == 0);
	check_same_strings(a->references, b->references);
	check_same_strings(a->list_ids, b->list_ids);
	fuzz_check(a->date == b->date && a->received == b->received);
	fuzz_check(g_string_equal(a->text, b->text));
	for (size_t i = 0; i < MESSAGE_FIELD_COUNT; i++)
		fuzz_check(g_strcmp0(a->fields[i], b->fields[i]) == 0);
	fuzz_check(a->has_header == b->has_header);
	fuzz_check(g_strcmp0(a->limit, b->limit) == 0);
}

/* GMime reads it as mail/simple.c does: a field that nobody reads, with a CR, is GMime's. */
static void check_simple(const char *bytes, size_t length)
{
	static const char field[] = "X-Unread: \r\n";
	g_autoptr(GString) longer = g_string_new(field);
	struct message message, again;

	if (!header_begins(bytes, length))
		return;
	g_string_append_len(longer, bytes, (gssize)length);
	message_parse(bytes, length, &message);
	message_parse(longer->str, longer->len, &again);
	check_same_message(&message, &again);
	message_release(&message);
	message_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t hash[HASH_BYTES];
	const struct reading_source source = {.bytes = (const char *)data,
		.length = size,
		.full_length = size,
		.raw_hash = hash,
		.now = 1735689600};
	struct reading reading;

	check_simple(source.bytes, size);
	reading_make(&source, &reading);
	check_record(reading.record);
	check_codec(reading.record);
	fuzz_check(strlen(reading.text->str) == reading.text->len);
	fuzz_check_text(reading.text->str, false);
	reading_release(&reading);
	return 0;
}

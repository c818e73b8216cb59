/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/reading.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/address.h"
#include "model/identity.h"

/* Without blanks at the end, and without the U+FFFD of a letter in which a copy was cut. */
static size_t reading_trimmed_length(const char *text, size_t length)
{
	for (;;) {
		if (length > 0 && g_ascii_isspace(text[length - 1]))
			length--;
		else if (length >= 3 && memcmp(text + length - 3, "\xef\xbf\xbd", 3) == 0)
			length -= 3;
		else
			return length;
	}
}

/* Copies of one message differ in blanks at line ends, line ends and what a list puts
 * under it. */
static GString *reading_normalize(const char *text, size_t length)
{
	GString *body;
	size_t cursor = 0, line_length;
	const char *line;

	length = patch_without_footer(text, length);
	body = g_string_sized_new(length + 1);
	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		while (line_length > 0 && g_ascii_isspace(line[line_length - 1]))
			line_length--;
		g_string_append_len(body, line, (gssize)line_length);
		g_string_append_c(body, '\n');
	}
	g_string_truncate(body, reading_trimmed_length(body->str, body->len));
	return body;
}

static void reading_hash_content(
	const struct subject *subject, const GString *body, struct record *record)
{
	g_autofree char *author = address_key(record->author_address);
	uint64_t date = GUINT64_TO_LE((uint64_t)record->date);
	struct hash hash;

	record->body_length = (uint32_t)body->len;
	hash_bytes(body->str, body->len, record->body_hash);
	hash_init(&hash);
	/* The title: lists put tags of their own in front of a subject. */
	hash_update_field(&hash, subject->title, strlen(subject->title));
	hash_update_field(&hash, author, strlen(author));
	hash_update_field(&hash, &date, sizeof date);
	hash_update_field(&hash, record->body_hash, HASH_BYTES);
	/* Of what was cut, only the hash of the whole tells two messages apart. */
	if (record->flags & RECORD_FLAG_LIMITED)
		hash_update_field(&hash, record->raw_hash, HASH_BYTES);
	hash_final(&hash, record->content_hash);
}

/* FORMAT.md, Exist: same author, title, version and diff.  What has no diff, a cover
 * letter, is told by its text, whose diffstat changes with the series; a resend's cover
 * without one has to say the same words. */
static void reading_hash_change(
	const struct patch *patch, const GString *text, struct record *record)
{
	g_autofree char *author = address_key(record->patch_address);
	/* Two patches of one series may have the same title; `1/1` is as good as none. */
	const uint32_t place[] = {GUINT32_TO_LE(record->revision),
		GUINT32_TO_LE((uint32_t)(record->total > 1 ? record->position : -1)),
		GUINT32_TO_LE((uint32_t)(record->total > 1 ? record->total : -1))};
	size_t start = text->len;
	struct hash hash;

	if (!record_is_posting(record) || *record->title == '\0')
		return;
	hash_init(&hash);
	hash_update_field(&hash, author, strlen(author));
	hash_update_field(&hash, record->title, strlen(record->title));
	hash_update_field(&hash, place, sizeof place);
	if (patch->has_diff) {
		hash_update_field(&hash, record->diff_id, HASH_BYTES);
	} else if (patch->has_diffstat) {
		/* The diffstat is the last paragraph. */
		while (start > 1 &&
			!(text->str[start - 1] == '\n' && text->str[start - 2] == '\n'))
			start--;
		hash_update_field(&hash, text->str + start, text->len - start);
	} else {
		hash_update_field(&hash, text->str, text->len);
	}
	hash_final(&hash, record->change_id);
}

static void reading_take_strings(GPtrArray **to, GPtrArray **from)
{
	g_ptr_array_unref(*to);
	*to = g_steal_pointer(from);
}

static void reading_take_people(const struct message *message,
	const struct identity_in_body *from, struct record *record)
{
	record_set(&record->author_name, message->from_name);
	record_set(&record->author_address, message->from_address);
	record_set(&record->patch_name, from->address ? from->name : message->from_name);
	record_set(&record->patch_address,
		from->address ? from->address : message->from_address);
}

/* The shown text: no in-body From, no more than LIMIT_TEXT_BYTES of whole lines. */
static void reading_set_text(const char *text, const struct patch *patch,
	const struct identity_in_body *from, GString *shown)
{
	size_t end = MAX(patch->text_length, from->end);

	g_string_append_len(shown, text, (gssize)from->start);
	g_string_append_len(shown, text + from->end, (gssize)(end - from->end));
	if (shown->len > LIMIT_TEXT_BYTES) {
		const char *cut = g_strrstr_len(shown->str, LIMIT_TEXT_BYTES, "\n");

		g_string_truncate(
			shown, cut ? (gsize)(cut - shown->str) : LIMIT_TEXT_BYTES / 2);
		g_string_append(shown, "\n[…]");
	}
}

static void reading_set_arrival(const struct reading_source *source,
	const struct message *message, struct record *record)
{
	record->date = message->date;
	record->arrival = source->arrival;
	if (record->arrival == 0)
		record->arrival = message->received;
	if (record->arrival == 0)
		record->arrival = message->date;
	if (record->arrival == 0)
		record->arrival = source->now;
	if (source->commit != NULL) {
		memcpy(record->commit, source->commit, source->commit_length);
		record->commit_length = (uint8_t)source->commit_length;
	}
}

static void reading_set_limit(const struct reading_source *source,
	const struct message *message, struct record *record)
{
	const char *limit = message->limit;

	if (source->full_length > source->length)
		limit = "message size";
	record->flags = source->flags;
	if (limit == NULL)
		return;
	record_set(&record->limit, limit);
	record->flags |= RECORD_FLAG_LIMITED;
}

static void reading_set_id(struct message *message, struct record *record)
{
	g_autofree char *hex = NULL;

	if (message->message_id != NULL) {
		record_set(&record->message_id, message->message_id);
		return;
	}
	hex = text_to_hex(record->content_hash, 16);
	g_free(record->message_id);
	record->message_id = g_strdup_printf("%s@made.mldigest.invalid", hex);
	record_set(&record->message_id_raw, message->message_id_raw);
	record->flags |= RECORD_FLAG_MADE_ID;
}

/* What classify() does, with a line a rule. */
static const struct classify_rule *reading_trace(
	const struct classify_input *input, GString *trace)
{
	size_t count;
	const struct classify_rule *rules = classify_rules(&count);

	for (size_t i = 0; i < count; i++) {
		g_autofree char *evidence = NULL;

		if (rules[i].fits(input, &evidence)) {
			g_string_append_printf(trace, "%-18s yes: %s\n%-18s      (%s)\n",
				rules[i].name, rules[i].reason, "", evidence);
			return &rules[i];
		}
		g_string_append_printf(trace, "%-18s no:  not so that %s\n",
			rules[i].name, rules[i].reason);
	}
	return &rules[count - 1];
}

static void reading_classify(
	const struct classify_input *input, GString *trace, struct record *record)
{
	const struct classify_rule *rule = trace ? reading_trace(input, trace)
						 : classify(input, NULL);
	const struct subject *subject = input->subject;

	record->class = rule->class;
	record_set(&record->rule, rule->name);
	record_set(&record->subject, input->message->subject);
	record_set(&record->title,
		*subject->title ? subject->title : input->message->subject);
	record->revision = subject->revision;
	if (subject->has_position) {
		record->position = (int32_t)subject->position;
		record->total = (int32_t)subject->total;
	}
}

void reading_explain(
	const struct reading_source *source, struct reading *reading_r, GString *trace)
{
	struct record *record = record_new();
	struct message message;
	struct subject subject;
	struct patch patch;
	struct identity_in_body from = {0};
	struct classify_input input = {&message, &subject, &patch};

	message_parse(source->bytes, source->length, &message);
	subject_parse(message.subject, &subject);
	patch_parse(message.text->str, message.text->len, &patch);
	reading_set_limit(source, &message, record);
	reading_classify(&input, trace, record);
	if (record_is_posting(record))
		identity_find_in_body(message.text->str, message.text->len, &from);
	reading_take_people(&message, &from, record);
	reading_set_arrival(source, &message, record);
	memcpy(record->raw_hash, source->raw_hash, HASH_BYTES);
	memcpy(record->diff_id, patch.diff_id, HASH_BYTES);

	reading_r->body = reading_normalize(message.text->str, message.text->len);
	reading_r->text = g_string_new(NULL);
	if (record_is_posting(record))
		reading_set_text(message.text->str, &patch, &from, reading_r->text);
	reading_hash_content(&subject, reading_r->body, record);
	reading_hash_change(&patch, reading_r->text, record);
	reading_set_id(&message, record);
	reading_take_strings(&record->tags, &subject.tags);
	reading_take_strings(&record->list_ids, &message.list_ids);
	reading_take_strings(&record->references, &message.references);
	reading_take_strings(&record->paths, &patch.paths);
	reading_r->record = record;

	identity_release_in_body(&from);
	patch_release(&patch);
	subject_release(&subject);
	message_release(&message);
}

void reading_make(const struct reading_source *source, struct reading *reading_r)
{
	reading_explain(source, reading_r, NULL);
}

void reading_release(struct reading *reading)
{
	g_clear_pointer(&reading->record, record_free);
	if (reading->body != NULL)
		g_string_free(reading->body, TRUE);
	if (reading->text != NULL)
		g_string_free(reading->text, TRUE);
	reading->body = reading->text = NULL;
}

bool reading_completes(const struct reading *reading, const struct record *stored)
{
	uint8_t digest[HASH_BYTES];

	if (stored->body_length >= reading->body->len)
		return false;
	hash_bytes(reading->body->str, stored->body_length, digest);
	return memcmp(digest, stored->body_hash, HASH_BYTES) == 0;
}

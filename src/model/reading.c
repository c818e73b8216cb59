/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/reading.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/marks.h"
#include "mail/quote.h"
#include "mail/trailer.h"
#include "model/applied.h"
#include "model/identity.h"
#include "model/rules.h"
#include "model/withdrawal.h"

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

/* Where in TEXT, from CURSOR on, a line ends in a blank; LENGTH for nowhere. */
static size_t reading_find_blank_end(const char *text, size_t length, size_t cursor)
{
	size_t line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length))
		if (line_length > 0 && g_ascii_isspace(line[line_length - 1]))
			return (size_t)(line - text) + line_length;
	return length;
}

GString *reading_normalize(const char *text, size_t length)
{
	GString *body;
	size_t from = 0;

	length = patch_without_footer(text, length);
	body = g_string_sized_new(length + 1);
	/* What stays as it is goes in one piece, up to a line with blanks at its end. */
	while (from < length) {
		size_t end = reading_find_blank_end(text, length, from), to = end;

		while (to > from && g_ascii_isspace(text[to - 1]) && text[to - 1] != '\n')
			to--;
		g_string_append_len(body, text + from, (gssize)(to - from));
		from = end;
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

/* What a list, gateway or relay made of the sender is undone beside what it made. */
static void reading_take_person(const struct message *message, struct record *record)
{
	const struct identity_sender sender = {.name = message->from_name,
		.address = message->from_address,
		.reply_to = message_field(message, MESSAGE_FIELD_REPLY_TO),
		.x_original_from = message_field(message, MESSAGE_FIELD_X_ORIGINAL_FROM),
		.cc = message_field(message, MESSAGE_FIELD_CC),
		.list_ids = message->list_ids};
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	bool undone = identity_undo_rewriting(&sender, &name, &address);

	record_set(&record->person_name, undone ? name : message->from_name);
	record_set(&record->person_address, undone ? address : message->from_address);
}

static void reading_take_people(const struct message *message,
	const struct identity_in_body *from, struct record *record)
{
	reading_take_person(message, record);
	record_set(&record->author_name, message->from_name);
	record_set(&record->author_address, message->from_address);
	record_set(&record->patch_name, from->address ? from->name : message->from_name);
	record_set(&record->patch_address,
		from->address ? from->address : message->from_address);
}

/* As numbers: a mail may name forty people, and the names would be half of its record. */
static void reading_take_addressees(const struct message *message, struct record *record)
{
	address_hash_list(message_field(message, MESSAGE_FIELD_TO), record->addressees);
	address_hash_list(message_field(message, MESSAGE_FIELD_CC), record->addressees);
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

		g_string_truncate(shown,
			cut ? (gsize)(cut - shown->str)
			    : text_cut(shown->str, shown->len, LIMIT_TEXT_BYTES / 2));
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
	record->flags |= source->flags;
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

/* All that is made on the way from a mail to its record. */
struct reading_work {
	const struct reading_source *source;
	struct message message;
	struct subject subject;
	struct patch patch;
	struct identity_in_body from;
	GPtrArray *trailers; /* that a reply gives */
};

static void reading_work_init(
	const struct reading_source *source, struct reading_work *work)
{
	const GString *text;

	*work = (struct reading_work){.source = source, .trailers = trailer_new_array()};
	message_parse(source->bytes, source->length, &work->message);
	text = work->message.text;
	subject_parse(work->message.subject, &work->subject);
	patch_parse(text->str, text->len, &work->patch);
	if (work->subject.reply ||
		(work->message.references->len > 0 && !work->patch.has_diff))
		trailer_parse_reply(text->str, text->len, work->trailers);
}

static void reading_work_release(struct reading_work *work)
{
	identity_release_in_body(&work->from);
	g_ptr_array_unref(work->trailers);
	patch_release(&work->patch);
	subject_release(&work->subject);
	message_release(&work->message);
}

static void reading_take_subject(
	const char *line, const struct subject *subject, struct record *record)
{
	record_set(&record->subject, line);
	record_set(&record->title, *subject->title ? subject->title : line);
	record->revision = subject->revision;
	record->flags |= subject->rfc ? RECORD_FLAG_RFC : 0;
	record->flags |= subject->resend ? RECORD_FLAG_RESEND : 0;
	if (subject->has_position) {
		record->position = (int32_t)subject->position;
		record->total = (int32_t)subject->total;
	}
}

/* An in-body Subject is what git am makes the commit's title. */
static void reading_take_title(const struct reading_work *work, struct record *record)
{
	struct subject subject;

	if (work->from.subject == NULL)
		return;
	subject_parse(work->from.subject, &subject);
	if (*subject.title != '\0')
		record_set(&record->title, subject.title);
	subject_release(&subject);
}

static void reading_skip(const struct reading_work *work, struct record *record)
{
	const struct message *message = &work->message;
	const struct rules_subject subject = {message->subject, message->from_name,
		message->from_address, message->list_ids, work->patch.paths};
	const struct conf_rule *skip = NULL;
	g_autofree char *evidence = NULL;

	if (work->source->rules != NULL)
		skip = rules_find_skip(work->source->rules, &subject, &evidence);
	if (skip != NULL) {
		record->outcome = RECORD_OUTCOME_SKIP;
		record_set(&record->skip_rule, skip->name);
	}
}

static void reading_classify(const struct reading_work *work, struct record *record)
{
	const struct message *message = &work->message;
	const struct classify_input input = {.message = message,
		.subject = &work->subject,
		.patch = &work->patch,
		.trailers = work->trailers,
		.rules = work->source->rules,
		.sender = sender_find_kind(message->from_name, message->from_address),
		.quotes = quote_has_quotes(message->text->str, work->patch.diff_start)};
	struct classify_verdict verdict;

	classify(&input, &verdict);
	record->class = verdict.class;
	record_set(&record->rule, verdict.rule);
	record_set(&record->evidence, verdict.evidence);
	classify_release(&verdict);
}

/* A diffstat that its own diff contradicts was written for another. */
static bool reading_stat_is_wrong(const struct patch *patch)
{
	uint64_t added = 0, deleted = 0;

	if (!patch->has_diff || patch->stat_files < 0 || patch->paths->len >= LIMIT_PATHS)
		return false;
	for (guint i = 0; i < patch->paths->len; i++) {
		const struct patch_path *path = patch->paths->pdata[i];

		added += path->added;
		deleted += path->deleted;
	}
	return added != patch->stat_added || deleted != patch->stat_deleted ||
	       patch->paths->len != (guint)patch->stat_files;
}

static void reading_take_patch(struct reading_work *work, struct record *record)
{
	const GString *text = work->message.text;
	struct patch *patch = &work->patch;
	size_t start = work->from.block_end;
	struct marks marks;

	memcpy(record->diff_id, patch->diff_id, HASH_BYTES);
	if (!record_is_posting(record))
		return;
	record->stat_files = patch->stat_files;
	record->stat_added = patch->stat_added;
	record->stat_deleted = patch->stat_deleted;
	record->flags |= reading_stat_is_wrong(patch) ? RECORD_FLAG_WRONG_STAT : 0;
	if (patch->message_length > start)
		trailer_parse_message(text->str + start, patch->message_length - start,
			record->trailers);
	marks_find(text->str, text->len, patch->diff_start, &marks);
	record_set(&record->base_commit, marks.base_commit);
	record_set(&record->b4_change_id, marks.change_id);
	reading_take_strings(&record->prerequisites, &marks.prerequisites);
	reading_take_strings(&record->links, &marks.links);
	marks_release(&marks);
}

/* `[tip: x86/core]` names the branch where the words do not. */
static void reading_take_tip(const struct reading_work *work, struct record *record)
{
	const GPtrArray *tags = work->subject.tags;
	const char *tag = tags->len > 0 ? tags->pdata[0] : "";

	if (strcmp(tag, "tip:") == 0 && tags->len > 1)
		record_set(&record->applied_to, tags->pdata[1]);
	else if (g_str_has_prefix(tag, "tip:"))
		record_set(&record->applied_to, tag + strlen("tip:"));
}

/* What a robot says was applied it may link to alone. */
static void reading_take_links(const struct reading_work *work, struct record *record)
{
	const GString *text = work->message.text;
	struct marks marks;

	marks_find(text->str, text->len, work->patch.diff_start, &marks);
	reading_take_strings(&record->links, &marks.links);
	marks_release(&marks);
}

static void reading_take_reply(struct reading_work *work, struct record *record)
{
	const GString *text = work->message.text;
	struct applied applied;

	if (record_is_posting(record))
		return;
	reading_take_strings(&record->trailers, &work->trailers);
	work->trailers = trailer_new_array();
	if (work->message.references->len > 0 && withdrawal_find(text->str, text->len))
		record->flags |= RECORD_FLAG_WITHDRAWS;
	if (record->class != RECORD_CLASS_APPLIED ||
		!applied_find(text->str, text->len, &applied))
		return;
	reading_take_links(work, record);
	record_set(&record->applied_to, applied.tree);
	record_set(&record->applied_by, applied.by);
	reading_take_strings(&record->commits, &applied.commits);
	applied_release(&applied);
	if (*record->applied_to == '\0')
		reading_take_tip(work, record);
}

/* What is stored beside the record, and the hashes of it. */
static void reading_take_text(const struct reading_work *work, struct reading *reading)
{
	const GString *text = work->message.text;
	struct record *record = reading->record;

	reading->body = reading_normalize(text->str, text->len);
	reading->text = g_string_new(NULL);
	if (record_is_posting(record))
		reading_set_text(text->str, &work->patch, &work->from, reading->text);
	reading_hash_content(&work->subject, reading->body, record);
	reading_hash_change(&work->patch, reading->text, record);
}

void reading_make(const struct reading_source *source, struct reading *reading_r)
{
	struct record *record = record_new();
	struct reading_work work;
	struct message *message = &work.message;

	reading_work_init(source, &work);
	reading_set_limit(source, message, record);
	reading_take_subject(message->subject, &work.subject, record);
	record->flags |= work.patch.has_diff ? RECORD_FLAG_DIFF : 0;
	reading_classify(&work, record);
	reading_skip(&work, record);
	if (record_is_posting(record))
		identity_find_in_body(message->text->str, message->text->len, &work.from);
	reading_take_people(message, &work.from, record);
	reading_take_addressees(message, record);
	reading_take_title(&work, record);
	reading_set_arrival(source, message, record);
	memcpy(record->raw_hash, source->raw_hash, HASH_BYTES);
	reading_take_patch(&work, record);
	reading_take_reply(&work, record);
	reading_r->record = record;
	reading_take_text(&work, reading_r);
	reading_set_id(message, record);
	reading_take_strings(&record->tags, &work.subject.tags);
	reading_take_strings(&record->list_ids, &message->list_ids);
	reading_take_strings(&record->references, &message->references);
	reading_take_strings(&record->paths, &work.patch.paths);
	reading_work_release(&work);
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

void reading_append(
	GByteArray *out, const struct reading *reading, struct reading_bytes *bytes_r)
{
	guint start = out->len;

	record_append(out, reading->record);
	*bytes_r = (struct reading_bytes){
		.record_length = out->len - start, .text_length = reading->text->len};
	g_byte_array_append(
		out, (const guint8 *)reading->text->str, (guint)reading->text->len);
}

enum status reading_decode(const struct reading_bytes *bytes, struct reading *reading_r)
{
	struct record *record;
	enum status status = record_decode(bytes->record, bytes->record_length, &record);

	if (status == STATUS_OK)
		*reading_r = (struct reading){.record = record,
			.text = g_string_new_len(
				bytes->text, (gssize)bytes->text_length)};
	return status;
}

bool reading_completes(const struct reading *reading, const struct record *stored)
{
	uint8_t digest[HASH_BYTES];

	if (stored->body_length >= reading->body->len)
		return false;
	hash_bytes(reading->body->str, stored->body_length, digest);
	return memcmp(digest, stored->body_hash, HASH_BYTES) == 0;
}

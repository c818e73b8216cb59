/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/json.h"

#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "digest/url.h"

/* jansson takes valid UTF-8 only. */
static json_t *json_of_string(const char *string)
{
	json_t *value = json_string(string);
	g_autofree char *valid = NULL;

	if (value != NULL)
		return value;
	valid = g_utf8_make_valid(string, -1);
	return json_string(valid);
}

static json_t *json_of_word(const char *string)
{
	return string != NULL && *string != '\0' ? json_of_string(string) : json_null();
}

static json_t *json_of_time(int64_t time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time);
	g_autofree char *word = NULL;

	if (time == 0 || date == NULL)
		return json_null();
	word = g_date_time_format_iso8601(date);
	return json_of_word(word);
}

static json_t *json_of_hex(const uint8_t *bytes, size_t length)
{
	g_autofree char *hex = text_to_hex(bytes, length);

	return json_string(hex);
}

static json_t *json_of_hash(const uint8_t hash[HASH_BYTES])
{
	return hash_is_none(hash) ? json_null() : json_of_hex(hash, HASH_BYTES);
}

static void json_add_strings(json_t *array, const GPtrArray *strings)
{
	for (guint i = 0; strings != NULL && i < strings->len; i++)
		json_array_append_new(array, json_of_string(strings->pdata[i]));
}

static json_t *json_of_strings(const GPtrArray *strings)
{
	json_t *array = json_array();

	json_add_strings(array, strings);
	return array;
}

static json_t *json_of_person(const char *name, const char *address)
{
	return json_pack("{s:o, s:o}", "name", json_of_string(name), "address",
		json_of_string(address));
}

static json_t *json_of_mapped(
	const struct mailmap *mailmap, const char *name, const char *address)
{
	g_autofree char *mapped_name = NULL;
	g_autofree char *mapped_address = NULL;

	mailmap_apply(mailmap, name, address, &mapped_name, &mapped_address);
	return json_of_person(mapped_name, mapped_address);
}

static json_t *json_of_count(uint32_t count)
{
	return count == PATCH_COUNT_UNKNOWN ? json_null() : json_integer(count);
}

static json_t *json_of_place(int32_t place)
{
	return place < 0 ? json_null() : json_integer(place);
}

static json_t *json_of_trailers(const GPtrArray *trailers)
{
	json_t *array = json_array();

	for (guint i = 0; i < trailers->len; i++) {
		const struct trailer *trailer = trailers->pdata[i];

		json_array_append_new(array,
			json_pack("{s:o, s:o}", "key", json_of_string(trailer->key),
				"value", json_of_string(trailer->value)));
	}
	return array;
}

static json_t *json_of_paths(const GPtrArray *paths)
{
	json_t *array = json_array();

	for (guint i = 0; i < paths->len; i++) {
		const struct patch_path *path = paths->pdata[i];

		json_array_append_new(array,
			json_pack("{s:o, s:o, s:o}", "path", json_of_string(path->path),
				"added", json_of_count(path->added), "deleted",
				json_of_count(path->deleted)));
	}
	return array;
}

static json_t *json_of_diffstat(const struct record *record)
{
	if (record->stat_files < 0)
		return json_null();
	return json_pack("{s:I, s:I, s:I}", "files", (json_int_t)record->stat_files,
		"added", (json_int_t)record->stat_added, "deleted",
		(json_int_t)record->stat_deleted);
}

static json_t *json_of_tags_given(const struct relation *relation)
{
	json_t *array = json_array();

	for (guint i = 0; relation != NULL && i < relation->tags->len; i++) {
		const struct relate_tag *tag = relation->tags->pdata[i];

		json_array_append_new(array,
			json_pack("{s:o, s:o, s:o, s:b}", "key", json_of_string(tag->key),
				"value", json_of_string(tag->value), "message_id",
				json_of_string(tag->message_id), "to_cover",
				(int)tag->to_cover));
	}
	return array;
}

static json_t *json_of_rules(const struct json_input *input)
{
	json_t *array = json_array();

	for (size_t i = 0; i < input->rule_count; i++) {
		const struct json_rule *rule = &input->rules[i];

		json_array_append_new(array,
			json_pack("{s:o, s:b, s:o}", "name", json_of_string(rule->name),
				"fits", (int)rule->fits, "reason",
				json_of_string(rule->reason)));
	}
	return array;
}

static json_t *json_of_signatures(const GPtrArray *signatures)
{
	json_t *array = json_array();

	for (guint i = 0; i < signatures->len; i++) {
		const struct record_signature *signature = signatures->pdata[i];

		json_array_append_new(
			array, json_pack("{s:s, s:o, s:o, s:o, s:o, s:b, s:o}", "verdict",
				       record_verdict_name(signature->verdict),
				       "identity", json_of_word(signature->identity),
				       "selector", json_of_word(signature->selector),
				       "algorithm", json_of_word(signature->algorithm),
				       "date", json_of_time(signature->time), "by_author",
				       (int)signature->by_author, "why",
				       json_of_word(signature->why)));
	}
	return array;
}

static json_t *json_of_reclass(const struct reclass *reclass)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o}", "class",
		record_class_name(reclass->class), "was", record_class_name(reclass->was),
		"who", json_of_string(reclass->who), "time", json_of_time(reclass->time),
		"why", json_of_word(reclass->why));
}

/* The objects below keep the order in which their keys are set: it is the manual's. */

static void json_set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static void json_set_message(json_t *object, const struct json_input *input)
{
	const struct record *record = input->record;
	size_t length;
	const uint8_t *id = record_id(record, &length);
	bool stored = record->number > 0;
	json_t *lists = json_of_strings(record->list_ids);

	json_add_strings(lists, input->lists);
	json_set(object, "message_id", json_of_string(record->message_id));
	json_set(object, "seq",
		stored ? json_integer((json_int_t)record->number) : json_null());
	json_set(object, "id", stored ? json_of_hex(id, length) : json_null());
	json_set(object, "date", json_of_time(record->date));
	json_set(object, "arrival", json_of_time(record->arrival));
	json_set(object, "lists", lists);
	json_set(object, "class", json_string(record_class_name(record->class)));
	json_set(object, "rule", json_of_word(record->rule));
	json_set(object, "evidence", json_of_word(record->evidence));
	json_set(object, "outcome", json_string(record_outcome_name(record->outcome)));
	json_set(object, "first", json_of_word(record->first));
	json_set(object, "skip_rule", json_of_word(record->skip_rule));
}

static void json_set_subject(json_t *object, const struct record *record)
{
	json_set(object, "subject", json_of_string(record->subject));
	json_set(object, "title", json_of_string(record->title));
	json_set(object, "tags", json_of_strings(record->tags));
	json_set(object, "rfc", json_boolean(record->flags & RECORD_FLAG_RFC));
	json_set(object, "resend", json_boolean(record->flags & RECORD_FLAG_RESEND));
	json_set(object, "revision", json_integer(record->revision));
	json_set(object, "position", json_of_place(record->position));
	json_set(object, "total", json_of_place(record->total));
}

static void json_set_people(json_t *object, const struct json_input *input)
{
	const struct record *record = input->record;
	const char *name, *address;

	record_patch_author(record, &name, &address);
	json_set(object, "author",
		json_of_mapped(
			input->mailmap, record->person_name, record->person_address));
	json_set(object, "patch_author", json_of_mapped(input->mailmap, name, address));
	json_set(object, "from",
		json_of_person(record->author_name, record->author_address));
}

static void json_set_patch(json_t *object, const struct json_input *input)
{
	const struct record *record = input->record;

	json_set(object, "text", json_of_string(input->text ? input->text : ""));
	json_set(object, "trailers", json_of_trailers(record->trailers));
	json_set(object, "paths", json_of_paths(record->paths));
	json_set(object, "diffstat", json_of_diffstat(record));
	json_set(object, "diffstat_wrong",
		json_boolean(record->flags & RECORD_FLAG_WRONG_STAT));
	json_set(object, "diff_id", json_of_hash(record->diff_id));
	json_set(object, "base_commit", json_of_word(record->base_commit));
	json_set(object, "change_id", json_of_word(record->b4_change_id));
	json_set(object, "prerequisites", json_of_strings(record->prerequisites));
}

static void json_set_relation(json_t *object, const struct relation *relation)
{
	bool known = relation != NULL && relation->series != NULL;

	json_set(object, "series", json_of_word(known ? relation->series : NULL));
	json_set(object, "seen", known ? json_integer(relation->seen) : json_null());
	json_set(object, "previous", json_of_word(relation ? relation->previous : NULL));
	json_set(object, "previous_why",
		json_of_word(relation ? relation->previous_why : NULL));
	json_set(object, "resend_of_previous",
		json_boolean(relation != NULL && relation->resend));
	json_set(object, "tags_given", json_of_tags_given(relation));
}

static void json_set_rest(json_t *object, const struct json_input *input)
{
	const struct record *record = input->record;
	const struct record_signature *signature = record_signature(record);
	g_autofree char *url = url_of_record(record, input->archive);
	g_autoptr(GPtrArray) flags = record_flag_names(record);

	json_set(object, "references", json_of_strings(record->references));
	json_set(object, "links", json_of_strings(record->links));
	json_set(object, "applied_to", json_of_word(record->applied_to));
	json_set(object, "applied_by", json_of_word(record->applied_by));
	json_set(object, "commits", json_of_strings(record->commits));
	json_set(object, "link", json_of_word(url));
	json_set(object, "flags", json_of_strings(flags));
	json_set(object, "limit", json_of_word(record->limit));
	json_set(object, "signature",
		json_of_word(signature ? record_verdict_name(signature->verdict) : NULL));
	json_set(object, "signatures", json_of_signatures(record->signatures));
	if (input->rules != NULL)
		json_set(object, "rules", json_of_rules(input));
	if (input->reclassed != NULL)
		json_set(object, "reclassed", json_of_reclass(input->reclassed));
}

/* As all else here: without memory the program ends, and no key goes missing. */
static json_t *json_begin(void)
{
	json_set_alloc_funcs(g_malloc, g_free);
	return json_object();
}

/* OBJECT, which goes, in one line. */
static char *json_end(json_t *object)
{
	char *line = json_dumps(object, JSON_COMPACT);

	json_decref(object);
	return line;
}

char *json_from_record(const struct json_input *input)
{
	json_t *object = json_begin();

	json_set_message(object, input);
	json_set_subject(object, input->record);
	json_set_people(object, input);
	json_set_patch(object, input);
	json_set_relation(object, input->relation);
	json_set_rest(object, input);
	return json_end(object);
}

char *json_from_waiting(const struct review_series *series, const char *archive)
{
	g_autofree char *url = url_of_message(series->here, archive);
	json_t *object = json_begin();

	json_set(object, "message_id", json_of_string(series->message_id));
	json_set(object, "title", json_of_string(series->title));
	json_set(object, "author",
		json_of_person(series->author_name, series->author_address));
	json_set(object, "revision", json_integer(series->revision));
	json_set(object, "rfc", json_boolean(series->rfc));
	json_set(object, "seen", json_integer(series->seen));
	json_set(object, "total", json_integer(series->total));
	json_set(object, "arrival", json_of_time(series->arrival));
	json_set(object, "days", json_integer(series->days));
	json_set(object, "added", json_integer((json_int_t)series->added));
	json_set(object, "deleted", json_integer((json_int_t)series->deleted));
	json_set(object, "resent", json_of_word(series->resent));
	json_set(object, "id", json_of_string(series->id));
	json_set(object, "link", json_of_word(url));
	return json_end(object);
}

char *json_from_missing(const struct review_missing *missing, const char *archive)
{
	g_autofree char *url = missing->message_id != NULL
				       ? url_of_message(missing->message_id, archive)
				       : NULL;
	json_t *object = json_begin();

	json_set(object, "message_id", json_of_word(missing->message_id));
	json_set(object, "cover_letter", json_boolean(missing->cover));
	json_set(object, "series", json_of_word(missing->series));
	json_set(object, "places", json_of_word(missing->places));
	json_set(object, "total",
		missing->places != NULL ? json_integer(missing->total) : json_null());
	json_set(object, "referrer", json_of_string(missing->referrer));
	json_set(object, "title", json_of_string(missing->title));
	json_set(object, "author",
		json_of_person(missing->author_name, missing->author_address));
	json_set(object, "arrival", json_of_time(missing->arrival));
	json_set(object, "count", json_integer(missing->count));
	json_set(object, "link", json_of_word(url));
	return json_end(object);
}

char *json_from_reclass(const struct reclass *reclass, const char *archive)
{
	g_autofree char *url = url_of_message(reclass->message_id, archive);
	json_t *object = json_begin();
	json_t *said = json_of_reclass(reclass);

	json_set(object, "message_id", json_of_string(reclass->message_id));
	json_object_update(object, said);
	json_decref(said);
	json_set(object, "link", json_of_word(url));
	return json_end(object);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/json_digest.h"

#include <string.h>

#include <jansson.h>

#include "digest/full.h"
#include "digest/json.h"
#include "digest/mine.h"
#include "digest/selection.h"
#include "digest/url.h"
#include "mail/address.h"
#include "mail/subject.h"
#include "store/review.h"

/* As in json.c: jansson takes valid UTF-8 only. */
static json_t *json_of_text(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	g_autofree char *valid = NULL;

	if (value != NULL)
		return value;
	valid = g_utf8_make_valid(text, -1);
	return json_string(valid);
}

static json_t *json_of_number(uint64_t number)
{
	return json_integer((json_int_t)number);
}

/* Where 0 stands for what is not known. */
static json_t *json_of_known(uint64_t number)
{
	return number > 0 ? json_of_number(number) : json_null();
}

static json_t *json_of_moment(int64_t time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time);
	g_autofree char *word = date ? g_date_time_format_iso8601(date) : NULL;

	return json_of_text(word);
}

static json_t *json_of_full_person(const struct full_person *person)
{
	if (person == NULL)
		return json_null();
	return json_pack("{s:o, s:o, s:b}", "name", json_of_text(person->name), "address",
		json_of_text(person->address), "new", (int)person->is_new);
}

static json_t *json_of_people(const GPtrArray *people)
{
	json_t *array = json_array();

	for (guint i = 0; i < people->len; i++)
		json_array_append_new(array, json_of_full_person(people->pdata[i]));
	return array;
}

/* `[[9, "A U Thor <a@example.org>"], …]`, all of the rows. */
static json_t *json_of_table(GPtrArray *rows)
{
	json_t *array = json_array();

	for (guint i = 0; i < rows->len; i++) {
		const struct stats_row *row = rows->pdata[i];

		json_array_append_new(array, json_pack("[I, o]", (json_int_t)row->count,
						     json_of_text(row->label)));
	}
	return array;
}

static json_t *json_of_entry(
	const struct digest_item *item, const struct digest_style *style)
{
	const struct record *record = item->record;
	g_autofree char *author = address_display(
		record->author_name, record->author_address);
	g_autofree char *link = url_of_record(record, style->archive);
	struct subject subject;
	json_t *entry;

	subject_parse(record->subject, &subject);
	entry = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "title",
		json_of_text(*subject.title ? subject.title : record->subject), "subject",
		json_of_text(record->subject), "author", json_of_text(author), "body",
		json_of_text(item->text), "message_id", json_of_text(record->message_id),
		"link", json_of_text(link));
	subject_release(&subject);
	return entry;
}

static void json_set_postings(
	json_t *object, const struct digest *digest, const struct digest_style *style)
{
	json_t *patches = json_array(), *entries = json_array(), *exist = json_array(),
	       *skip = json_array();

	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;

		if (record->outcome == RECORD_OUTCOME_NEW)
			json_array_append_new(patches, json_of_text(record->subject));
		if (!record_has_entry(record))
			continue;
		if (record->outcome == RECORD_OUTCOME_NEW)
			json_array_append_new(entries, json_of_entry(item, style));
		else
			json_array_append_new(
				record->outcome == RECORD_OUTCOME_EXIST ? exist : skip,
				json_of_text(record->subject));
	}
	json_object_set_new(object, "patches", patches);
	json_object_set_new(object, "entries", entries);
	json_object_set_new(object, "exist", exist);
	json_object_set_new(object, "skip", skip);
}

static json_t *json_of_summary(const struct full_summary *summary)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"issue", json_of_known(summary->issue), "last_issue",
		json_of_known(summary->last_issue), "last_head",
		json_of_text(summary->last_head), "first",
		summary->messages ? json_of_moment(summary->first_arrival) : json_null(),
		"last",
		summary->messages ? json_of_moment(summary->last_arrival) : json_null(),
		"messages", json_of_number(summary->messages), "patches",
		json_of_number(summary->patches), "new", json_of_number(summary->fresh),
		"rerolled", json_of_number(summary->rerolled), "resent",
		json_of_number(summary->resent), "replies",
		json_of_number(summary->replies), "repliers",
		json_of_number(summary->repliers));
}

static json_t *json_of_reviewers(const struct full *full)
{
	json_t *array = json_array();

	for (guint i = 0; i < full->reviewers->len; i++) {
		const struct full_reviewer *row = full->reviewers->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, "rank", json_of_number(row->rank));
		json_object_set_new(object, "was", json_of_known(row->was));
		json_object_set_new(object, "person", json_of_full_person(row->person));
		for (int kind = 0; kind < FULL_KINDS; kind++)
			json_object_set_new(object, full_kind_name((enum full_kind)kind),
				json_of_number(row->given[kind]));
		json_object_set_new(object, "own", json_of_number(row->own));
		json_object_set_new(object, "replied", json_of_number(row->replies));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_of_bots(const GPtrArray *bots)
{
	json_t *array = json_array();

	for (guint i = 0; i < bots->len; i++) {
		const struct full_bot *bot = bots->pdata[i];

		json_array_append_new(array,
			json_pack("{s:o, s:o, s:b}", "name", json_of_text(bot->name),
				"count", json_of_number(bot->count), "fails",
				(int)bot->fails));
	}
	return array;
}

static json_t *json_of_previous(const struct full_series *series)
{
	const struct full_changes *changes = &series->changes;
	json_t *object;

	if (series->old_id == NULL)
		return json_null();
	object = json_pack("{s:o, s:o, s:o, s:o, s:o}", "message_id",
		json_of_text(series->old_id), "revision",
		json_of_known(series->old_revision), "issue",
		json_of_known(series->old_issue), "arrival",
		series->old_revision ? json_of_moment(series->old_arrival) : json_null(),
		"days",
		series->old_revision ? json_of_number(series->old_days) : json_null());
	if (changes->known)
		json_object_set_new(object, "patches",
			json_pack("{s:o, s:o, s:o, s:o}", "changed",
				json_of_number(changes->changed), "new",
				json_of_number(changes->added), "dropped",
				json_of_number(changes->dropped), "same",
				json_of_number(changes->same)));
	return object;
}

static json_t *json_of_tags(const struct full_series *series)
{
	json_t *object = json_object();

	for (int kind = 0; kind < FULL_REPORTED; kind++)
		json_object_set_new(object, full_kind_name((enum full_kind)kind),
			json_pack("{s:o, s:o}", "count",
				json_of_number(series->tags[kind].count), "people",
				json_of_people(series->tags[kind].people)));
	return object;
}

static json_t *json_of_one_series(const struct full_series *series)
{
	static const char *const states[] = {"new", "rerolled", "resent"};
	const struct record *record = series->item->record;
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "message_id",
		json_of_text(series->id), "title", json_of_text(record->title),
		"revision", json_of_number(record->revision), "author",
		json_of_full_person(series->author), "state", states[series->state],
		"seen", json_of_number(series->seen), "total",
		json_of_known(series->total));

	json_object_set_new(object, "sender", json_of_full_person(series->sender));
	json_object_set_new(object, "rfc", json_boolean(record->flags & RECORD_FLAG_RFC));
	json_object_set_new(object, "patches", json_of_number(series->patches));
	json_object_set_new(object, "unreviewed",
		json_of_number(series->patches - g_hash_table_size(series->covered)));
	json_object_set_new(object, "begun", json_boolean(series->begun));
	json_object_set_new(object, "superseded", json_boolean(series->superseded));
	json_object_set_new(object, "sent_again", json_boolean(series->sent_again));
	json_object_set_new(object, "previous", json_of_previous(series));
	json_object_set_new(object, "diffstat",
		series->stat_files < 0
			? json_null()
			: json_pack("{s:I, s:o, s:o}", "files",
				  (json_int_t)series->stat_files, "added",
				  json_of_number(series->stat_added), "deleted",
				  json_of_number(series->stat_deleted)));
	json_object_set_new(object, "tags", json_of_tags(series));
	json_object_set_new(object, "replies", json_of_number(series->replies));
	json_object_set_new(object, "repliers", json_of_people(series->repliers));
	json_object_set_new(object, "bots", json_of_bots(series->bots));
	json_object_set_new(object, "changelog", json_of_text(series->changelog));
	json_object_set_new(object, "link", json_of_text(series->link));
	return object;
}

static json_t *json_of_applied(const struct full_applied *applied)
{
	json_t *commits = json_array();

	for (guint i = 0; i < applied->commits->len; i++)
		json_array_append_new(commits, json_of_text(applied->commits->pdata[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "title",
		json_of_text(applied->title), "revision",
		json_of_number(applied->revision), "tree",
		*applied->tree ? json_of_text(applied->tree) : json_null(), "by",
		json_of_full_person(applied->by), "sender",
		json_of_full_person(applied->sender), "robot", (int)applied->robot,
		"patches", json_of_known(applied->count), "total",
		json_of_known(applied->total), "commits", commits, "link",
		json_of_text(applied->link));
}

static json_t *json_of_pull(const struct full_pull *pull)
{
	const struct record *record = pull->item->record;

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "title",
		json_of_text(record->title), "message_id",
		json_of_text(record->message_id), "author",
		json_of_full_person(pull->author), "replies",
		json_of_number(pull->replies), "link", json_of_text(pull->link));
}

static json_t *json_of_thread(const struct full_thread *thread)
{
	const struct full_root *root = thread->root;

	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "title",
		json_of_text(root->title), "message_id", json_of_text(root->message_id),
		"begun_by", json_of_full_person(root->sender), "new", (int)thread->is_new,
		"messages", json_of_number(thread->messages), "replies",
		json_of_number(thread->replies), "people", json_of_people(thread->people),
		"link", json_of_text(root->link));
}

static json_t *json_of_threads(const GPtrArray *threads)
{
	json_t *array = json_array();

	for (guint i = 0; i < threads->len; i++)
		json_array_append_new(array, json_of_thread(threads->pdata[i]));
	return array;
}

/* As "log --waiting --json" has them. */
static json_t *json_of_waiting(const GPtrArray *waiting, const char *archive)
{
	json_t *array = json_array();

	for (guint i = 0; waiting != NULL && i < waiting->len; i++) {
		g_autofree char *line = json_from_waiting(waiting->pdata[i], archive);

		json_array_append_new(array, json_loads(line, 0, NULL));
	}
	return array;
}

static json_t *json_of_corrections(const GPtrArray *corrections, const char *archive)
{
	static const char *const kinds[] = {"late-cover", "late-parts", "reclassed"};
	json_t *array = json_array();

	for (guint i = 0; corrections != NULL && i < corrections->len; i++) {
		const struct review_correction *correction = corrections->pdata[i];
		g_autofree char *link = url_of_message(correction->message_id, archive);

		json_array_append_new(
			array, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
				       "kind", kinds[correction->kind], "title",
				       json_of_text(correction->title), "message_id",
				       json_of_text(correction->message_id), "places",
				       json_of_text(correction->places), "seen",
				       json_of_number(correction->seen), "total",
				       json_of_number(correction->total), "why",
				       json_of_text(correction->why), "link",
				       json_of_text(link)));
	}
	return array;
}

static void json_set_full(json_t *object, const struct full *full)
{
	json_t *series = json_array(), *applied = json_array(), *pulls = json_array();

	for (guint i = 0; i < full->series->len; i++)
		json_array_append_new(series, json_of_one_series(full->series->pdata[i]));
	for (guint i = 0; i < full->applied->len; i++)
		json_array_append_new(applied, json_of_applied(full->applied->pdata[i]));
	for (guint i = 0; i < full->pulls->len; i++)
		json_array_append_new(pulls, json_of_pull(full->pulls->pdata[i]));
	json_object_set_new(object, "summary", json_of_summary(&full->summary));
	json_object_set_new(object, "reviewers", json_of_reviewers(full));
	json_object_set_new(
		object, "waiting", json_of_waiting(full->waiting, full->archive));
	json_object_set_new(object, "series", series);
	json_object_set_new(object, "applied", applied);
	json_object_set_new(object, "pulls", pulls);
	json_object_set_new(object, "bugs", json_of_threads(full->bugs));
	json_object_set_new(object, "robots", json_of_bots(full->bots));
	json_object_set_new(
		object, "announcements", json_of_threads(full->announcements));
	json_object_set_new(object, "discussions", json_of_threads(full->discussions));
	json_object_set_new(object, "corrections",
		json_of_corrections(full->corrections, full->archive));
}

static json_t *json_of_mine_row(enum mine_kind kind, const struct mine_row *row)
{
	json_t *people = json_array();

	for (guint i = 0; i < row->people->len; i++)
		json_array_append_new(people, json_of_text(row->people->pdata[i]));
	return json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o, s:o}", "kind",
		mine_kind_name(kind), "title", json_of_text(row->title), "messages",
		(json_int_t)row->messages, "patches", (json_int_t)row->patches, "version",
		json_of_known(row->revision), "days",
		kind == MINE_WAITING ? json_of_number(row->days) : json_null(), "people",
		people, "link", json_of_text(row->link));
}

/* What the page is a selection of, and whose part it has. */
static void json_set_selection(json_t *object, const struct digest *digest)
{
	const struct selection *selection = digest->selection;
	json_t *mine = digest->mine ? json_array() : json_null();
	unsigned shown, all;

	selection_count(digest, &shown, &all);
	json_object_set_new(object, "selection",
		json_pack("{s:o, s:o, s:I, s:I}", "filter",
			selection->filtered ? json_of_text(selection->words)
					    : json_null(),
			"for", json_of_text(selection->person), "shown",
			(json_int_t)shown, "all", (json_int_t)all));
	for (int kind = 0; digest->mine != NULL && kind < MINE_KINDS; kind++)
		for (guint i = 0; i < digest->mine->rows[kind]->len; i++)
			json_array_append_new(
				mine, json_of_mine_row((enum mine_kind)kind,
					      digest->mine->rows[kind]->pdata[i]));
	json_object_set_new(object, "your_part", mine);
}

GString *json_from_digest(const struct digest *digest, const struct digest_style *style)
{
	g_autoptr(GPtrArray) domains = stats_domains(digest->stats);
	g_autoptr(GPtrArray) people = stats_people(digest->stats);
	GString *text;
	json_t *object;
	char *line;

	/* Without memory the program ends, and no key goes missing. */
	json_set_alloc_funcs(g_malloc, g_free);
	object = json_pack("{s:o, s:o, s:o, s:o, s:o}", "title",
		json_of_text(style->title), "from", json_of_text(digest->from_id), "to",
		json_of_text(digest->to_id), "domains", json_of_table(domains), "people",
		json_of_table(people));
	if (digest->selection != NULL)
		json_set_selection(object, digest);
	if (digest->full != NULL)
		json_set_full(object, digest->full);
	json_set_postings(object, digest, style);
	line = json_dumps(object, JSON_INDENT(1));
	text = g_string_new(line);
	g_string_append_c(text, '\n');
	g_free(line);
	json_decref(object);
	return text;
}

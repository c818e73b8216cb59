/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/prose.h"

#include <string.h>

#include "base/text.h"
#include "digest/url.h"
#include "mail/address.h"

static void prose_add(GString *page, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		g_string_append_printf(page, "%-12s %s\n", name, value);
}

static void prose_add_format(GString *page, const char *name, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static void prose_add_format(GString *page, const char *name, const char *format, ...)
{
	g_autofree char *value = NULL;
	va_list args;

	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	prose_add(page, name, value);
}

static void prose_add_list(GString *page, const char *name, const GPtrArray *values)
{
	for (guint i = 0; values != NULL && i < values->len; i++)
		prose_add(page, name, values->pdata[i]);
}

static void prose_add_hash(
	GString *page, const char *name, const uint8_t hash[HASH_BYTES])
{
	g_autofree char *hex = text_to_hex(hash, HASH_BYTES);

	if (!hash_is_none(hash))
		prose_add(page, name, hex);
}

static void prose_add_rules(GString *page, const struct json_input *input)
{
	for (size_t i = 0; i < input->rule_count; i++) {
		const struct json_rule *rule = &input->rules[i];

		g_string_append_printf(page, "%-18s %s%s\n", rule->name,
			rule->fits ? "yes: " : "no:  not so that ", rule->reason);
		if (rule->fits && *input->record->evidence != '\0')
			g_string_append_printf(
				page, "%-18s      (%s)\n", "", input->record->evidence);
	}
	g_string_append_c(page, '\n');
}

/* A class that somebody mended, and the RULE that gave the other. */
static void prose_add_reclassed(
	GString *page, const struct reclass *reclass, const char *rule)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(reclass->time);
	g_autofree char *day = date ? g_date_time_format(date, "%Y-%m-%d") : NULL;

	prose_add_format(page, "class",
		"%s (reclassed by %s on %s%s%s; the rules said %s: %s)",
		record_class_name(reclass->class), reclass->who, day ? day : "?",
		*reclass->why ? ": " : "", reclass->why, record_class_name(reclass->was),
		rule);
}

static void prose_add_class(GString *page, const struct json_input *input)
{
	const struct record *record = input->record;
	const char *reason = input->rule_count > 0
				     ? input->rules[input->rule_count - 1].reason
				     : "";
	g_autofree char *rule = NULL;

	/* A rule of the user's has the word in its name. */
	rule = g_strdup_printf("%s%s: %s",
		g_str_has_prefix(record->rule, "rule ") ? "" : "rule ", record->rule,
		reason);
	if (input->reclassed != NULL)
		prose_add_reclassed(page, input->reclassed, rule);
	else
		prose_add_format(
			page, "class", "%s (%s)", record_class_name(record->class), rule);
	prose_add(page, "outcome", record_outcome_name(record->outcome));
	prose_add(page, "first shown", record->first);
	if (*record->skip_rule != '\0')
		prose_add_format(page, "skipped by", "rule %s", record->skip_rule);
	prose_add(page, "limit", record->limit);
}

static void prose_add_mailbox(
	GString *page, const char *key, const char *name, const char *address)
{
	g_autofree char *mailbox = address_display(name, address);

	prose_add(page, key, mailbox);
}

/* NAME and ADDRESS under what the mailmap has for them. */
static char *prose_map(
	const struct json_input *input, const char *name, const char *address)
{
	g_autofree char *mapped_name = NULL;
	g_autofree char *mapped_address = NULL;

	mailmap_apply(input->mailmap, name, address, &mapped_name, &mapped_address);
	return address_display(mapped_name, mapped_address);
}

/* Who it was, and how that came about: the field, what a list had made of it, the line in the
 * body. */
static void prose_add_people(GString *page, const struct json_input *input)
{
	const struct record *record = input->record;
	const char *name, *address;
	g_autofree char *author = prose_map(
		input, record->person_name, record->person_address);
	g_autofree char *patch = NULL;

	prose_add(page, "author", author);
	record_patch_author(record, &name, &address);
	patch = prose_map(input, name, address);
	if (strcmp(author, patch) != 0)
		prose_add(page, "patch author", patch);
	prose_add_mailbox(page, "from", record->author_name, record->author_address);
	if (strcmp(record->person_name, record->author_name) != 0 ||
		strcmp(record->person_address, record->author_address) != 0)
		prose_add_mailbox(
			page, "meant", record->person_name, record->person_address);
	/* record_patch_author() lends the field that it took. */
	if (name == record->patch_name)
		prose_add_mailbox(
			page, "in-body from", record->patch_name, record->patch_address);
}

/* "good: a@x.org, key default, 2025-05-18 10:00 UTC; From, Subject and body are as signed" */
static void prose_add_signature(GString *page, const struct record_signature *signature)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(signature->time);
	g_autofree char *day = NULL;
	const char *why = signature->why;

	if (signature->verdict == RECORD_VERDICT_GOOD)
		why = signature->by_author ? "From, Subject and body are as signed"
					   : "as signed, but not by who it is from";
	if (date != NULL && signature->time != 0)
		day = g_date_time_format(date, ", %Y-%m-%d %H:%M UTC");
	if (*signature->identity == '\0')
		prose_add_format(page, "signature", "%s: %s",
			record_verdict_name(signature->verdict), why);
	else
		prose_add_format(page, "signature", "%s: %s%s%s%s; %s",
			record_verdict_name(signature->verdict), signature->identity,
			*signature->selector ? ", key " : "", signature->selector,
			day ? day : "", why);
}

static void prose_add_signatures(GString *page, const struct record *record)
{
	for (guint i = 0; i < record->signatures->len; i++)
		prose_add_signature(page, record->signatures->pdata[i]);
}

static void prose_add_series(GString *page, const struct json_input *input)
{
	const struct record *record = input->record;
	const struct relation *relation = input->relation;
	bool known = relation != NULL && relation->series != NULL;

	if (record_is_posting(record))
		prose_add_format(page, "version", "v%u", record->revision);
	if (record->total >= 0 && known && relation->total > 0)
		prose_add_format(page, "position", "%d of %d, %u of %u seen",
			record->position, record->total, relation->seen, relation->total);
	else if (record->total >= 0)
		prose_add_format(
			page, "position", "%d of %d", record->position, record->total);
	if (!known)
		return;
	prose_add(page, "series", relation->series);
	if (relation->previous != NULL)
		prose_add_format(page, "previous", "%s%s%s%s%s", relation->previous,
			relation->previous_why ? " (" : "",
			relation->previous_why ? relation->previous_why : "",
			relation->previous_why ? ")" : "",
			relation->resend ? ", a resend: the diffs are the same" : "");
}

static void prose_add_trailers(GString *page, const struct json_input *input)
{
	const struct record *record = input->record;

	for (guint i = 0; i < record->trailers->len; i++) {
		const struct trailer *trailer = record->trailers->pdata[i];

		prose_add_format(page, "trailer", "%s: %s", trailer->key, trailer->value);
	}
	for (guint i = 0; input->relation != NULL && i < input->relation->tags->len;
		i++) {
		const struct relate_tag *tag = input->relation->tags->pdata[i];

		prose_add_format(page, "given", "%s: %s (in %s%s)", tag->key, tag->value,
			tag->message_id, tag->to_cover ? ", to the cover letter" : "");
	}
}

static void prose_add_diffstat(GString *page, const struct record *record)
{
	const char *check = ", and there is no diff";

	if (record->stat_files < 0)
		return;
	if (record->flags & RECORD_FLAG_WRONG_STAT)
		check = ", which is not the diff's";
	else if (!hash_is_none(record->diff_id))
		check = ", the diff's";
	prose_add_format(page, "diffstat", "%d %s +%u -%u%s", record->stat_files,
		record->stat_files == 1 ? "file" : "files", record->stat_added,
		record->stat_deleted, check);
}

static void prose_add_paths(GString *page, const struct record *record)
{
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		if (path->added == PATCH_COUNT_UNKNOWN ||
			path->deleted == PATCH_COUNT_UNKNOWN)
			prose_add(page, "path", path->path);
		else
			prose_add_format(page, "path", "%s +%u -%u", path->path,
				path->added, path->deleted);
	}
}

static void prose_add_patch(GString *page, const struct record *record)
{
	prose_add_hash(page, "diff", record->diff_id);
	prose_add_diffstat(page, record);
	prose_add_paths(page, record);
	prose_add(page, "base-commit", record->base_commit);
	prose_add(page, "change-id", record->b4_change_id);
	prose_add_list(page, "prerequisite", record->prerequisites);
	prose_add(page, "applied to", record->applied_to);
	prose_add(page, "applied by", record->applied_by);
	prose_add_list(page, "commit", record->commits);
	prose_add_list(page, "links to", record->links);
}

char *prose_from_record(const struct json_input *input)
{
	const struct record *record = input->record;
	g_autofree char *url = url_of_record(record, input->archive);
	GString *page = g_string_new(NULL);

	prose_add_rules(page, input);
	prose_add(page, "subject", record->subject);
	prose_add(page, "message-id", record->message_id);
	prose_add(page, "was", record->message_id_raw);
	if (record->number > 0)
		prose_add_format(
			page, "number", "%" G_GUINT64_FORMAT, (guint64)record->number);
	prose_add_class(page, input);
	prose_add_people(page, input);
	prose_add_signatures(page, record);
	prose_add_list(page, "tag", record->tags);
	prose_add_series(page, input);
	prose_add_trailers(page, input);
	prose_add_list(page, "list", record->list_ids);
	prose_add_list(page, "list", input->lists);
	prose_add(page, "archived at", url);
	prose_add_patch(page, record);
	if (record->number > 0)
		prose_add_hash(page, "link", record->link);
	return g_string_free(page, FALSE);
}

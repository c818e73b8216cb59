/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/record.h"

#include <string.h>

#include "mail/diff.h"
#include "model/record_fields.h"

/* The strings of a record, in the order of its bytes. */
static const size_t record_strings[RECORD_STRINGS] = {
	offsetof(struct record, message_id),
	offsetof(struct record, message_id_raw),
	offsetof(struct record, subject),
	offsetof(struct record, title),
	offsetof(struct record, author_name),
	offsetof(struct record, author_address),
	offsetof(struct record, patch_name),
	offsetof(struct record, patch_address),
	offsetof(struct record, rule),
	offsetof(struct record, limit),
	offsetof(struct record, first),
};

/* What version 2 added, behind the paths. */
static const size_t record_later_strings[RECORD_LATER_STRINGS] = {
	offsetof(struct record, person_name),
	offsetof(struct record, person_address),
	offsetof(struct record, evidence),
	offsetof(struct record, skip_rule),
	offsetof(struct record, base_commit),
	offsetof(struct record, b4_change_id),
	offsetof(struct record, applied_to),
};
static const size_t record_later_lists[RECORD_LATER_LISTS] = {
	offsetof(struct record, prerequisites),
	offsetof(struct record, links),
	offsetof(struct record, commits),
};

static void *record_member(const struct record *record, size_t offset)
{
	return (void *)((uintptr_t)record + offset);
}

char **record_string(const struct record *record, size_t i)
{
	return record_member(record, record_strings[i]);
}

char **record_later_string(const struct record *record, size_t i)
{
	return record_member(record, record_later_strings[i]);
}

GPtrArray **record_later_list(const struct record *record, size_t i)
{
	return record_member(record, record_later_lists[i]);
}

struct record *record_new(void)
{
	struct record *record = g_new0(struct record, 1);
	for (size_t i = 0; i < RECORD_STRINGS; i++)
		*record_string(record, i) = g_strdup("");
	for (size_t i = 0; i < RECORD_LATER_STRINGS; i++)
		*record_later_string(record, i) = g_strdup("");
	for (size_t i = 0; i < RECORD_LATER_LISTS; i++)
		*record_later_list(record, i) = g_ptr_array_new_with_free_func(g_free);
	record->applied_by = g_strdup("");
	record->trailers = trailer_new_array();
	record->signatures = g_ptr_array_new_with_free_func(record_signature_free);
	record->addressees = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	record->stat_files = -1;
	record->tags = g_ptr_array_new_with_free_func(g_free);
	record->list_ids = g_ptr_array_new_with_free_func(g_free);
	record->references = g_ptr_array_new_with_free_func(g_free);
	record->paths = diff_new_paths();
	record->position = record->total = -1;
	record->revision = 1;
	return record;
}

void record_free(struct record *record)
{
	if (record == NULL)
		return;
	if (record->shares > 0) {
		record->shares--;
		return;
	}
	for (size_t i = 0; i < RECORD_STRINGS; i++)
		g_free(*record_string(record, i));
	for (size_t i = 0; i < RECORD_LATER_STRINGS; i++)
		g_free(*record_later_string(record, i));
	for (size_t i = 0; i < RECORD_LATER_LISTS; i++)
		g_ptr_array_unref(*record_later_list(record, i));
	g_free(record->applied_by);
	g_ptr_array_unref(record->trailers);
	g_ptr_array_unref(record->signatures);
	g_array_unref(record->addressees);
	g_ptr_array_unref(record->tags);
	g_ptr_array_unref(record->list_ids);
	g_ptr_array_unref(record->references);
	g_ptr_array_unref(record->paths);
	g_free(record);
}

struct record *record_share(struct record *record)
{
	record->shares++;
	return record;
}

void record_expire(struct record *record)
{
	struct record *left = record_new();
	struct record old = *record;

	left->number = old.number;
	left->date = old.date;
	left->arrival = old.arrival;
	left->latest = old.latest;
	left->flags = (old.flags & (RECORD_FLAG_HISTORY | RECORD_FLAG_PARTIAL |
					   RECORD_FLAG_MADE_ID)) |
		      RECORD_FLAG_EXPIRED;
	record_set(&left->message_id, old.message_id);
	left->body_length = old.body_length;
	memcpy(left->body_hash, old.body_hash, HASH_BYTES);
	memcpy(left->content_hash, old.content_hash, HASH_BYTES);
	memcpy(left->raw_hash, old.raw_hash, HASH_BYTES);
	memcpy(left->link, old.link, HASH_BYTES);
	memcpy(left->commit, old.commit, RECORD_COMMIT_MAX);
	left->commit_length = old.commit_length;
	*record = *left;
	*left = old;
	record_free(left);
}

void record_signature_free(void *data)
{
	struct record_signature *signature = data;

	g_free(signature->identity);
	g_free(signature->selector);
	g_free(signature->algorithm);
	g_free(signature->why);
	g_free(signature);
}

const struct record_signature *record_signature(const struct record *record)
{
	const struct record_signature *best = NULL;

	for (guint i = 0; i < record->signatures->len; i++) {
		const struct record_signature *signature = record->signatures->pdata[i];

		if (best == NULL || signature->verdict == RECORD_VERDICT_BAD ||
			(signature->verdict == RECORD_VERDICT_GOOD &&
				best->verdict != RECORD_VERDICT_BAD &&
				best->verdict != RECORD_VERDICT_GOOD))
			best = signature;
		if (best->verdict == RECORD_VERDICT_BAD)
			break;
	}
	return best;
}

void record_set(char **field, const char *value)
{
	char *copy = g_strdup(value ? value : "");

	g_free(*field);
	*field = copy;
}

const uint8_t *record_id(const struct record *record, size_t *length_r)
{
	*length_r = record->commit_length > 0 ? record->commit_length : HASH_BYTES;
	return record->commit_length > 0 ? record->commit : record->link;
}

static const char *const record_class_names[RECORD_CLASS_COUNT] = {
	[RECORD_CLASS_OTHER] = "other",
	[RECORD_CLASS_PATCH] = "patch",
	[RECORD_CLASS_COVER_LETTER] = "cover-letter",
	[RECORD_CLASS_PULL_REQUEST] = "pull-request",
	[RECORD_CLASS_REPLY] = "reply",
	[RECORD_CLASS_REVIEW] = "review",
	[RECORD_CLASS_APPLIED] = "applied",
	[RECORD_CLASS_BUG_REPORT] = "bug-report",
	[RECORD_CLASS_BOT_REPORT] = "bot-report",
	[RECORD_CLASS_ANNOUNCEMENT] = "announcement",
	[RECORD_CLASS_STABLE] = "stable",
	[RECORD_CLASS_DISCUSSION] = "discussion",
	[RECORD_CLASS_AUTO_REPLY] = "auto-reply",
};

const char *record_class_name(enum record_class class)
{
	return record_class_names[class];
}

bool record_class_from_name(const char *name, enum record_class *class_r)
{
	for (size_t i = 0; i < RECORD_CLASS_COUNT; i++)
		if (strcmp(record_class_names[i], name) == 0) {
			*class_r = (enum record_class)i;
			return true;
		}
	return false;
}

void record_patch_author(
	const struct record *record, const char **name_r, const char **address_r)
{
	/* An in-body From is one that differs from the header's, as that one came. */
	bool in_body = strcmp(record->patch_address, record->author_address) != 0 ||
		       strcmp(record->patch_name, record->author_name) != 0;

	*name_r = in_body ? record->patch_name : record->person_name;
	*address_r = in_body ? record->patch_address : record->person_address;
}

const char *record_verdict_name(enum record_verdict verdict)
{
	static const char *const names[RECORD_VERDICT_COUNT] = {
		[RECORD_VERDICT_GOOD] = "good",
		[RECORD_VERDICT_BAD] = "bad",
		[RECORD_VERDICT_UNKNOWN_KEY] = "unknown-key",
		[RECORD_VERDICT_UNSUPPORTED] = "unsupported",
		[RECORD_VERDICT_UNCHECKED] = "unchecked",
	};

	return names[verdict];
}

const char *record_outcome_name(enum record_outcome outcome)
{
	switch (outcome) {
	case RECORD_OUTCOME_NEW:
		return "new";
	case RECORD_OUTCOME_EXIST:
		return "exist";
	case RECORD_OUTCOME_SKIP:
		return "skip";
	}
	return "new";
}

GPtrArray *record_flag_names(const struct record *record)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} flags[] = {{RECORD_FLAG_PARTIAL, "partial"}, {RECORD_FLAG_LIMITED, "limited"},
		{RECORD_FLAG_CONFLICT, "conflict"},
		{RECORD_FLAG_SUPERSEDES, "supersedes"}, {RECORD_FLAG_MADE_ID, "made-id"},
		{RECORD_FLAG_HISTORY, "history"}};
	GPtrArray *names = g_ptr_array_new();

	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (record->flags & flags[i].flag)
			g_ptr_array_add(names, (void *)(uintptr_t)flags[i].name);
	return names;
}

bool record_has_entry(const struct record *record)
{
	switch (record->class) {
	case RECORD_CLASS_COVER_LETTER:
		return true;
	case RECORD_CLASS_PATCH:
		return record->position <= 1;
	case RECORD_CLASS_STABLE:
		return record_is_posting(record) && record->position <= 1;
	case RECORD_CLASS_PULL_REQUEST:
		/* `[PULL 00/12]` is the cover letter of the series that follows it. */
		return record->position == 0;
	case RECORD_CLASS_OTHER:
	case RECORD_CLASS_REPLY:
	case RECORD_CLASS_REVIEW:
	case RECORD_CLASS_APPLIED:
	case RECORD_CLASS_BUG_REPORT:
	case RECORD_CLASS_BOT_REPORT:
	case RECORD_CLASS_ANNOUNCEMENT:
	case RECORD_CLASS_DISCUSSION:
	case RECORD_CLASS_AUTO_REPLY:
	case RECORD_CLASS_COUNT:
		return false;
	}
	return false;
}

bool record_is_posting(const struct record *record)
{
	/* The stable trees' patches and cover letters are told from their other mails as all
	 * patches are: by a diff, or 0/m. */
	if (record->class == RECORD_CLASS_STABLE)
		return (record->flags & RECORD_FLAG_DIFF) || record->position == 0;
	return record->class == RECORD_CLASS_PATCH ||
	       record->class == RECORD_CLASS_COVER_LETTER ||
	       record->class == RECORD_CLASS_PULL_REQUEST;
}

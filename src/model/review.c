/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/review.h"

#include <string.h>

#include "base/text.h"
#include "mail/address.h"
#include "mail/patch.h"
#include "model/sender.h"
#include "model/series.h"

static bool review_is_person(const struct record *record)
{
	return sender_find_kind(record->author_name, record->author_address) ==
	       SENDER_PERSON;
}

bool review_is_pull(const struct record *record)
{
	if (record->class == RECORD_CLASS_PULL_REQUEST)
		return true;
	for (guint i = 0; i < record->tags->len; i++)
		if (g_ascii_strcasecmp(record->tags->pdata[i], "PULL") == 0)
			return true;
	return false;
}

bool review_is_talk(const struct record *record)
{
	return record->class == RECORD_CLASS_PATCH &&
	       strcmp(record->rule, "patch-in-reply") == 0;
}

bool review_is_candidate(const struct record *record)
{
	/* The patches under a cover letter without 0/m are put together without it. */
	return (record->class == RECORD_CLASS_PATCH ||
		       (record->class == RECORD_CLASS_COVER_LETTER &&
			       record->position == 0)) &&
	       record->outcome != RECORD_OUTCOME_SKIP && !review_is_pull(record) &&
	       !review_is_talk(record) && review_is_person(record);
}

/* One of the two people that a record may name. */
struct review_person {
	char *name, *address; /* as keys */
};

static void review_person_init(struct review_person *person,
	const struct mailmap *mailmap, const char *name, const char *address)
{
	g_autofree char *mapped_name = NULL;
	g_autofree char *mapped_address = NULL;

	mailmap_apply(mailmap, name, address, &mapped_name, &mapped_address);
	person->name = address_name_key(mapped_name);
	person->address = address_key(mapped_address);
}

static void review_person_release(struct review_person *person)
{
	g_free(person->name);
	g_free(person->address);
}

static bool review_is_one(const struct review_person *a, const struct review_person *b)
{
	if (*a->address != '\0' && strcmp(a->address, b->address) == 0)
		return true;
	return strchr(a->name, ' ') != NULL && strcmp(a->name, b->name) == 0;
}

bool review_same_person(
	const struct record *a, const struct record *b, const struct mailmap *mailmap)
{
	const struct record *const records[] = {a, b};
	struct review_person people[2][2];
	bool same = false;

	for (unsigned i = 0; i < 2; i++) {
		const struct record *record = records[i];
		const char *name, *address;

		record_patch_author(record, &name, &address);
		review_person_init(&people[i][0], mailmap, record->person_name,
			record->person_address);
		review_person_init(&people[i][1], mailmap, name, address);
	}
	for (unsigned i = 0; i < 4; i++)
		same |= review_is_one(&people[0][i & 1], &people[1][i >> 1]);
	for (unsigned i = 0; i < 4; i++)
		review_person_release(&people[i & 1][i >> 1]);
	return same;
}

enum review_answer review_weigh(const struct record *mail, const struct record *posting,
	bool whole, const struct mailmap *mailmap)
{
	bool talk = review_is_talk(mail) || mail->class == RECORD_CLASS_REPLY ||
		    mail->class == RECORD_CLASS_REVIEW ||
		    mail->class == RECORD_CLASS_DISCUSSION ||
		    mail->class == RECORD_CLASS_BUG_REPORT;

	if (mail->class == RECORD_CLASS_APPLIED)
		return REVIEW_APPLIED;
	if (!talk || !review_is_person(mail))
		return REVIEW_NOTHING;
	if (!review_same_person(mail, posting, mailmap))
		return REVIEW_REPLY;
	return whole && (mail->flags & RECORD_FLAG_WITHDRAWS) ? REVIEW_WITHDRAWN
							      : REVIEW_NOTHING;
}

/* Backports and pull requests' copies of a patch are no versions of it. */
static bool review_is_version(const struct record *record)
{
	return (record->class == RECORD_CLASS_PATCH ||
		       record->class == RECORD_CLASS_COVER_LETTER) &&
	       !review_is_pull(record) && !review_is_talk(record);
}

bool review_is_newer(const struct record *old, const struct record *new)
{
	uint32_t other = (old->flags ^ new->flags) & RECORD_FLAG_RFC;

	return review_is_version(new) && (old->revision != new->revision || other) &&
	       series_may_precede(old, new);
}

static bool review_has_same_count(const struct record *a, const struct record *b)
{
	return review_is_version(a) && review_is_version(b) &&
	       a->revision == b->revision && !((a->flags ^ b->flags) & RECORD_FLAG_RFC);
}

/* "[PATCH v8 2/8]" once more, under the one that it replaces. */
static bool review_replaces(const struct record *a, const struct record *b)
{
	return a->position > 0 && a->total > 1 && a->position == b->position &&
	       a->total == b->total &&
	       g_ptr_array_find_with_equal_func(
		       a->references, b->message_id, g_str_equal, NULL);
}

static bool review_same_diff(const struct record *a, const struct record *b)
{
	return !hash_is_none(a->diff_id) &&
	       memcmp(a->diff_id, b->diff_id, HASH_BYTES) == 0;
}

bool review_is_resend(const struct record *a, const struct record *b)
{
	return review_has_same_count(a, b) &&
	       (((a->flags | b->flags) & RECORD_FLAG_RESEND) || review_same_diff(a, b) ||
		       review_replaces(a, b) || review_replaces(b, a));
}

static bool review_share_path(const struct record *a, const struct record *b)
{
	for (guint i = 0; i < a->paths->len; i++) {
		const struct patch_path *path = a->paths->pdata[i];

		for (guint j = 0; j < b->paths->len; j++)
			if (strcmp(path->path,
				    ((struct patch_path *)b->paths->pdata[j])->path) == 0)
				return true;
	}
	return false;
}

bool review_is_uncounted(const struct record *old, const struct record *new)
{
	return review_has_same_count(old, new) && !review_is_resend(old, new) &&
	       old->date != 0 && old->date < new->date &&review_share_path(old, new);
}

static void review_hash(const char *address, const char *title, uint8_t key_r[HASH_BYTES])
{
	g_autofree char *author = address_key(address);
	g_autofree char *folded = text_casefold(title);
	struct hash hash;

	hash_init(&hash);
	hash_update_field(&hash, author, strlen(author));
	hash_update_field(&hash, folded, strlen(folded));
	hash_final(&hash, key_r);
}

/* `Patch "TITLE" has been added to the 6.1-stable tree`, as the stable trees' robot and akpm's
 * have it; else the title as it is. */
static char *review_named_title(const char *title)
{
	const char *start = strchr(title, '"');
	const char *end = start ? strrchr(title, '"') : NULL;

	if (end == NULL || end <= start + 1)
		return g_strdup(title);
	return g_strndup(start + 1, (gsize)(end - start - 1));
}

/* Whether another than its author posts the patch RECORD. */
static bool review_is_carried(const struct record *record)
{
	const char *name, *address;

	record_patch_author(record, &name, &address);
	return review_is_version(record) &&
	       g_ascii_strcasecmp(address, record->person_address) != 0;
}

bool review_evidence_key(const struct record *record, uint8_t key_r[HASH_BYTES])
{
	g_autofree char *title = NULL;
	const char *name, *address;

	/* What answers a message is found by that. */
	if (record->class == RECORD_CLASS_APPLIED) {
		title = review_named_title(record->title);
		review_hash("", title, key_r);
		return record->references->len == 0 ||
		       strcmp(record->rule, "applied-reply") != 0;
	}
	/* Some programs forget what they answer. */
	if (record->references->len == 0 &&
		(record->class == RECORD_CLASS_REPLY ||
			record->class == RECORD_CLASS_REVIEW)) {
		review_hash("", record->title, key_r);
		return true;
	}
	record_patch_author(record, &name, &address);
	if (!(record->flags & RECORD_FLAG_DIFF) ||
		!(review_is_pull(record) || record->class == RECORD_CLASS_STABLE ||
			review_is_carried(record)))
		return false;
	review_hash(address, record->title, key_r);
	return true;
}

void review_patch_keys(
	const struct record *patch, uint8_t keys_r[REVIEW_KEYS][HASH_BYTES])
{
	const char *name, *address;

	record_patch_author(patch, &name, &address);
	review_hash("", patch->title, keys_r[0]);
	review_hash(address, patch->title, keys_r[1]);
}

bool review_is_evidence(const struct record *evidence, const struct record *patch,
	const struct mailmap *mailmap)
{
	bool dated = evidence->date != 0 && patch->date != 0;

	if (dated && evidence->date < patch->date)
		return false;
	if (evidence->class == RECORD_CLASS_REPLY ||
		evidence->class == RECORD_CLASS_REVIEW)
		return dated && review_weigh(evidence, patch, patch->position <= 0,
					mailmap) != REVIEW_NOTHING;
	if (!review_is_version(evidence))
		return true;
	return dated && evidence->date > patch->date &&
	       g_ascii_strcasecmp(evidence->person_address, patch->person_address) != 0 &&
	       strcmp(evidence->person_name, patch->person_name) != 0;
}

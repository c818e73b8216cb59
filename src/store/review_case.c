/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/review_case.h"

#include <string.h>

#include "model/review.h"
#include "model/series.h"
#include "store/relate_index.h"

enum {
	/* Of one series, the parts for which something is looked up. */
	REVIEW_PARTS = 100,
	/* Of the times that one series was sent again. */
	REVIEW_GROUP = 10,
	/* Of mails under one key.  Somebody is among the first two hundred that answer. */
	REVIEW_FOUND = 200,
};

/* The work on one case. */
struct review_work {
	struct store *store;
	const struct mailmap *mailmap;
	struct review_case *found;
};

static void review_free_series(void *data)
{
	relate_series_release(data);
	g_free(data);
}

static void review_case_init(struct review_case *found)
{
	found->group = g_ptr_array_new_with_free_func(review_free_series);
	found->roots = g_ptr_array_new_with_free_func(g_free);
	found->closed = false;
}

void review_case_release(struct review_case *found)
{
	g_clear_pointer(&found->group, g_ptr_array_unref);
	g_clear_pointer(&found->roots, g_ptr_array_unref);
}

/* The series of the group that MESSAGE_ID is a part of, counted from 1; 0 for none. */
static guint review_group_of(const struct review_case *found, const char *message_id)
{
	for (guint i = 0; i < found->group->len; i++) {
		const struct relate_series *series = found->group->pdata[i];

		for (guint j = 0; j < series->members->len; j++)
			if (strcmp(((struct record *)series->members->pdata[j])
					    ->message_id,
				    message_id) == 0)
				return i + 1;
	}
	return 0;
}

/* Adds the series of POSTING to the group. */
static enum status review_add_series(
	struct review_work *work, const struct record *posting)
{
	struct relate_series *series = g_new0(struct relate_series, 1);
	char *root = NULL;
	enum status status = relate_assemble(work->store, posting, series);

	if (status == STATUS_OK)
		status = relate_root(work->store, series, &root);
	if (status != STATUS_OK) {
		review_free_series(series);
		return status;
	}
	g_ptr_array_add(work->found->group, series);
	g_ptr_array_add(work->found->roots, root);
	return STATUS_OK;
}

/* What has MEMBER's author and title: it again, or its next version.  *UNCOUNTED_R: there is one
 * that may be. */
static enum status review_compare_titles(
	struct review_work *work, const struct record *member, bool *uncounted_r)
{
	uint8_t hash[HASH_BYTES];
	const struct relate_query query = {
		RELATE_TITLE, hash, 0, UINT64_MAX, REVIEW_FOUND, 0};
	g_autoptr(GPtrArray) records = relate_new_records();
	enum status status;

	series_title_key(member, hash);
	status = relate_find_records(work->store, &query, records);
	for (guint i = 0; i < records->len && status == STATUS_OK; i++) {
		struct record *other = records->pdata[i];

		if (review_group_of(work->found, other->message_id) > 0)
			continue;
		work->found->closed |= review_is_newer(member, other);
		*uncounted_r |= review_is_uncounted(member, other);
		if (!review_is_resend(member, other) ||
			work->found->group->len >= REVIEW_GROUP)
			continue;
		/* The series borrows it where it is no part of another's total. */
		status = review_add_series(work, other);
		if (status == STATUS_OK)
			records->pdata[i] = NULL;
		if (status == STATUS_OK)
			g_ptr_array_add(
				((struct relate_series *)work->found->group
						->pdata[work->found->group->len - 1])
					->records,
				other);
	}
	return status;
}

static enum status review_compare_changes(
	struct review_work *work, const struct record *member)
{
	g_autoptr(GPtrArray) records = relate_new_records();
	enum status status = STATUS_OK;

	if (*member->b4_change_id != '\0')
		status = relate_find_by_string(work->store, RELATE_CHANGE,
			member->b4_change_id, REVIEW_FOUND, records);
	for (guint i = 0; i < records->len; i++)
		work->found->closed |= review_is_newer(member, records->pdata[i]);
	return status;
}

/* Versions of the parts of SERIES.  Where most of its patches were posted anew under the same
 * number, somebody forgot to count. */
static enum status review_compare_versions(
	struct review_work *work, const struct relate_series *series)
{
	unsigned uncounted = 0, patches = 0;
	enum status status = STATUS_OK;

	for (guint i = 0; i < series->members->len && i < REVIEW_PARTS; i++) {
		const struct record *member = series->members->pdata[i];
		bool again = false;

		status = review_compare_titles(work, member, &again);
		if (status == STATUS_OK)
			status = review_compare_changes(work, member);
		if (status != STATUS_OK)
			return status;
		patches += member->position != 0;
		uncounted += again;
	}
	work->found->closed |= uncounted > 0 && 2 * uncounted >= patches;
	return status;
}

/* OTHER, a posting, answers MEMBER of SERIES or links to it. */
static enum status review_compare_posting(struct review_work *work,
	const struct relate_series *series, const struct record *member,
	const struct record *other)
{
	struct relate_series newer = {0};
	enum status status;

	if (review_group_of(work->found, other->message_id) > 0 ||
		!review_is_newer(member, other) ||
		!review_same_person(member, other, work->mailmap))
		return STATUS_OK;
	status = relate_assemble(work->store, other, &newer);
	if (status != STATUS_OK)
		return status;
	work->found->closed |= reroll_share_title(series->members, newer.members) ||
			       reroll_share_path(series->members, newer.members);
	relate_series_release(&newer);
	return STATUS_OK;
}

/* Whether MESSAGE_ID, here or not, is the nearest posting that MAIL answers. */
static enum status review_answers(struct store *store, const struct record *mail,
	const char *message_id, bool *answers_r)
{
	const GPtrArray *references = mail->references;

	*answers_r = false;
	for (guint i = 0; i < RELATE_ANCESTORS && i < references->len; i++) {
		const char *id = references->pdata[references->len - 1 - i];
		g_autoptr(record_auto) parent = NULL;
		enum status status;

		*answers_r = strcmp(id, message_id) == 0;
		if (*answers_r)
			break;
		status = store_find(store, id, &parent);
		if (status != STATUS_OK && status != STATUS_NOINPUT)
			return status;
		if (parent != NULL && record_is_posting(parent) &&
			!review_is_talk(parent))
			break;
	}
	return STATUS_OK;
}

static enum status review_compare_answer(struct review_work *work,
	const struct record *posting, const char *message_id, const struct record *mail)
{
	bool whole = posting->position <= 0 ||
		     strcmp(posting->message_id, message_id) != 0;
	bool answers;
	enum status status = review_answers(work->store, mail, message_id, &answers);

	if (status == STATUS_OK && answers)
		work->found->closed |= review_weigh(mail, posting, whole,
					       work->mailmap) != REVIEW_NOTHING;
	return status;
}

/* What answers MESSAGE_ID, which is MEMBER's, or the series' cover letter that is not here. */
static enum status review_compare_answers(struct review_work *work,
	const struct relate_series *series, const struct record *member,
	const char *message_id)
{
	g_autoptr(GPtrArray) mails = relate_new_records();
	enum status status = relate_find_by_string(
		work->store, RELATE_REFER, message_id, REVIEW_FOUND, mails);

	for (guint i = 0; i < mails->len && status == STATUS_OK && !work->found->closed;
		i++) {
		const struct record *mail = mails->pdata[i];

		status = record_is_posting(mail) && !review_is_talk(mail)
				 ? review_compare_posting(work, series, member, mail)
				 : review_compare_answer(work, member, message_id, mail);
	}
	return status;
}

static enum status review_compare_links(struct review_work *work,
	const struct relate_series *series, const struct record *member)
{
	g_autoptr(GPtrArray) mails = relate_new_records();
	enum status status = relate_find_by_string(
		work->store, RELATE_LINK, member->message_id, REVIEW_FOUND, mails);

	for (guint i = 0; i < mails->len && status == STATUS_OK; i++) {
		const struct record *mail = mails->pdata[i];

		if (record_is_posting(mail))
			status = review_compare_posting(work, series, member, mail);
		else
			work->found->closed = true;
	}
	return status;
}

/* Notices, pull requests and backports that have MEMBER's title. */
static enum status review_compare_evidence(
	struct review_work *work, const struct record *member)
{
	uint8_t keys[REVIEW_KEYS][HASH_BYTES];
	enum status status = STATUS_OK;

	review_patch_keys(member, keys);
	for (unsigned i = 0; i < REVIEW_KEYS && status == STATUS_OK; i++) {
		const struct relate_query query = {
			RELATE_APPLIED, keys[i], 0, UINT64_MAX, REVIEW_FOUND, 0};
		g_autoptr(GPtrArray) mails = relate_new_records();

		status = relate_find_records(work->store, &query, mails);
		for (guint j = 0; j < mails->len; j++)
			work->found->closed |= review_is_evidence(
				mails->pdata[j], member, work->mailmap);
	}
	return status;
}

/* The cover letter without 0/m that the parts of SERIES answer; NULL for none. */
static enum status review_find_letter(
	struct review_work *work, const struct relate_series *series, char **id_r)
{
	const struct record *first = series->members->pdata[0];
	const char *id = series_missing_cover(series->members);
	g_autoptr(record_auto) letter = NULL;
	enum status status;

	if (id == NULL)
		return STATUS_OK;
	status = store_find(work->store, id, &letter);
	if (status == STATUS_OK && letter->class == RECORD_CLASS_COVER_LETTER &&
		letter->position < 0 && review_same_person(letter, first, work->mailmap))
		*id_r = g_strdup(id);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status review_compare_series(struct review_work *work, guint index)
{
	const struct relate_series *series = work->found->group->pdata[index];
	const struct record *first = series->members->pdata[0];
	const char *root = work->found->roots->pdata[index];
	g_autofree char *letter = NULL;
	enum status status = review_find_letter(work, series, &letter);

	if (status == STATUS_OK && letter != NULL)
		status = review_compare_answers(work, series, first, letter);
	if (status == STATUS_OK && strcmp(root, first->message_id) != 0)
		status = review_compare_answers(work, series, first, root);
	for (guint i = 0; i < series->members->len && i < REVIEW_PARTS &&
			  status == STATUS_OK && !work->found->closed;
		i++) {
		const struct record *member = series->members->pdata[i];

		status = review_compare_answers(work, series, member, member->message_id);
		if (status == STATUS_OK)
			status = review_compare_links(work, series, member);
		if (status == STATUS_OK)
			status = review_compare_evidence(work, member);
	}
	return status;
}

/* When the part of SERIES that came first did. */
static int64_t review_series_date(const struct relate_series *series)
{
	int64_t date = INT64_MAX;

	for (guint i = 0; i < series->members->len; i++)
		date = MIN(date, ((struct record *)series->members->pdata[i])->date);
	return date;
}

/* Puts what was posted first in front. */
static void review_sort_group(struct review_case *found)
{
	guint first = 0;

	for (guint i = 1; i < found->group->len; i++) {
		int64_t date = review_series_date(found->group->pdata[i]);
		int64_t best = review_series_date(found->group->pdata[first]);

		if (date < best ||
			(date == best && strcmp(found->roots->pdata[i],
						 found->roots->pdata[first]) < 0))
			first = i;
	}
	if (first > 0) {
		void *series = found->group->pdata[0], *root = found->roots->pdata[0];

		found->group->pdata[0] = found->group->pdata[first];
		found->roots->pdata[0] = found->roots->pdata[first];
		found->group->pdata[first] = series;
		found->roots->pdata[first] = root;
	}
}

enum status review_case_find(struct store *store, const struct record *posting,
	const struct mailmap *mailmap, struct review_case *case_r)
{
	struct review_case found;
	struct review_work work = {store, mailmap, &found};
	enum status status = STATUS_OK;

	review_case_init(&found);
	found.closed = !review_is_candidate(posting);
	if (!found.closed)
		status = review_add_series(&work, posting);
	/* The group grows while it is gone through. */
	for (guint i = 0; i < found.group->len && status == STATUS_OK && !found.closed;
		i++)
		status = review_compare_versions(&work, found.group->pdata[i]);
	for (guint i = 0; i < found.group->len && status == STATUS_OK && !found.closed;
		i++)
		status = review_compare_series(&work, i);
	review_sort_group(&found);
	if (status == STATUS_OK)
		*case_r = found;
	else
		review_case_release(&found);
	return status;
}

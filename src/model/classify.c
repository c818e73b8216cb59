/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/classify.h"

#include <string.h>

static void set_evidence(char **evidence_r, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void set_evidence(char **evidence_r, const char *format, ...)
{
	va_list args;

	if (evidence_r == NULL)
		return;
	va_start(args, format);
	*evidence_r = g_strdup_vprintf(format, args);
	va_end(args);
}

static gboolean fits_reply(const struct classify_input *input, char **evidence_r)
{
	if (!input->subject->reply)
		return FALSE;
	set_evidence(evidence_r, "Subject: %s", input->message->subject);
	return TRUE;
}

static gboolean fits_forward(const struct classify_input *input, char **evidence_r)
{
	if (!input->subject->forward)
		return FALSE;
	set_evidence(evidence_r, "Subject: %s", input->message->subject);
	return TRUE;
}

static gboolean fits_pull_request(const struct classify_input *input, char **evidence_r)
{
	const struct subject *subject = input->subject;

	if (!subject->pull || (subject->has_position && subject->position > 0))
		return FALSE;
	set_evidence(evidence_r, "Subject: %s", input->message->subject);
	return TRUE;
}

static gboolean fits_cover_letter(const struct classify_input *input, char **evidence_r)
{
	const struct subject *subject = input->subject;

	if (!subject->has_position || subject->position != 0)
		return FALSE;
	set_evidence(evidence_r, "%u of %u in: %s", subject->position, subject->total,
		input->message->subject);
	return TRUE;
}

static gboolean fits_patch(const struct classify_input *input, char **evidence_r)
{
	const struct subject *subject = input->subject;

	if (!input->patch->has_diff ||
		!(subject->patch || subject->rfc || subject->has_position))
		return FALSE;
	set_evidence(evidence_r, "a diff of %u files in the body, and the subject's tag",
		input->patch->paths->len);
	return TRUE;
}

static gboolean fits_untagged_patch(const struct classify_input *input, char **evidence_r)
{
	if (!input->patch->has_diff || !input->patch->has_diffstat)
		return FALSE;
	set_evidence(evidence_r, "a diffstat and a diff of %u files in the body",
		input->patch->paths->len);
	return TRUE;
}

static gboolean fits_tag_only(const struct classify_input *input, char **evidence_r)
{
	if (!input->subject->patch && !input->subject->has_position)
		return FALSE;
	set_evidence(evidence_r, "no unquoted line of the body begins a diff");
	return TRUE;
}

static gboolean fits_all(const struct classify_input *input, char **evidence_r)
{
	(void)input;
	set_evidence(evidence_r, "no rule above fits");
	return TRUE;
}

static const struct classify_rule rules[] = {
	{"reply", RECORD_CLASS_REPLY, "the subject begins with Re:, in some language",
		fits_reply},
	{"forward", RECORD_CLASS_OTHER, "the subject begins with Fwd:, in some language",
		fits_forward},
	{"pull-request", RECORD_CLASS_PULL_REQUEST,
		"a tag of the subject says PULL, and it is no patch of a series",
		fits_pull_request},
	{"cover-letter", RECORD_CLASS_COVER_LETTER, "a tag of the subject says 0/m",
		fits_cover_letter},
	{"patch", RECORD_CLASS_PATCH,
		"a tag of the subject says PATCH, RFC or n/m, and there is a diff",
		fits_patch},
	{"untagged-patch", RECORD_CLASS_PATCH,
		"no tag, but a diffstat and a diff as git writes them",
		fits_untagged_patch},
	{"tag-without-diff", RECORD_CLASS_OTHER,
		"the subject is tagged as a patch's, but there is no diff",
		fits_tag_only},
	{"other", RECORD_CLASS_OTHER, "nothing that a rule knows", fits_all},
};

const struct classify_rule *classify_rules(size_t *count_r)
{
	*count_r = G_N_ELEMENTS(rules);
	return rules;
}

const struct classify_rule *classify(
	const struct classify_input *input, char **evidence_r)
{
	const struct classify_rule *rule = rules;

	while (!rule->fits(input, evidence_r))
		rule++;
	return rule;
}

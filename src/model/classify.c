/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/classify.h"

#include <string.h>

#include "base/conf.h"
#include "base/limits.h"
#include "model/clues.h"
#include "model/fits.h"
#include "model/rules.h"

static gboolean fits_cve(const struct classify_input *input, char **evidence_r)
{
	if (input->sender != SENDER_CVE && !clues_is_cve(input->subject->title))
		return FALSE;
	return fits_seen_subject(input, evidence_r);
}

static gboolean fits_stable_failed(const struct classify_input *input, char **evidence_r)
{
	const char *line = input->message->subject;

	return (g_ascii_strncasecmp(line, "FAILED: patch \"", 15) == 0 ||
		       g_ascii_strncasecmp(line, "WTF: patch \"", 12) == 0) &&
	       fits_seen_subject(input, evidence_r);
}

static gboolean fits_stable(const struct classify_input *input, char **evidence_r)
{
	const char *tag = clues_stable_tag(input->subject->tags);
	bool posting = input->patch->has_diff ||
		       (input->subject->has_position && input->subject->position == 0);

	if (!posting || input->subject->pull)
		return FALSE;
	if (tag == NULL)
		return input->patch->has_diff &&
		       clues_is_backport(
			       input->message->text->str, input->patch->message_length) &&
		       fits_seen(evidence_r, "it names the upstream commit");
	return fits_seen(evidence_r, "the tag %s in: %s", tag, input->message->subject);
}

static gboolean fits_pull_request(const struct classify_input *input, char **evidence_r)
{
	const struct subject *subject = input->subject;

	/* A series of requests has numbers as a series of patches has. */
	if (!subject->pull ||
		(subject->has_position && subject->position > 0 &&
			(input->patch->has_diff ||
				clues_request_pull(input->message->text->str,
					input->message->text->len) == NULL)))
		return FALSE;
	return fits_seen_subject(input, evidence_r);
}

static gboolean fits_cover_letter(const struct classify_input *input, char **evidence_r)
{
	const struct subject *subject = input->subject;

	if (!subject->has_position || subject->position != 0)
		return FALSE;
	return fits_seen(evidence_r, "%u of %u in: %s", subject->position, subject->total,
		input->message->subject);
}

/* Some leave the tag out.  What git sends without a diff introduces what it sends next. */
static gboolean fits_untagged_cover_letter(
	const struct classify_input *input, char **evidence_r)
{
	const struct message *message = input->message;
	const char *mailer = message_field(message, MESSAGE_FIELD_X_MAILER);
	bool by_git = g_str_has_prefix(mailer, "git-send-email") ||
		      g_str_has_prefix(mailer, "b4 ");

	if (!(by_git || input->patch->has_diffstat) || input->patch->has_diff ||
		input->quotes || fits_has_patch_tag(input) ||
		!clues_speaks_of_series(message->text->str, message->text->len))
		return FALSE;
	return fits_seen(evidence_r, "%s%s, no diff, and it speaks of patches",
		by_git ? "X-Mailer: " : "a diffstat", by_git ? mailer : "");
}

static gboolean fits_compiler(const struct classify_input *input, char **evidence_r)
{
	return !fits_is_own_patch(input) &&
	       clues_is_compiler_message(input->subject->title) &&
	       fits_seen_subject(input, evidence_r);
}

static gboolean fits_patch(const struct classify_input *input, char **evidence_r)
{
	if (!input->patch->has_diff || !fits_has_patch_tag(input))
		return FALSE;
	return fits_seen(evidence_r,
		"a diff of %u files in the body, and the subject's tag",
		input->patch->paths->len);
}

static gboolean fits_untagged_patch(const struct classify_input *input, char **evidence_r)
{
	const struct patch *patch = input->patch;

	if (!fits_has_diff(input) ||
		!(patch->has_diffstat ||
			clues_has_sign_off(input->message->text->str, patch->diff_start)))
		return FALSE;
	return fits_seen(evidence_r, "a %s and a diff of %u files in the body",
		patch->has_diffstat ? "diffstat" : "sign-off", patch->paths->len);
}

static gboolean fits_request_pull(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	const char *line = fits_has_patch_tag(input)
				   ? NULL
				   : clues_request_pull(text->str, text->len);

	return line != NULL && fits_seen(evidence_r, "the body says \"%s\"", line);
}

static gboolean fits_announcement(const struct classify_input *input, char **evidence_r)
{
	return clues_is_announcement(input->subject) &&
	       fits_seen_subject(input, evidence_r);
}

static gboolean fits_bug_tag(const struct classify_input *input, char **evidence_r)
{
	return clues_is_bug_report(input->subject) && !fits_has_parent(input) &&
	       fits_seen_subject(input, evidence_r);
}

static gboolean fits_breakage(const struct classify_input *input, char **evidence_r)
{
	g_autofree char *line = NULL;

	if (fits_has_parent(input) || fits_has_patch_tag(input))
		return FALSE;
	if (clues_is_bug_form(input->message->text->str, input->message->text->len))
		return fits_seen(evidence_r, "a form for bug reports, filled out");
	if (clues_has_bug_word(input->subject->title)) {
		g_autofree char *clue = clues_of_discussion(input->message);

		if (clue != NULL)
			return fits_seen_subject(input, evidence_r);
	}
	line = clues_crash_line(input->message->text->str, input->message->text->len);
	return line != NULL && fits_seen(evidence_r, "%s", line);
}

static gboolean fits_tag_only(const struct classify_input *input, char **evidence_r)
{
	if (!input->subject->patch && !input->subject->has_position)
		return FALSE;
	return fits_seen(evidence_r, "no unquoted line of the body begins a diff");
}

static gboolean fits_discussion(const struct classify_input *input, char **evidence_r)
{
	char *clue = clues_of_discussion(input->message);

	if (clue == NULL)
		return FALSE;
	*evidence_r = clue;
	return TRUE;
}

static gboolean fits_all(const struct classify_input *input, char **evidence_r)
{
	(void)input;
	return fits_seen(evidence_r, "no rule above fits");
}

static const struct classify_rule rules[] = {
	{"auto-reply", RECORD_CLASS_AUTO_REPLY,
		"a program answered: an absence, a bounce (RFC 3834)", fits_auto_reply},
	{"patchwork-bot", RECORD_CLASS_APPLIED,
		"patchwork's robot says that something was applied", fits_patchwork},
	{"pr-tracker-bot", RECORD_CLASS_APPLIED,
		"the kernel's robot says that a pull request was merged",
		fits_pr_tracker},
	{"tip-bot", RECORD_CLASS_APPLIED,
		"the tip tree's robot shows a commit that went into it", fits_tip},
	{"tree-note", RECORD_CLASS_APPLIED,
		"it is a maintainer's script's note that a patch was added to a tree",
		fits_tree_note},
	{"commit-mail", RECORD_CLASS_APPLIED,
		"a repository's hook shows a commit that went into it", fits_commit_mail},
	{"tree-removal", RECORD_CLASS_OTHER,
		"it is a note that a patch was taken out of a tree", fits_tree_removal},
	{"bot", RECORD_CLASS_BOT_REPORT,
		"a robot that builds, tests, fuzzes or reviews sent it, and it is no "
		"patch",
		fits_bot},
	{"robot-signature", RECORD_CLASS_BOT_REPORT,
		"a test robot's signature stands under it, and it quotes nothing and is "
		"no patch",
		fits_robot_signature},
	{"robot-words", RECORD_CLASS_BOT_REPORT,
		"its own first words say that a robot wrote it, and it is no patch",
		fits_robot_words},
	{"bugzilla", RECORD_CLASS_BUG_REPORT,
		"a bug tracker sent it, or its number leads", fits_bugzilla},
	{"applied-reply", RECORD_CLASS_APPLIED,
		"it is a reply that says, first and above all, that something was "
		"applied",
		fits_applied_reply},
	{"patch-in-reply", RECORD_CLASS_PATCH,
		"behind Re: stands a whole signed-off patch, and no quote above it",
		fits_patch_in_reply},
	{"review", RECORD_CLASS_REVIEW, "it is a reply whose own words give trailers",
		fits_review},
	{"reply", RECORD_CLASS_REPLY,
		"the subject begins with Re:, in some language, and there is what it "
		"answers",
		fits_reply},
	{"forward", RECORD_CLASS_OTHER, "the subject begins with Fwd:, in some language",
		fits_forward},
	{"reply-to-nothing", RECORD_CLASS_OTHER,
		"the subject begins with Re:, but it names no message, quotes none, and "
		"is not "
		"about the list's subject",
		fits_reply_to_nothing},
	{"cve", RECORD_CLASS_STABLE, "a CVE is announced", fits_cve},
	{"stable-failed", RECORD_CLASS_STABLE, "a patch did not apply to a stable tree",
		fits_stable_failed},
	{"stable", RECORD_CLASS_STABLE,
		"a tag names a stable tree or AUTOSEL, and it is a patch or 0/m; or it "
		"is a "
		"backport",
		fits_stable},
	{"pull-request", RECORD_CLASS_PULL_REQUEST,
		"a tag of the subject says PULL, and it is no patch of a series",
		fits_pull_request},
	{"cover-letter", RECORD_CLASS_COVER_LETTER, "a tag of the subject says 0/m",
		fits_cover_letter},
	{"compiler-message", RECORD_CLASS_BUG_REPORT,
		"the title is a compiler's or checker's message about a line",
		fits_compiler},
	{"patch", RECORD_CLASS_PATCH,
		"a tag of the subject says PATCH, RFC or n/m, and there is a diff",
		fits_patch},
	{"announcement", RECORD_CLASS_ANNOUNCEMENT,
		"a tag says ANNOUNCE, or the title names a release", fits_announcement},
	{"untagged-patch", RECORD_CLASS_PATCH,
		"there is no tag, but a diff under a diffstat or a sign-off",
		fits_untagged_patch},
	{"request-pull", RECORD_CLASS_PULL_REQUEST,
		"there is no tag, but the text that git request-pull writes",
		fits_request_pull},
	{"untagged-cover-letter", RECORD_CLASS_COVER_LETTER,
		"there is no tag and no diff, but git sent it or it has a diffstat, and "
		"it speaks "
		"of patches",
		fits_untagged_cover_letter},
	{"bug-report", RECORD_CLASS_BUG_REPORT,
		"a tag or the title's beginning says bug or regression", fits_bug_tag},
	{"breakage", RECORD_CLASS_BUG_REPORT,
		"it begins a thread about what is broken: by its title, or by what a "
		"crash printed or a kernel logged",
		fits_breakage},
	{"unmarked-review", RECORD_CLASS_REVIEW,
		"there is no Re:, but it answers a message, quotes, and gives trailers",
		fits_unmarked_review},
	{"unmarked-reply", RECORD_CLASS_REPLY,
		"there is no Re:, but it answers a message and is no patch",
		fits_unmarked_reply},
	{"tag-without-diff", RECORD_CLASS_OTHER,
		"the subject is tagged as a patch's, but there is no diff",
		fits_tag_only},
	{"discussion", RECORD_CLASS_DISCUSSION,
		"it begins a thread, is addressed to the list, and is about its subject",
		fits_discussion},
	{"other", RECORD_CLASS_OTHER, "it is nothing that a rule knows", fits_all},
};

const struct classify_rule *classify_rules(size_t *count_r)
{
	*count_r = G_N_ELEMENTS(rules);
	return rules;
}

static bool classify_by_user(
	const struct classify_input *input, struct classify_verdict *verdict_r)
{
	const struct rules_subject subject = {input->message->subject,
		input->message->from_name, input->message->from_address,
		input->message->list_ids, input->patch->paths};
	const struct conf_rule *rule = NULL;

	if (input->rules == NULL || input->rules->len == 0)
		return false;
	rule = rules_find_class(input->rules, &subject, &verdict_r->evidence);
	if (rule == NULL || !record_class_from_name(rule->class, &verdict_r->class))
		return false;
	verdict_r->rule = g_strdup_printf("rule %s", rule->name);
	return true;
}

void classify(const struct classify_input *input, struct classify_verdict *verdict_r)
{
	const struct classify_rule *rule = rules;
	char *safe;

	*verdict_r = (struct classify_verdict){0};
	if (classify_by_user(input, verdict_r))
		return;
	while (!rule->fits(input, &verdict_r->evidence))
		rule++;
	verdict_r->class = rule->class;
	verdict_r->rule = g_strdup(rule->name);
	if (strlen(verdict_r->evidence) > LIMIT_EVIDENCE_BYTES) {
		safe = g_utf8_substring(verdict_r->evidence, 0, LIMIT_EVIDENCE_BYTES / 4);
		g_free(verdict_r->evidence);
		verdict_r->evidence = g_strconcat(safe, "…", NULL);
		g_free(safe);
	}
}

void classify_release(struct classify_verdict *verdict)
{
	g_free(verdict->rule);
	g_free(verdict->evidence);
	*verdict = (struct classify_verdict){0};
}

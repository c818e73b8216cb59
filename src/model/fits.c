/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/fits.h"

#include <string.h>

#include "mail/quote.h"
#include "mail/trailer.h"
#include "model/applied.h"
#include "model/clues.h"

gboolean fits_seen(char **evidence_r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*evidence_r = g_strdup_vprintf(format, args);
	va_end(args);
	return TRUE;
}

gboolean fits_seen_subject(const struct classify_input *input, char **evidence_r)
{
	return fits_seen(evidence_r, "Subject: %s", input->message->subject);
}

gboolean fits_seen_from(const struct classify_input *input, char **evidence_r)
{
	return fits_seen(evidence_r, "From: %s <%s>", input->message->from_name,
		input->message->from_address);
}

bool fits_has_parent(const struct classify_input *input)
{
	return input->message->references->len > 0;
}

bool fits_has_patch_tag(const struct classify_input *input)
{
	const struct subject *subject = input->subject;

	return subject->patch || subject->rfc || subject->has_position;
}

bool fits_has_diff(const struct classify_input *input)
{
	const GString *text = input->message->text;

	return input->patch->has_diff &&
	       quote_find_original(text->str, input->patch->diff_start) ==
		       input->patch->diff_start;
}

bool fits_is_own_patch(const struct classify_input *input)
{
	return fits_has_diff(input) && input->subject->patch && !input->subject->reply;
}

gboolean fits_auto_reply(const struct classify_input *input, char **evidence_r)
{
	const struct message *message = input->message;
	const char *submitted = message_field(message, MESSAGE_FIELD_AUTO_SUBMITTED);
	const char *autoreply = message_field(message, MESSAGE_FIELD_X_AUTOREPLY);
	const char *autorespond = message_field(message, MESSAGE_FIELD_X_AUTORESPOND);
	const char *precedence = message_field(message, MESSAGE_FIELD_PRECEDENCE);
	const char *type = message_field(message, MESSAGE_FIELD_CONTENT_TYPE);

	/* RFC 3834 5: auto-generated is what bug trackers and test robots say of themselves. */
	if (g_ascii_strncasecmp(submitted, "auto-replied", 12) == 0)
		return fits_seen(evidence_r, "Auto-Submitted: %s", submitted);
	if (*autoreply != '\0' && g_ascii_strncasecmp(autoreply, "no", 2) != 0)
		return fits_seen(evidence_r, "X-Autoreply: %s", autoreply);
	if (*autorespond != '\0')
		return fits_seen(evidence_r, "X-Autorespond: %s", autorespond);
	if (g_ascii_strncasecmp(precedence, "auto_reply", 10) == 0)
		return fits_seen(evidence_r, "Precedence: %s", precedence);
	if (g_ascii_strncasecmp(type, "multipart/report", 16) == 0)
		return fits_seen(evidence_r, "Content-Type: %s", type);
	if (input->sender == SENDER_MAILER)
		return fits_seen_from(input, evidence_r);
	if (clues_is_absence(message->subject))
		return fits_seen_subject(input, evidence_r);
	return FALSE;
}

/* The sentence that says so, or else the sender. */
static gboolean seen_applied(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	struct applied applied = {0};

	if (applied_find(text->str, text->len, &applied) && *applied.line != '\0')
		fits_seen(evidence_r, "From: %s, and: %s", input->message->from_address,
			applied.line);
	else
		fits_seen_from(input, evidence_r);
	applied_release(&applied);
	return TRUE;
}

gboolean fits_patchwork(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	struct applied applied;

	if (input->sender != SENDER_PATCHWORK ||
		!applied_find(text->str, text->len, &applied))
		return FALSE;
	applied_release(&applied);
	return seen_applied(input, evidence_r);
}

gboolean fits_pr_tracker(const struct classify_input *input, char **evidence_r)
{
	return input->sender == SENDER_PR_TRACKER && seen_applied(input, evidence_r);
}

gboolean fits_tip(const struct classify_input *input, char **evidence_r)
{
	return input->sender == SENDER_TIP && seen_applied(input, evidence_r);
}

gboolean fits_tree_note(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	g_autofree char *copy = NULL;
	const char *line;

	if (fits_has_patch_tag(input))
		return FALSE;
	line = clues_tree_note(text->str, text->len);
	if (line == NULL)
		return FALSE;
	copy = g_strndup(line, strcspn(line, "\n"));
	return fits_seen(evidence_r, "%s", copy);
}

gboolean fits_commit_mail(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	g_autofree char *copy = NULL;
	const char *line;

	if (fits_has_patch_tag(input) || input->subject->reply)
		return FALSE;
	line = clues_commit_mail(text->str, text->len);
	if (line == NULL)
		return FALSE;
	copy = g_strndup(line, strcspn(line, "\n"));
	return fits_seen(evidence_r, "%s", copy);
}

gboolean fits_tree_removal(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	g_autofree char *copy = NULL;
	const char *line;

	if (fits_has_patch_tag(input))
		return FALSE;
	line = clues_tree_removal(text->str, text->len);
	if (line == NULL)
		return FALSE;
	copy = g_strndup(line, strcspn(line, "\n"));
	return fits_seen(evidence_r, "%s", copy);
}

gboolean fits_bot(const struct classify_input *input, char **evidence_r)
{
	bool bot = input->sender == SENDER_BOT || input->sender == SENDER_PATCHWORK;

	return bot && !fits_is_own_patch(input) && fits_seen_from(input, evidence_r);
}

/* People pass the kernel test robot's reports on when they have looked at them. */
gboolean fits_robot_signature(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	const char *line;

	if (input->subject->reply || input->quotes || fits_is_own_patch(input))
		return FALSE;
	line = clues_robot_signature(text->str, text->len);
	return line != NULL && fits_seen(evidence_r, "%s", line);
}

/* Robots that post from a person's address say first that they are one, in a reply too. */
gboolean fits_robot_words(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	g_autofree char *line = NULL;

	if (fits_is_own_patch(input))
		return FALSE;
	line = clues_robot_words(text->str, text->len);
	return line != NULL && fits_seen(evidence_r, "%s", line);
}

gboolean fits_bugzilla(const struct classify_input *input, char **evidence_r)
{
	if (input->sender == SENDER_BUGZILLA)
		return fits_seen_from(input, evidence_r);
	/* Who answers one under its number answers. */
	return clues_is_bug_number(input->message->subject) && !fits_has_parent(input) &&
	       !fits_has_patch_tag(input) && fits_seen_subject(input, evidence_r);
}

gboolean fits_applied_reply(const struct classify_input *input, char **evidence_r)
{
	const GString *text = input->message->text;
	struct applied applied;

	if (!(input->subject->reply || (fits_has_parent(input) && input->quotes)) ||
		!applied_find_in_reply(text->str, text->len, &applied))
		return FALSE;
	fits_seen(evidence_r, "%s", applied.line);
	applied_release(&applied);
	return TRUE;
}

/* A whole patch behind Re:, as some number their rerolls: a diff that is not quoted, under a
 * diffstat and a sign-off.  A suggestion in a discussion has no sign-off; below a quote only a
 * patch's own header tells one from the other. */
gboolean fits_patch_in_reply(const struct classify_input *input, char **evidence_r)
{
	const struct patch *patch = input->patch;
	const char *text = input->message->text->str;

	if (!input->subject->reply || !fits_has_diff(input) || !patch->has_diffstat ||
		(input->quotes && !clues_begins_patch(text, patch->diff_start)) ||
		!clues_has_sign_off(text, patch->diff_start))
		return FALSE;
	return fits_seen(evidence_r, "a sign-off, a diffstat and a diff of %u files, %s",
		patch->paths->len,
		input->quotes ? "under a header of its own" : "nothing quoted");
}

gboolean fits_review(const struct classify_input *input, char **evidence_r)
{
	const struct trailer *trailer;

	if (!input->subject->reply || input->trailers->len == 0)
		return FALSE;
	trailer = input->trailers->pdata[0];
	return fits_seen(evidence_r, "%s: %s", trailer->key, trailer->value);
}

/* Re: alone is no proof: what sells things begins with it too. */
gboolean fits_reply(const struct classify_input *input, char **evidence_r)
{
	g_autofree char *clue = NULL;

	if (!input->subject->reply)
		return FALSE;
	if (fits_has_parent(input) || input->quotes || fits_has_patch_tag(input) ||
		input->subject->pull)
		return fits_seen_subject(input, evidence_r);
	clue = clues_of_discussion(input->message);
	return clue != NULL &&
	       fits_seen(evidence_r, "Subject: %s (%s)", input->message->subject, clue);
}

gboolean fits_forward(const struct classify_input *input, char **evidence_r)
{
	return input->subject->forward && fits_seen_subject(input, evidence_r);
}

gboolean fits_reply_to_nothing(const struct classify_input *input, char **evidence_r)
{
	return input->subject->reply && fits_seen_subject(input, evidence_r);
}

/* No Re:, but a parent: some cut it off, some change the subject. */
gboolean fits_unmarked_review(const struct classify_input *input, char **evidence_r)
{
	const struct trailer *trailer;

	if (!fits_has_parent(input) || !input->quotes || input->trailers->len == 0)
		return FALSE;
	trailer = input->trailers->pdata[0];
	return fits_seen(evidence_r, "%s: %s", trailer->key, trailer->value);
}

gboolean fits_unmarked_reply(const struct classify_input *input, char **evidence_r)
{
	const GPtrArray *references = input->message->references;

	if (!fits_has_parent(input) || !(input->quotes || !fits_has_patch_tag(input)))
		return FALSE;
	return fits_seen(evidence_r, "In-Reply-To: <%s>",
		(const char *)references->pdata[references->len - 1]);
}

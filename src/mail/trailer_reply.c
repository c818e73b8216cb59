/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/trailer.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/diff.h"
#include "mail/patch.h"
#include "mail/trailer_line.h"

/* `-- >8 --` and the like (git-mailinfo(1) --scissors). */
static bool trailer_is_scissors(struct trailer_line line)
{
	static const char *const scissors[] = {">8", "8<", ">%", "%<"};
	size_t dashes = 0;
	bool found = false;

	for (size_t i = 0; i < line.length; i++) {
		struct trailer_line rest = {line.text + i, line.length - i};

		if (strchr("-8%<> ", line.text[i]) == NULL)
			return false;
		dashes += line.text[i] == '-';
		for (size_t k = 0; k < G_N_ELEMENTS(scissors); k++)
			found |= trailer_begins(rest, scissors[k]);
	}
	/* Not a quoted one. */
	return found && dashes >= 2 &&
	       (*line.text != '>' || line.text[1] == '8' || line.text[1] == '%');
}

/* Whether LINE is PREFIX and a commit id, as git-log(1) and git-format-patch(1) begin. */
static bool trailer_names_commit(struct trailer_line line, const char *prefix)
{
	size_t n = strlen(prefix), digits = 0;

	if (!trailer_begins(line, prefix))
		return false;
	while (n + digits < line.length && g_ascii_isxdigit(line.text[n + digits]))
		digits++;
	return digits >= 7;
}

/* What a reply holds beside its own words. */
struct trailer_reply {
	const char *text;
	size_t length;
	size_t diff;     /* where the last one's last file begins, 0 without one */
	bool in_copy;    /* of a mail or patch, up to its diff */
	bool cut;        /* between two lines of scissors */
	bool in_log;     /* what git-log(1) printed: it indents messages */
	bool signed_off; /* this paragraph is the end of a patch's commit message */
	bool after_blank;
	struct diff_hunk hunk;
};

/* Whether the mail whose head goes on at START is quoted with marks, so that what has none was
 * written by who replies. */
static bool trailer_is_marked(const struct trailer_reply *reply, size_t start)
{
	enum { HEAD_LINES = 20 };
	struct trailer_line line;
	bool blank = false;

	for (unsigned i = 0; i < HEAD_LINES; i++) {
		if (!text_next_line(
			    reply->text, reply->length, &start, &line.text, &line.length))
			return false;
		if (trailer_begins(line, ">"))
			return true;
		if (blank && !trailer_is_blank(line))
			return false;
		blank = trailer_is_blank(line);
	}
	return false;
}

/* Whether a mail's head goes on at START, behind its `From:`, to a `Subject:`. */
static bool trailer_has_subject(const struct trailer_reply *reply, size_t start)
{
	enum { HEAD_LINES = 8 };
	struct trailer_line line;

	for (unsigned i = 0; i < HEAD_LINES; i++) {
		if (!text_next_line(reply->text, reply->length, &start, &line.text,
			    &line.length) ||
			trailer_is_blank(line))
			return false;
		if (trailer_begins(line, "subject:"))
			return true;
		if (!g_ascii_isspace(*line.text) && trailer_colon(line) == 0)
			return false;
	}
	return false;
}

/* `-----Original Message-----` in any language, and a field on the next line. */
static bool trailer_is_copy_rule(
	const struct trailer_reply *reply, struct trailer_line line, size_t next)
{
	struct trailer_line field;
	size_t dashes = 0;

	line = trailer_strip(line);
	while (dashes < line.length && line.text[dashes] == '-')
		dashes++;
	return dashes >= 4 && dashes < line.length &&
	       memcmp(line.text + line.length - 4, "----", 4) == 0 &&
	       !trailer_begins(line, "-----BEGIN PGP") &&
	       text_next_line(
		       reply->text, reply->length, &next, &field.text, &field.length) &&
	       memchr(field.text, ':', MIN(field.length, 20)) != NULL;
}

/* Whether LINE, behind which CURSOR is, begins a mail or patch that was copied here as it was. */
static bool trailer_begins_copy(
	const struct trailer_reply *reply, struct trailer_line line, size_t cursor)
{
	if (trailer_names_commit(line, "from "))
		return true;
	return (trailer_begins(line, "subject: [patch") ||
		       (trailer_begins(line, "from: ") &&
			       trailer_has_subject(reply, cursor)) ||
		       trailer_is_copy_rule(reply, line, cursor)) &&
	       !trailer_is_marked(reply, cursor);
}

/* What else git-log(1) has at the begin of a line. */
static bool trailer_is_log_field(struct trailer_line line)
{
	return trailer_begins(line, "author") || trailer_begins(line, "commit") ||
	       trailer_begins(line, "date:") || trailer_begins(line, "merge:");
}

/* Whether somebody signs off in the paragraph at START. */
static bool trailer_is_signed_off(const struct trailer_reply *reply, size_t start)
{
	struct trailer_line line;

	while (text_next_line(
		reply->text, reply->diff, &start, &line.text, &line.length)) {
		line = trailer_strip(line);
		if (line.length == 0)
			break;
		if (trailer_begins(line, "signed-off-by:"))
			return true;
	}
	return false;
}

/* Takes note of what begins or ends with LINE, behind which CURSOR is. */
static void trailer_look_around(
	struct trailer_reply *reply, struct trailer_line line, size_t cursor)
{
	size_t start = (size_t)(line.text - reply->text);

	if (reply->after_blank)
		reply->signed_off = trailer_is_signed_off(reply, start);
	reply->after_blank = trailer_is_blank(line);
	/* Half of a reply is quotes, and a quote begins and ends nothing but a log. */
	if (line.length > 1 && *line.text == '>' && strchr("8%", line.text[1]) == NULL) {
		reply->in_log = false;
		return;
	}
	if (trailer_is_scissors(line)) {
		reply->cut = !reply->cut;
		reply->in_copy = reply->cut;
	} else if (trailer_begins_copy(reply, line, cursor)) {
		reply->in_copy = true;
	}
	if (trailer_names_commit(line, "commit "))
		reply->in_log = true;
	else if (line.length > 0 && !g_ascii_isspace(*line.text) &&
		 !trailer_is_log_field(line))
		reply->in_log = false;
}

/* Whether LINE is the reply's own words. */
static bool trailer_is_own(
	struct trailer_reply *reply, struct trailer_line line, size_t cursor)
{
	if (diff_take_line(line.text, line.length, &reply->hunk) != '\0')
		return false;
	if (diff_begin_hunk(line.text, line.length, &reply->hunk)) {
		/* Behind a diff the sender speaks again. */
		reply->in_copy = false;
		reply->after_blank = true;
		return false;
	}
	trailer_look_around(reply, line, cursor);
	return !reply->in_copy && !reply->signed_off &&
	       !(reply->in_log &&
		       (trailer_begins(line, "    ") || trailer_begins(line, "\t")));
}

/* `Something-by: Name <address>`, with what was broken off it from *CURSOR on. */
static void trailer_take_own(const struct trailer_reply *reply, struct trailer_line line,
	size_t *cursor, GPtrArray *trailers)
{
	size_t colon, next = *cursor;
	g_autoptr(GString) value = NULL;
	g_autofree char *key = NULL;
	struct trailer_line rest;

	line = trailer_strip(line);
	colon = trailer_colon(line);
	if (colon == 0 || colon > LIMIT_FIELD_BYTES || !trailer_ends_in_by(line, colon))
		return;
	value = g_string_new(NULL);
	rest = trailer_rest(line, colon);
	trailer_append(value, rest);
	if (!trailer_has_mailbox(rest)) {
		if (!text_next_line(reply->text, reply->length, &next, &rest.text,
			    &rest.length) ||
			!trailer_is_wrapped(rest, line, value))
			return;
		trailer_append(value, trailer_strip(rest));
		if (!trailer_has_mailbox((struct trailer_line){value->str, value->len}))
			return;
		*cursor = next;
	}
	key = g_strchomp(g_strndup(line.text, colon));
	trailer_add(trailers, key, value->str);
}

void trailer_parse_reply(const char *text, size_t length, GPtrArray *trailers)
{
	struct trailer_reply reply = {.text = text, .after_blank = true};
	struct trailer_line line;
	size_t cursor = 0, start;

	reply.length = patch_without_footer(text, length);
	while (patch_find_diff(text + cursor, reply.length - cursor, &start)) {
		reply.diff = cursor + start;
		cursor = reply.diff + 1;
	}
	cursor = 0;
	while (trailers->len < LIMIT_GIVEN &&
		text_next_line(text, reply.length, &cursor, &line.text, &line.length)) {
		bool own = trailer_is_own(&reply, line, cursor);

		if (own && patch_is_signature(
				   text, reply.length, (size_t)(line.text - text)))
			break;
		if (own)
			trailer_take_own(&reply, line, &cursor, trailers);
	}
}

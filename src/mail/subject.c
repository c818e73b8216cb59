/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/subject.h"

#include <stdlib.h>
#include <string.h>

/* Reply and forward marks, without the colon, in lower case; a count as in `Re[2]` or
 * `Re^2` may follow.  The languages are those that mail programs of list members put
 * there. */
static const struct subject_mark {
	const char *mark;
	bool forward;
} subject_marks[] = {
	{"re", false},
	{"aw", false},   /* German */
	{"antw", false}, /* Dutch, German */
	{"antwort", false},
	{"sv", false},  /* Danish, Norwegian, Swedish */
	{"vs", false},  /* Finnish */
	{"odp", false}, /* Polish */
	{"res", false}, /* Portuguese */
	{"ynt", false}, /* Turkish */
	{"回复", false},
	{"答复", false},
	{"回覆", false},
	{"fwd", true},
	{"fw", true},
	{"wg", true},
	{"tr", true},
	{"转发", true},
};

/* The length of the mark with its colon at LINE, 0 for none. */
static size_t subject_mark_length(const char *line, bool *forward_r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subject_marks); i++) {
		size_t n = strlen(subject_marks[i].mark);
		const char *c = line + n;

		if (g_ascii_strncasecmp(line, subject_marks[i].mark, n) != 0)
			continue;
		if (*c == '[' || *c == '^' || *c == '(')
			for (c++; g_ascii_isdigit(*c); c++)
				;
		if (*c == ']' || *c == ')')
			c++;
		while (*c == ' ')
			c++;
		*forward_r = subject_marks[i].forward;
		if (*c == ':')
			return (size_t)(c + 1 - line);
		if (g_str_has_prefix(c, "\xef\xbc\x9a")) /* U+FF1A, the wide colon */
			return (size_t)(c + 3 - line);
	}
	return 0;
}

static const char *subject_skip_marks(const char *line, struct subject *subject)
{
	size_t length;
	bool forward;

	while (*line == ' ')
		line++;
	while ((length = subject_mark_length(line, &forward)) > 0) {
		subject->forward |= forward;
		subject->reply |= !forward;
		line += length;
		while (*line == ' ')
			line++;
	}
	return line;
}

/* Reads digits; 0 where there are none or more than a series or version can have. */
static size_t subject_number(const char *c, unsigned *value_r)
{
	size_t n = 0;

	*value_r = 0;
	for (; g_ascii_isdigit(c[n]); n++) {
		if (n >= 6)
			return 0;
		*value_r = *value_r * 10 + (unsigned)g_ascii_digit_value(c[n]);
	}
	return n;
}

static bool subject_take_position(const char *token, struct subject *subject)
{
	unsigned position, total;
	size_t n = subject_number(token, &position), m;

	if (n == 0 || token[n] != '/')
		return false;
	m = subject_number(token + n + 1, &total);
	if (m == 0 || token[n + 1 + m] != '\0' || total == 0)
		return false;
	subject->has_position = true;
	subject->position = position;
	subject->total = total;
	return true;
}

static bool subject_take_revision(const char *token, struct subject *subject)
{
	unsigned revision;
	size_t n;

	if ((token[0] | 32) != 'v')
		return false;
	n = 1 + subject_number(token + 1, &revision);
	if (n == 1)
		return false;
	if (token[n] == '.')
		while (g_ascii_isdigit(token[++n]))
			;
	if (token[n] != '\0')
		return false;
	subject->revision = revision;
	g_free(subject->revision_mark);
	subject->revision_mark = g_ascii_strdown(token, -1);
	return true;
}

static void subject_take_token(const char *token, struct subject *subject);

/* `PATCHv2`, `PATCH1/8`, `PATCH-v3`: the word and what is glued to it. */
static bool subject_take_glued(const char *token, struct subject *subject)
{
	const char *rest = token + 5;

	if (g_ascii_strncasecmp(token, "patch", 5) != 0)
		return false;
	while (*rest != '\0' && strchr("-_:/", *rest) != NULL)
		rest++;
	if (rest == token + 5 && !g_ascii_isdigit(*rest) &&
		!((*rest | 32) == 'v' && g_ascii_isdigit(rest[1])))
		return *rest == '\0' ? (subject->patch = true) : false;
	subject->patch = true;
	subject_take_token(rest, subject);
	return true;
}

static void subject_take_token(const char *token, struct subject *subject)
{
	const char *slash = strpbrk(token, "/-");

	if (subject_take_position(token, subject) ||
		subject_take_revision(token, subject) ||
		subject_take_glued(token, subject))
		return;
	subject->rfc |= g_ascii_strncasecmp(token, "rfc", 3) == 0 &&
			!g_ascii_isalpha(token[3]);
	subject->pull |= g_ascii_strcasecmp(token, "pull") == 0 ||
			 g_ascii_strcasecmp(token, "git-pull") == 0;
	subject->resend |= g_ascii_strcasecmp(token, "resend") == 0 ||
			   g_ascii_strcasecmp(token, "repost") == 0 ||
			   g_ascii_strcasecmp(token, "re-send") == 0;
	/* `RFCv2`, `RFC/PATCH`, `RFC-PATCH`. */
	if (g_ascii_strncasecmp(token, "rfc", 3) == 0 && (token[3] | 32) == 'v') {
		subject->rfc |= subject_take_revision(token + 3, subject);
	} else if (slash != NULL && slash == token + 3 && subject->rfc) {
		subject_take_token(slash + 1, subject);
	}
}

/* Mercurial writes `3 of 7`. */
static void subject_take_hg_position(GPtrArray *tags, guint from, struct subject *subject)
{
	for (guint i = from; i + 2 < tags->len; i++) {
		g_autofree char *joined = NULL;

		if (strcmp(tags->pdata[i + 1], "of") != 0)
			continue;
		joined = g_strdup_printf(
			"%s/%s", (char *)tags->pdata[i], (char *)tags->pdata[i + 2]);
		subject_take_position(joined, subject);
	}
}

static void subject_take_bracket(
	const char *inside, size_t length, struct subject *subject)
{
	g_autofree char *copy = g_strndup(inside, length);
	g_auto(GStrv) tokens = g_strsplit_set(copy, " ,[]", -1);
	guint from = subject->tags->len;

	for (char **token = tokens; *token != NULL; token++) {
		if (**token == '\0')
			continue;
		g_ptr_array_add(subject->tags, g_strdup(*token));
		subject_take_token(*token, subject);
	}
	subject_take_hg_position(subject->tags, from, subject);
}

/* The length of the balanced bracket at LINE ('['), 0 when it never closes. */
static size_t subject_bracket_length(const char *line)
{
	unsigned depth = 0;

	for (size_t i = 0; line[i] != '\0'; i++) {
		if (line[i] == '[')
			depth++;
		else if (line[i] == ']' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* `[PATCH]: title`, which git-mailinfo(1) leaves out too. */
static const char *subject_skip_colons(const char *line)
{
	while (*line == ' ' || *line == ':')
		line++;
	return line;
}

/* Nobody changes a file called `re`: behind a patch's tags the mark is left from a reply, and
 * git-mailinfo(1) leaves it out.  In other languages it may be what was changed. */
static const char *subject_skip_re(const char *line)
{
	while (g_ascii_strncasecmp(line, "re:", 3) == 0)
		line = subject_skip_colons(line + 3);
	return line;
}

void subject_parse(const char *line, struct subject *subject_r)
{
	struct subject subject = {
		.revision = 1, .tags = g_ptr_array_new_with_free_func(g_free)};
	size_t length;

	subject.revision_mark = g_strdup("");
	line = subject_skip_marks(line, &subject);
	while (*line == '[' && (length = subject_bracket_length(line)) > 0) {
		subject_take_bracket(line + 1, length - 2, &subject);
		line = subject_skip_colons(line + length);
		/* A list may have put its own tag in front of `Re:`; behind a patch's tags such
		 * a word is what was changed. */
		if (!subject.patch && !subject.rfc && !subject.pull &&
			!subject.has_position)
			line = subject_skip_marks(line, &subject);
	}
	subject.title = g_strdup(subject_skip_re(line));
	*subject_r = subject;
}

void subject_release(struct subject *subject)
{
	g_free(subject->revision_mark);
	g_free(subject->title);
	g_clear_pointer(&subject->tags, g_ptr_array_unref);
	*subject = (struct subject){0};
}

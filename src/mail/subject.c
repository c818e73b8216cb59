/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/subject.h"

#include <stdlib.h>
#include <string.h>

/* Reply and forward marks, without the colon, in lower case; a count as in `Re[2]`, `Re^2` or
 * `Re-2` may follow.  The languages are those that mail programs of list members put there; scripts
 * that have cases with both. */
static const struct subject_mark {
	const char *mark;
	enum subject_mark_kind {
		SUBJECT_MARK_REPLY,
		SUBJECT_MARK_FORWARD,
		SUBJECT_MARK_NONE, /* of a filter: says nothing */
	} kind;
	bool is_word; /* it may be a word of a title: a mark only in front of a bracket or mark */
} subject_marks[] = {
	{"re", SUBJECT_MARK_REPLY, false},
	{"aw", SUBJECT_MARK_REPLY, false},   /* German */
	{"antw", SUBJECT_MARK_REPLY, false}, /* Dutch, German */
	{"antwort", SUBJECT_MARK_REPLY, false},
	{"sv", SUBJECT_MARK_REPLY, false},  /* Danish, Norwegian, Swedish */
	{"vs", SUBJECT_MARK_REPLY, false},  /* Finnish */
	{"odp", SUBJECT_MARK_REPLY, false}, /* Polish */
	{"res", SUBJECT_MARK_REPLY, false}, /* Portuguese */
	{"ynt", SUBJECT_MARK_REPLY, false}, /* Turkish */
	{"rif", SUBJECT_MARK_REPLY, false}, /* Italian */
	{"r", SUBJECT_MARK_REPLY, true},
	{"ref", SUBJECT_MARK_REPLY, true},
	{"reply", SUBJECT_MARK_REPLY, true},
	{"bls", SUBJECT_MARK_REPLY, true}, /* Indonesian */
	{"vá", SUBJECT_MARK_REPLY, false}, /* Hungarian */
	{"απ", SUBJECT_MARK_REPLY, false}, /* Greek */
	{"ΑΠ", SUBJECT_MARK_REPLY, false},
	{"Απ", SUBJECT_MARK_REPLY, false},
	{"σχετ", SUBJECT_MARK_REPLY, false},
	{"ΣΧΕΤ", SUBJECT_MARK_REPLY, false},
	{"Σχετ", SUBJECT_MARK_REPLY, false},
	{"Отв", SUBJECT_MARK_REPLY, false}, /* Russian */
	{"Ответ", SUBJECT_MARK_REPLY, false},
	{"回复", SUBJECT_MARK_REPLY, false},
	{"答复", SUBJECT_MARK_REPLY, false},
	{"回覆", SUBJECT_MARK_REPLY, false},
	{"回信", SUBJECT_MARK_REPLY, false},
	{"返信", SUBJECT_MARK_REPLY, false},
	{"답장", SUBJECT_MARK_REPLY, false},
	{"회신", SUBJECT_MARK_REPLY, false},
	/* How Ubuntu's kernel team answers. */
	{"ack", SUBJECT_MARK_REPLY, true},
	{"nak", SUBJECT_MARK_REPLY, true},
	{"nack", SUBJECT_MARK_REPLY, true},
	{"cmnt", SUBJECT_MARK_REPLY, true},
	{"applied", SUBJECT_MARK_REPLY, true},
	{"ack/cmnt", SUBJECT_MARK_REPLY, true},
	{"nak/cmnt", SUBJECT_MARK_REPLY, true},
	{"nack/cmnt", SUBJECT_MARK_REPLY, true},
	{"applied/cmnt", SUBJECT_MARK_REPLY, true},
	{"fwd", SUBJECT_MARK_FORWARD, false},
	{"fw", SUBJECT_MARK_FORWARD, false},
	{"wg", SUBJECT_MARK_FORWARD, false}, /* German */
	{"tr", SUBJECT_MARK_FORWARD, false}, /* French */
	{"rv", SUBJECT_MARK_FORWARD, true},  /* Spanish */
	{"enc", SUBJECT_MARK_FORWARD, true}, /* Portuguese */
	{"i", SUBJECT_MARK_FORWARD, true},   /* Italian */
	{"vb", SUBJECT_MARK_FORWARD, true},  /* Swedish */
	{"vl", SUBJECT_MARK_FORWARD, true},  /* Finnish */
	{"pd", SUBJECT_MARK_FORWARD, true},  /* Polish */
	{"转发", SUBJECT_MARK_FORWARD, false},
	{"轉寄", SUBJECT_MARK_FORWARD, false},
	{"spam", SUBJECT_MARK_NONE, true},
	{"ext", SUBJECT_MARK_NONE, true},
	{"external", SUBJECT_MARK_NONE, true},
};

static const char *subject_skip_blanks(const char *line)
{
	return line + strspn(line, " ");
}

/* What stands in front of the colon at C: `[2]`, `^2`, `(2)`, `-2`, blanks. */
static const char *subject_skip_count(const char *c)
{
	if (*c == '[' || *c == '^' || *c == '(' || (*c == '-' && g_ascii_isdigit(c[1])))
		for (c++; g_ascii_isdigit(*c); c++)
			;
	if (*c == ']' || *c == ')')
		c++;
	return subject_skip_blanks(c);
}

/* The length of MARK with its colon at LINE, 0 where it is not there. */
static size_t subject_mark_length(const char *line, const struct subject_mark *mark)
{
	size_t n = strlen(mark->mark);
	const char *c;

	if (g_ascii_strncasecmp(line, mark->mark, n) != 0)
		return 0;
	c = subject_skip_count(line + n);
	if (*c == ':')
		return (size_t)(c + 1 - line);
	if (g_str_has_prefix(c, "\xef\xbc\x9a")) /* U+FF1A, the wide colon */
		return (size_t)(c + 3 - line);
	return 0;
}

/* Whether what follows a word shows that it is a mark. */
static bool subject_continues(const char *line)
{
	line = subject_skip_blanks(line);
	for (size_t i = 0; i < G_N_ELEMENTS(subject_marks); i++)
		if (!subject_marks[i].is_word &&
			subject_mark_length(line, &subject_marks[i]) > 0)
			return true;
	return *line == '[';
}

/* The mark at LINE, and its length with the colon; NULL for none. */
static const struct subject_mark *subject_find_mark(const char *line, size_t *length_r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subject_marks); i++) {
		const struct subject_mark *mark = &subject_marks[i];

		*length_r = subject_mark_length(line, mark);
		if (*length_r > 0 &&
			(!mark->is_word || subject_continues(line + *length_r)))
			return mark;
	}
	return NULL;
}

/* The length of a filter's `***SPAM***` or `(EXT)` in front of a mark or bracket, 0 for none. */
static size_t subject_filter_length(const char *line)
{
	const char *end = line;

	if (*line == '*') {
		end += strspn(end, "*");
		end += strspn(end, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ");
		end += strspn(end, "*");
	} else if (g_ascii_strncasecmp(line, "(ext", 4) == 0) {
		end += strcspn(end, ")");
		end += *end == ')';
	}
	return end > line && strchr("*)", end[-1]) && subject_continues(end)
		       ? (size_t)(end - line)
		       : 0;
}

static const char *subject_skip_marks(const char *line, struct subject *subject)
{
	const struct subject_mark *mark;
	size_t length;

	for (;;) {
		line = subject_skip_blanks(line);
		mark = subject_find_mark(line, &length);
		if (mark == NULL)
			length = subject_filter_length(line);
		if (length == 0)
			return line;
		if (mark != NULL) {
			subject->forward |= mark->kind == SUBJECT_MARK_FORWARD;
			subject->reply |= mark->kind == SUBJECT_MARK_REPLY;
		}
		line += length;
	}
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

	token += *token == '-';
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
	while (*rest != '\0' && strchr("-_:/.", *rest) != NULL)
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

/* Mercurial writes `3 of 7`, some people `3 / 7`. */
static void subject_take_split_position(
	const GPtrArray *tags, guint from, struct subject *subject)
{
	for (guint i = from; i + 1 < tags->len; i++) {
		const char *first = tags->pdata[i], *second = tags->pdata[i + 1];
		const char *third = i + 2 < tags->len ? tags->pdata[i + 2] : "";
		bool of = strcmp(second, "of") == 0 || strcmp(second, "/") == 0;
		g_autofree char *joined = of ? g_strdup_printf("%s/%s", first, third)
					     : g_strconcat(first, second, NULL);

		if (of || *second == '/' || g_str_has_suffix(first, "/"))
			subject_take_position(joined, subject);
	}
}

/* `(v2)`, `v2:` and `#1/2` as `v2` and `1/2`. */
static void subject_take_bare_token(const char *token, struct subject *subject)
{
	const char *start = token + strspn(token, "(#");
	size_t length = strlen(start);
	g_autofree char *bare = NULL;

	while (length > 0 && strchr("):", start[length - 1]) != NULL)
		length--;
	bare = g_strndup(start, length);
	subject_take_token(bare, subject);
}

static void subject_take_bracket(
	const char *inside, size_t length, struct subject *subject)
{
	g_autofree char *copy = g_strndup(inside, length);
	g_auto(GStrv) tokens = g_strsplit_set(copy, " ,;[]", -1);
	guint from = subject->tags->len;

	for (char **token = tokens; *token != NULL; token++) {
		if (**token == '\0')
			continue;
		g_ptr_array_add(subject->tags, g_strdup(*token));
		subject_take_bare_token(*token, subject);
	}
	subject_take_split_position(subject->tags, from, subject);
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

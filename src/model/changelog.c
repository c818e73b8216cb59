/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/changelog.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"
#include "mail/diffstat.h"

/* A line that may head what changed in a version. */
struct changelog_heading {
	unsigned versions, first, last; /* how many are named, and which; an RFC is 0 */
	bool keyword, since, arrow, colon;
	size_t rest; /* where the words behind the heading begin */
};

/* What headings are made of, beside versions. */
static const struct changelog_word {
	const char *word;
	bool keyword, since;
} changelog_words[] = {
	{"change", true, false},
	{"changed", true, false},
	{"changes", true, false},
	{"changelog", true, false},
	{"changelogs", true, false},
	{"history", true, false},
	{"revision", true, false},
	{"differences", true, false},
	{"diff", true, false},
	{"updates", true, false},
	{"update", true, false},
	{"new", true, false},
	{"since", true, true},
	{"from", false, true},
	{"vs", true, true},
	{"compared", true, true},
	{"overview", false, false},
	{"notable", false, false},
	{"major", false, false},
	{"main", false, false},
	{"all", false, false},
	{"log", false, false},
	{"in", false, false},
	{"for", false, false},
	{"between", false, false},
	{"made", false, false},
	{"with", false, false},
	{"and", false, false},
	{"the", false, false},
	{"patch", false, false},
	{"patchset", false, false},
	{"series", false, false},
	{"version", false, false},
	{"posting", false, false},
};

static bool changelog_is_break(char c)
{
	return c != '\0' && strchr(" \t[]()*#=_~-", c) != NULL;
}

/* `v5`, `V5.1`, `5` behind "version", `RFC`, `RFCv2`; an RFC's own count is another. */
static bool changelog_read_version(const char *word, size_t length, unsigned *version_r)
{
	unsigned version = 0;
	size_t i = 1;

	if (length >= 3 && g_ascii_strncasecmp(word, "rfc", 3) == 0) {
		*version_r = 0;
		return length == 3 || (g_ascii_tolower(word[3]) == 'v' && length <= 6);
	}
	if (length < 2 || length > 8 || g_ascii_tolower(word[0]) != 'v' ||
		!g_ascii_isdigit(word[1]))
		return false;
	for (; i < length && g_ascii_isdigit(word[i]); i++)
		version = version * 10 + (unsigned)(word[i] - '0');
	*version_r = version;
	return i == length || (word[i] == '.' && i + 1 < length);
}

static bool changelog_take_word(
	const char *word, size_t length, struct changelog_heading *heading)
{
	unsigned version;

	if (changelog_read_version(word, length, &version)) {
		/* Only the last two count: `RFC v2 -> v3`. */
		heading->first = heading->last;
		heading->last = version;
		heading->versions++;
		return true;
	}
	if (length == 2 && g_ascii_strncasecmp(word, "to", 2) == 0 &&
		heading->versions > 0) {
		heading->arrow = true;
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(changelog_words); i++) {
		const struct changelog_word *known = &changelog_words[i];

		if (strlen(known->word) == length &&
			g_ascii_strncasecmp(word, known->word, length) == 0) {
			heading->keyword |= known->keyword;
			heading->since |= known->since;
			return true;
		}
	}
	return false;
}

/* The length of the arrow at TEXT: `->`, `-->`, `=>`, U+2192; 0 for none. */
static size_t changelog_arrow(const char *text, size_t length)
{
	size_t dashes = 0;

	if (length >= 3 && memcmp(text, "\xe2\x86\x92", 3) == 0)
		return 3;
	while (dashes < length && (text[dashes] == '-' || text[dashes] == '='))
		dashes++;
	if (dashes >= 1 && dashes <= 3 && dashes < length && text[dashes] == '>')
		return dashes + 1;
	return 0;
}

static size_t changelog_word_length(const char *text, size_t length)
{
	size_t end = 0;

	while (end < length &&
		(g_ascii_isalnum(text[end]) || text[end] == '.' || text[end] == '\''))
		end++;
	return end;
}

static void changelog_read_heading(
	const char *line, size_t length, struct changelog_heading *heading)
{
	size_t at = 0;

	*heading = (struct changelog_heading){0};
	while (at < length) {
		size_t arrow = changelog_arrow(line + at, length - at), word;

		if (arrow > 0) {
			heading->arrow = true;
			at += arrow;
			continue;
		}
		if (changelog_is_break(line[at])) {
			at++;
			continue;
		}
		if (line[at] == ':') {
			heading->colon = true;
			at++;
			break;
		}
		word = changelog_word_length(line + at, length - at);
		if (word == 0 || !changelog_take_word(line + at, word, heading))
			break;
		at += word;
	}
	while (at < length && strchr(" \t)]", line[at]) != NULL)
		at++;
	heading->rest = at;
}

static bool changelog_is_link(const char *text, size_t length)
{
	while (length > 0 && strchr("(<[", *text) != NULL) {
		text++;
		length--;
	}
	return length >= 7 && strncmp(text, "http", 4) == 0;
}

/* Whether LINE heads what changed in some version, and in which.  Quoted, it is of another mail. */
static bool changelog_is_heading(
	const char *line, size_t length, unsigned *version_r, size_t *rest_r)
{
	struct changelog_heading heading;
	size_t rest;

	changelog_read_heading(line, length, &heading);
	rest = length - heading.rest;
	if (heading.versions == 0)
		return false;
	if (heading.versions == 1 && !heading.keyword && !heading.since) {
		/* `v5: https://…` is one of a list of earlier versions. */
		if ((rest > 0 && !heading.colon) ||
			changelog_is_link(line + heading.rest, rest))
			return false;
	} else if (rest > 0 && !heading.colon &&
		   !(heading.arrow && heading.versions > 1) &&
		   !changelog_is_link(line + heading.rest, rest)) {
		return false;
	}
	if (heading.versions > 1)
		*version_r = MAX(heading.first, heading.last);
	else
		*version_r = heading.last + (heading.since ? 1 : 0);
	*rest_r = heading.rest;
	return true;
}

static size_t changelog_indent(const char *line, size_t length)
{
	size_t indent = 0;

	while (indent < length && (line[indent] == ' ' || line[indent] == '\t'))
		indent++;
	return indent;
}

/* `- x`, `* x`, `o x`, `1. x`, `1) x`, `(1) x`, `• x`, `. x`. */
static bool changelog_is_item(const char *line, size_t length)
{
	size_t at = 0;

	if (length >= 2 && strchr("-*+o.", line[0]) != NULL && line[1] == ' ')
		return true;
	if (length >= 3 && memcmp(line, "\xe2\x80\xa2", 3) == 0)
		return true;
	at += line[0] == '(';
	while (at < length && g_ascii_isdigit(line[at]))
		at++;
	return at > 0 && at < 5 && at < length && (line[at] == '.' || line[at] == ')');
}

/* What stands below a changelog in a mail. */
static bool changelog_is_end(const char *line, size_t length)
{
	static const char *const ends[] = {"base-commit:", "prerequisite-",
		"change-id:", "Best regards", "Signed-off-by:", "diff ", "--- a/", "-- "};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (length >= strlen(ends[i]) &&
			strncmp(line, ends[i], strlen(ends[i])) == 0)
			return true;
	if ((length == 2 || length == 3) && strncmp(line, "---", length) == 0)
		return true;
	return length > 0 && line[0] == ' ' && memchr(line, '|', length) != NULL &&
	       strspn(line, " ") == 1;
}

static size_t changelog_trim(const char *line, size_t length)
{
	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	return length;
}

/* `=======` under a heading. */
static bool changelog_is_rule(const char *line, size_t length)
{
	size_t at = 0;

	while (at < length && strchr("=-~_*", line[at]) != NULL && line[at] == line[0])
		at++;
	return length >= 3 && at == length;
}

/* The lines of a version, as they are taken. */
struct changelog_part {
	GPtrArray *lines;
	unsigned blanks; /* since the last line */
	bool begun, items;
};

/* Whether LINE is of the part: behind a list no paragraph follows that is none. */
static bool changelog_belongs(
	const struct changelog_part *part, const char *line, size_t length)
{
	size_t indent = changelog_indent(line, length);

	if (changelog_is_end(line, length))
		return false;
	if (!part->begun || part->blanks == 0)
		return true;
	return part->blanks <= 2 &&
	       (indent > 0 || changelog_is_item(line + indent, length - indent));
}

/* LINE with blanks for the tabs that it begins with: some people mix them. */
static char *changelog_expand(const char *line, size_t length)
{
	size_t indent = changelog_indent(line, length);
	GString *expanded = g_string_new(NULL);

	for (size_t i = 0; i < indent; i++)
		do
			g_string_append_c(expanded, ' ');
		while (line[i] == '\t' && expanded->len % 8 != 0);
	g_string_append_len(expanded, line + indent, (gssize)(length - indent));
	return g_string_free(expanded, FALSE);
}

static void changelog_take(struct changelog_part *part, const char *line, size_t length)
{
	for (; part->begun && part->blanks > 0; part->blanks--)
		g_ptr_array_add(part->lines, g_strdup(""));
	part->blanks = 0;
	part->begun = true;
	g_ptr_array_add(part->lines, changelog_expand(line, length));
}

/* The lines without the indentation that all but a heading's own words have. */
static char *changelog_join(const GPtrArray *lines, bool inlined)
{
	GString *text = g_string_new(NULL);
	size_t common = SIZE_MAX;

	for (guint i = inlined; i < lines->len; i++) {
		const char *line = lines->pdata[i];

		if (*line != '\0')
			common = MIN(common, changelog_indent(line, strlen(line)));
	}
	for (guint i = 0; i < lines->len; i++) {
		const char *line = lines->pdata[i];

		if (i > 0)
			g_string_append_c(text, '\n');
		if (*line != '\0')
			g_string_append(text, line + (i >= inlined ? common : 0));
	}
	return g_string_free(text, FALSE);
}

/* Reads the part whose heading ended at CURSOR. */
static void changelog_read_part(
	const char *text, size_t length, size_t cursor, struct changelog_part *part)
{
	const char *line;
	size_t line_length;

	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		unsigned version;
		size_t rest;

		line_length = changelog_trim(line, line_length);
		if (line_length == 0) {
			part->blanks++;
			continue;
		}
		if (changelog_is_heading(line, line_length, &version, &rest) ||
			!changelog_belongs(part, line, line_length))
			break;
		if (!changelog_is_rule(line, line_length))
			changelog_take(part, line, line_length);
	}
}

char *changelog_find(const char *text, size_t length, unsigned revision)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		struct changelog_part part = {0};
		char *found = NULL;
		unsigned version;
		size_t rest;

		line_length = changelog_trim(line, line_length);
		if (!changelog_is_heading(line, line_length, &version, &rest) ||
			version != revision)
			continue;
		part.lines = g_ptr_array_new_with_free_func(g_free);
		if (rest < line_length)
			changelog_take(&part, line + rest, line_length - rest);
		changelog_read_part(text, length, cursor, &part);
		if (part.begun)
			found = changelog_join(part.lines, rest < line_length);
		g_ptr_array_unref(part.lines);
		if (found != NULL)
			return found;
	}
	return NULL;
}

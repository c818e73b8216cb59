/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/diffstat.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/diff.h"
#include "mail/patch.h"

static size_t diffstat_skip_digits(const char *line, size_t length, size_t i)
{
	while (i < length && g_ascii_isdigit(line[i]))
		i++;
	return i;
}

bool diffstat_is_total(const char *line, size_t length)
{
	size_t start = length > 0 && *line == ' ' ? 1 : 0;
	size_t i = diffstat_skip_digits(line, length, start);
	g_autofree char *rest = NULL;

	if (i == start || length - i > 80)
		return false;
	rest = g_strndup(line + i, length - i);
	g_strchomp(rest);
	if (!g_str_has_prefix(rest, " file changed") &&
		!g_str_has_prefix(rest, " files changed"))
		return false;
	/* Without git's leading blank it must show its counts to be told from prose. */
	if (strstr(rest, "insertion") != NULL || strstr(rest, "deletion") != NULL)
		return strchr(rest, '.') == NULL;
	return start == 1 && (g_str_has_suffix(rest, "changed"));
}

static uint32_t diffstat_number(const char *digits, size_t length)
{
	uint64_t number = 0;

	for (size_t i = 0; i < length && g_ascii_isdigit(digits[i]); i++)
		number = MIN(number * 10 + (uint64_t)(digits[i] - '0'), UINT32_MAX);
	return (uint32_t)number;
}

/* The numbers of a total: each stands before the word that says what it counts. */
static void diffstat_take_total(const char *line, size_t length, struct diffstat *stat)
{
	g_autofree char *copy = g_strndup(line, length);
	g_auto(GStrv) words = g_strsplit_set(copy, " ,", -1);
	uint32_t number = 0;

	for (size_t i = 0; words[i] != NULL; i++) {
		if (g_ascii_isdigit(*words[i]))
			number = diffstat_number(words[i], strlen(words[i]));
		else if (g_str_has_prefix(words[i], "file"))
			stat->files = number;
		else if (g_str_has_prefix(words[i], "insertion"))
			stat->added = number;
		else if (g_str_has_prefix(words[i], "deletion"))
			stat->deleted = number;
	}
}

/* A line ` name | 12 ++--`: its name, and the counts where they can be known. */
struct diffstat_line {
	const char *name;
	size_t name_length;
	uint32_t added, deleted;
};

/* What stands behind the bar in place of a number; a number of bytes or nothing may follow. */
static bool diffstat_take_word(const char *rest, size_t length, struct diffstat_line *row)
{
	static const struct {
		const char *word;
		uint32_t count;
	} words[] = {
		{"Bin", 0},
		{"Unmerged", PATCH_COUNT_UNKNOWN},
		{"Unk", PATCH_COUNT_UNKNOWN},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t n = strlen(words[i].word);

		if (length < n || memcmp(rest, words[i].word, n) != 0)
			continue;
		if (length > n && (rest[n] != ' ' || words[i].count != 0))
			continue;
		row->added = row->deleted = words[i].count;
		return true;
	}
	return false;
}

/* `12 ++--`: the number, then its marks; diffstat(1) has `!` too.  More than the number there can
 * be none, fewer mean that they are scaled. */
static bool diffstat_take_marks(
	const char *rest, size_t length, struct diffstat_line *row)
{
	size_t i = diffstat_skip_digits(rest, length, 0);
	uint32_t count = diffstat_number(rest, length), marks[3] = {0};
	static const char kinds[] = "+-!";

	if (i == 0 || i > 10 || (i < length && rest[i] != ' '))
		return false;
	for (; i < length; i++) {
		const char *kind = strchr(kinds, rest[i]);

		if (rest[i] != ' ' && kind == NULL)
			return false;
		if (rest[i] != ' ')
			marks[kind - kinds]++;
	}
	if ((uint64_t)marks[0] + marks[1] + marks[2] > count)
		return false;
	row->added = row->deleted = PATCH_COUNT_UNKNOWN;
	if (marks[0] + marks[1] == count) {
		row->added = marks[0];
		row->deleted = marks[1];
	}
	return true;
}

static bool diffstat_take_line(const char *line, size_t length, struct diffstat_line *row)
{
	size_t bar, start = 0, rest;

	while (length > 0 && line[length - 1] == ' ')
		length--;
	while (start < length && line[start] == ' ')
		start++;
	for (bar = length; bar > start && line[bar - 1] != '|'; bar--)
		;
	if (bar < start + 3 || line[bar - 2] != ' ')
		return false;
	for (rest = bar--; rest < length && line[rest] == ' '; rest++)
		;
	row->name = line + start;
	row->name_length = bar - start;
	while (row->name_length > 0 && row->name[row->name_length - 1] == ' ')
		row->name_length--;
	return row->name_length > 0 && *row->name != '>' && rest < length &&
	       (diffstat_take_word(line + rest, length - rest, row) ||
		       diffstat_take_marks(line + rest, length - rest, row));
}

/* git-diff(1) --compact-summary puts these behind the name. */
static size_t diffstat_without_summary(const char *name, size_t length)
{
	static const char *const notes[] = {" (new)", " (new +x)", " (new +l)", " (gone)",
		" (mode +x)", " (mode -x)", " (mode +l)", " (mode -l)"};

	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
		size_t n = strlen(notes[i]);

		if (length > n && memcmp(name + length - n, notes[i], n) == 0)
			return length - n;
	}
	return length;
}

/* The new name of `old => new` and `same/{old => new}/same`, perhaps still quoted.  Shortened, it
 * may have lost its brace. */
static char *diffstat_new_name(const char *name)
{
	const char *arrow = strstr(name, *name == '"' ? "\" => " : " => "), *close;
	const char *open = arrow ? g_strrstr_len(name, arrow - name, "{") : NULL;
	GString *out;

	if (arrow == NULL)
		return g_strdup(name);
	arrow = strstr(arrow, "> ") + 2;
	close = strchr(arrow, '}');
	if (close == NULL || (open == NULL && !g_str_has_prefix(name, ".../")))
		return g_strdup(arrow);
	out = g_string_new_len(name, open ? open - name : 4);
	g_string_append_len(out, arrow, close - arrow);
	/* `x86/{old => }/a.c` stands for x86/a.c. */
	if (close == arrow && close[1] == '/' &&
		(out->len == 0 || out->str[out->len - 1] == '/'))
		close++;
	g_string_append(out, close + 1);
	return g_string_free(out, FALSE);
}

static void diffstat_add_path(const struct diffstat_line *row, GPtrArray *paths)
{
	g_autofree char *name = g_strndup(
		row->name, diffstat_without_summary(row->name, row->name_length));
	g_autofree char *new_name = diffstat_new_name(name);
	struct patch_path *path = g_new0(struct patch_path, 1);

	path->path = diff_unquote(new_name, strlen(new_name));
	path->added = row->added;
	path->deleted = row->deleted;
	g_ptr_array_add(paths, path);
}

/* Where the lines that stand right over LIMIT and each name a file begin. */
static size_t diffstat_block_start(const char *text, size_t limit)
{
	struct diffstat_line row;

	while (limit > 0) {
		size_t end = limit - 1, start = end;

		while (start > 0 && text[start - 1] != '\n')
			start--;
		/* git-diff(1) --stat-count leaves ` ...` where it stops. */
		if (!diffstat_take_line(text + start, end - start, &row) &&
			!(end - start == 4 && memcmp(text + start, " ...", 4) == 0))
			break;
		limit = start;
	}
	return limit;
}

struct diffstat diffstat_parse(const char *text, size_t length, GPtrArray *paths)
{
	struct diffstat stat = {0};
	size_t cursor = 0, line_length, total = 0;
	struct diffstat_line row;
	const char *line;

	/* Most replies have none, and that is said sooner. */
	if (memmem(text, length, " changed", strlen(" changed")) == NULL)
		return stat;
	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		if (line_length <= 13 || (*line != ' ' && !g_ascii_isdigit(*line)) ||
			!diffstat_is_total(line, line_length))
			continue;
		stat.has_total = true;
		total = (size_t)(line - text);
		stat.end = total + line_length;
	}
	if (!stat.has_total)
		return stat;
	diffstat_take_total(text + total, stat.end - total, &stat);
	stat.start = cursor = diffstat_block_start(text, total);
	while (paths != NULL && paths->len < LIMIT_PATHS && cursor < total &&
		text_next_line(text, total, &cursor, &line, &line_length))
		if (diffstat_take_line(line, line_length, &row))
			diffstat_add_path(&row, paths);
	return stat;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/patch.h"

#include <string.h>

#include "base/text.h"
#include "mail/diff.h"

static bool line_begins(const char *line, size_t length, const char *prefix)
{
	size_t n = strlen(prefix);

	return length >= n && memcmp(line, prefix, n) == 0;
}

/* Whether a diff begins with the line at START: git's, or one that the next line
 * confirms. */
static bool patch_diff_begins(const char *text, size_t length, size_t start)
{
	size_t cursor = start, line_length, next_length;
	const char *line, *next;

	if (!text_next_line(text, length, &cursor, &line, &line_length))
		return false;
	if (line_begins(line, line_length, "diff --git "))
		return true;
	if (line_length < 5 || strchr("dI-", *line) == NULL)
		return false;
	if (!text_next_line(text, length, &cursor, &next, &next_length))
		return false;
	if (line_begins(line, line_length, "--- "))
		return line[4] != ' ' && line_begins(next, next_length, "+++ ");
	if (line_begins(line, line_length, "diff -"))
		return line_begins(next, next_length, "--- ");
	if (line_begins(line, line_length, "Index: "))
		return line_begins(next, next_length, "=====");
	return false;
}

bool patch_find_diff(const char *text, size_t length, size_t *start_r)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		size_t start = (size_t)(line - text);

		if (line_length > 4 && (*line == 'd' || *line == '-' || *line == 'I') &&
			patch_diff_begins(text, length, start)) {
			if (start_r != NULL)
				*start_r = start;
			return true;
		}
	}
	return false;
}

static size_t patch_skip_digits(const char *line, size_t length, size_t i)
{
	while (i < length && g_ascii_isdigit(line[i]))
		i++;
	return i;
}

bool patch_is_diffstat_total(const char *line, size_t length)
{
	size_t start = length > 0 && *line == ' ' ? 1 : 0;
	size_t i = patch_skip_digits(line, length, start);
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

/* The end of the last diffstat total before LIMIT, 0 for none. */
static size_t patch_diffstat_end(const char *text, size_t limit)
{
	size_t cursor = 0, line_length, end = 0;
	const char *line;

	while (text_next_line(text, limit, &cursor, &line, &line_length))
		if (line_length > 13 && (*line == ' ' || g_ascii_isdigit(*line)) &&
			patch_is_diffstat_total(line, line_length))
			end = (size_t)(line - text) + line_length;
	return end;
}

/* RFC 3676 4.3: `-- ` alone; relays that cut blanks leave `--`, taken where git's version
 * or nothing but the end follows. */
static size_t patch_signature_start(const char *text, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		const char *next = text + cursor;

		if (line_length == 3 && memcmp(line, "-- ", 3) == 0)
			return (size_t)(line - text);
		if (line_length == 2 && memcmp(line, "--", 2) == 0 &&
			(cursor >= length || g_ascii_isdigit(*next)))
			return (size_t)(line - text);
	}
	return length;
}

static size_t patch_trim_blank_lines(const char *text, size_t length)
{
	while (length > 0 && g_ascii_isspace(text[length - 1]))
		length--;
	return length;
}

bool patch_is_footer_rule(const char *line, size_t length)
{
	size_t n = 0;

	while (n < length && line[n] == '_')
		n++;
	return n >= 40;
}

size_t patch_without_footer(const char *text, size_t length)
{
	size_t end = patch_trim_blank_lines(text, length);

	for (unsigned lines = 0; end > 0 && lines < 9; lines++) {
		size_t start = end;

		while (start > 0 && text[start - 1] != '\n')
			start--;
		if (patch_is_footer_rule(text + start, end - start))
			return patch_trim_blank_lines(text, start);
		end = start > 0 ? start - 1 : 0;
	}
	return length;
}

void patch_parse(const char *text, size_t length, struct patch *patch_r)
{
	struct patch patch = {.paths = diff_new_paths()};
	size_t end;

	patch.has_diff = patch_find_diff(text, length, &patch.diff_start);
	if (!patch.has_diff)
		patch.diff_start = length;
	end = patch_diffstat_end(text, patch.diff_start);
	patch.has_diffstat = end > 0;
	if (end == 0 && patch.has_diff)
		end = patch.diff_start;
	else if (end == 0)
		end = patch_signature_start(text, patch_without_footer(text, length));
	patch.text_length = patch_trim_blank_lines(text, end);
	if (patch.has_diff)
		diff_read(text + patch.diff_start, length - patch.diff_start, patch.paths,
			patch.diff_id);
	*patch_r = patch;
}

void patch_release(struct patch *patch)
{
	g_clear_pointer(&patch->paths, g_ptr_array_unref);
}

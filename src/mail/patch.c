/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/patch.h"

#include <string.h>

#include "base/text.h"
#include "mail/diff.h"
#include "mail/diffstat.h"

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

bool patch_is_signature(const char *text, size_t length, size_t start)
{
	size_t cursor = start, line_length;
	const char *line;

	if (!text_next_line(text, length, &cursor, &line, &line_length))
		return false;
	if (line_length == 3 && memcmp(line, "-- ", 3) == 0)
		return true;
	return line_length == 2 && memcmp(line, "--", 2) == 0 &&
	       (cursor >= length || g_ascii_isdigit(text[cursor]));
}

static size_t patch_signature_start(const char *text, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length))
		if (line_length <= 3 &&
			patch_is_signature(text, length, (size_t)(line - text)))
			return (size_t)(line - text);
	return length;
}

/* What git-mailinfo(1) ends a commit message at: `---` alone, or the begin of a diff, which it
 * looks at no closer. */
static bool patch_ends_message(const char *line, size_t length, bool has_diff)
{
	size_t n = 3;

	if (line_begins(line, length, "---")) {
		while (n < length && g_ascii_isspace(line[n]))
			n++;
		return n == length || (has_diff && n == 4 && line[3] == ' ');
	}
	return has_diff && (line_begins(line, length, "diff -") ||
				   line_begins(line, length, "Index: "));
}

static size_t patch_message_length(const char *text, size_t limit, bool has_diff)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, limit, &cursor, &line, &line_length))
		if (line_length > 2 && patch_ends_message(line, line_length, has_diff))
			return (size_t)(line - text);
	return limit;
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
	struct patch patch = {.paths = diff_new_paths(), .stat_files = -1};
	struct diffstat stat;
	size_t end, limit;

	patch.has_diff = patch_find_diff(text, length, &patch.diff_start);
	if (!patch.has_diff)
		patch.diff_start = length;
	stat = diffstat_parse(
		text, patch.diff_start, patch.has_diff ? NULL : patch.paths);
	patch.has_diffstat = stat.has_total;
	if (stat.has_total) {
		patch.stat_files = (int32_t)MIN(stat.files, INT32_MAX);
		patch.stat_added = stat.added;
		patch.stat_deleted = stat.deleted;
	}
	limit = patch.diff_start;
	if (!patch.has_diff)
		limit = patch_signature_start(text, patch_without_footer(text, length));
	end = stat.has_total ? stat.end : limit;
	patch.text_length = patch_trim_blank_lines(text, end);
	patch.message_length = patch_message_length(
		text, stat.has_total ? MIN(limit, stat.start) : limit, patch.has_diff);
	if (patch.has_diff)
		diff_read(text + patch.diff_start, length - patch.diff_start, patch.paths,
			patch.diff_id);
	*patch_r = patch;
}

void patch_release(struct patch *patch)
{
	g_clear_pointer(&patch->paths, g_ptr_array_unref);
}

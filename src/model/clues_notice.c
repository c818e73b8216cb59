/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells the notices of scripts and hooks: a line that is always the same. */
#include "config.h"

#include "model/clues.h"

#include <string.h>

#include "mail/quote.h"

/* Above a backport's message stand an in-body From and a stable tree's note. */
enum { CLUES_BACKPORT_LINES = 8 };

/* Where PHRASE begins one of the sender's own lines of TEXT; NULL for nowhere. */
static const char *clues_find_line(const char *text, size_t length, const char *phrase)
{
	size_t cursor = 0, line_length, n = strlen(phrase);
	const char *line;

	/* Nearly no mail has any of the phrases, and lines are dear to tell apart. */
	if (memmem(text, length, phrase, n) == NULL)
		return NULL;
	while (quote_next_own_line(text, length, &cursor, &line, &line_length))
		if (line_length >= n && memcmp(line, phrase, n) == 0)
			return line;
	return NULL;
}

const char *clues_tree_note(const char *text, size_t length)
{
	static const char *const lines[] = {
		"This is a note to let you know that I've just added the patch",
		"has been added to the -mm ",
		"This patch was dropped because it was merged into ",
		"FYI, your patch has been queued to ", NULL};
	const char *found = NULL;

	for (size_t i = 0; found == NULL && lines[i] != NULL; i++)
		found = clues_find_line(text, length, lines[i]);
	return found;
}

const char *clues_commit_mail(const char *text, size_t length)
{
	static const char *const beginnings[] = {"commit: http", "https://gcc.gnu.org/g:",
		"https://sourceware.org/git/gitweb.cgi?p=", "ffmpeg | branch: ", NULL};
	size_t cursor = 0, line_length;
	const char *line;

	if (!quote_next_own_line(text, length, &cursor, &line, &line_length))
		return NULL;
	for (size_t i = 0; beginnings[i] != NULL; i++)
		if (line_length >= strlen(beginnings[i]) &&
			memcmp(line, beginnings[i], strlen(beginnings[i])) == 0)
			return line;
	return NULL;
}

const char *clues_tree_removal(const char *text, size_t length)
{
	return clues_find_line(text, length, "has been removed from the -mm tree.");
}

bool clues_is_backport(const char *text, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	for (unsigned lines = 0;
		lines < CLUES_BACKPORT_LINES &&
		quote_next_own_line(text, length, &cursor, &line, &line_length);
		lines++) {
		g_autofree char *lower = g_ascii_strdown(
			line, (gssize)MIN(line_length, 120));
		const char *c = lower + strspn(lower, "[( ");
		bool upstream = g_str_has_prefix(c, "upstream ");

		c += upstream ? strlen("upstream ") : 0;
		if (!g_str_has_prefix(c, "commit "))
			continue;
		c += strlen("commit ");
		if (strspn(c, "0123456789abcdef") < 12)
			continue;
		c += strspn(c, "0123456789abcdef");
		if (upstream || g_str_has_prefix(c, " upstream"))
			return true;
	}
	return false;
}

bool clues_is_bug_form(const char *text, size_t length)
{
	return clues_find_line(text, length,
		       "Thank you for filling out a Git bug report!") != NULL;
}

const char *clues_request_pull(const char *text, size_t length)
{
	static const char since[] = "The following changes since commit ";
	const char *line = clues_find_line(text, length, since);
	size_t left = line ? length - (size_t)(line - text) : 0;

	if (line == NULL || g_strstr_len(line, (gssize)MIN(left, 2000),
				    "are available in the ") == NULL)
		return NULL;
	return since;
}

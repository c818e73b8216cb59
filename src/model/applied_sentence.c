/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentence that says so, and the numbers of patches in it. */
#include "config.h"

#include "model/applied_sentence.h"

#include <string.h>

#include <glib.h>

#include "base/limits.h"
#include "model/applied.h"

static bool applied_is_in(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* The next word of LOWER at *CURSOR: letters, and digits with what joins them (`1-3`, `i've`). */
static char *applied_next_word(const char *lower, size_t *cursor)
{
	size_t start = *cursor + strspn(lower + *cursor, " \t,.!;:()'\"-");
	size_t end = start;

	while (g_ascii_isalnum(lower[end]) ||
		(end > start && lower[end] != '\0' && strchr("-/'#", lower[end]) != NULL))
		end++;
	*cursor = end;
	return g_strndup(lower + start, end - start);
}

/* What stands between a verb and a tree, or ends the sentence. */
static const char *const applied_next[] = {"", "to", "into", "in", "for", "up", "thanks",
	"thank", "patches", "patch", "the", "all", "this", "both", "series", "with",
	"and", "as", "now", "it", "them", "these", "out", "by", "through", "via",
	"manually", NULL};

/* Verbs and what may follow them, where that is not the same as for the others.  "Merged with the
 * next one", "picked up your tag", "took a look" are what an author does. */
static const struct applied_verb {
	const char *verb;
	const char *next[24];
	bool numbers; /* "applied 1-3" */
} applied_verbs[] = {
	{"applied", {NULL}, true},
	{"pushed", {NULL}, true},
	{"pulled", {NULL}, true},
	{"queued", {NULL}, true},
	{"merged",
		{"to", "into", "in", "for", "thanks", "thank", "patches", "all", "this",
			"both", "series", "and", "as", "now", "it", "them", "these",
			"through", "via", "", NULL},
		true},
	{"committed", {"", "to", "thanks", "thank", "this", "now", "as", NULL}, false},
	{"picked", {"up", "this", "it", "them", "these", "both", "all", NULL}, false},
	{"taken", {"", "thanks", "thank", NULL}, false},
	{"took", {"this", "it", "them", "these", "both", "all", NULL}, false},
	{"added", {"to", NULL}, false},
};

/* What follows "queued up" and "picked up", for a test run is queued up too. */
static bool applied_goes_up(const char *rest)
{
	static const char *const next[] = {"", "for", "to", "into", "in", "thanks",
		"thank", "now", "and", "by", "with", "as", "through", "via", "this",
		"both", "all", NULL};
	size_t cursor = 0;
	g_autofree char *word = NULL;

	if (*rest == '.' || *rest == '!' || *rest == ',')
		return true;
	word = applied_next_word(rest, &cursor);
	return applied_is_in(word, next);
}

static bool applied_first_word_is(const char *rest, const char *wanted)
{
	size_t cursor = 0;
	g_autofree char *word = applied_next_word(rest, &cursor);

	return strcmp(word, wanted) == 0;
}

/* "Added to my queue" and not "added to the comment". */
static bool applied_names_tree(const char *rest)
{
	static const char *const trees[] = {
		"queue", "tree", "branch", "next", "fixes", NULL};
	size_t cursor = 0;

	for (unsigned words = 0; words < 3; words++) {
		g_autofree char *word = applied_next_word(rest, &cursor);

		if (applied_is_in(word, trees))
			return true;
	}
	return false;
}

bool applied_has_verb(const char *lower)
{
	for (size_t i = 0; i < G_N_ELEMENTS(applied_verbs); i++)
		if (strstr(lower, applied_verbs[i].verb) != NULL)
			return true;
	return false;
}

static const struct applied_verb *applied_find_verb(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(applied_verbs); i++)
		if (strcmp(word, applied_verbs[i].verb) == 0)
			return &applied_verbs[i];
	return NULL;
}

/* Whether VERB says that something went into a tree, by the word that FOLLOWS it and the REST
 * behind that; ENDS: a full stop stands between VERB and FOLLOWS. */
static bool applied_is_verb(
	const char *verb, const char *follows, bool ends, const char *rest)
{
	const struct applied_verb *row = applied_find_verb(verb);

	if (row == NULL)
		return false;
	if (strcmp(verb, "added") == 0)
		return !ends && strcmp(follows, "to") == 0 && applied_names_tree(rest);
	if (strcmp(verb, "picked") == 0 && !ends && strcmp(follows, "up") != 0)
		return applied_is_in(follows, row->next) &&
		       applied_first_word_is(rest, "up");
	if (strcmp(follows, "up") == 0 && !ends)
		return applied_goes_up(rest);
	if (ends)
		return strcmp(verb, "took") != 0 && strcmp(verb, "picked") != 0;
	return (row->numbers && (g_ascii_isdigit(*follows) || *follows == '#')) ||
	       applied_is_in(follows, row->next[0] ? row->next : applied_next);
}

/* "Thanks, series applied to x/next.", "Queued, thanks.", "Applied 1-3." */
static bool applied_is_clause(const char *lower)
{
	static const char *const lead[] = {"thanks", "thank", "you", "ok", "okay", "all",
		"both", "the", "this", "these", "i", "i've", "have", "has", "now",
		"series", "patch", "patches", "patchset", "set", "whole", "entire", "is",
		"are", "been", "was", "were", "just", "great", "good", "and", "it",
		"them", "looks", "nice", "very", "much", "done", "fine", "of", "rebased",
		"now", "pull", "request", "a", "lot", "too", "also", "so", "pulled",
		"reviewed", "tested", "fixed", "up", NULL};
	size_t cursor = 0;
	g_autofree char *word = applied_next_word(lower, &cursor);
	bool past = false;

	for (unsigned words = 0; words < 10; words++) {
		bool ends = lower[cursor] == '.' || lower[cursor] == '!';
		char *following = applied_next_word(lower, &cursor);
		bool fits = applied_is_verb(word, following, ends, lower + cursor);
		bool lead_word = applied_is_in(word, lead) || g_ascii_isdigit(*word);

		/* "was merged in 4.16, and thus ..." tells history, "was applied to x" news. */
		past |= strcmp(word, "was") == 0 || strcmp(word, "were") == 0;
		fits = fits && !(past && strcmp(word, "applied") != 0);

		g_free(word);
		word = following;
		if (fits)
			return true;
		if (!lead_word || *word == '\0')
			return false;
	}
	return false;
}

static bool applied_has_word(const char *lower, const char *const *words)
{
	size_t cursor = 0;

	while (lower[cursor] != '\0') {
		g_autofree char *word = applied_next_word(lower, &cursor);

		if (*word == '\0')
			return false;
		if (applied_is_in(word, words))
			return true;
	}
	return false;
}

/* What an author changed for the next version ("applied all comments in v3"), what code does ("is
 * applied to all CPUs"), and how it went when somebody tried: "I applied it and still get ...". */
static bool applied_is_doubtful(const char *lower)
{
	static const char *const others[] = {"applied all comments",
		"applied the comments", "applied these comments",
		"applied all suggestions", "applied the suggestion",
		"applied all feedback", "applied the feedback", " in the next version",
		"is applied to all ", "is applied to each ", "is applied to every ",
		"are applied to all ", "is applied by ", "are applied by ", NULL};
	static const char *const people[] = {"i", "i've", "we", "we've", NULL};
	static const char *const tried[] = {"get", "got", "see", "saw", "tested", NULL};
	static const char *const outcomes[] = {"still", "hangs", "fails", "failed",
		"crashes", "crashed", "breaks", "works", "boots", NULL};
	const char *version = strstr(lower, " in v");
	const char *rest = strstr(lower, " and ");

	if (rest == NULL)
		rest = strstr(lower, " but ");
	for (size_t i = 0; others[i] != NULL; i++)
		if (strstr(lower, others[i]) != NULL)
			return true;
	return (version != NULL && g_ascii_isdigit(version[5])) ||
	       (rest != NULL && (applied_has_word(rest, outcomes) ||
					(applied_has_word(lower, people) &&
						applied_has_word(rest, tried))));
}

bool applied_is_sentence(const char *lower)
{
	static const char *const conditions[] = {"if ", "once ", "when ", "after ",
		"unless ", "until ", "assuming ", "as ", NULL};
	const char *clause = lower;

	if (g_str_has_suffix(lower, "?") || applied_is_doubtful(lower))
		return false;
	for (size_t i = 0; conditions[i] != NULL; i++)
		if (g_str_has_prefix(lower, conditions[i]))
			return false;
	for (unsigned clauses = 0; clauses < 8; clauses++) {
		if (applied_is_clause(clause))
			return true;
		clause = strpbrk(clause, ",.!;");
		if (clause == NULL)
			return false;
		clause++;
		if (*clause != ' ')
			clause--;
		clause += strspn(clause, ",.!; ");
	}
	return false;
}

/* How many patches the numbers at TEXT are, `1-20 and 22-28`; NAMED: behind "patches". */
static unsigned applied_count_numbers(const char *text, bool named)
{
	unsigned count = 0;

	for (;;) {
		guint64 first, last;
		char *end;

		text += strspn(text, " ,#&+");
		text += g_str_has_prefix(text, "and ") ? strlen("and ") : 0;
		if (!g_ascii_isdigit(*text))
			return count;
		first = last = g_ascii_strtoull(text, &end, 10);
		if (*end == '-' && g_ascii_isdigit(end[1]))
			last = g_ascii_strtoull(end + 1, &end, 10);
		if (*end == '/')
			end += 1 + strspn(end + 1, "0123456789");
		/* `5.3` is a release, `2nd` something else. */
		if ((*end == '.' && g_ascii_isdigit(end[1])) || g_ascii_isalpha(*end) ||
			first == 0 || last < first || last > LIMIT_COMMITS)
			return 0;
		/* They are counted, not named. */
		if (g_str_has_prefix(end, " patches"))
			return count == 0 && first == last ? (unsigned)first : 0;
		if (!named && g_str_has_prefix(end, " of "))
			return 0;
		count += (unsigned)(last - first + 1);
		text = end;
	}
}

static bool applied_takes_numbers(const char *word)
{
	const struct applied_verb *row = applied_find_verb(word);

	return row != NULL && row->numbers;
}

unsigned applied_count_places(const char *line)
{
	static const char *const between[] = {"the", "up", NULL};
	static const char *const patch[] = {"patch", "patches", NULL};
	g_autofree char *lower = g_ascii_strdown(line, -1);
	size_t cursor = 0;
	bool verb = false, named = false;

	while (lower[cursor] != '\0') {
		size_t start = cursor + strspn(lower + cursor, " #");
		g_autofree char *word = NULL;

		if ((verb || named) && g_ascii_isdigit(lower[start]))
			return applied_count_numbers(lower + start, named);
		word = applied_next_word(lower, &cursor);
		if (*word == '\0')
			break;
		named = applied_is_in(word, patch);
		verb = applied_takes_numbers(word) ||
		       (verb && (named || applied_is_in(word, between)));
	}
	return 0;
}

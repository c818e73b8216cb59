/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/applied.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/quote.h"

enum {
	/* Of a reply that is no more than a notice: a greeting, thanks, a name. */
	APPLIED_SHORT_LINES = 12,
	APPLIED_FIRST_LINES = 4,
	APPLIED_TREE_BYTES = 200,
};

/* The phrases of robots, in lower case, behind which a tree is named. */
static const char *const applied_phrases[] = {
	"was applied to ",
	"were applied to ",
	"has been merged into ",
	"have been merged into ",
	"has been applied to ",
	"have been applied to ",
	"applied to ",
	"applied in ",
	"applied into ",
	"merged into ",
	"merged to ",
	"queued up for ",
	"queued for ",
	"queued to ",
	"queued in ",
	"queued up in ",
	"pushed to ",
	"pushed into ",
	"pushed out to ",
	"picked up for ",
	"queued to stable release ",
	"has been added to ",
	"merged through ",
	"merged via ",
};

static const char applied_note[] = "i've just added the patch";

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

/* Whether VERB says that something went into a tree, by the word that FOLLOWS it and the REST
 * behind that; ENDS: a full stop stands between VERB and FOLLOWS. */
static bool applied_is_verb(
	const char *verb, const char *follows, bool ends, const char *rest)
{
	const struct applied_verb *row = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(applied_verbs) && row == NULL; i++)
		if (strcmp(verb, applied_verbs[i].verb) == 0)
			row = &applied_verbs[i];
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

/* Whether LOWER, or what stands behind one of its commas or full stops, says so: "Thanks for the
 * patch, applied to x/next." */
static bool applied_is_sentence(const char *lower)
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

/* What a tree's name ends at. */
static size_t applied_tree_length(const char *tree)
{
	static const char *const ends[] = {", ", "! ", "; ", ". ", " by ", " thanks",
		" which can be", " and ", " as ", " with ", " for ", " -- "};
	size_t length = strlen(tree);

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		const char *end = g_strstr_len(tree, (gssize)length, ends[i]);

		if (end != NULL)
			length = (size_t)(end - tree);
	}
	while (length > 0 && strchr(" .,!:;", tree[length - 1]) != NULL)
		length--;
	return text_cut(tree, length, APPLIED_TREE_BYTES);
}

static char *applied_take_tree(const char *line, const char *lower)
{
	const char *best = NULL;
	size_t at = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(applied_phrases); i++) {
		const char *found = strstr(lower, applied_phrases[i]);

		if (found != NULL && (best == NULL || found < best)) {
			best = found;
			at = (size_t)(found - lower) + strlen(applied_phrases[i]);
		}
	}
	if (best == NULL)
		return g_strdup("");
	line += at;
	if (g_ascii_strncasecmp(line, "the ", 4) == 0)
		line += strlen("the ");
	else if (g_ascii_strncasecmp(line, "my ", 3) == 0)
		line += strlen("my ");
	return g_strndup(line, applied_tree_length(line));
}

/* Runs of 12 to 64 hexadecimal digits that stand alone, as in `commit: 0123…` or `…/c/0123…`;
 * none without a digit is one. */
static void applied_add_commits(const char *line, size_t length, GPtrArray *commits)
{
	for (size_t i = 0; i < length;) {
		size_t n = 0, digits = 0;
		bool alone = i == 0 || !g_ascii_isalnum(line[i - 1]);

		while (i + n < length && g_ascii_isxdigit(line[i + n]) &&
			!g_ascii_isupper(line[i + n]))
			digits += g_ascii_isdigit(line[i + n++]) != 0;
		if (alone && n >= 12 && n <= 64 && digits > 0 &&
			(i + n == length ||
				strchr(" .,;:)]>\"'/&?#\t", line[i + n]) != NULL) &&
			!(i > 0 && (line[i - 1] == '-' || line[i - 1] == '.' ||
					   line[i - 1] == '@'))) {
			g_autofree char *commit = g_strndup(line + i, n);

			if (commits->len < LIMIT_COMMITS &&
				!g_ptr_array_find_with_equal_func(
					commits, commit, g_str_equal, NULL))
				g_ptr_array_add(commits, g_steal_pointer(&commit));
		}
		i += MAX(n, 1);
	}
}

/* What the own lines of a mail say. */
struct applied_scan {
	struct applied applied;
	bool reply;     /* only what a reply can say */
	unsigned lines; /* own ones, without trailers */
	bool note;      /* it is one of Greg's robot */
	bool at_start;  /* the sentence begins one of the first lines */
	bool tree_next; /* it ended in front of the tree's name */
};

/* Whether LOWER ends where a phrase goes on with a tree: b4 ty's own words put it in the next
 * line. */
static bool applied_ends_at_tree(const char *lower)
{
	g_autofree char *line = g_strconcat(lower, " ", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(applied_phrases); i++)
		if (g_str_has_suffix(line, applied_phrases[i]))
			return true;
	return false;
}

/* Whether LOWER may be a notice: one of these is in each verb and in each phrase. */
static bool applied_may_be(const char *lower)
{
	static const char *const parts[] = {
		"applied", "queued", "merged", "pushed", "pulled", "picked up"};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strstr(lower, parts[i]) != NULL)
			return true;
	return false;
}

static void applied_scan_line(struct applied_scan *scan, const char *line, size_t length)
{
	g_autofree char *copy = g_strndup(
		line, text_cut(line, length, LIMIT_FIELD_BYTES));
	g_autofree char *lower = g_ascii_strdown(copy, -1);
	bool may_be = applied_may_be(lower);
	bool sentence = may_be && applied_is_sentence(lower);
	bool phrase = false;

	for (size_t i = 0; may_be && i < G_N_ELEMENTS(applied_phrases) && !phrase; i++)
		phrase = strstr(lower, applied_phrases[i]) != NULL;
	scan->lines++;
	if (scan->tree_next) {
		g_free(scan->applied.tree);
		scan->applied.tree = g_strndup(copy, applied_tree_length(copy));
		scan->tree_next = false;
		return;
	}
	/* Greg's robot: "... I've just added the patch titled / <title> / to the 6.18-stable tree
	 * which can be found at:". */
	if (strstr(lower, applied_note) != NULL && scan->applied.line == NULL) {
		scan->applied.line = g_strdup(copy);
		scan->applied.tree = g_strdup("");
		scan->note = true;
		return;
	}
	if (scan->note && *scan->applied.tree == '\0' && g_str_has_prefix(lower, "to ") &&
		strstr(lower, " tree") != NULL) {
		const char *tree = copy + strlen("to ");

		tree += g_str_has_prefix(tree, "the ") || g_str_has_prefix(tree, "my ")
				? strcspn(tree, " ") + 1
				: 0;
		g_free(scan->applied.tree);
		scan->applied.tree = g_strndup(tree, applied_tree_length(tree));
	}
	applied_add_commits(line, length, scan->applied.commits);
	if (scan->note || (!sentence && !phrase) ||
		(scan->applied.line != NULL && !sentence))
		return;
	if (scan->applied.line != NULL && scan->at_start)
		return;
	g_free(scan->applied.line);
	g_free(scan->applied.tree);
	scan->applied.line = g_strdup(copy);
	scan->applied.tree = applied_take_tree(copy, lower);
	scan->at_start = sentence && scan->lines <= APPLIED_FIRST_LINES;
	scan->tree_next = applied_ends_at_tree(lower);
}

/* Of a reply only a beginning that says it counts (SCAN->reply): the rest is not read without
 * one. */
static void applied_scan_text(const char *text, size_t length, struct applied_scan *scan)
{
	size_t cursor = 0, line_length;
	const char *line;

	scan->applied.commits = g_ptr_array_new_with_free_func(g_free);
	while (quote_next_own_line(text, length, &cursor, &line, &line_length)) {
		/* What was applied may stand below, as Greg's robot has it. */
		if (line_length > 10 && memcmp(line, "diff --git", 10) == 0)
			break;
		if (scan->reply && !scan->at_start && scan->lines >= APPLIED_FIRST_LINES)
			break;
		applied_scan_line(scan, line, line_length);
	}
}

bool applied_find(const char *text, size_t length, struct applied *applied_r)
{
	struct applied_scan scan = {0};

	applied_scan_text(text, length, &scan);
	if (scan.applied.line == NULL && scan.applied.commits->len == 0) {
		applied_release(&scan.applied);
		return false;
	}
	if (scan.applied.line == NULL) {
		scan.applied.line = g_strdup("");
		scan.applied.tree = g_strdup("");
	}
	*applied_r = scan.applied;
	return true;
}

bool applied_find_in_reply(const char *text, size_t length, struct applied *applied_r)
{
	struct applied_scan scan = {.reply = true};

	applied_scan_text(text, length, &scan);
	if (!scan.at_start ||
		(scan.lines > APPLIED_SHORT_LINES && scan.applied.commits->len == 0)) {
		applied_release(&scan.applied);
		return false;
	}
	*applied_r = scan.applied;
	return true;
}

void applied_release(struct applied *applied)
{
	g_free(applied->line);
	g_free(applied->tree);
	g_clear_pointer(&applied->commits, g_ptr_array_unref);
	*applied = (struct applied){0};
}

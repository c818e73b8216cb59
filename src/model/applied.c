/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/applied.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/quote.h"
#include "model/applied_sentence.h"

enum {
	/* Of a reply that is no more than a notice: a greeting, thanks, a name. */
	APPLIED_SHORT_LINES = 12,
	APPLIED_FIRST_LINES = 4,
	APPLIED_TREE_BYTES = 200,
	APPLIED_BY_BYTES = 200,
	/* Digits of an address in a kernel's log. */
	APPLIED_ADDRESS_DIGITS = 16,
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

/* A branch stands in parentheses behind a tree; what has blanks there, or goes on, is a remark. */
static size_t applied_without_remark(const char *tree, size_t length)
{
	const char *open = g_strstr_len(tree, (gssize)length, " (");
	size_t at;

	if (open == NULL)
		return length;
	at = (size_t)(open - tree) + 2;
	while (at < length && tree[at] != ' ' && tree[at] != ')')
		at++;
	return at < length && tree[at] == ')' ? length : (size_t)(open - tree);
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
	length = applied_without_remark(tree, length);
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
		if (alone && n >= 12 && n <= 64 && n != APPLIED_ADDRESS_DIGITS &&
			digits > 0 &&
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
	bool by_next;   /* it was in the line before */
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

static void applied_set_by(struct applied_scan *scan, const char *name, size_t length)
{
	g_free(scan->applied.by);
	scan->applied.by = g_strndup(name, text_cut(name, length, APPLIED_BY_BYTES));
}

/* patchwork's robot ends with `by NAME <ADDRESS>:`, in the next line where there is no room; the
 * tip tree's shows the commit. */
static void applied_take_by(struct applied_scan *scan, const char *line)
{
	static const char committer[] = "Committer:";
	const char *by = strstr(line, " by ");
	size_t length = strlen(line);

	if (scan->applied.line != NULL && g_str_has_prefix(line, committer)) {
		line += strlen(committer);
		line += strspn(line, " ");
		applied_set_by(scan, line, strlen(line));
	} else if (scan->by_next && g_str_has_suffix(line, ":")) {
		by = g_str_has_prefix(line, "by ") ? line - 1 : by;
		if (by != NULL)
			applied_set_by(scan, by + strlen(" by "),
				length - (size_t)(by - line) - strlen(" by ") - 1);
	}
}

static void applied_scan_line(struct applied_scan *scan, const char *line, size_t length)
{
	g_autofree char *copy = g_strndup(
		line, text_cut(line, length, LIMIT_FIELD_BYTES));
	g_autofree char *lower = g_ascii_strdown(copy, -1);
	/* One is in each of the phrases, too. */
	bool may_be = applied_has_verb(lower);
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
	applied_take_by(scan, copy);
	scan->by_next = false;
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
	scan->by_next = true;
	applied_take_by(scan, copy);
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
	scan->applied.by = g_strdup("");
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
	g_free(applied->by);
	g_free(applied->line);
	g_free(applied->tree);
	g_clear_pointer(&applied->commits, g_ptr_array_unref);
	*applied = (struct applied){0};
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/pattern.h"

#include <string.h>

#include "base/limits.h"

/* One of glob and regex is set. */
struct pattern {
	char *word;
	bool fold;
	GPatternSpec *glob;
	GRegex *regex;
};

/* GLib sets no limits of its own, and PCRE's ten million steps are a third of a second.  PCRE
 * takes lower ones from the head of the expression (pcre2pattern(3), "Setting match resource
 * limits"), and a second setting there cannot raise them again.  No G_REGEX_OPTIMIZE: it counts
 * other steps, and its compiler costs a delivery more than it saves. */
static GRegex *pattern_compile(const char *expression, bool fold, char **why_r)
{
	g_autofree char *limited = g_strdup_printf("(*LIMIT_MATCH=%d)(*LIMIT_HEAP=%d)%s",
		LIMIT_REGEX_STEPS, LIMIT_REGEX_KIB, expression);
	GRegexCompileFlags flags = fold ? G_REGEX_CASELESS : 0;
	g_autoptr(GRegex) plain = NULL;
	g_autoptr(GError) error = NULL, plain_error = NULL;
	GRegex *regex = g_regex_new(limited, flags, 0, &error);

	if (regex != NULL)
		return regex;
	/* The reason names the expression and a place in it: those of the user's. */
	plain = g_regex_new(expression, flags, 0, &plain_error);
	*why_r = g_strdup(plain ? error->message : plain_error->message);
	return NULL;
}

struct pattern *pattern_new(const char *word, bool fold, char **why_r)
{
	struct pattern pattern = {.fold = fold};
	size_t length = strlen(word);

	if (*word != '/') {
		g_autofree char *folded = fold ? g_utf8_casefold(word, -1)
					       : g_strdup(word);

		pattern.glob = g_pattern_spec_new(folded);
	} else if (length < 3 || word[length - 1] != '/') {
		*why_r = g_strdup("a regular expression stands between two slashes");
		return NULL;
	} else {
		g_autofree char *expression = g_strndup(word + 1, length - 2);

		pattern.regex = pattern_compile(expression, fold, why_r);
		if (pattern.regex == NULL)
			return NULL;
	}
	pattern.word = g_strdup(word);
	return g_memdup2(&pattern, sizeof pattern);
}

void pattern_free(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	g_clear_pointer(&pattern->glob, g_pattern_spec_free);
	g_clear_pointer(&pattern->regex, g_regex_unref);
	g_free(pattern->word);
	g_free(pattern);
}

const char *pattern_word(const struct pattern *pattern)
{
	return pattern->word;
}

/* PCRE counts its steps anew at each place where a match may begin, hence the bound on the
 * text. */
static size_t pattern_length(const char *text)
{
	size_t length = strnlen(text, LIMIT_FIELD_BYTES + 1);

	if (length <= LIMIT_FIELD_BYTES)
		return length;
	return (size_t)(g_utf8_find_prev_char(text, text + length) - text);
}

bool pattern_fits(const struct pattern *pattern, const char *text)
{
	g_autofree char *folded = NULL;

	if (pattern->regex != NULL)
		return g_regex_match_full(pattern->regex, text,
			(gssize)pattern_length(text), 0, 0, NULL, NULL);
	if (pattern->fold)
		folded = g_utf8_casefold(text, -1);
	return g_pattern_spec_match_string(pattern->glob, folded ? folded : text);
}

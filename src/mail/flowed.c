/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/flowed.h"

#include <string.h>

#include "base/text.h"

struct flowed {
	GString *out;
	bool deletes;
	bool flows;    /* the line before goes on */
	bool in_hunks; /* of a diff */
	size_t quotes; /* in front of the line before */
};

static size_t flowed_count_quotes(const char *line, size_t length)
{
	size_t n = 0;

	while (n < length && line[n] == '>')
		n++;
	return n;
}

/* A signature may be quoted, its `>` stuffed. */
static bool flowed_is_signature(const char *line, size_t length, size_t quotes)
{
	const char *words = line + quotes;
	size_t n = length - quotes;

	if (quotes > 0 && n == 4 && *words == ' ') {
		words++;
		n--;
	}
	return n == 3 && memcmp(words, "-- ", 3) == 0;
}

static bool flowed_is_blank(const char *line, size_t length)
{
	size_t n = 0;

	while (n < length && line[n] == ' ')
		n++;
	return n == length;
}

/* Appends WORDS to the line before, without its line end. */
static void flowed_continue(struct flowed *flowed, const char *words, size_t length)
{
	g_string_truncate(flowed->out, flowed->out->len - 1 - flowed->deletes);
	g_string_append_len(flowed->out, words, (gssize)length);
}

static void flowed_add(struct flowed *flowed, const char *line, size_t length)
{
	size_t quotes = flowed_count_quotes(line, length);
	bool signature = flowed_is_signature(line, length, quotes);
	const char *words = line + quotes;
	size_t n = length - quotes;

	if (!signature && n > 0 && *words == ' ') {
		words++;
		n--;
	}
	if (flowed->flows && !signature && quotes == flowed->quotes) {
		flowed_continue(flowed, words, n);
	} else if (quotes == 0) {
		flowed->in_hunks |= n > 4 && memcmp(words, "@@ -", 4) == 0;
		g_string_append_len(flowed->out, words, (gssize)n);
	} else {
		/* Quoted text is shown as it stands. */
		g_string_append_len(flowed->out, line, (gssize)length);
	}
	g_string_append_c(flowed->out, '\n');
	flowed->quotes = quotes;
	flowed->flows = !signature && n > 0 && words[n - 1] == ' ' &&
			!(flowed->in_hunks && flowed_is_blank(words, n));
}

void flowed_join(GString *text, bool deletes)
{
	g_autoptr(GString) out = g_string_sized_new(text->len + 1);
	struct flowed flowed = {.out = out, .deletes = deletes};
	size_t cursor = 0, length;
	const char *line;

	while (text_next_line(text->str, text->len, &cursor, &line, &length))
		flowed_add(&flowed, line, length);
	g_string_assign(text, "");
	g_string_append_len(text, out->str, (gssize)out->len);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/words.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* RFC 2047 2: `=?charset?B?text?=`, no blank inside. */
struct word {
	const char *charset, *text, *end;
	size_t charset_length, text_length;
};

static bool words_find_base64(const char *start, struct word *word)
{
	const char *mark;

	word->charset = start + 2;
	mark = strchr(word->charset, '?');
	if (mark == NULL || (mark[1] != 'B' && mark[1] != 'b') || mark[2] != '?')
		return false;
	word->charset_length = (size_t)(mark - word->charset);
	word->text = mark + 3;
	word->text_length = strcspn(word->text, "? \t");
	word->end = word->text + word->text_length;
	if (word->end[0] != '?' || word->end[1] != '=' || word->charset_length == 0)
		return false;
	word->end += 2;
	return memchr(word->charset, ' ', word->charset_length) == NULL;
}

static void words_append_quoted(GString *out, const struct word *word)
{
	static const char digits[] = "0123456789ABCDEF";
	/* Some leave the padding out, and GLib then leaves out the last bytes; more of it than
	 * is wanted does no harm. */
	g_autofree char *text = g_strdup_printf(
		"%.*s===", (int)word->text_length, word->text);
	size_t length = 0;
	g_autofree guchar *bytes = g_base64_decode(text, &length);

	g_string_append(out, "=?");
	g_string_append_len(out, word->charset, (gssize)word->charset_length);
	g_string_append(out, "?Q?");
	for (size_t i = 0; i < length; i++) {
		g_string_append_c(out, '=');
		g_string_append_c(out, digits[bytes[i] >> 4]);
		g_string_append_c(out, digits[bytes[i] & 15]);
	}
	g_string_append(out, "?=");
}

char *words_to_quoted(const char *line)
{
	GString *out = g_string_new(NULL);
	const char *start;
	struct word word;

	while ((start = strstr(line, "=?")) != NULL) {
		g_string_append_len(out, line, start - line);
		if (words_find_base64(start, &word)) {
			words_append_quoted(out, &word);
			line = word.end;
		} else {
			g_string_append_len(out, start, 2);
			line = start + 2;
		}
	}
	g_string_append(out, line);
	return g_string_free(out, FALSE);
}

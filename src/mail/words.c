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

/* The length of the quoted string or comment that begins at LINE, up to the end where it is not
 * closed; comments nest (RFC 5322 3.2.2). */
static size_t words_quoted_length(const char *line)
{
	char open = *line, close = open == '(' ? ')' : '"';
	unsigned depth = 1;
	size_t n = 1;

	for (; line[n] != '\0' && depth > 0; n++) {
		if (line[n] == '\\' && line[n + 1] != '\0')
			n++;
		else if (line[n] == close)
			depth--;
		else if (line[n] == open)
			depth++;
	}
	return n;
}

/* The length of the words at LINE in front of `<`, with *NAMED_R whether some are no comments; 0
 * where the mailbox has no `<`. */
static size_t words_phrase_length(const char *line, bool *named_r)
{
	size_t n = 0;

	*named_r = false;
	while (line[n] != '\0' && strchr("<,;:", line[n]) == NULL) {
		bool quoted = line[n] == '"' || line[n] == '(';

		*named_r |= line[n] != '(' && !g_ascii_isspace(line[n]);
		n += quoted ? words_quoted_length(line + n) : 1;
	}
	return line[n] == '<' ? n : 0;
}

/* A comment as a quoted string, with its parentheses only where there is a name beside it; one that
 * is not closed stays. */
static void words_append_comment(
	GString *out, const char *comment, size_t length, bool named)
{
	size_t from = named ? 0 : 1, to = named ? length : length - 1;

	if (comment[length - 1] != ')') {
		g_string_append_len(out, comment, (gssize)length);
		return;
	}
	g_string_append_c(out, '"');
	for (size_t i = from; i < to; i++) {
		if (comment[i] == '"')
			g_string_append_c(out, '\\');
		g_string_append_c(out, comment[i]);
	}
	g_string_append_c(out, '"');
}

static void words_append_phrase(
	GString *out, const char *phrase, size_t length, bool named)
{
	for (size_t i = 0; i < length;) {
		bool quoted = phrase[i] == '"' || phrase[i] == '(';
		size_t n = quoted ? words_quoted_length(phrase + i) : 1;

		if (phrase[i] == '(')
			words_append_comment(out, phrase + i, n, named);
		else
			g_string_append_len(out, phrase + i, (gssize)n);
		i += n;
	}
}

char *words_keep_comments(const char *line)
{
	GString *out = g_string_new(NULL);

	while (*line != '\0') {
		bool named;
		size_t n = words_phrase_length(line, &named);

		words_append_phrase(out, line, n, named);
		line += n;
		/* The rest of the mailbox, with what parts it from the next. */
		for (n = 0; line[n] != '\0' && strchr(",;:", line[n]) == NULL;)
			n += line[n] == '"' || line[n] == '('
				     ? words_quoted_length(line + n)
				     : 1;
		n += line[n] != '\0';
		g_string_append_len(out, line, (gssize)n);
		line += n;
	}
	return g_string_free(out, FALSE);
}

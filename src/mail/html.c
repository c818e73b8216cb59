/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/html.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

/* Of one tag; those with a picture in an attribute are longer, and have their quotes right. */
enum {
	HTML_TAG_BYTES = 4096,
	/* Of quotes in quotes; what is deeper is quoted as deep as that. */
	HTML_QUOTES = 8,
};

struct html {
	const char *cursor, *end;
	GString *out;
	unsigned pre;    /* depth of <pre> */
	bool blank;      /* white space is owed before the next word */
	unsigned quoted; /* depth of <blockquote> */
	struct {
		size_t start; /* in OUT */
		bool cited;   /* a mail program quotes, and nobody indents */
	} quotes[HTML_QUOTES];
};

static const char *const html_paragraphs[] = {
	"p", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "pre", NULL};
static const char *const html_lines[] = {"br", "div", "li", "tr", "hr", "dt", "dd", NULL};
static const char *const html_hidden[] = {"style", "script", "head", "title", NULL};

static const struct html_entity {
	const char *name;
	gunichar c;
} html_entities[] = {
	{"amp", '&'},
	{"lt", '<'},
	{"gt", '>'},
	{"quot", '"'},
	{"apos", '\''},
	{"nbsp", ' '},
	{"hellip", 0x2026},
	{"ndash", 0x2013},
	{"mdash", 0x2014},
	{"lsquo", 0x2018},
	{"rsquo", 0x2019},
	{"ldquo", 0x201c},
	{"rdquo", 0x201d},
	{"copy", 0xa9},
};

static void html_break(struct html *html, unsigned lines)
{
	unsigned have = 0;

	while (have < lines && have < html->out->len &&
		html->out->str[html->out->len - 1 - have] == '\n')
		have++;
	if (html->out->len > 0)
		for (; have < lines; have++)
			g_string_append_c(html->out, '\n');
	html->blank = false;
}

static void html_put(struct html *html, const char *bytes, size_t length)
{
	GString *out = html->out;

	if (html->blank && out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append_c(out, ' ');
	html->blank = false;
	g_string_append_len(out, bytes, (gssize)length);
}

/* The '>' that ends the tag at START, not one in quotes (HTML 4 3.2.2); NULL for none.  Where
 * HTML_TAG_BYTES bring none outside quotes the quotes are a typist's slip. */
static const char *html_find_close(const char *start, const char *end)
{
	const char *limit = end - start > HTML_TAG_BYTES ? start + HTML_TAG_BYTES : end;
	char quote = '\0';

	for (const char *c = start; c < limit; c++) {
		if (quote != '\0')
			quote = *c == quote ? '\0' : quote;
		else if (*c == '>')
			return c;
		else if ((*c == '"' || *c == '\'') && c > start && c[-1] == '=')
			quote = *c;
	}
	return start < end ? memchr(start, '>', (size_t)(end - start)) : NULL;
}

static bool html_at(const struct html *html, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(html->end - html->cursor) >= length &&
	       g_ascii_strncasecmp(html->cursor, word, length) == 0;
}

static void html_open_quote(struct html *html, const char *tag, const char *close)
{
	g_autofree char *attributes = g_ascii_strdown(tag, close - tag);

	if (html->quoted < HTML_QUOTES) {
		html->quotes[html->quoted].start = html->out->len;
		html->quotes[html->quoted].cited = strstr(attributes, "cite") != NULL ||
						   strstr(attributes, "quote") != NULL;
	}
	html->quoted++;
}

/* Marks the lines of the quote that ends here as plain text has them. */
static void html_close_quote(struct html *html)
{
	g_autoptr(GString) marked = NULL;
	size_t start, cursor = 0, length;
	const char *line;

	if (html->quoted == 0 || --html->quoted >= HTML_QUOTES ||
		!html->quotes[html->quoted].cited)
		return;
	start = html->quotes[html->quoted].start;
	marked = g_string_sized_new(html->out->len - start);
	while (text_next_line(html->out->str + start, html->out->len - start, &cursor,
		&line, &length)) {
		g_string_append(marked, "> ");
		g_string_append_len(marked, line, (gssize)length);
		g_string_append_c(marked, '\n');
	}
	g_string_truncate(html->out, start);
	g_string_append_len(html->out, marked->str, (gssize)marked->len);
}

/* Moves behind the tag at the cursor ('<') and acts on it. */
static void html_take_tag(struct html *html)
{
	const char *start = html->cursor + 1;
	const char *close = html_find_close(start, html->end);
	bool ends = start < html->end && *start == '/';
	g_autofree char *name = NULL;
	size_t length = 0;

	html->cursor = close ? close + 1 : html->end;
	start += ends;
	while (start + length < html->end && g_ascii_isalnum(start[length]) &&
		length < 16)
		length++;
	name = g_ascii_strdown(start, (gssize)length);
	if (strcmp(name, "pre") == 0)
		html->pre = ends ? (html->pre ? html->pre - 1 : 0) : html->pre + 1;
	if (g_strv_contains(html_paragraphs, name))
		html_break(html, 2);
	else if (strcmp(name, "br") == 0)
		g_string_append_c(html->out, '\n');
	else if (g_strv_contains(html_lines, name))
		html_break(html, 1);
	if (strcmp(name, "blockquote") == 0 && ends)
		html_close_quote(html);
	else if (strcmp(name, "blockquote") == 0)
		html_open_quote(html, start + length, html->cursor);
	if (!ends && g_strv_contains(html_hidden, name)) {
		g_autofree char *tail = g_strdup_printf("</%s", name);

		/* Up to its end tag; with none, the rest of the mail is hidden. */
		while (html->cursor < html->end && !html_at(html, tail))
			html->cursor++;
	}
}

static void html_take_comment(struct html *html)
{
	const char *close = g_strstr_len(html->cursor, html->end - html->cursor, "-->");

	html->cursor = close ? close + 3 : html->end;
}

/* HTML 4 5.3; what is no reference is an ampersand. */
static void html_take_reference(struct html *html)
{
	const char *semicolon = memchr(
		html->cursor, ';', (size_t)MIN(html->end - html->cursor, 12));
	g_autofree char *name = NULL;
	char utf8[6];
	gunichar c = 0;

	if (semicolon != NULL) {
		name = g_strndup(
			html->cursor + 1, (size_t)(semicolon - html->cursor - 1));
		for (size_t i = 0; i < G_N_ELEMENTS(html_entities); i++)
			if (strcmp(name, html_entities[i].name) == 0)
				c = html_entities[i].c;
		if (name[0] == '#')
			c = (gunichar)((name[1] | 32) == 'x'
					       ? strtoul(name + 2, NULL, 16)
					       : strtoul(name + 1, NULL, 10));
	}
	if (c == 0 || !g_unichar_validate(c)) {
		html_put(html, "&", 1);
		html->cursor++;
		return;
	}
	html->cursor = semicolon + 1;
	html_put(html, utf8, (size_t)g_unichar_to_utf8(c, utf8));
}

char *html_to_text(const char *bytes, size_t length)
{
	struct html html = {.cursor = bytes,
		.end = bytes + length,
		.out = g_string_sized_new(length)};
	GString *safe;

	while (html.cursor < html.end) {
		char c = *html.cursor;

		if (c == '<' && html_at(&html, "<!--"))
			html_take_comment(&html);
		else if (c == '<')
			html_take_tag(&html);
		else if (c == '&')
			html_take_reference(&html);
		else if (!html.pre && g_ascii_isspace(c))
			html.blank = true, html.cursor++;
		else
			html_put(&html, html.cursor++, 1);
	}
	if (html.out->len > 0)
		html_break(&html, 1);
	while (html.quoted > 0)
		html_close_quote(&html);
	/* References may have named what the sanitiser takes out. */
	safe = text_sanitize(html.out->str, html.out->len);
	g_string_free(html.out, TRUE);
	return g_string_free(safe, FALSE);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tap.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const struct html_row {
	const char *rule, *html, *text;
} html_rows[] = {
	{"words: tags go", "<b>KVM</b> <i>works</i>", "KVM works"},
	{"words: a tag inside one breaks nothing", "K<b>V</b>M", "KVM"},
	{"words: white space folds", "one\n  two\t\tthree ", "one two three"},
	{"words: white space around a tag folds", "one <b> two</b>", "one two"},
	{"words: upper case and attributes",
		"<P CLASS=\"x\">one<BR CLEAR=all>two<A HREF='u'>three</A>",
		"one\ntwothree"},
	{"words: an attribute may hold a '>'", "<a title=\"a > b\">one</a>", "one"},
	{"words: letters that are not ASCII", "<p>Grüße – 内核</p>", "Grüße – 内核"},
	{"lines: paragraphs have a blank line between", "<p>one</p><p>two</p>",
		"one\n\ntwo"},
	{"quotes: as plain text has them",
		"Yes.<blockquote type=\"cite\">one<br>two</blockquote>No.",
		"Yes.\n\n> one\n> two\n> \nNo."},
	{"quotes: in quotes",
		"<blockquote class=gmail_quote>one<blockquote class=gmail_quote>two"
		"</blockquote></blockquote>",
		"> one\n> \n> > two\n> > \n>"},
	{"quotes: not closed", "<blockquote cite='x'>one<p>two", "> one\n> \n> two"},
	{"quotes: what somebody indents is none", "<blockquote>one</blockquote>", "one"},
	{"quotes: an end without a begin", "one</blockquote>two", "one\n\ntwo"},
	{"lines: <br> ends a line", "one<br>two<br/>three<br />four",
		"one\ntwo\nthree\nfour"},
	{"lines: two <br> leave one blank", "one<br><br>two", "one\n\ntwo"},
	{"lines: no blank begins the line behind <br>", "one <br> two", "one\ntwo"},
	{"lines: <div> stands alone", "<div>one</div><div>two</div>", "one\ntwo"},
	{"lines: nested <div> make no blank lines",
		"<div><div>one</div></div><div>two</div>", "one\ntwo"},
	{"lines: list items", "<ul><li>one</li><li>two</li></ul>three",
		"one\ntwo\n\nthree"},
	{"lines: rows of a table",
		"<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\nb"},
	{"lines: headings", "<h1>One</h1>two", "One\n\ntwo"},
	{"pre: kept as it is", "<pre>int f(void)\n{\n\treturn 0;\n}\n</pre>",
		"int f(void)\n{\n\treturn 0;\n}"},
	{"pre: folds again behind it", "<pre>a  b</pre>c  d", "a  b\n\nc d"},
	{"pre: its end without a begin", "a</pre>b  c", "a\n\nb c"},
	{"hidden: style, script, head and title",
		"<head><title>T</title></head><style>p { x }</style>one"
		"<script>if (a < b) f();</script> two",
		"one two"},
	{"hidden: in upper case", "<STYLE>p { x }</STYLE>one", "one"},
	{"hidden: one that never ends hides the rest", "one<script>two</scrip", "one"},
	{"hidden: a longer name is another", "<header>one</header>", "one"},
	{"hidden: comments", "one<!-- <p>two --> three", "one three"},
	{"hidden: a '>' ends no comment", "one<!-- a > b -->two", "onetwo"},
	{"hidden: a comment that never ends", "one<!-- two", "one"},
	{"references: names", "a &amp; b &lt;c&gt; &quot;d&quot; &mdash; &hellip;",
		"a & b <c> \"d\" — …"},
	{"references: what they name is no tag", "&lt;b&gt;one&lt;/b&gt;", "<b>one</b>"},
	{"references: are not read twice", "&amp;lt;", "&lt;"},
	{"references: decimal and hexadecimal", "&#65;&#x42;&#X43;&#128039;", "ABC🐧"},
	{"references: nbsp is a blank", "a&nbsp;b", "a b"},
	{"references: an ampersand alone", "A&B; C & D&", "A&B; C & D&"},
	{"references: numbers that are no letter", "&#0;&#xd800;&#x110000;&#;",
		"&#0;&#xd800;&#x110000;&#;"},
	{"references: a control is replaced", "a&#27;b&#8238;c",
		"a" REPLACEMENT "b" REPLACEMENT "c"},
	{"references: Windows-1252 by number", "&#147;a&#148;", "“a”"},
	{"broken: a tag that never ends", "one <b", "one"},
	{"broken: '<' at the end", "one <", "one"},
	{"broken: '</' at the end", "one </", "one"},
	{"broken: '<!-' at the end", "one <!-", "one"},
	{"broken: end tags without begins", "one</div></p></b>", "one"},
	{"nothing", "", ""},
	{"nothing but tags", "<p><br></p>", ""},
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(html_rows); i++) {
		const struct html_row *row = &html_rows[i];
		size_t length = strlen(row->html);
		char *html = tap_exact(row->html, length);
		g_autofree char *text = html_to_text(html, length);

		/* How many line ends stand behind the last word is nobody's concern. */
		tap_string(row->rule, g_strchomp(text), row->text);
		free(html);
	}
}

static void read_many(const void *data)
{
	const char *piece = data;
	g_autoptr(GString) html = g_string_new("x");
	g_autofree char *text = NULL;

	while (html->len < 2 * 1024 * 1024)
		g_string_append(html, piece);
	text = html_to_text(html->str, html->len);
	if (*text != 'x')
		abort();
}

/* A stranger's pieces, repeated to a mail of some size, must not cost the square of it. */
static void test_time(void)
{
	static const char *const pieces[] = {"<br><p>", "<", "<!--", "&", "<style>",
		"<pre>", "</pre>", "<br>", "&#10;<p>", "<div>", "<a=\">\"", "<a b='",
		"</style", "<!-"};

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autofree char *name = g_strdup_printf("time: 2 MB of '%s'", pieces[i]);

		g_strdelimit(name, "#", 'N');
		tap_survives(name, 10, read_many, pieces[i]);
	}
}

int main(void)
{
	test_rows();
	test_time();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/quote.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tap.h"

/* OWN: the sender's own lines, a `|` between them. */
static const struct quote_row {
	const char *rule, *text, *own;
	bool quotes;
} quote_rows[] = {
	{"nothing", "", "", false},
	{"own lines, without the blanks around them", "One.\n\n  Two. \t\n\tThree.",
		"One.|Two.|Three.", false},
	{"quoted", "> One.\n>Two.\n>\n", "", true},
	{"quoted twice, and glued", ">> One.\n> > Two.\n>>> Three.\n", "", true},
	{"quoted behind blanks", "  > One.\n\t> Two.\n", "", true},
	{"answers between quotes", "> One?\nYes.\n> Two?\n\nNo.\n", "Yes.|No.", true},
	{"a > inside is no quote", "a > b\n-> x\n|> y\n", "a > b|-> x||> y", false},
	{"letters in front of > are no quote", "Ada> One.\n", "Ada> One.", false},

	{"introduced", "On Monday, Ada Example wrote:\n> One.\nYes.\n", "Yes.", true},
	{"introduced, with a blank line between", "Ada Example writes:\n\n> One.\nYes.\n",
		"Yes.", true},
	{"introduced in another language", "Am Montag schrieb Ada:\n> Eins.\nJa.\n",
		"Ja.", true},
	{"introduced on two lines",
		"On Mon, Jan 6, 2025 at 10:00 AM Ada Example\n<ada@example.org> "
		"wrote:\n> One.\nYes.\n",
		"Yes.", true},
	{"introduced on two lines, with a blank line behind",
		"On Mon, Jan 6, 2025 at 10:00 AM Ada Example\n<ada@example.org> "
		"wrote:\n\n> One.\nYes.\n",
		"Yes.", true},
	{"a colon in front of nothing quoted introduces nothing", "This:\n\nThat.\n> x\n",
		"This:|That.", true},
	{"a colon at the end introduces nothing", "This:\n", "This:", false},
	{"On … is a sentence where nothing is introduced",
		"On Monday it broke\nwith this:\nOops.\n",
		"On Monday it broke|with this:|Oops.", false},
	{"On … is a sentence where a quote follows at once", "On s390 it works\n> One.\n",
		"On s390 it works", true},

	{"a signature ends it", "Yes.\n-- \nAda\n", "Yes.", false},
	{"a signature whose blank was cut", "Yes.\n--\nAda\n", "Yes.", false},
	{"what is quoted behind a signature still is", "Yes.\n-- \n> One.\n", "Yes.",
		true},
	{"a quoted signature ends nothing", "> -- \n> Ada\nYes.\n", "Yes.", true},
	{"an original behind a rule",
		"Yes.\n\n-----Original Message-----\nFrom: Ada\nSubject: x\n\nOne.\n",
		"Yes.", false},
	{"an original behind a rule in another language",
		"Ja.\n-----Ursprüngliche Nachricht-----\nVon: Ada\n\nEins.\n", "Ja.",
		false},
	{"an original behind its head alone",
		"Yes.\n\nFrom: Ada\nSent: Monday\nTo: Bob\nSubject: x\n\nOne.\n", "Yes.",
		false},
	{"an original behind a head in bold letters",
		"Yes.\n*From:* Ada\n*Sent:* Monday\n\nOne.\n", "Yes.", false},
	{"an original behind a head in Chinese",
		"好\n发件人: Ada\n发送时间: 2025\n\nOne.\n", "好", false},
	{"an original whose text is quoted hides no answers",
		"From: Ada\nSent: Monday\n\n> One.\nYes.\n",
		"From: Ada|Sent: Monday|Yes.", true},
	{"what is forwarded is no original",
		"See:\n---------- Forwarded message ---------\nFrom: Ada\nOne.\n",
		"See:|---------- Forwarded message ---------|From: Ada|One.", false},
	{"a patch's own From: begins no original", "From: Ada\nSubject: x\n\nOne.\n",
		"From: Ada|Subject: x|One.", false},
	{"a rule of dashes in a text begins no original", "One.\n---- Two ----\nThree.\n",
		"One.|---- Two ----|Three.", false},
	{"three dashes are no signature", "Yes.\n---\nNo.\n", "Yes.|---|No.", false},
	{"a word behind the dashes, no signature", "-- Ada\nYes.\n", "-- Ada|Yes.",
		false},
};

static void test_row(const struct quote_row *row)
{
	size_t length = strlen(row->text), cursor = 0, line_length;
	char *text = tap_exact(row->text, length);
	g_autoptr(GString) own = g_string_new(NULL);
	g_autofree char *name = g_strdup_printf("%s: are there quotes", row->rule);
	const char *line;

	while (quote_next_own_line(text, length, &cursor, &line, &line_length)) {
		if (own->len > 0)
			g_string_append_c(own, '|');
		g_string_append_len(own, line, (gssize)line_length);
	}
	tap_string(row->rule, own->str, row->own);
	tap_true(name, quote_has_quotes(text, length) == row->quotes);
	free(text);
}

/* A stranger's mail of nothing but lines that could introduce something. */
static void read_colons(const void *data)
{
	g_autoptr(GString) text = g_string_new(NULL);
	size_t cursor = 0, length;
	const char *line;

	(void)data;
	for (unsigned i = 0; i < 100000; i++)
		g_string_append(text, i % 2 == 0 ? "On a:\n" : "\n\n\n\n");
	while (quote_next_own_line(text->str, text->len, &cursor, &line, &length))
		;
}

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(quote_rows); i++)
		test_row(&quote_rows[i]);
	tap_survives("many colons", 30, read_colons, NULL);
	return tap_end();
}

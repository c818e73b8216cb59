/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/layout.h"

#include <string.h>

#include "tap.h"

#define TEN     "123456789 "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

static const struct layout_test_row {
	const char *rule, *first, *rest, *text, *lines;
} layout_rows[] = {
	{"short", "  ", "    ", "one two", "  one two\n"},
	{"blanks are one", "", "", " one \t two ", "one two\n"},
	{"nothing", "  ", "", "", "  \n"},
	{"79 columns fit", "", "", SEVENTY "123456789", SEVENTY "123456789\n"},
	{"80 do not", "", "  ", SEVENTY "1234567890", SEVENTY "\x08\n  1234567890\n"},
	{"what stands before counts", "  ", "    ", SEVENTY "12345678",
		"  " SEVENTY "\x08\n    12345678\n"},
	{"a wide character has two columns", "", " ",
		SEVENTY "\xe7\xbe\x8a\xe7\xbe\x8a\xe7\xbe\x8a"
			"\xe7\xbe\x8a\xe7\xbe\x8a",
		SEVENTY
		"\x08\n \xe7\xbe\x8a\xe7\xbe\x8a\xe7\xbe\x8a\xe7\xbe\x8a\xe7\xbe\x8a\n"},
	{"a combining one has none", "", " ", SEVENTY "12345678e\xcc\x81",
		SEVENTY "12345678e\xcc\x81\n"},
};

/* A backspace in what is expected takes back the blank before it. */
static char *expected(const char *lines)
{
	GString *text = g_string_new(lines);

	g_string_replace(text, " \x08", "", 0);
	return g_string_free(text, FALSE);
}

int main(void)
{
	g_autofree char *link = g_strnfill(200, 'x');
	g_autofree char *text = g_strdup_printf("one %s two", link);
	g_autofree char *want = g_strdup_printf("one\n  %s\n  two\n", link);
	GString *page = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(layout_rows); i++) {
		const struct layout_test_row *row = &layout_rows[i];
		g_autofree char *lines = expected(row->lines);

		g_string_truncate(page, 0);
		layout_wrap(page, row->first, row->rest, row->text);
		tap_string(row->rule, page->str, lines);
	}
	g_string_truncate(page, 0);
	layout_wrap(page, "", "  ", text);
	tap_string("a word too long stands alone", page->str, want);
	g_string_free(page, TRUE);
	return tap_end();
}

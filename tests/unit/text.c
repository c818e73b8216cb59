/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* What becomes of each byte that stands alone between two letters. */
static const struct byte_row {
	const char *rule;
	unsigned first, last;
	const char *becomes; /* NULL: itself */
} byte_rows[] = {
	{"bytes: NUL and the C0 controls before TAB are replaced", 0x00, 0x08,
		REPLACEMENT},
	{"bytes: TAB stays", 0x09, 0x09, NULL},
	{"bytes: LF stays", 0x0a, 0x0a, NULL},
	{"bytes: VT and FF are replaced", 0x0b, 0x0c, REPLACEMENT},
	{"bytes: CR is dropped", 0x0d, 0x0d, ""},
	{"bytes: the C0 controls behind CR, ESC among them, are replaced", 0x0e, 0x1f,
		REPLACEMENT},
	{"bytes: printable ASCII stays", 0x20, 0x7e, NULL},
	{"bytes: DEL is replaced", 0x7f, 0x7f, REPLACEMENT},
	{"bytes: what is no UTF-8 is replaced", 0x80, 0xff, REPLACEMENT},
};

static bool byte_becomes(unsigned byte, const char *becomes)
{
	const char self[] = {(char)byte};
	const char in[] = {'a', self[0], 'b'};
	GString *got = text_sanitize(in, sizeof in);
	g_autoptr(GString) expected = g_string_new("a");
	bool same;

	if (becomes != NULL)
		g_string_append(expected, becomes);
	else
		g_string_append_len(expected, self, 1);
	g_string_append_c(expected, 'b');
	same = g_string_equal(got, expected);
	g_string_free(got, TRUE);
	return same;
}

static void test_bytes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(byte_rows); i++) {
		const struct byte_row *row = &byte_rows[i];
		unsigned byte = row->first;

		while (byte <= row->last && byte_becomes(byte, row->becomes))
			byte++;
		if (!tap_true(row->rule, byte > row->last))
			tap_note("not so for byte 0x%02x", byte);
	}
}

/* Windows-1252 from 0x80 on, four a row, as Microsoft's table has them. */
static const uint32_t cp1252[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, /* 80 */
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, /* 88 */
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, /* 90 */
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178, /* 98 */
};

static bool c1_becomes(gunichar c1, gunichar becomes)
{
	char in[6], expected[6];
	size_t in_length = (size_t)g_unichar_to_utf8(c1, in);
	size_t expected_length = (size_t)g_unichar_to_utf8(becomes, expected);
	GString *got = text_sanitize(in, in_length);
	bool same = got->len == expected_length &&
		    memcmp(got->str, expected, expected_length) == 0;

	g_string_free(got, TRUE);
	return same;
}

static void test_c1(void)
{
	unsigned sanitized = 0, table = 0;

	while (sanitized < 32 && c1_becomes(0x80 + sanitized, cp1252[sanitized]))
		sanitized++;
	tap_number("C1: each code point reads as Windows-1252 has its number", sanitized,
		32);
	while (table < 32 && text_from_cp1252((uint8_t)(0x80 + table)) == cp1252[table])
		table++;
	tap_number("cp1252: the 32 bytes from 0x80 on", table, 32);
	tap_number("cp1252: 0x7f and below are ASCII", text_from_cp1252(0x41), 0x41);
	tap_number("cp1252: 0xa0 is Latin-1's", text_from_cp1252(0xa0), 0xa0);
	tap_number("cp1252: 0xff is Latin-1's", text_from_cp1252(0xff), 0xff);
}

static const gunichar bidi_controls[] = {0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c,
	0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069};
static const gunichar bidi_neighbours[] = {
	0x061b, 0x061d, 0x200d, 0x2010, 0x2027, 0x202f, 0x2030, 0x2065, 0x206a};

static void test_bidi(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bidi_controls); i++) {
		char name[80];

		snprintf(
			name, sizeof name, "UAX 9: U+%04X is replaced", bidi_controls[i]);
		tap_true(name, c1_becomes(bidi_controls[i], 0xfffd));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bidi_neighbours); i++) {
		char name[80];

		snprintf(name, sizeof name, "UAX 9: U+%04X is no such control and stays",
			bidi_neighbours[i]);
		tap_true(name, c1_becomes(bidi_neighbours[i], bidi_neighbours[i]));
	}
}

static const struct text_row {
	const char *rule;
	const char *in;
	size_t length;
	const char *out;
} sanitize_rows[] = {
	{"nothing gives nothing", TAP_BYTES(""), ""},
	{"CRLF is LF", TAP_BYTES("one\r\ntwo\r\n"), "one\ntwo\n"},
	{"CR alone does not go back over what was printed", TAP_BYTES("harmless\revil"),
		"harmlessevil"},
	{"NUL ends no text", TAP_BYTES("a\0b\0"), "a" REPLACEMENT "b" REPLACEMENT},
	{"a terminal's escape sequence loses its ESC", TAP_BYTES("\033[2Jgone"),
		REPLACEMENT "[2Jgone"},
	{"letters of two, three and four bytes stay",
		TAP_BYTES("\xc4\x8d \xe2\x82\xac \xf0\x9f\x90\xa7"),
		"\xc4\x8d \xe2\x82\xac \xf0\x9f\x90\xa7"},
	{"RFC 3629 3: an overlong '/' is not UTF-8", TAP_BYTES("\xc0\xaf"),
		REPLACEMENT REPLACEMENT},
	{"RFC 3629 3: an overlong NUL is not UTF-8", TAP_BYTES("\xc0\x80."),
		REPLACEMENT REPLACEMENT "."},
	{"RFC 3629 3: a surrogate is not UTF-8", TAP_BYTES("\xed\xa0\x80"),
		REPLACEMENT REPLACEMENT REPLACEMENT},
	{"RFC 3629 3: nothing is behind U+10FFFF", TAP_BYTES("\xf4\x90\x80\x80"),
		REPLACEMENT REPLACEMENT REPLACEMENT REPLACEMENT},
	{"a letter cut short at the end is replaced, byte for byte",
		TAP_BYTES("ok \xe2\x82"), "ok " REPLACEMENT REPLACEMENT},
	{"a letter cut short does not take the next one along",
		TAP_BYTES("\xe2\x82x\xc3y"), REPLACEMENT REPLACEMENT "x" REPLACEMENT "y"},
	{"NEL, as C1, is Windows-1252's ellipsis and no line end",
		TAP_BYTES("wait\xc2\x85"), "wait\xe2\x80\xa6"},
	{"a byte order mark goes", TAP_BYTES("\xef\xbb\xbftext"), "text"},
	{"Unicode's own line ends break no line", TAP_BYTES("a\xe2\x80\xa8\xe2\x80\xa9z"),
		"a" REPLACEMENT REPLACEMENT "z"},
};

static const struct text_row line_rows[] = {
	{"in a line, LF and TAB become blanks", TAP_BYTES("a\nb\tc"), "a b c"},
	{"in a line, CRLF becomes one blank", TAP_BYTES("a\r\nb"), "a b"},
	{"in a line, blanks at the end go", TAP_BYTES("title \t\n"), "title"},
	{"in a line, blanks in front stay", TAP_BYTES("  title"), "  title"},
	{"a line of nothing but blanks is empty", TAP_BYTES(" \n\t "), ""},
	{"in a line, a control is replaced", TAP_BYTES("a\ab"), "a" REPLACEMENT "b"},
};

static void test_sanitize(void)
{
	bool stable = true;

	for (size_t i = 0; i < G_N_ELEMENTS(sanitize_rows); i++) {
		const struct text_row *row = &sanitize_rows[i];
		char *in = tap_exact(row->in, row->length);
		GString *got = text_sanitize(in, row->length);
		GString *again = text_sanitize(got->str, got->len);

		tap_bytes(row->rule, got->str, got->len, row->out, strlen(row->out));
		stable = stable && g_string_equal(got, again);
		g_string_free(got, TRUE);
		g_string_free(again, TRUE);
		free(in);
	}
	tap_true("what is sanitised once stays as it is", stable);
}

static void test_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(line_rows); i++) {
		const struct text_row *row = &line_rows[i];
		char *in = tap_exact(row->in, row->length);
		g_autofree char *got = text_sanitize_line(in, row->length);

		tap_string(row->rule, got, row->out);
		free(in);
	}
}

enum { HEX_CAPACITY = 4 };

static const struct hex_row {
	const char *rule, *hex;
	bool good;
	size_t digits;
	uint8_t bytes[HEX_CAPACITY];
} hex_rows[] = {
	{"hex: pairs of digits", "83929009", true, 8, {0x83, 0x92, 0x90, 0x09}},
	{"hex: upper case", "FfAa", true, 4, {0xff, 0xaa}},
	{"hex: an odd last digit is the high half", "abc", true, 3, {0xab, 0xc0}},
	{"hex: one digit", "7", true, 1, {0x70}},
	{"hex: nothing is no number", "", false, 0, {0}},
	{"hex: one digit more than there is room", "123456789", false, 0, {0}},
	{"hex: g is no digit", "12g4", false, 0, {0}},
	{"hex: no 0x in front", "0x12", false, 0, {0}},
	{"hex: no blank", " 12", false, 0, {0}},
};

static void test_hex(void)
{
	const uint8_t bytes[] = {0x00, 0x0f, 0xf0, 0xff};
	g_autofree char *hex = text_to_hex(bytes, sizeof bytes);
	g_autofree char *empty = text_to_hex(bytes, 0);

	tap_string("hex: lower case, leading zeros", hex, "000ff0ff");
	tap_string("hex: of no bytes", empty, "");
	for (size_t i = 0; i < G_N_ELEMENTS(hex_rows); i++) {
		const struct hex_row *row = &hex_rows[i];
		uint8_t got[HEX_CAPACITY] = {0xee, 0xee, 0xee, 0xee};
		size_t digits = 0;
		bool good = text_from_hex(row->hex, got, sizeof got, &digits);

		if (!row->good)
			tap_true(row->rule, !good);
		else
			tap_true(row->rule,
				good && digits == row->digits &&
					memcmp(got, row->bytes, sizeof got) == 0);
	}
}

static const struct text_row next_line_rows[] = {
	{"lines: nothing has none", TAP_BYTES(""), ""},
	{"lines: a last line without LF counts", TAP_BYTES("a\nb"), "a|b|"},
	{"lines: a last LF begins no other line", TAP_BYTES("a\n"), "a|"},
	{"lines: empty ones count", TAP_BYTES("\n\nx\n"), "||x|"},
	{"lines: a NUL ends none", TAP_BYTES("a\0b\nc"), "a0b|c|"},
};

static void test_next_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(next_line_rows); i++) {
		const struct text_row *row = &next_line_rows[i];
		char *in = tap_exact(row->in, row->length);
		g_autoptr(GString) got = g_string_new(NULL);
		size_t cursor = 0, length;
		const char *line;

		while (text_next_line(in, row->length, &cursor, &line, &length)) {
			for (size_t j = 0; j < length; j++)
				g_string_append_c(got, line[j] ? line[j] : '0');
			g_string_append_c(got, '|');
		}
		tap_string(row->rule, got->str, row->out);
		free(in);
	}
}

static const struct find_row {
	const char *rule, *text;
	int64_t at; /* -1: nowhere */
} find_rows[] = {
	{"find a line: the first", "on\ntwo", 0},
	{"find a line: another, also without LF", "two\non", 4},
	{"find a line: longer ones too", "two\nonly", 4},
	{"find a line: not in the middle of one", "upon\n", -1},
	{"find a line: behind a middle", "upon\non", 5},
	{"find a line: nothing", "", -1},
	{"find a line: less than it", "o", -1},
};

static void test_find_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(find_rows); i++) {
		size_t length = strlen(find_rows[i].text);
		char *text = tap_exact(find_rows[i].text, length);
		const char *line = text_find_line(text, length, "on");

		tap_number(find_rows[i].rule, line ? line - text : -1, find_rows[i].at);
		free(text);
	}
}

static const struct cut_row {
	const char *rule, *text;
	size_t limit, length;
} cut_rows[] = {
	{"cut: what fits stays", "abc", 3, 3},
	{"cut: ASCII", "abc", 2, 2},
	{"cut: in front of a character", "a\xc3\xbc", 1, 1},
	{"cut: not in a character of two bytes", "a\xc3\xbc", 2, 1},
	{"cut: nor of four", "\xf0\x9f\x98\x80", 3, 0},
	{"cut: behind a character", "\xc3\xbc\xc3\xbc", 2, 2},
	{"cut: nothing", "", 0, 0},
};

static void test_cut(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cut_rows); i++) {
		const struct cut_row *row = &cut_rows[i];

		tap_number(row->rule,
			(int64_t)text_cut(row->text, strlen(row->text), row->limit),
			(int64_t)row->length);
	}
}

static const struct word_row {
	const char *rule, *text;
	bool has;
} word_rows[] = {
	{"RFC 2047 2: an encoded word", "=?utf-8?q?=0A?=", true},
	{"inside of another word", "a=?utf-8?q?=0A?=@b", true},
	{"its beginning only", "https://a.example/?b=?c", false},
	{"its end only", "https://a.example/?b?=c", false},
	{"the one inside the other", "=?=", false},
	{"nothing", "", false},
};

static void test_words(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(word_rows); i++)
		tap_true(word_rows[i].rule,
			text_has_word(word_rows[i].text) == word_rows[i].has);
}

static void test_casefold(void)
{
	static const struct {
		const char *rule, *text, *folded;
	} rows[] = {
		{"casefold: ASCII", "KVM: Fix [x] @Y_9", "kvm: fix [x] @y_9"},
		{"casefold: nothing", "", ""},
		{"Unicode 3.13 D144: beyond ASCII", "\303\205kesson STRA\303\237E",
			"\303\245kesson strasse"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folded = text_casefold(rows[i].text);

		tap_string(rows[i].rule, folded, rows[i].folded);
	}
}

int main(void)
{
	test_casefold();
	test_words();
	test_bytes();
	test_cut();
	test_c1();
	test_bidi();
	test_sanitize();
	test_line();
	test_hex();
	test_next_line();
	test_find_line();
	return tap_end();
}

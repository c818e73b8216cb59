/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/charset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tap.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const struct charset_row {
	const char *rule;
	const char *bytes;
	size_t length;
	const char *charset;
	const char *utf8;
	size_t utf8_length;
} charset_rows[] = {
	{"WHATWG: iso-8859-1 is windows-1252", TAP_BYTES("\x93KVM\x94 \x96 5 \x80"),
		"iso-8859-1", TAP_BYTES("“KVM” – 5 €")},
	{"WHATWG: latin1 is windows-1252", TAP_BYTES("\x85\xe9"), "latin1",
		TAP_BYTES("…é")},
	{"windows-1252 by its name",
		TAP_BYTES("Gr\xfc\xdf"
			  "e\x99"),
		"windows-1252", TAP_BYTES("Grüße™")},
	{"windows-1252 by Microsoft's name", TAP_BYTES("\x8a\xe9"), "CP1252",
		TAP_BYTES("Šé")},
	{"windows-1252 has nothing at 0x81", TAP_BYTES("a\x81z"), "windows-1252",
		TAP_BYTES("a" REPLACEMENT "z")},
	{"iso-8859-1 keeps NULs", TAP_BYTES("a\0\xe9"), "iso-8859-1", TAP_BYTES("a\0é")},
	{"iso-8859-2",
		TAP_BYTES("Dvo\xf8"
			  "\xe1k"),
		"iso-8859-2", TAP_BYTES("Dvořák")},
	{"iso-8859-15 has the euro", TAP_BYTES("5 \xa4"), "iso-8859-15",
		TAP_BYTES("5 €")},
	{"WHATWG: iso-8859-9 is windows-1254", TAP_BYTES("\xf0\x80"), "iso-8859-9",
		TAP_BYTES("ğ€")},
	{"koi8-r", TAP_BYTES("\xd1\xc4\xd2\xcf"), "koi8-r", TAP_BYTES("ядро")},
	{"iso-2022-jp", TAP_BYTES("KVM \033$B%+!<%M%k\033(B."), "ISO-2022-JP",
		TAP_BYTES("KVM カーネル.")},
	{"shift_jis", TAP_BYTES("\x83J\x81[\x83l\x83\x8b"), "shift_jis",
		TAP_BYTES("カーネル")},
	{"WHATWG: shift_jis has NEC's rows", TAP_BYTES("\x87\x40"), "Shift_JIS",
		TAP_BYTES("①")},
	{"gb2312", TAP_BYTES("\xc4\xda\xba\xcb"), "gb2312", TAP_BYTES("内核")},
	{"WHATWG: gb2312 is gb18030, two bytes", TAP_BYTES("\xe9\x46"), "GB2312",
		TAP_BYTES("镕")},
	{"WHATWG: gb2312 is gb18030, four bytes", TAP_BYTES("\x94\x39\xcd\x33"), "gb2312",
		TAP_BYTES("🐧")},
	{"WHATWG: gbk is gb18030", TAP_BYTES("\x94\x39\xcd\x33"), "gbk", TAP_BYTES("🐧")},
	{"big5", TAP_BYTES("\xae\xd6\xa4\xdf"), "big5", TAP_BYTES("核心")},
	{"euc-kr", TAP_BYTES("\xc4\xbf\xb3\xce"), "euc-kr", TAP_BYTES("커널")},
	{"WHATWG: ks_c_5601-1987 is CP949", TAP_BYTES("\x8f\x4f"), "ks_c_5601-1987",
		TAP_BYTES("뢔")},
	{"utf-16be", TAP_BYTES("\0K\0\xe9"), "utf-16be", TAP_BYTES("Ké")},

	{"utf-8 as it is", TAP_BYTES("Dvořák – 内核"), "utf-8",
		TAP_BYTES("Dvořák – 内核")},
	{"utf-8: a bad byte in much good text is replaced",
		TAP_BYTES("Dvořák, Jiří, Žižka\xff."), "utf-8",
		TAP_BYTES("Dvořák, Jiří, Žižka" REPLACEMENT ".")},
	{"utf-8: a line that is none is Windows-1252, the others stay",
		TAP_BYTES("Dvořák\n+gr\xfc\xdf\x65\n\n-stra\xdf\x65\nŽ"), "utf-8",
		TAP_BYTES("Dvořák\n+grüße\n\n-straße\nŽ")},
	{"none: utf-8 where it is that", TAP_BYTES("Dvořák"), NULL, TAP_BYTES("Dvořák")},
	{"none: else windows-1252",
		TAP_BYTES("Gr\xfc\xdf"
			  "e \x96"),
		NULL, TAP_BYTES("Grüße –")},
	{"none: keeps NULs", TAP_BYTES("a\0z"), NULL, TAP_BYTES("a\0z")},
	{"us-ascii: utf-8 where it is that", TAP_BYTES("Dvořák"), "us-ascii",
		TAP_BYTES("Dvořák")},
	{"us-ascii: else windows-1252", TAP_BYTES("caf\xe9"), "us-ascii",
		TAP_BYTES("café")},
	{"unknown charset: utf-8 where it is that", TAP_BYTES("Dvořák"), "x-of-our-own",
		TAP_BYTES("Dvořák")},
	{"unknown charset: else windows-1252", TAP_BYTES("caf\xe9"), "x-of-our-own",
		TAP_BYTES("café")},
	{"a label with an option of iconv's is unknown", TAP_BYTES("caf\xe9"),
		"us-ascii//IGNORE", TAP_BYTES("café")},
	{"an empty label is none", TAP_BYTES("caf\xe9"), "", TAP_BYTES("café")},
	{"labels have no case and no blanks around", TAP_BYTES("\xd1\xc4"), " KOI8-R ",
		TAP_BYTES("яд")},

	{"broken: half a letter at the end", TAP_BYTES("\xc4\xda\xba"), "gb2312",
		TAP_BYTES("内" REPLACEMENT)},
	{"broken: the text goes on behind a bad byte", TAP_BYTES("a\xff\xc4\xda"),
		"gb18030", TAP_BYTES("a" REPLACEMENT "内")},
	{"broken: every bad byte is told", TAP_BYTES("\xff\xff"), "euc-kr",
		TAP_BYTES(REPLACEMENT REPLACEMENT)},
	{"broken: half of utf-16", TAP_BYTES("\0Kx"), "utf-16be",
		TAP_BYTES("K" REPLACEMENT)},
	{"nothing", TAP_BYTES(""), "koi8-r", TAP_BYTES("")},
	{"nothing in no charset", TAP_BYTES(""), NULL, TAP_BYTES("")},
};

static void test_rows(void)
{
	bool ended = true;

	for (size_t i = 0; i < G_N_ELEMENTS(charset_rows); i++) {
		const struct charset_row *row = &charset_rows[i];
		char *bytes = tap_exact(row->bytes, row->length);
		size_t length = (size_t)-1;
		g_autofree char *got = charset_to_utf8(
			bytes, row->length, row->charset, &length);

		tap_bytes(row->rule, got, length, row->utf8, row->utf8_length);
		ended = ended && got[length] == '\0';
		free(bytes);
	}
	tap_true("a NUL stands behind every result", ended);
}

/* As a part without content gives it. */
static void test_null(void)
{
	size_t length = 1;
	g_autofree char *got = charset_to_utf8(NULL, 0, "koi8-r", &length);
	g_autofree char *none = charset_to_utf8("x\xe9", 2, NULL, NULL);

	tap_bytes("no bytes at all", got, length, "", 0);
	tap_string("LENGTH_R may be NULL", none, "xé");
}

/* Every byte after every other: whatever the charset, the result is UTF-8. */
static void test_total(void)
{
	static const char *const charsets[] = {NULL, "us-ascii", "utf-8", "iso-8859-1",
		"koi8-r", "gb2312", "iso-2022-jp", "shift_jis", "big5", "ks_c_5601-1987",
		"euc-jp", "utf-16", "utf-7", "x-of-our-own"};
	g_autoptr(GString) soup = g_string_new("\033$B");

	for (unsigned step = 1; step < 256; step += 2)
		for (unsigned byte = 1; byte < 256; byte++)
			g_string_append_c(soup, (char)(byte * step % 256));
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		size_t length;
		g_autofree char *got = charset_to_utf8(
			soup->str, soup->len, charsets[i], &length);
		g_autofree char *name = g_strdup_printf(
			"total: any bytes in %s are UTF-8",
			charsets[i] ? charsets[i] : "no charset");

		/* NULs stay, and g_utf8_validate() takes none. */
		for (size_t j = 0; j < length; j++)
			got[j] = got[j] != '\0' ? got[j] : '0';
		tap_true(name, g_utf8_validate(got, (gssize)length, NULL));
	}
}

int main(void)
{
	tap_deadline(60);
	test_rows();
	test_null();
	test_total();
	return tap_end();
}

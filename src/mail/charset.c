/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/charset.h"

#include <errno.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

/* Labels that stand for more than they say.  Lower case. */
static const struct charset_alias {
	const char *label;
	const char *name;
} charset_aliases[] = {
	{"gb2312", "GB18030"},
	{"gb_2312-80", "GB18030"},
	{"gbk", "GB18030"},
	{"x-gbk", "GB18030"},
	{"ks_c_5601-1987", "CP949"},
	{"euc-kr", "CP949"},
	{"shift_jis", "CP932"},
	{"shift-jis", "CP932"},
	{"x-sjis", "CP932"},
	{"iso-8859-9", "CP1254"},
	{"iso-8859-8-i", "ISO-8859-8"},
	{"big5", "BIG5-HKSCS"},
	{"tis-620", "CP874"},
	{"iso-2022-jp", "ISO-2022-JP-3"},
};

static const char *const charset_latin1[] = {"iso-8859-1", "iso8859-1", "iso_8859-1",
	"latin1", "l1", "windows-1252", "cp1252", NULL};
static const char *const charset_ascii[] = {"us-ascii", "ascii", "utf-8", "utf8",
	"unknown-8bit", "default", "binary", "", NULL};

/* One byte a character; what Windows-1252 lacks becomes U+FFFD. */
static char *charset_from_cp1252(const char *bytes, size_t length, size_t *length_r)
{
	GString *out = g_string_sized_new(length + length / 8 + 1);

	for (size_t i = 0; i < length; i++) {
		uint8_t byte = (uint8_t)bytes[i];

		if (byte < 0x80)
			g_string_append_c(out, bytes[i]);
		else
			g_string_append_unichar(out, text_from_cp1252(byte));
	}
	if (length_r != NULL)
		*length_r = out->len;
	return g_string_free(out, FALSE);
}

static char *charset_copy(const char *bytes, size_t length, size_t *length_r)
{
	char *copy = g_malloc(length + 1);

	if (length > 0)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	if (length_r != NULL)
		*length_r = length;
	return copy;
}

/* UTF-8 with U+FFFD for what is none of it; a NUL is ordinary. */
static char *charset_repair(const char *bytes, size_t length, size_t *length_r)
{
	GString *out = g_string_sized_new(length + 1);
	size_t i = 0;

	while (i < length) {
		const char *end;
		bool good = g_utf8_validate_len(bytes + i, length - i, &end);
		size_t run = (size_t)(end - bytes) - i;

		g_string_append_len(out, bytes + i, (gssize)run);
		i += run;
		if (good)
			break;
		/* Validation stops at a NUL too. */
		if (bytes[i] == '\0')
			g_string_append_c(out, '\0');
		else
			g_string_append(out, "\xef\xbf\xbd");
		i++;
	}
	if (length_r != NULL)
		*length_r = out->len;
	return g_string_free(out, FALSE);
}

/* Whether LINE is UTF-8; a NUL is ordinary. */
static bool charset_is_all_utf8(const char *line, size_t length)
{
	size_t i = 0;

	while ((i += text_ascii_run(line + i, length - i)) < length) {
		gunichar c = g_utf8_get_char_validated(line + i, (gssize)(length - i));

		if (c == (gunichar)-1 || c == (gunichar)-2)
			return false;
		i += (size_t)g_unichar_to_utf8(c, NULL);
	}
	return true;
}

/* Whether the bytes are UTF-8.  A few bad bytes in mostly good UTF-8 (a cut character, a
 * stray byte in a quoted line) leave it UTF-8. */
static bool charset_is_mostly_utf8(const char *bytes, size_t length)
{
	size_t good = 0, bad = 0, i = 0;

	while ((i += text_ascii_run(bytes + i, length - i)) < length) {
		gunichar c;

		c = g_utf8_get_char_validated(bytes + i, (gssize)(length - i));
		/* A character that the end cuts (-2) says nothing against UTF-8. */
		if (c == (gunichar)-2 && good > 0)
			break;
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			bad++;
			i++;
		} else {
			good++;
			i += (size_t)g_unichar_to_utf8(c, NULL);
		}
	}
	return bad == 0 || good > 4 * bad;
}

/* A text of two charsets, as a patch to an old file is: each line is UTF-8 where it can be, else
 * Windows-1252. */
static char *charset_from_lines(const char *bytes, size_t length, size_t *length_r)
{
	GString *out = g_string_sized_new(length + length / 8 + 1);
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		size_t whole = cursor - (size_t)(line - bytes), good_length = 0;
		g_autofree char *good = charset_is_all_utf8(line, line_length)
						? charset_copy(line, whole, &good_length)
						: charset_from_cp1252(
							  line, whole, &good_length);

		g_string_append_len(out, good, (gssize)good_length);
	}
	if (length_r != NULL)
		*length_r = out->len;
	return g_string_free(out, FALSE);
}

/* iconv with U+FFFD for what it does not take.  NULL: no such charset. */
static char *charset_convert(
	const char *bytes, size_t length, const char *charset, size_t *length_r)
{
	GIConv converter = g_iconv_open("UTF-8", charset);
	GString *out;
	char *in = (char *)(uintptr_t)bytes;
	size_t left = length;

	if (converter == (GIConv)-1)
		return NULL;
	out = g_string_sized_new(length + length / 2 + 1);
	while (left > 0) {
		char buffer[8192], *end = buffer;
		size_t room = sizeof buffer;
		size_t result = g_iconv(converter, &in, &left, &end, &room);

		g_string_append_len(out, buffer, end - buffer);
		if (result == (size_t)-1 && errno != E2BIG && left > 0) {
			g_string_append(out, "\xef\xbf\xbd");
			in++;
			left--;
		}
	}
	g_iconv_close(converter);
	if (length_r != NULL)
		*length_r = out->len;
	return g_string_free(out, FALSE);
}

bool charset_is_clean(const char *bytes, size_t length, const char *charset)
{
	static const char *const known[] = {
		"utf-8", "us-ascii", "iso-8859-1", "utf8", "windows-1252"};
	bool named = charset != NULL && *charset != '\0';

	for (size_t i = 0; named && i < G_N_ELEMENTS(known); i++)
		named = g_ascii_strcasecmp(charset, known[i]) != 0;
	return !named && text_ascii_run(bytes, length) == length;
}

char *charset_to_utf8(
	const char *bytes, size_t length, const char *charset, size_t *length_r)
{
	g_autofree char *label = g_ascii_strdown(charset ? charset : "", -1);
	const char *name = g_strstrip(label);
	char *out;

	if (g_strv_contains(charset_latin1, name))
		return charset_from_cp1252(bytes, length, length_r);
	for (size_t i = 0; i < G_N_ELEMENTS(charset_aliases); i++)
		if (strcmp(name, charset_aliases[i].label) == 0) {
			name = charset_aliases[i].name;
			break;
		}
	/* A name with '/' would be options to iconv_open(3) ("//TRANSLIT"), not a
	 * charset. */
	if (!g_strv_contains(charset_ascii, name) && strchr(name, '/') == NULL) {
		out = charset_convert(bytes, length, name, length_r);
		if (out != NULL)
			return out;
	}
	if (text_ascii_run(bytes, length) == length)
		return charset_copy(bytes, length, length_r);
	if (charset_is_mostly_utf8(bytes, length))
		return charset_repair(bytes, length, length_r);
	return charset_from_lines(bytes, length, length_r);
}

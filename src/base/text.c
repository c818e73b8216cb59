/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/text.h"

#include <string.h>

/* WHATWG Encoding, index windows-1252; 0 where the page has no character. */
static const uint16_t cp1252_high[32] = {
	0x20ac,
	0,
	0x201a,
	0x0192,
	0x201e,
	0x2026,
	0x2020,
	0x2021, //
	0x02c6,
	0x2030,
	0x0160,
	0x2039,
	0x0152,
	0,
	0x017d,
	0, //
	0,
	0x2018,
	0x2019,
	0x201c,
	0x201d,
	0x2022,
	0x2013,
	0x2014, //
	0x02dc,
	0x2122,
	0x0161,
	0x203a,
	0x0153,
	0,
	0x017e,
	0x0178,
};

enum { CHAR_REPLACEMENT = 0xfffd };

uint32_t text_from_cp1252(uint8_t byte)
{
	if (byte < 0x80 || byte > 0x9f)
		return byte;
	return cp1252_high[byte - 0x80] ? cp1252_high[byte - 0x80] : CHAR_REPLACEMENT;
}

/* Unicode's bidirectional controls (UAX 9) can make a line read as what it is not. */
static bool text_is_bidi_control(gunichar c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void text_append_char(GString *out, gunichar c)
{
	if (c >= 0x80 && c <= 0x9f)
		c = text_from_cp1252((uint8_t)c);
	else if (text_is_bidi_control(c) || c == 0xfeff || c == 0x2028 || c == 0x2029)
		c = c == 0xfeff ? 0 : CHAR_REPLACEMENT;
	if (c != 0)
		g_string_append_unichar(out, c);
}

size_t text_cut(const char *text, size_t length, size_t limit)
{
	if (length <= limit)
		return length;
	while (limit > 0 && ((unsigned char)text[limit] & 0xc0) == 0x80)
		limit--;
	return limit;
}

bool text_has_word(const char *text)
{
	const char *start = strstr(text, "=?");

	return start != NULL && strstr(start + 2, "?=") != NULL;
}

size_t text_ascii_run(const char *bytes, size_t length)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t n = 0;
	uint64_t words[4];

	for (; n + sizeof words <= length; n += sizeof words) {
		memcpy(words, bytes + n, sizeof words);
		if ((words[0] | words[1] | words[2] | words[3]) & high)
			break;
	}
	while (n < length && (unsigned char)bytes[n] < 0x80)
		n++;
	return n;
}

/* A word with a high bit where one of the eight bytes of WORD is neither printable ASCII nor LF nor
 * TAB.  No sum carries into the next byte. */
static uint64_t text_word_thoughts(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), most = ones * 0x7f;
	const uint64_t low = word & most;
	const uint64_t no_control = low + ones * 0x60, no_lf = (low ^ ones * '\n') + most;
	const uint64_t no_tab = (low ^ ones * '\t') + most, del = low + ones;

	return ((~no_control & no_lf & no_tab) | del | word) & ~most;
}

/* The length of the run at BYTES that stays as it is: printable ASCII, LF and TAB. */
static size_t text_plain_run(const char *bytes, size_t length)
{
	size_t n = 0;
	uint64_t words[4];

	for (; n + sizeof words <= length; n += sizeof words) {
		memcpy(words, bytes + n, sizeof words);
		if (text_word_thoughts(words[0]) | text_word_thoughts(words[1]) |
			text_word_thoughts(words[2]) | text_word_thoughts(words[3]))
			break;
	}
	for (; n < length; n++) {
		unsigned char c = (unsigned char)bytes[n];

		if ((c < 0x20 && c != '\n' && c != '\t') || c >= 0x7f)
			break;
	}
	return n;
}

GString *text_sanitize(const char *bytes, size_t length)
{
	GString *out = g_string_sized_new(length + 1);
	size_t i = 0;

	while (i < length) {
		size_t run = text_plain_run(bytes + i, length - i);
		gunichar c;

		g_string_append_len(out, bytes + i, (gssize)run);
		i += run;
		if (i == length)
			break;
		if ((unsigned char)bytes[i] < 0x80) {
			if (bytes[i] != '\r')
				g_string_append_unichar(out, CHAR_REPLACEMENT);
			i++;
			continue;
		}
		c = g_utf8_get_char_validated(bytes + i, (gssize)(length - i));
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_unichar(out, CHAR_REPLACEMENT);
			i++;
			continue;
		}
		text_append_char(out, c);
		i += (size_t)g_unichar_to_utf8(c, NULL);
	}
	return out;
}

char *text_sanitize_line(const char *bytes, size_t length)
{
	GString *out = text_sanitize(bytes, length);

	for (size_t i = 0; i < out->len; i++)
		if (out->str[i] == '\n' || out->str[i] == '\t')
			out->str[i] = ' ';
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

char *text_casefold(const char *text)
{
	/* Of ASCII, as nearly all is, the tables of Unicode say the same, at ten times the cost. */
	return g_str_is_ascii(text) ? g_ascii_strdown(text, -1)
				    : g_utf8_casefold(text, -1);
}

char *text_to_hex(const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = g_malloc(2 * length + 1);

	for (size_t i = 0; i < length; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * length] = '\0';
	return hex;
}

bool text_from_hex(const char *hex, uint8_t *bytes, size_t capacity, size_t *digits_r)
{
	size_t digits = strlen(hex);

	if (digits == 0 || digits > 2 * capacity)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (!g_ascii_isxdigit(hex[i]))
			return false;
	memset(bytes, 0, capacity);
	for (size_t i = 0; i < digits; i++) {
		unsigned value = (unsigned)g_ascii_xdigit_value(hex[i]);

		bytes[i / 2] |= (uint8_t)(i % 2 ? value : value << 4);
	}
	*digits_r = digits;
	return true;
}

const char *text_find_line(const char *text, size_t length, const char *phrase)
{
	const char *end = text + length, *found = text;
	size_t n = strlen(phrase);

	while ((found = memmem(found, (size_t)(end - found), phrase, n)) != NULL &&
		found > text && found[-1] != '\n')
		found++;
	return found;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one place where bytes from outside become text that may be shown. */
#ifndef MLDIGEST_BASE_TEXT_H
#define MLDIGEST_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

/* A copy of the LENGTH bytes at BYTES that is safe in a digest and on a terminal: valid
 * UTF-8, LF line ends, no C0 but LF and TAB, no DEL, no bidirectional controls, no NUL.
 * CR is dropped; C1 code points are read as the Windows-1252 characters that they mostly
 * were; what is left becomes U+FFFD.  The caller frees the result. */
GString *text_sanitize(const char *bytes, size_t length);

/* The same in one line: LF and TAB become a blank, trailing blanks go.  The caller frees. */
char *text_sanitize_line(const char *bytes, size_t length);

/* The Unicode character that WINDOWS-1252 has at BYTE (0x80 to 0x9f), U+FFFD where it has
 * none. */
uint32_t text_from_cp1252(uint8_t byte);

/* How many of the LENGTH bytes of UTF-8 at TEXT LIMIT has room for, no character cut in two. */
size_t text_cut(const char *text, size_t length, size_t limit);

/* Whether TEXT has what may be an encoded word (RFC 2047 2).  Programs decode them also where none
 * may be, as in URLs and msg-ids, line ends among it. */
bool text_has_word(const char *text);

/* How many of the LENGTH bytes at BYTES come before the first that is not ASCII. */
size_t text_ascii_run(const char *bytes, size_t length);

/* TEXT, valid UTF-8, as Unicode compares without case.  The caller frees. */
char *text_casefold(const char *text);

/* Lower-case hexadecimal of LENGTH bytes; the caller frees. */
char *text_to_hex(const uint8_t *bytes, size_t length);

/* Reads hexadecimal digits, an even or odd number of them, into at most CAPACITY bytes;
 * an odd last digit fills the high half of its byte.  False if HEX is empty, too long or
 * not hexadecimal.  *DIGITS_R is the number of digits. */
bool text_from_hex(const char *hex, uint8_t *bytes, size_t capacity, size_t *digits_r);

/* The first line of the LENGTH bytes at TEXT that begins with PHRASE; NULL for none. */
const char *text_find_line(const char *text, size_t length, const char *phrase);

/* One line of TEXT that starts at *CURSOR: *LINE_R and *LENGTH_R without its LF, *CURSOR
 * moved behind the LF.  False at the end.  Here, since a mail is gone through many times. */
static inline bool text_next_line(const char *text, size_t length, size_t *cursor,
	const char **line_r, size_t *length_r)
{
	const char *start, *end;

	if (*cursor >= length)
		return false;
	start = text + *cursor;
	end = memchr(start, '\n', length - *cursor);
	*line_r = start;
	*length_r = end ? (size_t)(end - start) : length - *cursor;
	*cursor += *length_r + (end ? 1 : 0);
	return true;
}

#endif

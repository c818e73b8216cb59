/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bodies and fields into UTF-8, by the charset they claim and the one they have. */
#ifndef MLDIGEST_MAIL_CHARSET_H
#define MLDIGEST_MAIL_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

/* LENGTH bytes in CHARSET (a MIME name, NULL for none) as UTF-8; the caller frees.  NULs
 * stay, a NUL is added behind, *LENGTH_R (may be NULL) is the length.  Total: bytes that
 * the charset does not have become U+FFFD; an unknown charset, us-ascii and none are
 * UTF-8 where the bytes are valid UTF-8, else Windows-1252, line by line (a patch may
 * change a file that is in another charset than its message).  As browsers and mail readers
 * do (WHATWG Encoding 4.2), iso-8859-1 is read as Windows-1252, gb2312 and gbk as
 * GB18030, ks_c_5601 as CP949. */
char *charset_to_utf8(
	const char *bytes, size_t length, const char *charset, size_t *length_r);

/* Whether charset_to_utf8() would give the LENGTH bytes at BYTES as they are: they are ASCII, and
 * CHARSET is one of those that nearly all mails have. */
bool charset_is_clean(const char *bytes, size_t length, const char *charset);

#endif

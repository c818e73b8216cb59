/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML-only mail made readable.  Debian's HTML parsers bring ICU or a browser along; a
 * list mail needs its words and line breaks, no more. */
#ifndef MLDIGEST_MAIL_HTML_H
#define MLDIGEST_MAIL_HTML_H

#include <stddef.h>

/* The words of the LENGTH bytes of sanitised UTF-8 at HTML: tags, comments, style and
 * script gone, blocks and <br> as line breaks, <pre> kept, white space folded elsewhere,
 * character references decoded and sanitised, what a mail program quotes (blockquote) behind
 * `> `.  Total.  The caller frees. */
char *html_to_text(const char *html, size_t length);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What in a mail is its sender's own words, and what is quoted. Pure. */
#ifndef MLDIGEST_MAIL_QUOTE_H
#define MLDIGEST_MAIL_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether LINE is quoted: `>` stands first, behind blanks at most (RFC 3676 4.5 and custom). */
bool quote_is_quoted(const char *line, size_t length);

/* The next line of TEXT from *CURSOR on that is the sender's own: not blank, not quoted, not the
 * line that introduces a quote ("On ... wrote:"), above the signature and what
 * quote_find_original() finds.  *LINE_R and *LENGTH_R are without blanks at either
 * end.  False at the end. */
bool quote_next_own_line(const char *text, size_t length, size_t *cursor,
	const char **line_r, size_t *length_r);

/* Where the mail that is answered stands below the answer, whole and without marks: behind
 * "-----Original Message-----" or its own `From:` and `Sent:`, in some languages.  LENGTH for
 * nowhere. */
size_t quote_find_original(const char *text, size_t length);

/* Whether any line of TEXT is quoted. */
bool quote_has_quotes(const char *text, size_t length);

#endif

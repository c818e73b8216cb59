/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line that may be a trailer; for mail/trailer.c and mail/trailer_reply.c. Pure. */
#ifndef MLDIGEST_MAIL_TRAILER_LINE_H
#define MLDIGEST_MAIL_TRAILER_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* A line without its LF, or a part of one, that belongs to somebody else. */
struct trailer_line {
	const char *text;
	size_t length;
};

/* Whether LINE begins with PREFIX, in any case. */
bool trailer_begins(struct trailer_line line, const char *prefix);

/* Whether LINE has nothing but white space. */
bool trailer_is_blank(struct trailer_line line);

/* LINE without white space at either end. */
struct trailer_line trailer_strip(struct trailer_line line);

/* Where the colon of `Key:` or `Key :` stands in LINE (git-interpret-trailers(1): letters, digits
 * and dashes before it, perhaps blanks), 0 without one. */
size_t trailer_colon(struct trailer_line line);

/* What stands behind the colon, stripped. */
struct trailer_line trailer_rest(struct trailer_line line, size_t colon);

/* Whether LINE holds an addr-spec (RFC 5322 3.4.1).  A link may hold a Message-ID: that is none. */
bool trailer_has_mailbox(struct trailer_line line);

/* Whether the key before COLON is `Something-by`, in any case. */
bool trailer_ends_in_by(struct trailer_line line, size_t colon);

/* Whether LINE is what a mail program broke off the trailer whose first line is FIRST and whose
 * value so far is VALUE: a mailbox or its end, a link, the rest of a title in `("…")`. */
bool trailer_is_wrapped(
	struct trailer_line line, struct trailer_line first, const GString *value);

/* Adds LINE to VALUE, which is one line of LIMIT_FIELD_BYTES at most. */
void trailer_append(GString *value, struct trailer_line line);

#endif

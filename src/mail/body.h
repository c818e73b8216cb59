/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readable body of a MIME tree or of a mail without one; private to mail/message.c (it shows
 * GMime's types). */
#ifndef MLDIGEST_MAIL_BODY_H
#define MLDIGEST_MAIL_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

struct _GMimeObject;

/* A text as it stands in a mail, and what is said of it there. */
struct body_text {
	const char *bytes;
	size_t length;
	const char *charset; /* NULL or "" for none */
	bool flowed, delsp;  /* RFC 3676 */
};

/* BODY as UTF-8, format=flowed joined, sanitised, LF ends; and the same of one in quoted-printable
 * (RFC 2045 6.7).  The caller frees the result. */
GString *body_read_plain(const struct body_text *body);
GString *body_read_quoted(const struct body_text *body);

/* The text of PART (may be NULL): every inline text part, the best of alternatives, the
 * signed part of multipart/signed, attached diffs; HTML only where there is nothing else.
 * Charsets decoded, format=flowed (RFC 3676) joined, sanitised, LF ends.  Embedded
 * messages are left out, but for one that has MESSAGE_ID, which may be NULL: there a list has
 * wrapped the whole message (Mailman's DMARC mitigation), and that one's text is it.  *LIMIT is
 * set to the name of a limit that was passed and not touched otherwise.  The caller frees the
 * result. */
GString *body_read_text(
	struct _GMimeObject *part, const char *message_id, const char **limit);

#endif

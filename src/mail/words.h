/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encoded words (RFC 2047) and comments (RFC 5322 3.2.2) made ready for GMime. Pure. */
#ifndef MLDIGEST_MAIL_WORDS_H
#define MLDIGEST_MAIL_WORDS_H

/* A copy of LINE, one unfolded field, with every encoded word in base64 written in quoted-printable
 * instead.  Mail programs split a character's bytes over two words, which RFC 2047 5 forbids; GMime
 * joins the bytes of neighbours in Q before it decodes them, of those in B it does not.  What is no
 * encoded word stays as it is.  The caller frees. */
char *words_to_quoted(const char *line);

/* A copy of LINE, an unfolded list of mailboxes, in which a comment among the words of a name is
 * one of them, as in `Ada (work) Example <ada@x.org>`: GMime drops it, git-mailinfo(1) does not.
 * One that is the only name loses its parentheses; those behind the address are left to GMime.
 * The caller frees. */
char *words_keep_comments(const char *line);

#endif

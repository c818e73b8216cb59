/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A digest as a mail: GMime's writing side. */
#ifndef MLDIGEST_POST_COMPOSE_H
#define MLDIGEST_POST_COMPOSE_H

#include <stdint.h>

#include <glib.h>

/* What a mail is made of; all strings are ours and sanitised. */
struct compose_mail {
	const char *title; /* of the digest */
	const char *stem;  /* of the text's file: "digest" for digest-12.txt */
	const char *from;  /* an address; a bare user name gets the host's */
	char *const *to;   /* addresses, NULL-terminated */
	const char *subject;
	const char *previous_id; /* Message-ID of the issue before, without <>; "" */
	const char *list_help, *list_unsubscribe, *list_post; /* URLs; "" */
	uint64_t issue;
	int64_t date;             /* seconds since 1970 */
	const GString *text;      /* UTF-8, LF */
	const GString *signature; /* its .minisig file; NULL: not signed, */
	const GString *manifest;  /* and then no manifest either */
};

/* The mail's Message-ID, without <>: made of issue, date and the text's hash.  The caller
 * frees. */
char *compose_message_id(const struct compose_mail *mail);

/* The mail's bytes (RFC 5322, 2045), LF line ends as sendmail wants them: the text alone, or
 * multipart/mixed of text, signature and manifest (DESIGN.md, "Signed so that anyone can check").
 * The same input gives the same bytes.  The caller frees. */
GString *compose_mail(const struct compose_mail *mail);

/* TEXT for a field that GMime encodes, with a blank in what looks like an encoded word (RFC 2047).
 * GMime writes such words as they are, and of a name that it encodes not the `=`: the reader's mail
 * program would decode what nobody meant, line ends among it.  The caller frees. */
char *compose_without_words(const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header section before GMime sees it. Pure. */
#ifndef MLDIGEST_MAIL_HEADER_H
#define MLDIGEST_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* Stands before the names of all fields that GMime shall keep and not look at: it makes objects of
 * every address in To and Cc, and decodes what we decode ourselves. */
#define HEADER_PREFIX "X-"

/* What mail/message.c reads itself, and what GMime needs to find the body. */
enum header_field {
	HEADER_AUTO_SUBMITTED,
	HEADER_CC,
	HEADER_CONTENT_DISPOSITION,
	HEADER_CONTENT_TRANSFER_ENCODING,
	HEADER_CONTENT_TYPE,
	HEADER_DATE,
	HEADER_FROM,
	HEADER_IN_REPLY_TO,
	HEADER_LIST_ID,
	HEADER_MESSAGE_ID,
	HEADER_MIME_VERSION,
	HEADER_PRECEDENCE,
	HEADER_RECEIVED,
	HEADER_REFERENCES,
	HEADER_REPLY_TO,
	HEADER_SUBJECT,
	HEADER_TO,
	HEADER_X_AUTOREPLY,
	HEADER_X_AUTORESPOND,
	HEADER_X_MAILER,
	HEADER_X_ORIGINAL_FROM,
	HEADER_FIELD_COUNT
};

/* The field whose name the LENGTH bytes at NAME are, in any case; HEADER_FIELD_COUNT for none of
 * these. */
enum header_field header_find(const char *name, size_t length);

/* The length of the field name that the LENGTH bytes at LINE begin with, 0 for none (RFC 5322 2.2;
 * blanks before the colon as 4.5.8 allows). */
size_t header_name_length(const char *line, size_t length);

/* Whether the LENGTH bytes at BYTES begin with a field. */
bool header_begins(const char *bytes, size_t length);

/* A message with those fields of the LENGTH bytes at BYTES that the program reads, under
 * HEADER_PREFIX where they are not MIME's, and its body.  GMime makes some objects of every field,
 * and relays add thirty to a mail: parsing takes half the time without them, and a million of them
 * cost nothing.  Of
 * Received only the newest is kept.  Past LIMIT_HEADER_BYTES there is no body and *LIMIT
 * names that limit; else it is not touched.  The caller frees the result. */
GString *header_filter(const char *bytes, size_t length, const char **limit);

#endif

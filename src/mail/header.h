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

/* Whether the LENGTH bytes at BYTES begin with a field (RFC 5322 2.2; blanks before the
 * colon as 4.5.8 allows). */
bool header_begins(const char *bytes, size_t length);

/* A message with those fields of the LENGTH bytes at BYTES that the program reads, under
 * HEADER_PREFIX where they are not MIME's, and its body.  GMime makes some objects of every field,
 * and relays add thirty to a mail: parsing takes half the time without them, and a million of them
 * cost nothing.  Of
 * Received only the newest is kept.  Past LIMIT_HEADER_BYTES there is no body and *LIMIT
 * names that limit; else it is not touched.  The caller frees the result. */
GString *header_filter(const char *bytes, size_t length, const char **limit);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trailers: `Key: value` lines at the end of a commit message, or in a reply. Pure. */
#ifndef MLDIGEST_MAIL_TRAILER_H
#define MLDIGEST_MAIL_TRAILER_H

#include <stddef.h>

#include <glib.h>

/* Both sanitised UTF-8, owned; the key as it was written, without its colon. */
struct trailer {
	char *key, *value;
};

/* An empty array of struct trailer that owns what it holds. */
GPtrArray *trailer_new_array(void);

/* Adds a copy of KEY and VALUE to TRAILERS. */
void trailer_add(GPtrArray *trailers, const char *key, const char *value);

/* Adds to TRAILERS, at most LIMIT_TRAILERS in all, those of the commit message in the LENGTH bytes
 * of sanitised text at TEXT, as `git interpret-trailers --parse` finds them (its last paragraph;
 * continued lines joined).  What a mail program wrapped (`Reviewed-by: A Long Name`, LF,
 * `<address>`) is joined too. Total. */
void trailer_parse_message(const char *text, size_t length, GPtrArray *trailers);

/* Adds those that a reply gives with its own words: unquoted lines `Something-by: Name <address>`
 * (in any case, perhaps indented or wrapped by a mail program), above its signature and outside
 * of a patch that it holds. Total. */
void trailer_parse_reply(const char *text, size_t length, GPtrArray *trailers);

#endif

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
 * of sanitised text at TEXT, as `git interpret-trailers --parse` finds them (its last paragraph,
 * where all lines are trailers, or a quarter of them and one is git's own; continued lines joined;
 * up to `---`).  TEXT has no title, which a mail has in its Subject: its first paragraph may be of
 * trailers already.  Beyond git: what a mail program wrapped is joined (`Reviewed-by: A Long Name`,
 * LF, `<address>`; `Fixes: 0123456789ab ("title`, LF, `rest")`; `Link:`, LF, `https://…`), and
 * `Signed-off-by` is git's own in any case.  A value is cut at LIMIT_FIELD_BYTES. Total. */
void trailer_parse_message(const char *text, size_t length, GPtrArray *trailers);

/* Adds, at most LIMIT_GIVEN in all, those that a reply gives with its own words: unquoted lines
 * `Something-by: Name <address>` (in any case, perhaps indented or wrapped by a mail program;
 * without an addr-spec it is none),
 * above its signature.  Not its own are: the lines of a diff; where a diff is, a paragraph above it
 * in which somebody signs off (that patch's message; without a Signed-off-by the diff only shows
 * what the reviewer means); what stands between lines of scissors (`-- >8 --`), or behind the only
 * one up to its diff; a mail or patch that was copied with its head (`From:` and `Subject:`, `From
 * <commit>`, `-----Original Message-----`), up to its diff, unless it is quoted with `>`; indented
 * lines under git-log(1)'s `commit`. Total. */
void trailer_parse_reply(const char *text, size_t length, GPtrArray *trailers);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets the issues: subscriber.db, an address -> what is known of its subscriber. */
#ifndef MLDIGEST_STORE_SUBSCRIBER_H
#define MLDIGEST_STORE_SUBSCRIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "store/choice.h"
#include "store/store.h"

/* Which mail of an issue: the text, or with a multipart/digest behind it (RFC 2046 5.1.5). */
enum subscriber_format { SUBSCRIBER_TEXT, SUBSCRIBER_MIME, SUBSCRIBER_FORMATS };

/* A format's name, "text" or "mime", and the other way; false for any other word. */
const char *subscriber_format_name(enum subscriber_format format);
bool subscriber_parse_format(const char *word, enum subscriber_format *format_r);

struct subscriber {
	char *address; /* as subscriber_normalize() has it */
	enum subscriber_format format;
	bool paused;          /* gets nothing until it is resumed */
	int64_t since;        /* when it was added, seconds since 1970, */
	int64_t after;        /* and the newest issue then: it got none up to that one */
	struct choice choice; /* what of an issue */
	char *rest; /* fields that a later program wrote: whole lines, kept; may be NULL */
};
void subscriber_release(struct subscriber *subscriber);

/* ADDRESS as a key: its domain in lower case (RFC 5321 2.3.11: the local part is its host's
 * business).  NULL for what conf_address_is_deliverable() refuses, a domain that is none (RFC 5321
 * 4.1.2: labels of letters, digits and hyphens), or a local part of over 64 bytes (4.5.3.1.1).  The
 * caller frees. */
char *subscriber_normalize(const char *address);

/* The value's bytes; the caller frees. */
GString *subscriber_encode(const struct subscriber *subscriber);

/* Reads LENGTH bytes of a value into *SUBSCRIBER_R, all but its address; the caller releases.
 * STATUS_CONFIG for a later version's, STATUS_DATA for what is none, both silently.  Total. */
enum status subscriber_decode(
	const void *bytes, size_t length, struct subscriber *subscriber_r);

/* The subscriber ADDRESS; the caller releases.  STATUS_NOINPUT, silently, for none; one that is
 * damaged is named. */
enum status subscriber_get(
	struct store *store, const char *address, struct subscriber *subscriber_r);

/* The first one whose address, by its bytes, comes behind AFTER ("": of all); as above. */
enum status subscriber_next(
	struct store *store, const char *after, struct subscriber *subscriber_r);

/* In the open transaction: adds or replaces SUBSCRIBER; takes ADDRESS out, whatever stands there
 * (STATUS_NOINPUT, silently, for none). */
enum status subscriber_put(struct store *store, const struct subscriber *subscriber);
enum status subscriber_delete(struct store *store, const char *address);

/* How many there are, how many of them are not paused, by format, and how many of these do not get
 * the whole issue as it is. */
struct subscriber_count {
	uint64_t all, active[SUBSCRIBER_FORMATS], paged;
};
enum status subscriber_count(struct store *store, struct subscriber_count *count_r);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A raw message read, classified and made a record: the way from mail/ to what is kept.
 * Pure. */
#ifndef MLDIGEST_MODEL_READING_H
#define MLDIGEST_MODEL_READING_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "model/classify.h"
#include "model/record.h"

/* How a message came in. */
struct reading_source {
	const char *bytes; /* without an mbox `From ` line; at most LIMIT_MESSAGE_BYTES */
	size_t length;
	uint64_t full_length;    /* of the whole; more than length when it was cut */
	const uint8_t *raw_hash; /* of the whole, HASH_BYTES: Dn */
	int64_t arrival; /* 0: the newest Received field's, else the Date's, else now */
	int64_t now;
	uint32_t flags;        /* RECORD_FLAG_HISTORY, RECORD_FLAG_PARTIAL */
	const uint8_t *commit; /* in a public-inbox archive, or NULL */
	size_t commit_length;
	const GPtrArray *rules; /* struct conf_rule: the user's; or NULL */
};

/* A record that is not stored yet, and what is stored beside it. */
struct reading {
	struct record *record;
	GString *body; /* normalised: no trailing blanks, no list footer */
	GString *text; /* what a digest shows; empty for what is no posting */
};

/* Makes *READING_R out of SOURCE; the caller releases it.  Total. */
void reading_make(const struct reading_source *source, struct reading *reading_r);
void reading_release(struct reading *reading);

/* A reading as bytes, as one thread hands it to another.  Its body is left out: what it is needed
 * for is rare. */
struct reading_bytes {
	uint8_t *record; /* record_encode() has them */
	const char *text;
	size_t record_length, text_length;
};

/* Puts the record and the text of READING behind what is in OUT; *BYTES_R has their lengths, and no
 * addresses, which change while OUT grows. */
void reading_append(
	GByteArray *out, const struct reading *reading, struct reading_bytes *bytes_r);

/* A reading out of BYTES, with no body, which the caller releases; as record_decode() else. */
enum status reading_decode(const struct reading_bytes *bytes, struct reading *reading_r);

/* The LENGTH bytes at TEXT, which are sanitised, without what copies of one mail differ in:
 * blanks at the ends of lines, and what a list put under it.  The caller frees. */
GString *reading_normalize(const char *text, size_t length);

/* Whether STORED holds a beginning of the body of READING: the copy that was cut short. */
bool reading_completes(const struct reading *reading, const struct record *stored);

#endif

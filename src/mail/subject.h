/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a subject says of its message by the conventions of patch mail. Pure. */
#ifndef MLDIGEST_MAIL_SUBJECT_H
#define MLDIGEST_MAIL_SUBJECT_H

#include <stdbool.h>

#include <glib.h>

struct subject {
	bool reply;   /* Re: in any of its languages */
	bool forward; /* Fwd: */
	bool patch;   /* a tag says PATCH */
	bool rfc, resend, pull;
	bool has_position;   /* n/m stands in a tag */
	unsigned position;   /* n; 0 is the cover letter */
	unsigned total;      /* m */
	unsigned revision;   /* v5 is 5; 1 without a mark; v5.1 is 5 */
	char *revision_mark; /* as it stands, lower case ("v5.1"), "" without one */
	GPtrArray *tags;     /* the tokens of the leading brackets, as they stand */
	char *title;         /* what follows the leading brackets */
};

/* Reads LINE, a decoded subject.  Brackets in front of it nest and repeat; their tokens
 * are split at blanks and commas and read in any case, glued or not (`[PATCHv2 1/3]`,
 * `[RFC/PATCH]`,
 * `[PATCH 3 of 7]`).  Total.  The caller releases the result. */
void subject_parse(const char *line, struct subject *subject_r);

void subject_release(struct subject *subject);

#endif

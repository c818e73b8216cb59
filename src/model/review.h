/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which postings wait for a review, and which mail ends that.  Each function judges two messages by
 * what is in them alone, so that the order in which they came is of no matter. Pure. */
#ifndef MLDIGEST_MODEL_REVIEW_H
#define MLDIGEST_MODEL_REVIEW_H

#include <stdbool.h>

#include "base/hash.h"
#include "model/identity.h"
#include "model/record.h"

/* What a mail is to a posting that it answers. */
enum review_answer {
	REVIEW_NOTHING,   /* the author's own, a robot's, no answer at all */
	REVIEW_REPLY,     /* somebody looked at it */
	REVIEW_APPLIED,   /* it went into a tree */
	REVIEW_WITHDRAWN, /* its author took it back */
};

/* Whether RECORD waits for a review: a patch or cover letter of a person's that no rule of the
 * user's kept out.  RFCs do; pull requests and their patches, stable trees' mails and robots' do
 * not, nor what review_is_talk(), nor a cover letter without 0/m. */
bool review_is_candidate(const struct record *record);

/* Whether RECORD is of a pull request: `[GIT PULL]`, `[PULL 3/12]`. */
bool review_is_pull(const struct record *record);

/* Whether RECORD is a patch behind `Re:`: it answers a posting as other words do. */
bool review_is_talk(const struct record *record);

/* Whether A and B are one person's, under MAILMAP (may be NULL): one address of the sender's or of
 * the patch author's is the same, or a name of two words or more. */
bool review_same_person(
	const struct record *a, const struct record *b, const struct mailmap *mailmap);

/* What MAIL, no posting or one that review_is_talk(), is to POSTING, which it answers.  WHOLE: that
 * is a cover letter or single patch; a reply to a part takes no series back. */
enum review_answer review_weigh(const struct record *mail, const struct record *posting,
	bool whole, const struct mailmap *mailmap);

/* Whether NEW, of the same author and title as OLD and of another series, is the next revision. */
bool review_is_newer(const struct record *old, const struct record *new);

/* Whether one of A and B, of the same author and title and of other series, is the other again:
 * tagged so, or the same diff, or in the place of the part that it answers. */
bool review_is_resend(const struct record *a, const struct record *b);

/* Whether NEW, of the same author and title as OLD, was posted later under the same number with
 * another diff to the same file: somebody forgot to count. */
bool review_is_uncounted(const struct record *old, const struct record *new);

/* What shows that somebody has seen a patch, other than an answer: a reply or applied notice of its
 * title that names no message, its part of a pull request, its backport, or that somebody else took
 * it into a series of his own.  False where RECORD shows no such thing, else *KEY_R is what
 * review_patch_keys() has for the patch. */
bool review_evidence_key(const struct record *record, uint8_t key_r[HASH_BYTES]);

/* The keys under which evidence for PATCH is found: by title alone, by author and title. */
enum { REVIEW_KEYS = 2 };
void review_patch_keys(
	const struct record *patch, uint8_t keys_r[REVIEW_KEYS][HASH_BYTES]);

/* Whether EVIDENCE, found under a key of PATCH, can be of it: nothing is applied before it is
 * posted, who posts for another takes nothing up by posting again, and an author's own words are
 * no reply. */
bool review_is_evidence(const struct record *evidence, const struct record *patch,
	const struct mailmap *mailmap);

#endif

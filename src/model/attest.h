/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the signatures of a mail are worth, once their keys are known. Pure. */
#ifndef MLDIGEST_MODEL_ATTEST_H
#define MLDIGEST_MODEL_ATTEST_H

#include <stdbool.h>

#include "base/keyring.h"
#include "mail/devsig.h"
#include "mail/mailinfo.h"
#include "model/reading.h"

/* A mail that is being checked. */
struct attest {
	struct devsig_mail mail;
	struct mailinfo info; /* made for the first key that is found */
	bool has_info;
	const char *cut; /* why no part of it is checked, or NULL; static */
};

/* Begins with the message of SOURCE; false, and nothing made, where it has no
 * X-Developer-Signature. The caller releases *ATTEST_R. */
bool attest_begin(const struct reading_source *source, struct attest *attest_r);
void attest_release(struct attest *attest);

/* Whether a key can help with SIGNATURE, one of ATTEST's. */
bool attest_wants_key(const struct attest *attest, const struct devsig *signature);

/* Adds the verdict about SIGNATURE to the record of READING, which is of the same message.  ANSWER
 * is the keyring's, or NULL: without a keyring, or where no key was wanted.  What a good signature
 * is of has to be what READING has: where two programs read a mail in two ways, no signature is
 * good. */
void attest_add(struct attest *attest, const struct devsig *signature,
	const struct keyring_answer *answer, struct reading *reading);

#endif

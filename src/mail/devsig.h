/* SPDX-License-Identifier: GPL-2.0-or-later */
/* X-Developer-Signature, as patatt writes it: its tags (RFC 6376 3.2), and the bytes that were
 * signed.  Pure: who has the key asks base/pubkey.h. */
#ifndef MLDIGEST_MAIL_DEVSIG_H
#define MLDIGEST_MAIL_DEVSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "mail/mailinfo.h"

enum { DEVSIG_DIGEST_BYTES = 32, DEVSIG_SIGNATURE_BYTES = 64 };

enum devsig_kind {
	DEVSIG_ED25519, /* v=1; a=ed25519-sha256 */
	DEVSIG_OTHER,   /* another version or algorithm: openpgp-sha256, openssh-sha256 */
	DEVSIG_MALFORMED, /* it cannot be good, whatever the key */
};

/* One field.  Strings are bytes as they came, without NUL; NULL where the tag is missing. */
struct devsig {
	enum devsig_kind kind;
	const char *why; /* static; NULL for DEVSIG_ED25519 */
	char *algorithm; /* a= */
	char *identity;  /* i=, else the address in From */
	char *selector;  /* s=, else "default" */
	GStrv names;     /* h= */
	char *body_hash; /* bh=: base64 */
	int64_t time;    /* t=, in seconds since 1970; 0 without it */
	size_t length;   /* l=; SIZE_MAX without it */
	uint8_t signature[DEVSIG_SIGNATURE_BYTES]; /* b= is both of these */
	uint8_t signed_digest[DEVSIG_DIGEST_BYTES];
	GString *signed_field; /* the field's canonical body up to `b=` */
};

/* A mail that has such a field; the mail's own bytes are borrowed. */
struct devsig_mail {
	GPtrArray *signatures; /* struct devsig, at most LIMIT_SIGNATURES */
	bool too_many;         /* there are more */
	bool too_long; /* its header has more than LIMIT_HEADER_BYTES: not all was read */
	/* Why none can be good, whatever the keys: NULL or static. */
	const char *failure;
	/* The fields that git looks at, unfolded; NULL where there is none. */
	char *from, *subject, *type, *encoding;
	GArray *fields; /* of the header; devsig.c's */
	const char *body;
	size_t body_length;
};

/* Takes the LENGTH bytes at BYTES, a mail without an mbox `From ` line, apart into *MAIL_R, which
 * the caller releases.  False, and nothing made, where the header has no such field: that costs a
 * look at each line of it.  Total. */
bool devsig_read(const char *bytes, size_t length, struct devsig_mail *mail_r);
void devsig_mail_release(struct devsig_mail *mail);

/* What git makes of MAIL, for the two functions below; the caller releases *INFO_R.  Has a
 * ->failure where MAIL has. */
void devsig_read_info(const struct devsig_mail *mail, struct mailinfo *info_r);

/* Whether the body of INFO is what SIGNATURE is of; else *ADDED_R is how many bytes were added
 * behind what it is of, 0 where it is another body. */
bool devsig_body_fits(
	const struct devsig *signature, const struct mailinfo *info, size_t *added_r);

/* The SHA-256 that SIGNATURE should be of: the fields that h= names, as RFC 6376 3.4.2 ("relaxed")
 * has them, From and Subject as INFO has them, and the signature's own field (RFC 6376 3.7).  NULL,
 * or why there can be none: static. */
const char *devsig_digest(const struct devsig *signature, const struct devsig_mail *mail,
	const struct mailinfo *info, uint8_t digest_r[DEVSIG_DIGEST_BYTES]);

#endif

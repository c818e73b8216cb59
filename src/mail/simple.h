/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mail whose body is one text, as nearly all of a list's are: there is no MIME structure in it,
 * and what GMime would say of it is told without the objects that it makes. Pure. */
#ifndef MLDIGEST_MAIL_SIMPLE_H
#define MLDIGEST_MAIL_SIMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/header.h"

enum {
	/* More of them, or a longer header, is for GMime and the limits that bound it. */
	SIMPLE_FIELDS = 48,
	SIMPLE_HEADER_BYTES = 32 * 1024,
	/* The longest name of a charset that the registry of IANA has is 45. */
	SIMPLE_CHARSET_BYTES = 48,
};

struct simple_field {
	enum header_field field;
	size_t value; /* where it begins in the values: from the colon on, with its folds */
};

struct simple {
	struct simple_field fields[SIMPLE_FIELDS]; /* in the mail's order */
	unsigned count;
	char *values; /* each ends with a NUL */
	const char *body;
	size_t body_length;
	char charset[SIMPLE_CHARSET_BYTES]; /* "" where none is named */
	bool quoted_printable; /* else the body is what it says (RFC 2045 6.2) */
	bool flowed, delsp;    /* RFC 3676 */
};

/* Whether the LENGTH bytes at BYTES are such a mail; then *SIMPLE_R has it, which the caller
 * releases.  False in doubt: what is folded oddly, has control characters in its header, comments
 * or parameters of another kind is GMime's to read.  Of Received only the newest is told. */
bool simple_read(const char *bytes, size_t length, struct simple *simple_r);
void simple_release(struct simple *simple);

#endif

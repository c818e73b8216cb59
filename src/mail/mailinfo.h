/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What git-mailinfo(1) makes of a mail of one part: the bytes that patatt signs. Pure. */
#ifndef MLDIGEST_MAIL_MAILINFO_H
#define MLDIGEST_MAIL_MAILINFO_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* A mail's fields, unfolded and without their names, and its body as it came.  All borrowed; the
 * fields hold no NUL; TYPE and ENCODING are NULL where there is no such field. */
struct mailinfo_input {
	const char *from, *subject;
	const char *type;     /* Content-Type */
	const char *encoding; /* Content-Transfer-Encoding */
	const char *body;
	size_t body_length;
};

/* As bytes, in no particular charset: `git mailinfo --encoding=utf-8`, as git has been since 2.32,
 * recodes nothing. */
struct mailinfo {
	GString *name, *email; /* of the in-body From of a patch, else of the field */
	GString *subject;      /* likewise, without brackets and "Re:" before it */
	/* The commit message and the patch, without in-body fields, decoded; the lines end in
	 * CRLF, the last is not empty (RFC 6376 3.4.3, DKIM's "simple"). */
	GString *body;
	const char *failure; /* NULL, or why the rest does not count; static */
	bool other_form;     /* the failure is that mails of its form are not read */
};

/* Reads INPUT into *INFO_R, which the caller releases.  Total, and linear in time. */
void mailinfo_read(const struct mailinfo_input *input, struct mailinfo *info_r);
void mailinfo_release(struct mailinfo *info);

#endif

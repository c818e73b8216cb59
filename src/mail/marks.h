/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What git and b4 write into a mail for other programs, and the mails that it links to. Pure. */
#ifndef MLDIGEST_MAIL_MARKS_H
#define MLDIGEST_MAIL_MARKS_H

#include <stddef.h>

#include <glib.h>

struct marks {
	char *base_commit; /* git-format-patch(1) --base, in lower case, or "" */
	char *change_id;   /* b4's `change-id:`, or "" */
	GPtrArray *
		prerequisites; /* "patch-id: 0123…", in their order; at most LIMIT_LINKS */
	GPtrArray
		*links; /* Message-IDs, in their order, each once; at most LIMIT_LINKS */
};

/* Reads the unquoted lines of the LENGTH bytes of sanitised text at TEXT, whose diff begins at
 * DIFF_START (LENGTH: none; what stands in it links to nothing).  A link is a URL with a
 * part that is a Message-ID, as public-inbox and its like make them (`https://lore.kernel.org/r/
 * ID`), or a line `Message-ID: <ID>`.  The caller releases the result. */
void marks_find(
	const char *text, size_t length, size_t diff_start, struct marks *marks_r);

void marks_release(struct marks *marks);

#endif

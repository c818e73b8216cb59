/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that its mail program wrapped, RFC 3676 (format=flowed). Pure. */
#ifndef MLDIGEST_MAIL_FLOWED_H
#define MLDIGEST_MAIL_FLOWED_H

#include <stdbool.h>

#include <glib.h>

/* Joins the lines of TEXT that end in a blank with the next one of as many `>` (4.5), and takes the
 * blank out that stuffing put in front (4.4); with DELETES the blank at the end goes too (4.1,
 * DelSp=yes).  The signature's `-- ` stands alone (4.3).  So does a line of blanks in a hunk, which
 * is an empty line of the file.  All else is as in git-mailinfo(1).  Total. */
void flowed_join(GString *text, bool deletes);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How git-mailinfo(1) reads single fields and decodes; for mailinfo.c and devsig.c. Pure. */
#ifndef MLDIGEST_MAIL_MAILINFO_PRIVATE_H
#define MLDIGEST_MAIL_MAILINFO_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "mail/mailinfo.h"

/* What git takes for white space, where GLib and ctype add the form feed or the vertical tab; and
 * whether the LENGTH bytes at TEXT are all of that. */
bool mailinfo_is_blank(char c);
bool mailinfo_is_blank_text(const char *text, size_t length);

/* WHY, which is static, is the failure, unless there was one before. */
void mailinfo_fail(struct mailinfo *info, const char *why);

/* RFC 2045 6.8, as git reads it: what is not of the alphabet counts for nothing, '=' among it, and
 * each piece begins anew. */
void mailinfo_decode_base64(const char *text, size_t length, GString *out);

/* RFC 2045 6.7, or RFC 2047 4.2 with WORD.  False for a soft line break at the end. */
bool mailinfo_decode_quoted(const char *text, size_t length, bool word, GString *out);

/* VALUE with its encoded words decoded (RFC 2047), blanks between two of them dropped.  What
 * begins like one and is none is a failure for git, too.  The caller frees. */
GString *mailinfo_decode_field(const char *value, struct mailinfo *info);

/* Takes leading "Re:", blanks, colons, and brackets with what is in them, from SUBJECT. */
void mailinfo_clean_subject(GString *subject);

/* Sets the name and the email of INFO: the address is what surrounds the first '@' in FROM, which
 * is changed, and the name is all else. */
void mailinfo_read_from(struct mailinfo *info, GString *from);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tags of one X-Developer-Signature; for devsig.c. Pure. */
#ifndef MLDIGEST_MAIL_DEVSIG_PRIVATE_H
#define MLDIGEST_MAIL_DEVSIG_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "mail/devsig.h"

/* White space as patatt has it, which is C's. */
bool devsig_is_blank(char c);

/* The LENGTH bytes at VALUE, a field's body, in RFC 6376 3.4.2's "relaxed" form, without a
 * line end; the caller frees. */
GString *devsig_relax(const char *value, size_t length);

/* Reads the LENGTH bytes at VALUE, an X-Developer-Signature's body without NUL.  The caller frees
 * with devsig_free(). */
struct devsig *devsig_parse(const char *value, size_t length);

/* For an array of them; takes a struct devsig. */
void devsig_free(void *signature);

#endif

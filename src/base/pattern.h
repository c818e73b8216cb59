/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user's rule compares with: a glob, or a regular expression between slashes. Pure. */
#ifndef MLDIGEST_BASE_PATTERN_H
#define MLDIGEST_BASE_PATTERN_H

#include <stdbool.h>

#include <glib.h>

struct pattern;

/* WORD is a glob that has to fit the whole text (`*` any characters, `/` too; `?` one), or
 * `/EXPRESSION/`, a Perl-compatible regular expression that has to fit somewhere.  FOLD: upper and
 * lower case are alike.  NULL, and *WHY_R (static or owned by the caller as g_free() takes it), for
 * an expression that is none.  The caller frees. */
struct pattern *pattern_new(const char *word, bool fold, char **why_r);
void pattern_free(struct pattern *pattern);

/* Whether TEXT, valid UTF-8, fits.  An expression that takes too long does not fit. */
bool pattern_fits(const struct pattern *pattern, const char *text);

#endif

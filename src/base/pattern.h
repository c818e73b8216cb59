/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user's rule compares with: a glob, or a regular expression between slashes. Pure. */
#ifndef MLDIGEST_BASE_PATTERN_H
#define MLDIGEST_BASE_PATTERN_H

#include <stdbool.h>

#include <glib.h>

struct pattern;

/* WORD is a glob that has to fit the whole text (`*` any characters, `/` too; `?` one), or
 * `/EXPRESSION/`, a Perl-compatible regular expression that has to fit somewhere in it.  FOLD:
 * upper and lower case are alike.  NULL, and a reason in *WHY_R that the caller frees, for a word
 * that begins with a slash and is no expression.  The caller frees the pattern. */
struct pattern *pattern_new(const char *word, bool fold, char **why_r);
void pattern_free(struct pattern *pattern);

/* As the user wrote it; borrowed. */
const char *pattern_word(const struct pattern *pattern);

/* Whether TEXT, valid UTF-8, fits.  An expression looks at the first LIMIT_FIELD_BYTES of it; one
 * that needs more than LIMIT_REGEX_STEPS does not fit. */
bool pattern_fits(const struct pattern *pattern, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How people say that they applied something; private to model/applied.c. Pure. */
#ifndef MLDIGEST_MODEL_APPLIED_SENTENCE_H
#define MLDIGEST_MODEL_APPLIED_SENTENCE_H

#include <stdbool.h>

/* Whether LOWER, a line in lower case, or what stands behind one of its commas or full stops, says
 * so: "Thanks for the patch, applied to x/next." */
bool applied_is_sentence(const char *lower);

/* Whether any of its verbs stands in LOWER: a sentence has one. */
bool applied_has_verb(const char *lower);

#endif

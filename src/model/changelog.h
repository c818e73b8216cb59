/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an author says has changed since the last version of a series. Pure. */
#ifndef MLDIGEST_MODEL_CHANGELOG_H
#define MLDIGEST_MODEL_CHANGELOG_H

#include <stddef.h>

/* The part of the LENGTH bytes of sanitised text at TEXT that tells of version REVISION, as people
 * write it below `---` or in a cover letter: under `Changes in v5:`, `Changes since v4:`, `v4 ->
 * v5:`, `v5:`, `* v5` and their like, up to the next such line, or to a paragraph that is neither
 * indented nor an item.  Lines without the indentation that all of them have, no LF at the end.
 * NULL without one.  Total, and linear in LENGTH.  The caller frees. */
char *changelog_find(const char *text, size_t length, unsigned revision);

#endif

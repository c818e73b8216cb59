/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a diff, and its id; for mail/ alone. Pure. */
#ifndef MLDIGEST_MAIL_DIFF_H
#define MLDIGEST_MAIL_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"

/* An empty array of struct patch_path that owns what it holds. */
GPtrArray *diff_new_paths(void);

/* A name in git's C quotes (git-config(1) core.quotePath) without them, or NAME as it is;
 * sanitised, in one line.  The caller frees. */
char *diff_unquote(const char *name, size_t length);

/* The lines that a hunk still has. */
struct diff_hunk {
	uint64_t old_left, new_left;
};

/* Whether LINE begins a hunk (`@@ -a,b +c,d @@`); if so, its counts are in *HUNK_R. */
bool diff_begin_hunk(const char *line, size_t length, struct diff_hunk *hunk_r);

/* The mark of LINE, one of `+`, `-`, blank and backslash, and it is counted off HUNK; NUL where it
 * is no line of it: the hunk has all its lines, or ends here before it has. */
char diff_take_line(const char *line, size_t length, struct diff_hunk *hunk);

/* Reads the diff in the LENGTH bytes at TEXT: git's extended headers or plain unified
 * ones.  Adds to PATHS at most LIMIT_PATHS of its files and sets the id (patch_parse says
 * of what).  Names lose their first component (patch -p1), but not where both sides have the same
 * name, which no prefix tells apart (git-config(1) diff.noPrefix; Subversion, CVS). Total. */
void diff_read(
	const char *text, size_t length, GPtrArray *paths, uint8_t id_r[HASH_BYTES]);

#endif

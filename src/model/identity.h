/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wrote a patch, and under which name it counts. Pure. */
#ifndef MLDIGEST_MODEL_IDENTITY_H
#define MLDIGEST_MODEL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* Where a body begins, after blank lines, with a `From:` line that names a mailbox (git's
 * in-body header, git-am(1)): true, with its decoded name and address, which the caller
 * frees, and the bytes [*START_R, *END_R) of TEXT that the line takes, its continuation
 * lines and LF included. */
struct identity_in_body {
	char *name, *address;
	size_t start, end;
};
bool identity_find_in_body(
	const char *text, size_t length, struct identity_in_body *from_r);

/* A mailmap as `git check-mailmap` reads it (gitmailmap(5)). */
struct mailmap;

/* Reads the LENGTH bytes at TEXT; lines that are no entry are passed over.  The caller
 * frees. */
struct mailmap *mailmap_parse(const char *text, size_t length);
void mailmap_free(struct mailmap *mailmap);

/* The proper name and address for NAME and ADDRESS: both newly allocated, copies where no
 * entry fits or MAILMAP is NULL. */
void mailmap_apply(const struct mailmap *mailmap, const char *name, const char *address,
	char **name_r, char **address_r);

#endif

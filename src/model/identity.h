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

/* What tells who really sent a mail whose From field a list, gateway or relay has rewritten.  All
 * sanitised and decoded, "" for what is not there. */
struct identity_sender {
	const char *name, *address;  /* of the From field */
	const char *reply_to;        /* the field: `Name <address>`, perhaps several */
	const char *x_original_from; /* the field, as Mailman and Google Groups keep it */
};

/* Undoes `X via list <list@…>`, `X via B4 Relay <devnull+user.domain@kernel.org>` and what DMARC
 * made lists do to From: true, with the name and address that were meant, which the caller frees.
 * False, and nothing set, where nothing was rewritten or nothing tells what it was. */
bool identity_undo_rewriting(
	const struct identity_sender *sender, char **name_r, char **address_r);

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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wrote a patch, and under which name it counts. Pure. */
#ifndef MLDIGEST_MODEL_IDENTITY_H
#define MLDIGEST_MODEL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* The fields that a body may begin with, after blank lines: `From:`, `Subject:` and
 * `Date:`, each once, in any order, and no blank line between them (git's in-body
 * headers, git-am(1)).  Strings are decoded, sanitised, NULL where there is no such
 * field. */
struct identity_in_body {
	char *name, *address; /* of the first mailbox in From; both or none */
	char *subject;
	char *date;
	size_t start, end; /* From's bytes, folds and LF included; both 0 without */
	size_t block_start, block_end; /* the same of all fields together */
};

/* Finds them in the LENGTH bytes at TEXT, which were sanitised but for their encoded
 * words.  False, and nothing set, where there is none: a `From:` that names no mailbox is
 * a sentence.  The caller releases *FROM_R. */
bool identity_find_in_body(
	const char *text, size_t length, struct identity_in_body *from_r);
void identity_release_in_body(struct identity_in_body *from);

/* What tells who really sent a mail whose From field a list, gateway or relay has
 * rewritten.  All sanitised and decoded; "" or NULL for what is not there. */
struct identity_sender {
	const char *name, *address; /* of the From field */
	const char *reply_to;       /* the field: `Name <address>`, perhaps several */
	/* The field, as Google Groups, b4, Sympa and the IETF's lists keep it. */
	const char *x_original_from;
	/* The field: Mailman puts the sender there where Reply-To is taken. */
	const char *cc;
	const GPtrArray *list_ids; /* of List-Id, lower case */
};

/* Undoes what DMARC made lists and relays do to From: `X via list <list@…>` (Mailman,
 * Google Groups), `X (via list …) <list@…>` (Sympa), `X <list@…>`, `X via groups.io
 * <x=example.org@groups.io>`, `X <x=40example.org@dmarc.ietf.org>`, `X via B4 Relay
 * <devnull+x.example.org@kernel.org>`, `X via GitGitGadget <gitgitgadget@…>`.  True, with
 * the name ("" where it never had one) and address that were meant, which the caller
 * frees; the address stays the list's where nothing tells the sender's.  False, and
 * nothing set, where From itself does not look rewritten, whatever the other fields say:
 * who sends under an ordinary From stays who that says. */
bool identity_undo_rewriting(
	const struct identity_sender *sender, char **name_r, char **address_r);

/* A mailmap as `git check-mailmap` reads it (gitmailmap(5)). */
struct mailmap;

/* Reads the LENGTH bytes at TEXT; lines that are no entry are passed over.  The caller
 * frees. */
struct mailmap *mailmap_parse(const char *text, size_t length);
void mailmap_free(struct mailmap *mailmap);

/* Adds to KEYS, addresses as address_key() has them, those for which one of them is the proper
 * address, whatever the name; KEYS owns its strings.  MAILMAP may be NULL. */
void mailmap_add_aliases(const struct mailmap *mailmap, GHashTable *keys);

/* The proper name and address for NAME and ADDRESS: both newly allocated, copies where no
 * entry fits or MAILMAP is NULL. */
void mailmap_apply(const struct mailmap *mailmap, const char *name, const char *address,
	char **name_r, char **address_r);

#endif

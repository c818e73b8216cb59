/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signs and checks in minisign's format, and keeps the secret key: libsodium's place. */
#ifndef MLDIGEST_POST_SIGN_H
#define MLDIGEST_POST_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "base/status.h"
#include "post/minisign.h"

/* A secret key in libsodium's guarded memory: no part of a core dump or of swapped pages, and
 * wiped when it is freed. */
struct sign_key;

/* A new key.  Like all here that meet a secret, it takes the process's right to dump core. */
enum status sign_make_key(struct sign_key **key_r);

/* Reads the file PATH, which must be this user's, a regular file and nobody else's to read.  For
 * an encrypted key the password is the first line of PASSWORD_FILE, of which the same is asked;
 * NULL: it is asked for at the terminal.  scrypt takes as much memory as the file says, 1 GiB for
 * a key that minisign made.  Failures have printed their line. */
enum status sign_load_key(
	const char *path, const char *password_file, struct sign_key **key_r);

/* Writes the new files PATH, mode 0600, and PATH.pub.  STATUS_CANTCREAT, printed, and nothing
 * done, where there is either. */
enum status sign_save_key(const struct sign_key *key, const char *path);

/* Wipes KEY; NULL is fine. */
void sign_free_key(struct sign_key *key);

/* KEY's public half; borrowed. */
const struct minisign_public *sign_public(const struct sign_key *key);

/* The .minisig file for the LENGTH bytes at TEXT, prehashed, with COMMENT as its trusted one.  The
 * caller frees. */
GString *sign_text(
	const struct sign_key *key, const void *text, size_t length, const char *comment);

enum sign_result {
	SIGN_GOOD,
	SIGN_OTHER_KEY,   /* it names another key's id */
	SIGN_BAD,         /* it is not of this text by this key */
	SIGN_BAD_COMMENT, /* the text is signed, its trusted comment is not */
};

/* Whether SIGNATURE is KEY's of the LENGTH bytes at TEXT. */
enum sign_result sign_check(const struct minisign_public *key,
	const struct minisign_signature *signature, const void *text, size_t length);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and signatures as minisign(1) writes them: the form alone, no cryptography. Pure. */
#ifndef MLDIGEST_POST_MINISIGN_H
#define MLDIGEST_POST_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum {
	MINISIGN_ID_BYTES = 8,
	MINISIGN_PUBLIC_BYTES = 32, /* Ed25519, RFC 8032 */
	MINISIGN_SECRET_BYTES = 64, /* the seed, then the public key */
	MINISIGN_SIGNATURE_BYTES = 64,
	MINISIGN_SALT_BYTES = 32,
	MINISIGN_CHECKSUM_BYTES = 32,
	/* What a password encrypts: id, secret key, checksum. */
	MINISIGN_SEALED_BYTES = 104,
	/* More than a key file and its comment have; minisign takes comments of 1024 bytes. */
	MINISIGN_FILE_BYTES = 2048,
	/* Of a trusted comment; minisign takes no longer one. */
	MINISIGN_COMMENT_BYTES = 8192,
};

/* A public key, and the random number that its signatures name it by. */
struct minisign_public {
	uint8_t id[MINISIGN_ID_BYTES];
	uint8_t key[MINISIGN_PUBLIC_BYTES];
};

/* A secret key's file.  What is sealed: id, key and BLAKE2b-256 of "Ed", id and key, all of it
 * xored with scrypt's output where it is encrypted; without a password minisign leaves the
 * checksum 0. */
struct minisign_secret {
	bool encrypted;
	uint8_t salt[MINISIGN_SALT_BYTES];
	uint64_t operations, memory; /* scrypt's limits, as libsodium takes them */
	uint8_t sealed[MINISIGN_SEALED_BYTES];
};

/* A .minisig file.  The second signature is over the first and the trusted comment. */
struct minisign_signature {
	bool prehashed; /* over BLAKE2b-512 of the text, "ED"; else over the text, "Ed" */
	uint8_t id[MINISIGN_ID_BYTES];
	uint8_t signature[MINISIGN_SIGNATURE_BYTES];
	GString *comment; /* trusted; any bytes but a line end */
	uint8_t comment_signature[MINISIGN_SIGNATURE_BYTES];
};
void minisign_signature_release(struct minisign_signature *signature);

/* Each reads a file's LENGTH bytes at TEXT: comment lines and base64 lines, LF or CRLF behind
 * them.  False, and nothing set, for anything else.  A public key may stand alone in its line,
 * as `minisign -P` takes it.  A secret leaves nothing behind but in *SECRET_R. */
bool minisign_parse_public(
	const char *text, size_t length, struct minisign_public *public_r);
bool minisign_parse_secret(
	const char *text, size_t length, struct minisign_secret *secret_r);
bool minisign_parse_signature(
	const char *text, size_t length, struct minisign_signature *signature_r);

/* The public key's one line of base64, and its file.  The caller frees. */
char *minisign_print_public_line(const struct minisign_public *key);
char *minisign_print_public(const struct minisign_public *key);

/* The file of SECRET, whose key is named ID, into the MINISIGN_FILE_BYTES at TEXT_R, which get a
 * NUL at their end.  Nothing is left behind elsewhere. */
void minisign_print_secret(
	const struct minisign_secret *secret, const uint8_t *id, char *text_r);

/* The file of SIGNATURE.  The caller frees. */
GString *minisign_print_signature(const struct minisign_signature *signature);

/* ID as minisign prints it, a number in hexadecimal digits.  The caller frees. */
char *minisign_name_id(const uint8_t id[MINISIGN_ID_BYTES]);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A home as text, mldigest-dump(1), and back. */
#ifndef MLDIGEST_STORE_DUMP_H
#define MLDIGEST_STORE_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "base/status.h"
#include "store/env.h"

/* Writes HOME to FD as it is at one moment, by a copy that is made in it and goes again.  What is
 * not as it was written is dumped all the same, with a line on standard error: STATUS_DATA. */
enum status dump_write(const char *home, int fd);

/* Makes HOME, which must not be there or be an empty directory, out of the dump that FD gives; NAME
 * is for messages.  There is no home until all of it was read and its sum is right: STATUS_DATA for
 * what is no dump, cut short or changed. */
enum status dump_restore(const char *home, int fd, const char *name);

/* The lines of a dump and where they are from, in their order: WORD KEY VALUE. */
enum dump_key {
	DUMP_KEY_NUMBER,    /* 12 */
	DUMP_KEY_BYTES,     /* text */
	DUMP_KEY_RECIPIENT, /* 12/text */
};
struct dump_table {
	const char *word;
	enum env_db db;
	enum dump_key key;
};
enum { DUMP_TABLES = 9 };
extern const struct dump_table dump_tables[DUMP_TABLES];

/* What a dump begins with, the word of a file of the home, and of the line at the end. */
#define DUMP_MAGIC   "mldigest-dump-"
#define DUMP_VERSION "1"
#define DUMP_FILE    "file"
#define DUMP_END     "b2sum"

/* The files of the home that are in it, NULL behind them. */
extern const char *const dump_files[];

/* Puts LENGTH bytes behind LINE: `%` and what is not printable ASCII as `%` and two hexadecimal
 * digits, blanks too when it is a KEY. */
void dump_encode(const void *bytes, size_t length, bool key, GString *line);

/* The same back; false for what dump_encode() does not make. */
bool dump_decode(const char *text, size_t length, GByteArray *bytes_r);

#endif

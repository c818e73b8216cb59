/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the check share. */
#ifndef MLDIGEST_STORE_CHECK_INTERNAL_H
#define MLDIGEST_STORE_CHECK_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "store/check.h"
#include "store/env.h"
#include "store/internal.h"

/* A sum over the entries of an index that does not depend on their order. */
struct check_print {
	uint64_t sum[4], count;
};

/* Behind this many faults in one file the others are only counted. */
enum { CHECK_SHOWN = 20 };

struct check {
	const char *home;
	struct store store; /* the copy, opened plain */
	struct check_result result;
	uint64_t head;
	unsigned faults[ENV_DB_COUNT];
	unsigned other_faults;
	struct check_print prints[ENV_DB_COUNT];
	uint64_t related;   /* the last number that relate.db knows of */
	uint64_t looked_up; /* and lookup.db */
	GHashTable *
		expired; /* numbers, GUINT; what else points to them is left from before */
};

/* Adds KEY, and the number of the message it belongs to, to PRINT. */
void check_add_print(struct check_print *print, const void *key, size_t length,
	const uint8_t *number, size_t number_length);

/* A fault in DB, said in one line. */
void check_fault(struct check *check, enum env_db db, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* Goes through DB: EACH sees every entry that is what was written, the others are faults, with NAME
 * (which the caller of it frees) for the key. */
struct check_walk {
	enum env_db db;
	char *(*name)(const uint8_t *key, size_t length);
	void (*each)(struct check *check, struct env_cursor *cursor);
};
enum status check_walk(struct check *check, const struct check_walk *walk);

/* Names of keys for people: a number, and bytes as they are where they can be printed. */
char *check_name_number(const uint8_t *key, size_t length);
char *check_name_bytes(const uint8_t *key, size_t length);

/* The number of a key of eight bytes; false for another. */
bool check_key_number(const uint8_t *key, size_t length, uint64_t *number_r);

/* Notes what the indexes have to hold for the record of LENGTH bytes at BYTES under KEY. */
void check_expect_entries(
	struct check *check, const uint8_t key[8], const void *bytes, size_t length);

/* Compares each index with what was noted; where they differ, names the entries. */
enum status check_indexes(struct check *check);

/* The same for relate.db, which follows the records at its own pace. */
enum status check_begin_related(struct check *check);
void check_expect_related(struct check *check, const struct record *record);
enum status check_related(struct check *check);

/* What is done with a key of LENGTH bytes of an index that has no sums: with PRINT it is added to
 * that, without it what is wrong with it is named. */
typedef enum status check_key_visitor(struct check *check, struct check_print *print,
	const uint8_t *key, size_t length);

/* Has VISIT see every key of DB, with PRINT, until it fails. */
enum status check_walk_derived(struct check *check, enum env_db db,
	check_key_visitor *visit, struct check_print *print);

/* And for lookup.db. */
enum status check_begin_lookup(struct check *check);
void check_expect_lookup(struct check *check, const struct record *record);
enum status check_lookup(struct check *check);

/* The small databases: meta, list, removed, issue, outbox. */
enum status check_others(struct check *check);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in a home's store: adding, finding, marks.  Wraps one session of store/env.h. */
#ifndef MLDIGEST_STORE_STORE_H
#define MLDIGEST_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "base/status.h"
#include "model/reading.h"
#include "model/record.h"

struct store;

enum store_weight {
	STORE_DELIVERY, /* checkpoints after 2 MB of log, so that recovery stays short */
	STORE_BULK,     /* after 16 MB: an import makes that much in a second */
};

/* Makes HOME a home where it is none yet (0700, HOME/db), checks that it is ours, and
 * opens its store.  Others wait until store_close().  Failures have printed their line.
 */
enum status store_open(
	const char *home, enum store_weight weight, struct store **store_r);

/* Ends the session; with SYNC, STATUS_OK says that all commits are on stable storage. */
enum status store_close(struct store *store, bool sync);

/* A session of one transaction: opens HOME's store, runs WORK with DATA, commits and closes with a
 * sync.  The first failure is returned, and nothing of WORK is kept then. */
enum status store_run(const char *home,
	enum status (*work)(struct store *store, void *data), void *data);

/* The same in a session that only reads: no transaction, no sync.  What WORK gets by store_get()
 * and store_find() others may have a share of, so it writes to none of it. */
enum status store_read(const char *home,
	enum status (*work)(struct store *store, void *data), void *data);

/* One transaction at a time. */
enum status store_begin(struct store *store);
enum status store_commit(struct store *store);

/* What store_add() did. */
enum store_added {
	STORE_ADDED_NEW,   /* kept, with a number of its own */
	STORE_ADDED_KNOWN, /* the same message is here already; its lists were noted */
	STORE_ADDED_UNSURE, /* nothing was done: it takes the body to say what it is */
};

/* Adds READING in the open transaction.  Fills in its record: number, link, outcome,
 * conflict and supersede flags (DESIGN.md, "What is kept of a message"). */
enum status store_add(
	struct store *store, struct reading *reading, enum store_added *added_r);

/* The same of a reading as bytes, of which it changes those that have the number and what goes with
 * it; in a session for STORE_BULK. */
enum status store_add_bytes(struct store *store, const struct reading_bytes *bytes,
	enum store_added *added_r);

/* Takes MESSAGE_ID out of what digests show, for COMMIT of its archive says so; its text
 * goes. */
enum status store_remove(struct store *store, const char *message_id,
	const uint8_t *commit, size_t commit_length);

/* The newest number, 0 for an empty store. */
enum status store_head(struct store *store, uint64_t *number_r);

/* The record of a number or Message-ID; STATUS_NOINPUT, silently, when there is none or it has
 * expired. The caller frees *RECORD_R. */
enum status store_get(struct store *store, uint64_t number, struct record **record_r);
enum status store_find(
	struct store *store, const char *message_id, struct record **record_r);

/* The text a digest shows for NUMBER, "" for none; the caller frees. */
enum status store_get_text(struct store *store, uint64_t number, char **text_r);

/* Adds to LISTS, which owns what it holds, the list ids that only later copies of MESSAGE_ID
 * had. */
enum status store_get_lists(
	struct store *store, const char *message_id, GPtrArray *lists);

/* Whether MESSAGE_ID was removed. */
enum status store_is_removed(
	struct store *store, const char *message_id, bool *removed_r);

/* The number of the message that ID, hexadecimal digits of a commit or link, names; 0 for
 * the chain's start.  STATUS_NOINPUT, silently, for none; STATUS_DATA, printed, for
 * several. */
enum status store_resolve_id(struct store *store, const char *id, uint64_t *number_r);

/* Makes COMMIT, all its hexadecimal digits, an id of the place behind NUMBER, unless it
 * has one. */
enum status store_add_alias(
	struct store *store, const char *commit, uint64_t number, bool *added_r);

/* ID's first digits: eight, more where they are not unique.  The caller frees. */
enum status store_abbreviate(
	struct store *store, const uint8_t *id, size_t length, char **abbreviation_r);

/* The id of the range's start behind which NUMBER + 1 is the next: the message's own; for
 * 0, or where a public-inbox range began, the chain's start or the commit that was given.
 */
enum status store_start_id(
	struct store *store, uint64_t number, uint8_t id_r[HASH_BYTES], size_t *length_r);

/* The id of the message NUMBER itself, expired or not. */
enum status store_get_id(
	struct store *store, uint64_t number, uint8_t id_r[HASH_BYTES], size_t *length_r);

/* The link of the chain at the message NUMBER, expired or not. */
enum status store_get_link(
	struct store *store, uint64_t number, uint8_t link_r[HASH_BYTES]);

/* The first number from which on any message may have come at or after TIME. */
enum status store_first_since(struct store *store, int64_t time, uint64_t *number_r);

/* Small values by name; STATUS_NOINPUT, silently, for none.  The caller frees *VALUE_R. */
enum status store_get_meta(struct store *store, const char *name, char **value_r);
enum status store_put_meta(struct store *store, const char *name, const char *value);

/* "mark": the last number that counts as sent; 0 at first. */
enum status store_get_mark(struct store *store, uint64_t *number_r);
enum status store_put_mark(struct store *store, uint64_t number);

/* Freezes the chain's list id; at the making of a home only (DESIGN.md, "The chain"). */
enum status store_freeze_list_id(struct store *store, const char *list_id);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record --filter: the message goes on to standard output, with fields of ours on top. */
#ifndef MLDIGEST_CMD_PASSAGE_H
#define MLDIGEST_CMD_PASSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "mail/raw.h"
#include "mail/strip.h"
#include "model/record.h"

struct passage {
	const char *home;   /* borrowed */
	GString *start;     /* what raw left out: an mbox `From ` line */
	uint64_t seen;      /* bytes of the message so far, as raw counts them */
	int spool;          /* holds what came behind LIMIT_MESSAGE_BYTES, or -1 */
	uint64_t spooled;   /* how much */
	GString *fields;    /* ours, a line each; empty: nothing is known */
	bool passing;       /* the output has begun */
	bool broken;        /* and standard output takes no more */
	enum status status; /* the first failure */
	struct strip strip;
	GString *out; /* on its way to standard output */
};

/* Begins; a large message is kept in a file without a name in HOME, which is borrowed and made
 * when it is needed. */
void passage_init(struct passage *passage, const char *home);
void passage_release(struct passage *passage);

/* Takes what RAW has just been given, LENGTH bytes.  Where a large message cannot be kept it begins
 * to go out unrecorded and the status says so; the rest has to be given all the same. */
enum status passage_append(
	struct passage *passage, const struct raw *raw, const char *bytes, size_t length);

/* Runs WORK with DATA in a process of its own, gives its status: the message goes out even if that
 * one crashes.  Of what it changes only what it gives to passage_describe() is seen here. */
enum status passage_run(
	struct passage *passage, enum status (*work)(void *data), void *data);

/* What the fields shall say: WORD is how it went, RECORD (may be NULL) what was recorded. */
void passage_describe(
	struct passage *passage, const char *word, const struct record *record);

/* Writes all of the message: byte for byte but for fields of ours, old ones gone and the new on top
 * of it, behind a `From ` line.  Without a passage_describe() they say that it is not recorded. */
enum status passage_finish(struct passage *passage, const struct raw *raw);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HOME/sending: what came of runs of sendmail that outbox.db does not know yet.  A line costs a
 * write, where a session of the store costs as much as starting a program.  A flush that is killed
 * leaves it for the next one; the file is there only while one runs. */
#ifndef MLDIGEST_STORE_JOURNAL_H
#define MLDIGEST_STORE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "store/outbox.h"

struct journal;

/* What is written of a recipient. */
enum journal_event { JOURNAL_BEGUN, JOURNAL_DONE, JOURNAL_FAILED };

/* Makes HOME/sending, empty; the caller closes it.  Whoever writes it holds the lock on flush.
 * Failures have printed their line. */
enum status journal_open(const char *home, struct journal **journal_r);

/* Writes that EVENT came to ENTRIES (struct outbox_entry) of ISSUE at TIME, because of WHY (may be
 * NULL).  False when it cannot: the store has to note it now. */
bool journal_add(struct journal *journal, const struct outbox_issue *issue,
	enum journal_event event, const GPtrArray *entries, const char *why,
	int64_t time);

/* The store has on stable storage what was written. */
enum status journal_clear(struct journal *journal);

/* Takes the file away, if it was cleared last. */
void journal_close(struct journal *journal);

/* Notes in HOME's store what a flush that was killed has left, and takes the file away.  Lines
 * of an issue that is not the store's own, and one that was cut, are left out.  STATUS_OK without
 * any. */
enum status journal_replay(const char *home);

#endif

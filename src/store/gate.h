/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HOME/lock: one process at a time, and the marks that say how the last one left.
 * DESIGN.md, "Nothing is lost". */
#ifndef MLDIGEST_STORE_GATE_H
#define MLDIGEST_STORE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct gate {
	char *path;
	int fd;
	int64_t turn; /* rises from holder to holder */
	bool recover; /* the last holder died, the machine restarted, or nothing is known */
	bool suspect; /* a sync failed: what the kernel calls written may not be on the
			 disk */
};

/* Takes the lock of HOME, creating the file, and waits for it LIMIT_LOCK_SECONDS at most
 * (STATUS_TEMPFAIL then).  STATUS_CONFIG for a newer version's file.  A failure has
 * printed its line and left nothing held. */
enum status gate_take(const char *home, struct gate *gate_r);

/* Says in the file that the environment is open; before DB_ENV->open. */
enum status gate_mark_busy(struct gate *gate);

/* Says that it was closed cleanly and, with it, that nothing is suspect any more. */
enum status gate_mark_idle(struct gate *gate);

/* Whether some process has left the suspect mark, read anew. */
bool gate_is_suspect(const struct gate *gate);

/* Leaves the suspect mark; needs no lock. */
void gate_mark_suspect(struct gate *gate);

/* Says, while the lock is held, that a sync follows its release.  Ends with gate_close(), or
 * with the process. */
enum status gate_announce_sync(struct gate *gate);

/* After one's own sync, or before healing: waits, LIMIT_LOCK_SECONDS at most
 * (STATUS_TEMPFAIL then), for all syncs that were announced before it.  Whichever of them
 * failed has left its mark by then; without it, one that opened the log just after the
 * kernel had told another of the failure would see none. */
enum status gate_await_syncs(struct gate *gate);

/* Lets the next one in.  The file stays open for the suspect mark until gate_close(). */
void gate_release(struct gate *gate);
void gate_close(struct gate *gate);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Old messages go; what the chain and the known copies need of them stays. */
#ifndef MLDIGEST_STORE_EXPIRE_H
#define MLDIGEST_STORE_EXPIRE_H

#include <stdint.h>

#include "base/status.h"

struct expire_result {
	uint64_t expired,
		unsent; /* messages that went; old ones that no digest had yet */
};

/* Takes away what arrived before TIME in the store of HOME and counts as sent: texts, and records
 * but for number, times, hashes, ids and Message-ID, so that the chain is whole and none of them
 * comes back as new.  Then gives the room back to the file system.  All in sessions of about
 * LIMIT_BATCH_MS; what is done when it is interrupted stays done. */
enum status expire_before(const char *home, int64_t time, struct expire_result *result_r);

#endif

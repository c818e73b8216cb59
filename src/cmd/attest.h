/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signatures of what comes in, against the keyring. */
#ifndef MLDIGEST_CMD_ATTEST_H
#define MLDIGEST_CMD_ATTEST_H

#include "base/status.h"
#include "model/reading.h"

/* Adds to the record of READING, made of SOURCE, what its signatures are worth by KEYRING,
 * which may be NULL.  A mail without one costs no more than a look at its header.
 * STATUS_TEMPFAIL, printed, where the system fails; whatever the mail or the keyring is, there
 * is a verdict.  Thread-safe. */
enum status attest_reading(const struct reading_source *source, const char *keyring,
	struct reading *reading);

#endif

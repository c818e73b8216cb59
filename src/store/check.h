/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is everything in a store what it has to be? */
#ifndef MLDIGEST_STORE_CHECK_H
#define MLDIGEST_STORE_CHECK_H

#include <stdint.h>

#include "base/hash.h"
#include "base/status.h"

/* What was found where all is well. */
struct check_result {
	uint64_t messages, expired;
	uint8_t head[HASH_BYTES];
};

/* Checks the store of HOME, by a copy that is made in it and goes again: the structure of every
 * database, every value, each index against the records both ways, the chain from its start to the
 * head, and the marks.  Prints a line for each fault, STATUS_DATA then.  Others may use the store
 * meanwhile; what they add is not looked at. */
enum status check_store(const char *home, struct check_result *result_r);

#endif

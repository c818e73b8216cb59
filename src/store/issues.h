/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which issue a message was in. */
#ifndef MLDIGEST_STORE_ISSUES_H
#define MLDIGEST_STORE_ISSUES_H

#include <stdint.h>

#include "base/status.h"
#include "store/store.h"

/* An issue's number, and the window (first, last] that it is of. */
struct issues_range {
	uint64_t number, first, last;
	int64_t date; /* when it was made; 0 where an older program made it */
};

/* The issue whose window has the message NUMBER; its number is 0 for none. */
enum status issues_find(
	struct store *store, uint64_t number, struct issues_range *range_r);

/* The newest issue whose window ends at NUMBER or before; its number is 0 for none. */
enum status issues_find_before(
	struct store *store, uint64_t number, struct issues_range *range_r);

#endif

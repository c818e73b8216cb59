/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of full_collect(): what it does in one session, and the series. */
#ifndef MLDIGEST_DIGEST_FULL_SERIES_H
#define MLDIGEST_DIGEST_FULL_SERIES_H

#include <stdint.h>

#include "base/status.h"
#include "digest/full.h"
#include "store/store.h"

/* A step for each of some numbers. */
struct full_walk {
	const char *home;
	enum status (*step)(struct store *store, void *data, uint64_t number);
	void *data;
};

/* Takes WALK's step for the numbers from FROM up to but without TO, in sessions of at most
 * LIMIT_BATCH_MS. */
enum status full_walk(const struct full_walk *walk, uint64_t from, uint64_t to);

/* Fills in the series of DIGEST's postings, and what replies of any time before the end of WINDOW
 * gave them. */
enum status full_collect_series(const char *home, const struct digest_window *window,
	const struct digest *digest, struct full *full);

#endif

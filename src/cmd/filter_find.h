/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a filter may choose, by the index of people and paths (store/lookup.h). */
#ifndef MLDIGEST_CMD_FILTER_FIND_H
#define MLDIGEST_CMD_FILTER_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/filter.h"

/* Whether FILTER asks for people or paths, so that the index can help. */
bool filter_is_indexed(const struct filter *filter);

/* Messages FIRST to LAST of HOME. */
struct filter_range {
	const char *home;
	uint64_t first, last;
};

/* The numbers (GSIZE_TO_POINTER) in RANGE of which the people and paths may be what FILTER asks
 * for, the newest first: all that fit are among them.  The index is brought up to date before.  The
 * caller unrefs *NUMBERS_R. */
enum status filter_find(const struct filter *filter, const struct mailmap *mailmap,
	const struct filter_range *range, GPtrArray **numbers_r);

#endif

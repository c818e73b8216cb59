/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One posting with all that bears on whether it waits; private to store/review*.c. */
#ifndef MLDIGEST_STORE_REVIEW_CASE_H
#define MLDIGEST_STORE_REVIEW_CASE_H

#include <stdbool.h>

#include <glib.h>

#include "model/identity.h"
#include "store/relate_series.h"
#include "store/store.h"

/* A posting and what it was sent as again. */
struct review_case {
	GPtrArray *group; /* struct relate_series, the first posting first */
	GPtrArray *roots; /* the Message-IDs of their roots */
	bool closed;      /* it waits no more */
};

/* Finds out about POSTING, which has to live as long as the result.  The caller releases
 * *CASE_R. */
enum status review_case_find(struct store *store, const struct record *posting,
	const struct mailmap *mailmap, struct review_case *case_r);

void review_case_release(struct review_case *found);

#endif

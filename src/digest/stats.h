/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contributors' tables of a digest. Pure. */
#ifndef MLDIGEST_DIGEST_STATS_H
#define MLDIGEST_DIGEST_STATS_H

#include <glib.h>

#include "model/identity.h"
#include "model/record.h"

struct stats;

/* One row: how often, and the mailbox (RFC 5322 quoted) or domain. */
struct stats_row {
	unsigned count;
	char *label;
};

/* Empty tables; the caller frees them. */
struct stats *stats_new(void);
void stats_free(struct stats *stats);

/* Counts RECORD's patch author, by MAILMAP's names (may be NULL).  In order of arrival:
 * the last spelling of a name and address is the one that shows. */
void stats_count(
	struct stats *stats, const struct record *record, const struct mailmap *mailmap);

/* The rows by count, largest first, then as `sort -rn` has them (FORMAT.md).  The caller
 * frees the array. */
GPtrArray *stats_people(const struct stats *stats);
GPtrArray *stats_domains(const struct stats *stats);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A series as it is found in the store; private to store/relate.c and reroll.c. */
#ifndef MLDIGEST_STORE_RELATE_SERIES_H
#define MLDIGEST_STORE_RELATE_SERIES_H

#include <glib.h>

#include "base/status.h"
#include "model/record.h"
#include "store/store.h"

struct relate_series {
	GPtrArray *records; /* struct record, owned: all that were looked at */
	GPtrArray *
		members; /* those of the series, by position; or the record asked for, alone */
};

/* The series of RECORD, which has to live as long as the result; the caller releases it. */
enum status relate_assemble(
	struct store *store, const struct record *record, struct relate_series *series_r);

void relate_series_release(struct relate_series *series);

#endif

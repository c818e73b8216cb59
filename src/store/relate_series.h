/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A series as it is found in the store; private to store/relate*.c, reroll.c and review*.c. */
#ifndef MLDIGEST_STORE_RELATE_SERIES_H
#define MLDIGEST_STORE_RELATE_SERIES_H

#include <stdbool.h>

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

/* The root's Message-ID: the cover letter, here or not, else the first part.  The caller frees. */
enum status relate_root(
	struct store *store, const struct relate_series *series, char **root_r);

/* An array of struct relate_tag that owns what it holds. */
GPtrArray *relate_new_tags(void);

/* Adds the tags that replies gave to RECORD, a posting, to RELATION, which has its series. */
struct relation;
enum status relate_add_all_tags(
	struct store *store, const struct record *record, struct relation *relation);

/* Whether some title, or some path, is the same in A and B (struct record). */
bool reroll_share_title(const GPtrArray *a, const GPtrArray *b);
bool reroll_share_path(const GPtrArray *a, const GPtrArray *b);

#endif

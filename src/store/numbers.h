/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of message numbers, a bit each: an index that gives a number for many reasons gives it
 * once. Pure. */
#ifndef MLDIGEST_STORE_NUMBERS_H
#define MLDIGEST_STORE_NUMBERS_H

#include <stdint.h>

#include <glib.h>

struct numbers;

/* An empty set of numbers from FIRST to LAST.  The caller frees. */
struct numbers *numbers_new(uint64_t first, uint64_t last);
void numbers_free(struct numbers *numbers);
typedef struct numbers numbers_auto; /* for g_autoptr() alone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(numbers_auto, numbers_free)

/* Adds NUMBER, which nothing comes of where it is outside. */
void numbers_add(struct numbers *numbers, uint64_t number);

/* Leaves what OTHERS, of the same first and last, has too. */
void numbers_intersect(struct numbers *numbers, const struct numbers *others);

/* All of them (GSIZE_TO_POINTER), the largest first.  The caller unrefs. */
GPtrArray *numbers_list(const struct numbers *numbers);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records that a session which only reads has read: whoever puts series together asks for the
 * same ones again and again, and decoding one costs more than all the rest. */
#ifndef MLDIGEST_STORE_SEEN_H
#define MLDIGEST_STORE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/record.h"

struct seen;

/* The caller frees; SEEN may be NULL. */
struct seen *seen_new(void);
void seen_free(struct seen *seen);

/* Keeps a share of RECORD, of which LENGTH bytes were read; others go where it gets too much. */
void seen_keep(struct seen *seen, struct record *record, size_t length);

/* The record of NUMBER, which the caller frees; NULL where it is not kept. */
struct record *seen_get(const struct seen *seen, uint64_t number);

/* Notes that MESSAGE_ID leads to NUMBER, 0 for nothing that is here. */
void seen_keep_id(struct seen *seen, const char *message_id, uint64_t number);

/* False where nothing is noted of MESSAGE_ID. */
bool seen_get_id(const struct seen *seen, const char *message_id, uint64_t *number_r);

#endif

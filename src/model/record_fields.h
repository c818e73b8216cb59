/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of a record that are alike, in the order of its bytes; for record.c and codec.c. */
#ifndef MLDIGEST_MODEL_RECORD_FIELDS_H
#define MLDIGEST_MODEL_RECORD_FIELDS_H

#include "model/record.h"

enum { RECORD_STRINGS = 11, RECORD_LATER_STRINGS = 7, RECORD_LATER_LISTS = 3 };

/* The Ith of the strings that version 1 has, of those that version 2 added, and of the lists that
 * it added. */
char **record_string(const struct record *record, size_t i);
char **record_later_string(const struct record *record, size_t i);
GPtrArray **record_later_list(const struct record *record, size_t i);

#endif

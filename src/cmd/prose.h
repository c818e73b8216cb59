/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "explain" prints for people. Pure. */
#ifndef MLDIGEST_CMD_PROSE_H
#define MLDIGEST_CMD_PROSE_H

#include "digest/json.h"

/* The rules that were tried, and what is known of the record: a line for each value, a name and
 * the value.  The caller frees. */
char *prose_from_record(const struct json_input *input);

#endif

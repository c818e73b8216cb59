/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a diff, and its id; private to mail/patch.c. Pure. */
#ifndef MLDIGEST_MAIL_DIFF_H
#define MLDIGEST_MAIL_DIFF_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"

/* An empty array of struct patch_path that owns what it holds. */
GPtrArray *diff_new_paths(void);

/* Reads the diff in the LENGTH bytes at TEXT: git's extended headers or plain unified
 * ones.  Adds to PATHS at most LIMIT_PATHS of its files and sets the id (patch_parse says
 * of what). Total. */
void diff_read(
	const char *text, size_t length, GPtrArray *paths, uint8_t id_r[HASH_BYTES]);

#endif

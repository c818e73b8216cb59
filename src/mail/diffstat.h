/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A diffstat, as `git diff --stat` writes it. Pure. */
#ifndef MLDIGEST_MAIL_DIFFSTAT_H
#define MLDIGEST_MAIL_DIFFSTAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct diffstat {
	bool has_total;
	size_t start; /* of the first line that names a file, else of the total's; 0 without one */
	size_t end; /* behind the total's line, without its LF; 0 without one */
	uint32_t files, added, deleted; /* of the total, UINT32_MAX at most */
};

/* Whether LINE is a total (` 3 files changed, 5 insertions(+)`). */
bool diffstat_is_total(const char *line, size_t length);

/* Finds the last total in the LENGTH bytes of sanitised text at TEXT, and adds to PATHS (struct
 * patch_path, at most LIMIT_PATHS; may be NULL) what the lines right over it name: the new name of
 * a rename (`{a => b}/c.c`, `a.c => b.c`), and names that were shortened (`.../c.c`) as they
 * stand.  Counts are known where the line's marks are not scaled (git-diff(1) --stat: as many as
 * its number says), and 0 for binary files; else both are PATCH_COUNT_UNKNOWN. Total. */
struct diffstat diffstat_parse(const char *text, size_t length, GPtrArray *paths);

#endif

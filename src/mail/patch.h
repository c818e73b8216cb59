/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a patch mail's text: message, diffstat, diff, signature. Pure. */
#ifndef MLDIGEST_MAIL_PATCH_H
#define MLDIGEST_MAIL_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"

/* One file of a diff. */
struct patch_path {
	char *path; /* the new name; the old one where the file goes away */
	uint32_t added,
		deleted; /* PATCH_COUNT_UNKNOWN where only a scaled diffstat tells */
};

enum { PATCH_COUNT_UNKNOWN = INT32_MAX };

struct patch {
	bool has_diff;
	bool has_diffstat;
	/* The commit message ends here, before whichever comes first: a line `---`; the
	 * diffstat; the diff and whatever git-mailinfo(1) takes for its begin (`diff -`,
	 * `Index: `, `--- name`); where there is no diff, the signature. */
	size_t message_length;
	size_t text_length; /* what a digest shows is this much of the text */
	size_t diff_start;  /* where the diff begins; the text's length without one */
	GPtrArray *
		paths; /* struct patch_path, in the diff's order; the diffstat's without a diff */
	uint8_t diff_id[HASH_BYTES];       /* all 0 without a diff */
	int32_t stat_files;                /* of the diffstat's total, -1 without one */
	uint32_t stat_added, stat_deleted; /* of the same, 0 without one */
};

/* Finds the parts in the LENGTH bytes of sanitised text at TEXT.  What a digest shows
 * ends with the diffstat's last line, else before the diff, else before the signature,
 * less trailing blank lines.  The diff id depends on the names, the kept, added and
 * deleted lines without their white space, and on neither line numbers nor the files'
 * order, as `git patch-id --stable` (HACKING says where they differ).  The caller releases
 * the result. */
void patch_parse(const char *text, size_t length, struct patch *patch_r);

void patch_release(struct patch *patch);

/* Whether a diff begins at some line of TEXT that is not quoted; *START_R (may be NULL)
 * is where. */
bool patch_find_diff(const char *text, size_t length, size_t *start_r);

/* The length of TEXT without a footer that list software put under it (Mailman's line of
 * underscores with at most eight lines behind it). */
size_t patch_without_footer(const char *text, size_t length);

/* Whether LINE begins such a footer: forty underscores or more. */
bool patch_is_footer_rule(const char *line, size_t length);

/* Whether the line that begins at START is a signature's first (RFC 3676 4.3: `-- `; relays
 * that cut blanks leave `--`, taken where git's version or nothing but the end follows). */
bool patch_is_signature(const char *text, size_t length, size_t start);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "log" was asked to choose by. */
#ifndef MLDIGEST_CMD_FILTER_H
#define MLDIGEST_CMD_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/identity.h"
#include "model/record.h"

/* The words of the command line; NULL where an option was not given.  Several of one array are
 * alternatives. */
struct filter_words {
	GStrv classes; /* names of classes, several with commas between them */
	GStrv authors; /* parts of a name or address */
	GStrv paths;   /* globs, or directories */
	char *outcome;
	char *since, *until; /* times as cmd_parse_time() takes them */
};

void filter_words_release(struct filter_words *words);

struct filter {
	uint32_t classes, outcomes; /* a bit each; 0: any */
	GPtrArray *authors;         /* folded, char * */
	GPtrArray *paths;           /* struct pattern */
	int64_t since, until;       /* arrived in [since, until) */
};

/* Makes *FILTER_R out of WORDS; the caller releases it.  STATUS_USAGE, printed, for a word that
 * cannot be meant. */
enum status filter_make(const struct filter_words *words, struct filter *filter_r);
void filter_release(struct filter *filter);

/* Whether RECORD is all that FILTER asks for.  Its people are looked for under the names they came
 * with and those that MAILMAP (may be NULL) has for them. */
bool filter_fits(const struct filter *filter, const struct record *record,
	const struct mailmap *mailmap);

/* Whether NAME and ADDRESS, or what MAILMAP has for them, are an author that FILTER asks for, and
 * PATH a path.  False where it asks for none. */
bool filter_fits_person(const struct filter *filter, const char *name,
	const char *address, const struct mailmap *mailmap);
bool filter_fits_path(const struct filter *filter, const char *path);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What messages are chosen by, for "log" and for a subscriber. Pure. */
#ifndef MLDIGEST_MODEL_FILTER_H
#define MLDIGEST_MODEL_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "model/identity.h"
#include "model/record.h"

/* The words of --class, --author, --path and --list.  Those of one kind are alternatives, and
 * every kind that has words has to fit. */
enum filter_kind {
	FILTER_CLASS,  /* names of classes, several with commas between them */
	FILTER_AUTHOR, /* parts of a name or address */
	FILTER_PATH,   /* globs, or directories */
	FILTER_LIST,   /* List-Ids */
	FILTER_KINDS
};
struct filter_words {
	GStrv of[FILTER_KINDS]; /* NULL: none of that kind */
};
void filter_words_release(struct filter_words *words);

/* "path": the option's name without its dashes.  Static. */
const char *filter_kind_name(enum filter_kind kind);

/* Whether there is no word at all, and how many there are and their bytes. */
bool filter_words_are_none(const struct filter_words *words);
size_t filter_words_measure(const struct filter_words *words, unsigned *count_r);

/* Adds WORD to those of KIND. */
void filter_words_add(
	struct filter_words *words, enum filter_kind kind, const char *word);

/* A copy of WORDS with one class a word and each word once, in the order of their bytes: who asks
 * for the same has the same.  The caller releases *COPY_R. */
void filter_words_normalize(
	const struct filter_words *words, struct filter_words *copy_r);

/* WORDS as the options of a command line, "--path arch/arm64 --author 'Jan Ek'".  The caller
 * frees. */
char *filter_words_format(const struct filter_words *words);

struct filter {
	uint32_t classes, outcomes; /* a bit each; 0: any */
	GPtrArray *authors, *lists; /* folded, char * */
	GPtrArray *paths;           /* struct pattern */
	int64_t since, until;       /* arrived in [since, until) */
};

/* Makes *FILTER_R out of WORDS, with any outcome and time; the caller releases it.  False, and
 * nothing set but *WHY_R, for people and the caller to free, for a word that cannot be meant. */
bool filter_compile(
	const struct filter_words *words, struct filter *filter_r, char **why_r);
void filter_release(struct filter *filter);

/* One message that is looked at. */
struct filter_subject {
	const struct record *record;
	const GPtrArray *lists;        /* of its later copies; or NULL */
	const struct mailmap *mailmap; /* or NULL */
};

/* Whether SUBJECT is all that FILTER asks for.  Its people are looked for under the names they came
 * with and those that the mailmap has for them. */
bool filter_fits(const struct filter *filter, const struct filter_subject *subject);

/* The same without the paths; and these alone. */
bool filter_fits_but_paths(
	const struct filter *filter, const struct filter_subject *subject);
bool filter_fits_paths(const struct filter *filter, const struct record *record);

/* Whether NAME and ADDRESS, or what MAILMAP has for them, are an author that FILTER asks for, and
 * PATH a path.  False where it asks for none. */
bool filter_fits_person(const struct filter *filter, const char *name,
	const char *address, const struct mailmap *mailmap);
bool filter_fits_path(const struct filter *filter, const char *path);

#endif

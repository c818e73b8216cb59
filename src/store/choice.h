/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a subscriber wants of an issue.  Who wants the same gets the same mail. Pure. */
#ifndef MLDIGEST_STORE_CHOICE_H
#define MLDIGEST_STORE_CHOICE_H

#include <stdbool.h>

#include <glib.h>

#include "model/filter.h"
#include "store/fields.h"

struct choice {
	struct filter_words words; /* as filter_words_normalize() has them */
	bool my_part;              /* their own part stands first, */
	GStrv also; /* and these further addresses are theirs; sorted; NULL: none */
};
void choice_release(struct choice *choice);

/* A copy; the caller releases it. */
void choice_copy(const struct choice *choice, struct choice *copy_r);

/* Whether it is the whole issue, as everybody gets it; and whether two are the same. */
bool choice_is_whole(const struct choice *choice);
bool choice_is_equal(const struct choice *a, const struct choice *b);

/* The name of the page that ADDRESS gets with CHOICE: 16 hexadecimal digits, the same for all who
 * share the filter, but a page with one's own part is one's own.  "" for the whole issue.  The
 * caller frees. */
char *choice_name(const struct choice *choice, const char *address);

/* NULL when CHOICE can be kept: its words can be meant, are one line each, and keep to
 * LIMIT_FILTER_WORDS, LIMIT_FILTER_BYTES and LIMIT_OWN_ADDRESSES.  Else why not; the caller
 * frees. */
char *choice_check(const struct choice *choice);

/* Takes the field KEY of a value, or the word of a line of text, into CHOICE.  Nothing is checked
 * but the form. */
enum fields_taken choice_take(struct choice *choice, const char *key, const char *value);

/* Gives every field of CHOICE to ADD with DATA, in one order. */
void choice_each(const struct choice *choice,
	void (*add)(void *data, const char *key, const char *value), void *data);

/* CHOICE for people: the options of "subscriber set".  The caller frees. */
char *choice_format(const struct choice *choice);

#endif

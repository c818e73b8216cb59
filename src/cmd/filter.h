/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "log" was asked to choose by. */
#ifndef MLDIGEST_CMD_FILTER_H
#define MLDIGEST_CMD_FILTER_H

#include "base/status.h"
#include "model/filter.h"

/* The words of the command line; NULL where an option was not given. */
struct filter_options {
	struct filter_words words;
	char *outcome;
	char *since, *until; /* times as cmd_parse_time() takes them */
};

void filter_options_release(struct filter_options *options);

/* Makes *FILTER_R out of OPTIONS; the caller releases it.  STATUS_USAGE, printed, for a word that
 * cannot be meant. */
enum status filter_make(const struct filter_options *options, struct filter *filter_r);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/filter.h"

#include <string.h>

#include "base/diag.h"
#include "cmd/cmd.h"

void filter_options_release(struct filter_options *options)
{
	filter_words_release(&options->words);
	g_free(options->outcome);
	g_free(options->since);
	g_free(options->until);
}

static enum status filter_take_outcome(struct filter *filter, const char *word)
{
	for (int i = 0; i <= RECORD_OUTCOME_SKIP; i++)
		if (strcmp(record_outcome_name(i), word) == 0) {
			filter->outcomes = UINT32_C(1) << i;
			return STATUS_OK;
		}
	diag_error("log: --outcome: \"%s\" is none of new, exist, skip", word);
	return STATUS_USAGE;
}

static enum status filter_take_time(const char *option, const char *word, int64_t *time_r)
{
	if (cmd_parse_time(word, diag_now(), time_r))
		return STATUS_OK;
	diag_error(
		"log: %s: %s: not a time: YYYY-MM-DD, ISO 8601, or a count of m, h, d, w",
		option, word);
	return STATUS_USAGE;
}

enum status filter_make(const struct filter_options *options, struct filter *filter_r)
{
	struct filter filter;
	g_autofree char *why = NULL;
	enum status status = STATUS_OK;

	if (!filter_compile(&options->words, &filter, &why)) {
		diag_error("log: %s", why);
		return STATUS_USAGE;
	}
	if (options->outcome != NULL)
		status = filter_take_outcome(&filter, options->outcome);
	if (status == STATUS_OK && options->since != NULL)
		status = filter_take_time("--since", options->since, &filter.since);
	if (status == STATUS_OK && options->until != NULL)
		status = filter_take_time("--until", options->until, &filter.until);
	if (status == STATUS_OK && options->since != NULL &&
		filter.since >= filter.until) {
		diag_error("log: --until %s is not after --since %s", options->until,
			options->since);
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		*filter_r = filter;
	else
		filter_release(&filter);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/filter_find.h"

#include <string.h>

#include "base/pattern.h"
#include "store/lookup.h"

bool filter_is_indexed(const struct filter *filter)
{
	return filter->authors->len > 0 || filter->paths->len > 0;
}

/* What the index is asked with. */
struct filter_question {
	const struct filter *filter;
	const struct mailmap *mailmap;
};

static bool filter_wants_person(const char *name, const char *address, const void *data)
{
	const struct filter_question *question = data;

	return filter_fits_person(question->filter, name, address, question->mailmap);
}

static bool filter_wants_path(const char *path, const char *nothing, const void *data)
{
	const struct filter_question *question = data;

	(void)nothing;
	return filter_fits_path(question->filter, path);
}

/* What the paths that PATTERN fits begin with; the caller frees. */
static char *filter_prefix(const struct pattern *pattern)
{
	const char *word = pattern_word(pattern);

	/* With a slash in front it is an expression. */
	return g_strndup(word, *word == '/' ? 0 : strcspn(word, "*?"));
}

/* Whether the range of another prefix, at PREFIXES, has all of the one at INDEX. */
static bool filter_is_covered(const GPtrArray *prefixes, guint index)
{
	for (guint i = 0; i < prefixes->len; i++)
		if (g_str_has_prefix(prefixes->pdata[index], prefixes->pdata[i]) &&
			(i < index ||
				strcmp(prefixes->pdata[index], prefixes->pdata[i]) != 0))
			return true;
	return false;
}

static enum status filter_find_paths(
	const char *home, struct lookup_query query, struct numbers *numbers)
{
	const struct filter_question *question = query.data;
	const GPtrArray *patterns = question->filter->paths;
	g_autoptr(GPtrArray) prefixes = g_ptr_array_new_with_free_func(g_free);
	enum status status = STATUS_OK;

	query.kind = LOOKUP_PATH;
	query.fits = filter_wants_path;
	for (guint i = 0; i < patterns->len; i++)
		g_ptr_array_add(prefixes, filter_prefix(patterns->pdata[i]));
	for (guint i = 0; status == STATUS_OK && i < prefixes->len; i++) {
		query.prefix = prefixes->pdata[i];
		if (!filter_is_covered(prefixes, i))
			status = lookup_find(home, &query, numbers);
	}
	return status;
}

static enum status filter_ask(const struct filter_question *question,
	const struct filter_range *range, GPtrArray **numbers_r)
{
	g_autoptr(numbers_auto) people = numbers_new(range->first, range->last);
	g_autoptr(numbers_auto) paths = numbers_new(range->first, range->last);
	const struct lookup_query query = {.kind = LOOKUP_PERSON,
		.prefix = "",
		.first = range->first,
		.last = range->last,
		.fits = filter_wants_person,
		.data = question};
	bool by_author = question->filter->authors->len > 0;
	bool by_path = question->filter->paths->len > 0;
	enum status status = lookup_update(range->home);

	if (status == STATUS_OK && by_author)
		status = lookup_find(range->home, &query, people);
	if (status == STATUS_OK && by_path)
		status = filter_find_paths(range->home, query, paths);
	if (status != STATUS_OK)
		return status;
	if (by_author && by_path)
		numbers_intersect(people, paths);
	*numbers_r = numbers_list(by_author ? people : paths);
	return STATUS_OK;
}

enum status filter_find(const struct filter *filter, const struct mailmap *mailmap,
	const struct filter_range *range, GPtrArray **numbers_r)
{
	const struct filter_question question = {filter, mailmap};
	enum status status = filter_ask(&question, range, numbers_r);

	if (status != STATUS_DATA)
		return status;
	status = lookup_renew(range->home);
	return status == STATUS_OK ? filter_ask(&question, range, numbers_r) : status;
}

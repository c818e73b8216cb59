/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/filter.h"

#include <string.h>

#include "base/diag.h"
#include "base/pattern.h"
#include "cmd/cmd.h"
#include "mail/address.h"

void filter_words_release(struct filter_words *words)
{
	g_strfreev(words->classes);
	g_strfreev(words->authors);
	g_strfreev(words->paths);
	g_free(words->outcome);
	g_free(words->since);
	g_free(words->until);
}

static void filter_free_pattern(void *data)
{
	pattern_free(data);
}

/* What spellings of a name have in common: case, and whether an accent is a character of its own
 * (Unicode, 3.13 D145 and NFC). */
static char *filter_fold(const char *text)
{
	g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_NFD);
	g_autofree char *folded = g_utf8_casefold(apart, -1);

	return g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
}

static enum status filter_refuse_class(const char *name)
{
	g_autoptr(GString) known = g_string_new(NULL);

	for (int i = 0; i < RECORD_CLASS_COUNT; i++)
		g_string_append_printf(
			known, "%s%s", i > 0 ? ", " : "", record_class_name(i));
	diag_error("log: --class: \"%s\" is no class; there are %s", name, known->str);
	return STATUS_USAGE;
}

static enum status filter_take_classes(struct filter *filter, const char *word)
{
	g_auto(GStrv) names = g_strsplit(word, ",", -1);
	enum record_class class;

	/* Of nothing g_strsplit() makes nothing. */
	if (names[0] == NULL)
		return filter_refuse_class("");
	for (size_t i = 0; names[i] != NULL; i++) {
		if (!record_class_from_name(names[i], &class))
			return filter_refuse_class(names[i]);
		filter->classes |= UINT32_C(1) << class;
	}
	return STATUS_OK;
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

static enum status filter_take_author(struct filter *filter, const char *word)
{
	if (*word == '\0') {
		diag_error("log: --author takes a part of a name or address");
		return STATUS_USAGE;
	}
	g_ptr_array_add(filter->authors, filter_fold(word));
	return STATUS_OK;
}

static enum status filter_add_pattern(struct filter *filter, const char *word)
{
	g_autofree char *why = NULL;
	struct pattern *pattern = pattern_new(word, false, &why);

	if (pattern == NULL) {
		diag_error("log: --path: %s: %s", word, why);
		return STATUS_USAGE;
	}
	g_ptr_array_add(filter->paths, pattern);
	return STATUS_OK;
}

/* A directory fits what is below it, with or without its slash. */
static enum status filter_take_path(struct filter *filter, const char *word)
{
	bool slash = g_str_has_suffix(word, "/");
	g_autofree char *below = g_strdup_printf("%s%s*", word, slash ? "" : "/");
	enum status status;

	if (*word == '\0') {
		diag_error("log: --path takes a path or a glob");
		return STATUS_USAGE;
	}
	status = filter_add_pattern(filter, word);
	return status == STATUS_OK ? filter_add_pattern(filter, below) : status;
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

static enum status filter_take_each(struct filter *filter, GStrv words,
	enum status (*take)(struct filter *filter, const char *word))
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && words != NULL && words[i] != NULL; i++)
		status = take(filter, words[i]);
	return status;
}

enum status filter_make(const struct filter_words *words, struct filter *filter_r)
{
	struct filter filter = {.since = INT64_MIN, .until = INT64_MAX};
	enum status status;

	filter.authors = g_ptr_array_new_with_free_func(g_free);
	filter.paths = g_ptr_array_new_with_free_func(filter_free_pattern);
	status = filter_take_each(&filter, words->classes, filter_take_classes);
	if (status == STATUS_OK)
		status = filter_take_each(&filter, words->authors, filter_take_author);
	if (status == STATUS_OK)
		status = filter_take_each(&filter, words->paths, filter_take_path);
	if (status == STATUS_OK && words->outcome != NULL)
		status = filter_take_outcome(&filter, words->outcome);
	if (status == STATUS_OK && words->since != NULL)
		status = filter_take_time("--since", words->since, &filter.since);
	if (status == STATUS_OK && words->until != NULL)
		status = filter_take_time("--until", words->until, &filter.until);
	if (status == STATUS_OK && words->since != NULL && filter.since >= filter.until) {
		diag_error("log: --until %s is not after --since %s", words->until,
			words->since);
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		*filter_r = filter;
	else
		filter_release(&filter);
	return status;
}

void filter_release(struct filter *filter)
{
	g_clear_pointer(&filter->authors, g_ptr_array_unref);
	g_clear_pointer(&filter->paths, g_ptr_array_unref);
}

/* As one text, so that `Name <address>` can be asked for too. */
static bool filter_fits_mailbox(
	const struct filter *filter, const char *name, const char *address)
{
	g_autofree char *text = address_display(name, address);
	g_autofree char *folded = filter_fold(text);

	for (guint i = 0; i < filter->authors->len; i++)
		if (strstr(folded, filter->authors->pdata[i]) != NULL)
			return true;
	return false;
}

bool filter_fits_person(const struct filter *filter, const char *name,
	const char *address, const struct mailmap *mailmap)
{
	g_autofree char *mapped_name = NULL;
	g_autofree char *mapped_address = NULL;

	if (filter_fits_mailbox(filter, name, address))
		return true;
	if (mailmap == NULL)
		return false;
	mailmap_apply(mailmap, name, address, &mapped_name, &mapped_address);
	return filter_fits_mailbox(filter, mapped_name, mapped_address);
}

static bool filter_fits_author(const struct filter *filter, const struct record *record,
	const struct mailmap *mailmap)
{
	return filter_fits_person(
		       filter, record->author_name, record->author_address, mailmap) ||
	       filter_fits_person(
		       filter, record->person_name, record->person_address, mailmap) ||
	       filter_fits_person(
		       filter, record->patch_name, record->patch_address, mailmap);
}

bool filter_fits_path(const struct filter *filter, const char *path)
{
	for (guint i = 0; i < filter->paths->len; i++)
		if (pattern_fits(filter->paths->pdata[i], path))
			return true;
	return false;
}

static bool filter_fits_paths(const struct filter *filter, const struct record *record)
{
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		if (filter_fits_path(filter, path->path))
			return true;
	}
	return false;
}

bool filter_fits(const struct filter *filter, const struct record *record,
	const struct mailmap *mailmap)
{
	if (record->arrival < filter->since || record->arrival >= filter->until)
		return false;
	if (filter->classes != 0 && !(filter->classes >> record->class & 1))
		return false;
	if (filter->outcomes != 0 && !(filter->outcomes >> record->outcome & 1))
		return false;
	if (filter->authors->len > 0 && !filter_fits_author(filter, record, mailmap))
		return false;
	return filter->paths->len == 0 || filter_fits_paths(filter, record);
}

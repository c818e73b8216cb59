/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/filter.h"

#include <string.h>

#include "base/pattern.h"
#include "mail/address.h"

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

static char *filter_refuse_class(const char *name)
{
	g_autoptr(GString) known = g_string_new(NULL);

	for (int i = 0; i < RECORD_CLASS_COUNT; i++)
		g_string_append_printf(
			known, "%s%s", i > 0 ? ", " : "", record_class_name(i));
	return g_strdup_printf(
		"--class: \"%s\" is no class; there are %s", name, known->str);
}

static char *filter_take_classes(struct filter *filter, const char *word)
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
	return NULL;
}

static char *filter_take_author(struct filter *filter, const char *word)
{
	if (*word == '\0' || !g_utf8_validate(word, -1, NULL))
		return g_strdup("--author takes a part of a name or address");
	g_ptr_array_add(filter->authors, filter_fold(word));
	return NULL;
}

static char *filter_add_pattern(struct filter *filter, const char *word)
{
	g_autofree char *why = NULL;
	struct pattern *pattern = pattern_new(word, false, &why);

	if (pattern == NULL)
		return g_strdup_printf("--path: %s: %s", word, why);
	g_ptr_array_add(filter->paths, pattern);
	return NULL;
}

/* A directory fits what is below it, with or without its slash; what begins with one is a regular
 * expression. */
static char *filter_take_path(struct filter *filter, const char *word)
{
	bool slash = g_str_has_suffix(word, "/");
	g_autofree char *below = g_strdup_printf("%s%s*", word, slash ? "" : "/");
	char *why;

	if (*word == '\0' || !g_utf8_validate(word, -1, NULL))
		return g_strdup("--path takes a path or a glob");
	why = filter_add_pattern(filter, word);
	if (why == NULL && *word != '/')
		why = filter_add_pattern(filter, below);
	return why;
}

/* As the List-Id field has it, perhaps in its brackets (RFC 2919 2). */
static char *filter_take_list(struct filter *filter, const char *word)
{
	size_t length = strlen(word);
	bool brackets = length > 2 && word[0] == '<' && word[length - 1] == '>';
	g_autofree char *id = brackets ? g_strndup(word + 1, length - 2) : g_strdup(word);

	if (*id == '\0' || strpbrk(id, "<> \t") != NULL)
		return g_strdup_printf("--list: \"%s\" is no List-Id", word);
	g_ptr_array_add(filter->lists, g_ascii_strdown(id, -1));
	return NULL;
}

bool filter_compile(
	const struct filter_words *words, struct filter *filter_r, char **why_r)
{
	static char *(*const take[FILTER_KINDS])(
		struct filter * filter, const char *word) = {
		[FILTER_CLASS] = filter_take_classes,
		[FILTER_AUTHOR] = filter_take_author,
		[FILTER_PATH] = filter_take_path,
		[FILTER_LIST] = filter_take_list,
	};
	struct filter filter = {.since = INT64_MIN, .until = INT64_MAX};
	char *why = NULL;

	filter.authors = g_ptr_array_new_with_free_func(g_free);
	filter.lists = g_ptr_array_new_with_free_func(g_free);
	filter.paths = g_ptr_array_new_with_free_func(filter_free_pattern);
	for (int kind = 0; kind < FILTER_KINDS; kind++)
		for (char **word = words->of[kind];
			why == NULL && word != NULL && *word != NULL; word++)
			why = take[kind](&filter, *word);
	if (why == NULL) {
		*filter_r = filter;
		return true;
	}
	filter_release(&filter);
	*why_r = why;
	return false;
}

void filter_release(struct filter *filter)
{
	g_clear_pointer(&filter->authors, g_ptr_array_unref);
	g_clear_pointer(&filter->lists, g_ptr_array_unref);
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

static bool filter_fits_author(
	const struct filter *filter, const struct filter_subject *subject)
{
	const struct record *record = subject->record;
	const struct mailmap *mailmap = subject->mailmap;

	return filter_fits_person(
		       filter, record->author_name, record->author_address, mailmap) ||
	       filter_fits_person(
		       filter, record->person_name, record->person_address, mailmap) ||
	       filter_fits_person(
		       filter, record->patch_name, record->patch_address, mailmap);
}

static bool filter_has_list(const struct filter *filter, const GPtrArray *lists)
{
	for (guint i = 0; lists != NULL && i < lists->len; i++)
		if (g_ptr_array_find_with_equal_func(
			    filter->lists, lists->pdata[i], g_str_equal, NULL))
			return true;
	return false;
}

bool filter_fits_path(const struct filter *filter, const char *path)
{
	for (guint i = 0; i < filter->paths->len; i++)
		if (pattern_fits(filter->paths->pdata[i], path))
			return true;
	return false;
}

bool filter_fits_paths(const struct filter *filter, const struct record *record)
{
	if (filter->paths->len == 0)
		return true;
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		if (filter_fits_path(filter, path->path))
			return true;
	}
	return false;
}

bool filter_fits_but_paths(
	const struct filter *filter, const struct filter_subject *subject)
{
	const struct record *record = subject->record;

	if (record->arrival < filter->since || record->arrival >= filter->until)
		return false;
	if (filter->classes != 0 && !(filter->classes >> record->class & 1))
		return false;
	if (filter->outcomes != 0 && !(filter->outcomes >> record->outcome & 1))
		return false;
	if (filter->lists->len > 0 && !filter_has_list(filter, record->list_ids) &&
		!filter_has_list(filter, subject->lists))
		return false;
	return filter->authors->len == 0 || filter_fits_author(filter, subject);
}

bool filter_fits(const struct filter *filter, const struct filter_subject *subject)
{
	return filter_fits_but_paths(filter, subject) &&
	       filter_fits_paths(filter, subject->record);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a filter as they are given, compared and shown. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "model/filter.h"

static const char *const filter_names[FILTER_KINDS] = {
	[FILTER_CLASS] = "class",
	[FILTER_AUTHOR] = "author",
	[FILTER_PATH] = "path",
	[FILTER_LIST] = "list",
};

const char *filter_kind_name(enum filter_kind kind)
{
	return filter_names[kind];
}

void filter_words_release(struct filter_words *words)
{
	for (int kind = 0; kind < FILTER_KINDS; kind++)
		g_clear_pointer(&words->of[kind], g_strfreev);
}

size_t filter_words_measure(const struct filter_words *words, unsigned *count_r)
{
	size_t bytes = 0;

	*count_r = 0;
	for (int kind = 0; kind < FILTER_KINDS; kind++)
		for (char **word = words->of[kind]; word != NULL && *word != NULL;
			word++) {
			bytes += strlen(*word);
			++*count_r;
		}
	return bytes;
}

bool filter_words_are_none(const struct filter_words *words)
{
	unsigned count;

	filter_words_measure(words, &count);
	return count == 0;
}

void filter_words_add(struct filter_words *words, enum filter_kind kind, const char *word)
{
	GStrv *of = &words->of[kind];
	guint count = *of ? g_strv_length(*of) : 0;

	*of = g_renew(char *, *of, count + 2);
	(*of)[count] = g_strdup(word);
	(*of)[count + 1] = NULL;
}

static int filter_compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts WORDS, and takes out what stands there twice. */
static void filter_sort_words(GStrv words)
{
	guint count = g_strv_length(words), kept = 0;

	qsort(words, count, sizeof *words, filter_compare_words);
	for (guint i = 0; i < count; i++) {
		if (kept > 0 && strcmp(words[kept - 1], words[i]) == 0)
			g_free(words[i]);
		else
			words[kept++] = words[i];
	}
	words[kept] = NULL;
}

void filter_words_normalize(const struct filter_words *words, struct filter_words *copy_r)
{
	*copy_r = (struct filter_words){0};
	for (int kind = 0; kind < FILTER_KINDS; kind++) {
		for (char **word = words->of[kind]; word != NULL && *word != NULL;
			word++) {
			g_auto(GStrv) parts = g_strsplit(
				*word, ",", kind == FILTER_CLASS ? -1 : 1);

			for (char **part = parts; *part != NULL; part++)
				filter_words_add(copy_r, (enum filter_kind)kind, *part);
		}
		if (copy_r->of[kind] != NULL)
			filter_sort_words(copy_r->of[kind]);
	}
}

/* Adds WORD as a shell takes it. */
static void filter_add_quoted(GString *text, const char *word)
{
	static const char plain[] = "@%_-+=:,./*?";
	g_autofree char *quoted = NULL;

	for (const char *c = word; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && strchr(plain, *c) == NULL) {
			quoted = g_shell_quote(word);
			break;
		}
	g_string_append(text, quoted ? quoted : word);
}

char *filter_words_format(const struct filter_words *words)
{
	GString *text = g_string_new(NULL);

	for (int kind = 0; kind < FILTER_KINDS; kind++)
		for (char **word = words->of[kind]; word != NULL && *word != NULL;
			word++) {
			g_string_append_printf(text, "%s--%s ", text->len > 0 ? " " : "",
				filter_names[kind]);
			filter_add_quoted(text, *word);
		}
	return g_string_free(text, FALSE);
}

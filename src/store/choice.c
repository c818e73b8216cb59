/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

/* Of a page's name: 64 bits tell apart more filters than there are people. */
enum { CHOICE_NAME_BYTES = 8 };

#define CHOICE_MY_PART "my-part"
#define CHOICE_ALSO    "also"

void choice_release(struct choice *choice)
{
	filter_words_release(&choice->words);
	g_strfreev(choice->also);
	*choice = (struct choice){0};
}

static int choice_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Adds ADDRESS at its place, unless it is there. */
static void choice_add_address(struct choice *choice, const char *address)
{
	guint count = choice->also ? g_strv_length(choice->also) : 0;

	if (choice->also != NULL &&
		g_strv_contains((const char *const *)choice->also, address))
		return;
	choice->also = g_renew(char *, choice->also, count + 2);
	choice->also[count] = g_strdup(address);
	choice->also[count + 1] = NULL;
	qsort(choice->also, count + 1, sizeof *choice->also, choice_compare);
}

enum fields_taken choice_take(struct choice *choice, const char *key, const char *value)
{
	if (strcmp(key, CHOICE_MY_PART) == 0) {
		choice->my_part = strcmp(value, "yes") == 0;
		return choice->my_part || strcmp(value, "no") == 0 ? FIELDS_TAKEN
								   : FIELDS_BAD;
	}
	if (strcmp(key, CHOICE_ALSO) == 0) {
		choice_add_address(choice, value);
		return FIELDS_TAKEN;
	}
	for (int kind = 0; kind < FILTER_KINDS; kind++)
		if (strcmp(key, filter_kind_name((enum filter_kind)kind)) == 0) {
			filter_words_add(&choice->words, (enum filter_kind)kind, value);
			return FIELDS_TAKEN;
		}
	return FIELDS_UNKNOWN;
}

void choice_each(const struct choice *choice,
	void (*add)(void *data, const char *key, const char *value), void *data)
{
	for (int kind = 0; kind < FILTER_KINDS; kind++)
		for (char **word = choice->words.of[kind]; word != NULL && *word != NULL;
			word++)
			add(data, filter_kind_name((enum filter_kind)kind), *word);
	if (choice->my_part)
		add(data, CHOICE_MY_PART, "yes");
	for (char **address = choice->also; address != NULL && *address != NULL;
		address++)
		add(data, CHOICE_ALSO, *address);
}

static void choice_take_again(void *data, const char *key, const char *value)
{
	choice_take(data, key, value);
}

void choice_copy(const struct choice *choice, struct choice *copy_r)
{
	*copy_r = (struct choice){0};
	choice_each(choice, choice_take_again, copy_r);
}

bool choice_is_whole(const struct choice *choice)
{
	return !choice->my_part && filter_words_are_none(&choice->words);
}

static void choice_add_line(void *data, const char *key, const char *value)
{
	g_string_append_printf(data, "%s %s\n", key, value);
}

/* No word has a line end. */
static GString *choice_lines(const struct choice *choice)
{
	GString *lines = g_string_new(NULL);

	choice_each(choice, choice_add_line, lines);
	return lines;
}

bool choice_is_equal(const struct choice *a, const struct choice *b)
{
	g_autoptr(GString) first = choice_lines(a);
	g_autoptr(GString) second = choice_lines(b);

	return g_string_equal(first, second);
}

char *choice_name(const struct choice *choice, const char *address)
{
	g_autoptr(GString) lines = choice_lines(choice);
	uint8_t hash[HASH_BYTES];

	if (choice_is_whole(choice))
		return g_strdup("");
	if (choice->my_part)
		choice_add_line(lines, "for", address);
	hash_bytes(lines->str, lines->len, hash);
	return text_to_hex(hash, CHOICE_NAME_BYTES);
}

static void choice_check_word(void *data, const char *key, const char *value)
{
	char **why = data;

	/* What pattern_new() and the rest take may have any bytes. */
	if (*why == NULL && *value != '\0' && !conf_value_is_good(value))
		*why = g_strdup_printf("--%s: no control, and no blank at the end", key);
}

char *choice_check(const struct choice *choice)
{
	struct filter filter;
	char *why = NULL;
	unsigned count;

	if (filter_words_measure(&choice->words, &count) > LIMIT_FILTER_BYTES ||
		count > LIMIT_FILTER_WORDS)
		return g_strdup_printf(
			"a filter has at most %d words of %d bytes together",
			LIMIT_FILTER_WORDS, LIMIT_FILTER_BYTES);
	if (choice->also != NULL && g_strv_length(choice->also) > LIMIT_OWN_ADDRESSES)
		return g_strdup_printf(
			"--also: at most %d addresses", LIMIT_OWN_ADDRESSES);
	choice_each(choice, choice_check_word, &why);
	if (why == NULL && filter_compile(&choice->words, &filter, &why))
		filter_release(&filter);
	return why;
}

char *choice_format(const struct choice *choice)
{
	g_autofree char *words = filter_words_format(&choice->words);
	GString *text = g_string_new(words);

	if (choice->my_part)
		g_string_append_printf(
			text, "%s--" CHOICE_MY_PART " yes", text->len > 0 ? " " : "");
	for (char **address = choice->also; address != NULL && *address != NULL;
		address++)
		g_string_append_printf(text, " --" CHOICE_ALSO " %s", *address);
	return g_string_free(text, FALSE);
}

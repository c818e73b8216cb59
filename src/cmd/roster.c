/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/roster.h"

#include <string.h>

#include "base/text.h"

#define ROSTER_BAD_WORD                                                                \
	"behind the address stand format=text, format=mime, paused, class=, author=, " \
	"path=, list=, my-part=yes, or also="

static void roster_free_item(void *data)
{
	struct subscriber *subscriber = data;

	subscriber_release(subscriber);
	g_free(subscriber);
}

/* A value in one word: what is no part of one is written as %20 (RFC 3986 2.1). */
static void roster_add_word(void *data, const char *key, const char *value)
{
	static const char plain[] = "!$&'()*+,-./:;<=>?@[\\]^_`{|}~";

	g_string_append_printf(data, " %s=", key);
	for (const char *c = value; *c != '\0'; c++)
		if (g_ascii_isalnum(*c) || strchr(plain, *c) != NULL)
			g_string_append_c(data, *c);
		else
			g_string_append_printf(data, "%%%02x", (unsigned char)*c);
}

/* The other way. */
static const char *roster_take_choice(const char *word, struct choice *choice)
{
	const char *equals = strchr(word, '=');
	g_autofree char *key = equals ? g_strndup(word, (gsize)(equals - word)) : NULL;
	g_autofree char *value = equals ? g_uri_unescape_string(equals + 1, NULL) : NULL;
	g_autofree char *address = NULL;

	if (equals == NULL)
		return ROSTER_BAD_WORD;
	if (value == NULL || !g_utf8_validate(value, -1, NULL))
		return "what stands behind % is no byte of UTF-8";
	if (strcmp(key, "also") == 0) {
		address = subscriber_normalize(value);
		if (address == NULL)
			return ROSTER_BAD_ADDRESS;
	}
	switch (choice_take(choice, key, address ? address : value)) {
	case FIELDS_TAKEN:
		return NULL;
	case FIELDS_BAD:
		return "my-part is yes or no";
	case FIELDS_UNKNOWN:
		break;
	}
	return ROSTER_BAD_WORD;
}

/* What the words of a line come to. */
static const char *roster_check_choice(struct choice *choice)
{
	struct filter_words normal;
	g_autofree char *why = NULL;

	if (choice->also != NULL && !choice->my_part)
		return "also= goes with my-part=yes";
	filter_words_normalize(&choice->words, &normal);
	filter_words_release(&choice->words);
	choice->words = normal;
	why = choice_check(choice);
	return why != NULL ? g_intern_string(why) : NULL;
}

/* One word behind the address; NULL when it is good, else why not. */
static const char *roster_take_word(const char *word, struct subscriber *subscriber)
{
	if (strcmp(word, "paused") == 0) {
		subscriber->paused = true;
		return NULL;
	}
	if (!g_str_has_prefix(word, "format="))
		return roster_take_choice(word, &subscriber->choice);
	return subscriber_parse_format(word + strlen("format="), &subscriber->format)
		       ? NULL
		       : "the format is text or mime";
}

/* The words of a line, its comment cut off.  NULL when they are good. */
static const char *roster_take_line(char *line, struct subscriber *subscriber)
{
	g_auto(GStrv) words = NULL;
	const char *why = NULL;

	g_strdelimit(line, "\t\r", ' ');
	words = g_strsplit(line, " ", -1);
	for (char **word = words; why == NULL && *word != NULL; word++) {
		if (**word == '\0')
			continue;
		if (subscriber->address != NULL) {
			why = roster_take_word(*word, subscriber);
			continue;
		}
		subscriber->address = subscriber_normalize(*word);
		if (subscriber->address == NULL)
			why = ROSTER_BAD_ADDRESS;
	}
	return why != NULL ? why : roster_check_choice(&subscriber->choice);
}

/* Adds it unless it is there; an address that is there with other words is none to guess about. */
static const char *roster_keep(
	GHashTable *known, struct subscriber *subscriber, GPtrArray *subscribers)
{
	const struct subscriber *before = g_hash_table_lookup(known, subscriber->address);
	bool same;

	if (before == NULL) {
		g_hash_table_insert(known, subscriber->address, subscriber);
		g_ptr_array_add(subscribers, subscriber);
		return NULL;
	}
	same = before->format == subscriber->format &&
	       before->paused == subscriber->paused &&
	       choice_is_equal(&before->choice, &subscriber->choice);
	roster_free_item(subscriber);
	return same ? NULL : "the address stands above with other words";
}

static const char *roster_read_line(
	const char *bytes, size_t length, GHashTable *known, GPtrArray *subscribers)
{
	g_autofree char *line = g_strndup(bytes, length);
	struct subscriber *subscriber = g_new0(struct subscriber, 1);
	const char *why = strlen(line) == length ? NULL : "there is a NUL in it";

	line[strcspn(line, "#")] = '\0';
	if (why == NULL)
		why = roster_take_line(line, subscriber);
	if (why == NULL && subscriber->address != NULL)
		return roster_keep(known, subscriber, subscribers);
	roster_free_item(subscriber);
	return why;
}

enum status roster_parse(const char *text, size_t length, GPtrArray **subscribers_r,
	unsigned *line_r, const char **why_r)
{
	g_autoptr(GPtrArray)
		subscribers = g_ptr_array_new_with_free_func(roster_free_item);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	const char *line, *why;
	size_t cursor = 0, line_length;

	for (unsigned number = 1;
		text_next_line(text, length, &cursor, &line, &line_length); number++) {
		why = roster_read_line(line, line_length, known, subscribers);
		if (why != NULL) {
			*line_r = number;
			*why_r = why;
			return STATUS_DATA;
		}
	}
	*subscribers_r = g_steal_pointer(&subscribers);
	return STATUS_OK;
}

void roster_add(GString *text, const struct subscriber *subscriber)
{
	g_string_append_printf(text, "%s format=%s%s", subscriber->address,
		subscriber_format_name(subscriber->format),
		subscriber->paused ? " paused" : "");
	choice_each(&subscriber->choice, roster_add_word, text);
	g_string_append_c(text, '\n');
}

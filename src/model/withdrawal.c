/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/withdrawal.h"

#include <string.h>

#include <glib.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/quote.h"

enum {
	/* A greeting, an excuse, and then it is said. */
	WITHDRAWAL_LINES = 6,
	WITHDRAWAL_WORDS = 24,
};

/* Words in front of the verb that leave it what it is. */
static const char *const withdrawal_lead[] = {"please", "pls", "plz", "kindly", "so",
	"sorry", "oops", "just", "you", "can", "and", "do", "hi", "all", "self", "i",
	"i'm", "am", "hereby", "want", "to", "would", "like", "ok", "okay", "for", "now",
	"the", "noise", "about", "that", "this", "let's", "we", "should", "may", "could",
	"is", "was", "been", "has", "it", "patch", "series", "my", "have", "actually",
	"hmm", "argh", "sigh", "then", "thus", "meanwhile", "maintainers", NULL};

static const char *const withdrawal_verbs[] = {
	"ignore", "drop", "disregard", "discard", NULL};

/* These need nothing behind them. */
static const char *const withdrawal_words[] = {"withdrawn", "withdraw", "withdrawing",
	"nak", "nack", "naked", "nacked", "self-nak", "self-nack", "selfnak", "selfnack",
	NULL};

/* What a verb may be about. */
static const char *const withdrawal_objects[] = {"", "this", "it", "that", "these",
	"them", "those", "both", "all", "my", "the", "v1", "v2", "v3", "v4", "v5", "v6",
	"v7", "v8", "v9", "patch", "patches", "series", NULL};

static const char *const withdrawal_things[] = {"", "one", "two", "patch", "patches",
	"series", "patchset", "patchseries", "set", "mail", "email", "e-mail", "message",
	"posting", "version", "submission", "thread", "v1", "v2", "v3", "v4", "v5", "v6",
	"v7", "v8", "v9", "for", "and", "as", "since", "because", "i", "will", "sorry",
	"please", "now", "it", "there", "see", "in", "until", "instead", "altogether",
	"completely", "noise", "thanks", "i'll", "from", "was", "is", NULL};

/* Words between an object and a thing. */
static const char *const withdrawal_adjectives[] = {"rfc", "wrong", "previous", "last",
	"earlier", "old", "whole", "entire", "above", "first", "broken", NULL};

static bool withdrawal_is_in(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* The next word of LOWER at *CURSOR, "" where the sentence ends before it; a comma ends none. */
static char *withdrawal_next_word(const char *lower, size_t *cursor)
{
	size_t start = *cursor + strspn(lower + *cursor, " \t,:;()'\"*_-");
	size_t end = start;

	while (g_ascii_isalnum(lower[end]) ||
		(end > start && lower[end] != '\0' && strchr("-'/", lower[end]) != NULL))
		end++;
	*cursor = end;
	return g_strndup(lower + start, end - start);
}

/* Whether the sentence goes on behind a verb with the whole posting. */
static bool withdrawal_has_object(const char *lower, size_t cursor)
{
	g_autofree char *object = withdrawal_next_word(lower, &cursor);
	g_autofree char *thing = NULL;

	if (!withdrawal_is_in(object, withdrawal_objects))
		return false;
	if (*object == '\0')
		return lower[cursor] == '\0' || strchr(".!", lower[cursor]) != NULL;
	thing = withdrawal_next_word(lower, &cursor);
	if (withdrawal_is_in(thing, withdrawal_adjectives)) {
		g_free(thing);
		thing = withdrawal_next_word(lower, &cursor);
		return *thing != '\0' && withdrawal_is_in(thing, withdrawal_things);
	}
	return withdrawal_is_in(thing, withdrawal_things) &&
	       (strcmp(object, "the") != 0 || *thing != '\0');
}

/* Whether the sentence at *CURSOR takes something back; *CURSOR is moved behind it. */
static bool withdrawal_is_sentence(const char *lower, size_t *cursor)
{
	bool open = true, found = false;

	for (unsigned words = 0; words < WITHDRAWAL_WORDS && !found; words++) {
		g_autofree char *word = withdrawal_next_word(lower, cursor);

		if (*word == '\0')
			break;
		if (open && withdrawal_is_in(word, withdrawal_words))
			found = true;
		else if (open && withdrawal_is_in(word, withdrawal_verbs))
			found = withdrawal_has_object(lower, *cursor);
		/* Behind another word the sentence is about something else. */
		open = open && withdrawal_is_in(word, withdrawal_lead);
	}
	*cursor += strcspn(lower + *cursor, ".!?,;");
	found = found && lower[*cursor] != '?';
	*cursor += lower[*cursor] != '\0';
	return found;
}

/* Whether LOWER may say it: one of these is in each word that does. */
static bool withdrawal_may_be(const char *lower)
{
	static const char *const parts[] = {
		"withdraw", "nak", "nack", "ignore", "drop", "disregard", "discard"};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strstr(lower, parts[i]) != NULL)
			return true;
	return false;
}

static bool withdrawal_is_line(const char *line, size_t length)
{
	g_autofree char *copy = g_strndup(
		line, text_cut(line, length, LIMIT_EVIDENCE_BYTES));
	g_autofree char *lower = g_ascii_strdown(copy, -1);
	size_t cursor = 0;

	if (!withdrawal_may_be(lower))
		return false;
	while (lower[cursor] != '\0')
		if (withdrawal_is_sentence(lower, &cursor))
			return true;
	return false;
}

bool withdrawal_find(const char *text, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	for (unsigned lines = 0;
		lines < WITHDRAWAL_LINES &&
		quote_next_own_line(text, length, &cursor, &line, &line_length);
		lines++)
		if (withdrawal_is_line(line, line_length))
			return true;
	return false;
}

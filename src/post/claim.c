/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/claim.h"

#include <string.h>

#include "base/text.h"
#include "mail/msgid.h"
#include "store/chain.h"

/* The first word says what it is.  Who knows the first form alone shall not take a selection for
 * the whole issue: to that program it is no issue. */
#define CLAIM_VERSION  "mldigest1"
#define CLAIM_PERSONAL "mldigest1-personal"

void claim_release(struct claim *claim)
{
	g_free(claim->list);
	g_free(claim->from);
	g_free(claim->to);
	g_free(claim->person);
	filter_words_release(&claim->filter);
	*claim = (struct claim){0};
}

/* A value in one word (RFC 3986 2.1); the comma stands between words of a filter. */
static char *claim_escape(const char *text)
{
	return g_uri_escape_string(text, "/*?@+=!$&'();:", FALSE);
}

/* "path:arch/arm64,author:Jan%20Ek" */
static void claim_add_filter(const struct claim *claim, GString *line)
{
	const char *gap = "";

	for (int kind = 0; kind < FILTER_KINDS; kind++)
		for (char **word = claim->filter.of[kind]; word != NULL && *word != NULL;
			word++) {
			g_autofree char *escaped = claim_escape(*word);

			g_string_append_printf(line, "%s%s:%s", gap,
				filter_kind_name((enum filter_kind)kind), escaped);
			gap = ",";
		}
}

char *claim_print(const struct claim *claim)
{
	g_autofree char *prev = text_to_hex(claim->prev, HASH_BYTES);
	g_autofree char *head = text_to_hex(claim->head, HASH_BYTES);
	GString *line = g_string_new(claim->personal ? CLAIM_PERSONAL : CLAIM_VERSION);

	g_string_append_printf(line,
		" list=%s issue=%" G_GUINT64_FORMAT " seq=%" G_GUINT64_FORMAT
		"-%" G_GUINT64_FORMAT " from=%s to=%s prev=%s head=%s",
		claim->list, (guint64)claim->issue, (guint64)claim->first,
		(guint64)claim->last, claim->from, claim->to, prev, head);
	if (claim->personal) {
		g_autofree char *person = claim_escape(claim->person);

		g_string_append_printf(line,
			" shown=%u/%u before=%" G_GUINT64_FORMAT " for=%s filter=",
			claim->shown, claim->all, (guint64)claim->before, person);
		claim_add_filter(claim, line);
	}
	return g_string_free(line, FALSE);
}

/* Decimal digits without a 0 in front; 0 is none of the numbers here. */
static bool claim_parse_number(const char *text, uint64_t *number_r)
{
	guint64 number;

	if (*text == '0' ||
		!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT64, &number, NULL))
		return false;
	*number_r = number;
	return true;
}

/* The whole of a hash, in lower case. */
static bool claim_parse_hash(const char *text, uint8_t hash_r[HASH_BYTES])
{
	size_t digits;

	return strlen(text) == (size_t)2 * HASH_BYTES &&
	       strspn(text, "0123456789abcdef") == strlen(text) &&
	       text_from_hex(text, hash_r, HASH_BYTES, &digits);
}

static bool claim_parse_range(const char *text, uint64_t *first_r, uint64_t *last_r)
{
	const char *dash = strchr(text, '-');
	g_autofree char *first = dash ? g_strndup(text, (gsize)(dash - text)) : NULL;

	return dash != NULL && claim_parse_number(first, first_r) &&
	       claim_parse_number(dash + 1, last_r) && *first_r <= *last_r;
}

/* What follows `KEY=` in WORD, NULL for another word. */
static const char *claim_value(const char *word, const char *key)
{
	size_t length = strlen(key);

	return strncmp(word, key, length) == 0 && word[length] == '=' ? word + length + 1
								      : NULL;
}

/* A number that may be 0. */
static bool claim_parse_count(const char *text, uint64_t max, uint64_t *number_r)
{
	if (strcmp(text, "0") == 0) {
		*number_r = 0;
		return true;
	}
	return claim_parse_number(text, number_r) && *number_r <= max;
}

static bool claim_parse_shown(const char *text, struct claim *claim)
{
	const char *slash = strchr(text, '/');
	g_autofree char *first = slash ? g_strndup(text, (gsize)(slash - text)) : NULL;
	uint64_t shown, all;

	if (slash == NULL || !claim_parse_count(first, G_MAXUINT, &shown) ||
		!claim_parse_count(slash + 1, G_MAXUINT, &all) || shown > all)
		return false;
	claim->shown = (unsigned)shown;
	claim->all = (unsigned)all;
	return true;
}

/* One word of a filter, "path:arch/arm64". */
static bool claim_parse_filter_word(const char *text, struct filter_words *words)
{
	const char *colon = strchr(text, ':');
	g_autofree char *value = colon ? g_uri_unescape_string(colon + 1, NULL) : NULL;

	for (int kind = 0; value != NULL && kind < FILTER_KINDS; kind++) {
		const char *name = filter_kind_name((enum filter_kind)kind);

		if (strlen(name) == (size_t)(colon - text) &&
			strncmp(name, text, strlen(name)) == 0) {
			filter_words_add(words, (enum filter_kind)kind, value);
			return true;
		}
	}
	return false;
}

/* What a personal page says behind the rest, in WORDS. */
static bool claim_parse_personal(char *const *words, struct claim *claim)
{
	static const char *const keys[] = {"shown", "before", "for", "filter"};
	const char *values[G_N_ELEMENTS(keys)];
	g_auto(GStrv) filter = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		values[i] = words[i] ? claim_value(words[i], keys[i]) : NULL;
		if (values[i] == NULL)
			return false;
	}
	claim->personal = true;
	claim->person = g_uri_unescape_string(values[2], NULL);
	if (!claim_parse_shown(values[0], claim) ||
		!claim_parse_count(values[1], claim->issue - 1, &claim->before) ||
		claim->person == NULL)
		return false;
	filter = g_strsplit(values[3], ",", -1);
	for (char **word = filter; *word != NULL; word++)
		if (!claim_parse_filter_word(*word, &claim->filter))
			return false;
	return true;
}

bool claim_parse(const char *text, size_t length, struct claim *claim_r)
{
	static const char *const keys[] = {
		"list", "issue", "seq", "from", "to", "prev", "head"};
	const char *values[G_N_ELEMENTS(keys)];
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) words = g_strsplit(copy, " ", -1);
	struct claim claim = {0};
	bool personal = words[0] != NULL && strcmp(words[0], CLAIM_PERSONAL) == 0;

	if (strlen(copy) != length || g_strv_length(words) <= G_N_ELEMENTS(keys) ||
		(!personal && strcmp(words[0], CLAIM_VERSION) != 0))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		values[i] = claim_value(words[i + 1], keys[i]);
		if (values[i] == NULL)
			return false;
	}
	if (!claim_parse_number(values[1], &claim.issue) ||
		!claim_parse_range(values[2], &claim.first, &claim.last) ||
		!claim_parse_hash(values[5], claim.prev) ||
		!claim_parse_hash(values[6], claim.head) ||
		(personal &&
			!claim_parse_personal(words + 1 + G_N_ELEMENTS(keys), &claim))) {
		claim_release(&claim);
		return false;
	}
	claim.list = g_strdup(values[0]);
	claim.from = g_strdup(values[3]);
	claim.to = g_strdup(values[4]);
	*claim_r = claim;
	return true;
}

struct claim_line {
	uint64_t number;
	uint8_t hash[HASH_BYTES];
	char *message_id; /* points into the line */
};

/* LINE loses its blanks. */
static bool claim_parse_line(char *line, struct claim_line *line_r)
{
	char *hash = strchr(line, ' ');
	char *id = hash != NULL ? strchr(hash + 1, ' ') : NULL;

	if (id == NULL)
		return false;
	*hash++ = '\0';
	*id++ = '\0';
	line_r->message_id = id;
	return claim_parse_number(line, &line_r->number) &&
	       claim_parse_hash(hash, line_r->hash) && msgid_is_valid(id);
}

bool claim_fits_manifest(
	const struct claim *claim, const char *text, size_t length, const char **why_r)
{
	uint64_t expected = claim->first;
	size_t cursor = 0, line_length;
	uint8_t link[HASH_BYTES];
	const char *start;

	memcpy(link, claim->prev, HASH_BYTES);
	for (; text_next_line(text, length, &cursor, &start, &line_length); expected++) {
		g_autofree char *line = g_strndup(start, line_length);
		struct claim_line parsed;

		*why_r = "a line of its manifest is none";
		if (strlen(line) != line_length || !claim_parse_line(line, &parsed))
			return false;
		*why_r = "its manifest has other numbers";
		if (parsed.number != expected || expected > claim->last)
			return false;
		chain_next(link, parsed.number, parsed.hash, parsed.message_id, link);
	}
	*why_r = "its manifest has other numbers";
	if (expected != claim->last + 1)
		return false;
	*why_r = "its manifest does not lead from prev to head";
	return memcmp(link, claim->head, HASH_BYTES) == 0;
}

bool claim_begins_chain(const struct claim *claim)
{
	uint8_t start[HASH_BYTES];

	chain_start(claim->list, start);
	return claim->first == 1 && memcmp(start, claim->prev, HASH_BYTES) == 0;
}

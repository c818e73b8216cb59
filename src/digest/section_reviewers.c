/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "digest/layout.h"
#include "digest/section.h"
#include "mail/address.h"

/* Where people of all kinds have their mail: to share one is no common employer. */
static const char *const reviewers_open_domains[] = {"126.com", "163.com", "foxmail.com",
	"fastmail.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
	"icloud.com", "kernel.org", "linux.dev", "mailbox.org", "outlook.com", "pm.me",
	"posteo.de", "posteo.net", "proton.me", "protonmail.com", "qq.com", "web.de",
	"yahoo.com", "yandex.ru"};

struct reviewers_count {
	struct full *full;
	GHashTable *rows;  /* key of a person -> struct full_reviewer, owned */
	GHashTable *seen;  /* kind, person and patch */
	GHashTable *given; /* struct full_posting -> how many trailers it was given */
};

static struct full_reviewer *reviewers_row(
	struct reviewers_count *count, struct full_person *person)
{
	struct full_reviewer *row = g_hash_table_lookup(count->rows, person->key);

	if (row == NULL) {
		row = g_new0(struct full_reviewer, 1);
		row->person = person;
		g_hash_table_insert(count->rows, person->key, row);
	}
	return row;
}

/* Whether WHAT of PERSON for NUMBER counts for the first time. */
static bool reviewers_is_first(struct reviewers_count *count, int what,
	const struct full_person *person, uint64_t number)
{
	return g_hash_table_add(
		count->seen, g_strdup_printf("%d %" G_GUINT64_FORMAT " %s", what,
				     (guint64)number, person->key));
}

static bool reviewers_are_colleagues(
	const struct full_person *one, const struct full_person *other)
{
	g_autofree char *domain = address_domain(one->address);
	g_autofree char *others = address_domain(other->address);

	if (*domain == '\0' || strcmp(domain, others) != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(reviewers_open_domains); i++)
		if (strcmp(domain, reviewers_open_domains[i]) == 0)
			return false;
	return true;
}

/* Whose row has what GIVER gives in MESSAGE: many sign with another address than they write from,
 * or a misspelt one. */
static struct full_person *reviewers_owner(
	const struct full_message *message, struct full_person *giver)
{
	return *giver->name != '\0' && strcmp(giver->name, message->sender->name) == 0
		       ? message->sender
		       : giver;
}

static void reviewers_count_tag(struct reviewers_count *count, enum full_kind kind,
	struct full_person *giver, const struct full_message *message)
{
	const struct full_posting *target = message->target;
	struct full_person *owner = reviewers_owner(message, giver);
	bool own = reviewers_are_colleagues(giver, target->author);

	for (guint i = 0; i < target->patches->len; i++) {
		uint64_t number = GPOINTER_TO_SIZE(target->patches->pdata[i]);

		if (!reviewers_is_first(count, (int)kind, owner, number))
			continue;
		if (own)
			reviewers_row(count, owner)->own++;
		else
			reviewers_row(count, owner)->given[kind]++;
	}
}

/* Whether one more trailer for TARGET counts. */
static bool reviewers_has_room(struct reviewers_count *count, struct full_posting *target)
{
	guint given = GPOINTER_TO_UINT(g_hash_table_lookup(count->given, target));

	g_hash_table_insert(count->given, target, GUINT_TO_POINTER(given + 1));
	return given < LIMIT_POSTING_TAGS;
}

static void reviewers_count_message(
	struct reviewers_count *count, const struct full_message *message)
{
	struct full_posting *target = message->target;
	const GPtrArray *trailers = message->record->trailers;

	if (!message->human || target == NULL)
		return;
	if (message->sender != target->author &&
		reviewers_is_first(count, FULL_KINDS, message->sender, target->number))
		reviewers_row(count, message->sender)->replies++;
	for (guint i = 0; i < trailers->len; i++) {
		const struct trailer *trailer = trailers->pdata[i];
		enum full_kind kind = full_kind_of(trailer->key);
		struct full_person *giver;

		if (kind == FULL_KINDS)
			continue;
		giver = full_find_giver(count->full, trailer->value);
		if (giver != NULL && giver != target->author &&
			reviewers_has_room(count, target))
			reviewers_count_tag(count, kind, giver, message);
	}
}

static unsigned reviewers_sum(const struct full_reviewer *row)
{
	unsigned sum = row->own;

	for (int kind = 0; kind < FULL_KINDS; kind++)
		sum += row->given[kind];
	return sum;
}

/* Who vouches for more patches, then who answers more of them. */
static int reviewers_compare_weight(
	const struct full_reviewer *a, const struct full_reviewer *b)
{
	unsigned weight_a = reviewers_sum(a) - a->own,
		 weight_b = reviewers_sum(b) - b->own;

	if (weight_a != weight_b)
		return weight_a < weight_b ? 1 : -1;
	if (a->replies != b->replies)
		return a->replies < b->replies ? 1 : -1;
	return a->own < b->own ? 1 : a->own > b->own ? -1 : 0;
}

static int reviewers_compare(const void *a, const void *b)
{
	const struct full_reviewer *const *first = a, *const *second = b;
	int order = reviewers_compare_weight(*first, *second);

	return order != 0 ? order : strcmp((*first)->person->key, (*second)->person->key);
}

/* The rows of MESSAGES, ranked.  The caller frees the array, which owns them. */
static GPtrArray *reviewers_rank(struct full *full, const GPtrArray *messages)
{
	struct reviewers_count count = {full, g_hash_table_new(g_str_hash, g_str_equal),
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		g_hash_table_new(g_direct_hash, g_direct_equal)};
	GPtrArray *rows;

	for (guint i = 0; i < messages->len; i++)
		reviewers_count_message(&count, messages->pdata[i]);
	rows = full_values(count.rows);
	g_ptr_array_set_free_func(rows, g_free);
	g_ptr_array_sort(rows, reviewers_compare);
	for (guint i = 0; i < rows->len; i++) {
		struct full_reviewer *row = rows->pdata[i];
		const struct full_reviewer *above = i > 0 ? rows->pdata[i - 1] : row;
		bool same = i > 0 && reviewers_compare_weight(above, row) == 0;

		row->rank = same ? above->rank : i + 1;
	}
	g_hash_table_unref(count.given);
	g_hash_table_unref(count.seen);
	g_hash_table_unref(count.rows);
	return rows;
}

void section_fill_reviewers(struct full *full, const struct digest *digest)
{
	g_autoptr(GPtrArray) old = reviewers_rank(full, full->old_messages);
	g_autoptr(GHashTable) ranks = g_hash_table_new(g_str_hash, g_str_equal);

	(void)digest;
	for (guint i = 0; i < old->len; i++) {
		const struct full_reviewer *row = old->pdata[i];

		g_hash_table_insert(ranks, row->person->key, GUINT_TO_POINTER(row->rank));
	}
	g_ptr_array_unref(full->reviewers);
	full->reviewers = reviewers_rank(full, full->messages);
	for (guint i = 0; i < full->reviewers->len; i++) {
		struct full_reviewer *row = full->reviewers->pdata[i];

		row->was = GPOINTER_TO_UINT(g_hash_table_lookup(ranks, row->person->key));
	}
}

/* "+2" places up, "-1" down, "=", or "new" on the table. */
static void reviewers_add_movement(
	GString *page, const struct full *full, const struct full_reviewer *row)
{
	g_autofree char *places = NULL;

	if (full->old_messages->len == 0)
		return;
	if (row->was == 0)
		places = g_strdup("new");
	else if (row->was == row->rank)
		places = g_strdup("=");
	else
		places = g_strdup_printf("%+d", (int)row->was - (int)row->rank);
	g_string_append_printf(page, " %4s", places);
}

static void reviewers_add_number(GString *page, int width, unsigned number)
{
	if (number > 0)
		g_string_append_printf(page, "%*u", width, number);
	else
		g_string_append_printf(page, "%*s", width, "-");
}

/* Whether another of the first TOP of ROWS has the name of ROW. */
static bool reviewers_is_ambiguous(
	const GPtrArray *rows, unsigned top, const struct full_reviewer *row)
{
	for (guint i = 0; i < rows->len && i < top; i++) {
		const struct full_reviewer *other = rows->pdata[i];

		if (other != row && strcmp(other->person->name, row->person->name) == 0)
			return true;
	}
	return false;
}

void section_add_reviewers(
	GString *page, const struct full *full, const struct digest_style *style)
{
	static const int widths[FULL_KINDS] = {7, 5, 6, 6};

	if (full->reviewers->len == 0)
		return;
	layout_heading(page, "Top reviewers");
	g_string_append_printf(page, " Review  Ack  Test  Rept  Own  Replied%s\n",
		full->old_messages->len > 0 ? " Move" : "");
	for (guint i = 0; i < full->reviewers->len && i < style->top; i++) {
		const struct full_reviewer *row = full->reviewers->pdata[i];

		for (int kind = 0; kind < FULL_KINDS; kind++)
			reviewers_add_number(page, widths[kind], row->given[kind]);
		reviewers_add_number(page, 5, row->own);
		reviewers_add_number(page, 9, row->replies);
		reviewers_add_movement(page, full, row);
		g_string_append(page, "  ");
		layout_person(page, row->person);
		if (*row->person->address != '\0' &&
			reviewers_is_ambiguous(full->reviewers, style->top, row))
			g_string_append_printf(page, " <%s>", row->person->address);
		g_string_append_c(page, '\n');
	}
	g_string_append(page,
		"\n  Review, Ack, Test, Rept: patches that got the trailer in "
		"a reply; Own: from\n  the author's domain; Replied: patches "
		"of others that were answered\n\n");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/stats.h"

#include <string.h>

#include "mail/address.h"

/* By lower-case address or domain: struct stats_row. */
struct stats {
	GHashTable *people, *domains;
};

static void stats_free_row(void *data)
{
	struct stats_row *row = data;

	g_free(row->label);
	g_free(row);
}

struct stats *stats_new(void)
{
	struct stats *stats = g_new0(struct stats, 1);

	stats->people = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, stats_free_row);
	stats->domains = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, stats_free_row);
	return stats;
}

void stats_free(struct stats *stats)
{
	if (stats == NULL)
		return;
	g_hash_table_unref(stats->people);
	g_hash_table_unref(stats->domains);
	g_free(stats);
}

/* One more for KEY, shown as LABEL from now on; takes both strings. */
static void stats_add(GHashTable *table, char *key, char *label)
{
	struct stats_row *row = g_hash_table_lookup(table, key);

	if (row == NULL) {
		row = g_new0(struct stats_row, 1);
		g_hash_table_insert(table, key, row);
	} else {
		g_free(key);
	}
	row->count++;
	g_free(row->label);
	row->label = label;
}

void stats_count(
	struct stats *stats, const struct record *record, const struct mailmap *mailmap)
{
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	g_autofree char *domain = NULL;

	mailmap_apply(
		mailmap, record->patch_name, record->patch_address, &name, &address);
	domain = address_domain(address);
	stats_add(stats->people, address_key(*address ? address : name),
		address_format(name, address));
	if (*domain != '\0')
		stats_add(stats->domains, g_strdup(domain), g_strdup(domain));
}

static char *stats_sort_key(const struct stats_row *row)
{
	return g_utf8_casefold(row->label + (*row->label == '"'), -1);
}

static int stats_compare(const void *a, const void *b)
{
	const struct stats_row *row_a = *(const struct stats_row *const *)a;
	const struct stats_row *row_b = *(const struct stats_row *const *)b;
	g_autofree char *key_a = NULL;
	g_autofree char *key_b = NULL;
	int order;

	if (row_a->count != row_b->count)
		return row_a->count < row_b->count ? 1 : -1;
	key_a = stats_sort_key(row_a);
	key_b = stats_sort_key(row_b);
	order = strcmp(key_b, key_a);
	return order != 0 ? order : strcmp(row_b->label, row_a->label);
}

static GPtrArray *stats_rows(GHashTable *table)
{
	GPtrArray *rows = g_ptr_array_new();
	GHashTableIter iter;
	void *row;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &row))
		g_ptr_array_add(rows, row);
	g_ptr_array_sort(rows, stats_compare);
	return rows;
}

GPtrArray *stats_people(const struct stats *stats)
{
	return stats_rows(stats->people);
}

GPtrArray *stats_domains(const struct stats *stats)
{
	return stats_rows(stats->domains);
}

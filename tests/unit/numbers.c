/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/numbers.h"

#include <glib.h>

#include "tap.h"

/* Numbers end with a 0. */
enum { NUMBERS_SLOTS = 8 };

static const struct numbers_row {
	const char *rule;
	uint64_t first, last;
	uint64_t added[NUMBERS_SLOTS], others[NUMBERS_SLOTS];
	const char *all, *both; /* of added; of added and others */
} numbers_rows[] = {
	{"numbers: the largest first", 1, 200, {3, 1, 200, 64, 65}, {64, 3, 7},
		"200 65 64 3 1", "64 3"},
	{"numbers: each once", 1, 9, {4, 4, 4}, {4, 4}, "4", "4"},
	{"numbers: both ends", 100, 227, {100, 227}, {227}, "227 100", "227"},
	{"numbers: what is outside", 100, 227, {99, 228, 1, 150}, {99, 150}, "150",
		"150"},
	{"numbers: one", 7, 7, {7}, {0}, "7", ""},
	{"numbers: an empty range", 8, 7, {7, 8}, {8}, "", ""},
	{"numbers: none", 1, 1000, {0}, {5}, "", ""},
	{"numbers: large ones", UINT64_C(1) << 40, (UINT64_C(1) << 40) + 70,
		{(UINT64_C(1) << 40) + 70, UINT64_C(1) << 40}, {UINT64_C(1) << 40},
		"1099511627846 1099511627776", "1099511627776"},
};

static struct numbers *numbers_make(const struct numbers_row *row, const uint64_t *added)
{
	struct numbers *numbers = numbers_new(row->first, row->last);

	for (size_t i = 0; i < NUMBERS_SLOTS && added[i] != 0; i++)
		numbers_add(numbers, added[i]);
	return numbers;
}

static char *numbers_print(const struct numbers *numbers)
{
	g_autoptr(GPtrArray) list = numbers_list(numbers);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "",
			(guint64)GPOINTER_TO_SIZE(list->pdata[i]));
	return g_string_free(text, FALSE);
}

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(numbers_rows); i++) {
		const struct numbers_row *row = &numbers_rows[i];
		g_autoptr(numbers_auto) numbers = numbers_make(row, row->added);
		g_autoptr(numbers_auto) others = numbers_make(row, row->others);
		g_autofree char *all = numbers_print(numbers);
		g_autofree char *both = NULL;

		tap_string(row->rule, all, row->all);
		numbers_intersect(numbers, others);
		both = numbers_print(numbers);
		tap_string(row->rule, both, row->both);
	}
	return tap_end();
}

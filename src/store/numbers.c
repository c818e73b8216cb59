/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/numbers.h"

enum { NUMBERS_WORD_BITS = 64 };

struct numbers {
	uint64_t first, count;
	gsize words;
	uint64_t *bits;
};

struct numbers *numbers_new(uint64_t first, uint64_t last)
{
	struct numbers *numbers = g_new0(struct numbers, 1);

	numbers->first = first;
	numbers->count = last >= first ? last - first + 1 : 0;
	numbers->words = (gsize)(numbers->count / NUMBERS_WORD_BITS + 1);
	numbers->bits = g_new0(uint64_t, numbers->words);
	return numbers;
}

void numbers_free(struct numbers *numbers)
{
	if (numbers == NULL)
		return;
	g_free(numbers->bits);
	g_free(numbers);
}

void numbers_add(struct numbers *numbers, uint64_t number)
{
	uint64_t place = number - numbers->first;

	if (number >= numbers->first && place < numbers->count)
		numbers->bits[place / NUMBERS_WORD_BITS] |= UINT64_C(1)
							    << place % NUMBERS_WORD_BITS;
}

void numbers_intersect(struct numbers *numbers, const struct numbers *others)
{
	for (gsize i = 0; i < numbers->words; i++)
		numbers->bits[i] &= others->bits[i];
}

GPtrArray *numbers_list(const struct numbers *numbers)
{
	GPtrArray *list = g_ptr_array_new();

	for (gsize i = numbers->words; i-- > 0;)
		for (unsigned bit = NUMBERS_WORD_BITS;
			numbers->bits[i] != 0 && bit-- > 0;)
			if (numbers->bits[i] >> bit & 1)
				g_ptr_array_add(list,
					GSIZE_TO_POINTER(numbers->first +
							 i * NUMBERS_WORD_BITS + bit));
	return list;
}

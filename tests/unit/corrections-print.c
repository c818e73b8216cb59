/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what review_list_corrections() has for an issue, a line each; what
 * tests/t-corrections.sh asks:  corrections-print HOME FIRST LAST BEFORE */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/review.h"

int main(int argc, char **argv)
{
	static const char *const kinds[] = {[REVIEW_LATE_COVER] = "cover",
		[REVIEW_LATE_PARTS] = "parts",
		[REVIEW_RECLASSED] = "class"};
	struct review_issue issue;
	GPtrArray *list;

	if (argc != 5)
		return 2;
	issue.first = strtoull(argv[2], NULL, 10);
	issue.last = strtoull(argv[3], NULL, 10);
	issue.before = strtoll(argv[4], NULL, 10);
	if (review_list_corrections(argv[1], &issue, &list) != STATUS_OK)
		return 1;
	for (guint i = 0; i < list->len; i++) {
		const struct review_correction *correction = list->pdata[i];

		printf("%s %s of %s: %s (%s), %u of %u, %u before",
			kinds[correction->kind], correction->message_id,
			correction->series ? correction->series : "-", correction->title,
			correction->places ? correction->places : "-", correction->seen,
			correction->total, correction->shown);
		if (correction->kind == REVIEW_RECLASSED)
			printf("; %s was %s: %s", record_class_name(correction->class),
				record_class_name(correction->was), correction->why);
		putchar('\n');
	}
	g_ptr_array_unref(list);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/withdrawal.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static const struct row {
	const char *rule, *text;
	bool held;
} rows[] = {
	{"please ignore this", "Please ignore this patch.\n", true},
	{"ignore it", "Sorry about noise, please just ignore it.\n", true},
	{"ignore, and no more", "Please ignore.\n", true},
	{"a comma ends nothing", "Please ignore this one, v3 is coming.\n", true},
	{"behind an excuse", "Oops, wrong list. Please disregard this series!\n", true},
	{"an adjective", "Please drop the previous version.\n", true},
	{"you can", "You can drop this patch.\n", true},
	{"withdrawn", "Withdrawn.\n", true},
	{"I withdraw", "I withdraw this patch.\n", true},
	{"self-NAK", "Self-NAK\n", true},
	{"NAK", "NAK, this breaks 32-bit.\n", true},
	{"the second line", "Hi all,\n\nplease ignore this series.\n", true},
	{"below the quote", "On Monday, Ada wrote:\n> x\n\nPlease drop this one.\n",
		true},
	{"a question is none", "Should we drop this patch?\n", false},
	{"something else is dropped", "Please drop the blank line.\n", false},
	{"a part of something", "We could drop the last sentence.\n", false},
	{"comments", "Please ignore my above comments.\n", false},
	{"a robot's warnings", "Please ignore the warnings of checkpatch.\n", false},
	{"do not", "Please don't ignore this patch.\n", false},
	{"a quote says it", "> Please ignore this patch.\n\nWhy?\n", false},
	{"a story about it", "The core can ignore this interrupt.\n", false},
	{"a cut", "...skip...\n", false},
	{"nothing", "", false},
	{"too far down", "a\nb\nc\nd\ne\nf\ng\nPlease ignore this patch.\n", false},
	{"NUL and high bytes", "\xff\xfe please\n", false},
};

int main(void)
{
	tap_deadline(60);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = tap_exact(rows[i].text, strlen(rows[i].text));

		tap_true(rows[i].rule,
			withdrawal_find(text, strlen(rows[i].text)) == rows[i].held);
		free(text);
	}
	return tap_end();
}

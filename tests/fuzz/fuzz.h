/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fuzz target has to have, and what it may use. */
#ifndef MLDIGEST_TESTS_FUZZ_H
#define MLDIGEST_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

/* One input, for libFuzzer and for driver.c: does with it what the target is for, and aborts where
 * something does not hold.  0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(), also where NDEBUG is. */
static inline void fuzz_check(bool held)
{
	if (!held)
		__builtin_trap();
}

/* STRING may be shown: it is what base/text.h makes of it; in one line where LINE. */
static inline void fuzz_check_text(const char *string, bool line)
{
	g_autoptr(GString) safe = text_sanitize(string, strlen(string));

	fuzz_check(strcmp(safe->str, string) == 0);
	fuzz_check(!line || strchr(string, '\n') == NULL);
}

/* The path of a file with these bytes; it is the same file each time. */
const char *fuzz_make_file(const char *name, const uint8_t *data, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test Anything Protocol, as much of it as the unit tests speak: a line a test point, what
 * was expected and what came where the two differ, the plan at the end. */
#ifndef MLDIGEST_TESTS_TAP_H
#define MLDIGEST_TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A literal that may hold NULs, as the two members or arguments bytes and length. */
#define TAP_BYTES(literal) (literal), (sizeof(literal) - 1)

/* Each is one test point and returns whether it held. */
bool tap_true(const char *name, bool held);
bool tap_number(const char *name, int64_t got, int64_t expected);
bool tap_string(const char *name, const char *got, const char *expected);
bool tap_bytes(const char *name, const void *got, size_t got_length, const void *expected,
	size_t expected_length);

/* A line for people, below the test point that it is about. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the plan; the exit status for main(). */
int tap_end(void);

/* A copy of the LENGTH bytes and not one more, so that a sanitiser sees a read behind them.
 * The caller frees it with free(). */
char *tap_exact(const char *bytes, size_t length);

/* One test point: RUN(DATA) comes to its end in SECONDS, in a process of its own, which may
 * hang or die. */
bool tap_survives(const char *name, unsigned seconds, void (*run)(const void *data),
	const void *data);

/* Ends the program, without a plan, when it is not through after SECONDS: what is tested
 * may hang. */
void tap_deadline(unsigned seconds);

#endif

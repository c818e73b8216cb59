/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "tap.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

/* A longer value would hide the other rows. */
enum { TAP_SHOWN_BYTES = 4000 };

static unsigned tap_count, tap_failed;

bool tap_true(const char *name, bool held)
{
	printf("%sok %u - %s\n", held ? "" : "not ", ++tap_count, name);
	/* A crash in the next row must not take this line with it. */
	fflush(stdout);
	tap_failed += !held;
	return held;
}

void tap_note(const char *format, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

bool tap_number(const char *name, int64_t got, int64_t expected)
{
	if (tap_true(name, got == expected))
		return true;
	tap_note("expected: %" PRId64, expected);
	tap_note("got:      %" PRId64, got);
	return false;
}

/* BYTES on one line of printable ASCII and, where they are that, UTF-8, as C has it. */
static void tap_show(const char *what, const char *bytes, size_t length)
{
	bool utf8 = g_utf8_validate(bytes, (gssize)length, NULL);

	printf("# %s \"", what);
	for (size_t i = 0; i < length && i < TAP_SHOWN_BYTES; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n')
			fputs("\\n", stdout);
		else if (c == '\t')
			fputs("\\t", stdout);
		else if (c < 0x20 || c == 0x7f || (c > 0x7f && !utf8))
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	printf("\"%s (%zu bytes)\n", length > TAP_SHOWN_BYTES ? "..." : "", length);
	fflush(stdout);
}

bool tap_bytes(const char *name, const void *got, size_t got_length, const void *expected,
	size_t expected_length)
{
	bool same = got_length == expected_length &&
		    (got_length == 0 || memcmp(got, expected, got_length) == 0);

	if (tap_true(name, same))
		return true;
	tap_show("expected:", expected, expected_length);
	tap_show("got:     ", got, got_length);
	return false;
}

bool tap_string(const char *name, const char *got, const char *expected)
{
	if (got == NULL || expected == NULL) {
		if (tap_true(name, got == expected))
			return true;
		tap_show(expected ? "expected:" : "expected NULL, not",
			expected ? expected : got, strlen(expected ? expected : got));
		if (got == NULL)
			tap_note("got:      NULL");
		return false;
	}
	return tap_bytes(name, got, strlen(got), expected, strlen(expected));
}

int tap_end(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed > 0 || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

char *tap_exact(const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	if (copy == NULL)
		abort();
	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

bool tap_survives(const char *name, unsigned seconds, void (*run)(const void *data),
	const void *data)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		abort();
	if (pid == 0) {
		alarm(seconds);
		run(data);
		_exit(EXIT_SUCCESS);
	}
	if (waitpid(pid, &status, 0) != pid)
		abort();
	if (tap_true(name, WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS))
		return true;
	if (WIFSIGNALED(status))
		tap_note("ended by: %s", strsignal(WTERMSIG(status)));
	else
		tap_note("exit status: %d", WEXITSTATUS(status));
	return false;
}

void tap_deadline(unsigned seconds)
{
	alarm(seconds);
}

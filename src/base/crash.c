/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/crash.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/limits.h"

/* Made before it is needed: little may be called then. */
static char crash_disk_words[1024] =
	"mldigest: No space left on device, or the device failed\n";
static const char crash_other_words[] =
	"mldigest: out of memory, or a fault in the program\n";
static bool crash_drains;

static void crash_end(int signal_number)
{
	static char buffer[65536];
	bool disk = signal_number == SIGBUS || signal_number == SIGXFSZ;
	const char *words = disk ? crash_disk_words : crash_other_words;
	ssize_t n = write(STDERR_FILENO, words, strlen(words));

	/* Who feeds us shall not die of a broken pipe. */
	if (crash_drains)
		do
			n = read(STDIN_FILENO, buffer, sizeof buffer);
		while (n > 0 || (n < 0 && errno == EINTR));
	(void)n;
	_exit(EX_TEMPFAIL);
}

static void crash_catch(const int *signals, size_t count)
{
	static char stack[16384];
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	const struct sigaction action = {.sa_handler = crash_end, .sa_flags = SA_ONSTACK};

	sigaltstack(&alternate, NULL);
	for (size_t i = 0; i < count; i++)
		sigaction(signals[i], &action, NULL);
}

void crash_catch_all(void)
{
	static const int signals[] = {
		SIGABRT, SIGALRM, SIGBUS, SIGSEGV, SIGTRAP, SIGXCPU, SIGXFSZ};
	const struct itimerval timer = {.it_value = {.tv_sec = LIMIT_BEGIN_SECONDS}};

	crash_drains = true;
	setitimer(ITIMER_REAL, &timer, NULL);
	crash_catch(signals, G_N_ELEMENTS(signals));
}

void crash_has_begun(void)
{
	const struct itimerval timer = {0};

	setitimer(ITIMER_REAL, &timer, NULL);
}

void crash_catch_full_disk(void)
{
	static const int signals[] = {SIGBUS, SIGXFSZ};

	crash_catch(signals, G_N_ELEMENTS(signals));
}

void crash_set_place(const char *place)
{
	g_snprintf(crash_disk_words, sizeof crash_disk_words,
		"mldigest: %.900s: No space left on device, or the device failed\n",
		place);
}

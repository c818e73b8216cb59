/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

int status_to_exit(enum status status)
{
	switch (status) {
	case STATUS_OK:
		return EX_OK;
	case STATUS_USAGE:
		return EX_USAGE;
	case STATUS_DATA:
		return EX_DATAERR;
	case STATUS_NOINPUT:
		return EX_NOINPUT;
	case STATUS_SOFTWARE:
		return EX_SOFTWARE;
	case STATUS_OS:
		return EX_OSERR;
	case STATUS_CANTCREAT:
		return EX_CANTCREAT;
	case STATUS_IO:
		return EX_IOERR;
	case STATUS_TEMPFAIL:
		return EX_TEMPFAIL;
	case STATUS_NOPERM:
		return EX_NOPERM;
	case STATUS_CONFIG:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}

static void diag_write_line(const char *message)
{
	g_autofree char *safe = text_sanitize_line(message, strlen(message));
	g_autofree char *line = g_strdup_printf("mldigest: %s\n", safe);
	size_t done = 0, length = strlen(line);

	/* Nobody is left to tell when standard error itself fails. */
	while (done < length) {
		ssize_t n = write(STDERR_FILENO, line + done, length - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

void diag_error(const char *format, ...)
{
	va_list args;
	g_autofree char *message = NULL;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	diag_write_line(message);
}

static enum status diag_status_of(int saved_errno, enum status fallback)
{
	switch (saved_errno) {
	case ENOENT:
	case ENOTDIR:
		return STATUS_NOINPUT;
	case EACCES:
	case EPERM:
	case EROFS:
		return STATUS_NOPERM;
	case ENOSPC:
	case EDQUOT:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case EAGAIN:
		return STATUS_TEMPFAIL;
	case EIO:
		return STATUS_IO;
	default:
		return fallback;
	}
}

enum status diag_errno(int saved_errno, enum status fallback, const char *format, ...)
{
	va_list args;
	g_autofree char *what = NULL;
	g_autofree char *message = NULL;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	message = g_strdup_printf("%s: %s", what, strerror(saved_errno));
	diag_write_line(message);
	return diag_status_of(saved_errno, fallback);
}

int64_t diag_now(void)
{
	const char *injected = getenv("MLDIGEST_NOW");
	gint64 seconds;

	if (injected != NULL && g_ascii_string_to_signed(injected, 10, 0,
					G_MAXINT32 * 2LL, &seconds, NULL))
		return seconds;
	return (int64_t)time(NULL);
}

const char *diag_hostname(void)
{
	static char name[256];
	const char *source = getenv("MLDIGEST_HOSTNAME");

	if (name[0] != '\0')
		return name;
	if (source == NULL || *source == '\0')
		source = g_get_host_name();
	g_strlcpy(name, source, sizeof name);
	g_strcanon(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-", '-');
	if (name[0] == '\0')
		g_strlcpy(name, "localhost", sizeof name);
	return name;
}

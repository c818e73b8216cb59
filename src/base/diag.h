/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages for people, and the clock and host name that tests inject. */
#ifndef MLDIGEST_BASE_DIAG_H
#define MLDIGEST_BASE_DIAG_H

#include <stdint.h>

#include <glib.h>

#include "base/status.h"

/* Prints "mldigest: WHAT: WHY" on standard error, in one line and one write.  Controls in
 * it become U+FFFD, so that a file name or a header cannot play with the terminal. */
void diag_error(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* diag_error() with ": " and strerror(SAVED_ERRNO) behind it; returns the status that
 * fits the errno (ENOENT: STATUS_NOINPUT, EACCES: STATUS_NOPERM, …; else FALLBACK). */
enum status diag_errno(int saved_errno, enum status fallback, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* Seconds since 1970-01-01 UTC: the system's, or $MLDIGEST_NOW for a repeatable test. */
int64_t diag_now(void);

/* The name of this host for Message-IDs, or $MLDIGEST_HOSTNAME.  Borrowed, never NULL;
 * made of letters, digits, '.' and '-' only. */
const char *diag_hostname(void);

#endif

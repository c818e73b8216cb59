/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function that can fail returns, and what the process makes of it. */
#ifndef MLDIGEST_BASE_STATUS_H
#define MLDIGEST_BASE_STATUS_H

/* One value a kind of failure, after sysexits.h.  The adapter that met the failure has
 * printed its line already; whoever gets the status passes it on, the first one wins. */
enum status {
	STATUS_OK = 0,
	STATUS_USAGE,    /* the command line is wrong */
	STATUS_DATA,     /* what we were given to read is not what it should be */
	STATUS_NOINPUT,  /* a file, a message or a range that was named is not there */
	STATUS_SOFTWARE, /* an assumption of ours does not hold */
	STATUS_OS,       /* fork, pipe, memfd: the system is short of something */
	STATUS_CANTCREAT,
	STATUS_IO,
	STATUS_TEMPFAIL, /* try again later; in doubt, this one */
	STATUS_NOPERM,
	STATUS_CONFIG,
};

/* The exit status for STATUS (sysexits.h). */
int status_to_exit(enum status status);

#endif

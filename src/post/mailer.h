/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs sendmail. */
#ifndef MLDIGEST_POST_MAILER_H
#define MLDIGEST_POST_MAILER_H

#include <glib.h>

#include "base/status.h"

/* Makes a file in memory of MAIL, which nobody can change any more, for any number of runs; the
 * caller closes it.  A file and no pipe: should we be killed, sendmail still has the whole mail,
 * where a pipe would end early and look complete.  STATUS_TEMPFAIL, printed, when it cannot. */
enum status mailer_load(const GString *mail, int *fd_r);

/* One run of sendmail. */
struct mailer_run {
	char *const *command; /* its words; no shell */
	const char *sender;
	const GPtrArray *recipients; /* addresses, at least one */
	int mail;                    /* of mailer_load() */
};

/* Runs the command with `-i -f SENDER -- RECIPIENT…` behind its words and the mail as its
 * standard input.  STATUS_OK when it exits 0 within LIMIT_SENDMAIL_SECONDS.  Else *WHY_R says
 * what happened, which the caller frees and tells: STATUS_TEMPFAIL when it failed, STATUS_IO when
 * it took too long and was killed, STATUS_OS when it could not be started. */
enum status mailer_send(const struct mailer_run *run, char **why_r);

#endif

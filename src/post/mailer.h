/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs sendmail. */
#ifndef MLDIGEST_POST_MAILER_H
#define MLDIGEST_POST_MAILER_H

#include <glib.h>

#include "base/status.h"

/* Hands MAIL to the command COMMAND (its words; `-i -f SENDER -- RECIPIENT` is added; no
 * shell) for one recipient.  It reads from a memfd: should we be killed, it still has the
 * whole mail, where a pipe would end early and look complete.  STATUS_OK when it exits 0
 * within LIMIT_SENDMAIL_SECONDS; STATUS_TEMPFAIL, printed, when not. */
enum status mailer_send(char *const *command, const char *sender, const char *recipient,
	const GString *mail);

#endif

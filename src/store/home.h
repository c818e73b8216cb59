/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory of a home: made, and checked to be ours. */
#ifndef MLDIGEST_STORE_HOME_H
#define MLDIGEST_STORE_HOME_H

#include <glib.h>

#include "base/status.h"

/* Makes the directory HOME, 0700, where there is none, and checks that it is a directory
 * of this user's which nobody else may write to; a symbolic link in its last place is
 * refused, and so is a network file system.  Failures have printed their line:
 * STATUS_NOPERM, STATUS_CANTCREAT, STATUS_CONFIG. */
enum status home_make(const char *home);

/* The same without making it: STATUS_NOINPUT, printed, when there is none. */
enum status home_check(const char *home);

/* The bytes of HOME/mailmap, NULL without one.  The caller frees. */
enum status home_read_mailmap(const char *home, GString **text_r);

/* Brings the name of HOME to stable storage; a parent that may not be read is let be. */
enum status home_sync_parent(const char *home);

#endif

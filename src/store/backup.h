/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A second home that holds what the first does at one moment. */
#ifndef MLDIGEST_STORE_BACKUP_H
#define MLDIGEST_STORE_BACKUP_H

#include "base/status.h"

/* Makes DIRECTORY, which must not be there or be empty, a copy of HOME while others use that: the
 * store with all that was acknowledged before the call, config, mailmap and key.pub; not the secret
 * key.  It is there when it is whole and on stable storage. */
enum status backup_make(const char *home, const char *directory);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After a sync that failed: what the kernel holds is written again. */
#ifndef MLDIGEST_STORE_HEAL_H
#define MLDIGEST_STORE_HEAL_H

#include "base/status.h"

/* Reads every file of the environment in DIRECTORY but its regions, writes the same bytes
 * in place and syncs them, so that no page is clean in the kernel and missing on the disk
 * (a failed fsync(2) may leave such).  Recovery has to follow: it drops what had not
 * survived.  Failures have printed their line. */
enum status heal_rewrite(const char *directory);

#endif

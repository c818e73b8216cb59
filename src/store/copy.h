/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A copy of a store that others go on using. */
#ifndef MLDIGEST_STORE_COPY_H
#define MLDIGEST_STORE_COPY_H

#include <stdbool.h>

#include "base/status.h"

/* Copies the store of HOME into DIRECTORY/db, which is made; DIRECTORY is there.  The gate is held
 * for a few megabytes at a time, so that deliveries do not wait.  The copy holds all that was
 * acknowledged before the call; it is made good by env_settle(), which has to come before anything
 * else.  *QUIET_R: no database was written to meanwhile.  Failures have printed their line. */
enum status copy_make(const char *home, const char *directory, bool *quiet_r);

/* Empties DIRECTORY/db for another copy. */
void copy_empty(const char *directory);

/* While *FD_R is open copies of HOME's store may be made, or ALONE none is and its files may take
 * other names.  STATUS_TEMPFAIL, printed, when another process does what does not go with it. */
enum status copy_exclude(const char *home, bool alone, int *fd_r);

/* A directory for a store that is being made, and that goes away again or gets its name. */
struct copy_scratch {
	char *path;
	int fd;
};

/* Makes PATH, empty: what a process left there that died in its work is removed.  STATUS_TEMPFAIL,
 * printed, while another process has it. */
enum status copy_take_scratch(const char *path, struct copy_scratch *scratch_r);

/* Removes it. */
void copy_release_scratch(struct copy_scratch *scratch);

/* Brings it to stable storage and makes it TARGET, which is not there or an empty directory.  It is
 * released in any case. */
enum status copy_name_scratch(struct copy_scratch *scratch, const char *target);

/* STATUS_CANTCREAT, printed, when something stands at TARGET that is no empty directory. */
enum status copy_check_target(const char *target);

/* Removes DIRECTORY with DIRECTORY/db and the files in both, as far as it goes, without a word. */
void copy_remove(const char *directory);

/* Brings the files and names of DIRECTORY and DIRECTORY/db to stable storage. */
enum status copy_sync(const char *directory);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a process by a signal, said in one line and with an exit status. */
#ifndef MLDIGEST_BASE_CRASH_H
#define MLDIGEST_BASE_CRASH_H

/* From now on no crash ends the process otherwise than with EX_TEMPFAIL, one line, and all of
 * standard input read: SIGABRT and SIGTRAP, by which GLib says that there is no memory, SIGBUS,
 * SIGSEGV, SIGXCPU, SIGXFSZ.  Makes system calls only: it may run before the libraries have
 * begun.  That has to have happened, crash_has_begun(), after LIMIT_BEGIN_SECONDS: GLib
 * waits for itself when there is no memory for its allocator's beginning. */
void crash_catch_all(void);
void crash_has_begun(void);

/* From now on SIGBUS and SIGXFSZ end the process with EX_TEMPFAIL and one line: Berkeley DB's
 * regions grow by holes in their files, and a hole that a full disk cannot fill is SIGBUS. */
void crash_catch_full_disk(void);

/* What that line names. */
void crash_set_place(const char *place);

#endif

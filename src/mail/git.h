/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running git to read a repository: git is what knows git. */
#ifndef MLDIGEST_MAIL_GIT_H
#define MLDIGEST_MAIL_GIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/status.h"

/* A running `git -C PATH …`. */
struct git {
	pid_t pid;
	int to;   /* its standard input, or -1 */
	int from; /* its standard output */
	char *path, *name;
};

/* Starts git with ARGUMENTS (NULL-terminated, without `git` itself) in PATH, without the
 * GIT_* variables of our environment.  WITH_INPUT: ->to is a pipe, else /dev/null is its
 * input; QUIET: what it says on standard error is dropped.  Failures have printed their
 * line. */
enum status git_start(const char *path, const char *const *arguments, bool with_input,
	bool quiet, struct git *git_r);

/* Closes the pipes and waits.  STATUS_OK when git exited 0; STATUS_DATA, printed unless
 * QUIET, when not.  KILLED: we end it before it was through, whatever it then says. */
enum status git_finish(struct git *git, bool killed, bool quiet);

/* Runs git and gives the first line that it prints ("" for none); STATUS_NOINPUT,
 * silently, when it exits otherwise than 0.  The caller frees *LINE_R. */
enum status git_ask(const char *path, const char *const *arguments, char **line_r);

#endif

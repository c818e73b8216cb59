/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the words of a mail tell the rules of classify.c.  Pure. */
#ifndef MLDIGEST_MODEL_CLUES_H
#define MLDIGEST_MODEL_CLUES_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "mail/message.h"
#include "mail/subject.h"

/* Whether SUBJECT is what a program writes for who is away, or for a mail that bounced. */
bool clues_is_absence(const char *subject);

/* Whether SUBJECT begins with a tracker's `[Bug 12345]`, `[Bug libc/12345]` or `bug#12345:`, behind
 * Re: perhaps. */
bool clues_is_bug_number(const char *subject);

/* Whether TITLE begins with `CVE-2024-12345:`, perhaps behind `REJECTED:`. */
bool clues_is_cve(const char *title);

/* The one of TAGS (strings) that names a stable tree: `6.18`, `5.10.y`, `linux-6.6.y`, `6.6+`,
 * `stable`, `AUTOSEL`; NULL for none.  `for 10.0` names a release to come.  Borrowed. */
const char *clues_stable_tag(const GPtrArray *tags);

/* Whether TITLE is a compiler's or checker's: `dir/file.c:12: warning: …`. */
bool clues_is_compiler_message(const char *title);

/* Whether the tags or the title announce something: `[ANNOUNCE]`, `Linux 6.18-rc1`, `x 1.2 is now
 * available`. */
bool clues_is_announcement(const struct subject *subject);

/* Whether TEXT begins with the form that git-bugreport(1) gives people. */
bool clues_is_bug_form(const char *text, size_t length);

/* Whether the tags or the beginning of the title say bug or regression. */
bool clues_is_bug_report(const struct subject *subject);

/* Whether some word of TITLE is one for what is broken. */
bool clues_has_bug_word(const char *title);

/* Whether a line of the LENGTH bytes at TEXT is a `Signed-off-by:`, unquoted. */
bool clues_has_sign_off(const char *text, size_t length);

/* Whether one of the first own lines of TEXT names the upstream commit of which it is a backport:
 * `[ Upstream commit 0123… ]`, `commit 0123… upstream.` */
bool clues_is_backport(const char *text, size_t length);

/* The line of TEXT in which a maintainer's script says that it added a patch to a tree: Greg
 * Kroah-Hartman's, Andrew Morton's, DPDK's; NULL without it. */
const char *clues_tree_note(const char *text, size_t length);

/* The first own line of TEXT, where it is one with which the hooks of some repositories (Buildroot,
 * GCC, glibc, FFmpeg) name the commit that they show; else NULL. */
const char *clues_commit_mail(const char *text, size_t length);

/* The line of Andrew Morton's script for a patch that it took out; NULL without it. */
const char *clues_tree_removal(const char *text, size_t length);

/* Whether one of the lines of TEXT is a whole patch's: an in-body `Subject: [PATCH`, or scissors
 * (git-mailinfo(1) --scissors). */
bool clues_begins_patch(const char *text, size_t length);

/* Whether some word of TEXT speaks of a series of patches. */
bool clues_speaks_of_series(const char *text, size_t length);

/* What git-request-pull(1) begins with, static, where TEXT has all of it; else NULL. */
const char *clues_request_pull(const char *text, size_t length);

/* What a test robot signs its reports with, static, where a line of TEXT begins with it; else
 * NULL. */
const char *clues_robot_signature(const char *text, size_t length);

/* The line of TEXT with which a robot says what it is, before all else or under a review; the
 * caller frees; NULL without one. */
char *clues_robot_words(const char *text, size_t length);

/* The first of TEXT's unquoted lines that a crashed kernel or sanitizer printed, or, in the
 * first 40, a kernel's log has of what failed, which the caller frees; NULL for none. */
char *clues_crash_line(const char *text, size_t length);

/* Why MESSAGE, which answers none, is taken to begin a discussion: it is addressed to a list that
 * it came by, answers go to its sender, and it speaks of what the list is for.  The caller frees;
 * NULL where something of that is missing, as it is with what sells things. */
char *clues_of_discussion(const struct message *message);

#endif

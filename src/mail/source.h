/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages out of mailboxes and archives, one by one, oldest first. */
#ifndef MLDIGEST_MAIL_SOURCE_H
#define MLDIGEST_MAIL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "mail/raw.h"

/* One message of a source, or word of one that the archive took out. */
struct source_item {
	struct raw raw;
	int64_t arrival;      /* as the source has it; 0 when it does not say */
	uint8_t commit[32];   /* of a public-inbox archive */
	size_t commit_length; /* 0 for other sources */
	bool removal; /* raw is the message that was removed (public-inbox-v2-format(5),
			 d) */
};
void source_item_release(struct source_item *item);

/* How far a source has been read. */
struct source_progress {
	uint64_t done, total; /* in the source's own unit; total 0: not known */
};

struct source;

/* Each kind of source is a table of these. */
struct source_ops {
	/* The next item, which the caller releases; STATUS_NOINPUT, silently, at the end. */
	enum status (*next)(struct source *source, struct source_item *item_r);
	void (*progress)(const struct source *source, struct source_progress *progress_r);
	void (*free)(struct source *source);
};

/* Begins every kind's own struct. */
struct source {
	const struct source_ops *ops;
	char *path;
};

/* An mbox or mboxrd file (RFC 4155): a line `From ` with a date, after a blank line,
 * begins a message; one '>' is taken from lines of '>'s and `From `, as mboxrd has it.
 * PATH `-` is standard input.  Failures have printed their line. */
enum status source_open_mbox(const char *path, struct source **source_r);

/* How many of the LENGTH bytes at BYTES, of such a file, come before its second message; LENGTH
 * where there is none, or where they are no mbox. */
size_t source_mbox_length(const char *bytes, size_t length);

/* A Maildir: cur/ and new/ by the files' times. */
enum status source_open_maildir(const char *path, struct source **source_r);

/* What is asked of a public-inbox git directory, v1 or one epoch of v2. */
struct source_range {
	const char *from; /* a commit: only what came behind it; NULL: all */
	const char *to;   /* a commit; NULL: HEAD */
};

/* The commits of RANGE from the git directory PATH, by `git log` and `git cat-file
 * --batch`. */
enum status source_open_archive(
	const char *path, const struct source_range *range, struct source **source_r);

/* The full commit that NAME (a commit, a tag, HEAD) has in the git directory PATH, and
 * whether ANCESTOR is behind it; the caller frees *COMMIT_R.  STATUS_NOINPUT, silently,
 * for no such. */
enum status source_resolve_commit(const char *path, const char *name, char **commit_r);
enum status source_is_ancestor(
	const char *path, const char *ancestor, const char *commit, bool *is_r);

enum source_kind {
	SOURCE_MBOX,
	SOURCE_MAILDIR,
	SOURCE_ARCHIVE, /* a git directory */
	SOURCE_EPOCHS,  /* a public-inbox v2 directory: git/0.git, git/1.git … */
};

/* What PATH is, by looking at it.  Failures have printed their line. */
enum status source_find_kind(const char *path, enum source_kind *kind_r);

/* The epochs of the v2 directory PATH in their order, as a NULL-terminated array that the
 * caller frees with g_strfreev(). */
enum status source_list_epochs(const char *path, char ***epochs_r);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notices that a patch or pull request went into a tree: what they say. Pure. */
#ifndef MLDIGEST_MODEL_APPLIED_H
#define MLDIGEST_MODEL_APPLIED_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

struct applied {
	char *line; /* the sentence that says it, "" where only commits are named */
	char *tree; /* the tree or branch that it names, or "" */
	char *by; /* who put it there, as a robot names them: `A U Thor <a@x.org>`, or "" */
	/* 12 to 64 hexadecimal digits, each once; at most LIMIT_COMMITS.  16 are an address. */
	GPtrArray *commits;
};

/* Looks in the sender's own lines of the LENGTH bytes of sanitised text at TEXT for a sentence that
 * something was applied (or merged, queued, pushed) somewhere, as robots, b4 ty and maintainers
 * write it.  False, and nothing set, without one.  The caller releases the result. */
bool applied_find(const char *text, size_t length, struct applied *applied_r);

/* The same for a maintainer's reply, where the sentence has to be the gist of it: at the start of
 * one of its first lines, and it is short or names commits. */
bool applied_find_in_reply(const char *text, size_t length, struct applied *applied_r);

/* How many patches LINE, such a sentence, names by their numbers: 27 for "Queued 1-20 and 22-28.".
 * 0 where it names none. */
unsigned applied_count_places(const char *line);

void applied_release(struct applied *applied);

#endif

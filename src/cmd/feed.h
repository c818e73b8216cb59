/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many messages into the store: parsed by threads, written by one, in order. */
#ifndef MLDIGEST_CMD_FEED_H
#define MLDIGEST_CMD_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "mail/source.h"

/* Parsers, of which there is one less than processors: the writer has the most to do, and shall not
 * wait for one.  Two keep it busy. */
enum { FEED_THREADS = 2 };

struct feed {
	const char *home;
	bool history;           /* what is added counts as sent */
	const GPtrArray *rules; /* struct conf_rule: the user's */
	const char *keyring;    /* of developers' keys, or NULL */
	const char *base;       /* the commit behind which the range begins, or NULL */
	const char
		*progress_key; /* where to keep how far the archive was read, or NULL */
	uint64_t read, added, known, removed; /* counts over all runs */
	GThread *threads[FEED_THREADS];
	unsigned thread_count;
	GAsyncQueue *queue; /* batches for any of them */
	GMutex mutex;
	GCond done;
	bool terminal;
	int64_t shown_at; /* when the progress line was last drawn, io_milliseconds() */
};

/* Starts the threads and takes SIGINT and SIGTERM; feed_release() waits for the threads. */
void feed_init(struct feed *feed);
void feed_release(struct feed *feed);

/* Adds all of SOURCE, and frees it.  The store is held for LIMIT_BATCH_MS at a time and
 * every batch is on stable storage, with its progress, before the next begins.  On SIGINT
 * and SIGTERM the batch at hand is finished: STATUS_TEMPFAIL. */
enum status feed_run(struct feed *feed, struct source *source);

/* A value of the store, in a session of its own; STATUS_NOINPUT, silently, for none. */
enum status feed_get_meta(struct feed *feed, const char *name, char **value_r);

#endif

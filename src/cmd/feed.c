/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/feed.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/attest.h"
#include "model/reading.h"
#include "store/store.h"

enum {
	FEED_BATCH_ITEMS = 64,
	FEED_BATCH_BYTES = 512 * 1024,
	/* Batches that may be under way, and those that stay when a session has written the others:
	 * enough for every parser to have its next one, and for a session to be worth its opening.
	 * Large mails count by their bytes. */
	FEED_BATCHES = 32,
	FEED_BATCHES_KEPT = 8,
	FEED_BYTES = 16 * 1024 * 1024,
	FEED_PROGRESS_MS = 200,
};

struct feed_job {
	struct source_item item;
	struct reading_bytes bytes;
	enum status status; /* of the checks of its signatures */
};

/* What one thread parses in one go, and hands over in one piece. */
struct feed_batch {
	struct feed_job jobs[FEED_BATCH_ITEMS];
	unsigned count;
	size_t bytes;     /* of the mails */
	GByteArray *made; /* what the bytes of the jobs are in */
	bool done;        /* under the feed's mutex */
};

/* One run over one source. */
struct feed_run {
	struct feed *feed;
	struct source *source;
	GQueue batches; /* in the source's order */
	size_t bytes;   /* of the mails in them */
	GQueue spare;   /* batches that were written: memory that is at hand */
	bool ended;
	enum status read_status; /* of the source, when it ended before its end */
	struct store *store;     /* the open session, or NULL */
	int64_t session_end;     /* io_milliseconds() */
	bool was_all_sent;       /* nothing new waited when the session began */
	uint8_t commit[32];      /* of the last item written */
	size_t commit_length;
};

static volatile sig_atomic_t feed_stop;

static void feed_on_signal(int signal_number)
{
	(void)signal_number;
	feed_stop = 1;
}

/* Reads ITEM into *READING_R, which the caller releases. */
static enum status feed_read(const struct feed *feed, const struct source_item *item,
	struct reading *reading_r)
{
	uint8_t digest[HASH_BYTES];
	struct reading_source source = {.bytes = item->raw.bytes->str,
		.length = item->raw.bytes->len,
		.full_length = item->raw.length,
		.raw_hash = digest,
		.arrival = item->arrival,
		.now = diag_now(),
		.flags = feed->history ? RECORD_FLAG_HISTORY : 0,
		.commit = item->commit_length ? item->commit : NULL,
		.commit_length = item->commit_length,
		.rules = feed->rules};

	raw_finish(&item->raw, digest);
	reading_make(&source, reading_r);
	return attest_reading(&source, feed->keyring, reading_r);
}

/* A mail's memory is given back before the next one is read, while it is still in the processor's
 * caches; what stays is behind what the mails before it left. */
static void feed_do_batch(struct feed *feed, struct feed_batch *batch)
{
	uint8_t *at;

	for (unsigned i = 0; i < batch->count; i++) {
		struct feed_job *job = &batch->jobs[i];
		struct reading reading;

		job->status = feed_read(feed, &job->item, &reading);
		reading_append(batch->made, &reading, &job->bytes);
		reading_release(&reading);
	}
	at = batch->made->data;
	for (unsigned i = 0; i < batch->count; i++) {
		struct reading_bytes *bytes = &batch->jobs[i].bytes;

		bytes->record = at;
		bytes->text = (const char *)at + bytes->record_length;
		at += bytes->record_length + bytes->text_length;
	}
	g_mutex_lock(&feed->mutex);
	batch->done = true;
	g_cond_signal(&feed->done);
	g_mutex_unlock(&feed->mutex);
}

static struct feed_batch *feed_take_batch(struct feed_run *run)
{
	struct feed_batch *batch = g_queue_pop_tail(&run->spare);

	if (batch == NULL) {
		batch = g_new0(struct feed_batch, 1);
		batch->made = g_byte_array_new();
	}
	batch->count = 0;
	batch->bytes = 0;
	batch->done = false;
	g_byte_array_set_size(batch->made, 0);
	return batch;
}

static void feed_give_batch(struct feed_run *run, struct feed_batch *batch)
{
	run->bytes -= batch->bytes;
	for (unsigned i = 0; i < batch->count; i++)
		source_item_release(&batch->jobs[i].item);
	g_queue_push_tail(&run->spare, batch);
}

static void feed_free_batch(void *data)
{
	struct feed_batch *batch = data;

	g_byte_array_unref(batch->made);
	g_free(batch);
}

/* What comes out of a queue that is no batch: the end. */
static char feed_end_mark;

static void *feed_thread(void *data)
{
	struct feed *feed = data;
	void *item;
	sigset_t set;

	/* For the writer: its time limit on the lock and its end are signals. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	while ((item = g_async_queue_pop(feed->queue)) != &feed_end_mark)
		feed_do_batch(feed, item);
	return NULL;
}

void feed_init(struct feed *feed)
{
	const struct sigaction action = {.sa_handler = feed_on_signal};

	g_mutex_init(&feed->mutex);
	g_cond_init(&feed->done);
	feed->queue = g_async_queue_new();
	feed->thread_count = CLAMP(g_get_num_processors() - 1, 1, (unsigned)FEED_THREADS);
	for (unsigned i = 0; i < feed->thread_count; i++)
		feed->threads[i] = g_thread_new("parser", feed_thread, feed);
	feed->terminal = isatty(STDERR_FILENO);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

void feed_release(struct feed *feed)
{
	for (unsigned i = 0; i < feed->thread_count; i++)
		g_async_queue_push(feed->queue, &feed_end_mark);
	for (unsigned i = 0; i < feed->thread_count; i++)
		g_thread_join(feed->threads[i]);
	g_async_queue_unref(feed->queue);
	g_mutex_clear(&feed->mutex);
	g_cond_clear(&feed->done);
}

static void feed_wait(struct feed *feed, struct feed_batch *batch)
{
	g_mutex_lock(&feed->mutex);
	while (!batch->done)
		g_cond_wait(&feed->done, &feed->mutex);
	g_mutex_unlock(&feed->mutex);
}

/* Reads the next batch and gives it to the threads.  Where the source fails, what came
 * before is still written: the failure waits in read_status. */
static void feed_read_batch(struct feed_run *run)
{
	struct feed_batch *batch = feed_take_batch(run);
	enum status status = STATUS_OK;

	while (batch->count < FEED_BATCH_ITEMS && batch->bytes < FEED_BATCH_BYTES &&
		!feed_stop) {
		struct source_item *item = &batch->jobs[batch->count].item;

		status = run->source->ops->next(run->source, item);
		if (status != STATUS_OK)
			break;
		batch->bytes += item->raw.bytes->len;
		batch->count++;
	}
	run->ended = status != STATUS_OK || feed_stop;
	/* A read that a signal cut short is not the source's failure. */
	if (status != STATUS_NOINPUT && !feed_stop)
		run->read_status = status;
	run->bytes += batch->bytes;
	if (batch->count == 0) {
		feed_give_batch(run, batch);
		return;
	}
	g_queue_push_tail(&run->batches, batch);
	g_async_queue_push(run->feed->queue, batch);
}

static enum status feed_begin(struct feed_run *run)
{
	uint64_t head, mark;
	enum status status = store_open(run->feed->home, STORE_BULK, &run->store);

	if (status != STATUS_OK)
		return status;
	/* Half of the time is for the indexes, at the commit. */
	run->session_end = io_milliseconds() + LIMIT_BATCH_MS / 2;
	status = store_head(run->store, &head);
	if (status == STATUS_OK)
		status = store_get_mark(run->store, &mark);
	if (status == STATUS_OK) {
		run->was_all_sent = head == mark;
		status = store_begin(run->store);
	}
	return status;
}

/* How far the archive was read, and the mark past history, in the messages' own
 * transaction. */
static enum status feed_note_progress(struct feed_run *run)
{
	const struct feed *feed = run->feed;
	uint64_t head;
	enum status status = STATUS_OK;

	if (feed->progress_key != NULL && run->commit_length > 0) {
		g_autofree char *hex = text_to_hex(run->commit, run->commit_length);

		status = store_put_meta(run->store, feed->progress_key, hex);
	}
	if (status == STATUS_OK && feed->history && run->was_all_sent) {
		status = store_head(run->store, &head);
		if (status == STATUS_OK)
			status = store_put_mark(run->store, head);
	}
	return status;
}

static enum status feed_end(struct feed_run *run, enum status status)
{
	enum status closed;

	if (run->store == NULL)
		return status;
	if (status == STATUS_OK)
		status = feed_note_progress(run);
	if (status == STATUS_OK)
		status = store_commit(run->store);
	closed = store_close(g_steal_pointer(&run->store), status == STATUS_OK);
	return status != STATUS_OK ? status : closed;
}

/* The commit as given is the id of the range's start, unless it is a message's here. */
static enum status feed_note_base(struct feed_run *run, uint64_t number)
{
	g_autofree char *start = g_strdup_printf(
		"start.%" G_GUINT64_FORMAT, (guint64)number);
	bool added;
	enum status status = store_add_alias(run->store, run->feed->base, number, &added);

	return status == STATUS_OK && added
		       ? store_put_meta(run->store, start, run->feed->base)
		       : status;
}

/* A commit that brought nothing new, a second copy or a removal, can still end a range. */
static enum status feed_note_commit(struct feed_run *run, const struct source_item *item)
{
	g_autofree char *hex = text_to_hex(item->commit, item->commit_length);
	uint64_t head;
	bool added;
	enum status status = STATUS_OK;

	if (item->commit_length > 0)
		status = store_head(run->store, &head);
	if (status == STATUS_OK && item->commit_length > 0)
		status = store_add_alias(run->store, hex, head, &added);
	return status;
}

/* The archive took a message out. */
static enum status feed_write_removal(struct feed_run *run, struct feed_job *job)
{
	g_autofree char *message_id = NULL;
	struct record_key key;
	enum status status;

	run->feed->removed++;
	if (!record_peek(job->bytes.record, job->bytes.record_length, &key))
		return STATUS_SOFTWARE;
	message_id = g_strndup((const char *)key.message_id, key.message_id_length);
	status = store_remove(
		run->store, message_id, job->item.commit, job->item.commit_length);
	return status == STATUS_OK ? feed_note_commit(run, &job->item) : status;
}

/* Reads the mail of JOB again, since what it is takes its body to say. */
static enum status feed_add_whole(
	struct feed_run *run, struct feed_job *job, enum store_added *added_r)
{
	struct reading reading;
	enum status status = feed_read(run->feed, &job->item, &reading);

	if (status == STATUS_OK)
		status = store_add(run->store, &reading, added_r);
	reading_release(&reading);
	return status;
}

static enum status feed_write_job(struct feed_run *run, struct feed_job *job)
{
	struct feed *feed = run->feed;
	enum store_added added;
	uint64_t head = 0;
	enum status status;

	feed->read++;
	if (job->status != STATUS_OK)
		return job->status;
	if (job->item.removal)
		return feed_write_removal(run, job);
	status = store_add_bytes(run->store, &job->bytes, &added);
	if (status == STATUS_OK && added == STORE_ADDED_UNSURE)
		status = feed_add_whole(run, job, &added);
	if (status != STATUS_OK)
		return status;
	if (added == STORE_ADDED_KNOWN) {
		feed->known++;
		return feed_note_commit(run, &job->item);
	}
	if (feed->base != NULL && feed->added == 0) {
		status = store_head(run->store, &head);
		if (status == STATUS_OK)
			status = feed_note_base(run, head - 1);
	}
	feed->added++;
	return status;
}

static enum status feed_write_batch(struct feed_run *run, struct feed_batch *batch)
{
	enum status status = STATUS_OK;

	for (unsigned i = 0; status == STATUS_OK && i < batch->count; i++) {
		struct feed_job *job = &batch->jobs[i];

		if (run->store == NULL)
			status = feed_begin(run);
		if (status == STATUS_OK)
			status = feed_write_job(run, job);
		if (job->item.commit_length > 0) {
			memcpy(run->commit, job->item.commit, sizeof run->commit);
			run->commit_length = job->item.commit_length;
		}
		if (status == STATUS_OK && io_milliseconds() >= run->session_end)
			status = feed_end(run, status);
	}
	return status;
}

static void feed_show_progress(struct feed_run *run, bool last)
{
	struct feed *feed = run->feed;
	struct source_progress progress;
	int64_t now = io_milliseconds();

	if (!feed->terminal || (!last && now < feed->shown_at + FEED_PROGRESS_MS))
		return;
	feed->shown_at = now;
	run->source->ops->progress(run->source, &progress);
	if (progress.total > 0)
		fprintf(stderr, "\r%s: %3u%%, %lu messages%s", run->source->path,
			(unsigned)(progress.done * 100 / progress.total),
			(unsigned long)feed->read, last ? "\n" : "");
	else
		fprintf(stderr, "\r%s: %lu messages%s", run->source->path,
			(unsigned long)feed->read, last ? "\n" : "");
}

/* Writes the batches that are ready, in sessions; some of them stay, so that the threads have work
 * while the source is read.  The store is never held while a source is read: a slow one would hold
 * up every delivery. */
static enum status feed_write_some(struct feed_run *run)
{
	unsigned keep = run->ended ? 0 : MIN(FEED_BATCHES_KEPT, run->batches.length / 2);
	enum status status = STATUS_OK;

	while (status == STATUS_OK && run->batches.length > keep && !feed_stop) {
		struct feed_batch *batch = g_queue_pop_head(&run->batches);

		feed_wait(run->feed, batch);
		status = feed_write_batch(run, batch);
		feed_give_batch(run, batch);
		feed_show_progress(run, false);
	}
	return feed_end(run, status);
}

static enum status feed_loop(struct feed_run *run)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && !feed_stop &&
		!(run->ended && run->batches.length == 0)) {
		while (!run->ended && run->batches.length < FEED_BATCHES &&
			run->bytes < FEED_BYTES)
			feed_read_batch(run);
		status = feed_write_some(run);
	}
	return status;
}

enum status feed_run(struct feed *feed, struct source *source)
{
	struct feed_run run = {.feed = feed, .source = source};
	struct feed_batch *batch;
	enum status status;

	g_queue_init(&run.batches);
	g_queue_init(&run.spare);
	status = feed_loop(&run);
	if (status == STATUS_OK)
		status = run.read_status;
	while ((batch = g_queue_pop_head(&run.batches)) != NULL) {
		feed_wait(feed, batch);
		feed_give_batch(&run, batch);
	}
	g_queue_clear_full(&run.spare, feed_free_batch);
	if (feed->read > 0)
		feed_show_progress(&run, true);
	source->ops->free(source);
	if (status == STATUS_OK && feed_stop) {
		diag_error("interrupted; run it again to go on");
		status = STATUS_TEMPFAIL;
	}
	return status;
}

struct feed_meta {
	const char *name;
	char **value_r;
};

static enum status feed_read_meta(struct store *store, void *data)
{
	const struct feed_meta *meta = data;

	return store_get_meta(store, meta->name, meta->value_r);
}

enum status feed_get_meta(struct feed *feed, const char *name, char **value_r)
{
	struct feed_meta meta = {name, value_r};

	return store_read(feed->home, feed_read_meta, &meta);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/flush.h"
#include "post/mailer.h"
#include "store/journal.h"
#include "store/outbox.h"

enum { SENDING_PROGRESS_MS = 200, SENDING_COUNT = 500, SENDING_BLOCK = 256 };

/* What came of a run for one recipient. */
struct sending_outcome {
	struct outbox_entry *entry;
	int64_t time; /* when the run began */
	char *why;    /* NULL: it went well */
};

/* The store is open for a moment every LIMIT_BATCH_MS, and never while sendmail runs: to note what
 * came of the runs since, and for what comes next.  In between the journal has it. */
struct sending {
	struct flush *flush;
	struct journal *journal;
	struct outbox_place place;
	GQueue block; /* struct outbox_entry: what comes next, of one issue in one format */
	GQueue singles;           /* the same, before it: of a batch that failed */
	GQueue outcomes;          /* struct sending_outcome: what the store has to note */
	GPtrArray *run;           /* struct outbox_entry */
	enum status result;       /* of the run */
	char *why;                /* it failed */
	char *page;               /* of the mail; NULL before the first */
	struct outbox_issue mail; /* what is loaded into the file, without the bytes */
	enum subscriber_format format;
	int fd;
	int64_t session_end; /* when the store has to be opened next, io_milliseconds() */
	unsigned hangs;      /* in a row */
	uint64_t complaints; /* lines */
	uint64_t total;      /* that were owed at the beginning; on a terminal */
	int64_t shown;       /* when the progress was last drawn; 0: not at all */
};

static void sending_free_entry(void *data)
{
	outbox_free_entry(data);
}

static void sending_free_outcome(void *data)
{
	struct sending_outcome *outcome = data;

	outbox_free_entry(outcome->entry);
	g_free(outcome->why);
	g_free(outcome);
}

static enum status sending_note(struct store *store, void *data)
{
	struct sending *sending = data;
	enum status status = STATUS_OK;

	for (GList *link = sending->outcomes.head; status == STATUS_OK && link != NULL;
		link = link->next) {
		const struct sending_outcome *outcome = link->data;

		if (outcome->why == NULL) {
			status = outbox_done(store, outcome->entry, outcome->time);
			continue;
		}
		status = outbox_begin(store, outcome->entry, outcome->time);
		if (status == STATUS_OK)
			status = outbox_fail(store, outcome->entry, outcome->why);
		else if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	return status;
}

/* Those of the failed batch who were not removed meanwhile. */
static enum status sending_check_singles(struct store *store, struct sending *sending)
{
	enum status status = STATUS_OK;

	for (guint left = sending->singles.length; left > 0; left--) {
		struct outbox_entry *entry = g_queue_pop_head(&sending->singles);

		if (status == STATUS_OK)
			status = outbox_check(store, entry);
		if (status == STATUS_OK)
			g_queue_push_tail(&sending->singles, entry);
		else
			outbox_free_entry(entry);
		if (status == STATUS_NOINPUT)
			status = STATUS_OK;
	}
	return status;
}

/* What comes next, read anew: somebody may have been removed.  It begins behind the last one that
 * was tried. */
static enum status sending_choose(struct store *store, struct sending *sending)
{
	g_autoptr(GPtrArray) entries = NULL;
	unsigned count = MAX(SENDING_BLOCK, sending->flush->conf.batch);
	struct outbox_place place = {.issue = sending->place.issue,
		.format = sending->place.format,
		.page = g_strdup(sending->place.page),
		.recipient = g_strdup(sending->place.recipient)};
	enum status status = sending_check_singles(store, sending);

	g_queue_clear_full(&sending->block, sending_free_entry);
	if (status == STATUS_OK && sending->singles.length == 0)
		status = outbox_next(store, &place, count, &entries);
	for (guint i = 0; entries != NULL && i < entries->len; i++)
		g_queue_push_tail(&sending->block, entries->pdata[i]);
	if (entries != NULL)
		g_ptr_array_set_free_func(entries, NULL);
	outbox_place_release(&place);
	return status;
}

/* The mail of what comes next, if it is another one than before. */
static enum status sending_load(struct store *store, struct sending *sending)
{
	const struct outbox_entry *entry = g_queue_peek_head(&sending->block);
	struct outbox_page page;
	enum status status;

	if (entry == NULL || (sending->fd >= 0 && sending->mail.number == entry->issue &&
				     sending->format == entry->format &&
				     strcmp(sending->page, entry->page) == 0))
		return STATUS_OK;
	if (sending->fd >= 0)
		close(sending->fd);
	sending->fd = -1;
	outbox_issue_release(&sending->mail);
	page = (struct outbox_page){
		.number = entry->issue, .name = entry->page, .format = entry->format};
	status = outbox_get_page(store, &page, &sending->mail);
	if (status == STATUS_NOINPUT) {
		diag_error("%s: issue %" G_GUINT64_FORMAT
			   " is owed to %s as %s but not there",
			sending->flush->home, (guint64)entry->issue, entry->recipient,
			subscriber_format_name(entry->format));
		return STATUS_DATA;
	}
	if (status != STATUS_OK)
		return status;
	sending->format = entry->format;
	g_free(sending->page);
	sending->page = g_strdup(entry->page);
	status = mailer_load(sending->mail.mail, &sending->fd);
	g_string_free(g_steal_pointer(&sending->mail.mail), TRUE);
	return status;
}

static enum status sending_look_ahead(struct store *store, void *data)
{
	struct sending *sending = data;
	enum status status = sending_choose(store, sending);

	return status == STATUS_OK ? sending_load(store, sending) : status;
}

/* The notes are on stable storage before the journal forgets them. */
static enum status sending_write_notes(struct sending *sending)
{
	enum status status = STATUS_OK;

	if (sending->outcomes.length > 0)
		status = store_run(sending->flush->home, sending_note, sending);
	if (status != STATUS_OK)
		return status;
	g_queue_clear_full(&sending->outcomes, sending_free_outcome);
	return sending->journal ? journal_clear(sending->journal) : STATUS_OK;
}

static bool sending_is_over(const struct sending *sending)
{
	return sending->flush->stopped ||
	       (sending->block.length == 0 && sending->singles.length == 0);
}

/* A page may be one person's: the notes wait for the end of the time, not for that of a mail. */
static enum status sending_step(struct sending *sending)
{
	bool late = io_milliseconds() >= sending->session_end;
	enum status status = late ? sending_write_notes(sending) : STATUS_OK;

	if (status == STATUS_OK && !sending->flush->stopped)
		status = store_read(sending->flush->home, sending_look_ahead, sending);
	if (status == STATUS_OK && sending_is_over(sending))
		status = sending_write_notes(sending);
	if (late)
		sending->session_end = io_milliseconds() + LIMIT_BATCH_MS;
	return status;
}

/* Puts what is to be sent next into the run. */
static void sending_fill_run(struct sending *sending)
{
	GQueue *queue = sending->singles.length > 0 ? &sending->singles : &sending->block;
	unsigned count = sending->singles.length > 0 ? 1 : sending->flush->conf.batch;
	const struct outbox_entry *last = NULL;

	g_ptr_array_set_size(sending->run, 0);
	for (; count > 0 && queue->length > 0; count--) {
		last = queue->head->data;
		g_ptr_array_add(sending->run, g_queue_pop_head(queue));
	}
	if (queue != &sending->block || last == NULL)
		return;
	sending->place.issue = last->issue;
	sending->place.format = last->format;
	g_free(sending->place.page);
	sending->place.page = *last->page != '\0' ? g_strdup(last->page) : NULL;
	g_free(sending->place.recipient);
	sending->place.recipient = g_strdup(last->recipient);
}

/* Keeps what came of the run; a batch that failed is tried again, one by one. */
static void sending_keep_outcome(struct sending *sending, int64_t time)
{
	bool failed = sending->result != STATUS_OK;
	bool again = failed && sending->run->len > 1;

	for (guint i = 0; i < sending->run->len; i++) {
		struct sending_outcome *outcome = g_new0(struct sending_outcome, 1);
		const struct outbox_entry *entry = sending->run->pdata[i];

		outcome->entry = g_new0(struct outbox_entry, 1);
		outcome->entry->issue = entry->issue;
		outcome->entry->recipient = g_strdup(entry->recipient);
		outcome->time = time;
		outcome->why = failed ? g_strdup(sending->why) : NULL;
		g_queue_push_tail(&sending->outcomes, outcome);
		if (again)
			g_queue_push_tail(&sending->singles, sending->run->pdata[i]);
		else
			outbox_free_entry(sending->run->pdata[i]);
	}
	g_ptr_array_set_size(sending->run, 0);
}

/* A line of its own behind the progress. */
static void sending_end_progress(struct sending *sending)
{
	if (sending->shown > 0)
		fputc('\n', stderr);
	sending->shown = 0;
}

static void sending_show_progress(struct sending *sending)
{
	int64_t now = io_milliseconds();
	const struct flush *flush = sending->flush;

	if (sending->total == 0 || now < sending->shown + SENDING_PROGRESS_MS)
		return;
	sending->shown = now;
	fprintf(stderr, "\rissue %lu: %lu of %lu sent, %lu failed",
		(unsigned long)sending->mail.number, (unsigned long)flush->sent,
		(unsigned long)sending->total, (unsigned long)flush->failed);
}

/* Whether sendmail itself is broken, and no address of theirs. */
static void sending_check_hangs(struct sending *sending)
{
	sending->hangs = sending->result == STATUS_IO ? sending->hangs + 1 : 0;
	if (sending->hangs < LIMIT_SENDMAIL_HANGS)
		return;
	sending->flush->stopped = true;
	diag_error("%s: hangs, %d times in a row; the rest is kept for the next flush",
		sending->flush->conf.sendmail[0], LIMIT_SENDMAIL_HANGS);
}

static void sending_complain(struct sending *sending)
{
	const char *command = sending->flush->conf.sendmail[0];

	sending_end_progress(sending);
	if (sending->result == STATUS_OS) {
		sending->flush->stopped = true;
		diag_error("%s: %s", command, sending->why);
	} else if (sending->run->len == 1 &&
		   sending->complaints++ < LIMIT_FAILURE_LINES) {
		diag_error("%s: %s: %s; kept for the next flush", command,
			((const struct outbox_entry *)sending->run->pdata[0])->recipient,
			sending->why);
	}
	sending_check_hangs(sending);
}

static void sending_hand_over(struct sending *sending)
{
	g_autoptr(GPtrArray) recipients = g_ptr_array_new();
	const struct mailer_run run = {.command = sending->flush->conf.sendmail,
		.sender = sending->mail.sender,
		.recipients = recipients,
		.mail = sending->fd};

	for (guint i = 0; i < sending->run->len; i++) {
		const struct outbox_entry *entry = sending->run->pdata[i];

		g_ptr_array_add(recipients, entry->recipient);
	}
	g_clear_pointer(&sending->why, g_free);
	sending->result = mailer_send(&run, &sending->why);
}

/* One run of sendmail: the journal has that it begins before it, and how it ended before anything
 * else is done. */
static void sending_run(struct sending *sending)
{
	struct flush *flush = sending->flush;
	int64_t time = diag_now();
	bool noted;

	sending_fill_run(sending);
	noted = journal_add(sending->journal, &sending->mail, JOURNAL_BEGUN, sending->run,
		NULL, time);
	sending_hand_over(sending);
	noted &= journal_add(sending->journal, &sending->mail,
		sending->result == STATUS_OK ? JOURNAL_DONE : JOURNAL_FAILED,
		sending->run, sending->why, time);
	if (sending->result == STATUS_OK) {
		sending->hangs = 0;
		flush->sent += sending->run->len;
	} else {
		if (sending->run->len == 1 || sending->result == STATUS_OS)
			flush->failed += sending->run->len;
		sending_complain(sending);
	}
	sending_keep_outcome(sending, time);
	if (!noted)
		sending->session_end = 0;
	sending_show_progress(sending);
}

/* What is owed at the beginning, for the progress. */
struct sending_tally {
	struct outbox_place place;
	uint64_t count;
	bool more;
};

static enum status sending_count_some(struct store *store, void *data)
{
	struct sending_tally *tally = data;
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	enum status status = STATUS_OK;

	tally->more = true;
	while (status == STATUS_OK && tally->more && io_milliseconds() < deadline) {
		g_autoptr(GPtrArray) entries = NULL;

		status = outbox_next(store, &tally->place, SENDING_COUNT, &entries);
		tally->more = status == STATUS_OK && entries->len > 0;
		tally->count += tally->more ? entries->len : 0;
	}
	return status;
}

static enum status sending_count(struct sending *sending)
{
	const struct flush *flush = sending->flush;
	struct sending_tally tally = {.place.issue = sending->place.issue};
	enum status status = STATUS_OK;

	if (!isatty(STDERR_FILENO))
		return STATUS_OK;
	do
		status = store_read(flush->home, sending_count_some, &tally);
	while (status == STATUS_OK && tally.more);
	outbox_place_release(&tally.place);
	if (tally.count > 0)
		sending->total = flush->sent + flush->failed + tally.count;
	return status;
}

static void sending_release(struct sending *sending)
{
	sending_end_progress(sending);
	if (sending->complaints > LIMIT_FAILURE_LINES)
		diag_error("%lu more like these: mldigest flush --status",
			(unsigned long)(sending->complaints - LIMIT_FAILURE_LINES));
	journal_close(sending->journal);
	outbox_place_release(&sending->place);
	outbox_issue_release(&sending->mail);
	g_free(sending->page);
	g_queue_clear_full(&sending->block, sending_free_entry);
	g_queue_clear_full(&sending->singles, sending_free_entry);
	g_queue_clear_full(&sending->outcomes, sending_free_outcome);
	g_ptr_array_unref(sending->run);
	g_free(sending->why);
	if (sending->fd >= 0)
		close(sending->fd);
}

static enum status sending_loop(struct sending *sending)
{
	enum status status = sending_step(sending);

	if (status == STATUS_OK && !sending_is_over(sending))
		status = journal_open(sending->flush->home, &sending->journal);
	while (status == STATUS_OK && !sending_is_over(sending)) {
		do
			sending_run(sending);
		while (!sending_is_over(sending) &&
			io_milliseconds() < sending->session_end);
		status = sending_step(sending);
	}
	return status;
}

enum status flush_send(struct flush *flush, uint64_t first)
{
	struct sending sending = {.flush = flush,
		.place.issue = first,
		.block = G_QUEUE_INIT,
		.singles = G_QUEUE_INIT,
		.outcomes = G_QUEUE_INIT,
		.run = g_ptr_array_new(),
		.fd = -1};
	enum status status = sending_count(&sending);

	if (status == STATUS_OK)
		status = sending_loop(&sending);
	sending_release(&sending);
	return status;
}

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
#include "store/outbox.h"

enum { SENDING_PROGRESS_MS = 200, SENDING_COUNT = 500 };

/* Between two runs of sendmail the store is open once: for the note of the first, and the choice
 * and the beginning of the second. */
struct sending {
	struct flush *flush;
	struct outbox_place place;
	GPtrArray *entries; /* struct outbox_entry: what was taken last */
	guint next;     /* in entries: from here on one by one, since the batch failed */
	GPtrArray *run; /* of the entries: those of the run, borrowed */
	enum status result;       /* of the run */
	char *why;                /* it failed */
	struct outbox_issue mail; /* what is loaded into the file, without the bytes */
	enum subscriber_format format;
	int fd;
	bool noted;          /* since the last sync */
	int64_t synced;      /* when that was, io_milliseconds() */
	unsigned hangs;      /* in a row */
	uint64_t complaints; /* lines */
	uint64_t total;      /* that were owed at the beginning; on a terminal */
	int64_t shown;       /* when the progress was last drawn; 0: not at all */
};

static const char *sending_recipient(const struct sending *sending)
{
	const struct outbox_entry *entry = sending->run->pdata[0];

	return entry->recipient;
}

static enum status sending_note(struct store *store, struct sending *sending)
{
	int64_t now = diag_now();
	enum status status = STATUS_OK;

	for (guint i = 0; status == STATUS_OK && i < sending->run->len; i++) {
		const struct outbox_entry *entry = sending->run->pdata[i];

		status = sending->result == STATUS_OK
				 ? outbox_done(store, entry, now)
				 : outbox_fail(store, entry, sending->why);
	}
	sending->noted |= sending->run->len > 0;
	/* One of them may be the cause: each by itself now. */
	if (sending->result != STATUS_OK && sending->run->len > 1)
		sending->next = 0;
	return status;
}

/* Puts what is to be sent next into the run; nothing at the end. */
static enum status sending_choose(struct store *store, struct sending *sending)
{
	enum status status = STATUS_OK;

	g_ptr_array_set_size(sending->run, 0);
	if (sending->flush->stopped)
		return STATUS_OK;
	if (sending->entries != NULL && sending->next < sending->entries->len) {
		g_ptr_array_add(sending->run, sending->entries->pdata[sending->next++]);
		return STATUS_OK;
	}
	g_clear_pointer(&sending->entries, g_ptr_array_unref);
	status = outbox_next(
		store, &sending->place, sending->flush->conf.batch, &sending->entries);
	if (status != STATUS_OK)
		return status;
	sending->next = sending->entries->len;
	for (guint i = 0; i < sending->entries->len; i++)
		g_ptr_array_add(sending->run, sending->entries->pdata[i]);
	return STATUS_OK;
}

/* Notes that the run begins, for those who still have to get it: somebody may have been removed
 * while others of the batch were tried. */
static enum status sending_begin(struct store *store, struct sending *sending)
{
	int64_t now = diag_now();

	for (guint i = 0; i < sending->run->len;) {
		enum status status = outbox_begin(store, sending->run->pdata[i], now);

		if (status == STATUS_OK)
			i++;
		else if (status == STATUS_NOINPUT)
			g_ptr_array_remove_index(sending->run, i);
		else
			return status;
	}
	return STATUS_OK;
}

/* The mail of the run, if it is another one than before. */
static enum status sending_load(struct store *store, struct sending *sending)
{
	const struct outbox_entry *entry = sending->run->pdata[0];
	const char *home = sending->flush->home;
	enum status status;

	if (sending->fd >= 0 && sending->mail.number == entry->issue &&
		sending->format == entry->format)
		return STATUS_OK;
	if (sending->fd >= 0)
		close(sending->fd);
	sending->fd = -1;
	outbox_issue_release(&sending->mail);
	status = outbox_get_format(store, entry->issue, entry->format, &sending->mail);
	if (status == STATUS_NOINPUT) {
		diag_error("%s: issue %" G_GUINT64_FORMAT
			   " is owed to %s as %s but not there",
			home, (guint64)entry->issue, entry->recipient,
			subscriber_format_name(entry->format));
		return STATUS_DATA;
	}
	if (status != STATUS_OK)
		return status;
	sending->format = entry->format;
	status = mailer_load(sending->mail.mail, &sending->fd);
	g_string_free(g_steal_pointer(&sending->mail.mail), TRUE);
	return status;
}

static enum status sending_prepare(struct store *store, struct sending *sending)
{
	enum status status;

	do {
		status = sending_choose(store, sending);
		if (status != STATUS_OK || sending->run->len == 0)
			return status;
		status = sending_begin(store, sending);
	} while (status == STATUS_OK && sending->run->len == 0);
	return status == STATUS_OK ? sending_load(store, sending) : status;
}

static enum status sending_commit(struct store *store, struct sending *sending,
	enum status (*work)(struct store *store, struct sending *sending))
{
	enum status status = store_begin(store);

	if (status == STATUS_OK)
		status = work(store, sending);
	return status == STATUS_OK ? store_commit(store) : status;
}

/* The session between two runs.  The note has a transaction of its own: what is wrong with the next
 * delivery must not let the last be sent again.  A commit survives a kill; a sync, which a power
 * loss asks for, is shared by the runs of LIMIT_BATCH_MS. */
static enum status sending_step(struct sending *sending)
{
	struct store *store;
	bool sync;
	enum status closed,
		status = store_open(sending->flush->home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	if (sending->run->len > 0)
		status = sending_commit(store, sending, sending_note);
	if (status == STATUS_OK)
		status = sending_commit(store, sending, sending_prepare);
	sync = sending->noted &&
	       (status != STATUS_OK || sending->run->len == 0 ||
		       io_milliseconds() >= sending->synced + LIMIT_BATCH_MS);
	closed = store_close(store, sync);
	if (sync && closed == STATUS_OK) {
		sending->noted = false;
		sending->synced = io_milliseconds();
	}
	return status != STATUS_OK ? status : closed;
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
			sending_recipient(sending), sending->why);
	}
	sending_check_hangs(sending);
}

static void sending_run(struct sending *sending)
{
	struct flush *flush = sending->flush;
	g_autoptr(GPtrArray) recipients = g_ptr_array_new();
	const struct mailer_run run = {.command = flush->conf.sendmail,
		.sender = sending->mail.sender,
		.recipients = recipients,
		.mail = sending->fd};

	for (guint i = 0; i < sending->run->len; i++) {
		const struct outbox_entry *entry = sending->run->pdata[i];

		g_ptr_array_add(recipients, entry->recipient);
	}
	g_clear_pointer(&sending->why, g_free);
	sending->result = mailer_send(&run, &sending->why);
	if (sending->result == STATUS_OK) {
		sending->hangs = 0;
		flush->sent += sending->run->len;
	} else {
		if (sending->run->len == 1 || sending->result == STATUS_OS)
			flush->failed += sending->run->len;
		sending_complain(sending);
	}
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
		status = cmd_read_store(flush->home, sending_count_some, &tally);
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
	outbox_place_release(&sending->place);
	outbox_issue_release(&sending->mail);
	g_clear_pointer(&sending->entries, g_ptr_array_unref);
	g_ptr_array_unref(sending->run);
	g_free(sending->why);
	if (sending->fd >= 0)
		close(sending->fd);
}

enum status flush_send(struct flush *flush, uint64_t first)
{
	struct sending sending = {.flush = flush,
		.place.issue = first,
		.run = g_ptr_array_new(),
		.fd = -1,
		.synced = io_milliseconds()};
	enum status status = sending_count(&sending);

	if (status == STATUS_OK)
		status = sending_step(&sending);
	while (status == STATUS_OK && sending.run->len > 0) {
		sending_run(&sending);
		status = sending_step(&sending);
	}
	sending_release(&sending);
	return status;
}

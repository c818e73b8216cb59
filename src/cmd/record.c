/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/feeder.h"
#include "base/io.h"
#include "cmd/attest.h"
#include "cmd/cmd.h"
#include "mail/message.h"
#include "mail/raw.h"
#include "model/reading.h"
#include "store/store.h"

/* All of standard input, and what its end may be: the message's, or our parent's. */
static enum status record_read(struct raw *raw, enum feeder *feeder_r)
{
	g_autofree char *buffer = g_malloc(65536);
	ssize_t n;

	while ((n = io_read(STDIN_FILENO, buffer, 65536)) > 0) {
		/* raw_append() wants a first line whole. */
		while (raw->length == 0 && n < 1024 &&
			memchr(buffer, '\n', (size_t)n) == NULL) {
			ssize_t more = io_read(
				STDIN_FILENO, buffer + n, 65536 - (size_t)n);

			if (more <= 0)
				break;
			n += more;
		}
		raw_append(raw, buffer, (size_t)n);
	}
	*feeder_r = feeder_look();
	if (n < 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "standard input");
	if (raw->length == 0) {
		diag_error("standard input: no message, it is empty");
		return STATUS_TEMPFAIL;
	}
	return STATUS_OK;
}

/* What goes into the store, and what became of it. */
struct record_job {
	struct reading reading;
	enum store_added added;
};

static enum status record_store(struct store *store, void *data)
{
	struct record_job *job = data;

	return store_add(store, &job->reading, &job->added);
}

static void record_tell(const struct record *record, enum store_added added)
{
	const char *word = "New:  ";
	g_autofree char *line = NULL;

	if (added == STORE_ADDED_KNOWN || record->outcome == RECORD_OUTCOME_EXIST)
		word = "Exist: ";
	else if (record->outcome == RECORD_OUTCOME_SKIP)
		word = " Skip: ";
	line = g_strdup_printf("%s%s\n", word, record->subject);
	/* The mail is kept whether or not anybody reads this. */
	if (!io_write_all(STDOUT_FILENO, line, strlen(line)))
		diag_errno(errno, STATUS_IO, "standard output");
}

static enum status record_message(const char *home, const struct conf *conf,
	struct raw *raw, enum feeder feeder, bool verbose)
{
	uint8_t digest[HASH_BYTES];
	struct reading_source source = {.bytes = raw->bytes->str,
		.length = raw->bytes->len,
		.full_length = raw->length,
		.raw_hash = digest,
		.now = diag_now(),
		.flags = feeder == FEEDER_THERE ? 0 : RECORD_FLAG_PARTIAL,
		.rules = conf->rules};
	g_autofree char *keyring = conf_keyring_path(conf, home);
	struct record_job job = {0};
	enum status status;

	source.arrival = source.now;
	raw_finish(raw, digest);
	message_init_library();
	/* Before the gate: parsing is what takes time. */
	reading_make(&source, &job.reading);
	status = attest_reading(&source, keyring, &job.reading);
	/* What is known already is synced too: it may not be on the disk yet. */
	if (status == STATUS_OK)
		status = store_run(home, record_store, &job);
	if (status == STATUS_OK && verbose)
		record_tell(job.reading.record, job.added);
	/* In doubt it is only marked: 75 would make a feeder that lives send it for ever. */
	if (status == STATUS_OK && feeder == FEEDER_GONE) {
		diag_error("standard input: what fed it went away; kept what came, send "
			   "it again");
		status = STATUS_TEMPFAIL;
	}
	reading_release(&job.reading);
	return status;
}

enum status cmd_record(const char *home, int argc, char **argv)
{
	gboolean verbose = FALSE;
	const GOptionEntry options[] = {
		{"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Say what it was", NULL},
		{0}};
	const struct cmd_usage usage = {
		"<MESSAGE", "Records the message on standard input.", 0, 0};
	struct conf conf;
	struct raw raw;
	enum feeder feeder;
	enum status status;

	signal(SIGPIPE, SIG_IGN);
	status = cmd_parse(argc, argv, options, &usage, NULL);
	if (status != STATUS_OK)
		return status;
	raw_init(&raw);
	status = record_read(&raw, &feeder);
	if (status == STATUS_OK)
		status = cmd_make_home(home, NULL, NULL, NULL);
	/* A mail that cannot be filed as its owner wants it waits until the config is
	 * mended. */
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &conf);
	if (status == STATUS_OK) {
		status = record_message(home, &conf, &raw, feeder, verbose);
		conf_release(&conf);
	}
	raw_release(&raw);
	return status;
}

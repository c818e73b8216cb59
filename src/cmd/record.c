/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/feeder.h"
#include "base/hash.h"
#include "base/io.h"
#include "cmd/attest.h"
#include "cmd/cmd.h"
#include "cmd/passage.h"
#include "mail/raw.h"
#include "model/reading.h"
#include "store/store.h"

/* All of standard input, and what its end may be: the message's, or our parent's.  PASSAGE, or
 * NULL, gets it too. */
static enum status record_read(
	struct raw *raw, struct passage *passage, enum feeder *feeder_r)
{
	enum status kept = STATUS_OK;
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
		if (passage != NULL)
			kept = passage_append(passage, raw, buffer, (size_t)n);
	}
	*feeder_r = feeder_look();
	if (n < 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "standard input");
	if (raw->length == 0) {
		diag_error("standard input: no message, it is empty");
		return STATUS_TEMPFAIL;
	}
	return kept;
}

/* What goes into the store, and what became of it. */
struct record_job {
	struct passage *passage; /* or NULL */
	struct reading reading;
	enum store_added added;
	struct record *known; /* what was here already; for the filter alone */
};

static enum status record_store(struct store *store, void *data)
{
	struct record_job *job = data;
	enum status status = store_add(store, &job->reading, &job->added);

	if (status != STATUS_OK || job->added != STORE_ADDED_KNOWN ||
		job->passage == NULL)
		return status;
	status = store_find(store, job->reading.record->message_id, &job->known);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static void record_describe(const struct record_job *job, enum feeder feeder)
{
	const struct record *record = job->reading.record;
	const char *word = "recorded";

	if (job->added == STORE_ADDED_KNOWN) {
		word = "known";
		record = job->known;
	} else if (feeder != FEEDER_THERE) {
		word = "partial";
	}
	passage_describe(job->passage, word, record);
}

/* With a filter standard output is the message's. */
static void record_tell(const struct record *record, enum store_added added, int fd)
{
	const char *word = "New:  ";
	g_autofree char *line = NULL;

	if (added == STORE_ADDED_KNOWN || record->outcome == RECORD_OUTCOME_EXIST)
		word = "Exist: ";
	else if (record->outcome == RECORD_OUTCOME_SKIP)
		word = " Skip: ";
	line = g_strdup_printf("%s%s\n", word, record->subject);
	/* The mail is kept whether or not anybody reads this. */
	if (!io_write_all(fd, line, strlen(line)))
		diag_errno(errno, STATUS_IO, "standard output");
}

/* How the message came, and what else is wanted. */
struct record_task {
	const char *home;
	const struct conf *conf;
	struct passage *passage; /* or NULL */
	struct raw raw;
	enum feeder feeder;
	bool verbose;
};

static enum status record_message(struct record_task *task)
{
	struct raw *raw = &task->raw;
	uint8_t digest[HASH_BYTES];
	struct reading_source source = {.bytes = raw->bytes->str,
		.length = raw->bytes->len,
		.full_length = raw->length,
		.raw_hash = digest,
		.now = diag_now(),
		.flags = task->feeder == FEEDER_THERE ? 0 : RECORD_FLAG_PARTIAL,
		.rules = task->conf->rules};
	g_autofree char *keyring = conf_keyring_path(task->conf, task->home);
	struct record_job job = {.passage = task->passage};
	enum status status;

	source.arrival = source.now;
	hash_init_library();
	raw_finish(raw, digest);
	/* Before the gate: parsing is what takes time. */
	reading_make(&source, &job.reading);
	status = attest_reading(&source, keyring, &job.reading);
	/* What is known already is synced too: it may not be on the disk yet. */
	if (status == STATUS_OK)
		status = store_run(task->home, record_store, &job);
	if (status == STATUS_OK && job.passage != NULL)
		record_describe(&job, task->feeder);
	if (status == STATUS_OK && task->verbose)
		record_tell(job.reading.record, job.added,
			job.passage ? STDERR_FILENO : STDOUT_FILENO);
	/* In doubt it is only marked: 75 would make a feeder that lives send it for ever. */
	if (status == STATUS_OK && task->feeder == FEEDER_GONE) {
		diag_error("standard input: what fed it went away; kept what came, send "
			   "it again");
		status = STATUS_TEMPFAIL;
	}
	reading_release(&job.reading);
	record_free(job.known);
	return status;
}

/* What is in RAW, behind the end of the input. */
static enum status record_keep(void *data)
{
	struct record_task *task = data;
	struct conf conf;
	enum status status = cmd_make_home(task->home, NULL, NULL, NULL);

	/* A mail that cannot be filed as its owner wants it waits until the config is
	 * mended. */
	if (status == STATUS_OK)
		status = cmd_load_conf(task->home, &conf);
	if (status != STATUS_OK)
		return status;
	task->conf = &conf;
	status = record_message(task);
	conf_release(&conf);
	return status;
}

/* STATUS says whether the command line was good. */
static enum status record_input(struct record_task *task, enum status status)
{
	enum status read, written;

	raw_init(&task->raw);
	read = record_read(&task->raw, task->passage, &task->feeder);
	if (status == STATUS_OK)
		status = read;
	if (status == STATUS_OK)
		status = task->passage != NULL
				 ? passage_run(task->passage, record_keep, task)
				 : record_keep(task);
	if (task->passage != NULL) {
		written = passage_finish(task->passage, &task->raw);
		status = status != STATUS_OK ? status : written;
	}
	raw_release(&task->raw);
	return status;
}

enum status cmd_record(const char *home, int argc, char **argv)
{
	gboolean verbose = FALSE, is_filter = FALSE;
	const GOptionEntry options[] = {
		{"filter", 0, 0, G_OPTION_ARG_NONE, &is_filter,
			"Pass the message on, with fields on top", NULL},
		{"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Say what it was", NULL},
		{0}};
	const struct cmd_usage usage = {
		"<MESSAGE", "Records the message on standard input.", 0, 0};
	struct record_task task = {.home = home};
	struct passage passage;
	bool asked = false;
	enum status status;

	signal(SIGPIPE, SIG_IGN);
	/* A filter passes mails on even if another option is wrong. */
	for (int i = 1; i < argc; i++)
		asked |= strcmp(argv[i], "--filter") == 0;
	status = cmd_parse(argc, argv, options, &usage, NULL);
	if (status != STATUS_OK && !asked)
		return status;
	is_filter |= asked;
	task.verbose = verbose;
	if (is_filter) {
		passage_init(&passage, home);
		task.passage = &passage;
	}
	status = record_input(&task, status);
	if (is_filter)
		passage_release(&passage);
	return status;
}

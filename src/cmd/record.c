/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "cmd/cmd.h"
#include "cmd/filter.h"
#include "mail/message.h"
#include "mail/raw.h"
#include "model/reading.h"
#include "store/store.h"

/* What is said when a signal ends us, made before it comes: little may be called then. */
static char record_last_words[1024];

/* A crash of ours must not bounce the mail; the busy mark stays and the next one recovers. */
static void record_on_crash(int signal_number)
{
	ssize_t said = 0;

	/* Berkeley DB's regions grow as they are needed, by holes in their files, and a hole that a
	 * full disk cannot fill is SIGBUS. */
	if (signal_number == SIGBUS || signal_number == SIGXFSZ)
		said = write(STDERR_FILENO, record_last_words, strlen(record_last_words));
	else
		said = write(STDERR_FILENO, "mldigest: record: crashed\n", 26);
	(void)said;
	_exit(EX_TEMPFAIL);
}

static void record_catch_crashes(const char *home)
{
	static char stack[16384];
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	const struct sigaction action = {
		.sa_handler = record_on_crash, .sa_flags = SA_ONSTACK};
	static const int signals[] = {SIGABRT, SIGBUS, SIGSEGV, SIGXCPU, SIGXFSZ};

	g_snprintf(record_last_words, sizeof record_last_words,
		"mldigest: %.900s: No space left on device, or the device failed\n",
		home);
	sigaltstack(&alternate, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* All of standard input.  *PARTIAL_R: our parent went away before the end, so that the
 * end may be its death and not the message's.  FILTER, or NULL, gets it too. */
static enum status record_read(struct raw *raw, struct filter *filter, bool *partial_r)
{
	enum status kept = STATUS_OK;
	g_autofree char *buffer = g_malloc(65536);
	pid_t feeder = getppid();
	ssize_t n;

	while ((n = io_read(STDIN_FILENO, buffer, 65536)) > 0) {
		/* raw_append() wants a first line whole. */
		while (raw->length == 0 && n < 65536 &&
			memchr(buffer, '\n', (size_t)n) == NULL) {
			ssize_t more = io_read(
				STDIN_FILENO, buffer + n, 65536 - (size_t)n);

			if (more <= 0)
				break;
			n += more;
		}
		raw_append(raw, buffer, (size_t)n);
		if (filter != NULL)
			kept = filter_append(filter, raw, buffer, (size_t)n);
	}
	*partial_r = getppid() != feeder;
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
	struct filter *filter; /* or NULL */
	struct reading reading;
	enum store_added added;
	struct record *known; /* what was here already; for the filter alone */
};

static enum status record_store(struct store *store, void *data)
{
	struct record_job *job = data;
	enum status status = store_add(store, &job->reading, &job->added);

	if (status != STATUS_OK || job->added != STORE_ADDED_KNOWN || job->filter == NULL)
		return status;
	status = store_find(store, job->reading.record->message_id, &job->known);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static void record_describe(const struct record_job *job, bool partial)
{
	const struct record *record = job->reading.record;
	const char *word = "recorded";

	if (job->added == STORE_ADDED_KNOWN) {
		word = "known";
		record = job->known;
	} else if (partial) {
		word = "partial";
	}
	filter_describe(job->filter, word, record);
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
	struct filter *filter; /* or NULL */
	struct raw raw;
	bool partial, verbose;
};

static enum status record_message(struct record_task *task)
{
	bool partial = task->partial;
	struct raw *raw = &task->raw;
	uint8_t digest[HASH_BYTES];
	struct reading_source source = {.bytes = raw->bytes->str,
		.length = raw->bytes->len,
		.full_length = raw->length,
		.raw_hash = digest,
		.now = diag_now(),
		.flags = partial ? RECORD_FLAG_PARTIAL : 0,
		.rules = task->conf->rules};
	struct record_job job = {.filter = task->filter};
	enum status status;

	source.arrival = source.now;
	raw_finish(raw, digest);
	message_init_library();
	/* Before the gate: parsing is what takes time. */
	reading_make(&source, &job.reading);
	/* What is known already is synced too: it may not be on the disk yet. */
	status = store_run(task->home, record_store, &job);
	if (status == STATUS_OK && job.filter != NULL)
		record_describe(&job, partial);
	if (status == STATUS_OK && task->verbose)
		record_tell(job.reading.record, job.added,
			job.filter ? STDERR_FILENO : STDOUT_FILENO);
	if (status == STATUS_OK && partial) {
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
	read = record_read(&task->raw, task->filter, &task->partial);
	if (status == STATUS_OK)
		status = read;
	if (status == STATUS_OK)
		status = task->filter != NULL
				 ? filter_run(task->filter, record_keep, task)
				 : record_keep(task);
	if (task->filter != NULL) {
		written = filter_finish(task->filter, &task->raw);
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
	struct filter filter;
	bool asked = false;
	enum status status;

	record_catch_crashes(home);
	/* A filter passes mails on even if another option is wrong. */
	for (int i = 1; i < argc; i++)
		asked |= strcmp(argv[i], "--filter") == 0;
	status = cmd_parse(argc, argv, options, &usage, NULL);
	if (status != STATUS_OK && !asked)
		return status;
	is_filter |= asked;
	task.verbose = verbose;
	if (is_filter) {
		filter_init(&filter, home);
		task.filter = &filter;
	}
	status = record_input(&task, status);
	if (is_filter)
		filter_release(&filter);
	return status;
}

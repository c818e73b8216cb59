/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"

#define FILTER_PREFIX "X-Mldigest-"
enum { FILTER_PIECE_BYTES = 65536 };

void filter_init(struct filter *filter, const char *home)
{
	*filter = (struct filter){.home = home,
		.start = g_string_new(NULL),
		.spool = -1,
		.fields = g_string_new(NULL),
		.out = g_string_new(NULL)};
	strip_init(&filter->strip, FILTER_PREFIX);
}

void filter_release(struct filter *filter)
{
	g_string_free(filter->start, TRUE);
	g_string_free(filter->fields, TRUE);
	g_string_free(filter->out, TRUE);
	if (filter->spool >= 0)
		close(filter->spool);
}

static void filter_fail(struct filter *filter, enum status status)
{
	if (filter->status == STATUS_OK)
		filter->status = status;
}

/* Header fields are ASCII; a rule's name is the user's. */
static void filter_add_field(struct filter *filter, const char *name, const char *value)
{
	g_string_append_printf(filter->fields, FILTER_PREFIX "%s: ", name);
	for (; *value != '\0'; value++)
		g_string_append_c(filter->fields,
			*value == ' ' || g_ascii_isgraph(*value) ? *value : '?');
	g_string_append_c(filter->fields, '\n');
}

static void filter_add_record(struct filter *filter, const struct record *record)
{
	g_autofree char *number = g_strdup_printf(
		"%" G_GUINT64_FORMAT, (guint64)record->number);
	g_autofree char *revision = g_strdup_printf("%u", record->revision);
	g_autofree char *position = g_strdup_printf(
		"%d/%d", record->position, record->total);

	filter_add_field(filter, "Number", number);
	filter_add_field(filter, "Outcome", record_outcome_name(record->outcome));
	if (record->outcome == RECORD_OUTCOME_EXIST)
		filter_add_field(filter, "First", record->first);
	if (record->outcome == RECORD_OUTCOME_SKIP)
		filter_add_field(filter, "Skip-Rule", record->skip_rule);
	filter_add_field(filter, "Class", record_class_name(record->class));
	filter_add_field(filter, "Rule", record->rule);
	if (record_is_posting(record))
		filter_add_field(filter, "Revision", revision);
	if (record->total >= 0)
		filter_add_field(filter, "Position", position);
}

void filter_describe(struct filter *filter, const char *word, const struct record *record)
{
	g_string_truncate(filter->fields, 0);
	filter_add_field(filter, "Status", word);
	if (record != NULL)
		filter_add_record(filter, record);
}

/* What the process that does the work leaves. */
static enum status filter_wait(pid_t child)
{
	int result;

	while (waitpid(child, &result, 0) < 0)
		if (errno != EINTR)
			return diag_errno(errno, STATUS_OS, "record");
	if (WIFEXITED(result) && WEXITSTATUS(result) <= STATUS_CONFIG)
		return (enum status)WEXITSTATUS(result);
	/* A crash that was caught has said so. */
	if (WIFSIGNALED(result))
		diag_error("record: killed by signal %d", WTERMSIG(result));
	return STATUS_TEMPFAIL;
}

enum status filter_run(struct filter *filter, enum status (*work)(void *data), void *data)
{
	char buffer[4096];
	int ends[2];
	ssize_t n;
	pid_t child;
	enum status status;

	if (pipe(ends) != 0)
		return diag_errno(errno, STATUS_OS, "record");
	child = fork();
	if (child == 0) {
		close(ends[0]);
		status = work(data);
		if (!io_write_all(ends[1], filter->fields->str, filter->fields->len))
			status = STATUS_OS;
		_exit((int)status);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return diag_errno(errno, STATUS_OS, "record");
	}
	while ((n = io_read(ends[0], buffer, sizeof buffer)) > 0)
		g_string_append_len(filter->fields, buffer, n);
	close(ends[0]);
	return filter_wait(child);
}

/* A file without a name: it goes with us. */
static enum status filter_open_spool(struct filter *filter)
{
	g_autofree char *path = g_build_filename(filter->home, "spool.XXXXXX", NULL);
	enum status status = cmd_make_home(filter->home, NULL, NULL, NULL);

	if (status != STATUS_OK)
		return status;
	filter->spool = open(filter->home, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (filter->spool < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		filter->spool = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
		if (filter->spool >= 0)
			unlink(path);
	}
	if (filter->spool < 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", path);
	return STATUS_OK;
}

static enum status filter_keep(struct filter *filter, const char *bytes, size_t length)
{
	enum status status = filter->spool < 0 ? filter_open_spool(filter) : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	if (!io_write_all(filter->spool, bytes, length))
		return diag_errno(errno, STATUS_TEMPFAIL, "%s: a message of this size",
			filter->home);
	filter->spooled += length;
	return STATUS_OK;
}

/* A failure of standard output is said once.  What feeds us has the message still. */
static void filter_write_out(struct filter *filter)
{
	if (!filter->broken && filter->out->len > 0 &&
		!io_write_all(STDOUT_FILENO, filter->out->str, filter->out->len)) {
		filter->broken = true;
		filter_fail(
			filter, diag_errno(errno, STATUS_TEMPFAIL, "standard output"));
	}
	g_string_truncate(filter->out, 0);
}

static void filter_push(struct filter *filter, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t piece = MIN(length, (size_t)FILTER_PIECE_BYTES);

		strip_append(&filter->strip, bytes, piece, filter->out);
		if (filter->out->len >= FILTER_PIECE_BYTES)
			filter_write_out(filter);
		bytes += piece;
		length -= piece;
	}
}

static void filter_push_spool(struct filter *filter)
{
	g_autofree char *buffer = g_malloc(FILTER_PIECE_BYTES);
	uint64_t done = 0;

	while (done < filter->spooled) {
		size_t piece = MIN(filter->spooled - done, (uint64_t)FILTER_PIECE_BYTES);
		ssize_t n = pread(filter->spool, buffer, piece, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			/* Nothing behind a gap. */
			filter_write_out(filter);
			filter->broken = true;
			filter_fail(filter, diag_errno(n < 0 ? errno : EIO,
						    STATUS_TEMPFAIL, "%s", filter->home));
			return;
		}
		filter_push(filter, buffer, (size_t)n);
		done += (uint64_t)n;
	}
}

/* With the line ends that the message has. */
static void filter_add_fields(struct filter *filter, const GString *message)
{
	const char *end = memchr(message->str, '\n', message->len);
	bool crlf = end != NULL && end > message->str && end[-1] == '\r';

	/* A blank at its start would make its first line a part of our last. */
	if (message->len > 0 && (message->str[0] == ' ' || message->str[0] == '\t'))
		return;
	if (filter->fields->len == 0)
		filter_describe(filter, "failed", NULL);
	if (crlf)
		g_string_replace(filter->fields, "\n", "\r\n", 0);
	g_string_append_len(
		filter->out, filter->fields->str, (gssize)filter->fields->len);
}

/* All that came so far. */
static void filter_begin(struct filter *filter, const struct raw *raw)
{
	GString *start = filter->start;

	filter->passing = true;
	if (start->len == 0 && raw->length == 0)
		return;
	if (start->len > 0 && start->str[start->len - 1] == '\n') {
		g_string_append_len(filter->out, start->str, (gssize)start->len);
		filter_add_fields(filter, raw->bytes);
	} else {
		filter_add_fields(filter, start->len > 0 ? start : raw->bytes);
		filter_push(filter, start->str, start->len);
	}
	filter_push(filter, raw->bytes->str, raw->bytes->len);
	filter_push_spool(filter);
}

enum status filter_append(
	struct filter *filter, const struct raw *raw, const char *bytes, size_t length)
{
	size_t taken = (size_t)(raw->length - filter->seen), over = 0;
	enum status status = STATUS_OK;

	g_string_append_len(filter->start, bytes, (gssize)(length - taken));
	if (raw->length > LIMIT_MESSAGE_BYTES)
		over = (size_t)MIN(taken, raw->length - LIMIT_MESSAGE_BYTES);
	filter->seen = raw->length;
	bytes += length - over;
	if (over > 0 && !filter->passing) {
		status = filter_keep(filter, bytes, over);
		if (status == STATUS_OK)
			return STATUS_OK;
		filter_fail(filter, status);
		filter_begin(filter, raw);
	}
	filter_push(filter, bytes, over);
	return filter->status;
}

enum status filter_finish(struct filter *filter, const struct raw *raw)
{
	if (!filter->passing)
		filter_begin(filter, raw);
	strip_finish(&filter->strip, filter->out);
	filter_write_out(filter);
	return filter->status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/passage.h"

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

#define PASSAGE_PREFIX "X-Mldigest-"
enum { PASSAGE_PIECE_BYTES = 65536 };

void passage_init(struct passage *passage, const char *home)
{
	*passage = (struct passage){.home = home,
		.start = g_string_new(NULL),
		.spool = -1,
		.fields = g_string_new(NULL),
		.out = g_string_new(NULL)};
	strip_init(&passage->strip, PASSAGE_PREFIX);
}

void passage_release(struct passage *passage)
{
	g_string_free(passage->start, TRUE);
	g_string_free(passage->fields, TRUE);
	g_string_free(passage->out, TRUE);
	if (passage->spool >= 0)
		close(passage->spool);
}

static void passage_fail(struct passage *passage, enum status status)
{
	if (passage->status == STATUS_OK)
		passage->status = status;
}

/* Header fields are ASCII; a rule's name is the user's. */
static void passage_add_field(
	struct passage *passage, const char *name, const char *value)
{
	g_string_append_printf(passage->fields, PASSAGE_PREFIX "%s: ", name);
	for (; *value != '\0'; value++)
		g_string_append_c(passage->fields,
			*value == ' ' || g_ascii_isgraph(*value) ? *value : '?');
	g_string_append_c(passage->fields, '\n');
}

static void passage_add_record(struct passage *passage, const struct record *record)
{
	g_autofree char *number = g_strdup_printf(
		"%" G_GUINT64_FORMAT, (guint64)record->number);
	g_autofree char *revision = g_strdup_printf("%u", record->revision);
	g_autofree char *position = g_strdup_printf(
		"%d/%d", record->position, record->total);

	passage_add_field(passage, "Number", number);
	passage_add_field(passage, "Outcome", record_outcome_name(record->outcome));
	if (record->outcome == RECORD_OUTCOME_EXIST)
		passage_add_field(passage, "First", record->first);
	if (record->outcome == RECORD_OUTCOME_SKIP)
		passage_add_field(passage, "Skip-Rule", record->skip_rule);
	passage_add_field(passage, "Class", record_class_name(record->class));
	passage_add_field(passage, "Rule", record->rule);
	if (record_is_posting(record))
		passage_add_field(passage, "Revision", revision);
	if (record->total >= 0)
		passage_add_field(passage, "Position", position);
}

void passage_describe(
	struct passage *passage, const char *word, const struct record *record)
{
	g_string_truncate(passage->fields, 0);
	passage_add_field(passage, "Status", word);
	if (record != NULL)
		passage_add_record(passage, record);
}

/* What the process that does the work leaves. */
static enum status passage_wait(pid_t child)
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

enum status passage_run(
	struct passage *passage, enum status (*work)(void *data), void *data)
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
		if (!io_write_all(ends[1], passage->fields->str, passage->fields->len))
			status = STATUS_OS;
		_exit((int)status);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return diag_errno(errno, STATUS_OS, "record");
	}
	while ((n = io_read(ends[0], buffer, sizeof buffer)) > 0)
		g_string_append_len(passage->fields, buffer, n);
	close(ends[0]);
	return passage_wait(child);
}

/* A file without a name: it goes with us. */
static enum status passage_open_spool(struct passage *passage)
{
	g_autofree char *path = g_build_filename(passage->home, "spool.XXXXXX", NULL);
	enum status status = cmd_make_home(passage->home, NULL, NULL, NULL);

	if (status != STATUS_OK)
		return status;
	passage->spool = open(passage->home, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (passage->spool < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		passage->spool = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
		if (passage->spool >= 0)
			unlink(path);
	}
	if (passage->spool < 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", path);
	return STATUS_OK;
}

static enum status passage_keep(struct passage *passage, const char *bytes, size_t length)
{
	enum status status = passage->spool < 0 ? passage_open_spool(passage) : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	if (!io_write_all(passage->spool, bytes, length))
		return diag_errno(errno, STATUS_TEMPFAIL, "%s: a message of this size",
			passage->home);
	passage->spooled += length;
	return STATUS_OK;
}

/* A failure of standard output is said once.  What feeds us has the message still. */
static void passage_write_out(struct passage *passage)
{
	if (!passage->broken && passage->out->len > 0 &&
		!io_write_all(STDOUT_FILENO, passage->out->str, passage->out->len)) {
		passage->broken = true;
		passage_fail(
			passage, diag_errno(errno, STATUS_TEMPFAIL, "standard output"));
	}
	g_string_truncate(passage->out, 0);
}

static void passage_push(struct passage *passage, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t piece = MIN(length, (size_t)PASSAGE_PIECE_BYTES);

		strip_append(&passage->strip, bytes, piece, passage->out);
		if (passage->out->len >= PASSAGE_PIECE_BYTES)
			passage_write_out(passage);
		bytes += piece;
		length -= piece;
	}
}

static void passage_push_spool(struct passage *passage)
{
	g_autofree char *buffer = g_malloc(PASSAGE_PIECE_BYTES);
	uint64_t done = 0;

	while (done < passage->spooled) {
		size_t piece = MIN(
			passage->spooled - done, (uint64_t)PASSAGE_PIECE_BYTES);
		ssize_t n = pread(passage->spool, buffer, piece, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			/* Nothing behind a gap. */
			passage_write_out(passage);
			passage->broken = true;
			passage_fail(
				passage, diag_errno(n < 0 ? errno : EIO, STATUS_TEMPFAIL,
						 "%s", passage->home));
			return;
		}
		passage_push(passage, buffer, (size_t)n);
		done += (uint64_t)n;
	}
}

/* With the line ends that the message has. */
static void passage_add_fields(struct passage *passage, const GString *message)
{
	const char *end = memchr(message->str, '\n', message->len);
	bool crlf = end != NULL && end > message->str && end[-1] == '\r';

	/* A blank at its start would make its first line a part of our last. */
	if (message->len > 0 && (message->str[0] == ' ' || message->str[0] == '\t'))
		return;
	if (passage->fields->len == 0)
		passage_describe(passage, "failed", NULL);
	if (crlf)
		g_string_replace(passage->fields, "\n", "\r\n", 0);
	g_string_append_len(
		passage->out, passage->fields->str, (gssize)passage->fields->len);
}

/* All that came so far. */
static void passage_begin(struct passage *passage, const struct raw *raw)
{
	GString *start = passage->start;

	passage->passing = true;
	if (start->len == 0 && raw->length == 0)
		return;
	if (start->len > 0 && start->str[start->len - 1] == '\n') {
		g_string_append_len(passage->out, start->str, (gssize)start->len);
		passage_add_fields(passage, raw->bytes);
	} else {
		passage_add_fields(passage, start->len > 0 ? start : raw->bytes);
		passage_push(passage, start->str, start->len);
	}
	passage_push(passage, raw->bytes->str, raw->bytes->len);
	passage_push_spool(passage);
}

enum status passage_append(
	struct passage *passage, const struct raw *raw, const char *bytes, size_t length)
{
	size_t taken = (size_t)(raw->length - passage->seen), over = 0;
	enum status status = STATUS_OK;

	g_string_append_len(passage->start, bytes, (gssize)(length - taken));
	if (raw->length > LIMIT_MESSAGE_BYTES)
		over = (size_t)MIN(taken, raw->length - LIMIT_MESSAGE_BYTES);
	passage->seen = raw->length;
	bytes += length - over;
	if (over > 0 && !passage->passing) {
		status = passage_keep(passage, bytes, over);
		if (status == STATUS_OK)
			return STATUS_OK;
		passage_fail(passage, status);
		passage_begin(passage, raw);
	}
	passage_push(passage, bytes, over);
	return passage->status;
}

enum status passage_finish(struct passage *passage, const struct raw *raw)
{
	if (!passage->passing)
		passage_begin(passage, raw);
	strip_finish(&passage->strip, passage->out);
	passage_write_out(passage);
	return passage->status;
}

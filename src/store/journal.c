/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/fields.h"

#define JOURNAL_NAME "sending"

/* A line: the event, the issue's number and Message-ID, the time, the recipient, and why. */
enum { JOURNAL_WORDS = 6 };

struct journal {
	char *path;
	int fd;
	bool clear;
};

static const char journal_letters[] = {
	[JOURNAL_BEGUN] = 'b', [JOURNAL_DONE] = 's', [JOURNAL_FAILED] = 'f'};

/* For the issues of older programs, whose Message-ID is not known. */
static const char *journal_name_issue(const struct outbox_issue *issue)
{
	return *issue->message_id != '\0' ? issue->message_id : "-";
}

enum status journal_open(const char *home, struct journal **journal_r)
{
	g_autofree char *path = g_build_filename(home, JOURNAL_NAME, NULL);
	int fd = open(path,
		O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct journal *journal;

	if (fd < 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", path);
	journal = g_new0(struct journal, 1);
	journal->path = g_steal_pointer(&path);
	journal->fd = fd;
	journal->clear = true;
	*journal_r = journal;
	return STATUS_OK;
}

bool journal_add(struct journal *journal, const struct outbox_issue *issue,
	enum journal_event event, const GPtrArray *entries, const char *why, int64_t time)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autofree char *safe = text_sanitize_line(why ? why : "", why ? strlen(why) : 0);

	for (guint i = 0; i < entries->len; i++) {
		const struct outbox_entry *entry = entries->pdata[i];

		g_string_append_printf(lines,
			"%c %" G_GUINT64_FORMAT " %s %" G_GINT64_FORMAT " %s %s\n",
			journal_letters[event], (guint64)issue->number,
			journal_name_issue(issue), (gint64)time, entry->recipient, safe);
	}
	journal->clear = false;
	return io_write_all(journal->fd, lines->str, lines->len);
}

enum status journal_clear(struct journal *journal)
{
	if (ftruncate(journal->fd, 0) != 0)
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", journal->path);
	journal->clear = true;
	return STATUS_OK;
}

void journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->clear)
		unlink(journal->path);
	close(journal->fd);
	g_free(journal->path);
	g_free(journal);
}

/* The lines that were left, and the issue that the last of them was of. */
struct journal_reader {
	char **lines;
	struct outbox_issue issue;
};

/* Whether the issue NUMBER of the store is the one that the line is of: a home that was made anew
 * begins again at 1. */
static enum status journal_check_issue(struct store *store, struct journal_reader *reader,
	int64_t number, const char *name)
{
	enum status status = STATUS_OK;

	if (reader->issue.number != (uint64_t)number) {
		outbox_issue_release(&reader->issue);
		status = outbox_get(store, (uint64_t)number, &reader->issue);
	}
	if (status == STATUS_OK && strcmp(journal_name_issue(&reader->issue), name) != 0)
		status = STATUS_NOINPUT;
	return status;
}

static enum status journal_replay_line(
	struct store *store, struct journal_reader *reader, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", JOURNAL_WORDS);
	struct outbox_entry entry = {0};
	int64_t number, time;
	enum status status;

	if (g_strv_length(words) != JOURNAL_WORDS || words[0][0] == '\0' ||
		words[0][1] != '\0' || !fields_parse_number(words[1], &number) ||
		!fields_parse_number(words[3], &time) || *words[4] == '\0')
		return STATUS_OK;
	status = journal_check_issue(store, reader, number, words[2]);
	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	entry.issue = (uint64_t)number;
	entry.recipient = words[4];
	if (words[0][0] == journal_letters[JOURNAL_BEGUN])
		status = outbox_begin(store, &entry, time);
	else if (words[0][0] == journal_letters[JOURNAL_DONE])
		status = outbox_done(store, &entry, time);
	else if (words[0][0] == journal_letters[JOURNAL_FAILED])
		status = outbox_fail(store, &entry, words[5]);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status journal_replay_lines(struct store *store, void *data)
{
	struct journal_reader *reader = data;
	enum status status = STATUS_OK;

	/* What stands behind the last LF was cut, or is nothing. */
	for (char **line = reader->lines; status == STATUS_OK && line[0] && line[1];
		line++)
		status = journal_replay_line(store, reader, *line);
	return status;
}

enum status journal_replay(const char *home)
{
	g_autofree char *path = g_build_filename(home, JOURNAL_NAME, NULL);
	g_autoptr(GString) text = NULL;
	g_auto(GStrv) lines = NULL;
	struct journal_reader reader = {0};
	enum status status = io_read_file(path, LIMIT_JOURNAL_BYTES, &text);

	if (status == STATUS_NOINPUT)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	lines = g_strsplit(text->str, "\n", -1);
	reader.lines = lines;
	if (text->len > 0)
		status = store_run(home, journal_replay_lines, &reader);
	outbox_issue_release(&reader.issue);
	if (status == STATUS_OK && unlink(path) != 0 && errno != ENOENT)
		status = diag_errno(errno, STATUS_IO, "%s", path);
	return status;
}

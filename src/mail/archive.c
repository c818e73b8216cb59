/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public-inbox git directories: one message a commit. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/text.h"
#include "mail/git.h"
#include "mail/source.h"

/* How many blobs are asked for ahead.  Their names fit into a pipe, so that git and we
 * never wait for each other. */
enum { ARCHIVE_AHEAD = 64 };

/* A message that git was asked for. */
struct archive_change {
	char blob[65];
	uint8_t commit[32];
	size_t commit_length;
	int64_t time;
	bool removal;
};

struct archive {
	struct source source;
	struct git log, cat;
	struct lines log_lines, cat_lines;
	GQueue asked; /* struct archive_change, in order */
	bool log_done;
	struct archive_change current; /* commit and time of the log's place */
	uint64_t done, total;
};

/* "<hex> <seconds>": the line of a commit. */
static bool archive_take_commit(struct archive *archive, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 2);
	size_t digits;

	if (g_strv_length(words) != 2 || !text_from_hex(words[0], archive->current.commit,
						 sizeof archive->current.commit, &digits))
		return false;
	archive->current.commit_length = digits / 2;
	archive->current.time = g_ascii_strtoll(words[1], NULL, 10);
	archive->done++;
	return true;
}

/* public-inbox-v1-format(5): the SHA-1 of the Message-ID, two digits, a slash and the
 * rest. */
static bool archive_is_v1_path(const char *path)
{
	return strlen(path) == 41 && path[2] == '/' &&
	       strspn(path + 3, "0123456789abcdef") == 38;
}

/* ":mode mode old new S\tpath".  What is no message's path says nothing to us. */
static bool archive_take_change(struct archive *archive, char *line)
{
	g_auto(GStrv) words = NULL;
	struct archive_change *change;
	char *tab = strchr(line, '\t');
	const char *path, *blob;
	bool v1, removal;

	if (tab == NULL)
		return false;
	*tab = '\0';
	path = tab + 1;
	words = g_strsplit(line, " ", 6);
	if (g_strv_length(words) != 5)
		return false;
	v1 = archive_is_v1_path(path);
	removal = strcmp(path, "d") == 0 || (v1 && *words[4] == 'D');
	if (!v1 && strcmp(path, "m") != 0 && strcmp(path, "d") != 0)
		return true;
	if (!v1 && *words[4] == 'D')
		return true;
	blob = *words[4] == 'D' ? words[2] : words[3];
	if (strlen(blob) >= sizeof change->blob)
		return false;
	change = g_memdup2(&archive->current, sizeof archive->current);
	g_strlcpy(change->blob, blob, sizeof change->blob);
	change->removal = removal;
	g_queue_push_tail(&archive->asked, change);
	return dprintf(archive->cat.to, "%s\n", blob) > 0;
}

static enum status archive_take_log_line(
	struct archive *archive, const char *line, size_t length)
{
	g_autofree char *copy = g_strndup(line, length);
	bool good = true;

	g_strchomp(copy);
	if (*copy == ':')
		good = archive_take_change(archive, copy);
	else if (*copy != '\0')
		good = archive_take_commit(archive, copy);
	if (good)
		return STATUS_OK;
	diag_error("%s: git said what was not expected: %s", archive->source.path, copy);
	return STATUS_SOFTWARE;
}

/* A pipe from git failed.  A signal that ends the program is told elsewhere. */
static enum status archive_error(const struct archive *archive)
{
	if (errno == EINTR)
		return STATUS_TEMPFAIL;
	return diag_errno(errno, STATUS_IO, "%s", archive->source.path);
}

/* Reads the log ahead and asks for what it names. */
static enum status archive_ask(struct archive *archive)
{
	while (!archive->log_done && archive->asked.length < ARCHIVE_AHEAD) {
		const char *line;
		bool begins;
		ssize_t length = lines_next(&archive->log_lines, &line, &begins);
		enum status status;

		if (length < 0)
			return archive_error(archive);
		if (length == 0) {
			archive->log_done = true;
			return git_finish(&archive->log, false, false);
		}
		status = archive_take_log_line(archive, line, (size_t)length);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* "<hex> blob <size>", the bytes, a line feed. */
static enum status archive_read_blob(struct archive *archive, struct raw *raw)
{
	const char *line, *bytes;
	bool begins;
	ssize_t length = lines_next(&archive->cat_lines, &line, &begins);
	g_autofree char *head = g_strndup(length > 0 ? line : "", (gsize)MAX(length, 0));
	const char *type = strstr(head, " blob ");
	uint64_t left = type ? g_ascii_strtoull(type + 6, NULL, 10) : 0;

	if (length < 0)
		return archive_error(archive);
	if (type == NULL) {
		diag_error("%s: a message is missing from the repository: %s",
			archive->source.path, g_strchomp(head));
		return STATUS_DATA;
	}
	while (left > 0) {
		length = lines_take(
			&archive->cat_lines, MIN(left, LINES_BUFFER_BYTES), &bytes);
		if (length < 0)
			return archive_error(archive);
		if (length == 0)
			break;
		raw_append(raw, bytes, (size_t)length);
		left -= (uint64_t)length;
	}
	/* The line feed behind it. */
	length = lines_take(&archive->cat_lines, 1, &bytes);
	if (length < 0)
		return archive_error(archive);
	if (left > 0 || length == 0) {
		diag_error("%s: git cat-file ended early", archive->source.path);
		return STATUS_IO;
	}
	return STATUS_OK;
}

static enum status archive_next(struct source *source, struct source_item *item_r)
{
	struct archive *archive = (struct archive *)source;
	g_autofree struct archive_change *change = NULL;
	struct source_item item = {0};
	enum status status = archive_ask(archive);

	if (status != STATUS_OK)
		return status;
	change = g_queue_pop_head(&archive->asked);
	if (change == NULL)
		return STATUS_NOINPUT;
	raw_init(&item.raw);
	status = archive_read_blob(archive, &item.raw);
	if (status != STATUS_OK) {
		raw_release(&item.raw);
		return status;
	}
	item.arrival = change->time;
	memcpy(item.commit, change->commit, sizeof item.commit);
	item.commit_length = change->commit_length;
	item.removal = change->removal;
	*item_r = item;
	return STATUS_OK;
}

static void archive_progress(
	const struct source *source, struct source_progress *progress_r)
{
	const struct archive *archive = (const struct archive *)source;

	*progress_r = (struct source_progress){
		archive->done - archive->asked.length, archive->total};
}

static void archive_free(struct source *source)
{
	struct archive *archive = (struct archive *)source;

	git_finish(&archive->log, true, true);
	git_finish(&archive->cat, true, true);
	lines_release(&archive->log_lines);
	lines_release(&archive->cat_lines);
	g_queue_clear_full(&archive->asked, g_free);
	g_free(archive->source.path);
	g_free(archive);
}

static enum status archive_count(struct archive *archive, const char *revisions)
{
	const char *arguments[] = {
		"rev-list", "--count", "--first-parent", revisions, "--", NULL};
	g_autofree char *line = NULL;
	enum status status = git_ask(archive->source.path, arguments, &line);

	if (status == STATUS_NOINPUT) {
		diag_error("%s: %s: git knows no such commits", archive->source.path,
			revisions);
		return STATUS_NOINPUT;
	}
	if (status == STATUS_OK)
		archive->total = g_ascii_strtoull(line, NULL, 10);
	return status;
}

static enum status archive_start(struct archive *archive, const char *revisions)
{
	const char *log[] = {"-c", "log.showRoot=true", "log", "--reverse",
		"--first-parent", "--raw", "--no-abbrev", "--no-renames", "--no-color",
		"--no-show-signature", "--no-decorate", "--no-notes",
		"--format=tformat:%H %ct", revisions, "--", NULL};
	const char *cat[] = {"cat-file", "--batch", NULL};
	enum status status = git_start(
		archive->source.path, log, false, false, &archive->log);

	if (status == STATUS_OK)
		status = git_start(archive->source.path, cat, true, false, &archive->cat);
	if (status == STATUS_OK) {
		lines_init(&archive->log_lines, archive->log.from);
		lines_init(&archive->cat_lines, archive->cat.from);
	}
	return status;
}

enum status source_open_archive(
	const char *path, const struct source_range *range, struct source **source_r)
{
	static const struct source_ops ops = {
		archive_next, archive_progress, archive_free};
	struct archive *archive = g_new0(struct archive, 1);
	const char *to = range->to ? range->to : "HEAD";
	g_autofree char *revisions = range->from
					     ? g_strdup_printf("%s..%s", range->from, to)
					     : g_strdup(to);
	enum status status;

	archive->source.ops = &ops;
	archive->source.path = g_strdup(path);
	g_queue_init(&archive->asked);
	status = archive_count(archive, revisions);
	if (status == STATUS_OK)
		status = archive_start(archive, revisions);
	if (status == STATUS_OK)
		*source_r = &archive->source;
	else
		archive_free(&archive->source);
	return status;
}

enum status source_resolve_commit(const char *path, const char *name, char **commit_r)
{
	g_autofree char *spec = g_strdup_printf("%s^{commit}", name);
	const char *arguments[] = {
		"rev-parse", "--verify", "--quiet", "--end-of-options", spec, NULL};

	return git_ask(path, arguments, commit_r);
}

enum status source_is_ancestor(
	const char *path, const char *ancestor, const char *commit, bool *is_r)
{
	const char *arguments[] = {"merge-base", "--is-ancestor", ancestor, commit, NULL};
	g_autofree char *line = NULL;
	enum status status = git_ask(path, arguments, &line);

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*is_r = status == STATUS_OK;
	return STATUS_OK;
}

static bool has_entry(const char *path, const char *entry)
{
	g_autofree char *full = g_build_filename(path, entry, NULL);

	return access(full, F_OK) == 0;
}

static gint archive_compare_numbers(gconstpointer a, gconstpointer b)
{
	const guint *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

/* The numbers of the epochs in FOLDER of PATH in their order; who needs the newest mails alone has
 * no 0.git.  The caller releases. */
static GArray *archive_list_numbers(const char *path, const char *folder)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autofree char *full = g_build_filename(path, folder, NULL);
	g_autoptr(GDir) entries = g_dir_open(full, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		size_t digits = strspn(name, "0123456789");
		guint number = (guint)strtoul(name, NULL, 10);

		if (digits > 0 && digits <= 6 && (digits == 1 || *name != '0') &&
			strcmp(name + digits, ".git") == 0)
			g_array_append_val(numbers, number);
	}
	g_array_sort(numbers, archive_compare_numbers);
	return numbers;
}

static bool has_epochs(const char *path, const char *folder)
{
	g_autoptr(GArray) numbers = archive_list_numbers(path, folder);

	return numbers->len > 0;
}

enum status source_find_kind(const char *path, enum source_kind *kind_r)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		*kind_r = SOURCE_MBOX;
		return STATUS_OK;
	}
	if (stat(path, &st) != 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", path);
	if (!S_ISDIR(st.st_mode))
		*kind_r = SOURCE_MBOX;
	else if (has_entry(path, "cur") && has_entry(path, "new"))
		*kind_r = SOURCE_MAILDIR;
	else if ((has_entry(path, "HEAD") && has_entry(path, "objects")) ||
		 has_entry(path, ".git"))
		*kind_r = SOURCE_ARCHIVE;
	else if (has_epochs(path, "git") || has_epochs(path, "."))
		*kind_r = SOURCE_EPOCHS;
	else {
		diag_error(
			"%s: neither an mbox, a Maildir nor a public-inbox git directory",
			path);
		return STATUS_DATA;
	}
	return STATUS_OK;
}

enum status source_list_epochs(const char *path, char ***epochs_r)
{
	const char *folder = has_epochs(path, "git") ? "git" : ".";
	g_autoptr(GArray) numbers = archive_list_numbers(path, folder);
	GPtrArray *epochs = g_ptr_array_new();

	for (guint i = 0; i < numbers->len; i++) {
		g_autofree char *name = g_strdup_printf(
			"%s/%u.git", folder, g_array_index(numbers, guint, i));

		g_ptr_array_add(epochs, g_build_filename(path, name, NULL));
	}
	g_ptr_array_add(epochs, NULL);
	*epochs_r = (char **)g_ptr_array_free(epochs, FALSE);
	return STATUS_OK;
}

void source_item_release(struct source_item *item)
{
	raw_release(&item->raw);
}

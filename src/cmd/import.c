/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/feed.h"
#include "mail/git.h"
#include "mail/source.h"

/* What to import, after the command line. */
struct import {
	struct feed feed;
	const char *from, *to; /* of --range; NULL for all */
};

/* "import.<first commit>": an archive is known by its root, wherever it is kept. */
static enum status import_find_key(const char *path, char **key_r)
{
	const char *arguments[] = {
		"rev-list", "--max-parents=0", "--first-parent", "HEAD", "--", NULL};
	g_autofree char *root = NULL;
	enum status status = git_ask(path, arguments, &root);

	if (status == STATUS_OK)
		*key_r = g_strdup_printf("import.%s", root);
	return status;
}

/* Where the last import of PATH stopped, as a commit; NULL: at its start. */
static enum status import_find_start(
	struct import *import, const char *path, const char *key, char **start_r)
{
	g_autofree char *last = NULL;
	g_autofree char *commit = NULL;
	bool behind = false;
	enum status status = feed_get_meta(&import->feed, key, &last);

	*start_r = NULL;
	if (status == STATUS_NOINPUT)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	status = source_resolve_commit(path, last, &commit);
	if (status == STATUS_OK)
		status = source_is_ancestor(path, last, "HEAD", &behind);
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	if (behind)
		*start_r = g_steal_pointer(&last);
	else
		diag_error("%s: its history was rewritten behind %.8s; reading all of it "
			   "again",
			path, last);
	return STATUS_OK;
}

static enum status import_range(struct import *import, const char *path)
{
	g_autofree char *from = NULL;
	g_autofree char *to = NULL;
	struct source_range range;
	struct source *source;
	enum status status = source_resolve_commit(path, import->from, &from);

	if (status == STATUS_NOINPUT)
		diag_error("%s: no commit %s", path, import->from);
	if (status == STATUS_OK) {
		status = source_resolve_commit(path, import->to, &to);
		if (status == STATUS_NOINPUT)
			diag_error("%s: no commit %s", path, import->to);
	}
	if (status != STATUS_OK)
		return status;
	range = (struct source_range){from, to};
	import->feed.base = from;
	status = source_open_archive(path, &range, &source);
	if (status == STATUS_OK)
		status = feed_run(&import->feed, source);
	import->feed.base = NULL;
	return status;
}

static enum status import_archive(struct import *import, const char *path)
{
	g_autofree char *key = NULL;
	g_autofree char *start = NULL;
	struct source_range range = {0};
	struct source *source;
	enum status status;

	if (import->from != NULL)
		return import_range(import, path);
	status = import_find_key(path, &key);
	if (status == STATUS_NOINPUT) {
		diag_error("%s: git finds no commit in it", path);
		return STATUS_NOINPUT;
	}
	if (status == STATUS_OK)
		status = import_find_start(import, path, key, &start);
	if (status != STATUS_OK)
		return status;
	range.from = start;
	import->feed.progress_key = key;
	status = source_open_archive(path, &range, &source);
	if (status == STATUS_OK)
		status = feed_run(&import->feed, source);
	import->feed.progress_key = NULL;
	return status;
}

static enum status import_epochs(struct import *import, const char *path)
{
	g_auto(GStrv) epochs = NULL;
	enum status status = source_list_epochs(path, &epochs);

	for (char **epoch = epochs; status == STATUS_OK && *epoch != NULL; epoch++)
		status = import_archive(import, *epoch);
	return status;
}

static enum status import_path(struct import *import, const char *path)
{
	enum source_kind kind;
	struct source *source;
	enum status status = source_find_kind(path, &kind);

	if (status != STATUS_OK)
		return status;
	if (import->from != NULL && kind != SOURCE_ARCHIVE) {
		diag_error("%s: --range is for one public-inbox git directory", path);
		return STATUS_USAGE;
	}
	switch (kind) {
	case SOURCE_ARCHIVE:
		return import_archive(import, path);
	case SOURCE_EPOCHS:
		return import_epochs(import, path);
	case SOURCE_MBOX:
		status = source_open_mbox(path, &source);
		break;
	case SOURCE_MAILDIR:
		status = source_open_maildir(path, &source);
		break;
	}
	return status == STATUS_OK ? feed_run(&import->feed, source) : status;
}

static enum status import_all(struct import *import, char *const *paths)
{
	enum status status = STATUS_OK;
	g_autofree char *line = NULL;

	signal(SIGPIPE, SIG_IGN);
	hash_init_library();
	feed_init(&import->feed);
	for (; status == STATUS_OK && *paths != NULL; paths++)
		status = import_path(import, *paths);
	feed_release(&import->feed);
	line = g_strdup_printf("%lu messages: %lu added, %lu known, %lu removed\n",
		(unsigned long)import->feed.read, (unsigned long)import->feed.added,
		(unsigned long)import->feed.known, (unsigned long)import->feed.removed);
	if (status == STATUS_OK || import->feed.read > 0) {
		enum status printed = cmd_print(line, strlen(line));

		status = status != STATUS_OK ? status : printed;
	}
	return status;
}

enum status cmd_import(const char *home, int argc, char **argv)
{
	gboolean is_new = FALSE;
	g_autofree char *range = NULL;
	const GOptionEntry options[] = {{"new", 0, 0, G_OPTION_ARG_NONE, &is_new,
						"The next flush shall send it", NULL},
		{"range", 0, 0, G_OPTION_ARG_STRING, &range, "Commits behind A, up to B",
			"A..B"},
		{0}};
	const struct cmd_usage usage = {"PATH...",
		"Records the messages of mbox files, Maildirs and public-inbox archives.",
		1, G_MAXUINT};
	g_autofree char *keyring = NULL;
	g_auto(GStrv) paths = NULL;
	g_auto(GStrv) ends = NULL;
	struct import import = {.feed = {.home = home}};
	struct conf conf;
	enum status status = cmd_parse(argc, argv, options, &usage, &paths);

	if (status != STATUS_OK)
		return status;
	if (range != NULL) {
		ends = g_strsplit(range, "..", 2);
		if (g_strv_length(ends) != 2 || *ends[0] == '\0') {
			diag_error("%s: not a range A..B of commits", range);
			return STATUS_USAGE;
		}
		import.from = ends[0];
		import.to = *ends[1] ? ends[1] : "HEAD";
	}
	import.feed.history = !is_new;
	status = cmd_make_home(home, NULL, NULL, NULL);
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &conf);
	if (status != STATUS_OK)
		return status;
	import.feed.rules = conf.rules;
	keyring = conf_keyring_path(&conf, home);
	import.feed.keyring = keyring;
	status = import_all(&import, paths);
	conf_release(&conf);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "cmd/cmd.h"
#include "digest/text.h"
#include "mail/message.h"
#include "post/compose.h"
#include "post/mailer.h"
#include "store/home.h"
#include "store/outbox.h"
#include "store/store.h"

struct flush {
	const char *home;
	struct conf conf;
	struct digest_window window;
	bool dry_run;
	uint64_t made;      /* the issue that this run made; 0: none */
	GHashTable *failed; /* recipients whose sendmail failed in this run */
};

/* One flush a home at a time: two would send the same issue twice.  HOME/lock will not
 * do, it is let go while sendmail runs; a lock on the directory itself needs no file. */
static enum status flush_lock(const char *home, int *fd_r)
{
	int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", home);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		diag_error("%s: another flush is running", home);
		return STATUS_TEMPFAIL;
	}
	*fd_r = fd;
	return STATUS_OK;
}

static enum status flush_mark_done(struct store *store, void *entry)
{
	return outbox_done(store, entry, diag_now());
}

/* What is owed, with the issues' bytes read one at a time. */
static enum status flush_list(struct flush *flush, GPtrArray **entries_r)
{
	struct store *store;
	enum status closed, status = store_open(flush->home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	status = outbox_list(store, entries_r);
	closed = store_close(store, false);
	return status != STATUS_OK ? status : closed;
}

static enum status flush_load(
	struct flush *flush, uint64_t number, struct outbox_issue *issue)
{
	struct store *store;
	enum status closed, status;

	if (issue->number == number)
		return STATUS_OK;
	outbox_issue_release(issue);
	status = store_open(flush->home, STORE_DELIVERY, &store);
	if (status != STATUS_OK)
		return status;
	status = outbox_get(store, number, issue);
	if (status == STATUS_NOINPUT)
		diag_error("%s: issue %lu is owed but not there", flush->home,
			(unsigned long)number);
	closed = store_close(store, false);
	return status != STATUS_OK ? status : closed;
}

/* Sends all that is owed from issue FIRST on; what fails stays owed and does not stop the rest. */
static enum status flush_send(struct flush *flush, uint64_t first)
{
	g_autoptr(GPtrArray) entries = NULL;
	struct outbox_issue issue = {0};
	enum status status = flush_list(flush, &entries);

	for (guint i = 0; status == STATUS_OK && i < entries->len; i++) {
		struct outbox_entry *entry = entries->pdata[i];

		if (entry->issue < first)
			continue;
		status = flush_load(flush, entry->issue, &issue);
		if (status != STATUS_OK)
			break;
		if (mailer_send(flush->conf.sendmail, issue.sender, entry->recipient,
			    issue.mail) == STATUS_OK)
			status = store_run(flush->home, flush_mark_done, entry);
		else
			g_hash_table_add(flush->failed, g_strdup(entry->recipient));
	}
	outbox_issue_release(&issue);
	return status;
}

static GString *flush_compose(struct flush *flush, const struct digest *digest,
	const GString *page, uint64_t number)
{
	g_autofree char *subject = g_strdup_printf(
		"%s mailing list update, issue %lu, %s to %s", flush->conf.title,
		(unsigned long)number, digest->from_id, digest->to_id);
	g_autofree char *filename = g_strdup_printf(
		"digest-%lu.txt", (unsigned long)number);
	const struct compose_mail mail = {.title = flush->conf.title,
		.from = flush->conf.from,
		.to = flush->conf.to,
		.subject = subject,
		.filename = filename,
		.issue = number,
		.date = diag_now(),
		.text = page};

	return compose_mail(&mail);
}

/* What an issue is made of. */
struct flush_issue {
	struct flush *flush;
	const struct digest *digest;
	const GString *page;
};

/* Everything that has to survive is committed and synced before sendmail first runs. */
static enum status flush_seal(struct store *store, void *data)
{
	const struct flush_issue *made = data;
	struct flush *flush = made->flush;
	struct outbox_issue issue = {
		.first = flush->window.first, .last = flush->window.last};
	enum status status = outbox_next_number(store, &issue.number);

	if (status != STATUS_OK)
		return status;
	issue.sender = g_strdup(flush->conf.from);
	issue.mail = flush_compose(flush, made->digest, made->page, issue.number);
	status = outbox_seal(store, &issue, flush->conf.to);
	flush->made = issue.number;
	outbox_issue_release(&issue);
	return status;
}

static enum status flush_show(struct flush *flush, const GString *page)
{
	g_autofree char *to = g_strjoinv(", ", flush->conf.to);
	g_autofree char *head = g_strdup_printf("To: %s\n\n", to);
	enum status status = cmd_print(head, strlen(head));

	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

/* What an earlier flush could not deliver goes first. */
static enum status flush_show_owed(struct flush *flush)
{
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GString) page = g_string_new(NULL);
	enum status status = flush_list(flush, &entries);

	for (guint i = 0; status == STATUS_OK && i < entries->len; i++) {
		const struct outbox_entry *entry = entries->pdata[i];

		g_string_append_printf(page, "Issue %lu is still to be sent to %s\n",
			(unsigned long)entry->issue, entry->recipient);
	}
	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

/* The new issue, if there is anything for one. */
static enum status flush_make(struct flush *flush)
{
	struct mailmap *mailmap = NULL;
	struct digest *digest = NULL;
	enum status status = cmd_load_mailmap(flush->home, &mailmap);

	if (status == STATUS_OK)
		status = cmd_find_window(flush->home, NULL, NULL, &flush->window);
	if (status == STATUS_OK)
		status = digest_collect(flush->home, &flush->window, mailmap, &digest);
	if (status == STATUS_OK && !digest_is_empty(digest)) {
		GString *page = digest_render_text(
			digest, flush->conf.title, flush->conf.top);
		struct flush_issue made = {flush, digest, page};

		status = flush->dry_run ? flush_show(flush, page)
					: store_run(flush->home, flush_seal, &made);
		g_string_free(page, TRUE);
	}
	digest_free(digest);
	mailmap_free(mailmap);
	return status;
}

/* Whether sendmail has failed for everybody.  For some only, an address of theirs may be dead for
 * good, and the others get their digests. */
static bool flush_is_stuck(const struct flush *flush)
{
	for (char *const *to = flush->conf.to; *to != NULL; to++)
		if (!g_hash_table_contains(flush->failed, *to))
			return false;
	return g_hash_table_size(flush->failed) > 0;
}

static enum status flush_run(struct flush *flush)
{
	enum status status;

	if (flush->dry_run) {
		status = flush_show_owed(flush);
		return status == STATUS_OK ? flush_make(flush) : status;
	}
	status = flush_send(flush, 0);
	/* With sendmail itself broken, one more issue would only add to what waits. */
	if (status == STATUS_OK && flush_is_stuck(flush))
		return STATUS_TEMPFAIL;
	if (status == STATUS_OK)
		status = flush_make(flush);
	if (status == STATUS_OK && flush->made > 0)
		status = flush_send(flush, flush->made);
	if (status == STATUS_OK && g_hash_table_size(flush->failed) > 0)
		status = STATUS_TEMPFAIL;
	return status;
}

enum status cmd_flush(const char *home, int argc, char **argv)
{
	gboolean dry_run = FALSE;
	const GOptionEntry options[] = {
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
			"Print what would be sent, change nothing", NULL},
		{0}};
	const struct cmd_usage usage = {"", "Sends a digest of all that is new.", 0, 0};
	struct flush flush = {.home = home};
	int lock = -1;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	signal(SIGPIPE, SIG_IGN);
	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK)
		status = flush_lock(home, &lock);
	if (status != STATUS_OK)
		return status;
	flush.dry_run = dry_run;
	message_init_library();
	status = cmd_load_conf(home, &flush.conf);
	if (status == STATUS_OK) {
		conf_complete_people(&flush.conf);
		flush.failed = g_hash_table_new_full(
			g_str_hash, g_str_equal, g_free, NULL);
		status = flush_run(&flush);
		g_hash_table_destroy(flush.failed);
		conf_release(&flush.conf);
	}
	close(lock);
	return status;
}

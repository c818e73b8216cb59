/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "cmd/cmd.h"
#include "digest/text.h"
#include "mail/message.h"
#include "post/claim.h"
#include "post/compose.h"
#include "post/mailer.h"
#include "post/sign.h"
#include "store/home.h"
#include "store/manifest.h"
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

/* What an issue is made of. */
struct flush_issue {
	struct flush *flush;
	const struct digest *digest;
	const GString *page;
	struct outbox_issue last; /* the issue before; its number is 0 for none */
	char *signer;             /* by which key the issue before was signed; "" */
	struct sign_key *key;     /* NULL: not signed */
	struct manifest manifest;
	struct outbox_issue issue;
};

/* meta: the id of the key that signed the newest issue, or that it was not signed, said once. */
#define FLUSH_SIGNER "signer"
#define FLUSH_NOBODY "nobody"

static enum status flush_read_last(struct flush_issue *made)
{
	struct store *store;
	enum status closed,
		status = store_open(made->flush->home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	status = outbox_get_last(store, &made->last);
	if (status == STATUS_OK || status == STATUS_NOINPUT)
		status = store_get_meta(store, FLUSH_SIGNER, &made->signer);
	if (status == STATUS_NOINPUT) {
		made->signer = g_strdup("");
		status = STATUS_OK;
	}
	closed = store_close(store, false);
	return status != STATUS_OK ? status : closed;
}

/* Without a key the digest goes out all the same, unless readers expect it to be signed. */
static enum status flush_load_key(struct flush_issue *made)
{
	const struct flush *flush = made->flush;
	g_autofree char *path = conf_key_path(&flush->conf, flush->home);
	g_autofree char *password = conf_password_path(&flush->conf, flush->home);
	bool signed_before = *made->signer && strcmp(made->signer, FLUSH_NOBODY) != 0;
	struct stat st;

	if (path == NULL)
		return STATUS_OK;
	if (*flush->conf.sign_key || lstat(path, &st) == 0 || errno != ENOENT)
		return sign_load_key(path, password, &made->key);
	if (signed_before) {
		diag_error("%s: is gone, and the last digest was signed with it; with "
			   "key=none in the config the next one is not signed",
			path);
		return STATUS_NOINPUT;
	}
	return STATUS_OK;
}

/* Once, not at every run of cron's. */
static void flush_tell_unsigned(const struct flush_issue *made)
{
	const struct flush *flush = made->flush;
	g_autofree char *path = conf_key_path(&flush->conf, flush->home);

	if (path != NULL && made->key == NULL && *made->signer == '\0')
		diag_error("%s: is not there, so digests are not signed; mldigest keygen "
			   "makes it",
			path);
}

static GString *flush_sign(const struct flush_issue *made)
{
	struct claim claim = {.list = made->manifest.list_id,
		.issue = made->issue.number,
		.first = made->manifest.first,
		.last = made->manifest.last,
		.from = made->digest->from_id,
		.to = made->digest->to_id};
	g_autofree char *comment = NULL;

	memcpy(claim.prev, made->manifest.prev, HASH_BYTES);
	memcpy(claim.head, made->manifest.head, HASH_BYTES);
	comment = claim_print(&claim);
	return sign_text(made->key, made->page->str, made->page->len, comment);
}

/* The days of what is in it: the newest message stands first. */
static char *flush_period(const struct digest *digest)
{
	const struct digest_item *newest = digest->items->pdata[0];
	const struct digest_item *oldest = digest->items->pdata[digest->items->len - 1];
	g_autoptr(GDateTime)
		from = g_date_time_new_from_unix_utc(oldest->record->arrival);
	g_autoptr(GDateTime) to = g_date_time_new_from_unix_utc(newest->record->arrival);
	g_autofree char *first = g_date_time_format(from, "%Y-%m-%d");
	g_autofree char *last = g_date_time_format(to, "%Y-%m-%d");

	return strcmp(first, last) == 0 ? g_steal_pointer(&first)
					: g_strdup_printf("%s to %s", first, last);
}

static void flush_compose(struct flush_issue *made, const GString *signature)
{
	const struct conf *conf = &made->flush->conf;
	g_autofree char *period = flush_period(made->digest);
	g_autofree char *subject = g_strdup_printf(
		"%s mailing list update, issue %" G_GUINT64_FORMAT ", %s, %s to %s",
		conf->title, (guint64)made->issue.number, period, made->digest->from_id,
		made->digest->to_id);
	const struct compose_mail mail = {.title = conf->title,
		.from = conf->from,
		.to = conf->to,
		.subject = subject,
		.previous_id = made->last.message_id ? made->last.message_id : "",
		.list_help = conf->list_help,
		.list_unsubscribe = conf->list_unsubscribe,
		.list_post = conf->list_post,
		.issue = made->issue.number,
		.date = diag_now(),
		.text = made->page,
		.signature = signature,
		.manifest = made->manifest.text};

	made->issue.message_id = compose_message_id(&mail);
	made->issue.mail = compose_mail(&mail);
}

/* Everything that has to survive is committed and synced before sendmail first runs. */
static enum status flush_seal(struct store *store, void *data)
{
	const struct flush_issue *made = data;
	g_autofree char *signer = made->key ? minisign_name_id(sign_public(made->key)->id)
					    : g_strdup(FLUSH_NOBODY);
	enum status status = STATUS_OK;

	if (strcmp(signer, made->signer) != 0)
		status = store_put_meta(store, FLUSH_SIGNER, signer);
	return status == STATUS_OK
		       ? outbox_seal(store, &made->issue, made->flush->conf.to)
		       : status;
}

/* Signs, composes and seals, the store open only for what it is needed for: a password may
 * take long. */
static enum status flush_issue(struct flush_issue *made)
{
	struct flush *flush = made->flush;
	GString *signature = NULL;
	enum status status = flush_read_last(made);

	if (status == STATUS_OK)
		status = flush_load_key(made);
	/* From where the issue before ended: an import may have moved the window on. */
	if (status == STATUS_OK && made->key != NULL)
		status = manifest_collect(flush->home,
			made->last.number ? made->last.last : flush->window.first,
			flush->window.last, made->last.number == 0, &made->manifest);
	if (status != STATUS_OK)
		return status;
	made->issue.number = made->last.number + 1;
	made->issue.first = flush->window.first;
	made->issue.last = flush->window.last;
	made->issue.sender = g_strdup(flush->conf.from);
	if (made->key != NULL)
		signature = flush_sign(made);
	flush_compose(made, signature);
	if (signature != NULL)
		g_string_free(signature, TRUE);
	status = store_run(flush->home, flush_seal, made);
	if (status == STATUS_OK) {
		flush->made = made->issue.number;
		flush_tell_unsigned(made);
	}
	return status;
}

static enum status flush_make_issue(
	struct flush *flush, const struct digest *digest, const GString *page)
{
	struct flush_issue made = {.flush = flush, .digest = digest, .page = page};
	enum status status = flush_issue(&made);

	sign_free_key(made.key);
	manifest_release(&made.manifest);
	outbox_issue_release(&made.last);
	outbox_issue_release(&made.issue);
	g_free(made.signer);
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

		status = flush->dry_run ? flush_show(flush, page)
					: flush_make_issue(flush, digest, page);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "cmd/cmd.h"
#include "cmd/flush.h"
#include "post/claim.h"
#include "post/compose.h"
#include "post/sign.h"
#include "post/stubs.h"
#include "store/manifest.h"
#include "store/outbox.h"

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
	GString *mime; /* the mail with stubs; NULL: nobody wants it */
	bool nobody;   /* it would get it */
};

/* meta: the id of the key that signed the newest issue, or that it was not signed, said once. */
#define FLUSH_SIGNER "signer"
#define FLUSH_NOBODY "nobody"

static enum status flush_read_last(struct store *store, void *data)
{
	struct flush_issue *made = data;
	enum status status = outbox_get_last(store, &made->last);

	if (status == STATUS_OK || status == STATUS_NOINPUT)
		status = store_get_meta(store, FLUSH_SIGNER, &made->signer);
	if (status == STATUS_NOINPUT) {
		made->signer = g_strdup("");
		status = STATUS_OK;
	}
	return status;
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

static char *flush_format_period(GDateTime *from, GDateTime *to)
{
	g_autofree char *first = g_date_time_format(from, "%Y-%m-%d");
	g_autofree char *last = g_date_time_format(to, "%Y-%m-%d");

	return strcmp(first, last) == 0 ? g_steal_pointer(&first)
					: g_strdup_printf("%s to %s", first, last);
}

/* The days of what is in it. */
static char *flush_period(const struct digest *digest)
{
	int64_t oldest, newest;
	g_autoptr(GDateTime) from = NULL;
	g_autoptr(GDateTime) to = NULL;

	digest_find_period(digest, &oldest, &newest);
	from = g_date_time_new_from_unix_utc(oldest);
	to = g_date_time_new_from_unix_utc(newest);
	return flush_format_period(from, to);
}

static void flush_compose(struct flush_issue *made, const GString *signature)
{
	const struct flush *flush = made->flush;
	const struct conf *conf = &flush->conf;
	/* Who the subscribers are is nobody else's business. */
	char *const self[] = {conf->from, NULL};
	g_autofree char *period = flush_period(made->digest);
	g_autofree char *subject = g_strdup_printf(
		"%s mailing list update, issue %" G_GUINT64_FORMAT ", %s, %s to %s",
		conf->title, (guint64)made->issue.number, period, made->digest->from_id,
		made->digest->to_id);
	const struct compose_mail mail = {.title = conf->title,
		.from = conf->from,
		.to = flush_has_subscribers(flush) ? self : conf->to,
		.subject = subject,
		.previous_id = made->last.message_id ? made->last.message_id : "",
		.list_help = conf->list_help,
		.list_unsubscribe = conf->list_unsubscribe,
		.list_post = conf->list_post,
		.issue = made->issue.number,
		.date = made->issue.date,
		.text = made->page,
		.signature = signature,
		.manifest = made->manifest.text};

	made->issue.message_id = compose_message_id(&mail);
	made->issue.mail = compose_mail(&mail);
	if (flush->people.active[SUBSCRIBER_MIME] > 0)
		made->mime = compose_add_stubs(made->issue.mail, made->digest);
}

/* Notes that every subscriber who is not paused has to get it; one who asked for a format only
 * since it was composed gets the text. */
static enum status flush_owe_subscribers(struct store *store, struct flush_issue *made)
{
	struct subscriber subscriber = {.address = g_strdup("")};
	enum status status = STATUS_OK;

	made->nobody = true;
	while (status == STATUS_OK) {
		g_autofree char *after = g_steal_pointer(&subscriber.address);

		subscriber_release(&subscriber);
		status = subscriber_next(store, after, &subscriber);
		if (status != STATUS_OK || subscriber.paused)
			continue;
		made->nobody = false;
		status = outbox_owe(store, made->issue.number, subscriber.address,
			made->mime != NULL ? subscriber.format : SUBSCRIBER_TEXT);
	}
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status flush_owe(struct store *store, struct flush_issue *made)
{
	const struct flush *flush = made->flush;
	enum status status = STATUS_OK;

	if (flush_has_subscribers(flush))
		return flush_owe_subscribers(store, made);
	for (char *const *to = flush->conf.to; status == STATUS_OK && *to != NULL; to++)
		status = outbox_owe(store, made->issue.number, *to, SUBSCRIBER_TEXT);
	return status;
}

/* Everything that has to survive is committed and synced before sendmail first runs.
 * STATUS_NOINPUT when the last who would get it has gone. */
static enum status flush_seal(struct store *store, void *data)
{
	struct flush_issue *made = data;
	g_autofree char *signer = made->key ? minisign_name_id(sign_public(made->key)->id)
					    : g_strdup(FLUSH_NOBODY);
	enum status status = STATUS_OK;

	if (strcmp(signer, made->signer) != 0)
		status = store_put_meta(store, FLUSH_SIGNER, signer);
	if (status == STATUS_OK)
		status = outbox_seal(store, &made->issue);
	if (status == STATUS_OK && made->mime != NULL)
		status = outbox_seal_format(
			store, made->issue.number, SUBSCRIBER_MIME, made->mime);
	if (status == STATUS_OK)
		status = flush_owe(store, made);
	return status == STATUS_OK && made->nobody ? STATUS_NOINPUT : status;
}

/* Signs, composes and seals, the store open only for what it is needed for: a password may
 * take long. */
static enum status flush_issue(struct flush_issue *made)
{
	struct flush *flush = made->flush;
	GString *signature = NULL;
	enum status status = store_read(flush->home, flush_read_last, made);

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
	made->issue.date = diag_now();
	made->issue.range = g_strdup_printf(
		"%s..%s", made->digest->from_id, made->digest->to_id);
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
	return status == STATUS_NOINPUT && made->nobody ? STATUS_OK : status;
}

enum status flush_make_issue(
	struct flush *flush, const struct digest *digest, const GString *page)
{
	struct flush_issue made = {.flush = flush, .digest = digest, .page = page};
	enum status status = flush_issue(&made);

	sign_free_key(made.key);
	manifest_release(&made.manifest);
	outbox_issue_release(&made.last);
	outbox_issue_release(&made.issue);
	if (made.mime != NULL)
		g_string_free(made.mime, TRUE);
	g_free(made.signer);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "cmd/cmd.h"
#include "cmd/flush.h"
#include "cmd/flush_pages.h"
#include "digest/full.h"
#include "digest/mine.h"
#include "digest/selection.h"
#include "digest/style.h"
#include "digest/text.h"
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
	struct flush_pages pages;
	bool nobody; /* it would get it */
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

/* One text of the issue: the one all get, or another page. */
struct flush_text {
	const struct digest *digest;
	const GString *text;
	const struct flush_page *page; /* NULL: the one all get */
};

static GString *flush_sign(const struct flush_issue *made, const struct flush_text *text)
{
	const struct flush_page *page = text->page;
	struct claim claim = {.list = made->manifest.list_id,
		.issue = made->issue.number,
		.first = made->manifest.first,
		.last = made->manifest.last,
		.from = made->digest->from_id,
		.to = made->digest->to_id,
		.personal = page != NULL};
	g_autofree char *comment = NULL;

	memcpy(claim.prev, made->manifest.prev, HASH_BYTES);
	memcpy(claim.head, made->manifest.head, HASH_BYTES);
	if (page != NULL) {
		claim.before = page->before;
		claim.filter = page->choice.words;
		claim.person = page->choice.my_part ? page->address
						    : (char *)(uintptr_t) "";
		selection_count(text->digest, &claim.shown, &claim.all);
	}
	comment = claim_print(&claim);
	return sign_text(made->key, text->text->str, text->text->len, comment);
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

/* What stands behind the issue's number in the Subject. */
static const char *flush_kind(const struct flush_page *page)
{
	if (page == NULL)
		return "";
	return filter_words_are_none(&page->choice.words) ? " (your page)"
							  : " (a selection)";
}

/* The mail of TEXT; the caller frees it, and its Message-ID. */
static GString *flush_compose(const struct flush_issue *made,
	const struct flush_text *text, char **message_id_r)
{
	const struct flush *flush = made->flush;
	const struct conf *conf = &flush->conf;
	const struct flush_page *page = text->page;
	/* Who the subscribers are is nobody else's business. */
	char *const self[] = {conf->from, NULL};
	const char *last = made->last.message_id ? made->last.message_id : "";
	g_autofree char *period = flush_period(made->digest);
	g_autofree char *subject = g_strdup_printf(
		"%s mailing list update, issue %" G_GUINT64_FORMAT "%s, %s, %s to %s",
		conf->title, (guint64)made->issue.number, flush_kind(page), period,
		made->digest->from_id, made->digest->to_id);
	GString *signature = made->key != NULL ? flush_sign(made, text) : NULL;
	const struct compose_mail mail = {.title = conf->title,
		.stem = page != NULL ? "personal" : "digest",
		.from = conf->from,
		.to = flush_has_subscribers(flush) ? self : conf->to,
		.subject = subject,
		.previous_id = page != NULL && *page->before_id ? page->before_id : last,
		.list_help = conf->list_help,
		.list_unsubscribe = conf->list_unsubscribe,
		.list_post = conf->list_post,
		.issue = made->issue.number,
		.date = made->issue.date,
		.text = text->text,
		.signature = signature,
		.manifest = made->manifest.text};
	GString *bytes = compose_mail(&mail);

	*message_id_r = compose_message_id(&mail);
	if (signature != NULL)
		g_string_free(signature, TRUE);
	return bytes;
}

static void flush_compose_whole(struct flush_issue *made)
{
	const struct flush_text text = {made->digest, made->page, NULL};

	made->issue.mail = flush_compose(made, &text, &made->issue.message_id);
	if (made->flush->people.active[SUBSCRIBER_MIME] > 0)
		made->mime = compose_add_stubs(made->issue.mail, made->digest);
}

/* Composes PAGE of DIGEST, which has something. */
static enum status flush_keep_page(
	struct flush_issue *made, const struct digest *digest, struct flush_page *page)
{
	g_autoptr(GString) rendered = digest_render(digest, made->flush->style);
	const struct flush_text text = {digest, rendered, page};
	g_autoptr(GString) mail = flush_compose(made, &text, &page->message_id);
	g_autoptr(GString) mime = NULL;
	enum status status = STATUS_OK;

	if (page->wanted[SUBSCRIBER_TEXT])
		status = flush_pages_keep(&made->pages, page, SUBSCRIBER_TEXT, mail);
	if (status == STATUS_OK && page->wanted[SUBSCRIBER_MIME]) {
		mime = compose_add_stubs(mail, digest);
		status = flush_pages_keep(&made->pages, page, SUBSCRIBER_MIME, mime);
	}
	return status;
}

static enum status flush_make_page(struct flush_issue *made, struct flush_page *page)
{
	struct flush *flush = made->flush;
	struct digest_window window = flush->window;
	struct digest *digest = NULL;
	struct selection selection;
	g_autofree char *why = NULL;
	int64_t oldest;
	enum status status = selection_make(
		&page->choice, page->address, flush->mailmap, &selection, &why);

	if (status != STATUS_OK) {
		diag_error("%s: subscriber %s: %s", flush->home, page->address, why);
		return status;
	}
	selection.issue = made->issue.number;
	window.selection = &selection;
	window.waiting = made->digest->full ? made->digest->full->waiting : NULL;
	status = digest_collect(flush->home, &window, flush->mailmap, &digest);
	if (status == STATUS_OK) {
		digest->archive = flush->conf.archive;
		status = digest_complete(flush->home, &window, flush->style, digest);
	}
	/* What has nothing for somebody is not mailed to them. */
	if (status == STATUS_OK &&
		(digest_count_shown(
			 digest, digest_style_has_others(flush->style), &oldest) > 0 ||
			mine_count(digest->mine) > 0))
		status = flush_keep_page(made, digest, page);
	digest_free(digest);
	selection_release(&selection);
	return status;
}

static enum status flush_make_pages(struct flush_issue *made)
{
	enum status status = flush_pages_find(
		made->flush->home, made->issue.number, &made->pages);

	for (guint i = 0; status == STATUS_OK && i < made->pages.list->len; i++)
		status = flush_make_page(made, made->pages.list->pdata[i]);
	return status;
}

/* Notes what SUBSCRIBER has to get; one who asked for a format or page only since it was composed
 * gets the text, or what all get. */
static enum status flush_owe_subscriber(struct store *store,
	const struct flush_issue *made, const struct subscriber *subscriber)
{
	const struct flush_page *page = flush_pages_get(&made->pages, subscriber);
	enum subscriber_format format = subscriber->format;
	bool has = page != NULL ? page->length[format] > 0
				: format == SUBSCRIBER_TEXT || made->mime != NULL;
	const struct outbox_entry entry = {.issue = made->issue.number,
		.recipient = subscriber->address,
		.format = has ? format : SUBSCRIBER_TEXT,
		.page = page != NULL && (has || page->length[SUBSCRIBER_TEXT] > 0)
				? page->name
				: NULL};

	if (page != NULL && page->message_id == NULL)
		return outbox_settle(
			store, made->issue.number, subscriber->address, made->issue.date);
	return outbox_owe(store, &entry);
}

/* Notes that every subscriber who is not paused has to get it. */
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
		status = flush_owe_subscriber(store, made, &subscriber);
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
		status = outbox_owe(
			store, &(const struct outbox_entry){
				       .issue = made->issue.number, .recipient = *to});
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
	if (status == STATUS_OK && made->pages.list != NULL)
		status = flush_pages_seal(store, made->issue.number, &made->pages);
	if (status == STATUS_OK)
		status = flush_owe(store, made);
	return status == STATUS_OK && made->nobody ? STATUS_NOINPUT : status;
}

/* Signs, composes and seals, the store open only for what it is needed for: a password may
 * take long. */
static enum status flush_issue(struct flush_issue *made)
{
	struct flush *flush = made->flush;
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
	flush_compose_whole(made);
	if (flush_has_subscribers(flush))
		status = flush_make_pages(made);
	if (status == STATUS_OK)
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
	struct flush_issue made = {
		.flush = flush, .digest = digest, .page = page, .pages.spool = -1};
	enum status status = flush_issue(&made);

	sign_free_key(made.key);
	manifest_release(&made.manifest);
	outbox_issue_release(&made.last);
	outbox_issue_release(&made.issue);
	if (made.mime != NULL)
		g_string_free(made.mime, TRUE);
	flush_pages_release(&made.pages);
	g_free(made.signer);
	return status;
}

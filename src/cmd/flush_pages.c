/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/flush_pages.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "store/outbox.h"

static void pages_free_page(void *data)
{
	struct flush_page *page = data;

	g_free(page->name);
	g_free(page->address);
	choice_release(&page->choice);
	g_free(page->before_id);
	g_free(page->message_id);
	g_free(page);
}

void flush_pages_release(struct flush_pages *pages)
{
	g_clear_pointer(&pages->by_name, g_hash_table_unref);
	g_clear_pointer(&pages->list, g_ptr_array_unref);
	if (pages->spool >= 0)
		close(pages->spool);
	pages->spool = -1;
}

struct flush_page *flush_pages_get(
	const struct flush_pages *pages, const struct subscriber *subscriber)
{
	g_autofree char *name = choice_name(&subscriber->choice, subscriber->address);

	return *name != '\0' ? g_hash_table_lookup(pages->by_name, name) : NULL;
}

/* Counts in what SUBSCRIBER wants. */
static void pages_add(struct flush_pages *pages, const struct subscriber *subscriber)
{
	struct flush_page *page = flush_pages_get(pages, subscriber);

	if (choice_is_whole(&subscriber->choice) || subscriber->paused)
		return;
	if (page == NULL && pages->list->len >= LIMIT_PAGES) {
		pages->full = true;
		return;
	}
	if (page == NULL) {
		page = g_new0(struct flush_page, 1);
		page->name = choice_name(&subscriber->choice, subscriber->address);
		page->address = g_strdup(subscriber->address);
		page->before_id = g_strdup("");
		choice_copy(&subscriber->choice, &page->choice);
		g_ptr_array_add(pages->list, page);
		g_hash_table_insert(pages->by_name, page->name, page);
	}
	page->wanted[subscriber->format] = true;
}

/* A walk over the subscribers, then over the pages. */
struct pages_walk {
	struct flush_pages *pages;
	uint64_t number;
	char *after;
	guint at;
	bool more;
};

static enum status pages_find_some(struct store *store, void *data)
{
	struct pages_walk *walk = data;
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && io_milliseconds() < deadline) {
		struct subscriber subscriber;

		status = subscriber_next(store, walk->after, &subscriber);
		if (status != STATUS_OK)
			break;
		pages_add(walk->pages, &subscriber);
		g_free(walk->after);
		walk->after = g_steal_pointer(&subscriber.address);
		subscriber_release(&subscriber);
	}
	walk->more = status == STATUS_OK;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status pages_look_back_some(struct store *store, void *data)
{
	struct pages_walk *walk = data;
	const GPtrArray *list = walk->pages->list;
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && walk->at < list->len &&
		io_milliseconds() < deadline) {
		struct flush_page *page = list->pdata[walk->at++];
		char *message_id = NULL;

		status = outbox_find_page_before(
			store, walk->number, page->name, &page->before, &message_id);
		if (status == STATUS_OK) {
			g_free(page->before_id);
			page->before_id = message_id;
		} else if (status == STATUS_NOINPUT) {
			status = STATUS_OK;
		}
	}
	walk->more = walk->at < list->len;
	return status;
}

static int pages_compare(const void *a, const void *b)
{
	const struct flush_page *first = *(struct flush_page *const *)a;
	const struct flush_page *second = *(struct flush_page *const *)b;

	return strcmp(first->name, second->name);
}

enum status flush_pages_find(
	const char *home, uint64_t number, struct flush_pages *pages_r)
{
	struct flush_pages pages = {.home = home,
		.list = g_ptr_array_new_with_free_func(pages_free_page),
		.by_name = g_hash_table_new(g_str_hash, g_str_equal),
		.spool = -1};
	struct pages_walk walk = {
		.pages = &pages, .number = number, .after = g_strdup("")};
	enum status status;

	do
		status = store_read(home, pages_find_some, &walk);
	while (status == STATUS_OK && walk.more);
	g_free(walk.after);
	g_ptr_array_sort(pages.list, pages_compare);
	walk.more = pages.list->len > 0;
	while (status == STATUS_OK && walk.more)
		status = store_read(home, pages_look_back_some, &walk);
	if (status == STATUS_OK && pages.full)
		diag_error("%s: more than %d different pages are wanted; the others get "
			   "the whole issue",
			home, LIMIT_PAGES);
	if (status == STATUS_OK)
		*pages_r = pages;
	else
		flush_pages_release(&pages);
	return status;
}

/* A file without a name: it goes with us. */
static enum status pages_open_spool(struct flush_pages *pages)
{
	g_autofree char *path = g_build_filename(pages->home, "pages.XXXXXX", NULL);

	pages->spool = open(pages->home, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (pages->spool < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		pages->spool = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
		if (pages->spool >= 0)
			unlink(path);
	}
	return pages->spool >= 0 ? STATUS_OK
				 : diag_errno(errno, STATUS_TEMPFAIL, "%s", path);
}

enum status flush_pages_keep(struct flush_pages *pages, struct flush_page *page,
	enum subscriber_format format, const GString *mail)
{
	enum status status = pages->spool < 0 ? pages_open_spool(pages) : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	if (!io_write_all(pages->spool, mail->str, mail->len))
		return diag_errno(
			errno, STATUS_TEMPFAIL, "%s: a page of an issue", pages->home);
	page->at[format] = pages->end;
	page->length[format] = mail->len;
	pages->end += (off_t)mail->len;
	return STATUS_OK;
}

/* The LENGTH bytes at AT of the file. */
static enum status pages_read(
	const struct flush_pages *pages, off_t at, size_t length, GString *mail)
{
	size_t done = 0;

	g_string_set_size(mail, length);
	while (done < length) {
		ssize_t n = pread(
			pages->spool, mail->str + done, length - done, at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return diag_errno(n < 0 ? errno : EIO, STATUS_TEMPFAIL,
				"%s: a page of an issue", pages->home);
		done += (size_t)n;
	}
	return STATUS_OK;
}

enum status flush_pages_seal(
	struct store *store, uint64_t number, const struct flush_pages *pages)
{
	g_autoptr(GString) mail = g_string_new(NULL);
	enum status status = STATUS_OK;

	for (guint i = 0; i < pages->list->len; i++) {
		const struct flush_page *page = pages->list->pdata[i];

		for (int format = 0; status == STATUS_OK && format < SUBSCRIBER_FORMATS;
			format++) {
			const struct outbox_page sealed = {number, page->name,
				(enum subscriber_format)format, page->message_id, mail};

			if (page->length[format] == 0)
				continue;
			status = pages_read(
				pages, page->at[format], page->length[format], mail);
			if (status == STATUS_OK)
				status = outbox_seal_page(store, &sealed);
		}
	}
	return status;
}

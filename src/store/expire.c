/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/expire.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "store/copy.h"
#include "store/env.h"
#include "store/env_care.h"
#include "store/internal.h"
#include "store/lookup.h"
#include "store/reclass.h"

/* In meta.db: no number up to "expired" has anything left to expire; "room" is how many bytes were
 * taken away since the files were written anew. */
static const char expire_mark[] = "expired", expire_room_mark[] = "room";

/* What is written anew, and how large a part of it has to be free for that. */
static const enum env_db expire_rewritten[] = {ENV_TEXT, ENV_ARRIVAL};
enum { EXPIRE_PART = 4 };

struct expire {
	int64_t time;
	uint64_t next, head, sent;
	bool dense;      /* all before next are expired */
	uint64_t marked; /* the last of those */
	uint64_t room;
	struct expire_result result;
};

static enum status expire_put(
	struct store *store, struct record *record, struct expire *expire)
{
	uint64_t key = store_number_key(record->number);
	g_autoptr(GByteArray) whole = record_encode(record);
	g_autoptr(GByteArray) left = NULL;
	g_autofree char *text = NULL;
	struct env_value value;
	enum status status = store_get_text(store, record->number, &text);

	if (status != STATUS_OK)
		return status;
	status = lookup_forget(store, record);
	if (status != STATUS_OK)
		return status;
	record_expire(record);
	left = record_encode(record);
	value = (struct env_value){left->data, left->len};
	expire->room += strlen(text) + whole->len - left->len;
	status = env_put(store->env, ENV_ARRIVAL, &key, sizeof key, &value);
	if (status == STATUS_OK)
		status = env_delete(store->env, ENV_TEXT, &key, sizeof key);
	if (status == STATUS_OK || status == STATUS_NOINPUT)
		status = reclass_forget(store, record->message_id);
	return status;
}

static enum status expire_number(struct store *store, struct expire *expire)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get_any(store, expire->next, &record);
	bool gone = true;

	if (status == STATUS_OK && !(record->flags & RECORD_FLAG_EXPIRED)) {
		bool sent = record->number <= expire->sent ||
			    (record->flags & RECORD_FLAG_HISTORY);

		gone = record->arrival < expire->time && sent;
		expire->result.unsent += record->arrival < expire->time && !sent;
	}
	if (status == STATUS_OK && gone && !(record->flags & RECORD_FLAG_EXPIRED)) {
		status = expire_put(store, record, expire);
		expire->result.expired++;
	}
	expire->dense = expire->dense && gone;
	if (expire->dense)
		expire->marked = expire->next;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status expire_begin(struct store *store, struct expire *expire)
{
	static const enum env_db kept[] = {ENV_MESSAGE, ENV_ID, ENV_CHANGE};
	enum status status = store_head(store, &expire->head);

	if (status == STATUS_OK)
		status = store_get_mark(store, &expire->sent);
	/* Opened, they are kept up by the puts. */
	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(kept); i++)
		status = env_require(store->env, kept[i]);
	return status;
}

/* One session's worth. */
static enum status expire_batch(struct store *store, void *data)
{
	/* Half of the time a session has is for the end of the transaction. */
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS / 2;
	struct expire *expire = data;
	g_autofree char *mark = NULL;
	g_autofree char *room = NULL;
	enum status status = expire_begin(store, expire);

	while (status == STATUS_OK && expire->next <= expire->head &&
		io_milliseconds() < deadline) {
		status = expire_number(store, expire);
		expire->next++;
	}
	room = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)expire->room);
	if (status == STATUS_OK && expire->result.expired > 0)
		status = store_put_meta(store, expire_room_mark, room);
	if (status != STATUS_OK || expire->marked == 0)
		return status;
	mark = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)expire->marked);
	return store_put_meta(store, expire_mark, mark);
}

static enum status expire_start(struct store *store, void *data)
{
	struct expire *expire = data;
	g_autofree char *mark = NULL;
	g_autofree char *room = NULL;
	enum status status = store_get_meta(store, expire_mark, &mark);

	if (status == STATUS_OK || status == STATUS_NOINPUT)
		status = store_get_meta(store, expire_room_mark, &room);
	expire->room = room ? g_ascii_strtoull(room, NULL, 10) : 0;
	expire->next = mark ? g_ascii_strtoull(mark, NULL, 10) + 1 : 1;
	expire->dense = true;
	return status == STATUS_NOINPUT ? store_head(store, &expire->head) : status;
}

/* One database on its way into a new file. */
struct expire_rewriting {
	const char *home;
	struct env_rewrite *rewrite;
	bool end; /* the last session read all there was */
	bool done;
};

static enum status expire_rewrite_session(struct expire_rewriting *rewriting)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS / 2;
	bool again = rewriting->end;
	struct store *store;
	enum status closed, status = store_open(rewriting->home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	status = env_rewrite_read(
		rewriting->rewrite, store->env, deadline, &rewriting->end);
	/* Little has come since the end was there before, and all until then is synced. */
	if (status == STATUS_OK && rewriting->end && again) {
		status = env_rewrite_write(rewriting->rewrite, true);
		if (status == STATUS_OK)
			status = env_rewrite_finish(rewriting->rewrite, store->env);
		rewriting->done = true;
	}
	closed = store_close(store, false);
	return status != STATUS_OK ? status : closed;
}

static enum status expire_rewrite(const char *home, enum env_db db)
{
	struct expire_rewriting rewriting = {.home = home};
	enum status status = STATUS_OK;

	rewriting.rewrite = env_rewrite_new(home, db);
	while (status == STATUS_OK && !rewriting.done) {
		status = expire_rewrite_session(&rewriting);
		if (status == STATUS_OK && !rewriting.done)
			status = env_rewrite_write(rewriting.rewrite, rewriting.end);
	}
	env_rewrite_free(rewriting.rewrite);
	return status;
}

/* The size of the files that are written anew. */
static int64_t expire_file_bytes(const char *home)
{
	int64_t bytes = 0;
	struct stat st;

	for (size_t i = 0; i < G_N_ELEMENTS(expire_rewritten); i++) {
		g_autofree char *path = g_build_filename(
			home, "db", env_file(expire_rewritten[i]), NULL);

		if (stat(path, &st) == 0)
			bytes += st.st_size;
	}
	return bytes;
}

static enum status expire_note_end(struct store *store, void *data)
{
	(void)data;
	return store_put_meta(store, expire_room_mark, "0");
}

static enum status expire_trim_log(const char *home)
{
	struct store *store;
	enum status closed, status = store_open(home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	status = env_trim_log(store->env);
	closed = store_close(store, true);
	return status != STATUS_OK ? status : closed;
}

static enum status expire_give_back(const char *home, uint64_t room)
{
	enum status status = STATUS_OK;

	if (room < (uint64_t)expire_file_bytes(home) / EXPIRE_PART)
		return STATUS_OK;
	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(expire_rewritten); i++)
		status = expire_rewrite(home, expire_rewritten[i]);
	if (status == STATUS_OK)
		status = store_run(home, expire_note_end, NULL);
	return status == STATUS_OK ? expire_trim_log(home) : status;
}

static enum status expire_all(const char *home, struct expire *expire)
{
	enum status status = store_run(home, expire_start, expire);

	do
		if (status == STATUS_OK)
			status = store_run(home, expire_batch, expire);
	while (status == STATUS_OK && expire->next <= expire->head);
	return status == STATUS_OK ? expire_give_back(home, expire->room) : status;
}

enum status expire_before(const char *home, int64_t time, struct expire_result *result_r)
{
	struct expire expire = {.time = time};
	enum status status;
	int alone;

	status = copy_exclude(home, true, &alone);
	if (status != STATUS_OK)
		return status;
	status = expire_all(home, &expire);
	close(alone);
	if (status == STATUS_OK)
		*result_r = expire.result;
	return status;
}

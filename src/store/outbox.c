/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "store/env.h"
#include "store/internal.h"

/* issue.db: number -> head lines, a blank line, the mail; number, recipient -> when it
 * was sent. outbox.db: number, recipient -> nothing. */
#define OUTBOX_MAGIC "mldigest-issue-"
/* What of the head each version has; the last one is written. */
enum { OUTBOX_OLD_LINES = 4, OUTBOX_LINES = 5 };

void outbox_issue_release(struct outbox_issue *issue)
{
	g_free(issue->sender);
	g_free(issue->message_id);
	if (issue->mail != NULL)
		g_string_free(issue->mail, TRUE);
	*issue = (struct outbox_issue){0};
}

static GByteArray *outbox_key(uint64_t number, const char *recipient)
{
	GByteArray *key = g_byte_array_new();
	uint64_t be = store_number_key(number);

	g_byte_array_append(key, (const guint8 *)&be, sizeof be);
	g_byte_array_append(key, (const guint8 *)recipient, (guint)strlen(recipient));
	return key;
}

static uint64_t outbox_key_number(const uint8_t *key)
{
	uint64_t be;

	memcpy(&be, key, sizeof be);
	return GUINT64_FROM_BE(be);
}

enum status outbox_get_last(struct store *store, struct outbox_issue *issue_r)
{
	struct env_cursor *cursor;
	uint64_t number = 0;
	size_t length;
	enum status status = env_cursor_open(store->env, ENV_ISSUE, &cursor);

	if (status != STATUS_OK)
		return status;
	/* What stands there may be the note of a delivery. */
	status = env_cursor_seek(cursor, ENV_SEEK_LAST, NULL, 0);
	if (status == STATUS_OK)
		number = outbox_key_number(env_cursor_key(cursor, &length));
	env_cursor_close(cursor);
	return status == STATUS_OK ? outbox_get(store, number, issue_r) : status;
}

enum status outbox_seal(
	struct store *store, const struct outbox_issue *issue, char *const *recipients)
{
	g_autoptr(GByteArray) key = outbox_key(issue->number, "");
	g_autoptr(GString) value = g_string_new(OUTBOX_MAGIC "2\n");
	struct env_value bytes, nothing = {0};
	enum status status;

	g_string_append_printf(value,
		"first %" G_GUINT64_FORMAT "\nlast %" G_GUINT64_FORMAT
		"\nsender %s\nmessage-id %s\n\n",
		(guint64)issue->first, (guint64)issue->last, issue->sender,
		issue->message_id);
	g_string_append_len(value, issue->mail->str, (gssize)issue->mail->len);
	bytes = (struct env_value){value->str, value->len};
	status = env_put(store->env, ENV_ISSUE, key->data, key->len, &bytes);
	for (; status == STATUS_OK && *recipients != NULL; recipients++) {
		g_autoptr(GByteArray) entry = outbox_key(issue->number, *recipients);

		status = env_put(
			store->env, ENV_OUTBOX, entry->data, entry->len, &nothing);
	}
	return status == STATUS_OK ? store_put_mark(store, issue->last) : status;
}

static void outbox_free_entry(void *data)
{
	struct outbox_entry *entry = data;

	g_free(entry->recipient);
	g_free(entry);
}

enum status outbox_list(struct store *store, GPtrArray **entries_r)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(outbox_free_entry);
	struct env_cursor *cursor;
	size_t length;
	enum status status = env_cursor_open(store->env, ENV_OUTBOX, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	while (status == STATUS_OK) {
		const uint8_t *key = env_cursor_key(cursor, &length);
		struct outbox_entry *entry = g_new0(struct outbox_entry, 1);

		entry->issue = outbox_key_number(key);
		entry->recipient = g_strndup((const char *)key + 8, length - 8);
		g_ptr_array_add(entries, entry);
		status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	if (status != STATUS_NOINPUT)
		return status;
	*entries_r = g_steal_pointer(&entries);
	return STATUS_OK;
}

static bool outbox_parse(const char *value, size_t length, struct outbox_issue *issue)
{
	const char *end = g_strstr_len(value, (gssize)length, "\n\n");
	g_autofree char *head = end ? g_strndup(value, (gsize)(end - value)) : NULL;
	g_auto(GStrv) lines = head ? g_strsplit(head, "\n", -1) : NULL;

	unsigned count = lines ? g_strv_length(lines) : 0;

	if (count == 0 || !g_str_has_prefix(lines[0], OUTBOX_MAGIC) ||
		count != (strcmp(lines[0], OUTBOX_MAGIC "1") == 0 ? OUTBOX_OLD_LINES
								  : OUTBOX_LINES) ||
		!g_str_has_prefix(lines[1], "first ") ||
		!g_str_has_prefix(lines[2], "last ") ||
		!g_str_has_prefix(lines[3], "sender ") ||
		(count == OUTBOX_LINES && !g_str_has_prefix(lines[4], "message-id ")))
		return false;
	issue->first = g_ascii_strtoull(lines[1] + 6, NULL, 10);
	issue->last = g_ascii_strtoull(lines[2] + 5, NULL, 10);
	issue->sender = g_strdup(lines[3] + 7);
	issue->message_id = g_strdup(count == OUTBOX_LINES ? lines[4] + 11 : "");
	issue->mail = g_string_new_len(
		end + 2, (gssize)(length - (size_t)(end + 2 - value)));
	return true;
}

enum status outbox_get(struct store *store, uint64_t number, struct outbox_issue *issue_r)
{
	g_autoptr(GByteArray) key = outbox_key(number, "");
	struct env_value value = {0};
	struct outbox_issue issue = {.number = number};
	enum status status = env_get(store->env, ENV_ISSUE, key->data, key->len, &value);

	if (status == STATUS_OK && !outbox_parse(value.data, value.length, &issue)) {
		diag_error("%s: issue %" G_GUINT64_FORMAT " is damaged",
			env_home(store->env), (guint64)number);
		status = STATUS_DATA;
	}
	env_value_release(&value);
	if (status == STATUS_OK)
		*issue_r = issue;
	return status;
}

enum status outbox_done(
	struct store *store, const struct outbox_entry *entry, int64_t time)
{
	g_autoptr(GByteArray) key = outbox_key(entry->issue, entry->recipient);
	g_autofree char *when = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)time);
	struct env_value value = {when, strlen(when)};
	enum status status = env_put(store->env, ENV_ISSUE, key->data, key->len, &value);

	return status == STATUS_OK
		       ? env_delete(store->env, ENV_OUTBOX, key->data, key->len)
		       : status;
}

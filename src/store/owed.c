/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outbox.db: number, recipient -> how the delivery that is owed stands; and where a page of their
 * own is owed, number, "/", page, "/", recipient -> nothing, so that those who get the same mail
 * stand together. */
#include "config.h"

#include "store/outbox.h"

#include <string.h>

#include "base/diag.h"
#include "store/env.h"
#include "store/fields.h"
#include "store/internal.h"
#include "store/outbox_keys.h"

static void outbox_release_entry(struct outbox_entry *entry)
{
	g_free(entry->recipient);
	g_free(entry->page);
	g_free(entry->error);
	g_free(entry->rest);
	*entry = (struct outbox_entry){0};
}

void outbox_free_entry(struct outbox_entry *entry)
{
	if (entry != NULL)
		outbox_release_entry(entry);
	g_free(entry);
}

static enum fields_taken outbox_take(void *data, const char *key, const char *value)
{
	struct outbox_entry *entry = data;
	bool good = true;

	if (strcmp(key, "format") == 0) {
		good = subscriber_parse_format(value, &entry->format);
	} else if (strcmp(key, "attempts") == 0) {
		good = fields_parse_number(value, &entry->attempts);
	} else if (strcmp(key, "begun") == 0) {
		good = fields_parse_number(value, &entry->begun);
	} else if (strcmp(key, "page") == 0) {
		g_free(entry->page);
		entry->page = g_strdup(value);
	} else if (strcmp(key, "error") == 0) {
		g_free(entry->error);
		entry->error = g_strdup(value);
	} else {
		return FIELDS_UNKNOWN;
	}
	return good ? FIELDS_TAKEN : FIELDS_BAD;
}

/* Of one that has no page this is version 1 to this day.  A program that knows no pages shall not
 * send one the whole issue. */
#define OUTBOX_KIND "mldigest-owed"
static const struct fields_kind outbox_first_kind = {OUTBOX_KIND, 1, outbox_take};
static const struct fields_kind outbox_kind = {OUTBOX_KIND, 2, outbox_take};

bool outbox_has_page(const struct outbox_entry *entry)
{
	return entry->page != NULL && *entry->page != '\0';
}

GString *outbox_encode(const struct outbox_entry *entry)
{
	bool paged = outbox_has_page(entry);
	GString *value = fields_begin(paged ? &outbox_kind : &outbox_first_kind);

	fields_add(value, "format", subscriber_format_name(entry->format));
	if (paged)
		fields_add(value, "page", entry->page);
	if (entry->attempts > 0)
		fields_add_number(value, "attempts", entry->attempts);
	if (entry->begun > 0)
		fields_add_number(value, "begun", entry->begun);
	if (entry->error != NULL && *entry->error != '\0')
		fields_add(value, "error", entry->error);
	if (entry->rest != NULL)
		g_string_append(value, entry->rest);
	return value;
}

enum status outbox_decode(const void *bytes, size_t length, struct outbox_entry *entry)
{
	struct outbox_entry read = {0};
	g_autoptr(GString) rest = g_string_new(NULL);
	enum status status = length == 0 ? STATUS_OK
					 : fields_parse(&outbox_kind, bytes, length,
						   &read, rest);

	if (status != STATUS_OK) {
		outbox_release_entry(&read);
		return status;
	}
	entry->format = read.format;
	entry->page = read.page ? read.page : g_strdup("");
	entry->attempts = read.attempts;
	entry->begun = read.begun;
	entry->error = read.error ? read.error : g_strdup("");
	entry->rest = g_string_free(g_steal_pointer(&rest), FALSE);
	return STATUS_OK;
}

enum status outbox_complain_entry(
	struct store *store, enum status status, const struct outbox_entry *entry)
{
	if (status != STATUS_OK)
		diag_error("%s: what is owed of issue %" G_GUINT64_FORMAT " to %s: %s",
			env_home(store->env), (guint64)entry->issue, entry->recipient,
			status == STATUS_CONFIG ? "a newer version of mldigest wrote it"
						: "is damaged");
	return status;
}

static enum status outbox_read_entry(
	struct store *store, const struct env_value *value, struct outbox_entry *entry)
{
	enum status status = outbox_decode(value->data, value->length, entry);

	return outbox_complain_entry(store, status, entry);
}

static enum status outbox_put_entry(struct store *store, const struct outbox_entry *entry)
{
	g_autoptr(GByteArray) key = outbox_key(entry->issue, entry->recipient);
	g_autoptr(GString) value = outbox_encode(entry);
	struct env_value bytes = {value->str, value->len};

	return env_put(store->env, ENV_OUTBOX, key->data, key->len, &bytes);
}

/* What the store has for ENTRY's issue and recipient now. */
static enum status outbox_get_entry(
	struct store *store, const struct outbox_entry *entry, struct outbox_entry *now_r)
{
	g_autoptr(GByteArray) key = outbox_key(entry->issue, entry->recipient);
	struct env_value value = {0};
	struct outbox_entry now = {
		.issue = entry->issue, .recipient = g_strdup(entry->recipient)};
	enum status status = env_get(store->env, ENV_OUTBOX, key->data, key->len, &value);

	if (status == STATUS_OK)
		status = outbox_read_entry(store, &value, &now);
	env_value_release(&value);
	if (status == STATUS_OK)
		*now_r = now;
	else
		outbox_release_entry(&now);
	return status;
}

static GByteArray *outbox_index_key(const struct outbox_entry *entry)
{
	return outbox_page_key(
		entry->issue, entry->page, entry->format, entry->recipient);
}

enum status outbox_owe(struct store *store, const struct outbox_entry *entry)
{
	g_autoptr(GByteArray) key = NULL;
	g_autoptr(GString) value = NULL;
	struct env_value bytes;
	enum status status = outbox_put_entry(store, entry);

	if (status != STATUS_OK || !outbox_has_page(entry))
		return status;
	key = outbox_index_key(entry);
	value = fields_begin(&outbox_kind);
	bytes = (struct env_value){value->str, value->len};
	return env_put(store->env, ENV_OUTBOX, key->data, key->len, &bytes);
}

/* Takes what is owed to ADDRESS out of the issue NUMBER, with its place among the pages, which is
 * known as long as the value can be read.  STATUS_NOINPUT, silently, for nothing; the page is the
 * caller's. */
static enum status outbox_take_out(
	struct store *store, uint64_t number, const char *address, char **page_r)
{
	g_autoptr(GByteArray) key = outbox_key(number, address);
	struct outbox_entry *entry = g_new0(struct outbox_entry, 1);
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_OUTBOX, key->data, key->len, &value);

	entry->issue = number;
	entry->recipient = g_strdup(address);
	if (status == STATUS_OK &&
		outbox_decode(value.data, value.length, entry) == STATUS_OK &&
		outbox_has_page(entry)) {
		g_autoptr(GByteArray) index = outbox_index_key(entry);

		*page_r = g_steal_pointer(&entry->page);
		status = env_delete(store->env, ENV_OUTBOX, index->data, index->len);
		status = status == STATUS_NOINPUT ? STATUS_OK : status;
	}
	env_value_release(&value);
	outbox_free_entry(entry);
	return status == STATUS_OK
		       ? env_delete(store->env, ENV_OUTBOX, key->data, key->len)
		       : status;
}

enum status outbox_get_owed(struct store *store, uint64_t number, const char *address,
	struct outbox_entry **entry_r)
{
	const struct outbox_entry wanted = {
		.issue = number, .recipient = (char *)(uintptr_t)address};
	struct outbox_entry now;
	enum status status = outbox_get_entry(store, &wanted, &now);

	if (status == STATUS_OK)
		*entry_r = g_memdup2(&now, sizeof now);
	return status;
}

enum status outbox_begin(struct store *store, struct outbox_entry *entry, int64_t time)
{
	struct outbox_entry now;
	enum status status = outbox_get_entry(store, entry, &now);

	if (status != STATUS_OK)
		return status;
	now.attempts++;
	now.begun = time;
	status = outbox_put_entry(store, &now);
	entry->attempts = now.attempts;
	entry->begun = time;
	outbox_release_entry(&now);
	return status;
}

enum status outbox_fail(
	struct store *store, const struct outbox_entry *entry, const char *why)
{
	struct outbox_entry now;
	enum status status = outbox_get_entry(store, entry, &now);

	if (status != STATUS_OK)
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	g_free(now.error);
	now.error = g_strdup(why);
	status = outbox_put_entry(store, &now);
	outbox_release_entry(&now);
	return status;
}

/* Notes that ENTRY's recipient got PAGE (NULL: what all get) at TIME. */
static enum status outbox_note(struct store *store, const struct outbox_entry *entry,
	int64_t time, const char *page)
{
	g_autoptr(GByteArray) key = outbox_key(entry->issue, entry->recipient);
	g_autofree char *note = g_strdup_printf("%" G_GINT64_FORMAT "%s%s", (gint64)time,
		page ? " " : "", page ? page : "");
	struct env_value value = {note, strlen(note)};

	return env_put(store->env, ENV_ISSUE, key->data, key->len, &value);
}

enum status outbox_done(
	struct store *store, const struct outbox_entry *entry, int64_t time)
{
	g_autofree char *page = NULL;
	struct outbox_sent sent = {0};
	enum status status = outbox_take_out(
		store, entry->issue, entry->recipient, &page);

	/* It may have been forgotten meanwhile, or be noted already, by a flush that was killed
	 * then. */
	if (status == STATUS_NOINPUT)
		status = outbox_get_sent(store, entry->issue, entry->recipient, &sent);
	else if (status == STATUS_OK)
		status = STATUS_NOINPUT;
	if (status != STATUS_NOINPUT) {
		outbox_sent_release(&sent);
		return status;
	}
	if (page == NULL && outbox_has_page(entry))
		page = g_strdup(entry->page);
	return outbox_note(store, entry, time, page);
}

enum status outbox_settle(
	struct store *store, uint64_t number, const char *address, int64_t time)
{
	const struct outbox_entry entry = {
		.issue = number, .recipient = (char *)(uintptr_t)address};

	return outbox_note(store, &entry, time, OUTBOX_NOTHING);
}

enum status outbox_find_owed(struct store *store, uint64_t number, uint64_t *issue_r)
{
	g_autoptr(GByteArray) key = outbox_key(number, "");
	g_autofree char *recipient = NULL;
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_OUTBOX, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, key->data, key->len);
	if (status == STATUS_OK) {
		size_t length;
		const uint8_t *bytes = env_cursor_key(cursor, &length);

		if (!outbox_split_key(bytes, length, issue_r, &recipient))
			status = STATUS_NOINPUT;
	}
	env_cursor_close(cursor);
	return status;
}

/* Whether the issue NUMBER is owed to ADDRESS, whatever the value says. */
static enum status outbox_look(struct store *store, uint64_t number, const char *address)
{
	g_autoptr(GByteArray) key = outbox_key(number, address);
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_OUTBOX, key->data, key->len, &value);

	env_value_release(&value);
	return status;
}

enum status outbox_check(struct store *store, const struct outbox_entry *entry)
{
	return outbox_look(store, entry->issue, entry->recipient);
}

enum status outbox_is_owed(struct store *store, const char *address, bool *owed_r)
{
	uint64_t number = 0;
	enum status status = outbox_find_owed(store, 0, &number);
	bool owed = false;

	while (status == STATUS_OK && !owed) {
		status = outbox_look(store, number, address);
		owed = status == STATUS_OK;
		if (status == STATUS_NOINPUT)
			status = outbox_find_owed(store, number + 1, &number);
	}
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*owed_r = owed;
	return STATUS_OK;
}

enum status outbox_forget(struct store *store, const char *address, bool *owed_r)
{
	uint64_t number = 0;
	enum status status = outbox_find_owed(store, 0, &number);
	bool owed = false;

	while (status == STATUS_OK) {
		g_autofree char *page = NULL;

		status = outbox_take_out(store, number, address, &page);
		owed |= status == STATUS_OK;
		if (status == STATUS_OK || status == STATUS_NOINPUT)
			status = outbox_find_owed(store, number + 1, &number);
	}
	if (status != STATUS_NOINPUT)
		return status;
	*owed_r = owed;
	return STATUS_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outbox.db: number, recipient -> how the delivery that is owed stands. */
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
	} else if (strcmp(key, "error") == 0) {
		g_free(entry->error);
		entry->error = g_strdup(value);
	} else {
		return FIELDS_UNKNOWN;
	}
	return good ? FIELDS_TAKEN : FIELDS_BAD;
}

static const struct fields_kind outbox_kind = {"mldigest-owed", 1, outbox_take};

GString *outbox_encode(const struct outbox_entry *entry)
{
	GString *value = fields_begin(&outbox_kind);

	fields_add(value, "format", subscriber_format_name(entry->format));
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
	entry->attempts = read.attempts;
	entry->begun = read.begun;
	entry->error = read.error ? read.error : g_strdup("");
	entry->rest = g_string_free(g_steal_pointer(&rest), FALSE);
	return STATUS_OK;
}

static enum status outbox_complain(
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

	return outbox_complain(store, status, entry);
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

enum status outbox_owe(struct store *store, uint64_t number, const char *address,
	enum subscriber_format format)
{
	const struct outbox_entry entry = {.issue = number,
		.recipient = (char *)(uintptr_t)address,
		.format = format};

	return outbox_put_entry(store, &entry);
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

enum status outbox_done(
	struct store *store, const struct outbox_entry *entry, int64_t time)
{
	g_autoptr(GByteArray) key = outbox_key(entry->issue, entry->recipient);
	g_autofree char *when = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)time);
	struct env_value value = {when, strlen(when)};
	enum status status = env_put(store->env, ENV_ISSUE, key->data, key->len, &value);

	/* It may have been forgotten meanwhile. */
	if (status == STATUS_OK)
		status = env_delete(store->env, ENV_OUTBOX, key->data, key->len);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

void outbox_place_release(struct outbox_place *place)
{
	g_free(place->recipient);
	*place = (struct outbox_place){0};
}

/* Takes what stands at CURSOR, if it is of PLACE's issue and format.  A damaged one is the end for
 * those before it, which can still be sent. */
static enum status outbox_take_at(struct store *store, const struct env_cursor *cursor,
	struct outbox_place *place, GPtrArray *entries)
{
	struct outbox_entry *entry = g_new0(struct outbox_entry, 1);
	size_t key_length, length;
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	const uint8_t *bytes = env_cursor_value(cursor, &length);
	enum status status = STATUS_NOINPUT;

	if (outbox_split_key(key, key_length, &entry->issue, &entry->recipient) &&
		entry->issue == place->issue) {
		status = outbox_decode(bytes, length, entry);
		if (status != STATUS_OK && entries->len > 0)
			status = STATUS_NOINPUT;
		else
			outbox_complain(store, status, entry);
	}
	if (status == STATUS_OK && entry->format == place->format) {
		g_free(place->recipient);
		place->recipient = g_strdup(entry->recipient);
		g_ptr_array_add(entries, entry);
	} else {
		outbox_free_entry(entry);
	}
	return status;
}

/* Adds to ENTRIES, up to COUNT of them, what is owed of PLACE's issue in its format. */
static enum status outbox_take_some(struct store *store, struct outbox_place *place,
	unsigned count, GPtrArray *entries)
{
	g_autoptr(GByteArray)
		key = outbox_key(place->issue, place->recipient ? place->recipient : "");
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_OUTBOX, &cursor);

	if (status != STATUS_OK)
		return status;
	if (place->recipient != NULL)
		g_byte_array_append(key, (const guint8 *)"", 1);
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, key->data, key->len);
	while (status == STATUS_OK && entries->len < count) {
		status = outbox_take_at(store, cursor, place, entries);
		if (status == STATUS_OK && entries->len < count)
			status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static void outbox_free_item(void *data)
{
	outbox_free_entry(data);
}

enum status outbox_next(struct store *store, struct outbox_place *place, unsigned count,
	GPtrArray **entries_r)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(outbox_free_item);
	enum status status = outbox_take_some(store, place, count, entries);

	while (status == STATUS_OK && entries->len == 0) {
		g_clear_pointer(&place->recipient, g_free);
		if (place->format + 1 < SUBSCRIBER_FORMATS) {
			place->format++;
		} else {
			place->format = SUBSCRIBER_TEXT;
			status = outbox_find_owed(store, place->issue + 1, &place->issue);
		}
		if (status == STATUS_OK)
			status = outbox_take_some(store, place, count, entries);
	}
	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status;
	*entries_r = g_steal_pointer(&entries);
	return STATUS_OK;
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
		g_autoptr(GByteArray) key = outbox_key(number, address);

		status = env_delete(store->env, ENV_OUTBOX, key->data, key->len);
		owed |= status == STATUS_OK;
		if (status == STATUS_OK || status == STATUS_NOINPUT)
			status = outbox_find_owed(store, number + 1, &number);
	}
	if (status != STATUS_NOINPUT)
		return status;
	*owed_r = owed;
	return STATUS_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is owed, mail by mail, by a cursor's place. */
#include "config.h"

#include <string.h>

#include "store/env.h"
#include "store/internal.h"
#include "store/outbox.h"
#include "store/outbox_keys.h"

void outbox_place_release(struct outbox_place *place)
{
	g_free(place->recipient);
	g_free(place->page);
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
			outbox_complain_entry(store, status, entry);
	}
	if (status == STATUS_OK && entry->format == place->format &&
		!outbox_has_page(entry)) {
		g_free(place->recipient);
		place->recipient = g_strdup(entry->recipient);
		g_ptr_array_add(entries, entry);
	} else {
		outbox_free_entry(entry);
	}
	return status;
}

/* Reads what is owed to ENTRY's recipient: STATUS_NOINPUT, silently, where nothing is, or not of
 * that page, which has its other half elsewhere.  QUIET: also where it is damaged. */
static enum status outbox_read_page(
	struct store *store, const char *page, bool quiet, struct outbox_entry *entry)
{
	g_autoptr(GByteArray) key = outbox_key(entry->issue, entry->recipient);
	enum subscriber_format format = entry->format;
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_OUTBOX, key->data, key->len, &value);

	if (status == STATUS_OK) {
		status = outbox_decode(value.data, value.length, entry);
		if (status == STATUS_OK &&
			(strcmp(entry->page, page) != 0 || entry->format != format))
			status = STATUS_NOINPUT;
		else if (!quiet)
			outbox_complain_entry(store, status, entry);
	}
	env_value_release(&value);
	return status;
}

/* Takes the page's delivery at CURSOR, if it is of PLACE's issue and of the page of ENTRIES.  A
 * damaged one is the end for those before it, which can still be sent. */
static enum status outbox_take_page_at(struct store *store,
	const struct env_cursor *cursor, struct outbox_place *place, GPtrArray *entries)
{
	struct outbox_entry *entry = g_new0(struct outbox_entry, 1);
	bool more = entries->len > 0;
	size_t length;
	const uint8_t *key = env_cursor_key(cursor, &length);
	g_autofree char *word = NULL, *page = NULL;
	enum status status = STATUS_NOINPUT, read;

	if (!outbox_split_key(key, length, &entry->issue, &word) ||
		entry->issue != place->issue ||
		!outbox_split_page(word, &page, &entry->format, &entry->recipient) ||
		(more && (strcmp(page, place->page) != 0 ||
				 entry->format != place->format))) {
		outbox_free_entry(entry);
		return status;
	}
	read = outbox_read_page(store, page, more, entry);
	if (read == STATUS_OK || read == STATUS_NOINPUT) {
		outbox_place_release(place);
		*place = (struct outbox_place){entry->issue, entry->format,
			g_steal_pointer(&page), g_strdup(entry->recipient)};
		status = STATUS_OK;
	} else if (!more) {
		status = read;
	}
	if (read == STATUS_OK)
		g_ptr_array_add(entries, entry);
	else
		outbox_free_entry(entry);
	return status;
}

/* Where PLACE is among the keys. */
static GByteArray *outbox_place_key(const struct outbox_place *place)
{
	GByteArray *key;

	if (place->page == NULL)
		/* Behind the pages. */
		key = outbox_key(place->issue, place->recipient ? place->recipient : "0");
	else if (place->recipient == NULL)
		key = outbox_key(place->issue, "/");
	else
		key = outbox_page_key(
			place->issue, place->page, place->format, place->recipient);
	if (place->recipient != NULL)
		g_byte_array_append(key, (const guint8 *)"", 1);
	return key;
}

/* Adds to ENTRIES, up to COUNT of them, what is owed of PLACE's issue in its format, or of the next
 * of its pages. */
static enum status outbox_take_some(struct store *store, struct outbox_place *place,
	unsigned count, GPtrArray *entries)
{
	g_autoptr(GByteArray) key = outbox_place_key(place);
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_OUTBOX, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, key->data, key->len);
	while (status == STATUS_OK && entries->len < count) {
		status = place->page != NULL
				 ? outbox_take_page_at(store, cursor, place, entries)
				 : outbox_take_at(store, cursor, place, entries);
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
		if (place->page == NULL && place->format + 1 < SUBSCRIBER_FORMATS) {
			place->format++;
		} else if (place->page == NULL) {
			place->page = g_strdup("");
		} else {
			g_clear_pointer(&place->page, g_free);
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

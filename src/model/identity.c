/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/identity.h"

#include <string.h>

#include "base/text.h"
#include "mail/address.h"
#include "mail/message.h"

/* The end of the field that begins at START: its line and those that continue it. */
static size_t identity_field_end(const char *text, size_t length, size_t start)
{
	const char *line;
	size_t cursor = start, line_length;

	text_next_line(text, length, &cursor, &line, &line_length);
	while (cursor < length && (text[cursor] == ' ' || text[cursor] == '\t')) {
		size_t next = cursor;

		text_next_line(text, length, &next, &line, &line_length);
		/* An indented first paragraph is no continuation. */
		if (memchr(line, '<', line_length) == NULL)
			break;
		cursor = next;
	}
	return cursor;
}

bool identity_find_in_body(
	const char *text, size_t length, struct identity_in_body *from_r)
{
	struct identity_in_body from = {0};
	g_autofree char *value = NULL;

	while (from.start < length && g_ascii_isspace(text[from.start]))
		from.start++;
	if (length - from.start < 6 ||
		g_ascii_strncasecmp(text + from.start, "From:", 5) != 0 ||
		!g_ascii_isspace(text[from.start + 5]))
		return false;
	/* An indented `From:` is quoted text. */
	if (from.start > 0 && text[from.start - 1] != '\n')
		return false;
	from.end = identity_field_end(text, length, from.start);
	value = message_decode_line(text + from.start + 6, from.end - from.start - 6);
	if (!address_parse(value, &from.name, &from.address))
		return false;
	*from_r = from;
	return true;
}

bool identity_undo_rewriting(
	const struct identity_sender *sender, char **name_r, char **address_r)
{
	(void)sender;
	(void)name_r;
	(void)address_r;
	return false;
}

/* Entries by the address they are for; each has those with a name of their own and one
 * without. */
struct mailmap {
	GHashTable
		*by_address; /* lower-case address -> GPtrArray of struct mailmap_entry */
};

struct mailmap_entry {
	char *old_name; /* NULL: any */
	char *new_name; /* NULL: keep */
	char *new_address;
};

static void mailmap_entry_free(void *data)
{
	struct mailmap_entry *entry = data;

	g_free(entry->old_name);
	g_free(entry->new_name);
	g_free(entry->new_address);
	g_free(entry);
}

static void mailmap_entries_free(void *data)
{
	g_ptr_array_unref(data);
}

/* `Name <address>` at *CURSOR: moves behind the '>'.  False where there is none. */
static bool mailmap_take_mailbox(char **cursor, char **name_r, char **address_r)
{
	char *open = strchr(*cursor, '<');
	char *close = open ? strchr(open, '>') : NULL;

	if (close == NULL)
		return false;
	*name_r = g_strstrip(g_strndup(*cursor, (size_t)(open - *cursor)));
	*address_r = g_strstrip(g_strndup(open + 1, (size_t)(close - open - 1)));
	*cursor = close + 1;
	return true;
}

static void mailmap_add(struct mailmap *mailmap, const char *old_address,
	const char *old_name, const char *new_name, const char *new_address)
{
	g_autofree char *key = address_key(old_address);
	struct mailmap_entry *entry = g_new0(struct mailmap_entry, 1);
	GPtrArray *entries = g_hash_table_lookup(mailmap->by_address, key);

	if (entries == NULL) {
		entries = g_ptr_array_new_with_free_func(mailmap_entry_free);
		g_hash_table_insert(mailmap->by_address, g_steal_pointer(&key), entries);
	}
	entry->old_name = old_name && *old_name ? g_strdup(old_name) : NULL;
	entry->new_name = *new_name ? g_strdup(new_name) : NULL;
	entry->new_address = new_address ? g_strdup(new_address) : NULL;
	g_ptr_array_add(entries, entry);
}

static void mailmap_parse_line(struct mailmap *mailmap, char *line)
{
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	g_autofree char *old_name = NULL;
	g_autofree char *old_address = NULL;

	if (*line == '#' || !mailmap_take_mailbox(&line, &name, &address))
		return;
	if (mailmap_take_mailbox(&line, &old_name, &old_address))
		mailmap_add(mailmap, old_address, old_name, name, address);
	else if (*name != '\0')
		mailmap_add(mailmap, address, NULL, name, NULL);
}

struct mailmap *mailmap_parse(const char *text, size_t length)
{
	struct mailmap *mailmap = g_new0(struct mailmap, 1);
	size_t cursor = 0, line_length;
	const char *line;

	mailmap->by_address = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, mailmap_entries_free);
	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		g_autofree char *copy = text_sanitize_line(line, line_length);

		mailmap_parse_line(mailmap, copy);
	}
	return mailmap;
}

void mailmap_free(struct mailmap *mailmap)
{
	if (mailmap == NULL)
		return;
	g_hash_table_unref(mailmap->by_address);
	g_free(mailmap);
}

/* Names compare without case, as git does. */
static bool mailmap_name_is(const char *a, const char *b)
{
	g_autofree char *folded_a = g_utf8_casefold(a, -1);
	g_autofree char *folded_b = g_utf8_casefold(b, -1);

	return strcmp(folded_a, folded_b) == 0;
}

void mailmap_apply(const struct mailmap *mailmap, const char *name, const char *address,
	char **name_r, char **address_r)
{
	g_autofree char *key = address_key(address);
	const GPtrArray *entries = mailmap ? g_hash_table_lookup(mailmap->by_address, key)
					   : NULL;
	const char *new_name = name, *new_address = address;
	bool exact = false;

	/* An entry with the old name beats those without; those without add up, line by
	 * line. */
	for (guint i = 0; entries != NULL && i < entries->len; i++) {
		const struct mailmap_entry *entry = entries->pdata[i];
		bool named = entry->old_name != NULL;

		if (named ? !mailmap_name_is(entry->old_name, name) : exact)
			continue;
		if (named) {
			exact = true;
			new_name = name;
			new_address = address;
		}
		if (entry->new_name != NULL)
			new_name = entry->new_name;
		if (entry->new_address != NULL)
			new_address = entry->new_address;
	}
	*name_r = g_strdup(new_name);
	*address_r = g_strdup(new_address);
}

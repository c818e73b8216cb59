/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/identity.h"

#include <string.h>

#include "base/text.h"
#include "mail/address.h"

/* Entries by the address they are for; each has those with a name of their own and one
 * without. */
struct mailmap {
	GHashTable
		*by_address; /* lower-case address -> GPtrArray of struct mailmap_entry */
};

struct mailmap_entry {
	char *old_name; /* its address_name_key(), NULL: any */
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

/* `Name <address>` at *CURSOR: moves behind the '>'.  False where there is none.
 * Blanks within the angle brackets belong to the address, as for git: such an entry fits
 * nobody. */
static bool mailmap_take_mailbox(char **cursor, char **name_r, char **address_r)
{
	char *open = strchr(*cursor, '<');
	char *close = open ? strchr(open, '>') : NULL;

	if (close == NULL)
		return false;
	*name_r = g_strstrip(g_strndup(*cursor, (size_t)(open - *cursor)));
	*address_r = g_strndup(open + 1, (size_t)(close - open - 1));
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
	entry->old_name = old_name && *old_name ? address_name_key(old_name) : NULL;
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

	if (*line == '#' || !mailmap_take_mailbox(&line, &name, &address) ||
		*address == '\0')
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

void mailmap_apply(const struct mailmap *mailmap, const char *name, const char *address,
	char **name_r, char **address_r)
{
	g_autofree char *key = address_key(address);
	g_autofree char *folded = address_name_key(name);
	const GPtrArray *entries = mailmap ? g_hash_table_lookup(mailmap->by_address, key)
					   : NULL;
	const char *new_name = name, *new_address = address;
	bool exact = false;

	/* An entry with the old name beats those without; those without add up, line by
	 * line. */
	for (guint i = 0; entries != NULL && i < entries->len; i++) {
		const struct mailmap_entry *entry = entries->pdata[i];
		bool named = entry->old_name != NULL;

		if (named ? strcmp(entry->old_name, folded) != 0 : exact)
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

void mailmap_add_aliases(const struct mailmap *mailmap, GHashTable *keys)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	GHashTableIter iter;
	gpointer address, value;

	if (mailmap == NULL)
		return;
	g_hash_table_iter_init(&iter, mailmap->by_address);
	while (g_hash_table_iter_next(&iter, &address, &value)) {
		const GPtrArray *entries = value;

		for (guint i = 0; i < entries->len; i++) {
			const struct mailmap_entry *entry = entries->pdata[i];
			g_autofree char *proper = entry->new_address
							  ? address_key(
								    entry->new_address)
							  : NULL;

			/* With a name of its own it is an address of several people. */
			if (proper != NULL && entry->old_name == NULL &&
				g_hash_table_contains(keys, proper))
				g_ptr_array_add(found, address);
		}
	}
	for (guint i = 0; i < found->len; i++)
		g_hash_table_add(keys, g_strdup(found->pdata[i]));
}

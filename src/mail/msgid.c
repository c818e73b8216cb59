/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/msgid.h"

#include <string.h>

#include "base/limits.h"

bool msgid_is_valid(const char *id)
{
	unsigned at = 0;
	size_t length = strlen(id);

	if (length < 3 || length > LIMIT_MSGID_BYTES || id[0] == '@' ||
		id[length - 1] == '@')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (id[i] < 0x21 || id[i] > 0x7e || id[i] == '<' || id[i] == '>')
			return false;
		at += id[i] == '@';
	}
	return at == 1;
}

void msgid_scan(const char *value, GPtrArray *ids)
{
	while (value != NULL && (value = strchr(value, '<')) != NULL) {
		const char *end = strchr(++value, '>');
		g_autoptr(GString) id = g_string_new(NULL);

		if (end == NULL)
			return;
		for (const char *c = value; c < end && id->len <= LIMIT_MSGID_BYTES; c++)
			if (!g_ascii_isspace(*c))
				g_string_append_c(id, *c);
		if (msgid_is_valid(id->str)) {
			/* The oldest names the thread, the newest the parent: drop from
			 * the middle. */
			if (ids->len >= LIMIT_REFERENCES)
				g_ptr_array_remove_index(ids, 1);
			g_ptr_array_add(ids, g_strdup(id->str));
		}
		value = end + 1;
	}
}

void msgid_add_parent(const char *in_reply_to, GPtrArray *references)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	guint index;

	msgid_scan(in_reply_to, ids);
	if (ids->len == 0)
		return;
	if (g_ptr_array_find_with_equal_func(
		    references, ids->pdata[0], g_str_equal, &index))
		g_ptr_array_remove_index(references, index);
	else if (references->len >= LIMIT_REFERENCES)
		g_ptr_array_remove_index(references, 1);
	g_ptr_array_add(references, g_strdup(ids->pdata[0]));
}

void msgid_drop_draft(const char *message_id, GPtrArray *references)
{
	const char *at = message_id ? strrchr(message_id, '@') : NULL;
	g_autofree char *draft = NULL;
	guint index;

	if (at == NULL)
		return;
	draft = g_strdup_printf("%.*s.ref%s", (int)(at - message_id), message_id, at);
	if (g_ptr_array_find_with_equal_func(references, draft, g_str_equal, &index))
		g_ptr_array_remove_index(references, index);
}

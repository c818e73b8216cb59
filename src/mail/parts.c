/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/parts.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "base/limits.h"
#include "base/text.h"

/* Whether LINE can be a delimiter; what patches are full of (`---`, `--- a/x`, `-- `)
 * cannot. */
static bool parts_is_delimiter(const char *line, size_t length)
{
	if (length < 3 || line[0] != '-' || line[1] != '-' || line[2] == ' ')
		return false;
	return !(line[2] == '-' && (length == 3 || line[3] == ' '));
}

size_t parts_bounded_length(const char *bytes, size_t length, const char **limit)
{
	g_autoptr(GHashTable)
		counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	size_t cursor = 0, line_length;
	unsigned again = 0;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		g_autofree char *key = NULL;
		guint count;

		if (!parts_is_delimiter(line, line_length))
			continue;
		/* RFC 2046 5.1.1: 70 characters at the most, blanks may follow. */
		key = g_strchomp(g_strndup(line, MIN(line_length, 80)));
		count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1;
		again += count > 1;
		if (count > LIMIT_PARTS || again > LIMIT_DELIMITERS) {
			*limit = "number of MIME parts";
			return (size_t)(line - bytes);
		}
		g_hash_table_insert(
			counts, g_steal_pointer(&key), GUINT_TO_POINTER(count));
	}
	return length;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/parts.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "base/limits.h"
#include "base/text.h"

/* What patches are full of: `---`, `--- a/x`, `-- `, `--`.  It may be a delimiter all the same. */
static bool parts_is_of_patch(const char *line, size_t length)
{
	if (length == 2 || line[2] == ' ' || line[2] == '\r')
		return true;
	return line[2] == '-' && (length == 3 || line[3] == ' ' || line[3] == '\r');
}

size_t parts_bounded_length(const char *bytes, size_t length, const char **limit)
{
	g_autoptr(GHashTable)
		counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	size_t cursor = 0, line_length;
	unsigned again[2] = {0}; /* by parts_is_of_patch() */
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		g_autofree char *key = NULL;
		bool of_patch;
		guint count;

		if (line_length < 2 || line[0] != '-' || line[1] != '-')
			continue;
		of_patch = parts_is_of_patch(line, line_length);
		/* RFC 2046 5.1.1: 70 characters at the most, blanks may follow. */
		key = g_strchomp(g_strndup(line, MIN(line_length, 80)));
		count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1;
		again[of_patch] += count > 1;
		if ((count > LIMIT_PARTS && !of_patch) || again[0] > LIMIT_DELIMITERS ||
			again[1] > LIMIT_PATCH_LINES) {
			*limit = "number of MIME parts";
			return (size_t)(line - bytes);
		}
		g_hash_table_insert(
			counts, g_steal_pointer(&key), GUINT_TO_POINTER(count));
	}
	return length;
}

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

/* What is seen of the parts on the way through a body. */
struct parts_scan {
	GHashTable *counts; /* of lines that may be delimiters */
	unsigned again[2];  /* that were there before, by parts_is_of_patch() */
	/* Where a part's header may be: behind what may be a delimiter, and behind a blank line
	 * where a message (or a digest's part, which has no type) may begin. */
	bool in_header;
	bool in_type, has_type, has_message;
	unsigned fields;
	size_t field_bytes;
};

static void parts_begin_header(struct parts_scan *scan)
{
	scan->in_header = true;
	scan->in_type = scan->has_type = scan->has_message = false;
}

/* The length of what GMime takes for a field's name, which is more than RFC 5322 has; 0 for none.
 */
static size_t parts_name_length(const char *line, size_t length)
{
	size_t n = 0, colon;

	while (n < length && (unsigned char)line[n] > 0x20 && line[n] != ':')
		n++;
	colon = n;
	while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
		colon++;
	return colon < length && line[colon] == ':' ? n : 0;
}

static bool parts_has_message(const char *line, size_t length)
{
	static const char word[] = "message";

	for (size_t i = 0; i + strlen(word) <= length; i++)
		if (g_ascii_strncasecmp(line + i, word, strlen(word)) == 0)
			return true;
	return false;
}

/* GMime passes over what is no field, unless it is a header's first line. */
static void parts_scan_header(struct parts_scan *scan, const char *line, size_t length)
{
	size_t name;

	if (length == 0 || (length == 1 && *line == '\r')) {
		bool ends = scan->has_type && !scan->has_message;

		parts_begin_header(scan);
		scan->in_header = !ends;
		return;
	}
	name = parts_name_length(line, length);
	if (name > 0) {
		scan->fields++;
		scan->in_type = name == strlen("content-type") &&
				g_ascii_strncasecmp(line, "content-type", name) == 0;
		scan->has_type |= scan->in_type;
	} else if (*line != ' ' && *line != '\t') {
		return;
	}
	scan->field_bytes += length;
	if (scan->in_type && !scan->has_message)
		scan->has_message = parts_has_message(line, length);
}

static void parts_scan_delimiter(
	struct parts_scan *scan, const char *line, size_t length, const char **limit)
{
	bool of_patch = parts_is_of_patch(line, length);
	/* RFC 2046 5.1.1: 70 characters at the most, blanks may follow. */
	g_autofree char *key = g_strchomp(g_strndup(line, MIN(length, 80)));
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(scan->counts, key)) + 1;

	scan->again[of_patch] += count > 1;
	if ((count > LIMIT_PARTS && !of_patch) || scan->again[0] > LIMIT_DELIMITERS ||
		scan->again[1] > LIMIT_PATCH_LINES)
		*limit = "number of MIME parts";
	g_hash_table_insert(scan->counts, g_steal_pointer(&key), GUINT_TO_POINTER(count));
	parts_begin_header(scan);
}

size_t parts_bounded_length(const char *bytes, size_t length, const char **limit)
{
	g_autoptr(GHashTable)
		counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct parts_scan scan = {.counts = counts, .in_header = true};
	size_t cursor = 0, line_length;
	const char *line, *passed = NULL;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		if (line_length >= 2 && line[0] == '-' && line[1] == '-')
			parts_scan_delimiter(&scan, line, line_length, &passed);
		else if (scan.in_header)
			parts_scan_header(&scan, line, line_length);
		if (scan.fields > LIMIT_PART_FIELDS ||
			scan.field_bytes > LIMIT_PART_FIELD_BYTES)
			passed = "header size of MIME parts";
		if (passed != NULL) {
			*limit = passed;
			return (size_t)(line - bytes);
		}
	}
	return length;
}

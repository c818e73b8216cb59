/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/fields.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* Whether LINE is "NAME-VERSION" with a version that is read here. */
static enum status fields_check_version(const struct fields_kind *kind, const char *line)
{
	size_t length = strlen(kind->name);
	int64_t version;

	if (strncmp(line, kind->name, length) != 0 || line[length] != '-' ||
		!fields_parse_number(line + length + 1, &version) || version == 0)
		return STATUS_DATA;
	return version > kind->version ? STATUS_CONFIG : STATUS_OK;
}

static bool fields_take_line(
	const struct fields_kind *kind, char *line, void *data, GString *rest)
{
	char *blank = strchr(line, ' ');
	enum fields_taken taken;

	if (blank == NULL || blank == line)
		return false;
	*blank = '\0';
	taken = kind->take(data, line, blank + 1);
	if (taken == FIELDS_UNKNOWN)
		g_string_append_printf(rest, "%s %s\n", line, blank + 1);
	return taken != FIELDS_BAD;
}

enum status fields_parse(const struct fields_kind *kind, const void *bytes, size_t length,
	void *data, GString *rest)
{
	g_autofree char *text = g_strndup(length ? bytes : "", length);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	unsigned count = g_strv_length(lines);
	enum status status;

	/* Every line has its LF, so that what was cut is known. */
	if (strlen(text) != length || count < 2 || *lines[count - 1] != '\0')
		return STATUS_DATA;
	status = fields_check_version(kind, lines[0]);
	for (unsigned i = 1; status == STATUS_OK && i + 1 < count; i++)
		if (!fields_take_line(kind, lines[i], data, rest))
			status = STATUS_DATA;
	return status;
}

GString *fields_begin(const struct fields_kind *kind)
{
	GString *value = g_string_new(NULL);

	g_string_append_printf(value, "%s-%u\n", kind->name, kind->version);
	return value;
}

void fields_add(GString *value, const char *key, const char *text)
{
	g_autofree char *line = text_sanitize_line(text, strlen(text));

	g_string_append_printf(value, "%s %s\n", key, line);
}

void fields_add_number(GString *value, const char *key, int64_t number)
{
	g_string_append_printf(value, "%s %" G_GINT64_FORMAT "\n", key, (gint64)number);
}

gboolean fields_parse_number(const char *word, int64_t *number_r)
{
	gint64 number;

	if (!g_ascii_isdigit(*word) ||
		!g_ascii_string_to_signed(word, 10, 0, G_MAXINT64, &number, NULL))
		return FALSE;
	*number_r = number;
	return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of HOME/config that say how a digest looks. */
#include "config.h"

#include <string.h>

#include "base/conf_private.h"

/* Under the least no digest gets, and nobody reads the most. */
enum { CONF_BYTES_LEAST = 10000, CONF_BYTES_MOST = 100000000 };

gboolean conf_layout_is_known(const char *layout)
{
	return strcmp(layout, "classic") == 0 || strcmp(layout, "full") == 0;
}

void conf_take_layout(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->layout);
	if (!conf_layout_is_known(file->conf->layout))
		conf_complain(file, group, key, "must be classic or full");
}

/* Which names there are is known to digest/, and looked at by who loads the file. */
void conf_take_sections(struct conf_file *file, const char *group, const char *key)
{
	g_autofree char *value = g_key_file_get_string(file->keys, group, key, NULL);
	g_auto(GStrv) words = g_strsplit_set(value ? value : "", ", \t", -1);
	unsigned count = 0;

	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			words[count++] = *word;
		else
			g_free(*word);
	words[count] = NULL;
	for (unsigned i = 0; i < count; i++)
		if (!conf_value_is_good(words[i]))
			count = 0;
	if (count == 0) {
		conf_complain(file, group, key, "names no section");
		return;
	}
	g_strfreev(file->conf->sections);
	file->conf->sections = g_steal_pointer(&words);
	file->conf->sections_line = conf_line(file->text, group, key);
}

bool conf_parse_max_bytes(const char *word, unsigned *bytes_r)
{
	guint64 number;

	if (word == NULL ||
		!g_ascii_string_to_unsigned(
			word, 10, 0, CONF_BYTES_MOST, &number, NULL) ||
		(number > 0 && number < CONF_BYTES_LEAST))
		return false;
	*bytes_r = (unsigned)number;
	return true;
}

void conf_take_max_bytes(struct conf_file *file, const char *group, const char *key)
{
	g_autofree char *value = g_key_file_get_value(file->keys, group, key, NULL);

	if (!conf_parse_max_bytes(value, &file->conf->max_bytes))
		conf_complain(file, group, key,
			"must be a number of bytes from 10000 to 100000000, or 0");
}

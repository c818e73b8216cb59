/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/url.h"

char *url_of_record(const struct record *record, const char *archive)
{
	if (record->flags & RECORD_FLAG_MADE_ID)
		return NULL;
	return url_of_message(record->message_id, archive);
}

char *url_of_message(const char *message_id, const char *archive)
{
	g_autofree char *escaped = NULL;

	if (*archive == '\0')
		return NULL;
	escaped = g_uri_escape_string(message_id, "@!$&'()*+,;=:", FALSE);
	return g_strdup_printf(
		"%s%s%s/", archive, g_str_has_suffix(archive, "/") ? "" : "/", escaped);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/url.h"

char *url_of_record(const struct record *record, const char *archive)
{
	g_autofree char *escaped = NULL;

	if (*archive == '\0' || (record->flags & RECORD_FLAG_MADE_ID))
		return NULL;
	escaped = g_uri_escape_string(record->message_id, "@!$&'()*+,;=:", FALSE);
	return g_strdup_printf(
		"%s%s%s/", archive, g_str_has_suffix(archive, "/") ? "" : "/", escaped);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What values may be, also where they come from elsewhere. */
#include "config.h"

#include "base/conf.h"

#include <string.h>

#include "base/text.h"

/* RFC 5322 fields and terminals alike: no control in what we print. */
gboolean conf_value_is_good(const char *value)
{
	g_autofree char *safe = text_sanitize_line(value, strlen(value));

	return *value != '\0' && strcmp(safe, value) == 0;
}

gboolean conf_address_is_deliverable(const char *address)
{
	size_t length = strlen(address);
	unsigned at = 0;

	if (length == 0 || length > 254 ||
		!(g_ascii_isalnum(*address) || *address == '_') ||
		address[length - 1] == '@' || text_has_word(address))
		return FALSE;
	for (const char *c = address; *c != '\0'; c++) {
		at += *c == '@';
		if (!g_ascii_isalnum(*c) && strchr("@.!#$%&'*+-/=?^_`{|}~", *c) == NULL)
			return FALSE;
	}
	return at <= 1;
}

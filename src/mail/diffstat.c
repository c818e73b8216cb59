/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/diffstat.h"

#include "mail/patch.h"

bool diffstat_is_total(const char *line, size_t length)
{
	return patch_is_diffstat_total(line, length);
}

struct diffstat diffstat_parse(const char *text, size_t length, GPtrArray *paths)
{
	(void)text;
	(void)length;
	(void)paths;
	return (struct diffstat){0};
}

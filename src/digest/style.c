/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/style.h"

#include <string.h>

#include "digest/full.h"
#include "digest/mine.h"
#include "digest/section.h"
#include "digest/selection.h"

struct digest_style digest_style_of(
	const struct conf *conf, const struct mailmap *mailmap)
{
	return (struct digest_style){.title = conf->title,
		.top = conf->top,
		.full = strcmp(conf->layout, "full") == 0,
		.archive = conf->archive,
		.sections = conf->sections,
		.max_bytes = conf->max_bytes,
		.mailmap = mailmap};
}

bool digest_style_has_others(const struct digest_style *style)
{
	static const char *const names[] = {
		"reviewers", "series", "applied", "bugs", "announcements", "discussions"};

	if (!style->full || style->sections == NULL)
		return style->full;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_strv_contains((const char *const *)style->sections, names[i]))
			return true;
	return false;
}

enum status digest_complete(const char *home, const struct digest_window *window,
	const struct digest_style *style, struct digest *digest)
{
	enum status status = STATUS_OK;

	if (style->full) {
		digest->full = full_new(style->mailmap, style->archive);
		status = full_collect(home, window, digest, digest->full);
		if (status == STATUS_OK)
			section_fill_all(digest->full, digest);
	}
	if (status == STATUS_OK && window->selection != NULL &&
		window->selection->person != NULL)
		status = mine_collect(home, window, style, digest);
	return status;
}

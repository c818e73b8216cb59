/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/style.h"

#include <string.h>

#include "digest/full.h"
#include "digest/section.h"

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

enum status digest_collect_for(const char *home, const struct digest_window *window,
	const struct digest_style *style, struct digest **digest_r)
{
	struct digest *digest;
	enum status status = digest_collect(home, window, style->mailmap, &digest);

	if (status != STATUS_OK)
		return status;
	if (style->full) {
		digest->full = full_new(style->mailmap, style->archive);
		status = full_collect(home, window, digest, digest->full);
	}
	if (status != STATUS_OK) {
		digest_free(digest);
		return status;
	}
	if (style->full)
		section_fill_all(digest->full, digest);
	*digest_r = digest;
	return STATUS_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/section.h"

#include <string.h>

/* In the order of the page.  What has nothing to fill in is collected ready. */
static const struct section sections[] = {
	{"summary", section_fill_summary, section_add_summary},
	{"reviewers", section_fill_reviewers, section_add_reviewers},
	{"waiting", NULL, section_add_waiting},
	{"series", section_fill_series, section_add_series},
	{"applied", section_fill_applied, section_add_applied},
	{"pulls", section_fill_pulls, section_add_pulls},
	{"bugs", section_fill_threads, section_add_bugs},
	{"announcements", NULL, section_add_announcements},
	{"discussions", NULL, section_add_discussions},
	{"corrections", NULL, section_add_corrections},
};

const struct section *section_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
		if (strcmp(sections[i].name, name) == 0)
			return &sections[i];
	return NULL;
}

void section_fill_all(struct full *full, const struct digest *digest)
{
	/* The summary counts what the others filled in. */
	for (size_t i = G_N_ELEMENTS(sections); i-- > 0;)
		if (sections[i].fill != NULL)
			sections[i].fill(full, digest);
}

/* The place of the summary is the page's head, wherever it is named. */
static void section_render(const struct section *section, GString *page,
	const struct full *full, const struct digest_style *style)
{
	if (section->render != NULL && section != &sections[0])
		section->render(page, full, style);
}

void section_render_summary(
	GString *page, const struct full *full, const struct digest_style *style)
{
	if (style->sections == NULL ||
		g_strv_contains((const char *const *)style->sections, sections[0].name))
		sections[0].render(page, full, style);
}

void section_render_rest(
	GString *page, const struct full *full, const struct digest_style *style)
{
	if (style->sections == NULL) {
		for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
			section_render(&sections[i], page, full, style);
		return;
	}
	for (char *const *name = style->sections; *name != NULL; name++) {
		const struct section *section = section_find(*name);

		if (section != NULL)
			section_render(section, page, full, style);
	}
}

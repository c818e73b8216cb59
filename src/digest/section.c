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

char **section_names(const struct digest_style *style)
{
	GPtrArray *names = g_ptr_array_new();

	for (size_t i = 0; style->sections == NULL && i < G_N_ELEMENTS(sections); i++)
		g_ptr_array_add(names, g_strdup(sections[i].name));
	for (size_t i = 0; style->sections != NULL && style->sections[i] != NULL; i++)
		g_ptr_array_add(names, g_strdup(style->sections[i]));
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

void section_fill_all(struct full *full, const struct digest *digest)
{
	/* The summary counts what the others filled in. */
	for (size_t i = G_N_ELEMENTS(sections); i-- > 0;)
		if (sections[i].fill != NULL)
			sections[i].fill(full, digest);
}

void section_render(const char *name, GString *page, const struct full *full,
	const struct digest_style *style)
{
	const struct section *section = section_find(name);

	/* The place of the summary is the page's head, wherever it is named. */
	if (section != NULL && section != &sections[0])
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
	g_auto(GStrv) names = section_names(style);

	for (char *const *name = names; *name != NULL; name++)
		section_render(*name, page, full, style);
}

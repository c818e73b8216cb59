/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/layout.h"

#include <string.h>

#include "base/text.h"

/* Three lines of a title, and one of a name: who needs more sends what nobody reads. */
enum { LAYOUT_TITLE_BYTES = 300, LAYOUT_NAME_BYTES = 70 };

size_t layout_width(const char *text, size_t length)
{
	const char *end = text + length;
	size_t width = 0;

	while (text < end) {
		gunichar c = g_utf8_get_char(text);

		width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
		text = g_utf8_find_next_char(text, NULL);
	}
	return width;
}

void layout_wrap(GString *page, const char *first, const char *rest, const char *text)
{
	size_t column = layout_width(first, strlen(first));
	bool begun = false;

	g_string_append(page, first);
	for (;;) {
		size_t length, width;

		text += strspn(text, " \t");
		if (*text == '\0')
			break;
		length = strcspn(text, " \t");
		width = layout_width(text, length);
		if (begun && column + 1 + width > LAYOUT_COLUMNS) {
			g_string_append_printf(page, "\n%s", rest);
			column = layout_width(rest, strlen(rest));
		} else if (begun) {
			g_string_append_c(page, ' ');
			column++;
		}
		g_string_append_len(page, text, (gssize)length);
		column += width;
		begun = true;
		text += length;
	}
	g_string_append_c(page, '\n');
}

void layout_heading(GString *page, const char *title)
{
	g_string_append_printf(page, "===== %s =====\n\n", title);
}

void layout_count(GString *line, unsigned count, const char *one, const char *many)
{
	g_string_append_printf(line, "%u %s", count, count == 1 ? one : many);
}

void layout_person(GString *line, const struct full_person *person)
{
	const char *name = *person->name ? person->name : person->address;
	size_t length = text_cut(name, strlen(name), LAYOUT_NAME_BYTES);
	/* Names stand in lists with commas between. */
	const char *quote = strchr(name, ',') ? "\"" : "";

	g_string_append_printf(line, "%s%.*s%s%s", quote, (int)length, name,
		name[length] != '\0' ? "…" : "", quote);
	if (person->is_new)
		g_string_append(line, " (new)");
}

/* Those of PEOPLE with different names: who writes from two addresses is named once. */
static GPtrArray *layout_names(const GPtrArray *people)
{
	GPtrArray *different = g_ptr_array_new();
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < people->len; i++) {
		struct full_person *person = people->pdata[i];

		if (*person->name == '\0' || g_hash_table_add(names, person->name))
			g_ptr_array_add(different, person);
	}
	return different;
}

void layout_people(GString *line, const GPtrArray *people, guint most)
{
	g_autoptr(GPtrArray) names = layout_names(people);
	/* One more name takes no more room than "1 other". */
	guint shown = names->len <= most + 1 ? names->len : most;

	for (guint i = 0; i < shown; i++) {
		if (i > 0)
			g_string_append(line, ", ");
		layout_person(line, names->pdata[i]);
	}
	if (shown < names->len)
		g_string_append_printf(line, " and %u others", names->len - shown);
}

void layout_link(GString *page, const char *indent, const char *link)
{
	if (link != NULL)
		g_string_append_printf(page, "%s%s\n", indent, link);
}

void layout_title(GString *page, const char *title, const char *more)
{
	size_t length = text_cut(title, strlen(title), LAYOUT_TITLE_BYTES);
	g_autofree char *cut = g_strdup_printf(
		"%.*s%s%s", (int)length, title, title[length] != '\0' ? "…" : "", more);

	layout_wrap(page, "  ", "    ", cut);
}

void layout_entry(
	GString *page, const char *title, const GString *detail, const char *link)
{
	layout_title(page, title, "");
	if (detail->len > 0)
		layout_wrap(page, "    ", "      ", detail->str);
	layout_link(page, "    ", link);
}

bool layout_hides(const struct digest_style *style, const void *entry, unsigned *hidden)
{
	bool hides = style->hidden != NULL && g_hash_table_contains(style->hidden, entry);

	*hidden += hides;
	return hides;
}

void layout_more(GString *page, guint length, guint most)
{
	if (length > most)
		g_string_append_printf(page, "  … and %u more\n", length - most);
}

char *layout_day(int64_t time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time);

	return date ? g_date_time_format(date, "%Y-%m-%d") : g_strdup("----------");
}

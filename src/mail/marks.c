/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/marks.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/msgid.h"
#include "mail/quote.h"

static void marks_add_link(struct marks *marks, const char *id, size_t length)
{
	g_autofree char *escaped = g_strndup(id, MIN(length, 3 * LIMIT_MSGID_BYTES));
	g_autofree char *plain = g_uri_unescape_string(escaped, NULL);

	if (plain == NULL || !msgid_is_valid(plain) || marks->links->len >= LIMIT_LINKS ||
		g_ptr_array_find_with_equal_func(marks->links, plain, g_str_equal, NULL))
		return;
	g_ptr_array_add(marks->links, g_steal_pointer(&plain));
}

/* The parts of the URL at LINE that could be a Message-ID: `@` in it, perhaps escaped. */
static void marks_read_url(struct marks *marks, const char *url, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i <= length; i++) {
		if (i < length && strchr("/?#", url[i]) == NULL)
			continue;
		/* The host's part may hold a user's name. */
		if (start > strlen("https://") &&
			(memchr(url + start, '@', i - start) != NULL ||
				memmem(url + start, i - start, "%40", 3) != NULL))
			marks_add_link(marks, url + start, i - start);
		start = i + 1;
	}
}

static void marks_read_links(struct marks *marks, const char *line, size_t length)
{
	const char *end = line + length;
	const char *url = line;

	while ((url = memmem(url, (size_t)(end - url), "http", 4)) != NULL) {
		const char *stop = url;

		while (stop<end && * stop> ' ' && strchr("<>\"", *stop) == NULL)
			stop++;
		/* Of prose around it. */
		while (stop > url && strchr(".,;:)]'", stop[-1]) != NULL)
			stop--;
		if (stop - url > 8 && (g_str_has_prefix(url, "https://") ||
					      g_str_has_prefix(url, "http://")))
			marks_read_url(marks, url, (size_t)(stop - url));
		url = MAX(stop, url + 4);
	}
}

/* What stands behind NAME and a colon at the start of LINE, in any case; NULL for another line. */
static char *marks_value(const char *line, size_t length, const char *name)
{
	size_t n = strlen(name);

	if (length <= n + 1 || line[n] != ':' || g_ascii_strncasecmp(line, name, n) != 0)
		return NULL;
	return g_strstrip(g_strndup(line + n + 1, length - n - 1));
}

static void marks_take(char **field, char *value)
{
	if (value != NULL && **field == '\0' && *value != '\0' &&
		strchr(value, ' ') == NULL) {
		g_free(*field);
		*field = g_strdup(value);
	}
}

static void marks_read_line(struct marks *marks, const char *line, size_t length)
{
	static const char prerequisite[] = "prerequisite-";
	g_autofree char *base = NULL;
	g_autofree char *change = NULL;
	g_autofree char *id = NULL;

	/* Few lines begin as these do. */
	if (strchr("bcmp", g_ascii_tolower(*line)) == NULL)
		return;
	base = marks_value(line, length, "base-commit");
	change = marks_value(line, length, "change-id");
	id = marks_value(line, length, "message-id");
	if (base != NULL && strspn(base, "0123456789abcdefABCDEF") == strlen(base)) {
		g_autofree char *lower = g_ascii_strdown(base, -1);

		marks_take(&marks->base_commit, lower);
	}
	/* Gerrit's Change-Id is a trailer of one commit, and begins with an I. */
	if (change != NULL && *change != 'I')
		marks_take(&marks->change_id, change);
	if (id != NULL && *id == '<' && g_str_has_suffix(id, ">"))
		marks_add_link(marks, id + 1, strlen(id) - 2);
	if (length > sizeof prerequisite &&
		memcmp(line, prerequisite, strlen(prerequisite)) == 0 &&
		memchr(line, ':', length) != NULL &&
		marks->prerequisites->len < LIMIT_LINKS)
		g_ptr_array_add(marks->prerequisites,
			g_strchomp(g_strndup(line + strlen(prerequisite),
				text_cut(line + strlen(prerequisite),
					length - strlen(prerequisite),
					LIMIT_FIELD_BYTES))));
}

void marks_find(const char *text, size_t length, size_t diff_start, struct marks *marks_r)
{
	struct marks marks = {.base_commit = g_strdup(""),
		.change_id = g_strdup(""),
		.prerequisites = g_ptr_array_new_with_free_func(g_free),
		.links = g_ptr_array_new_with_free_func(g_free)};
	bool has_links = memmem(text, MIN(length, diff_start), "http", 4) != NULL;
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		if (line_length < 10 || quote_is_quoted(line, line_length))
			continue;
		if (g_ascii_isalpha(*line))
			marks_read_line(&marks, line, line_length);
		if (has_links && (size_t)(line - text) < diff_start)
			marks_read_links(&marks, line, line_length);
	}
	*marks_r = marks;
}

void marks_release(struct marks *marks)
{
	g_free(marks->base_commit);
	g_free(marks->change_id);
	g_clear_pointer(&marks->prerequisites, g_ptr_array_unref);
	g_clear_pointer(&marks->links, g_ptr_array_unref);
	*marks = (struct marks){0};
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/patch.h"

/* What is being read: at most one file, at most one hunk of it. */
struct diff {
	GPtrArray *paths;
	uint8_t *id;
	char *old_name, *new_name; /* without a/ and b/, NULL for none */
	uint32_t added, deleted;
	uint64_t old_left, new_left; /* lines that the hunk still has */
	struct hash hash;
	char buffer[2048]; /* bytes that hash has to get */
	size_t used;
	bool in_file, is_git;
	bool in_extended; /* between `diff --git` and the first hunk */
};

static void diff_free_path(void *data)
{
	struct patch_path *path = data;

	g_free(path->path);
	g_free(path);
}

GPtrArray *diff_new_paths(void)
{
	return g_ptr_array_new_with_free_func(diff_free_path);
}

/* Files add up, as a little-endian number, so that their order does not count. */
static void diff_add_to_id(const uint8_t digest[HASH_BYTES], uint8_t id[HASH_BYTES])
{
	unsigned carry = 0;

	for (int i = 0; i < HASH_BYTES; i++) {
		carry += id[i] + digest[i];
		id[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void diff_hash_buffered(struct diff *diff)
{
	hash_update(&diff->hash, diff->buffer, diff->used);
	diff->used = 0;
}

static void diff_end_file(struct diff *diff)
{
	const char *name = diff->new_name ? diff->new_name : diff->old_name;
	uint8_t digest[HASH_BYTES];

	if (diff->in_file && name != NULL) {
		if (diff->paths->len < LIMIT_PATHS) {
			struct patch_path *path = g_new0(struct patch_path, 1);

			path->path = g_strdup(name);
			path->added = diff->added;
			path->deleted = diff->deleted;
			g_ptr_array_add(diff->paths, path);
		}
		diff_hash_buffered(diff);
		hash_update_field(&diff->hash, name, strlen(name));
		hash_final(&diff->hash, digest);
		diff_add_to_id(digest, diff->id);
	}
	g_clear_pointer(&diff->old_name, g_free);
	g_clear_pointer(&diff->new_name, g_free);
	diff->used = 0;
	diff->added = diff->deleted = 0;
	diff->old_left = diff->new_left = 0;
	diff->in_file = diff->is_git = diff->in_extended = false;
}

static void diff_begin_file(struct diff *diff, bool is_git)
{
	diff_end_file(diff);
	diff->in_file = true;
	diff->is_git = diff->in_extended = is_git;
	hash_init(&diff->hash);
}

/* A name in git's C quotes (git-config core.quotePath): octal and letter escapes undone. */
static char *diff_unquote(const char *name, size_t length)
{
	g_autofree char *inside = NULL;
	g_autofree char *bytes = NULL;

	if (length < 2 || name[0] != '"' || name[length - 1] != '"')
		return text_sanitize_line(name, length);
	inside = g_strndup(name + 1, length - 2);
	bytes = g_strcompress(inside);
	return text_sanitize_line(bytes, strlen(bytes));
}

/* The name in a header line, without its time stamp and first component (-p1); NULL for
 * /dev/null. */
static char *diff_name(const char *field, size_t length)
{
	const char *tab = memchr(field, '\t', length);
	g_autofree char *name = NULL;
	const char *slash;

	if (tab != NULL)
		length = (size_t)(tab - field);
	name = diff_unquote(field, length);
	if (strcmp(name, "/dev/null") == 0)
		return NULL;
	slash = strchr(name, '/');
	return g_strdup(slash && slash[1] != '\0' ? slash + 1 : name);
}

/* `diff --git a/x b/x`: both names are the same but for renames, which name themselves
 * later. */
static char *diff_git_name(const char *line, size_t length)
{
	static const size_t prefix = sizeof "diff --git " - 1;
	size_t names = length - prefix;

	line += prefix;
	if (names % 2 == 1 && names > 4 && line[names / 2] == ' ')
		return diff_name(line + names / 2 + 1, names / 2);
	return NULL;
}

static bool diff_take_header(struct diff *diff, const char *line, size_t length)
{
	static const char *const renames[] = {"rename to ", "copy to "};

	if (length >= 6 && memcmp(line, "--- ", 4) == 0) {
		if (!diff->is_git || diff->old_left + diff->new_left > 0)
			diff_begin_file(diff, false);
		g_free(diff->old_name);
		diff->old_name = diff_name(line + 4, length - 4);
		return true;
	}
	if (length >= 6 && memcmp(line, "+++ ", 4) == 0 && diff->in_file) {
		g_free(diff->new_name);
		diff->new_name = diff_name(line + 4, length - 4);
		/* A second `---` is another file even without a `diff` line. */
		diff->is_git = false;
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(renames); i++) {
		size_t n = strlen(renames[i]);

		if (diff->in_file && length > n && memcmp(line, renames[i], n) == 0) {
			g_free(diff->new_name);
			diff->new_name = diff_unquote(line + n, length - n);
			return true;
		}
	}
	return false;
}

/* `,b`, 1 without it; no more than fits, so that two can be added. */
static uint64_t diff_take_count(char **cursor)
{
	guint64 count = **cursor == ',' ? g_ascii_strtoull(*cursor + 1, cursor, 10) : 1;

	return MIN(count, UINT32_MAX);
}

/* `@@ -a,b +c,d @@`: the counts; 1 where one is left out. */
static bool diff_take_hunk(struct diff *diff, const char *line, size_t length)
{
	g_autofree char *copy = g_strndup(line, MIN(length, 80));
	char *cursor = copy + 4;

	if (!g_str_has_prefix(copy, "@@ -") || !g_ascii_isdigit(*cursor))
		return false;
	strtoul(cursor, &cursor, 10);
	diff->old_left = diff_take_count(&cursor);
	if (*cursor++ != ' ' || *cursor++ != '+')
		return false;
	strtoul(cursor, &cursor, 10);
	diff->new_left = diff_take_count(&cursor);
	return true;
}

/* Without its white space, so that a relay's or editor's does not count. */
static void diff_hash_line(struct diff *diff, const char *line, size_t length)
{
	for (size_t i = 0; i <= length; i++) {
		char c = i < length ? line[i] : '\n';

		if (i < length && g_ascii_isspace(c))
			continue;
		if (diff->used == sizeof diff->buffer)
			diff_hash_buffered(diff);
		diff->buffer[diff->used++] = c;
	}
}

/* A line of the hunk; false when the hunk is over, by its counts or because the line is
 * none. */
static bool diff_take_body(struct diff *diff, const char *line, size_t length)
{
	char mark = length > 0 ? *line : ' ';

	if (diff->old_left + diff->new_left == 0)
		return false;
	if (mark == '+' && diff->new_left > 0) {
		diff->new_left--;
		diff->added++;
	} else if (mark == '-' && diff->old_left > 0) {
		diff->old_left--;
		diff->deleted++;
	} else if (mark == ' ' || mark == '\t') {
		diff->old_left -= diff->old_left > 0;
		diff->new_left -= diff->new_left > 0;
	} else if (mark != '\\') {
		diff->old_left = diff->new_left = 0;
		return false;
	}
	diff_hash_line(diff, line, length);
	return true;
}

/* The signature, its blank cut or not, or a list's footer. */
static bool diff_is_end(const char *line, size_t length)
{
	return (length == 2 && memcmp(line, "--", 2) == 0) ||
	       (length == 3 && memcmp(line, "-- ", 3) == 0) ||
	       patch_is_footer_rule(line, length);
}

/* `index 1111111..2222222 100644` changes with the base and says nothing of the change. */
static bool diff_is_index(const char *line, size_t length)
{
	return length > 6 && memcmp(line, "index ", 6) == 0;
}

void diff_read(
	const char *text, size_t length, GPtrArray *paths, uint8_t id_r[HASH_BYTES])
{
	struct diff diff = {.paths = paths, .id = id_r};
	size_t cursor = 0, line_length;
	const char *line;

	memset(id_r, 0, HASH_BYTES);
	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		if (diff.in_file && diff_take_body(&diff, line, line_length))
			continue;
		if (line_length > 11 && memcmp(line, "diff --git ", 11) == 0) {
			diff_begin_file(&diff, true);
			diff.new_name = diff_git_name(line, line_length);
			continue;
		}
		if (diff_is_end(line, line_length))
			diff.in_extended = false;
		if (diff_take_header(&diff, line, line_length) || !diff.in_file)
			continue;
		if (diff_take_hunk(&diff, line, line_length))
			diff.in_extended = false;
		else if (diff.in_extended && !diff_is_index(line, line_length))
			diff_hash_line(&diff, line, line_length);
	}
	diff_end_file(&diff);
}

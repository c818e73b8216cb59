/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/patch.h"

enum diff_state {
	DIFF_OUTSIDE,
	DIFF_EXTENDED, /* between `diff --git` and the first hunk */
	DIFF_BINARY,   /* what stands there is told by the index line already */
	DIFF_HUNKS,
};

/* What is being read: at most one file, at most one hunk of it. */
struct diff {
	GPtrArray *paths;
	uint8_t *id;
	char *old_name,
		*new_name; /* as in the header lines, NULL for none or /dev/null */
	char *renamed;     /* of `rename to`: it has no prefix */
	bool no_prefix;    /* both names of `diff --git` are the same */
	char *blobs;       /* of the index line */
	uint32_t added, deleted;
	struct diff_hunk hunk;
	bool hunk_began; /* by the line before this one */
	struct hash hash;
	char buffer[2048]; /* bytes that hash has to get */
	size_t used;
	enum diff_state state;
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

static bool diff_begins(const char *line, size_t length, const char *prefix)
{
	size_t n = strlen(prefix);

	return length >= n && memcmp(line, prefix, n) == 0;
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

/* NAME without its first component (-p1). */
static const char *diff_without_prefix(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : name;
}

/* The name that the file has when the diff is applied, NULL where none was told. */
static const char *diff_path(const struct diff *diff)
{
	const char *name = diff->new_name ? diff->new_name : diff->old_name;
	const char *old = diff->old_name;

	if (diff->renamed != NULL)
		return diff->renamed;
	if (name == NULL)
		return NULL;
	if (diff->no_prefix || (old != NULL && name != old && strcmp(old, name) == 0))
		return name;
	/* As patch(1) and git apply, of `a.c` and `a.c.new` the shorter. */
	if (old != NULL && g_str_has_prefix(name, old))
		name = old;
	return diff_without_prefix(name);
}

static void diff_end_file(struct diff *diff)
{
	const char *name = diff_path(diff);
	uint8_t digest[HASH_BYTES];

	if (diff->state != DIFF_OUTSIDE && name != NULL) {
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
	g_clear_pointer(&diff->renamed, g_free);
	g_clear_pointer(&diff->blobs, g_free);
	diff->used = 0;
	diff->added = diff->deleted = 0;
	diff->hunk = (struct diff_hunk){0};
	diff->no_prefix = false;
	diff->state = DIFF_OUTSIDE;
}

static void diff_begin_file(struct diff *diff, enum diff_state state)
{
	diff_end_file(diff);
	diff->state = state;
	hash_init(&diff->hash);
}

char *diff_unquote(const char *name, size_t length)
{
	g_autofree char *inside = NULL;
	g_autofree char *bytes = NULL;

	if (length < 2 || name[0] != '"' || name[length - 1] != '"')
		return text_sanitize_line(name, length);
	inside = g_strndup(name + 1, length - 2);
	bytes = g_strcompress(inside);
	return text_sanitize_line(bytes, strlen(bytes));
}

/* How much of the LENGTH bytes at FIELD stands before a time as diff(1) writes it, where a mail
 * program made a blank of the tab between them. */
static size_t diff_without_time(const char *field, size_t length)
{
	static const char shape[] = " 0000-00-00 00:00:00";

	for (size_t i = 1; i + sizeof shape - 1 <= length; i++) {
		size_t n = 0;

		while (n < sizeof shape - 1 &&
			(shape[n] == '0' ? g_ascii_isdigit(field[i + n])
					 : field[i + n] == shape[n]))
			n++;
		if (n == sizeof shape - 1)
			return i;
	}
	return length;
}

/* The name in a header line, without its time stamp; NULL for /dev/null or none. */
static char *diff_name(const char *field, size_t length)
{
	const char *tab = memchr(field, '\t', length);
	char *name;

	length = tab ? (size_t)(tab - field) : diff_without_time(field, length);
	name = diff_unquote(field, length);
	if (*name == '\0' || strcmp(name, "/dev/null") == 0)
		g_clear_pointer(&name, g_free);
	return name;
}

/* `diff --git a/x b/x`: both names are the same but for renames, which name themselves
 * later. */
static void diff_take_git_names(struct diff *diff, const char *line, size_t length)
{
	size_t prefix = strlen("diff --git "), names = length - prefix;

	line += prefix;
	if (names % 2 == 0 || names <= 2 || line[names / 2] != ' ')
		return;
	diff->no_prefix = memcmp(line, line + names / 2 + 1, names / 2) == 0;
	diff->new_name = diff_name(line + names / 2 + 1, names / 2);
}

/* `index 1111111..2222222 100644` changes with the base and says nothing of the change, but for
 * a binary file, of which there may be nothing else. */
static void diff_take_index(struct diff *diff, const char *line, size_t length)
{
	const char *blobs = line + strlen("index ");
	const char *mode = memchr(blobs, ' ', length - strlen("index "));

	g_free(diff->blobs);
	diff->blobs = g_strndup(blobs, (size_t)((mode ? mode : line + length) - blobs));
}

/* Without its white space and its end, so that a relay's or editor's does not count; as git
 * patch-id, to which an empty line of the context is nothing. */
static void diff_hash_line(struct diff *diff, const char *line, size_t length)
{
	while (length > 0) {
		size_t n = MIN(length, sizeof diff->buffer);
		char *to = diff->buffer + diff->used;

		if (n > sizeof diff->buffer - diff->used) {
			diff_hash_buffered(diff);
			to = diff->buffer;
		}
		/* Without a branch: nobody can foretell where the blanks are. */
		for (size_t i = 0; i < n; i++) {
			*to = line[i];
			to += !g_ascii_isspace(line[i]);
		}
		diff->used = (size_t)(to - diff->buffer);
		line += n;
		length -= n;
	}
}

static bool diff_is_binary(const char *line, size_t length)
{
	return diff_begins(line, length, "GIT binary patch") ||
	       diff_begins(line, length, "Binary files ");
}

/* A line between `diff --git` and the first hunk (git-diff(1), generating patch text). */
static void diff_take_extended(struct diff *diff, const char *line, size_t length)
{
	static const char *const renames[] = {"rename to ", "copy to "};

	if (diff_begins(line, length, "index ")) {
		diff_take_index(diff, line, length);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(renames); i++)
		if (diff_begins(line, length, renames[i])) {
			size_t n = strlen(renames[i]);

			g_free(diff->renamed);
			diff->renamed = diff_name(line + n, length - n);
		}
	if (diff->blobs != NULL && diff_is_binary(line, length)) {
		diff_hash_line(diff, diff->blobs, strlen(diff->blobs));
		diff->state = DIFF_BINARY;
		return;
	}
	diff_hash_line(diff, line, length);
}

/* `--- a/x`, confirmed by the line behind it, which is at NEXT. */
static bool diff_take_names(
	struct diff *diff, const char *line, size_t length, const char *next, size_t rest)
{
	const char *end = memchr(next, '\n', rest);
	size_t next_length = end ? (size_t)(end - next) : rest;

	if (length < 5 || memcmp(line, "--- ", 4) != 0 ||
		!diff_begins(next, next_length, "+++ "))
		return false;
	/* A second `---` is another file even without a `diff` line. */
	if (diff->state != DIFF_EXTENDED)
		diff_begin_file(diff, DIFF_HUNKS);
	g_free(diff->old_name);
	g_free(diff->new_name);
	diff->old_name = diff_name(line + 4, length - 4);
	diff->new_name = diff_name(next + 4, next_length - 4);
	diff->state = DIFF_HUNKS;
	return true;
}

/* `,b`, 1 without it; no more than fits, so that two can be added. */
static uint64_t diff_take_count(char **cursor)
{
	guint64 count = **cursor == ',' ? g_ascii_strtoull(*cursor + 1, cursor, 10) : 1;

	return MIN(count, UINT32_MAX);
}

bool diff_begin_hunk(const char *line, size_t length, struct diff_hunk *hunk_r)
{
	g_autofree char *copy = NULL;
	struct diff_hunk hunk;
	char *cursor;

	if (length < 5 || !diff_begins(line, length, "@@ -") || !g_ascii_isdigit(line[4]))
		return false;
	copy = g_strndup(line, MIN(length, 80));
	strtoul(copy + 4, &cursor, 10);
	hunk.old_left = diff_take_count(&cursor);
	if (*cursor++ != ' ' || *cursor++ != '+')
		return false;
	strtoul(cursor, &cursor, 10);
	hunk.new_left = diff_take_count(&cursor);
	*hunk_r = hunk;
	return true;
}

char diff_take_line(const char *line, size_t length, struct diff_hunk *hunk)
{
	/* Mail programs cut the blank of an empty line, join it with a tab or make it
	 * U+00A0. */
	bool blank = length == 0 || *line == '\t' ||
		     diff_begins(line, length, "\xc2\xa0");
	char mark = blank ? ' ' : *line;

	if (hunk->old_left + hunk->new_left == 0)
		return '\0';
	if (mark == '+' && hunk->new_left > 0) {
		hunk->new_left--;
	} else if (mark == '-' && hunk->old_left > 0) {
		hunk->old_left--;
	} else if (mark == ' ') {
		hunk->old_left -= hunk->old_left > 0;
		hunk->new_left -= hunk->new_left > 0;
	} else if (mark != '\\') {
		*hunk = (struct diff_hunk){0};
		return '\0';
	}
	return mark;
}

/* The signature, its blank cut or not, or a list's footer. */
static bool diff_is_end(const char *line, size_t length)
{
	return (length == 2 && memcmp(line, "--", 2) == 0) ||
	       (length == 3 && memcmp(line, "-- ", 3) == 0) ||
	       patch_is_footer_rule(line, length);
}

/* A line of the hunk; false when the hunk is over. */
static bool diff_take_body(struct diff *diff, const char *line, size_t length)
{
	struct diff_hunk whole = diff->hunk;
	char mark = diff_take_line(line, length, &diff->hunk);
	bool began = diff->hunk_began;

	diff->hunk_began = false;
	if (mark == '\0' && began && !diff_is_end(line, length) && *line != '@') {
		/* Mail programs wrap the long `@@ -1,3 +1,3 @@ function` too. */
		diff->hunk = whole;
		return whole.old_left + whole.new_left > 0;
	}
	if (mark == '\0')
		return false;
	diff->added += mark == '+';
	diff->deleted += mark == '-';
	/* git patch-id does not count `\ No newline at end of file`. */
	if (mark != '\\')
		diff_hash_line(diff, line, length);
	return true;
}

void diff_read(
	const char *text, size_t length, GPtrArray *paths, uint8_t id_r[HASH_BYTES])
{
	struct diff diff = {.paths = paths, .id = id_r};
	size_t cursor = 0, line_length;
	const char *line;

	memset(id_r, 0, HASH_BYTES);
	while (text_next_line(text, length, &cursor, &line, &line_length)) {
		if (diff_take_body(&diff, line, line_length))
			continue;
		if (diff_begins(line, line_length, "diff --git ")) {
			diff_begin_file(&diff, DIFF_EXTENDED);
			diff_take_git_names(&diff, line, line_length);
		} else if (diff_is_end(line, line_length) ||
			   (diff.state == DIFF_EXTENDED && line_length == 0)) {
			/* An empty line stands in no header: what follows is git
			 * format-patch's or the sender's. */
			diff_end_file(&diff);
		} else if (diff_take_names(&diff, line, line_length, text + cursor,
				   length - cursor)) {
			text_next_line(text, length, &cursor, &line, &line_length);
		} else if (diff.state != DIFF_OUTSIDE &&
			   diff_begin_hunk(line, line_length, &diff.hunk)) {
			diff.state = DIFF_HUNKS;
			diff.hunk_began = true;
		} else if (diff.state == DIFF_EXTENDED) {
			diff_take_extended(&diff, line, line_length);
		}
	}
	diff_end_file(&diff);
}

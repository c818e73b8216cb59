/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tap.h"

/* A body that is HEAD, then COUNT times UNIT, in which an `N` at its end is a number. */
static const struct parts_row {
	const char *rule, *head, *unit;
	unsigned count;
	bool numbered;
	unsigned kept; /* units; all of them: no limit */
} parts_rows[] = {
	{"as many as LIMIT_PARTS", "", "--b\n", 200, false, 200},
	{"one more", "", "--b\n", 201, false, 200},
	{"many", "preamble\n", "--b\n\ntext\n", 5000, false, 200},
	{"blanks behind a delimiter make no other one", "", "--b \n--b\t\n", 200, false,
		100},
	{"CRLF", "", "--b\r\n\r\n", 5000, false, 200},
	{"delimiters that differ, once each", "", "--", 5000, true, 5000},
	{"separators of a patch mail", "", "---\n", 5000, false, 5000},
	{"headers of a diff", "", "--- a/x.c\n+++ b/x.c\n", 5000, false, 5000},
	{"signatures", "", "-- \n", 5000, false, 5000},
	{"a signature without its blank", "", "--\n", 5000, false, 5000},
	{"quoted delimiters", "", "> --b\n", 5000, false, 5000},
	{"words", "", "one -- two\n", 5000, false, 5000},
};

static GString *build(const struct parts_row *row, unsigned count)
{
	GString *body = g_string_new(row->head);

	for (unsigned i = 0; i < count; i++) {
		g_string_append(body, row->unit);
		if (row->numbered)
			g_string_append_printf(body, "%u\n", i);
	}
	return body;
}

static void test_rows(void)
{
	bool named = true;

	for (size_t i = 0; i < G_N_ELEMENTS(parts_rows); i++) {
		const struct parts_row *row = &parts_rows[i];
		g_autoptr(GString) body = build(row, row->count);
		g_autoptr(GString) kept = build(row, row->kept);
		char *exact = tap_exact(body->str, body->len);
		const char *limit = NULL;

		tap_number(row->rule,
			(int64_t)parts_bounded_length(exact, body->len, &limit),
			(int64_t)kept->len);
		named = named &&
			g_strcmp0(limit, row->kept < row->count ? "number of MIME parts"
								: NULL) == 0;
		free(exact);
	}
	tap_true("the limit is named where it was passed, and not else", named);
}

/* 150 parts of each of 100 trees are 15,000 parts. */
static void test_trees(void)
{
	g_autoptr(GString) body = g_string_new(NULL);
	const char *limit = NULL;
	size_t kept;

	for (unsigned tree = 0; tree < 100; tree++)
		for (unsigned part = 0; part < 150; part++)
			g_string_append_printf(body, "--b%u\n", tree);
	kept = parts_bounded_length(body->str, body->len, &limit);
	tap_true("many trees: no more than LIMIT_DELIMITERS again",
		kept < 2100 * strlen("--b99\n") && kept > 1900 * strlen("--b0\n"));
	tap_string("many trees: the limit is named", limit, "number of MIME parts");
}

/* RFC 2046 5.1.1: a boundary is at most 70 characters; what is longer is compared by as
 * much. */
static void test_long_lines(void)
{
	g_autofree char *line = g_strnfill(100000, 'x');
	g_autoptr(GString) body = g_string_new(NULL);
	const char *limit = NULL;

	for (unsigned i = 0; i < 20; i++)
		g_string_append_printf(body, "--%s\n", line);
	tap_number("long lines: some",
		(int64_t)parts_bounded_length(body->str, body->len, &limit),
		(int64_t)body->len);
	tap_string("long lines: no limit", limit, NULL);
}

static const struct fields_row {
	const char *rule, *head, *unit;
	unsigned count;
	bool cut;
} fields_rows[] = {
	{"fields of a part: as many as LIMIT_PART_FIELDS", "--b\n", "a: b\n", 20000,
		false},
	{"fields of a part: one more", "--b\n", "a: b\n", 20001, true},
	{"fields of a part: as much as LIMIT_PART_FIELD_BYTES", "--b\na:\n",
		" 89abcdef\n", 116000, false},
	{"fields of a part: more", "--b\na:\n", " 89abcdef\n", 120000, true},
	{"fields of many parts", "", "--b\na: b\na: b\n\n", 199, false},
	{"fields with other lines between", "--b\n", "a: b\nwords\n", 20001, true},
	{"fields with names that are none", "--b\n", "\xc3\xbc\x7f : b\n", 20001, true},
	{"fields of a forwarded mail", "--b\nContent-Type:\n  Message/RFC822\n\n",
		"a: b\n", 20001, true},
	{"fields of a mail in a digest", "--b\n\n", "a: b\n", 20001, true},
	{"fields of a mail that is the whole body", "\n", "a: b\n", 20001, true},
	{"what looks like fields in a text", "--b\nContent-Type: text/plain\n\n",
		"a: b\n", 40000, false},
	{"a build's log", "--b\nContent-Type: text/plain\n\n", "x.c:1:2: error\n", 100000,
		false},
	{"a diff", "--b\nContent-Type: text/plain\n\n--- a/x\n+++ b/x\n",
		"+\ta: b\n a: b\n", 100000, false},
};

static void test_fields(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields_rows); i++) {
		const struct fields_row *row = &fields_rows[i];
		g_autoptr(GString) body = g_string_new(row->head);
		const char *limit = NULL;
		size_t kept;

		for (unsigned j = 0; j < row->count; j++)
			g_string_append(body, row->unit);
		kept = parts_bounded_length(body->str, body->len, &limit);
		tap_true(row->rule, row->cut == (kept < body->len));
		if (row->cut)
			tap_string(row->rule, limit, "header size of MIME parts");
	}
}

int main(void)
{
	test_rows();
	test_fields();
	test_trees();
	test_long_lines();
	return tap_end();
}

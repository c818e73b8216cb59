/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/keyring.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tap.h"

#define KEY "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static const struct keyring_row {
	const char *rule, *identity, *selector;
	const char
		*path; /* below ed25519/, where a key is; NULL: the words can name none */
} keyring_rows[] = {
	{"domain, name and selector", "ada@x.org", "2026", "x.org/ada/2026"},
	{"all in lower case", "Ada@X.ORG", "Home", "x.org/ada/home"},
	{"what stays as it is", "a-b_c.d~1@x-1.org", "a.b", "x-1.org/a-b_c.d~1/a.b"},
	{"what does not", "a+b=c%d@[::1]", "a b", "%5B%3A%3A1%5D/a%2Bb%3Dc%25d/a%20b"},
	{"UTF-8", "Gr\xc3\xbc\xc3\x9f@\xc3\x84.org", "\xc3\x96",
		"%C3%A4.org/gr%C3%BC%C3%9F/%C3%B6"},
	{"the first @ counts", "a@b@c", "d", "b%40c/a/d"},
	{"a slash is no way out", "../x@/etc", "a/b", "%2Fetc/..%2Fx/a%2Fb"},
	{"more dots are a name", "...@x.org", "....", "x.org/.../...."},
	{"no @", "ada", "2026", NULL},
	{"no name", "@x.org", "2026", NULL},
	{"no domain", "ada@", "2026", NULL},
	{"no selector", "ada@x.org", "", NULL},
	{"a domain of dots", "ada@..", "2026", NULL},
	{"a name of dots", "..@x.org", "2026", NULL},
	{"a selector of dots", "ada@x.org", "..", NULL},
	{"a domain of one dot", "ada@.", "2026", NULL},
	{"a name of one dot", ".@x.org", "2026", NULL},
	{"not UTF-8", "ada\xff@x.org", "2026", NULL},
	{"a cut letter", "ada\xc3@x.org", "2026", NULL},
	{"nothing", "", "", NULL},
};

static void make_key(const char *ring, const char *path, const char *text)
{
	g_autofree char *full = g_build_filename(ring, "ed25519", path, NULL);
	g_autofree char *directory = g_path_get_dirname(full);

	g_mkdir_with_parents(directory, 0755);
	g_file_set_contents(full, text, -1, NULL);
	chmod(full, 0644);
}

static void remove_ring(const char *ring)
{
	const char *const words[] = {"rm", "-rf", ring, NULL};

	g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL, G_SPAWN_SEARCH_PATH, NULL,
		NULL, NULL, NULL, NULL, NULL);
}

static void test_names(const char *top)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keyring_rows); i++) {
		const struct keyring_row *row = &keyring_rows[i];
		g_autofree char *ring = g_strdup_printf("%s/%zu", top, i);
		struct keyring_answer answer = {.found = KEYRING_NONE};
		enum status status;

		g_mkdir(ring, 0755);
		/* Where a way out would lead. */
		make_key(ring, "../2026", KEY);
		make_key(ring, "2026", KEY);
		if (row->path != NULL)
			make_key(ring, row->path, KEY);
		status = keyring_find(ring, row->identity, row->selector, &answer);
		if (!tap_true(row->rule,
			    status == STATUS_OK &&
				    answer.found ==
					    (row->path ? KEYRING_KEY : KEYRING_NO_KEY)))
			tap_note("%s", answer.why ? answer.why : "a key");
	}
}

static const struct file_row {
	const char *rule, *text;
	bool good;
} file_rows[] = {
	{"a key", KEY, true},
	{"with blanks and lines around it", " \n" KEY "\r\n\n", true},
	{"cut short", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR", false},
	{"31 bytes", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUQ==", false},
	{"33 bytes", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURoA", false},
	{"bits behind the end", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=", false},
	{"other digits", "11qYAYKxCrfVS-7TyWQHOg7hcvPapiMlrwIaaPcHURo=", false},
	{"a blank within", "11qYAYKxCrfVS/7TyWQHOg 7hcvPapiMlrwIaaPcHURo=", false},
	{"two keys", KEY "\n" KEY, false},
	{"a comment", "# ada\n" KEY, false},
	{"an OpenSSH key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", false},
	{"empty", "", false},
};

static void test_files(const char *top)
{
	g_autofree char *ring = g_build_filename(top, "files", NULL);
	g_autofree char *path = g_build_filename(ring, "ed25519/x.org/ada/a", NULL);
	g_autofree char *long_text = g_strnfill(1024 * 1024, ' ');
	struct keyring_answer answer;

	for (size_t i = 0; i < G_N_ELEMENTS(file_rows); i++) {
		const struct file_row *row = &file_rows[i];

		make_key(ring, "x.org/ada/a", row->text);
		answer = (struct keyring_answer){0};
		keyring_find(ring, "ada@x.org", "a", &answer);
		tap_true(row->rule, (answer.found == KEYRING_KEY) == row->good &&
					    (answer.why == NULL) == row->good &&
					    (answer.key[0] == 0xd7) == row->good);
	}
	make_key(ring, "x.org/ada/a", long_text);
	keyring_find(ring, "ada@x.org", "a", &answer);
	tap_string("1 MB", answer.why, "the key's file is too long");
	g_file_set_contents(path, KEY "\0", sizeof KEY, NULL);
	chmod(path, 0644);
	keyring_find(ring, "ada@x.org", "a", &answer);
	tap_string("a NUL", answer.why, "the key's file has no ed25519 key");
	keyring_find("/nonexistent/keyring", "ada@x.org", "a", &answer);
	tap_number("no keyring", answer.found, KEYRING_NONE);
}

int main(void)
{
	g_autofree char *top = g_dir_make_tmp("mldigest-keyring.XXXXXX", NULL);

	if (top == NULL)
		return 99;
	test_names(top);
	test_files(top);
	remove_ring(top);
	return tap_end();
}

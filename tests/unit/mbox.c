/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "mail/source.h"
#include "tap.h"

#define SEPARATOR "From ada@x.example Sat Nov  1 09:05:00 2025"

/* Whether LINE separates, as the rows have it. */
static bool separates(const char *line)
{
	return g_str_has_prefix(line, SEPARATOR);
}

/* What the mbox TEXT holds, told line by line, each mail in brackets.  The caller frees. */
static char *expect_mails(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *out = g_string_new("[");
	const char *blank = NULL;
	bool first = true;

	for (char **line = lines + 1; *line != NULL; line++) {
		bool last = line[1] == NULL;
		const char *c = *line;

		if (last && *c == '\0')
			break;
		if (blank != NULL && separates(c)) {
			g_string_append(out, "][");
			blank = NULL;
			first = true;
			continue;
		}
		if (blank != NULL)
			g_string_append_printf(out, "%s\n", blank);
		first = first && blank == NULL;
		blank = NULL;
		if (!last && (*c == '\0' || strcmp(c, "\r") == 0)) {
			blank = c;
			continue;
		}
		if (*c == '>' && g_str_has_prefix(c + strspn(c, ">"), "From "))
			c++;
		/* mail/raw.h: a `From ` line that begins a mail is not of it. */
		if (!first || !g_str_has_prefix(c, "From "))
			g_string_append_printf(out, "%s%s", c, last ? "" : "\n");
		first = false;
	}
	return g_string_free(g_string_append_c(out, ']'), FALSE);
}

/* The same, as mail/mbox.c reads it from PATH. */
static char *read_mails(const char *path)
{
	GString *out = g_string_new(NULL);
	struct source_item item;
	struct source *source;

	if (source_open_mbox(path, &source) != STATUS_OK)
		abort();
	while (source->ops->next(source, &item) == STATUS_OK) {
		g_string_append_printf(out, "[%s]", item.raw.bytes->str);
		source_item_release(&item);
	}
	source->ops->free(source);
	return g_string_free(out, FALSE);
}

struct piecemeal {
	const char *text;
	int fd;
};

static void *write_piecemeal(void *data)
{
	const struct piecemeal *piecemeal = data;

	for (const char *c = piecemeal->text; *c != '\0'; c++)
		if (write(piecemeal->fd, c, 1) != 1)
			abort();
	close(piecemeal->fd);
	return NULL;
}

static char *read_from_pipe(const char *text)
{
	struct piecemeal piecemeal = {.text = text};
	g_autofree char *path = NULL;
	GThread *thread;
	char *mails;
	int fds[2];

	if (pipe(fds) != 0)
		abort();
	piecemeal.fd = fds[1];
	path = g_strdup_printf("/dev/fd/%d", fds[0]);
	thread = g_thread_new("writer", write_piecemeal, &piecemeal);
	mails = read_mails(path);
	g_thread_join(thread);
	close(fds[0]);
	return mails;
}

static char *read_from_file(const char *text)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("mldigest-mbox-XXXXXX", &path, NULL);
	char *mails;

	if (fd < 0 || !g_file_set_contents(path, text, -1, NULL))
		abort();
	mails = read_mails(path);
	close(fd);
	unlink(path);
	return mails;
}

static const struct mbox_row {
	const char *rule;
	const char *text; /* behind the first separator */
	const char *expected;
} mbox_rows[] = {
	{"the blank line before a separator is the format's",
		"A: 1\n\none\n\n" SEPARATOR "\nB: 2\n", "[A: 1\n\none\n][B: 2\n]"},
	{"of two blank lines one is the mail's", "A: 1\n\n\n\n" SEPARATOR "\nB: 2\n",
		"[A: 1\n\n\n][B: 2\n]"},
	{"without a blank line it separates nothing", "A: 1\n\none\n" SEPARATOR "\ntwo\n",
		"[A: 1\n\none\n" SEPARATOR "\ntwo\n]"},
	{"without a time it separates nothing", "A: 1\n\nFrom there on\n",
		"[A: 1\n\nFrom there on\n]"},
	{"mboxrd: one > less where From follows",
		"A: 1\n\n>From a\n>>From b\n> From c\n>Fromage\n",
		"[A: 1\n\nFrom a\n>From b\n> From c\n>Fromage\n]"},
	{"a quoted separator separates nothing", "A: 1\n\n>" SEPARATOR "\n",
		"[A: 1\n\n" SEPARATOR "\n]"},
	{"a > in a line stays", "A: 1\n\nx>From a\n", "[A: 1\n\nx>From a\n]"},
	{"CRLF: its blank line", "A: 1\r\n\r\none\r\n\r\n" SEPARATOR "\r\nB: 2\r\n",
		"[A: 1\r\n\r\none\r\n][B: 2\r\n]"},
	{"the blank line at the end is the format's", "A: 1\n\none\n\n",
		"[A: 1\n\none\n]"},
	{"the last line may lack its LF", "A: 1\n\none", "[A: 1\n\none]"},
	{"a mail without a byte", "\n" SEPARATOR "\nB: 2\n", "[][B: 2\n]"},
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mbox_rows); i++) {
		const struct mbox_row *row = &mbox_rows[i];
		g_autofree char *text = g_strconcat(SEPARATOR "\n", row->text, NULL);
		g_autofree char *expected = expect_mails(text);
		g_autofree char *file = read_from_file(text);
		g_autofree char *pipe = read_from_pipe(text);

		tap_string(row->rule, file, row->expected);
		tap_string("... a byte at a time", pipe, row->expected);
		tap_string("... line by line", expected, row->expected);
	}
}

/* Lines of all kinds in any order. */
static char *make_text(GRand *random)
{
	static const char *const lines[] = {SEPARATOR, SEPARATOR "\r", ">" SEPARATOR,
		"From me", ">From me", ">>From you", "", "", "", "\r", "F", "text", ">",
		">>", "> From", "x From y", "xFrom " SEPARATOR};
	GString *text = g_string_new(SEPARATOR);
	int count = g_rand_int_range(random, 0, 30);

	for (int i = 0; i < count; i++)
		g_string_append_printf(text, "\n%s",
			lines[g_rand_int_range(random, 0, G_N_ELEMENTS(lines))]);
	if (g_rand_boolean(random))
		g_string_append_c(text, '\n');
	return g_string_free(text, FALSE);
}

static void test_any(void)
{
	enum { TEXTS = 2000, FROM_PIPE = 100 };
	GRand *random = g_rand_new_with_seed(1);
	unsigned right = 0;

	for (unsigned i = 0; i < TEXTS; i++) {
		g_autofree char *text = make_text(random);
		g_autofree char *expected = expect_mails(text);
		g_autofree char *got = i < FROM_PIPE ? read_from_pipe(text)
						     : read_from_file(text);

		if (strcmp(got, expected) == 0)
			right++;
		else if (right == i)
			tap_string("the first that is read otherwise", got, expected);
	}
	tap_number("lines of all kinds, as when told line by line", right, TEXTS);
	g_rand_free(random);
}

int main(void)
{
	tap_deadline(120);
	test_rows();
	test_any();
	return tap_end();
}

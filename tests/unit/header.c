/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static const struct begins_row {
	const char *rule, *bytes;
	bool begins;
} begins_rows[] = {
	{"begins: a field", "Subject: x\n", true},
	{"begins: a field without a value", "X:", true},
	{"RFC 5322 4.5.8: blanks before the colon", "Subject \t: x\n", true},
	{"RFC 5322 2.2: any printable ASCII", "!#~-_: x\n", true},
	{"begins: words are no field", "Hello world: x\n", false},
	{"begins: a blank in front", " Subject: x\n", false},
	{"begins: a colon alone", ": x\n", false},
	{"begins: not ASCII", "Gr\xc3\xbc: x\n", false},
	{"begins: an empty line", "\nSubject: x\n", false},
	{"begins: a name that ends", "Subject", false},
	{"begins: nothing", "", false},
};

static void test_begins(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(begins_rows); i++) {
		const struct begins_row *row = &begins_rows[i];
		size_t length = strlen(row->bytes);
		char *bytes = tap_exact(row->bytes, length);

		tap_true(row->rule, header_begins(bytes, length) == row->begins);
		free(bytes);
	}
}

static const struct filter_row {
	const char *rule, *raw, *kept;
} filter_rows[] = {
	{"filter: what is read stays", "Subject: x\nFrom: y\nDate: z\n\nbody\n",
		"X-Subject: x\nX-From: y\nX-Date: z\n\nbody\n"},
	{"filter: in any case", "SUBJECT: x\nmessage-id: <a@b>\n\n",
		"X-SUBJECT: x\nX-message-id: <a@b>\n\n"},
	{"filter: folded lines go with their field",
		"X-Spam: y\n\tmore\nSubject: x\n more\n\n", "X-Subject: x\n more\n\n"},
	{"filter: a name that begins like one", "Subject-Was: y\nFromage: z\nSub: a\n\n",
		"\n"},
	{"filter: a blank before the colon", "Subject : x\n\n", "X-Subject : x\n\n"},
	{"filter: the newest Received alone",
		"Received: 3\n more\nReceived: 2\n more\nReceived: 1\n\n",
		"X-Received: 3\n more\n\n"},
	{"filter: both of two Subjects, to be chosen from", "Subject: x\nSubject: y\n\n",
		"X-Subject: x\nX-Subject: y\n\n"},
	{"filter: a line that is no field goes",
		">From ida Mon\nSubject: x\njunk\nFrom: y\n\n",
		"X-Subject: x\nX-From: y\n\n"},
	{"filter: the body is whole", "X: y\n\nSubject: no field\n\nX-Own: nor this\n",
		"\nSubject: no field\n\nX-Own: nor this\n"},
	{"filter: CRLF", "X: y\r\nSubject: x\r\n\r\nbody\r\n",
		"X-Subject: x\r\n\r\nbody\r\n"},
	{"filter: a header without a body", "Subject: x\n", "X-Subject: x\n\n"},
	{"filter: MIME's own fields",
		"MIME-Version: 1.0\nContent-Type: text/plain\n"
		"Content-Transfer-Encoding: 8bit\nContent-Disposition: inline\n"
		"Content-Language: en\n\n",
		"MIME-Version: 1.0\nContent-Type: text/plain\n"
		"Content-Transfer-Encoding: 8bit\nContent-Disposition: inline\n\n"},
};

static void test_filter(void)
{
	bool limited = false;

	for (size_t i = 0; i < G_N_ELEMENTS(filter_rows); i++) {
		const struct filter_row *row = &filter_rows[i];
		size_t length = strlen(row->raw);
		char *raw = tap_exact(row->raw, length);
		const char *limit = NULL;
		GString *kept = header_filter(raw, length, &limit);

		tap_bytes(row->rule, kept->str, kept->len, row->kept, strlen(row->kept));
		limited = limited || limit != NULL;
		g_string_free(kept, TRUE);
		free(raw);
	}
	tap_true("filter: none of these passes a limit", !limited);
}

static void test_long_field(void)
{
	g_autoptr(GString) raw = g_string_new("References:");
	const char *limit = NULL;
	GString *kept;

	while (raw->len < 100 * 1024)
		g_string_append(raw, " <a@x.org>\n");
	g_string_append(raw, "Subject: x\n\nbody\n");
	kept = header_filter(raw->str, raw->len, &limit);
	tap_string("long field: the limit is named", limit, "header size");
	tap_true("long field: cut at LIMIT_RAW_FIELD_BYTES", kept->len < 33 * 1024);
	tap_true("long field: the next one and the body are there",
		g_str_has_suffix(kept->str, "\nX-Subject: x\n\nbody\n"));
	g_string_free(kept, TRUE);
}

/* One line past the limit: a NUL at its beginning must hide neither it nor what follows. */
static void test_long_line(void)
{
	g_autoptr(GString) raw = g_string_new("Subject: ");
	const char *limit = NULL;
	GString *kept;

	g_string_append_len(raw, "\0", 1);
	while (raw->len < 100 * 1024)
		g_string_append(raw, "word ");
	g_string_append(raw, "\nDate: x\n\nbody\n");
	kept = header_filter(raw->str, raw->len, &limit);
	tap_string("long line: the limit is named", limit, "header size");
	tap_true("long line: no NUL stays in it", strlen(kept->str) == kept->len);
	tap_true("long line: the next field and the body are there",
		g_str_has_suffix(kept->str, "\nX-Date: x\n\nbody\n"));
	g_string_free(kept, TRUE);
}

static void test_many_fields(void)
{
	g_autoptr(GString) raw = g_string_new("Subject: x\n");
	const char *limit = NULL;
	GString *kept;

	while (raw->len < 600 * 1024)
		g_string_append(raw, "References: <a@x.org> <b@x.org>\n");
	g_string_append(raw, "\nbody\n");
	kept = header_filter(raw->str, raw->len, &limit);
	tap_string("many fields: the limit is named", limit, "header size");
	tap_true("many fields: no more than LIMIT_HEADER_BYTES of them",
		strstr(kept->str, "\n\n") != NULL &&
			strstr(kept->str, "\n\n") - kept->str <= 256 * 1024);
	tap_true("many fields: the first is there",
		g_str_has_prefix(kept->str, "X-Subject: x\n"));
	g_string_free(kept, TRUE);
}

/* Wherever the limit falls in a field, before it or in what GMime's copy of its name has in front. */
static void test_many_short_fields(void)
{
	for (int width = 1; width <= 8; width++) {
		g_autoptr(GString) raw = g_string_new(NULL);
		g_autofree char *name = g_strdup_printf("fields of %d more", width);
		const char *limit = NULL;
		GString *kept;

		while (raw->len < 600 * 1024)
			g_string_append_printf(raw, "To: %*s\n", width, "a");
		g_string_append(raw, "\nbody\n");
		kept = header_filter(raw->str, raw->len, &limit);
		tap_true(name, kept->len <= 256 * 1024 + 16);
		g_string_free(kept, TRUE);
	}
}

static void test_foreign_fields(void)
{
	g_autoptr(GString) raw = g_string_new(NULL);
	const char *limit = NULL;
	GString *kept;

	while (raw->len < 600 * 1024)
		g_string_append(raw, "X-Relay: y\nReceived: z\n");
	g_string_append(raw, "Subject: x\n\nbody\n");
	kept = header_filter(raw->str, raw->len, &limit);
	tap_string("foreign fields: cost nothing", kept->str,
		"X-Received: z\nX-Subject: x\n\nbody\n");
	tap_string("foreign fields: pass no limit", limit, NULL);
	g_string_free(kept, TRUE);
}

/* Of a multipart the body is bounded too; of other mail it is nobody's delimiter. */
static void test_parts(void)
{
	g_autoptr(GString) body = g_string_new("\n");
	g_autoptr(GString)
		multi = g_string_new("Content-Type: Multipart/Mixed; boundary=b\n");
	g_autoptr(GString) plain = g_string_new("Content-Type: text/plain\n");
	const char *multi_limit = NULL, *plain_limit = NULL;
	GString *kept_multi, *kept_plain;

	for (unsigned i = 0; i < 5000; i++)
		g_string_append(body, "--b\n\nx\n");
	g_string_append(multi, body->str);
	g_string_append(plain, body->str);
	kept_multi = header_filter(multi->str, multi->len, &multi_limit);
	kept_plain = header_filter(plain->str, plain->len, &plain_limit);
	tap_string("parts: too many are a limit", multi_limit, "number of MIME parts");
	tap_true("parts: and are cut off", kept_multi->len < 5000);
	tap_string("parts: a plain mail has none", plain_limit, NULL);
	tap_string("parts: and is whole", kept_plain->str, plain->str);
	g_string_free(kept_multi, TRUE);
	g_string_free(kept_plain, TRUE);
}

int main(void)
{
	test_begins();
	test_filter();
	test_long_field();
	test_long_line();
	test_many_fields();
	test_many_short_fields();
	test_foreign_fields();
	test_parts();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests/t-patatt.sh holds the same against git. */
#include "config.h"

#include "mail/mailinfo.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static const struct mailinfo_row {
	const char *rule, *from, *subject, *encoding, *body;
	const char *expected; /* name|email|subject|body; CRLF as LF */
} mailinfo_rows[] = {
	{"a message and a patch", "A <a@x.org>", "[PATCH] s", NULL, "m\n---\n f | 1\n",
		"A|a@x.org|s|m\n---\n f | 1\n"},
	{"subject: what git am drops", "A <a@x.org>", "Re: [a] re: : [b 1/2]  s  t", NULL,
		"m\n", "A|a@x.org|s t|m\n"},
	{"subject: a bracket that stays", "A <a@x.org>", "s [x]", NULL, "m\n",
		"A|a@x.org|s [x]|m\n"},
	{"subject: a bracket that nothing closes", "A <a@x.org>", "[s", NULL, "m\n",
		"A|a@x.org|[s|m\n"},
	{"RFC 2047: words and what is between them", "=?utf-8?q?=C3=84?= <a@x.org>",
		"=?utf-8?q?a_b?= =?utf-8?B?Yw==?= d", NULL, "m\n",
		"\xc3\x84|a@x.org|a bc d|m\n"},
	{"RFC 2047: the charset does not count", "=?iso-8859-1?q?=C4?= <a@x.org>", "s",
		NULL, "m\n", "\xc4|a@x.org|s|m\n"},
	{"from: an address alone", "a@x.org", "s", NULL, "m\n", "a@x.org|a@x.org|s|m\n"},
	{"from: a name in a comment", "a@x.org (A B)", "s", NULL, "m\n",
		"A B|a@x.org|s|m\n"},
	{"from: a quoted name", "\"B, A \\\"C\\\"\" <a@x.org>", "s", NULL, "m\n",
		"B, A \"C\"|a@x.org|s|m\n"},
	{"from: a comment beside a name", "A (x) B <a@x.org>", "s", NULL, "m\n",
		"A (x) B|a@x.org|s|m\n"},
	{"from: an address for a name", "\"b@y\" <a@x.org>", "s", NULL, "m\n",
		"b@y|b@y|s|m\n"},
	{"from: no address", "nobody", "s", NULL, "m\n", "||s|m\n"},
	{"in-body: From and Subject of a patch", "L <l@x.org>", "s", NULL,
		"From: A <a@x.org>\nSubject: [x] t\n u\n\nm\n---\nd\n",
		"A|a@x.org|t u|m\n---\nd\n"},
	{"in-body: without a patch they only go", "L <l@x.org>", "s", NULL,
		"From: A <a@x.org>\n\nm\n", "L|l@x.org|s|m\n"},
	{"in-body: not below the text", "L <l@x.org>", "s", NULL,
		"m\nFrom: A <a@x.org>\n---\nd\n",
		"L|l@x.org|s|m\nFrom: A <a@x.org>\n---\nd\n"},
	{"in-body: the second is text", "L <l@x.org>", "s", NULL,
		"From: A <a@x.org>\nFrom: B <b@x.org>\n---\nd\n",
		"A|a@x.org|s|From: B <b@x.org>\n---\nd\n"},
	{"a patch begins with its diff", "L <l@x.org>", "s", NULL,
		"From: A <a@x.org>\n\nm\ndiff --git a/f b/f\n",
		"A|a@x.org|s|m\ndiff --git a/f b/f\n"},
	{"a patch begins with the old file's name", "L <l@x.org>", "s", NULL,
		"From: A <a@x.org>\n\nm\n--- a/f\n", "A|a@x.org|s|m\n--- a/f\n"},
	{"four dashes begin none", "L <l@x.org>", "s", NULL,
		"From: A <a@x.org>\n\nm\n----\n", "L|l@x.org|s|m\n----\n"},
	{"lines end in CRLF, once", "A <a@x.org>", "s", NULL, "m\r\n\r\nn\r\r\n",
		"A|a@x.org|s|m\n\nn\n"},
	{"DKIM: no empty lines at the end", "A <a@x.org>", "s", NULL, "m\n\n\r\n\n",
		"A|a@x.org|s|m\n"},
	{"DKIM: one line for none", "A <a@x.org>", "s", NULL, "\n\n", "A|a@x.org|s|\n"},
	{"a last line without an end", "A <a@x.org>", "s", NULL, "m\nn",
		"A|a@x.org|s|m\nn\n"},
	{"RFC 2045: quoted-printable", "A <a@x.org>", "s", "Quoted-Printable",
		"m=\nn =3D=20\n=C3=A4=0Ao=zz\n", "A|a@x.org|s|mn = \n\xc3\xa4\no=zz\n"},
	{"RFC 2045: base64", "A <a@x.org>", "s", "BASE64", "bQpu\nCm8=\n",
		"A|a@x.org|s|m\nn\no\n"},
	{"base64: each line begins anew", "A <a@x.org>", "s", "base64", "bQ\nbQ\n",
		"A|a@x.org|s|mm\n"},
	{"base64: what is none counts for nothing", "A <a@x.org>", "s", "base64",
		"b=Q!\nCg==\n", "A|a@x.org|s|m\n"},
};

/* INFO as the table has it; the caller frees. */
static char *describe(const struct mailinfo *info)
{
	g_auto(GStrv) lines = g_strsplit(info->body->str, "\r\n", -1);
	g_autofree char *body = g_strjoinv("\n", lines);

	if (info->failure != NULL)
		return g_strdup_printf("failure: %s", info->failure);
	return g_strdup_printf("%s|%s|%s|%s", info->name->str, info->email->str,
		info->subject->str, body);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mailinfo_rows); i++) {
		const struct mailinfo_row *row = &mailinfo_rows[i];
		size_t length = strlen(row->body);
		char *exact = tap_exact(row->body, length);
		const struct mailinfo_input input = {.from = row->from,
			.subject = row->subject,
			.encoding = row->encoding,
			.body = exact,
			.body_length = length};
		g_autofree char *got = NULL;
		struct mailinfo info;

		mailinfo_read(&input, &info);
		got = describe(&info);
		tap_string(row->rule, got, row->expected);
		mailinfo_release(&info);
		free(exact);
	}
}

static const struct failure_row {
	const char *rule, *from, *type, *encoding;
	const char *body;
	size_t body_length;
	const char *failure;
	bool other_form;
} failure_rows[] = {
	{"parts", "a@x.org", "Multipart/Mixed; Boundary=x", NULL, TAP_BYTES("x"),
		"a mail in parts is not checked", true},
	{"format=flowed", "a@x.org", "text/plain; format=Flowed", NULL, TAP_BYTES("x"),
		"a mail with format=flowed is not checked", true},
	{"a broken encoded word", "=?utf-8?x?a?= <a@x.org>", NULL, NULL, TAP_BYTES("x"),
		"an encoded word in its header is broken", false},
	{"an encoded word without an end", "=?utf-8?q?a <a@x.org>", NULL, NULL,
		TAP_BYTES("x"), "an encoded word in its header is broken", false},
	{"a quote that does not end", "\"a <a@x.org>", NULL, NULL, TAP_BYTES("x"),
		"a quote or comment in From does not end", false},
	{"a NUL", "a@x.org", NULL, NULL, TAP_BYTES("x\0y\n"), "it has a NUL", false},
	{"a NUL in base64", "a@x.org", NULL, "base64", TAP_BYTES("eAB5Cg==\n"),
		"it has a NUL", false},
	{"a NUL in a word", "=?utf-8?q?a=00?= <a@x.org>", NULL, NULL, TAP_BYTES("x"),
		"it has a NUL", false},
};

static void test_failures(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(failure_rows); i++) {
		const struct failure_row *row = &failure_rows[i];
		const struct mailinfo_input input = {.from = row->from,
			.subject = "s",
			.type = row->type,
			.encoding = row->encoding,
			.body = row->body,
			.body_length = row->body_length};
		struct mailinfo info;

		mailinfo_read(&input, &info);
		tap_string(row->rule, info.failure, row->failure);
		tap_true(
			"whether it is for its form", info.other_form == row->other_form);
		mailinfo_release(&info);
	}
}

/* One line of base64 or soft breaks without an end would be read again and again. */
static void read_large(const void *data)
{
	const char *encoding = data;
	size_t length = 16 * 1024 * 1024;
	g_autofree char *body = g_malloc(length);
	struct mailinfo_input input = {.from = "a@x.org",
		.subject = "s",
		.encoding = encoding,
		.body = body,
		.body_length = length};
	struct mailinfo info;

	for (size_t i = 0; i < length; i++)
		body[i] = "YWFh=\n"[i % 6];
	mailinfo_read(&input, &info);
	mailinfo_release(&info);
	memset(body, ' ', length);
	memcpy(body, "From: a\n", 8);
	for (size_t i = 9; i < length; i += 2)
		body[i] = '\n';
	mailinfo_read(&input, &info);
	mailinfo_release(&info);
}

int main(void)
{
	test_rows();
	test_failures();
	tap_survives("16 MB of base64 in short lines", 20, read_large, "base64");
	tap_survives("16 MB of soft line breaks", 20, read_large, "quoted-printable");
	tap_survives("16 MB of an in-body field", 20, read_large, "8bit");
	return tap_end();
}

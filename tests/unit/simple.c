/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which mails are read without GMime; that they are read as GMime does is what the fuzz target
 * "message" holds against it. */
#include "config.h"

#include "mail/simple.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tap.h"

static const struct simple_row {
	const char *rule;
	const char *bytes;
	size_t length;
	const char *expected; /* charset, encoding, flowed, body; "GMime" for none */
} simple_rows[] = {
	{"no MIME at all", TAP_BYTES("From: a\n\ntext\n"), "||text\n"},
	{"no body", TAP_BYTES("From: a\n\n"), "||"},
	{"text/plain", TAP_BYTES("From: a\nContent-Type: text/plain\n\nx"), "||x"},
	{"a charset", TAP_BYTES("Content-Type: text/plain; charset=utf-8\n\nx"),
		"utf-8||x"},
	{"in quotes, folded, in any case",
		TAP_BYTES("content-type: TEXT/Plain;\n\tCharset=\"ISO-8859-1\"\n\nx"),
		"ISO-8859-1||x"},
	{"format=flowed",
		TAP_BYTES("Content-Type: text/plain; format=flowed; delsp=yes\n\nx"),
		"|flowed delsp|x"},
	{"in the clear",
		TAP_BYTES("From: a\nContent-Transfer-Encoding: 8bit\n"
			  "Content-Disposition: inline\n\nx"),
		"||x"},
	{"quoted-printable",
		TAP_BYTES("From: a\nContent-Transfer-Encoding: Quoted-Printable\n\n=3D"),
		"|quoted|=3D"},
	{"a fold of a field that is not read",
		TAP_BYTES("X-A: b\n Content-Type: text/html\nFrom: a\n\nx"), "||x"},
	{"base64", TAP_BYTES("From: a\nContent-Transfer-Encoding: base64\n\nx"), "GMime"},
	{"HTML", TAP_BYTES("Content-Type: text/html\n\nx"), "GMime"},
	{"parts", TAP_BYTES("Content-Type: multipart/mixed; boundary=b\n\nx"), "GMime"},
	{"an attachment", TAP_BYTES("From: a\nContent-Disposition: attachment\n\nx"),
		"GMime"},
	{"a name, which may be a patch's",
		TAP_BYTES("Content-Type: text/plain; name=a.patch\n\nx"), "GMime"},
	{"a comment", TAP_BYTES("Content-Type: text/plain (really)\n\nx"), "GMime"},
	{"a type that only begins so", TAP_BYTES("Content-Type: text/plainer\n\nx"),
		"GMime"},
	{"a parameter of RFC 2231",
		TAP_BYTES("Content-Type: text/plain; charset*=utf-8''x\n\nx"), "GMime"},
	{"a quoted string that does not end",
		TAP_BYTES("Content-Type: text/plain; charset=\"utf-8\n\nx"), "GMime"},
	{"a value that is empty", TAP_BYTES("Content-Type: text/plain; charset=\n\nx"),
		"GMime"},
	{"one parameter twice",
		TAP_BYTES("Content-Type: text/plain; charset=a; charset=b\n\nx"),
		"GMime"},
	{"one field twice",
		TAP_BYTES("Content-Type: text/plain\nContent-Type: text/plain\n\nx"),
		"GMime"},
	{"a blank before the colon", TAP_BYTES("From : a\n\nx"), "GMime"},
	{"CR in the header", TAP_BYTES("From: a\r\n\r\nx\n\ny"), "GMime"},
	{"a NUL in the header", TAP_BYTES("From: a\0b\n\nx"), "GMime"},
	{"a header without an end", TAP_BYTES("From: a\n"), "GMime"},
	{"nothing that is read", TAP_BYTES("X-A: b\n\nx"), "GMime"},
	{"no header", TAP_BYTES("x y\n\nx"), "GMime"},
};

static char *show(const struct simple *simple)
{
	return g_strdup_printf("%s|%s%s%s|%.*s", simple->charset,
		simple->quoted_printable ? "quoted" : "", simple->flowed ? "flowed" : "",
		simple->delsp ? " delsp" : "", (int)simple->body_length, simple->body);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(simple_rows); i++) {
		const struct simple_row *row = &simple_rows[i];
		char *bytes = tap_exact(row->bytes, row->length);
		struct simple simple;
		bool is = simple_read(bytes, row->length, &simple);
		g_autofree char *got = is ? show(&simple) : g_strdup("GMime");

		tap_string(row->rule, got, row->expected);
		if (is)
			simple_release(&simple);
		free(bytes);
	}
}

static void test_fields(void)
{
	static const char mail[] =
		"Received: 1\nX-A: b\nReceived: 2\nsubject: a\n b\n\nx";
	struct simple simple;

	if (!tap_true("fields", simple_read(mail, strlen(mail), &simple)))
		return;
	tap_number("of Received the newest", simple.count, 2);
	tap_number("by their names in any case", simple.fields[1].field, HEADER_SUBJECT);
	tap_string("their bodies with their folds",
		simple.values + simple.fields[1].value, " a\n b\n");
	simple_release(&simple);
}

/* A mail of COUNT fields, each of LENGTH bytes. */
static bool is_simple(unsigned count, unsigned length)
{
	g_autofree char *value = g_strnfill(length, 'x');
	g_autoptr(GString) mail = g_string_new(NULL);
	struct simple simple;
	bool is;

	for (unsigned i = 0; i < count; i++)
		g_string_append_printf(mail, "To: %s\n", value);
	g_string_append(mail, "\nbody\n");
	is = simple_read(mail->str, mail->len, &simple);
	if (is)
		simple_release(&simple);
	return is;
}

int main(void)
{
	test_rows();
	test_fields();
	tap_true("limits: as many fields as there may be", is_simple(SIMPLE_FIELDS, 10));
	tap_true("limits: one more", !is_simple(SIMPLE_FIELDS + 1, 10));
	tap_true("limits: a header of a moderate size", is_simple(1, 30000));
	tap_true("limits: a large one", !is_simple(1, SIMPLE_HEADER_BYTES));
	return tap_end();
}

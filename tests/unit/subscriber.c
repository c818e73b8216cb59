/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/subscriber.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/roster.h"
#include "store/outbox.h"
#include "tap.h"

#define X10  "xxxxxxxxxx"
#define X63  X10 X10 X10 X10 X10 X10 "xxx"
#define HEAD "mldigest-subscriber-1\n"

static const struct address_row {
	const char *rule, *address, *key; /* NULL: refused */
} address_rows[] = {
	{"name@domain", "ada@example.org", "ada@example.org"},
	{"the domain in lower case, the local part as it is", "Ada.B@Example.ORG",
		"Ada.B@example.org"},
	{"a local user", "Ada", "Ada"},
	{"extensions and other atoms", "a+b=c!d@x.y", "a+b=c!d@x.y"},
	{"a domain of one label", "a@localhost", "a@localhost"},
	{"a local part of 64 bytes", X63 "x@x.y", X63 "x@x.y"},
	{"of 65 bytes (RFC 5321 4.5.3.1.1)", X63 "xx@x.y", NULL},
	{"a label of 63 bytes", "a@" X63 ".y", "a@" X63 ".y"},
	{"of 64 bytes (RFC 1035 2.3.4)", "a@" X63 "x.y", NULL},
	{"254 bytes", "abc@" X63 "." X63 "." X63 "." X10 X10 X10 X10 X10 "xxxxxxxx",
		"abc@" X63 "." X63 "." X63 "." X10 X10 X10 X10 X10 "xxxxxxxx"},
	{"255 bytes (RFC 5321 4.5.3.1.3)",
		"abcd@" X63 "." X63 "." X63 "." X10 X10 X10 X10 X10 "xxxxxxxx", NULL},
	{"nothing", "", NULL},
	{"no domain behind @", "a@", NULL},
	{"no local part", "@x.y", NULL},
	{"two @", "a@b@c", NULL},
	{"a display name", "Ada <ada@x.y>", NULL},
	{"angle brackets", "<ada@x.y>", NULL},
	{"an option of sendmail's", "-oQ/tmp@x.y", NULL},
	{"a quoted local part", "\"a b\"@x.y", NULL},
	{"a blank", "a b@x.y", NULL},
	{"a line feed", "a@x.y\nb", NULL},
	{"a control", "a\x01@x.y", NULL},
	{"a comma", "a@x.y,b@x.y", NULL},
	{"no ASCII", "\xc3\xa5@x.y", NULL},
	{"an address literal", "a@[192.0.2.1]", NULL},
	{"an empty label", "a@x..y", NULL},
	{"a dot at the end", "a@x.y.", NULL},
	{"a dot at the start", "a@.x.y", NULL},
	{"a hyphen at a label's start", "a@-x.y", NULL},
	{"a hyphen at a label's end", "a@x-.y", NULL},
	{"an underscore in the domain", "a@x_y.z", NULL},
};

static void test_addresses(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(address_rows); i++) {
		const struct address_row *row = &address_rows[i];
		g_autofree char *key = subscriber_normalize(row->address);

		tap_string(row->rule, key ? key : "refused",
			row->key ? row->key : "refused");
	}
}

static const struct value_row {
	const char *rule, *value;
	size_t length;
	enum status status;
} value_rows[] = {
	{"what is written", TAP_BYTES(HEAD "format mime\npaused yes\nsince 7\nafter 3\n"),
		STATUS_OK},
	{"another order", TAP_BYTES(HEAD "after 3\nsince 7\npaused no\nformat text\n"),
		STATUS_OK},
	{"nothing but the head", TAP_BYTES(HEAD), STATUS_OK},
	{"fields of a later program",
		TAP_BYTES(HEAD "format text\nbounced 3 of 5\nfilter x y\n"), STATUS_OK},
	{"a later version", TAP_BYTES("mldigest-subscriber-2\nanything\n"),
		STATUS_CONFIG},
	{"version 0", TAP_BYTES("mldigest-subscriber-0\n"), STATUS_DATA},
	{"no version", TAP_BYTES("mldigest-subscriber-\n"), STATUS_DATA},
	{"another kind", TAP_BYTES("mldigest-owed-1\nformat text\n"), STATUS_DATA},
	{"no bytes", TAP_BYTES(""), STATUS_DATA},
	{"cut in a line", TAP_BYTES(HEAD "format te"), STATUS_DATA},
	{"cut before the LF", TAP_BYTES(HEAD "format text"), STATUS_DATA},
	{"a format that is none", TAP_BYTES(HEAD "format html\n"), STATUS_DATA},
	{"paused perhaps", TAP_BYTES(HEAD "paused maybe\n"), STATUS_DATA},
	{"a number with a sign", TAP_BYTES(HEAD "since -1\n"), STATUS_DATA},
	{"a number that is too large", TAP_BYTES(HEAD "since 99999999999999999999\n"),
		STATUS_DATA},
	{"a line of one word", TAP_BYTES(HEAD "paused\n"), STATUS_DATA},
	{"an empty line", TAP_BYTES(HEAD "\nformat text\n"), STATUS_DATA},
	{"a NUL", TAP_BYTES(HEAD "format text\n\0"), STATUS_DATA},
	{"controls", TAP_BYTES("\x01\x02\xff\xfe"), STATUS_DATA},
};

static void test_values(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(value_rows); i++) {
		const struct value_row *row = &value_rows[i];
		char *exact = tap_exact(row->value, row->length);
		struct subscriber subscriber = {.since = -5};
		enum status status = subscriber_decode(exact, row->length, &subscriber);

		tap_number(row->rule, status, row->status);
		if (status == STATUS_OK)
			subscriber_release(&subscriber);
		else
			tap_number("… and nothing is touched", subscriber.since, -5);
		free(exact);
	}
}

static void test_later_fields(void)
{
	struct subscriber subscriber;
	g_autoptr(GString) value = NULL;
	const char *bytes = HEAD "filter a  b\nformat mime\nbounced 3\n";

	if (!tap_number("later fields are read past",
		    subscriber_decode(bytes, strlen(bytes), &subscriber), STATUS_OK))
		return;
	subscriber.paused = true;
	value = subscriber_encode(&subscriber);
	tap_string("and written as they were", value->str,
		HEAD
		"format mime\npaused yes\nsince 0\nafter 0\nfilter a  b\nbounced 3\n");
	subscriber_release(&subscriber);
}

static const struct choice_row {
	const char *rule, *value, *shown, *why; /* fields, and what becomes of them */
} choice_rows[] = {
	{"choice: none is the whole issue", "", "", NULL},
	{"choice: all kinds, in one order",
		"list a.b\npath arch/arm64/**\nauthor Jan Ek\nclass patch\npath b\n",
		"--class patch --author 'Jan Ek' --path arch/arm64/** --path b --list "
		"a.b",
		NULL},
	{"choice: one's own part", "my-part yes\nalso b@x.y\nalso a@x.y\nalso b@x.y\n",
		"--my-part yes --also a@x.y --also b@x.y", NULL},
	{"choice: no own part", "my-part no\n", "", NULL},
	{"choice: a class that is none", "class frog\n", "--class frog", "frog"},
	{"choice: a path that is none", "path /a\n", "--path /a", "regular expression"},
};

static void test_choices(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(choice_rows); i++) {
		const struct choice_row *row = &choice_rows[i];
		g_autofree char *bytes = g_strdup_printf(
			HEAD "format text\npaused no\nsince 0\nafter 0\n%s", row->value);
		struct subscriber subscriber, again;
		g_autoptr(GString) value = NULL;
		g_autofree char *shown = NULL;
		g_autofree char *why = NULL;

		if (!tap_number(row->rule,
			    subscriber_decode(bytes, strlen(bytes), &subscriber),
			    STATUS_OK))
			continue;
		shown = choice_format(&subscriber.choice);
		tap_string("… shown", shown, row->shown);
		why = choice_check(&subscriber.choice);
		tap_true("… checked",
			row->why ? why != NULL && strstr(why, row->why) : why == NULL);
		value = subscriber_encode(&subscriber);
		subscriber_decode(value->str, value->len, &again);
		tap_true("… written and read",
			choice_is_equal(&again.choice, &subscriber.choice));
		subscriber_release(&subscriber);
		subscriber_release(&again);
	}
}

static void test_choice_names(void)
{
	struct choice path = {0}, mine = {0};
	g_autofree char *ada = NULL, *ben = NULL, *mine_ada = NULL, *mine_ben = NULL;

	choice_take(&path, "path", "a");
	choice_take(&mine, "path", "a");
	choice_take(&mine, "my-part", "yes");
	ada = choice_name(&path, "ada@x.y");
	ben = choice_name(&path, "ben@x.y");
	mine_ada = choice_name(&mine, "ada@x.y");
	mine_ben = choice_name(&mine, "ben@x.y");
	tap_string("a page's name: shared by all with the filter", ben, ada);
	tap_number("a page's name: 16 digits", strlen(ada), 16);
	tap_true("a page's name: one's own part is one's own",
		strcmp(mine_ada, mine_ben) != 0);
	choice_release(&path);
	choice_release(&mine);
}

static void test_choice_bounds(void)
{
	struct choice choice = {0};
	g_autofree char *long_word = g_strnfill(1024, 'a');
	g_autofree char *why = NULL, *fits = NULL, *control = NULL;

	choice_take(&choice, "path", long_word);
	fits = choice_check(&choice);
	tap_true("bounds: 1,024 bytes", fits == NULL);
	choice_take(&choice, "path", "a");
	why = choice_check(&choice);
	tap_string("bounds: 1,025 bytes", why,
		"a filter has at most 32 words of 1024 bytes together");
	choice_release(&choice);
	choice_take(&choice, "author", "a\nb");
	control = choice_check(&choice);
	tap_string("bounds: a line end", control,
		"--author: no control, and no blank at the end");
	choice_release(&choice);
}

static const struct owed_row {
	const char *rule, *value;
	size_t length;
	enum status status;
	const char *again; /* encoded */
} owed_rows[] = {
	{"no bytes: an older program's", TAP_BYTES(""), STATUS_OK,
		"mldigest-owed-1\nformat text\n"},
	{"never tried", TAP_BYTES("mldigest-owed-1\nformat mime\n"), STATUS_OK,
		"mldigest-owed-1\nformat mime\n"},
	{"failed, and a later field",
		TAP_BYTES("mldigest-owed-1\nformat text\nattempts 2\nbegun 9\n"
			  "error exit status 67\nnext 12\n"),
		STATUS_OK,
		"mldigest-owed-1\nformat text\nattempts 2\nbegun 9\nerror exit status "
		"67\n"
		"next 12\n"},
	{"a page of their own: no older program takes it for the whole issue",
		TAP_BYTES("mldigest-owed-2\npage 0123456789abcdef\nattempts 1\n"),
		STATUS_OK,
		"mldigest-owed-2\nformat text\npage 0123456789abcdef\nattempts 1\n"},
	{"a later version's", TAP_BYTES("mldigest-owed-3\n"), STATUS_CONFIG, NULL},
	{"a subscriber's", TAP_BYTES("mldigest-subscriber-1\n"), STATUS_DATA, NULL},
	{"no number", TAP_BYTES("mldigest-owed-1\nattempts x\n"), STATUS_DATA, NULL},
	{"cut", TAP_BYTES("mldigest-owed-1\nattempts 1"), STATUS_DATA, NULL},
};

static void test_owed(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(owed_rows); i++) {
		const struct owed_row *row = &owed_rows[i];
		struct outbox_entry *entry = g_new0(struct outbox_entry, 1);
		char *exact = tap_exact(row->value, row->length);

		if (tap_number(row->rule, outbox_decode(exact, row->length, entry),
			    row->status) &&
			row->status == STATUS_OK) {
			GString *value = outbox_encode(entry);

			tap_string("… and back", value->str, row->again);
			g_string_free(value, TRUE);
		}
		outbox_free_entry(entry);
		free(exact);
	}
}

static void test_owed_error(void)
{
	struct outbox_entry entry = {.error = (char *)(uintptr_t) "two\nlines\x01"};
	g_autoptr(GString) value = outbox_encode(&entry);

	tap_string("an error stays in its line", value->str,
		"mldigest-owed-1\nformat text\nerror two lines\xef\xbf\xbd\n");
}

static const struct roster_row {
	const char *rule, *text;
	size_t length;
	unsigned line; /* of the fault; 0: none */
	const char *again;
} roster_rows[] = {
	{"nothing", TAP_BYTES(""), 0, ""},
	{"an address", TAP_BYTES("a@x.y\n"), 0, "a@x.y format=text\n"},
	{"without a line end", TAP_BYTES("a@x.y"), 0, "a@x.y format=text\n"},
	{"all words", TAP_BYTES("a@x.y format=mime paused\n"), 0,
		"a@x.y format=mime paused\n"},
	{"in another order", TAP_BYTES("a@x.y paused format=mime\n"), 0,
		"a@x.y format=mime paused\n"},
	{"comments, blank lines, CRLF, tabs",
		TAP_BYTES(
			"# all\r\n\r\n \t\na@x.y\tformat=mime  # since May\r\n#b@x.y\n"),
		0, "a@x.y format=mime\n"},
	{"the same twice", TAP_BYTES("a@x.y\na@X.Y format=text\n"), 0,
		"a@x.y format=text\n"},
	{"the same otherwise", TAP_BYTES("a@x.y\n\na@x.y paused\n"), 3, NULL},
	{"a word that is none", TAP_BYTES("a@x.y\nb@x.y digest\n"), 2, NULL},
	{"a format that is none", TAP_BYTES("a@x.y format=html\n"), 1, NULL},
	{"no address", TAP_BYTES("a@x.y\nAda\xc3\xa5\n"), 2, NULL},
	{"two addresses", TAP_BYTES("a@x.y b@x.y\n"), 1, NULL},
	{"a NUL", TAP_BYTES("a@x.y\0\n"), 1, NULL},
	{"a filter",
		TAP_BYTES("a@x.y path=b path=arch/arm64/** author=Jan%20Ek list=<x.y> "
			  "class=reply,patch\n"),
		0,
		"a@x.y format=text class=patch class=reply author=Jan%20Ek "
		"path=arch/arm64/** path=b list=<x.y>\n"},
	{"bytes that are no part of a word",
		TAP_BYTES("a@x.y author=%23%25%22%c3%a5 my-part=yes also=b@X.y\n"), 0,
		"a@x.y format=text author=%23%25%22%c3%a5 my-part=yes also=b@x.y\n"},
	{"the same filter twice", TAP_BYTES("a@x.y path=a path=b\na@x.y path=b path=a\n"),
		0, "a@x.y format=text path=a path=b\n"},
	{"two filters", TAP_BYTES("a@x.y path=a\na@x.y path=b\n"), 2, NULL},
	{"a class that is none", TAP_BYTES("a@x.y class=frog\n"), 1, NULL},
	{"a key that is none", TAP_BYTES("a@x.y frog=patch\n"), 1, NULL},
	{"another address alone", TAP_BYTES("a@x.y also=b@x.y\n"), 1, NULL},
	{"another address that is none", TAP_BYTES("a@x.y my-part=yes also=@\n"), 1,
		NULL},
	{"no byte behind %", TAP_BYTES("a@x.y author=%zz\n"), 1, NULL},
	{"no UTF-8 behind %", TAP_BYTES("a@x.y author=%ff\n"), 1, NULL},
	{"a NUL behind %", TAP_BYTES("a@x.y author=a%00b\n"), 1, NULL},
};

static void test_roster(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roster_rows); i++) {
		const struct roster_row *row = &roster_rows[i];
		g_autoptr(GPtrArray) subscribers = NULL;
		g_autoptr(GString) text = g_string_new(NULL);
		char *exact = tap_exact(row->text, row->length);
		const char *why = NULL;
		unsigned line = 0;
		enum status status = roster_parse(
			exact, row->length, &subscribers, &line, &why);

		tap_number(row->rule, line, row->line);
		for (guint j = 0; status == STATUS_OK && j < subscribers->len; j++)
			roster_add(text, subscribers->pdata[j]);
		if (row->again != NULL)
			tap_string("… read and written", text->str, row->again);
		else
			tap_true("… says why", status == STATUS_DATA && why != NULL);
		free(exact);
	}
}

int main(void)
{
	test_addresses();
	test_values();
	test_later_fields();
	test_choices();
	test_choice_names();
	test_choice_bounds();
	test_owed();
	test_owed_error();
	test_roster();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/address.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/limits.h"
#include "tap.h"

static const struct parse_row {
	const char *rule, *line;
	const char *name, *address; /* NULL: there is none */
} parse_rows[] = {
	{"parse: name and address", "Ida Holm <ida@example.org>", "Ida Holm",
		"ida@example.org"},
	{"parse: no blank between them", "Ida<ida@example.org>", "Ida",
		"ida@example.org"},
	{"parse: blanks around them", "  Ida Holm  < ida@example.org > ", "Ida Holm",
		"ida@example.org"},
	{"parse: only the address", "ida@example.org", "", "ida@example.org"},
	{"parse: only the address, in angle brackets", "<ida@example.org>", "",
		"ida@example.org"},
	{"RFC 5322 3.2.4: quotes are no part of the name",
		"\"Holm, Ida\" <ida@example.org>", "Holm, Ida", "ida@example.org"},
	{"RFC 5322 3.2.4: a backslash takes the next one along",
		"\"Ida \\\"the\\\\one\\\"\" <ida@example.org>", "Ida \"the\\one\"",
		"ida@example.org"},
	{"RFC 5322 3.2.5: each word may be in quotes, as git mailinfo has it",
		"\"Ida\" \"Io.\" Holm <ida@example.org>", "Ida Io. Holm",
		"ida@example.org"},
	{"parse: quotes that never close stay", "Ida \"Io Holm <ida@example.org>",
		"Ida \"Io Holm", "ida@example.org"},
	{"parse: angle brackets in the quotes are no address",
		"\"Ida <old@example.org>\" <ida@example.org>", "Ida <old@example.org>",
		"ida@example.org"},
	{"parse: parentheses are a part of the name", "Ida Holm (KVM) <ida@example.org>",
		"Ida Holm (KVM)", "ida@example.org"},
	{"parse: as it was before RFC 822", "ida@example.org (Ida Holm)", "Ida Holm",
		"ida@example.org"},
	{"parse: letters that are not ASCII", "Jiří Dvořák <jiri@example.cz>",
		"Jiří Dvořák", "jiri@example.cz"},
	{"parse: the case of an address stays", "Ida <Ida.Holm@Example.ORG>", "Ida",
		"Ida.Holm@Example.ORG"},
	{"parse: no address", "Ida Holm", NULL, NULL},
	{"parse: no domain", "Ida <ida>", NULL, NULL},
	{"parse: nothing in front of the '@'", "Ida <@example.org>", NULL, NULL},
	{"parse: nothing behind the '@'", "Ida <ida@>", NULL, NULL},
	{"parse: a blank in the address", "Ida <ida holm@example.org>", NULL, NULL},
	{"parse: words that hold an '@'", "see you @ the forum", NULL, NULL},
	{"parse: an angle bracket that never closes", "Ida <ida@example.org", NULL, NULL},
	{"parse: empty brackets", "Ida <>", NULL, NULL},
	{"parse: a name of quotes alone", "\"\" <ida@example.org>", "",
		"ida@example.org"},
	{"parse: a name of blanks in quotes", "\"  \" <ida@example.org>", "",
		"ida@example.org"},
	{"RFC 5322 3.2.2: blanks between words count as one",
		"Ida   Holm <ida@example.org>", "Ida Holm", "ida@example.org"},
	{"parse: blanks inside the quotes too", "\" Ida   Holm \" <ida@example.org>",
		"Ida Holm", "ida@example.org"},
	{"parse: single quotes are letters", "'Ida' <ida@example.org>", "'Ida'",
		"ida@example.org"},
	{"parse: a comment behind it is none of it", "Ida <ida@example.org> (work)",
		"Ida", "ida@example.org"},
	{"parse: an empty comment", "ida@example.org ()", "", "ida@example.org"},
	{"parse: a comment that never closes", "ida@example.org (Ida", "Ida",
		"ida@example.org"},
	{"parse: nothing", "", NULL, NULL},
};

static void test_parse(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(parse_rows); i++) {
		const struct parse_row *row = &parse_rows[i];
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;
		g_autofree char *got = NULL;
		g_autofree char *expected = NULL;
		bool found = address_parse(row->line, &name, &address);

		if (row->address == NULL) {
			tap_true(row->rule, !found && name == NULL && address == NULL);
			continue;
		}
		got = found ? g_strdup_printf("%s|%s", name, address) : NULL;
		expected = g_strdup_printf("%s|%s", row->name, row->address);
		tap_string(row->rule, got, expected);
	}
}

static const struct list_row {
	const char *rule, *list;
	const char *mailboxes; /* name|address and a blank each */
} list_rows[] = {
	{"list: one", "Ida <i@x.org>", "Ida|i@x.org "},
	{"list: two", "Ida <i@x.org>, Jan <j@x.org>", "Ida|i@x.org Jan|j@x.org "},
	{"list: only addresses, no blank", "i@x.org,j@x.org", "|i@x.org |j@x.org "},
	{"list: a comma in quotes", "\"Holm, Ida\" <i@x.org>, j@x.org",
		"Holm, Ida|i@x.org |j@x.org "},
	{"list: a comma without its quotes", "Holm, Ida <i@x.org>, j@x.org",
		"Holm, Ida|i@x.org |j@x.org "},
	{"list: a comma in a comment", "i@x.org (Holm, Ida), j@x.org",
		"Holm, Ida|i@x.org |j@x.org "},
	{"list: a quote behind a backslash", "\"I \\\", a\" <i@x.org>, j@x.org",
		"I \", a|i@x.org |j@x.org "},
	{"list: an '@' in a quoted name", "\"ida@home\" <i@x.org>", "ida@home|i@x.org "},
	{"list: what is no mailbox is passed over", "<i@>, j@x.org", "|j@x.org "},
	{"list: empty places", ", ,i@x.org,, ,", "|i@x.org "},
	{"list: a quote that never closes", "i@x.org, \"Ida <i@y.org>, j@x.org",
		"|i@x.org \"Ida|i@y.org "},
	{"list: a name alone", "Ida Holm", ""},
	{"list: nothing", "", ""},
};

static void test_list(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(list_rows); i++) {
		const struct list_row *row = &list_rows[i];
		const char *cursor = row->list;
		char *name = NULL, *address = NULL;
		g_autoptr(GString) got = g_string_new(NULL);

		while (address_next(&cursor, &name, &address)) {
			g_string_append_printf(got, "%s|%s ", name, address);
			g_clear_pointer(&name, g_free);
			g_clear_pointer(&address, g_free);
		}
		tap_string(row->rule, got->str, row->mailboxes);
	}
}

static const struct name_row {
	const char *rule, *a, *b;
	bool same;
} name_rows[] = {
	{"name: case is none", "Ida HOLM", "ida Holm", true},
	{"name: nor beyond ASCII", "ÉVA", "éva", true},
	{"Unicode NFC: one character or two", "Jiří", "Jir\xcc\x8ci\xcc\x81", true},
	{"Unicode NFC: an accent makes another name", "Jiří", "Jiri", false},
	{"name: a long s", "Weiß", "WEISS", true},
	{"name: another", "Ida", "Jan", false},
	{"name: none", "", "", true},
};

static void test_name(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(name_rows); i++) {
		const struct name_row *row = &name_rows[i];
		g_autofree char *a = address_name_key(row->a);
		g_autofree char *b = address_name_key(row->b);

		tap_true(row->rule, (strcmp(a, b) == 0) == row->same);
	}
}

static const struct format_row {
	const char *rule, *name, *formatted, *displayed;
} format_rows[] = {
	{"format: atoms as they are", "Ida Holm", "Ida Holm <i@example.org>",
		"Ida Holm <i@example.org>"},
	{"format: a dot needs quotes", "Ida T. Holm", "\"Ida T. Holm\" <i@example.org>",
		"Ida T. Holm <i@example.org>"},
	{"format: a comma needs quotes", "Holm, Ida", "\"Holm, Ida\" <i@example.org>",
		"Holm, Ida <i@example.org>"},
	{"format: parentheses need quotes", "Ida (KVM)", "\"Ida (KVM)\" <i@example.org>",
		"Ida (KVM) <i@example.org>"},
	{"format: an '@' needs quotes", "ida@home", "\"ida@home\" <i@example.org>",
		"ida@home <i@example.org>"},
	{"format: a quote and a backslash get a backslash", "Ida \"a\\b\"",
		"\"Ida \\\"a\\\\b\\\"\" <i@example.org>", "Ida \"a\\b\" <i@example.org>"},
	{"RFC 5322 3.2.3: an apostrophe and a dash are atext", "Ida O'Holm-Berg",
		"Ida O'Holm-Berg <i@example.org>", "Ida O'Holm-Berg <i@example.org>"},
	{"RFC 6532 3.2: letters that are not ASCII are atext", "Jiří Dvořák",
		"Jiří Dvořák <i@example.org>", "Jiří Dvořák <i@example.org>"},
	{"format: not ASCII and a dot", "Jiří T. Dvořák",
		"\"Jiří T. Dvořák\" <i@example.org>", "Jiří T. Dvořák <i@example.org>"},
	{"format: no name", "", "i@example.org", "i@example.org"},
};

static void test_format(void)
{
	bool round = true;

	for (size_t i = 0; i < G_N_ELEMENTS(format_rows); i++) {
		const struct format_row *row = &format_rows[i];
		g_autofree char *formatted = address_format(row->name, "i@example.org");
		g_autofree char *displayed = address_display(row->name, "i@example.org");
		g_autofree char *rule = g_strconcat(row->rule, ", to read", NULL);
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;

		tap_string(row->rule, formatted, row->formatted);
		tap_string(rule, displayed, row->displayed);
		round = round && address_parse(formatted, &name, &address) &&
			g_strcmp0(name, row->name) == 0;
	}
	tap_true("format: parses to the name that it was made of", round);
}

static void test_no_address(void)
{
	g_autofree char *display = address_display("Ida Holm", "");

	tap_string("display: no address", display, "Ida Holm");
}

static const struct key_row {
	const char *rule, *address, *key, *domain;
} key_rows[] = {
	{"key: lower case", "Ida.Holm@Example.ORG", "ida.holm@example.org",
		"example.org"},
	{"key: lower case beyond ASCII", "Ø@BÜCHER.example", "ø@bücher.example",
		"bücher.example"},
	{"key: no domain", "Root", "root", ""},
	{"key: the last '@' counts", "\"a@b\"@example.org", "\"a@b\"@example.org",
		"example.org"},
	{"key: nothing behind the '@'", "ida@", "ida@", ""},
	{"key: nothing", "", "", ""},
};

static void test_key(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(key_rows); i++) {
		const struct key_row *row = &key_rows[i];
		g_autofree char *key = address_key(row->address);
		g_autofree char *domain = address_domain(row->address);
		g_autofree char *rule = g_strconcat(row->rule, ", the domain", NULL);

		tap_string(row->rule, key, row->key);
		tap_string(rule, domain, row->domain);
	}
}

static const struct hash_row {
	const char *rule, *list, *addresses[4]; /* those whose hashes come of it */
} hash_rows[] = {
	{"hash: nobody", "", {NULL}},
	{"hash: one, in any case", "Ada <Ada@X.org>", {"ada@x.ORG"}},
	{"hash: several", "Ada <a@x.org>, b@x.org,c@x.org",
		{"a@x.org", "b@x.org", "c@x.org"}},
	{"hash: each once", "a@x.org, A <A@X.ORG>", {"a@x.org"}},
	{"hash: a group", "people: a@x.org, b@x.org;", {"a@x.org", "b@x.org"}},
	{"hash: in quotes and comments too", "\"q@x.org\" <a@x.org> (b@x.org)",
		{"q@x.org", "a@x.org", "b@x.org"}},
	{"hash: no local part, no domain", "@x.org, a@, <@>, undisclosed-recipients:;",
		{NULL}},
	{"hash: two at signs", "a@b@x.org", {"a@b@x.org"}},
};

static void test_hash(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hash_rows); i++) {
		const struct hash_row *row = &hash_rows[i];
		g_autoptr(GArray) hashes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
		guint count = 0;
		bool same = true;

		address_hash_list(row->list, hashes);
		for (; count < 4 && row->addresses[count] != NULL; count++)
			same &= count < hashes->len &&
				g_array_index(hashes, uint64_t, count) ==
					address_hash(row->addresses[count],
						strlen(row->addresses[count]));
		tap_true(row->rule, same && hashes->len == count);
	}
}

static void test_hash_many(void)
{
	g_autoptr(GArray) hashes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_autoptr(GString) list = g_string_new(NULL);

	for (int i = 0; i < LIMIT_ADDRESSEES + 10; i++)
		g_string_append_printf(list, "a%d@x.org, ", i);
	address_hash_list(list->str, hashes);
	tap_number("hash: no more than LIMIT_ADDRESSEES", hashes->len, LIMIT_ADDRESSEES);
}

static const struct plain_row {
	const char *rule, *field;
	const char *expected; /* name|address, NULL for what a parser has to read */
} plain_rows[] = {
	{"plain: words", "Ida Holm <ida@example.org>", "Ida Holm|ida@example.org"},
	{"plain: blanks around it", " \tIda Holm <ida@example.org> \n",
		"Ida Holm|ida@example.org"},
	{"plain: in quotes", "\"Ida Holm-Ek 2\" <i.d_a+x@a-b.example.org>",
		"Ida Holm-Ek 2|i.d_a+x@a-b.example.org"},
	{"plain: no name", "ida@example.org", NULL},
	{"plain: no name, in brackets", "<ida@example.org>", NULL},
	{"plain: a dot", "Ida T. Holm <ida@example.org>", NULL},
	{"plain: a comma in quotes", "\"Holm, Ida\" <ida@example.org>", NULL},
	{"plain: an escape", "\"Ida \\\"I\\\" Holm\" <ida@example.org>", NULL},
	{"plain: a comment", "Ida Holm (IH) <ida@example.org>", NULL},
	{"plain: an encoded word", "=?utf-8?q?Ida?= <ida@example.org>", NULL},
	{"plain: UTF-8", "Ida H\xc3\xb8lm <ida@example.org>", NULL},
	{"plain: two blanks", "Ida  Holm <ida@example.org>", NULL},
	{"plain: a fold", "Ida\n Holm <ida@example.org>", NULL},
	{"plain: two mailboxes", "Ida Holm <ida@example.org>, Bo <bo@example.org>", NULL},
	{"plain: a group", "Ida: Bo <bo@example.org>;", NULL},
	{"plain: a route", "Ida <@a.example,@b.example:ida@example.org>", NULL},
	{"plain: two dots", "Ida <i..da@example.org>", NULL},
	{"plain: a dot at the end", "Ida <ida@example.org.>", NULL},
	{"plain: no domain", "Ida <ida@>", NULL},
	{"plain: an address literal", "Ida <ida@[192.0.2.1]>", NULL},
	{"plain: not closed", "Ida <ida@example.org", NULL},
	{"plain: quotes that are not closed", "\"Ida <ida@example.org>", NULL},
	{"plain: nothing", "", NULL},
};

static void test_plain(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plain_rows); i++) {
		const struct plain_row *row = &plain_rows[i];
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;
		bool plain = address_read_plain(row->field, &name, &address);
		g_autofree char *got = plain ? g_strconcat(name, "|", address, NULL)
					     : NULL;

		tap_string(row->rule, got, row->expected);
	}
}

int main(void)
{
	test_hash();
	test_hash_many();
	test_parse();
	test_plain();
	test_list();
	test_name();
	test_format();
	test_no_address();
	test_key();
	return tap_end();
}

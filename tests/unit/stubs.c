/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/stubs.h"

#include <string.h>

#include "base/limits.h"
#include "mail/message.h"
#include "post/compose.h"
#include "tap.h"

static void free_item(void *data)
{
	struct digest_item *item = data;

	record_free(item->record);
	g_free(item->text);
	g_free(item);
}

static struct digest make_digest(void)
{
	return (struct digest){.items = g_ptr_array_new_with_free_func(free_item)};
}

/* A message that nothing is special about; the digest owns it. */
static struct digest_item *add_item(struct digest *digest)
{
	struct digest_item *item = g_new0(struct digest_item, 1);
	struct record *record = record_new();

	item->record = record;
	item->text = g_strdup("A change.\n");
	record_set(&record->message_id, "1@list.example");
	record_set(&record->author_name, "Ada Example");
	record_set(&record->author_address, "ada@list.example");
	record_set(&record->subject, "[PATCH] a change");
	record->date = 1736157600;
	record->arrival = 1736157660;
	g_ptr_array_add(digest->items, item);
	return item;
}

static GString *make_mail(bool with_signature)
{
	g_auto(GStrv) to = g_strsplit("reader@list.example", ",", -1);
	g_autoptr(GString) text = g_string_new("the page\n");
	g_autoptr(GString) other = g_string_new("other\n");
	const struct compose_mail mail = {.title = "Demo",
		.stem = "digest",
		.from = "digest@list.example",
		.to = to,
		.subject = "Demo mailing list update",
		.previous_id = "digest-1@list.example",
		.list_help = "",
		.list_unsubscribe = "",
		.list_post = "mailto:demo@list.example?subject=x",
		.issue = 2,
		.date = 1736157600,
		.text = text,
		.signature = with_signature ? other : NULL,
		.manifest = with_signature ? other : NULL};

	return compose_mail(&mail);
}

static void set_references(struct record *record, unsigned count)
{
	for (unsigned i = 1; i <= count; i++)
		g_ptr_array_add(record->references, g_strdup_printf("%u@r.example", i));
}

static GString *print(const struct digest *digest)
{
	g_autoptr(GString) mail = make_mail(true);

	return compose_add_stubs(mail, digest);
}

/* What a member is set to, and a piece that the mail then has, or may not have. */
static const struct field_row {
	const char *rule, *subject, *name, *address, *message_id, *has, *has_not;
} field_rows[] = {
	{.rule = "a Subject", .has = "\nSubject: [PATCH] a change\n"},
	{.rule = "a From", .has = "\nFrom: Ada Example <ada@list.example>\n"},
	{.rule = "a Message-ID", .has = "\nMessage-ID: <1@list.example>\n"},
	{.rule = "a Date", .has = "\nDate: Mon, 06 Jan 2025 10:00:00 +0000\n"},
	{.rule = "To: the address of List-Post", .has = "\nTo: demo@list.example\n"},
	{.rule = "no References", .has_not = "\nReferences: <1@"},
	{.rule = "a Subject that is not ASCII",
		.subject = "gr\xc3\xbc\xc3\x9f",
		.has = "\nSubject: =?"},
	{.rule = "a Subject with a line end",
		.subject = "a\r\nBcc: eve@list.example",
		.has = "\nSubject: a Bcc: eve@list.example\n",
		.has_not = "\nBcc:"},
	{.rule = "a Subject that looks encoded",
		.subject = "=?utf-8?q?=0D=0ABcc:_x?=",
		.has_not = "=?utf-8?q?=0D"},
	{.rule = "a name with a line end",
		.name = "a\nBcc: eve@list.example\n\n",
		.has_not = "\nBcc:"},
	{.rule = "a name that looks encoded",
		.name = "=?utf-8?q?=0D=0ABcc:_x?=",
		.has_not = "=0D"},
	{.rule = "a name with brackets",
		.name = "a <eve@list.example>",
		.has = "\nFrom: \"a <eve@list.example>\" <ada@list.example>\n"},
	{.rule = "no name", .name = "", .has = "\nFrom: ada@list.example\n"},
	{.rule = "no address",
		.address = "",
		.has = "\nFrom: Ada Example <nobody@invalid>\n"},
	{.rule = "neither", .name = "", .address = "", .has = "\nFrom: nobody@invalid\n"},
	{.rule = "an address without a domain",
		.address = "ada",
		.has = "\nFrom: Ada Example ada <nobody@invalid>\n"},
	{.rule = "an address with a line end",
		.address = "a@b\nBcc: eve@list.example",
		.has = "<nobody@invalid>\n",
		.has_not = "\nBcc:"},
	{.rule = "two addresses",
		.address = "a@b, eve@list.example",
		.has = "<nobody@invalid>\n"},
	{.rule = "an address that looks encoded",
		.address = "a=?utf-8?q?=0A?=@b",
		.has = "<nobody@invalid>\n"},
	{.rule = "a Message-ID with a line end",
		.message_id = "a@b>\nBcc: <eve@list.example",
		.has_not = "\nBcc:"},
	{.rule = "a Message-ID that looks encoded",
		.message_id = "a=?utf-8?q?=0A?=@b",
		.has_not = "\nMessage-ID: <a"},
};

static void test_fields(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(field_rows); i++) {
		const struct field_row *row = &field_rows[i];
		struct digest digest = make_digest();
		struct record *record = add_item(&digest)->record;
		g_autoptr(GString) mail = NULL;

		if (row->subject != NULL)
			record_set(&record->subject, row->subject);
		if (row->name != NULL)
			record_set(&record->author_name, row->name);
		if (row->address != NULL)
			record_set(&record->author_address, row->address);
		if (row->message_id != NULL)
			record_set(&record->message_id, row->message_id);
		mail = print(&digest);
		if (!tap_true(row->rule,
			    (row->has == NULL || strstr(mail->str, row->has)) &&
				    (row->has_not == NULL ||
					    !strstr(mail->str, row->has_not))))
			tap_note("%s", mail->str);
		g_ptr_array_unref(digest.items);
	}
}

static void test_threads(void)
{
	struct digest digest = make_digest();
	struct record *record = add_item(&digest)->record;
	g_autoptr(GString) three = NULL;
	g_autoptr(GString) many = NULL;
	g_autoptr(GString) made = NULL;

	set_references(record, 3);
	g_ptr_array_add(record->list_ids, g_strdup("demo.list.example"));
	digest.archive = "https://list.example/demo";
	three = print(&digest);
	tap_true("RFC 5322 3.6.4: the parent",
		strstr(three->str, "\nIn-Reply-To: <3@r.example>\n"));
	tap_true("and all before it",
		strstr(three->str,
			"\nReferences: <1@r.example>\n <2@r.example>\n <3@r.example>\n"));
	tap_true("RFC 2919: the list's own id",
		strstr(three->str, "\nList-Id: <demo.list.example>\n"));
	tap_true("RFC 5064: where it is archived",
		strstr(three->str,
			"\nArchived-At: <https://list.example/demo/1@list.example/>\n"));
	tap_true("and a link below the text",
		strstr(three->str,
			"\n\nA "
			"change.\n\nhttps://list.example/demo/1@list.example/\n\n--"));
	g_ptr_array_set_size(record->references, 0);
	set_references(record, 100);
	many = print(&digest);
	tap_true("of many the first and the last",
		strstr(many->str, "\nReferences: <1@r.example>\n <82@r.example>\n"));
	record->flags = RECORD_FLAG_MADE_ID;
	made = print(&digest);
	tap_true("a made key is no Message-ID", !strstr(made->str, "\nMessage-ID:"));
	tap_true("and in no archive", !strstr(made->str, "\nArchived-At:"));
	g_ptr_array_unref(digest.items);
}

static const struct date_row {
	const char *rule;
	int64_t date, arrival;
	const char *has;
} date_rows[] = {
	{"no Date: the arrival", 0, 1736157660,
		"\nDate: Mon, 06 Jan 2025 10:01:00 +0000\n"},
	{"a Date that no calendar has", INT64_MAX, 1736157660,
		"\nDate: Mon, 06 Jan 2025 10:01:00 +0000\n"},
	{"a Date before 1970", -1, 1736157660,
		"\nDate: Wed, 31 Dec 1969 23:59:59 +0000\n"},
	{"nothing that is a date", INT64_MIN, INT64_MAX, "\nSubject: "},
};

static void test_dates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(date_rows); i++) {
		struct digest digest = make_digest();
		struct record *record = add_item(&digest)->record;
		g_autoptr(GString) mail = NULL;

		record->date = date_rows[i].date;
		record->arrival = date_rows[i].arrival;
		mail = print(&digest);
		tap_true(date_rows[i].rule, strstr(mail->str, date_rows[i].has));
		g_ptr_array_unref(digest.items);
	}
}

static void test_text(void)
{
	struct digest digest = make_digest();
	struct digest_item *item = add_item(&digest);
	g_autoptr(GString) none = NULL;
	g_autoptr(GString) lines = NULL;
	g_autoptr(GString) line = NULL;

	g_clear_pointer(&item->text, g_free);
	none = print(&digest);
	tap_true("no text and no archive",
		strstr(none->str, "\n\nThe list has the text of this message.\n"));
	item->text = g_strnfill(3 * LIMIT_STUB_TEXT_BYTES, 'x');
	for (size_t i = 9; i < 3 * LIMIT_STUB_TEXT_BYTES; i += 10)
		item->text[i] = '\n';
	lines = print(&digest);
	tap_true("a long text ends behind a line",
		strstr(lines->str, "\nxxxxxxxxx\n[...]\n"));
	tap_true("and is short", lines->len < 2 * LIMIT_STUB_TEXT_BYTES);
	memset(item->text, 'x', 3 * LIMIT_STUB_TEXT_BYTES);
	line = print(&digest);
	tap_true("a line that is too long", strstr(line->str, "\n\n[...]\n"));
	g_ptr_array_unref(digest.items);
}

static void test_parts(void)
{
	struct digest digest = make_digest();
	g_autoptr(GString) with_signature = make_mail(true);
	g_autoptr(GString) text = make_mail(false);
	g_autoptr(GString) other = g_string_new("From: a@b.example\n\nx\n");
	g_autoptr(GString) empty = g_string_new("");
	g_autoptr(GString) first = NULL;
	g_autoptr(GString) again = NULL;
	g_autoptr(GString) made = compose_add_stubs(with_signature, &digest);
	size_t same = with_signature->len - strlen("--=_mldigest-2--\n");

	tap_string("a digest of nothing", made->str, with_signature->str);
	add_item(&digest);
	first = compose_add_stubs(with_signature, &digest);
	again = compose_add_stubs(with_signature, &digest);
	tap_string("the same twice", first->str, again->str);
	tap_true("all before the stubs stays as it is",
		first->len > same && memcmp(first->str, with_signature->str, same) == 0);
	tap_true("and the end is the same",
		g_str_has_suffix(first->str, "\n--=_mldigest-2--\n"));
	g_string_free(again, TRUE);
	again = compose_add_stubs(text, &digest);
	tap_true("a text becomes a part",
		strstr(again->str, "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
				   "boundary=") &&
			strstr(again->str, "-mixed\nContent-Type: text/plain;"));
	g_string_free(again, TRUE);
	again = compose_add_stubs(other, &digest);
	tap_string("a mail of another kind", again->str, other->str);
	g_string_free(again, TRUE);
	again = compose_add_stubs(empty, &digest);
	tap_string("no mail", again->str, "");
	g_ptr_array_unref(digest.items);
}

static unsigned count_stubs(const GString *mail)
{
	unsigned count = 0;

	for (const char *at = mail->str;
		(at = strstr(at, "\nContent-Type: message/rfc822\n")); at++)
		count++;
	return count;
}

static void test_limits(void)
{
	struct digest digest = make_digest();
	g_autoptr(GString) all = NULL;
	g_autoptr(GString) many = NULL;
	g_autoptr(GString) large = NULL;

	for (unsigned i = 0; i < LIMIT_STUBS; i++)
		add_item(&digest);
	all = print(&digest);
	tap_number("as many as may be", count_stubs(all), LIMIT_STUBS);
	tap_true("nothing is said of it", !strstr(all->str, "\nContent-Description:"));
	add_item(&digest);
	many = print(&digest);
	tap_number("one more", count_stubs(many), LIMIT_STUBS);
	tap_true("it is said",
		strstr(many->str,
			"\nContent-Description: the first 1000 messages of 1001\n"));
	for (guint i = 0; i < digest.items->len; i++) {
		struct digest_item *item = digest.items->pdata[i];
		g_autofree char *subject = g_strnfill(LIMIT_FIELD_BYTES, 'x');

		record_set(&item->record->subject, subject);
	}
	large = print(&digest);
	tap_true("their bytes are bounded",
		large->len > LIMIT_STUBS_BYTES / 2 &&
			large->len < LIMIT_STUBS_BYTES + 10000);
	tap_true("that is said too",
		strstr(large->str, "\nContent-Description: the first "));
	g_ptr_array_unref(digest.items);
}

int main(void)
{
	message_init_library();
	test_fields();
	test_threads();
	test_dates();
	test_text();
	test_parts();
	test_limits();
	return tap_end();
}

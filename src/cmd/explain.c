/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/raw.h"
#include "model/reading.h"
#include "store/home.h"
#include "store/store.h"

static void explain_add(GString *page, const char *name, const char *value)
{
	if (*value != '\0')
		g_string_append_printf(page, "%-12s %s\n", name, value);
}

static void explain_add_list(GString *page, const char *name, const GPtrArray *values)
{
	for (guint i = 0; i < values->len; i++)
		explain_add(page, name, values->pdata[i]);
}

static void explain_add_hash(
	GString *page, const char *name, const uint8_t hash[HASH_BYTES])
{
	g_autofree char *hex = text_to_hex(hash, HASH_BYTES);

	if (!hash_is_none(hash))
		explain_add(page, name, hex);
}

static const char *explain_reason(const struct record *record)
{
	size_t count;
	const struct classify_rule *rules = classify_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i].name, record->rule) == 0)
			return rules[i].reason;
	return "a rule of another version of mldigest";
}

static void explain_add_people(GString *page, const struct record *record)
{
	g_autofree char *author = address_display(
		record->author_name, record->author_address);
	g_autofree char *patch = address_display(
		record->patch_name, record->patch_address);

	explain_add(page, "author", author);
	if (strcmp(author, patch) != 0)
		explain_add(page, "patch author", patch);
}

static void explain_add_position(GString *page, const struct record *record)
{
	g_autofree char *revision = g_strdup_printf("v%u", record->revision);
	g_autofree char *position = g_strdup_printf(
		"%d of %d", record->position, record->total);

	if (record_is_posting(record))
		explain_add(page, "version", revision);
	if (record->total >= 0)
		explain_add(page, "position", position);
}

/* Where public-inbox shows a message, and as other archives do it too: RFC 5064. */
static void explain_add_archived_at(
	GString *page, const struct record *record, const char *archive)
{
	g_autofree char *escaped = g_uri_escape_string(
		record->message_id, "@!$&'()*+,;=:", FALSE);
	g_autofree char *url = g_strdup_printf(
		"%s%s%s/", archive, g_str_has_suffix(archive, "/") ? "" : "/", escaped);

	if (*archive != '\0' && !(record->flags & RECORD_FLAG_MADE_ID))
		explain_add(page, "archived at", url);
}

static void explain_add_record(
	GString *page, const struct record *record, const char *archive)
{
	g_autofree char *number = g_strdup_printf(
		"%" G_GUINT64_FORMAT, (guint64)record->number);
	g_autofree char *why = g_strdup_printf("%s (rule %s: %s)",
		record_class_name(record->class), record->rule, explain_reason(record));

	explain_add(page, "subject", record->subject);
	explain_add(page, "message-id", record->message_id);
	explain_add(page, "was", record->message_id_raw);
	if (record->number > 0)
		explain_add(page, "number", number);
	explain_add(page, "class", why);
	explain_add(page, "outcome", record_outcome_name(record->outcome));
	explain_add(page, "first shown", record->first);
	explain_add(page, "limit", record->limit);
	explain_add_people(page, record);
	explain_add_list(page, "tag", record->tags);
	explain_add_position(page, record);
	explain_add_list(page, "list", record->list_ids);
	explain_add_archived_at(page, record, archive);
	explain_add_hash(page, "diff", record->diff_id);
	for (guint i = 0; i < record->paths->len; i++) {
		const struct patch_path *path = record->paths->pdata[i];

		g_string_append_printf(page, "%-12s %s +%u -%u\n", "path", path->path,
			path->added, path->deleted);
	}
	if (record->number > 0)
		explain_add_hash(page, "link", record->link);
}

static enum status explain_stored(const char *home, const char *message_id, GString *page)
{
	g_autoptr(record_auto) record = NULL;
	g_autofree char *id = g_strdup(message_id);
	size_t length = strlen(id);
	struct store *store;
	struct conf conf;
	enum status closed, status = home_check(home);

	if (length > 2 && id[0] == '<' && id[length - 1] == '>') {
		id[length - 1] = '\0';
		memmove(id, id + 1, length - 1);
	}
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &conf);
	if (status != STATUS_OK)
		return status;
	status = store_open(home, STORE_DELIVERY, &store);
	if (status != STATUS_OK) {
		conf_release(&conf);
		return status;
	}
	status = store_find(store, id, &record);
	if (status == STATUS_NOINPUT)
		diag_error("%s: no message here has that Message-ID", id);
	closed = store_close(store, false);
	if (status == STATUS_OK && closed == STATUS_OK)
		explain_add_record(page, record, conf.archive);
	conf_release(&conf);
	return status != STATUS_OK ? status : closed;
}

static enum status explain_input(GString *page)
{
	uint8_t digest[HASH_BYTES];
	char buffer[65536];
	struct raw raw;
	struct reading reading;
	struct reading_source source = {.raw_hash = digest, .now = diag_now()};
	ssize_t n;

	raw_init(&raw);
	while ((n = io_read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
		raw_append(&raw, buffer, (size_t)n);
	if (n < 0 || raw.length == 0) {
		enum status status = STATUS_DATA;

		if (n < 0)
			status = diag_errno(errno, STATUS_IO, "standard input");
		else
			diag_error("standard input: no message, it is empty");
		raw_release(&raw);
		return status;
	}
	raw_finish(&raw, digest);
	source.bytes = raw.bytes->str;
	source.length = raw.bytes->len;
	source.full_length = raw.length;
	message_init_library();
	reading_explain(&source, &reading, page);
	g_string_append_c(page, '\n');
	explain_add_record(page, reading.record, "");
	reading_release(&reading);
	raw_release(&raw);
	return STATUS_OK;
}

enum status cmd_explain(const char *home, int argc, char **argv)
{
	const GOptionEntry options[] = {{0}};
	const struct cmd_usage usage = {"[MESSAGE-ID] [<MESSAGE]",
		"Says what a recorded message, or the one on standard input, was taken "
		"for.",
		0, 1};
	g_auto(GStrv) words = NULL;
	g_autoptr(GString) page = g_string_new(NULL);
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	if (status != STATUS_OK)
		return status;
	if (words[0] != NULL)
		status = explain_stored(home, words[0], page);
	else
		status = explain_input(page);
	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The databases beside the records: marks, lists, removals, issues, what is owed of them, and the
 * subscribers. */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "store/check_internal.h"
#include "store/lookup_index.h"
#include "store/outbox.h"
#include "store/outbox_keys.h"
#include "store/reclass.h"
#include "store/relate_index.h"

static void check_mark(struct check *check, const char *name, const char *value)
{
	char *end;
	uint64_t number = g_ascii_strtoull(value, &end, 10);

	if (*value == '\0' || *end != '\0' || number > check->head)
		check_fault(
			check, ENV_META, "%s: %s: there is no such message", name, value);
}

/* KEY, of LENGTH bytes, is of a class that was mended by hand. */
static void check_class(struct check *check, const uint8_t *key, size_t length,
	const struct env_cursor *cursor)
{
	size_t prefix = strlen(RECLASS_PREFIX), value_length;
	const uint8_t *value = env_cursor_value(cursor, &value_length);
	g_autofree char *id = g_strndup((const char *)key + prefix, length - prefix);
	g_autofree char *name = check_name_bytes(key, length);
	g_autoptr(reclass_auto)
		reclass = reclass_parse(id, (const char *)value, value_length);
	struct env_value number = {0};

	if (reclass == NULL)
		check_fault(check, ENV_META, "%s: is no class", name);
	else if (env_get(check->store.env, ENV_MESSAGE, key + prefix, length - prefix,
			 &number) != STATUS_OK)
		check_fault(check, ENV_META, "%s: there is no such message", name);
	env_value_release(&number);
}

static void check_meta(struct check *check, struct env_cursor *cursor)
{
	size_t key_length, length, digits;
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	const uint8_t *bytes = env_cursor_value(cursor, &length);
	g_autofree char *name = check_name_bytes(key, key_length);
	g_autofree char *value = check_name_bytes(bytes, length);
	uint8_t id[HASH_BYTES];

	if (strcmp(name, "mark") == 0 || strcmp(name, "expired") == 0 ||
		g_str_has_prefix(name, RELATE_MARK_PREFIX) ||
		g_str_has_prefix(name, LOOKUP_MARK_PREFIX) ||
		g_str_has_prefix(name, "base."))
		check_mark(check, name, value);
	if (g_str_has_prefix(name, RECLASS_PREFIX))
		check_class(check, key, key_length, cursor);
	if (g_str_has_prefix(name, "start.")) {
		check_mark(check, name, name + strlen("start."));
		if (!text_from_hex(value, id, sizeof id, &digits))
			check_fault(check, ENV_META, "%s: %s: is no id", name, value);
	}
}

static void check_nothing(struct check *check, struct env_cursor *cursor)
{
	(void)check;
	(void)cursor;
}

/* Key of an issue, of its delivery to somebody, or neither. */
static bool check_split_key(
	const uint8_t *key, size_t length, uint64_t *issue_r, bool *recipient_r)
{
	*recipient_r = length > 8;
	return length >= 8 && check_key_number(key, 8, issue_r);
}

static char *check_name_issue(const uint8_t *key, size_t length)
{
	g_autofree char *number = check_name_number(key, MIN(length, 8));
	g_autofree char *to = length > 8 ? check_name_bytes(key + 8, length - 8) : NULL;

	return g_strdup_printf("issue %s%s%s", number, to ? " to " : "", to ? to : "");
}

/* Whether the issue itself is there. */
static bool check_has_issue(struct check *check, const uint8_t *key)
{
	struct env_value value = {0};
	bool there = env_get(check->store.env, ENV_ISSUE, key, 8, &value) == STATUS_OK;

	env_value_release(&value);
	return there;
}

static void check_issue(struct check *check, struct env_cursor *cursor)
{
	struct outbox_issue issue = {0};
	size_t key_length;
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	g_autofree char *name = check_name_issue(key, key_length);
	bool recipient;
	uint64_t number;

	if (!check_split_key(key, key_length, &number, &recipient)) {
		check_fault(check, ENV_ISSUE, "%s: is no issue", name);
		return;
	}
	if (recipient) {
		if (!check_has_issue(check, key))
			check_fault(check, ENV_ISSUE, "%s: there is no such issue", name);
		return;
	}
	if (outbox_get(&check->store, number, &issue) != STATUS_OK)
		check_fault(check, ENV_ISSUE, "%s: is damaged", name);
	else if (issue.first > issue.last || issue.last > check->head)
		check_fault(check, ENV_ISSUE, "%s: there are no such messages", name);
	outbox_issue_release(&issue);
}

/* What is wrong with a value of which DECODED came. */
static void check_decoded(
	struct check *check, enum env_db db, const char *name, enum status decoded)
{
	if (decoded == STATUS_CONFIG)
		check_fault(check, db, "%s: a newer version of mldigest wrote it", name);
	else if (decoded != STATUS_OK)
		check_fault(check, db, "%s: is damaged", name);
}

static bool check_has_key(struct check *check, enum env_db db, const GByteArray *key)
{
	struct env_value value = {0};
	bool there = env_get(check->store.env, db, key->data, key->len, &value) ==
		     STATUS_OK;

	env_value_release(&value);
	return there;
}

/* Whether what is owed to ADDRESS of issue NUMBER is PAGE in FORMAT. */
static bool check_owes_page(struct check *check, const GByteArray *key, const char *page,
	enum subscriber_format format)
{
	struct outbox_entry *entry = g_new0(struct outbox_entry, 1);
	struct env_value value = {0};
	bool owes = env_get(check->store.env, ENV_OUTBOX, key->data, key->len, &value) ==
			    STATUS_OK &&
		    outbox_decode(value.data, value.length, entry) == STATUS_OK &&
		    strcmp(entry->page, page) == 0 && entry->format == format;

	env_value_release(&value);
	outbox_free_entry(entry);
	return owes;
}

/* ENTRY, of KEY, and its place among the pages belong together, and the page is there. */
static void check_owed_page(struct check *check, const uint8_t *key, size_t length,
	const struct outbox_entry *entry)
{
	g_autofree char *name = check_name_issue(key, length);
	g_autofree char *word = NULL, *page = NULL, *address = NULL;
	g_autoptr(GByteArray) other = NULL, mail = NULL;
	enum subscriber_format format;
	uint64_t number;
	bool whole;

	if (!outbox_split_key(key, length, &number, &word))
		return;
	if (outbox_split_page(word, &page, &format, &address)) {
		other = outbox_key(number, address);
		mail = outbox_page_key(number, page, format, NULL);
		whole = check_owes_page(check, other, page, format);
	} else if (outbox_has_page(entry)) {
		other = outbox_page_key(number, entry->page, entry->format, word);
		mail = outbox_page_key(number, entry->page, entry->format, NULL);
		whole = check_has_key(check, ENV_OUTBOX, other);
	} else {
		return;
	}
	if (!whole)
		check_fault(check, ENV_OUTBOX, "%s: its other half is missing", name);
	if (!check_has_key(check, ENV_ISSUE, mail))
		check_fault(check, ENV_OUTBOX, "%s: there is no such page", name);
}

static void check_owed(struct check *check, struct env_cursor *cursor)
{
	size_t length, value_length;
	const uint8_t *key = env_cursor_key(cursor, &length);
	const uint8_t *value = env_cursor_value(cursor, &value_length);
	struct outbox_entry *entry = g_new0(struct outbox_entry, 1);
	g_autofree char *name = check_name_issue(key, length);
	bool recipient;
	uint64_t number;

	if (!check_split_key(key, length, &number, &recipient) || !recipient ||
		!check_has_issue(check, key))
		check_fault(check, ENV_OUTBOX, "%s: there is no such issue", name);
	else
		check_decoded(check, ENV_OUTBOX, name,
			outbox_decode(value, value_length, entry));
	check_owed_page(check, key, length, entry);
	outbox_free_entry(entry);
}

static void check_subscriber(struct check *check, struct env_cursor *cursor)
{
	struct subscriber subscriber = {0};
	size_t key_length, length;
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	const uint8_t *value = env_cursor_value(cursor, &length);
	g_autofree char *name = check_name_bytes(key, key_length);
	g_autofree char *why = NULL;

	check_decoded(check, ENV_SUBSCRIBER, name,
		subscriber_decode(value, length, &subscriber));
	why = choice_check(&subscriber.choice);
	if (why != NULL)
		check_fault(check, ENV_SUBSCRIBER, "%s: %s", name, why);
	subscriber_release(&subscriber);
}

enum status check_others(struct check *check)
{
	static const struct check_walk walks[] = {
		{ENV_META, check_name_bytes, check_meta},
		{ENV_LIST, check_name_bytes, check_nothing},
		{ENV_REMOVED, check_name_bytes, check_nothing},
		{ENV_ISSUE, check_name_issue, check_issue},
		{ENV_OUTBOX, check_name_issue, check_owed},
		{ENV_SUBSCRIBER, check_name_bytes, check_subscriber},
	};
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(walks); i++)
		status = check_walk(check, &walks[i]);
	return status;
}

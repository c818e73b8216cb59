/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/outbox.h"

#include <string.h>

#include "base/diag.h"
#include "store/env.h"
#include "store/fields.h"
#include "store/internal.h"
#include "store/outbox_keys.h"

/* issue.db: number -> head lines, a blank line, the mail; number, "/", format -> a line, the mail
 * in that format; number, "/", page -> a line, its Message-ID, a blank line, its mail; number,
 * recipient -> when it was sent, and which page. */
#define OUTBOX_MAGIC       "mldigest-issue-"
#define OUTBOX_FORMAT_HEAD "mldigest-mail-1\n"
#define OUTBOX_VERSION     "3"

void outbox_issue_release(struct outbox_issue *issue)
{
	g_free(issue->sender);
	g_free(issue->message_id);
	g_free(issue->range);
	if (issue->mail != NULL)
		g_string_free(issue->mail, TRUE);
	*issue = (struct outbox_issue){0};
}

GByteArray *outbox_key(uint64_t number, const char *recipient)
{
	GByteArray *key = g_byte_array_new();
	uint64_t be = store_number_key(number);

	g_byte_array_append(key, (const guint8 *)&be, sizeof be);
	g_byte_array_append(key, (const guint8 *)recipient, (guint)strlen(recipient));
	return key;
}

bool outbox_split_key(
	const uint8_t *key, size_t length, uint64_t *number_r, char **recipient_r)
{
	uint64_t be;

	if (length < sizeof be)
		return false;
	memcpy(&be, key, sizeof be);
	*number_r = GUINT64_FROM_BE(be);
	*recipient_r = g_strndup((const char *)key + sizeof be, length - sizeof be);
	return true;
}

/* No address begins with a slash, and the formats stand before all of them. */
static GByteArray *outbox_format_key(uint64_t number, enum subscriber_format format)
{
	g_autofree char *name = g_strdup_printf("/%s", subscriber_format_name(format));

	return outbox_key(number, name);
}

enum status outbox_get_last(struct store *store, struct outbox_issue *issue_r)
{
	g_autofree char *recipient = NULL;
	struct env_cursor *cursor;
	uint64_t number = 0;
	size_t length;
	enum status status = env_cursor_open(store->env, ENV_ISSUE, &cursor);

	if (status != STATUS_OK)
		return status;
	/* What stands there may be the note of a delivery. */
	status = env_cursor_seek(cursor, ENV_SEEK_LAST, NULL, 0);
	if (status == STATUS_OK) {
		const uint8_t *key = env_cursor_key(cursor, &length);

		if (!outbox_split_key(key, length, &number, &recipient))
			status = STATUS_NOINPUT;
	}
	env_cursor_close(cursor);
	return status == STATUS_OK ? outbox_get(store, number, issue_r) : status;
}

enum status outbox_seal(struct store *store, const struct outbox_issue *issue)
{
	g_autoptr(GByteArray) key = outbox_key(issue->number, "");
	g_autoptr(GString) value = g_string_new(OUTBOX_MAGIC OUTBOX_VERSION "\n");
	struct env_value bytes;
	enum status status;

	g_string_append_printf(value,
		"first %" G_GUINT64_FORMAT "\nlast %" G_GUINT64_FORMAT
		"\nsender %s\nmessage-id %s\ndate %" G_GINT64_FORMAT "\nrange %s\n\n",
		(guint64)issue->first, (guint64)issue->last, issue->sender,
		issue->message_id, (gint64)issue->date, issue->range);
	g_string_append_len(value, issue->mail->str, (gssize)issue->mail->len);
	bytes = (struct env_value){value->str, value->len};
	status = env_put(store->env, ENV_ISSUE, key->data, key->len, &bytes);
	return status == STATUS_OK ? store_put_mark(store, issue->last) : status;
}

enum status outbox_seal_format(struct store *store, uint64_t number,
	enum subscriber_format format, const GString *mail)
{
	g_autoptr(GByteArray) key = outbox_format_key(number, format);
	g_autoptr(GString) value = g_string_new(OUTBOX_FORMAT_HEAD);
	struct env_value bytes;

	g_string_append_len(value, mail->str, (gssize)mail->len);
	bytes = (struct env_value){value->str, value->len};
	return env_put(store->env, ENV_ISSUE, key->data, key->len, &bytes);
}

/* The lines of the head in their order, the later ones of later versions. */
static const char *const outbox_names[] = {
	"first ", "last ", "sender ", "message-id ", "date ", "range "};
enum { OUTBOX_NAMES = G_N_ELEMENTS(outbox_names) };

/* How many of them the version in LINE has; 0 for none that is known. */
static unsigned outbox_count_names(const char *line)
{
	static const unsigned counts[] = {3, 4, OUTBOX_NAMES};
	const char *version = line + strlen(OUTBOX_MAGIC);

	if (!g_str_has_prefix(line, OUTBOX_MAGIC) || *version < '1' || *version > '3' ||
		version[1] != '\0')
		return 0;
	return counts[*version - '1'];
}

/* The values of the head's lines; NULL where a version has none. */
static bool outbox_parse_head(char **lines, const char *values_r[OUTBOX_NAMES])
{
	unsigned count = outbox_count_names(lines[0]);

	if (count == 0 || g_strv_length(lines) != count + 1)
		return false;
	for (unsigned i = 0; i < OUTBOX_NAMES; i++) {
		if (i < count && !g_str_has_prefix(lines[i + 1], outbox_names[i]))
			return false;
		values_r[i] = i < count ? lines[i + 1] + strlen(outbox_names[i]) : NULL;
	}
	return true;
}

static bool outbox_parse(const char *value, size_t length, struct outbox_issue *issue)
{
	const char *end = g_strstr_len(value, (gssize)length, "\n\n");
	g_autofree char *head = end ? g_strndup(value, (gsize)(end - value)) : NULL;
	g_auto(GStrv) lines = g_strsplit(head ? head : "", "\n", -1);
	const char *values[OUTBOX_NAMES];

	if (lines[0] == NULL || !outbox_parse_head(lines, values))
		return false;
	issue->first = g_ascii_strtoull(values[0], NULL, 10);
	issue->last = g_ascii_strtoull(values[1], NULL, 10);
	issue->sender = g_strdup(values[2]);
	issue->message_id = g_strdup(values[3] ? values[3] : "");
	issue->date = values[4] ? g_ascii_strtoll(values[4], NULL, 10) : 0;
	issue->range = g_strdup(values[5] ? values[5] : "");
	issue->mail = g_string_new_len(
		end + 2, (gssize)(length - (size_t)(end + 2 - value)));
	return true;
}

enum status outbox_complain_issue(struct store *store, uint64_t number)
{
	diag_error("%s: issue %" G_GUINT64_FORMAT " is damaged", env_home(store->env),
		(guint64)number);
	return STATUS_DATA;
}

enum status outbox_get(struct store *store, uint64_t number, struct outbox_issue *issue_r)
{
	g_autoptr(GByteArray) key = outbox_key(number, "");
	struct env_value value = {0};
	struct outbox_issue issue = {.number = number};
	enum status status = env_get(store->env, ENV_ISSUE, key->data, key->len, &value);

	if (status == STATUS_OK && !outbox_parse(value.data, value.length, &issue))
		status = outbox_complain_issue(store, number);
	env_value_release(&value);
	if (status == STATUS_OK)
		*issue_r = issue;
	return status;
}

/* Puts the mail that the issue was sealed with in FORMAT in the place of the text. */
static enum status outbox_read_format(
	struct store *store, enum subscriber_format format, struct outbox_issue *issue)
{
	g_autoptr(GByteArray) key = outbox_format_key(issue->number, format);
	const size_t head = strlen(OUTBOX_FORMAT_HEAD);
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_ISSUE, key->data, key->len, &value);

	if (status == STATUS_OK &&
		(value.length < head ||
			memcmp(value.data, OUTBOX_FORMAT_HEAD, head) != 0))
		status = outbox_complain_issue(store, issue->number);
	if (status == STATUS_OK) {
		g_string_truncate(issue->mail, 0);
		g_string_append_len(issue->mail, (const char *)value.data + head,
			(gssize)(value.length - head));
	}
	env_value_release(&value);
	return status;
}

enum status outbox_get_format(struct store *store, uint64_t number,
	enum subscriber_format format, struct outbox_issue *issue_r)
{
	struct outbox_issue issue = {0};
	enum status status = outbox_get(store, number, &issue);

	if (status == STATUS_OK && format != SUBSCRIBER_TEXT)
		status = outbox_read_format(store, format, &issue);
	if (status == STATUS_OK)
		*issue_r = issue;
	else
		outbox_issue_release(&issue);
	return status;
}

void outbox_sent_release(struct outbox_sent *sent)
{
	g_free(sent->address);
	g_free(sent->page);
	*sent = (struct outbox_sent){0};
}

/* "TIME", or "TIME PAGE". */
enum status outbox_get_sent(struct store *store, uint64_t number, const char *address,
	struct outbox_sent *sent_r)
{
	g_autoptr(GByteArray) key = outbox_key(number, address);
	struct env_value value = {0};
	enum status status = env_get(store->env, ENV_ISSUE, key->data, key->len, &value);
	g_autofree char *text = g_strndup(value.data ? value.data : "", value.length);
	char *page = strchr(text, ' ');
	struct outbox_sent sent = {0};

	env_value_release(&value);
	if (status != STATUS_OK)
		return status;
	if (page != NULL)
		*page++ = '\0';
	sent.address = g_strdup(address);
	sent.settled = g_strcmp0(page, OUTBOX_NOTHING) == 0;
	sent.page = g_strdup(page != NULL && !sent.settled ? page : "");
	if (!fields_parse_number(text, &sent.time))
		sent.time = 0;
	*sent_r = sent;
	return STATUS_OK;
}

enum status outbox_next_sent(struct store *store, uint64_t number, const char *after,
	struct outbox_sent *sent_r)
{
	/* Behind the mails in the other formats, or behind the address. */
	g_autoptr(GByteArray) key = outbox_key(number, *after ? after : "/~");
	g_autofree char *address = NULL;
	struct env_cursor *cursor;
	uint64_t found = 0;
	enum status status = env_cursor_open(store->env, ENV_ISSUE, &cursor);

	if (status != STATUS_OK)
		return status;
	g_byte_array_append(key, (const guint8 *)"", 1);
	status = env_cursor_seek(cursor, ENV_SEEK_AT_LEAST, key->data, key->len);
	if (status == STATUS_OK) {
		size_t length;
		const uint8_t *bytes = env_cursor_key(cursor, &length);

		if (!outbox_split_key(bytes, length, &found, &address) || found != number)
			status = STATUS_NOINPUT;
	}
	env_cursor_close(cursor);
	return status == STATUS_OK ? outbox_get_sent(store, number, address, sent_r)
				   : status;
}

enum status outbox_find_last_sent(struct store *store, const char *address,
	uint64_t after, uint64_t newest, uint64_t *number_r)
{
	for (uint64_t number = newest; number > after; number--) {
		struct outbox_sent sent = {0};
		enum status status = outbox_get_sent(store, number, address, &sent);
		bool settled = sent.settled;

		outbox_sent_release(&sent);
		if (status == STATUS_OK && settled)
			continue;
		if (status == STATUS_OK)
			*number_r = number;
		if (status != STATUS_NOINPUT)
			return status;
	}
	*number_r = 0;
	return STATUS_OK;
}

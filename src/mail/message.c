/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/message.h"

#include <string.h>

#include <gmime/gmime.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/body.h"
#include "mail/charset.h"
#include "mail/date.h"
#include "mail/header.h"
#include "mail/msgid.h"
#include "mail/simple.h"
#include "mail/words.h"

/* By enum message_field. */
static const enum header_field message_fields[MESSAGE_FIELD_COUNT] = {
	[MESSAGE_FIELD_TO] = HEADER_TO,
	[MESSAGE_FIELD_CC] = HEADER_CC,
	[MESSAGE_FIELD_REPLY_TO] = HEADER_REPLY_TO,
	[MESSAGE_FIELD_X_ORIGINAL_FROM] = HEADER_X_ORIGINAL_FROM,
	[MESSAGE_FIELD_AUTO_SUBMITTED] = HEADER_AUTO_SUBMITTED,
	[MESSAGE_FIELD_X_AUTOREPLY] = HEADER_X_AUTOREPLY,
	[MESSAGE_FIELD_X_AUTORESPOND] = HEADER_X_AUTORESPOND,
	[MESSAGE_FIELD_PRECEDENCE] = HEADER_PRECEDENCE,
	[MESSAGE_FIELD_CONTENT_TYPE] = HEADER_CONTENT_TYPE,
	[MESSAGE_FIELD_X_MAILER] = HEADER_X_MAILER,
};

/* GMime begins when the first mail needs it, in whatever thread. */
static GMimeParserOptions *message_options(void)
{
	static GMimeParserOptions *options;
	static const char *charsets[] = {"utf-8", "windows-1252", NULL};

	if (g_once_init_enter(&options)) {
		GMimeParserOptions *made;

		g_mime_init();
		made = g_mime_parser_options_new();
		g_mime_parser_options_set_fallback_charsets(made, charsets);
		g_once_init_leave(&options, made);
	}
	return options;
}

void message_init_library(void)
{
	message_options();
}

/* RFC 5322 2.2.3: a fold becomes one blank, whatever white space follows it. */
static char *message_unfold(const char *value)
{
	GString *line = g_string_new(NULL);

	for (; *value != '\0'; value++) {
		if (*value != '\n' && *value != '\r') {
			g_string_append_c(line, *value);
			continue;
		}
		while (g_ascii_isspace(value[1]))
			value++;
		while (line->len > 0 && g_ascii_isspace(line->str[line->len - 1]))
			g_string_truncate(line, line->len - 1);
		g_string_append_c(line, ' ');
	}
	return g_string_free(line, FALSE);
}

/* Bytes that no charset was named for: UTF-8 where they are that, else Windows-1252. */
static char *message_clean_field(const char *value)
{
	g_autofree char *utf8 = charset_to_utf8(value, strlen(value), NULL, NULL);
	char *line = text_sanitize_line(utf8, strlen(utf8));

	return g_strchug(line);
}

/* What all that follows makes of printable ASCII without encoded words, in one go; NULL for what is
 * not that alone. */
static char *message_decode_ascii(const char *value, size_t length)
{
	g_autofree char *line = g_malloc(length + 1);
	char *to = line;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)value[i];

		if (c == '\n') {
			while (i + 1 < length &&
				(value[i + 1] == ' ' || value[i + 1] == '\t' ||
					value[i + 1] == '\n'))
				i++;
			while (to > line && to[-1] == ' ')
				to--;
		} else if ((c < 0x20 && c != '\t') || c >= 0x7f ||
			   (c == '=' && i + 1 < length && value[i + 1] == '?')) {
			return NULL;
		}
		*to = c < 0x20 ? ' ' : (char)c;
		to += to > line || *to != ' ';
	}
	while (to > line && to[-1] == ' ')
		to--;
	*to = '\0';
	return g_steal_pointer(&line);
}

char *message_decode_line(const char *value, size_t length)
{
	char *ascii = message_decode_ascii(value, MIN(length, LIMIT_FIELD_BYTES));
	g_autofree char *limited = NULL;
	g_autofree char *unfolded = NULL;
	g_autofree char *quoted = NULL;
	g_autofree char *decoded = NULL;

	if (ascii != NULL)
		return ascii;
	limited = g_strndup(value, MIN(length, LIMIT_FIELD_BYTES));
	unfolded = message_unfold(limited);
	/* GMime guesses a charset for bytes outside encoded words; ours is the better
	 * guess, and without encoded words there is nothing to decode. */
	if (strstr(unfolded, "=?") == NULL)
		return message_clean_field(unfolded);
	quoted = words_to_quoted(unfolded);
	decoded = g_mime_utils_header_decode_text(message_options(), quoted);
	return message_clean_field(decoded);
}

static char *message_decode_field(const char *raw)
{
	return message_decode_line(raw, strlen(raw));
}

/* The first mailbox in LIST, a group's members included (RFC 5322 3.4). */
static InternetAddressMailbox *message_first_mailbox(InternetAddressList *list, int depth)
{
	int n = list ? internet_address_list_length(list) : 0;

	for (int i = 0; i < n && depth < LIMIT_DEPTH; i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);
		InternetAddressMailbox *found = NULL;

		if (INTERNET_ADDRESS_IS_MAILBOX(address))
			return INTERNET_ADDRESS_MAILBOX(address);
		if (INTERNET_ADDRESS_IS_GROUP(address))
			found = message_first_mailbox(
				internet_address_group_get_members(
					INTERNET_ADDRESS_GROUP(address)),
				depth + 1);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* GMime takes nothing out of a name with characters that want quotes, as `Ada [X] <ada@x.org>`. */
static void message_read_odd_from(const char *raw, struct message *message)
{
	char *line = message_decode_field(raw), *name, *address;

	g_free(message->from_name);
	/* Not a mailbox by any reading: the words are still better than nothing. */
	message->from_name = line;
	if (!address_parse(line, &name, &address))
		return;
	g_free(line);
	g_free(message->from_address);
	message->from_name = name;
	message->from_address = address;
}

static void message_read_parsed_from(const char *raw, struct message *message)
{
	g_autofree char *limited = g_strndup(raw, LIMIT_FIELD_BYTES);
	g_autofree char *line = message_unfold(limited);
	g_autofree char *kept = words_keep_comments(line);
	g_autofree char *quoted = words_to_quoted(kept);
	g_autofree char *utf8 = charset_to_utf8(quoted, strlen(quoted), NULL, NULL);
	InternetAddressList *list = internet_address_list_parse(message_options(), utf8);
	InternetAddressMailbox *mailbox = message_first_mailbox(list, 0);

	if (mailbox != NULL) {
		const char *name = internet_address_get_name(INTERNET_ADDRESS(mailbox));
		const char *address = internet_address_mailbox_get_addr(mailbox);

		g_free(message->from_name);
		g_free(message->from_address);
		message->from_name = message_clean_field(name ? name : "");
		message->from_address = message_clean_field(address ? address : "");
	} else {
		message_read_odd_from(raw, message);
	}
	g_clear_object(&list);
}

static void message_read_from(const char *raw, struct message *message)
{
	char *name, *address;

	if (strlen(raw) > LIMIT_FIELD_BYTES ||
		!address_read_plain(raw, &name, &address)) {
		message_read_parsed_from(raw, message);
		return;
	}
	g_free(message->from_name);
	g_free(message->from_address);
	message->from_name = name;
	message->from_address = address;
}

static int64_t message_parse_date(const char *value)
{
	g_autoptr(GDateTime) date = NULL;
	int64_t time;

	if (date_read(value, &time))
		return time;
	message_init_library();
	date = g_mime_utils_header_decode_date(value);
	return date ? g_date_time_to_unix(date) : 0;
}

static void message_add_list_id(const char *raw, struct message *message)
{
	g_autofree char *line = message_decode_field(raw);
	char *start = strrchr(line, '<');
	char *end = start ? strchr(start, '>') : NULL;
	g_autofree char *id = NULL;

	if (message->list_ids->len >= LIMIT_LIST_IDS)
		return;
	if (end != NULL)
		*end = '\0';
	start = start ? start + 1 : line;
	id = g_ascii_strdown(
		start, (gssize)text_cut(start, strlen(start), LIMIT_MSGID_BYTES));
	g_strstrip(id);
	if (*id != '\0' && strchr(id, ' ') == NULL)
		g_ptr_array_add(message->list_ids, g_steal_pointer(&id));
}

/* The fields that may stand once take their first occurrence: what a relay added later on
 * top is not the sender's, but senders' own doubles are rare and their first is what MUAs
 * show. */
struct message_seen {
	bool subject, from, date, received;
	const char *in_reply_to;
};

static void message_read_id(const char *raw, struct message *message)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	if (message->message_id != NULL)
		return;
	msgid_scan(raw, ids);
	if (ids->len > 0) {
		message->message_id = g_strdup(ids->pdata[0]);
	} else if (*message->message_id_raw == '\0') {
		g_free(message->message_id_raw);
		message->message_id_raw = message_decode_field(raw);
	}
}

static void message_keep_field(
	enum message_field field, const char *raw, struct message *message)
{
	if (message->fields[field] == NULL)
		message->fields[field] = message_decode_field(raw);
}

static void message_keep_rest(
	enum header_field field, const char *raw, struct message *message)
{
	for (unsigned i = 0; i < MESSAGE_FIELD_COUNT; i++)
		if (message_fields[i] == field)
			message_keep_field(i, raw, message);
}

static void message_read_field(enum header_field field, const char *raw,
	struct message_seen *seen, struct message *message)
{
	while (g_ascii_isspace(*raw))
		raw++;
	if (field == HEADER_SUBJECT && !seen->subject) {
		seen->subject = true;
		g_free(message->subject);
		message->subject = message_decode_field(raw);
	} else if (field == HEADER_FROM && !seen->from) {
		seen->from = true;
		message_read_from(raw, message);
	} else if (field == HEADER_DATE && !seen->date) {
		seen->date = true;
		message->date = message_parse_date(raw);
	} else if (field == HEADER_RECEIVED && !seen->received) {
		const char *semicolon = strrchr(raw, ';');

		seen->received = true;
		message->received = semicolon ? message_parse_date(semicolon + 1) : 0;
	} else if (field == HEADER_MESSAGE_ID) {
		message_read_id(raw, message);
	} else if (field == HEADER_REFERENCES) {
		msgid_scan(raw, message->references);
	} else if (field == HEADER_IN_REPLY_TO && !seen->in_reply_to) {
		seen->in_reply_to = raw;
	} else if (field == HEADER_LIST_ID) {
		message_add_list_id(raw, message);
	} else {
		message_keep_rest(field, raw, message);
	}
}

/* When all fields are read: what it answers. */
static void message_end_header(const struct message_seen *seen, struct message *message)
{
	message->has_header = true;
	msgid_add_parent(seen->in_reply_to, message->references);
	msgid_drop_draft(message->message_id, message->references);
}

static void message_read_header(GMimeObject *object, struct message *message)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);
	struct message_seen seen = {0};
	int n = g_mime_header_list_get_count(headers);

	for (int i = 0; i < n; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		const char *raw = g_mime_header_get_raw_value(header);
		const char *name = g_mime_header_get_name(header);

		if (raw == NULL)
			continue;
		if (g_str_has_prefix(name, HEADER_PREFIX))
			name += strlen(HEADER_PREFIX);
		message_read_field(header_find(name, strlen(name)), raw, &seen, message);
	}
	message_end_header(&seen, message);
}

/* GMime has the fields about the body at the part that is the body. */
static void message_read_type(GMimeObject *part, struct message *message)
{
	GMimeHeaderList *headers = part ? g_mime_object_get_header_list(part) : NULL;
	GMimeHeader *header =
		headers ? g_mime_header_list_get_header(headers, "Content-Type") : NULL;
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;

	if (raw != NULL)
		message_keep_field(MESSAGE_FIELD_CONTENT_TYPE, raw, message);
}

static void message_init(struct message *message)
{
	*message = (struct message){
		.subject = g_strdup(""),
		.from_name = g_strdup(""),
		.from_address = g_strdup(""),
		.message_id_raw = g_strdup(""),
		.references = g_ptr_array_new_with_free_func(g_free),
		.list_ids = g_ptr_array_new_with_free_func(g_free),
	};
}

/* What GMime is not needed for: see mail/simple.h. */
static void message_read_simple(const struct simple *simple, struct message *message)
{
	const struct body_text body = {simple->body, simple->body_length, simple->charset,
		simple->flowed, simple->delsp};
	struct message_seen seen = {0};

	for (unsigned i = 0; i < simple->count; i++)
		message_read_field(simple->fields[i].field,
			simple->values + simple->fields[i].value, &seen, message);
	message_end_header(&seen, message);
	message->text = simple->quoted_printable ? body_read_quoted(&body)
						 : body_read_plain(&body);
}

static void message_read_mime(const GString *filtered, struct message *message)
{
	GMimeParserOptions *options = message_options();
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(
		filtered->str, filtered->len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *mime = g_mime_parser_construct_message(parser, options);

	if (mime != NULL) {
		message_read_header(GMIME_OBJECT(mime), message);
		message_read_type(g_mime_message_get_mime_part(mime), message);
		message->text = body_read_text(g_mime_message_get_mime_part(mime),
			message->message_id, &message->limit);
		g_object_unref(mime);
	} else {
		message->text = g_string_new(NULL);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

void message_parse(const char *bytes, size_t length, struct message *message_r)
{
	g_autoptr(GString) filtered = NULL;
	struct simple simple;

	message_init(message_r);
	if (!header_begins(bytes, length)) {
		/* GMime would look for a header in what is none. */
		message_r->text = text_sanitize(bytes, MIN(length, LIMIT_TEXT_BYTES));
	} else if (simple_read(bytes, length, &simple)) {
		message_read_simple(&simple, message_r);
		simple_release(&simple);
	} else {
		filtered = header_filter(bytes, length, &message_r->limit);
		message_read_mime(filtered, message_r);
	}
}

void message_release(struct message *message)
{
	g_free(message->subject);
	g_free(message->from_name);
	g_free(message->from_address);
	g_free(message->message_id);
	g_free(message->message_id_raw);
	for (size_t i = 0; i < MESSAGE_FIELD_COUNT; i++)
		g_free(message->fields[i]);
	g_clear_pointer(&message->references, g_ptr_array_unref);
	g_clear_pointer(&message->list_ids, g_ptr_array_unref);
	if (message->text != NULL)
		g_string_free(message->text, TRUE);
	*message = (struct message){0};
}

const char *message_field(const struct message *message, enum message_field field)
{
	return message->fields[field] ? message->fields[field] : "";
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/mailinfo.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "mail/mailinfo_private.h"

enum mailinfo_coding { MAILINFO_PLAIN, MAILINFO_QUOTED, MAILINFO_BASE64 };

enum mailinfo_field {
	MAILINFO_FROM,
	MAILINFO_SUBJECT,
	MAILINFO_DATE,
	MAILINFO_FIELDS,
};

static const char *const mailinfo_names[MAILINFO_FIELDS] = {"From:", "Subject:", "Date:"};

/* A body on its way. */
struct mailinfo_work {
	struct mailinfo *info;
	enum mailinfo_coding coding;
	GString *decoded; /* the beginning of a line whose end has not come */
	GString *in_body; /* a field in the body that the next line may go on */
	GString *fields[MAILINFO_FIELDS]; /* of the body, or NULL */
	bool begun;                       /* a line of the commit message has been seen */
	bool in_patch;
};

static const char *mailinfo_skip_name(const char *line, enum mailinfo_field field)
{
	const char *name = mailinfo_names[field];

	if (g_ascii_strncasecmp(line, name, strlen(name)) != 0)
		return NULL;
	line += strlen(name);
	while (mailinfo_is_blank(*line))
		line++;
	return line;
}

static void mailinfo_end_in_body(struct mailinfo_work *work)
{
	for (size_t i = 0; i < MAILINFO_FIELDS && work->in_body->len > 0; i++) {
		const char *value = work->fields[i]
					    ? NULL
					    : mailinfo_skip_name(work->in_body->str,
						      (enum mailinfo_field)i);

		if (value == NULL)
			continue;
		work->fields[i] = mailinfo_decode_field(value, work->info);
		g_string_truncate(work->in_body, 0);
	}
}

/* The first line of `git format-patch`, which is no field of a mail. */
static bool mailinfo_is_separator(const char *line, size_t length)
{
	static const char behind[] = " Mon Sep 17 00:00:00 2001";

	return length == 5 + 40 + sizeof behind - 1 && strncmp(line, "From ", 5) == 0 &&
	       strspn(line + 5, "0123456789abcdef") == 40 &&
	       strcmp(line + 45, behind) == 0;
}

/* Whether LINE is of the in-body fields at the top. */
static bool mailinfo_take_in_body(
	struct mailinfo_work *work, const char *line, size_t length)
{
	if (work->in_body->len > 0 && (*line == ' ' || *line == '\t')) {
		g_string_append_len(work->in_body, line, (gssize)length);
		return true;
	}
	mailinfo_end_in_body(work);
	if (strncmp(line, ">From", 5) == 0 && (length == 5 || mailinfo_is_blank(line[5])))
		return mailinfo_is_separator(line + 1, length - 1);
	if (strncmp(line, "[PATCH]", 7) == 0 &&
		(length == 7 || mailinfo_is_blank(line[7]))) {
		if (work->fields[MAILINFO_SUBJECT] != NULL)
			g_string_free(work->fields[MAILINFO_SUBJECT], TRUE);
		work->fields[MAILINFO_SUBJECT] = g_string_new_len(line, (gssize)length);
		return true;
	}
	for (size_t i = 0; i < MAILINFO_FIELDS; i++)
		if (work->fields[i] == NULL &&
			mailinfo_skip_name(line, (enum mailinfo_field)i) != NULL) {
			g_string_append_len(work->in_body, line, (gssize)length);
			return true;
		}
	return false;
}

/* Where the patch begins: its diff, or a line of three dashes with nothing, or with a file's name
 * behind it. */
static bool mailinfo_begins_patch(const char *line, size_t length, bool ended)
{
	if (strncmp(line, "diff -", 6) == 0 || strncmp(line, "Index: ", 7) == 0)
		return true;
	if (strncmp(line, "---", 3) != 0)
		return false;
	if (line[3] == ' ' && length > 4 && !mailinfo_is_blank(line[4]))
		return true;
	return ended && mailinfo_is_blank_text(line + 3, length - 3);
}

/* One decoded line, without the LF that ENDED it; LINE[LENGTH] is a NUL. */
static void mailinfo_take_line(
	struct mailinfo_work *work, const char *line, size_t length, bool ended)
{
	GString *body = work->info->body;

	if (memchr(line, '\0', length) != NULL)
		mailinfo_fail(work->info, "it has a NUL");
	if (!work->begun && length == 0) {
		work->begun = work->in_body->len > 0;
		mailinfo_end_in_body(work);
		return;
	}
	if (!work->begun && mailinfo_take_in_body(work, line, length))
		return;
	work->begun = true;
	if (!work->in_patch)
		work->in_patch = mailinfo_begins_patch(line, length, ended);
	while (length > 0 && line[length - 1] == '\r')
		length--;
	g_string_append_len(body, line, (gssize)length);
	g_string_append(body, "\r\n");
}

/* Takes the lines that have come to their end in ->decoded, which is new from OLD on. */
static void mailinfo_take_decoded(struct mailinfo_work *work, size_t old)
{
	GString *decoded = work->decoded;
	size_t start = 0;
	char *end;

	while ((end = memchr(decoded->str + MAX(old, start), '\n',
			decoded->len - MAX(old, start))) != NULL) {
		size_t length = (size_t)(end - decoded->str) - start;

		*end = '\0';
		mailinfo_take_line(work, decoded->str + start, length, true);
		start += length + 1;
	}
	if (start > 0)
		g_string_erase(decoded, 0, (gssize)start);
}

/* One line as it came, without the LF that ENDED it. */
static void mailinfo_decode_line(
	struct mailinfo_work *work, const char *line, size_t length, bool ended)
{
	GString *decoded = work->decoded;
	size_t old = decoded->len;

	if (work->coding == MAILINFO_BASE64)
		mailinfo_decode_base64(line, length, decoded);
	else if (work->coding == MAILINFO_PLAIN)
		g_string_append_len(decoded, line, (gssize)length);
	if (work->coding == MAILINFO_PLAIN ||
		(work->coding == MAILINFO_QUOTED &&
			mailinfo_decode_quoted(line, length, false, decoded)))
		if (ended)
			g_string_append_c(decoded, '\n');
	mailinfo_take_decoded(work, old);
}

static void mailinfo_read_body(
	struct mailinfo_work *work, const char *body, size_t length)
{
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(body, length, &cursor, &line, &line_length)) {
		bool ended = cursor > (size_t)(line - body) + line_length;

		if (ended && line_length > 0 && line[line_length - 1] == '\r')
			line_length--;
		mailinfo_decode_line(work, line, line_length, ended);
	}
	if (work->decoded->len > 0)
		mailinfo_take_line(work, work->decoded->str, work->decoded->len, false);
	mailinfo_end_in_body(work);
}

/* DKIM's "simple": no empty lines at the end, and one CRLF for an empty body. */
static void mailinfo_end_body(GString *body)
{
	while (body->len > 0 &&
		(body->str[body->len - 1] == '\n' || body->str[body->len - 1] == '\r'))
		g_string_truncate(body, body->len - 1);
	g_string_append(body, "\r\n");
}

/* Which fields count: those in the body only where a patch follows. */
static void mailinfo_choose_fields(
	struct mailinfo_work *work, const struct mailinfo_input *input)
{
	struct mailinfo *info = work->info;
	GString *from = work->in_patch ? work->fields[MAILINFO_FROM] : NULL;
	GString *subject = work->in_patch ? work->fields[MAILINFO_SUBJECT] : NULL;
	g_autoptr(GString) outer_from = mailinfo_decode_field(input->from, info);
	g_autoptr(GString) outer_subject = mailinfo_decode_field(input->subject, info);

	if (subject == NULL)
		subject = outer_subject;
	mailinfo_clean_subject(subject);
	g_string_append_len(info->subject, subject->str, (gssize)subject->len);
	mailinfo_read_from(info, from ? from : outer_from);
}

static void mailinfo_init(struct mailinfo *info)
{
	*info = (struct mailinfo){.name = g_string_new(NULL),
		.email = g_string_new(NULL),
		.subject = g_string_new(NULL),
		.body = g_string_new(NULL)};
}

void mailinfo_read(const struct mailinfo_input *input, struct mailinfo *info_r)
{
	const char *encoding = input->encoding ? input->encoding : "";
	const char *type = input->type ? input->type : "";
	struct mailinfo_work work = {.info = info_r};

	mailinfo_init(info_r);
	/* Git strings all parts together and unwraps lines by rules of its own; what people are
	 * shown of such a mail is something else. */
	if (strcasestr(type, "boundary") != NULL || strcasestr(type, "multipart") != NULL)
		info_r->failure = "a mail in parts is not checked";
	else if (strcasestr(type, "flowed") != NULL)
		info_r->failure = "a mail with format=flowed is not checked";
	info_r->other_form = info_r->failure != NULL;
	if (info_r->other_form)
		return;
	if (strcasestr(encoding, "base64") != NULL)
		work.coding = MAILINFO_BASE64;
	else if (strcasestr(encoding, "quoted-printable") != NULL)
		work.coding = MAILINFO_QUOTED;
	work.decoded = g_string_new(NULL);
	work.in_body = g_string_new(NULL);
	mailinfo_read_body(&work, input->body, input->body_length);
	mailinfo_end_body(info_r->body);
	mailinfo_choose_fields(&work, input);
	g_string_free(work.decoded, TRUE);
	g_string_free(work.in_body, TRUE);
	for (size_t i = 0; i < MAILINFO_FIELDS; i++)
		if (work.fields[i] != NULL)
			g_string_free(work.fields[i], TRUE);
}

void mailinfo_release(struct mailinfo *info)
{
	g_string_free(info->name, TRUE);
	g_string_free(info->email, TRUE);
	g_string_free(info->subject, TRUE);
	g_string_free(info->body, TRUE);
	*info = (struct mailinfo){0};
}

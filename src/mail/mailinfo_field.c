/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "mail/mailinfo_private.h"

bool mailinfo_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void mailinfo_fail(struct mailinfo *info, const char *why)
{
	if (info->failure == NULL)
		info->failure = why;
}

static void mailinfo_trim(GString *line)
{
	size_t start = 0;

	while (line->len > 0 && mailinfo_is_blank(line->str[line->len - 1]))
		g_string_truncate(line, line->len - 1);
	while (start < line->len && mailinfo_is_blank(line->str[start]))
		start++;
	g_string_erase(line, 0, (gssize)start);
}

/* Runs of white space become one blank. */
static void mailinfo_squeeze(GString *line)
{
	bool was_blank = false;
	size_t out = 0;

	for (size_t i = 0; i < line->len; i++) {
		bool blank = mailinfo_is_blank(line->str[i]);

		if (!blank || !was_blank)
			line->str[out++] = blank ? ' ' : line->str[i];
		was_blank = blank;
	}
	g_string_truncate(line, out);
}

void mailinfo_decode_base64(const char *text, size_t length, GString *out)
{
	unsigned bits = 0, count = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		unsigned value;

		if (c >= 'A' && c <= 'Z')
			value = (unsigned)(c - 'A');
		else if (c >= 'a' && c <= 'z')
			value = (unsigned)(c - 'a') + 26;
		else if (g_ascii_isdigit(c))
			value = (unsigned)(c - '0') + 52;
		else if (c == '+' || c == '/')
			value = c == '+' ? 62 : 63;
		else
			continue;
		bits = (bits << 6 | value) & 0xffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			g_string_append_c(out, (char)(bits >> count & 0xff));
		}
	}
}

bool mailinfo_decode_quoted(const char *text, size_t length, bool word, GString *out)
{
	for (size_t i = 0; i < length; i++) {
		int high, low;

		if (text[i] == '=' && i + 1 == length)
			return false;
		high = text[i] == '=' ? g_ascii_xdigit_value(text[i + 1]) : -1;
		low = high >= 0 && i + 2 < length ? g_ascii_xdigit_value(text[i + 2])
						  : -1;
		if (low >= 0) {
			g_string_append_c(out, (char)(high << 4 | low));
			i += 2;
		} else {
			g_string_append_c(out, word && text[i] == '_' ? ' ' : text[i]);
		}
	}
	return true;
}

/* One encoded word at TEXT, behind its "=?", decoded to OUT; NULL where it is none, else what
 * stands behind it.  Its charset is not looked at: nothing is recoded. */
static const char *mailinfo_decode_word(const char *text, GString *out)
{
	const char *charset_end = strchr(text, '?');
	const char *start, *end;
	char encoding;

	if (charset_end == NULL || charset_end[1] == '\0' || charset_end[2] != '?')
		return NULL;
	encoding = g_ascii_tolower(charset_end[1]);
	start = charset_end + 3;
	end = strstr(start, "?=");
	if (end == NULL || (encoding != 'b' && encoding != 'q'))
		return NULL;
	if (encoding == 'b')
		mailinfo_decode_base64(start, (size_t)(end - start), out);
	else
		mailinfo_decode_quoted(start, (size_t)(end - start), true, out);
	return end + 2;
}

bool mailinfo_is_blank_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!mailinfo_is_blank(text[i]))
			return false;
	return true;
}

GString *mailinfo_decode_field(const char *value, struct mailinfo *info)
{
	GString *out = g_string_new(NULL);
	const char *in = value, *word;

	while ((word = strstr(in, "=?")) != NULL) {
		size_t gap = (size_t)(word - in);

		if (in == value || !mailinfo_is_blank_text(in, gap))
			g_string_append_len(out, in, (gssize)gap);
		in = mailinfo_decode_word(word + 2, out);
		if (in == NULL) {
			mailinfo_fail(info, "an encoded word in its header is broken");
			return out;
		}
	}
	g_string_append(out, in);
	if (memchr(out->str, '\0', out->len) != NULL)
		mailinfo_fail(info, "it has a NUL");
	return out;
}

void mailinfo_clean_subject(GString *subject)
{
	size_t start = 0;

	for (;;) {
		const char *rest = subject->str + start;
		const char *end;

		if (*rest == ' ' || *rest == '\t' || *rest == ':') {
			start++;
		} else if (strlen(rest) > 3 && g_ascii_strncasecmp(rest, "re:", 3) == 0) {
			start += 3;
		} else if (*rest == '[' && (end = strchr(rest, ']')) != NULL) {
			start += (size_t)(end - rest) + 1;
		} else {
			break;
		}
	}
	g_string_erase(subject, 0, (gssize)start);
	mailinfo_trim(subject);
	mailinfo_squeeze(subject);
}

/* A quoted string (RFC 5322 3.2.4) without its quotes, or a comment (3.2.2) with its parentheses;
 * in both a backslash goes, and what it quotes stays.  At *FROM is what opened it.  False where
 * nothing closes it. */
static bool mailinfo_unquote_part(const char **from, GString *out)
{
	bool comment = **from == '(';
	const char *in = *from + 1;
	unsigned depth = 1;

	if (comment)
		g_string_append_c(out, '(');
	for (; *in != '\0' && depth > 0; in++) {
		if (*in == '\\') {
			if (in[1] != '\0')
				g_string_append_c(out, *++in);
		} else if (!comment && *in == '"') {
			depth = 0;
		} else {
			depth += comment && *in == '(';
			depth -= comment && *in == ')';
			g_string_append_c(out, *in);
		}
	}
	*from = in;
	return depth == 0;
}

/* Git reads on behind a quote that nothing closes. */
static GString *mailinfo_unquote(const char *from, struct mailinfo *info)
{
	GString *out = g_string_new(NULL);

	while (*from != '\0')
		if (*from != '"' && *from != '(')
			g_string_append_c(out, *from++);
		else if (!mailinfo_unquote_part(&from, out))
			mailinfo_fail(info, "a quote or comment in From does not end");
	return out;
}

/* A name that is no name gives way to the address. */
static void mailinfo_set_name(struct mailinfo *info, const char *name)
{
	size_t length = strlen(name);
	bool sane = length > 0 && length <= 60 && strpbrk(name, "@<>") == NULL;

	g_string_assign(info->name, sane ? name : info->email->str);
}

/* `Name <address>` without an '@'. */
static void mailinfo_read_odd_from(struct mailinfo *info, const char *from)
{
	const char *open = strchr(from, '<');
	const char *close = open ? strchr(open, '>') : NULL;
	g_autoptr(GString) name = NULL;

	if (close == NULL)
		return;
	g_string_append_len(info->email, open + 1, close - open - 1);
	mailinfo_trim(info->email);
	name = g_string_new_len(from, open - from);
	mailinfo_trim(name);
	mailinfo_set_name(info, name->str);
}

void mailinfo_read_from(struct mailinfo *info, GString *from)
{
	g_autoptr(GString) rest = NULL;
	size_t start, length;
	char *at;

	mailinfo_squeeze(from);
	rest = mailinfo_unquote(from->str, info);
	at = strchr(rest->str, '@');
	if (at == NULL) {
		mailinfo_read_odd_from(info, from->str);
		return;
	}
	start = (size_t)(at - rest->str);
	while (start > 0 && !mailinfo_is_blank(rest->str[start - 1])) {
		if (rest->str[start - 1] == '<') {
			rest->str[start - 1] = ' ';
			break;
		}
		start--;
	}
	length = strcspn(rest->str + start, " \n\t\r\v\f>");
	g_string_append_len(info->email, rest->str + start, (gssize)length);
	g_string_erase(rest, (gssize)start,
		(gssize)(length + (rest->str[start + length] != '\0')));
	mailinfo_squeeze(rest);
	mailinfo_trim(rest);
	if (rest->len > 1 && *rest->str == '(' && rest->str[rest->len - 1] == ')') {
		g_string_truncate(rest, rest->len - 1);
		g_string_erase(rest, 0, 1);
	}
	mailinfo_set_name(info, rest->str);
}

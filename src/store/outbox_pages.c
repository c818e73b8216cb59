/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of an issue that are not the one all get; in issue.db beside it. */
#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "store/env.h"
#include "store/internal.h"
#include "store/outbox.h"
#include "store/outbox_keys.h"

#define PAGE_HEAD "mldigest-page-1\nmessage-id "
#define PAGE_MIME ".mime"

GByteArray *outbox_page_key(uint64_t number, const char *name,
	enum subscriber_format format, const char *recipient)
{
	g_autofree char *word = g_strdup_printf("/%s%s%s%s", name,
		format == SUBSCRIBER_MIME ? PAGE_MIME : "", recipient ? "/" : "",
		recipient ? recipient : "");

	return outbox_key(number, word);
}

bool outbox_split_page(const char *recipient, char **name_r,
	enum subscriber_format *format_r, char **address_r)
{
	const char *slash = *recipient == '/' ? strchr(recipient + 1, '/') : NULL;
	g_autofree char *name =
		slash ? g_strndup(recipient + 1, (gsize)(slash - recipient - 1)) : NULL;
	bool mime = name != NULL && g_str_has_suffix(name, PAGE_MIME);

	if (slash == NULL || slash[1] == '\0')
		return false;
	if (mime)
		name[strlen(name) - strlen(PAGE_MIME)] = '\0';
	*name_r = g_steal_pointer(&name);
	*format_r = mime ? SUBSCRIBER_MIME : SUBSCRIBER_TEXT;
	*address_r = g_strdup(slash + 1);
	return true;
}

enum status outbox_seal_page(struct store *store, const struct outbox_page *page)
{
	g_autoptr(GByteArray)
		key = outbox_page_key(page->number, page->name, page->format, NULL);
	g_autoptr(GString) value = g_string_new(PAGE_HEAD);
	struct env_value bytes;

	g_string_append_printf(value, "%s\n\n", page->message_id);
	g_string_append_len(value, page->mail->str, (gssize)page->mail->len);
	bytes = (struct env_value){value->str, value->len};
	return env_put(store->env, ENV_ISSUE, key->data, key->len, &bytes);
}

/* Where the mail of a page's VALUE begins; 0 for a value that is none. */
static size_t page_find_mail(const struct env_value *value)
{
	const char *bytes = value->data, *end;
	size_t head = strlen(PAGE_HEAD);

	if (value->length < head || memcmp(bytes, PAGE_HEAD, head) != 0)
		return 0;
	end = g_strstr_len(bytes, (gssize)value->length, "\n\n");
	return end != NULL ? (size_t)(end + 2 - bytes) : 0;
}

static enum status page_get(struct store *store, const struct outbox_page *page,
	struct env_value *value_r, size_t *mail_r)
{
	g_autoptr(GByteArray)
		key = outbox_page_key(page->number, page->name, page->format, NULL);
	enum status status = env_get(store->env, ENV_ISSUE, key->data, key->len, value_r);

	if (status != STATUS_OK)
		return status;
	*mail_r = page_find_mail(value_r);
	if (*mail_r > 0)
		return STATUS_OK;
	env_value_release(value_r);
	return outbox_complain_issue(store, page->number);
}

enum status outbox_get_page(
	struct store *store, const struct outbox_page *page, struct outbox_issue *issue_r)
{
	struct outbox_issue issue = {0};
	struct env_value value = {0};
	size_t mail;
	enum status status;

	if (*page->name == '\0')
		return outbox_get_format(store, page->number, page->format, issue_r);
	status = outbox_get(store, page->number, &issue);
	if (status == STATUS_OK)
		status = page_get(store, page, &value, &mail);
	if (status == STATUS_OK) {
		g_string_truncate(issue.mail, 0);
		g_string_append_len(issue.mail, (const char *)value.data + mail,
			(gssize)(value.length - mail));
		*issue_r = issue;
	} else {
		outbox_issue_release(&issue);
	}
	env_value_release(&value);
	return status;
}

enum status outbox_find_page_before(struct store *store, uint64_t number,
	const char *name, uint64_t *before_r, char **message_id_r)
{
	struct outbox_page page = {.name = name};
	uint64_t end = number > LIMIT_PAGE_ISSUES ? number - LIMIT_PAGE_ISSUES : 1;

	while (number > end) {
		struct env_value value = {0};
		size_t mail, head = strlen(PAGE_HEAD);
		enum status status = STATUS_NOINPUT;

		page.number = --number;
		for (int format = 0;
			status == STATUS_NOINPUT && format < SUBSCRIBER_FORMATS;
			format++) {
			page.format = (enum subscriber_format)format;
			status = page_get(store, &page, &value, &mail);
		}
		if (status == STATUS_OK) {
			*before_r = number;
			*message_id_r = g_strndup(
				(const char *)value.data + head, mail - 2 - head);
		}
		env_value_release(&value);
		if (status != STATUS_NOINPUT)
			return status;
	}
	return STATUS_NOINPUT;
}

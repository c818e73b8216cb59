/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/subscriber.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/limits.h"
#include "store/env.h"
#include "store/fields.h"
#include "store/internal.h"

static const char *const subscriber_formats[SUBSCRIBER_FORMATS] = {
	[SUBSCRIBER_TEXT] = "text",
	[SUBSCRIBER_MIME] = "mime",
};

const char *subscriber_format_name(enum subscriber_format format)
{
	return subscriber_formats[format];
}

bool subscriber_parse_format(const char *word, enum subscriber_format *format_r)
{
	for (int i = 0; i < SUBSCRIBER_FORMATS; i++)
		if (strcmp(word, subscriber_formats[i]) == 0) {
			*format_r = (enum subscriber_format)i;
			return true;
		}
	return false;
}

void subscriber_release(struct subscriber *subscriber)
{
	g_free(subscriber->address);
	choice_release(&subscriber->choice);
	g_free(subscriber->rest);
	*subscriber = (struct subscriber){0};
}

/* RFC 5321 4.1.2, Domain; RFC 1035 2.3.4 for the length of a label. */
static bool subscriber_domain_is_good(const char *domain)
{
	g_auto(GStrv) labels = g_strsplit(domain, ".", -1);

	for (char **label = labels; *label != NULL; label++) {
		size_t length = strlen(*label);

		if (length == 0 || length > LIMIT_DOMAIN_LABEL_BYTES ||
			(*label)[0] == '-' || (*label)[length - 1] == '-')
			return false;
		for (const char *c = *label; *c != '\0'; c++)
			if (!g_ascii_isalnum(*c) && *c != '-')
				return false;
	}
	return true;
}

char *subscriber_normalize(const char *address)
{
	const char *at = strchr(address, '@');
	size_t local = at ? (size_t)(at - address) : strlen(address);
	char *result;

	if (!conf_address_is_deliverable(address) || local > LIMIT_LOCAL_PART_BYTES ||
		(at != NULL && !subscriber_domain_is_good(at + 1)))
		return NULL;
	result = g_strdup(address);
	for (char *c = result + local; *c != '\0'; c++)
		*c = g_ascii_tolower(*c);
	return result;
}

static enum fields_taken subscriber_take(void *data, const char *key, const char *value)
{
	struct subscriber *subscriber = data;
	bool good = true;

	if (strcmp(key, "format") == 0)
		good = subscriber_parse_format(value, &subscriber->format);
	else if (strcmp(key, "since") == 0)
		good = fields_parse_number(value, &subscriber->since);
	else if (strcmp(key, "after") == 0)
		good = fields_parse_number(value, &subscriber->after);
	else if (strcmp(key, "paused") != 0)
		return choice_take(&subscriber->choice, key, value);
	else if (strcmp(value, "yes") == 0)
		subscriber->paused = true;
	else
		good = strcmp(value, "no") == 0;
	return good ? FIELDS_TAKEN : FIELDS_BAD;
}

static const struct fields_kind subscriber_kind = {
	"mldigest-subscriber", 1, subscriber_take};

static void subscriber_add_field(void *data, const char *key, const char *value)
{
	fields_add(data, key, value);
}

GString *subscriber_encode(const struct subscriber *subscriber)
{
	GString *value = fields_begin(&subscriber_kind);

	fields_add(value, "format", subscriber_format_name(subscriber->format));
	fields_add(value, "paused", subscriber->paused ? "yes" : "no");
	fields_add_number(value, "since", subscriber->since);
	fields_add_number(value, "after", subscriber->after);
	choice_each(&subscriber->choice, subscriber_add_field, value);
	if (subscriber->rest != NULL)
		g_string_append(value, subscriber->rest);
	return value;
}

enum status subscriber_decode(
	const void *bytes, size_t length, struct subscriber *subscriber_r)
{
	struct subscriber subscriber = {0};
	g_autoptr(GString) rest = g_string_new(NULL);
	enum status status = fields_parse(
		&subscriber_kind, bytes, length, &subscriber, rest);

	if (status != STATUS_OK) {
		subscriber_release(&subscriber);
		return status;
	}
	subscriber.rest = g_string_free(g_steal_pointer(&rest), FALSE);
	*subscriber_r = subscriber;
	return STATUS_OK;
}

/* Decodes the value of ADDRESS, which it takes over. */
static enum status subscriber_read(struct store *store, char *address,
	const struct env_value *value, struct subscriber *subscriber_r)
{
	enum status status = subscriber_decode(value->data, value->length, subscriber_r);

	if (status == STATUS_OK) {
		subscriber_r->address = address;
		return STATUS_OK;
	}
	diag_error("%s: subscriber %s: %s", env_home(store->env), address,
		status == STATUS_CONFIG ? "a newer version of mldigest wrote it"
					: "is damaged");
	g_free(address);
	return status;
}

enum status subscriber_get(
	struct store *store, const char *address, struct subscriber *subscriber_r)
{
	struct env_value value = {0};
	enum status status = env_get(
		store->env, ENV_SUBSCRIBER, address, strlen(address), &value);

	if (status == STATUS_OK)
		status = subscriber_read(store, g_strdup(address), &value, subscriber_r);
	env_value_release(&value);
	return status;
}

enum status subscriber_next(
	struct store *store, const char *after, struct subscriber *subscriber_r)
{
	struct env_cursor *cursor;
	enum status status = env_cursor_open(store->env, ENV_SUBSCRIBER, &cursor);

	if (status != STATUS_OK)
		return status;
	/* The byte behind an address that comes first is its NUL. */
	status = *after ? env_cursor_seek(
				  cursor, ENV_SEEK_AT_LEAST, after, strlen(after) + 1)
			: env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	if (status == STATUS_OK) {
		size_t key_length, length;
		const uint8_t *key = env_cursor_key(cursor, &key_length);
		const uint8_t *bytes = env_cursor_value(cursor, &length);
		struct env_value value = {(void *)(uintptr_t)bytes, length};

		status = subscriber_read(store, g_strndup((const char *)key, key_length),
			&value, subscriber_r);
	}
	env_cursor_close(cursor);
	return status;
}

enum status subscriber_put(struct store *store, const struct subscriber *subscriber)
{
	g_autoptr(GString) value = subscriber_encode(subscriber);
	struct env_value bytes = {value->str, value->len};

	return env_put(store->env, ENV_SUBSCRIBER, subscriber->address,
		strlen(subscriber->address), &bytes);
}

enum status subscriber_delete(struct store *store, const char *address)
{
	return env_delete(store->env, ENV_SUBSCRIBER, address, strlen(address));
}

enum status subscriber_count(struct store *store, struct subscriber_count *count_r)
{
	struct subscriber_count count = {0};
	struct subscriber subscriber = {.address = g_strdup("")};
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		g_autofree char *after = g_steal_pointer(&subscriber.address);

		subscriber_release(&subscriber);
		status = subscriber_next(store, after, &subscriber);
		if (status != STATUS_OK)
			break;
		count.all++;
		if (subscriber.paused)
			continue;
		count.active[subscriber.format]++;
		count.paged += !choice_is_whole(&subscriber.choice);
	}
	if (status != STATUS_NOINPUT)
		return status;
	*count_r = count;
	return STATUS_OK;
}

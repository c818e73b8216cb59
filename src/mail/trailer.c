/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/trailer.h"

static void trailer_free(void *data)
{
	struct trailer *trailer = data;

	g_free(trailer->key);
	g_free(trailer->value);
	g_free(trailer);
}

GPtrArray *trailer_new_array(void)
{
	return g_ptr_array_new_with_free_func(trailer_free);
}

void trailer_add(GPtrArray *trailers, const char *key, const char *value)
{
	struct trailer *trailer = g_new0(struct trailer, 1);

	trailer->key = g_strdup(key);
	trailer->value = g_strdup(value);
	g_ptr_array_add(trailers, trailer);
}

void trailer_parse_message(const char *text, size_t length, GPtrArray *trailers)
{
	(void)text;
	(void)length;
	(void)trailers;
}

void trailer_parse_reply(const char *text, size_t length, GPtrArray *trailers)
{
	(void)text;
	(void)length;
	(void)trailers;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/files.h"

#include <string.h>

#include <gmime/gmime.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/header.h"

static void files_free_part(void *data)
{
	struct files_part *file = data;

	g_free(file->name);
	g_byte_array_unref(file->bytes);
	g_free(file);
}

static void files_add(GMimePart *part, GPtrArray *files)
{
	const char *name = g_mime_part_get_filename(part);
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	const char *slash = name != NULL ? strrchr(name, '/') : NULL;
	struct files_part *file;
	GMimeStream *stream;

	if (name == NULL || content == NULL)
		return;
	name = slash != NULL ? slash + 1 : name;
	file = g_new0(struct files_part, 1);
	file->name = text_sanitize_line(name, strlen(name));
	file->bytes = g_byte_array_new();
	stream = g_mime_stream_mem_new_with_byte_array(file->bytes);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_data_wrapper_write_to_stream(content, stream);
	g_object_unref(stream);
	g_ptr_array_add(files, file);
}

static void files_walk(
	GMimeObject *object, unsigned depth, unsigned *parts, GPtrArray *files)
{
	if (object == NULL || depth > LIMIT_DEPTH || ++*parts > LIMIT_PARTS)
		return;
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);
		int n = g_mime_multipart_get_count(multipart);

		for (int i = 0; i < n; i++)
			files_walk(g_mime_multipart_get_part(multipart, i), depth + 1,
				parts, files);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *message = g_mime_message_part_get_message(
			GMIME_MESSAGE_PART(object));

		if (message != NULL)
			files_walk(g_mime_message_get_mime_part(message), depth + 1,
				parts, files);
	} else if (GMIME_IS_PART(object)) {
		files_add(GMIME_PART(object), files);
	}
}

GPtrArray *files_read(const char *bytes, size_t length)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(files_free_part);
	g_autoptr(GString) filtered = NULL;
	const char *limit = NULL;
	unsigned parts = 0;
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	/* GMime would look for a header in what is none. */
	if (!header_begins(bytes, length))
		return files;
	filtered = header_filter(bytes, length, &limit);
	stream = g_mime_stream_mem_new_with_buffer(filtered->str, filtered->len);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message != NULL) {
		files_walk(g_mime_message_get_mime_part(message), 0, &parts, files);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return files;
}

const struct files_part *files_find(const GPtrArray *files, const char *name)
{
	for (guint i = 0; i < files->len; i++) {
		const struct files_part *file = files->pdata[i];

		if (strcmp(file->name, name) == 0)
			return file;
	}
	return NULL;
}

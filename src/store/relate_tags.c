/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trailers that replies gave to a posting. */
#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "store/internal.h"
#include "store/relate.h"
#include "store/relate_index.h"
#include "store/relate_series.h"

enum {
	/* Of replies with trailers to one message: an announcement's are not counted. */
	RELATE_REPLIES = 500,
	/* Of cover letters of which a session remembers what was said. */
	RELATE_COVERS = 64,
};

static void relate_tag_free(void *data)
{
	struct relate_tag *tag = data;

	g_free(tag->key);
	g_free(tag->value);
	g_free(tag->message_id);
	g_free(tag);
}

GPtrArray *relate_new_tags(void)
{
	return g_ptr_array_new_with_free_func(relate_tag_free);
}

/* Whether MESSAGE_ID, here or not, is the nearest posting that REPLY answers. */
static enum status relate_answers(struct store *store, const struct record *reply,
	const char *message_id, bool *answers_r)
{
	const GPtrArray *references = reply->references;

	*answers_r = false;
	for (guint i = 0; i < RELATE_ANCESTORS && i < references->len; i++) {
		const char *id = references->pdata[references->len - 1 - i];
		g_autoptr(record_auto) parent = NULL;
		enum status status;

		if (strcmp(id, message_id) == 0) {
			*answers_r = true;
			break;
		}
		status = store_find(store, id, &parent);
		if (status != STATUS_OK && status != STATUS_NOINPUT)
			return status;
		if (parent != NULL && record_is_posting(parent))
			break;
	}
	return STATUS_OK;
}

static void relate_take_tags(
	const struct record *reply, bool to_cover, guint limit, GPtrArray *tags)
{
	for (guint i = 0; i < reply->trailers->len && tags->len < limit; i++) {
		const struct trailer *trailer = reply->trailers->pdata[i];
		struct relate_tag *tag;

		/* "If you fix the issue, kindly add following tag": to another patch. */
		if (reply->class == RECORD_CLASS_BOT_REPORT &&
			g_ascii_strcasecmp(trailer->key, "Reported-by") == 0)
			continue;
		tag = g_new0(struct relate_tag, 1);
		tag->key = g_strdup(trailer->key);
		tag->value = g_strdup(trailer->value);
		tag->message_id = g_strdup(reply->message_id);
		tag->to_cover = to_cover;
		g_ptr_array_add(tags, tag);
	}
}

/* Adds the trailers of replies to MESSAGE_ID to TAGS. */
static enum status relate_add_tags(
	struct store *store, const char *message_id, bool to_cover, GPtrArray *tags)
{
	uint8_t hash[HASH_BYTES];
	const struct relate_query query = {
		RELATE_REPLY, hash, 0, UINT64_MAX, RELATE_REPLIES, 0};
	g_autoptr(GPtrArray) replies = relate_new_records();
	guint limit = tags->len + LIMIT_POSTING_TAGS;
	enum status status;

	hash_bytes(message_id, strlen(message_id), hash);
	status = relate_find_records(store, &query, replies);
	for (guint i = 0; i < replies->len && status == STATUS_OK && tags->len < limit;
		i++) {
		const struct record *reply = replies->pdata[i];
		bool answers;

		status = relate_answers(store, reply, message_id, &answers);
		if (status == STATUS_OK && answers)
			relate_take_tags(reply, to_cover, limit, tags);
	}
	return status;
}

static void relate_copy_tags(const GPtrArray *from, GPtrArray *tags)
{
	for (guint i = 0; i < from->len; i++) {
		const struct relate_tag *tag = from->pdata[i];
		struct relate_tag *copy = g_new0(struct relate_tag, 1);

		copy->key = g_strdup(tag->key);
		copy->value = g_strdup(tag->value);
		copy->message_id = g_strdup(tag->message_id);
		copy->to_cover = tag->to_cover;
		g_ptr_array_add(tags, copy);
	}
}

static void relate_unref_tags(void *tags)
{
	g_ptr_array_unref(tags);
}

/* Adds what was said of the cover letter COVER to TAGS.  A steady session looks for it
 * once: each patch of the series asks. */
static enum status relate_add_cover_tags(
	struct store *store, const char *cover, GPtrArray *tags)
{
	g_autoptr(GPtrArray) found = NULL;
	const GPtrArray *known;
	enum status status;

	if (!store->steady)
		return relate_add_tags(store, cover, true, tags);
	if (store->cover_tags == NULL)
		store->cover_tags = g_hash_table_new_full(
			g_str_hash, g_str_equal, g_free, relate_unref_tags);
	known = g_hash_table_lookup(store->cover_tags, cover);
	if (known != NULL) {
		relate_copy_tags(known, tags);
		return STATUS_OK;
	}
	found = relate_new_tags();
	status = relate_add_tags(store, cover, true, found);
	if (status != STATUS_OK)
		return status;
	relate_copy_tags(found, tags);
	if (g_hash_table_size(store->cover_tags) >= RELATE_COVERS)
		g_hash_table_remove_all(store->cover_tags);
	g_hash_table_insert(store->cover_tags, g_strdup(cover), g_steal_pointer(&found));
	return STATUS_OK;
}

enum status relate_add_all_tags(
	struct store *store, const struct record *record, struct relation *relation)
{
	enum status status = relate_add_tags(
		store, record->message_id, false, relation->tags);

	/* What is said of a cover letter is said of its patches, as b4 has it. */
	if (status == STATUS_OK && relation->covered &&
		strcmp(relation->series, record->message_id) != 0)
		status = relate_add_cover_tags(store, relation->series, relation->tags);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/relate.h"

static void relate_tag_free(void *data)
{
	struct relate_tag *tag = data;

	g_free(tag->key);
	g_free(tag->value);
	g_free(tag->message_id);
	g_free(tag);
}

void relation_free(struct relation *relation)
{
	if (relation == NULL)
		return;
	g_free(relation->series);
	g_free(relation->previous);
	g_free(relation->previous_why);
	g_ptr_array_unref(relation->members);
	g_ptr_array_unref(relation->tags);
	g_free(relation);
}

enum status relate_update(const char *home)
{
	(void)home;
	return STATUS_OK;
}

enum status relate_find(
	struct store *store, const struct record *record, struct relation **relation_r)
{
	struct relation *relation = g_new0(struct relation, 1);

	(void)store;
	relation->members = g_ptr_array_new();
	relation->tags = g_ptr_array_new_with_free_func(relate_tag_free);
	if (record_is_posting(record))
		relation->series = g_strdup(record->message_id);
	*relation_r = relation;
	return STATUS_OK;
}

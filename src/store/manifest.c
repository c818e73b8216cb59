/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/manifest.h"

#include <string.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/chain.h"
#include "store/store.h"

void manifest_release(struct manifest *manifest)
{
	g_free(manifest->list_id);
	if (manifest->text != NULL)
		g_string_free(manifest->text, TRUE);
	*manifest = (struct manifest){0};
}

static enum status manifest_get(
	struct store *store, uint64_t number, struct record **record_r)
{
	enum status status = store_get(store, number, record_r);

	if (status == STATUS_NOINPUT) {
		diag_error("message %" G_GUINT64_FORMAT " is missing in the chain",
			(guint64)number);
		return STATUS_DATA;
	}
	return status;
}

/* The list id, and the link that the manifest begins behind. */
static enum status manifest_begin(
	struct store *store, uint64_t first, struct manifest *manifest)
{
	g_autoptr(record_auto) record = NULL;
	enum status status = store_get_meta(store, "list-id", &manifest->list_id);

	if (status == STATUS_NOINPUT)
		manifest->list_id = g_strdup("");
	else if (status != STATUS_OK)
		return status;
	chain_start(manifest->list_id, manifest->prev);
	if (first == 0)
		return STATUS_OK;
	status = manifest_get(store, first, &record);
	if (status == STATUS_OK)
		memcpy(manifest->prev, record->link, HASH_BYTES);
	return status;
}

static void manifest_add(
	const struct record *record, bool skip_history, struct manifest *manifest)
{
	g_autofree char *hash = text_to_hex(record->raw_hash, HASH_BYTES);

	memcpy(manifest->head, record->link, HASH_BYTES);
	if (skip_history && manifest->text->len == 0 &&
		(record->flags & RECORD_FLAG_HISTORY)) {
		memcpy(manifest->prev, record->link, HASH_BYTES);
		manifest->first = record->number + 1;
		return;
	}
	g_string_append_printf(manifest->text, "%" G_GUINT64_FORMAT " %s %s\n",
		(guint64)record->number, hash, record->message_id);
}

struct manifest_work {
	struct manifest manifest;
	bool skip_history;
	uint64_t number; /* the last one that was read */
};

/* One session's worth. */
static enum status manifest_collect_batch(struct store *store, void *data)
{
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	struct manifest_work *work = data;
	enum status status = STATUS_OK;

	if (work->manifest.list_id == NULL)
		status = manifest_begin(store, work->number, &work->manifest);
	while (status == STATUS_OK && work->number < work->manifest.last &&
		io_milliseconds() < deadline) {
		g_autoptr(record_auto) record = NULL;

		status = manifest_get(store, work->number + 1, &record);
		if (status == STATUS_OK)
			manifest_add(record, work->skip_history, &work->manifest);
		work->number++;
	}
	return status;
}

enum status manifest_collect(const char *home, uint64_t first, uint64_t last,
	bool first_issue, struct manifest *manifest_r)
{
	struct manifest_work work = {
		{.first = first + 1, .last = last, .text = g_string_new(NULL)},
		.skip_history = first_issue, .number = first};
	enum status status = STATUS_OK;

	while (status == STATUS_OK && work.number < last)
		status = store_read(home, manifest_collect_batch, &work);
	if (status == STATUS_OK)
		*manifest_r = work.manifest;
	else
		manifest_release(&work.manifest);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mailbox: no byte of it is in two mails. */
#include "config.h"

#include "base/status.h"
#include "fuzz.h"
#include "mail/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_make_file("mbox", data, size);
	struct source *source;
	struct source_item item;
	struct source_progress progress;
	uint64_t bytes = 0;

	if (source_open_mbox(path, &source) != STATUS_OK)
		return 0;
	while (source->ops->next(source, &item) == STATUS_OK) {
		uint8_t hash[HASH_BYTES];

		raw_finish(&item.raw, hash);
		bytes += item.raw.length;
		fuzz_check(item.raw.bytes->len <= item.raw.length);
		source_item_release(&item);
		source->ops->progress(source, &progress);
		fuzz_check(progress.done <= progress.total);
	}
	fuzz_check(bytes <= size);
	source->ops->free(source);
	return 0;
}

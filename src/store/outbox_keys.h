/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys that issue.db and outbox.db share, for outbox*.c, owed*.c and check_others.c. */
#ifndef MLDIGEST_STORE_OUTBOX_KEYS_H
#define MLDIGEST_STORE_OUTBOX_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "store/outbox.h"
#include "store/store.h"
#include "store/subscriber.h"

/* NUMBER, so that keys are in its order, and RECIPIENT behind it; the caller frees. */
GByteArray *outbox_key(uint64_t number, const char *recipient);

/* The other way; the caller frees *RECIPIENT_R.  False for what is no such key. */
bool outbox_split_key(
	const uint8_t *key, size_t length, uint64_t *number_r, char **recipient_r);

/* The key of the page NAME of issue NUMBER in FORMAT, and with a RECIPIENT of what is owed of it;
 * the caller frees.  No address begins with a slash, so that they stand before all of them. */
GByteArray *outbox_page_key(uint64_t number, const char *name,
	enum subscriber_format format, const char *recipient);

/* RECIPIENT of such a key, "/NAME/ADDRESS", the other way; the caller frees.  False for what is
 * none. */
bool outbox_split_page(const char *recipient, char **name_r,
	enum subscriber_format *format_r, char **address_r);

/* Whether ENTRY has a page of its own. */
bool outbox_has_page(const struct outbox_entry *entry);

/* Says what is wrong with ENTRY, unless STATUS is STATUS_OK; STATUS. */
enum status outbox_complain_entry(
	struct store *store, enum status status, const struct outbox_entry *entry);

/* Says that the issue NUMBER is damaged: STATUS_DATA. */
enum status outbox_complain_issue(struct store *store, uint64_t number);

/* What stands for a delivery of which nothing is in the mail. */
#define OUTBOX_NOTHING "-"

#endif

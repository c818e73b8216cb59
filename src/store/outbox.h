/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Issues, frozen as they are sent, and who still has to get them. */
#ifndef MLDIGEST_STORE_OUTBOX_H
#define MLDIGEST_STORE_OUTBOX_H

#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "store/store.h"

/* One issue: the bytes that go to sendmail, and the window they are of. */
struct outbox_issue {
	uint64_t number;      /* from 1 */
	uint64_t first, last; /* the window: (first, last] */
	char *sender;         /* the envelope's */
	char *message_id; /* the mail's, without <>; "" where an older program sealed it */
	GString *mail;
};
void outbox_issue_release(struct outbox_issue *issue);

/* The newest issue; the caller releases it.  STATUS_NOINPUT, silently, for none. */
enum status outbox_get_last(struct store *store, struct outbox_issue *issue_r);

/* In the open transaction: keeps ISSUE, notes that each of RECIPIENTS has to get it, and
 * that what it shows counts as sent. */
enum status outbox_seal(
	struct store *store, const struct outbox_issue *issue, char *const *recipients);

/* One delivery that is owed. */
struct outbox_entry {
	uint64_t issue;
	char *recipient;
};

/* All that is owed, oldest issue first: struct outbox_entry in an array that owns them. */
enum status outbox_list(struct store *store, GPtrArray **entries_r);

/* The issue NUMBER; the caller releases it.  STATUS_NOINPUT, silently, for none. */
enum status outbox_get(
	struct store *store, uint64_t number, struct outbox_issue *issue_r);

/* In the open transaction: ENTRY was delivered at TIME. */
enum status outbox_done(
	struct store *store, const struct outbox_entry *entry, int64_t time);

#endif

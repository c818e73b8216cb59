/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Issues, frozen as they are sent, and who still has to get them. */
#ifndef MLDIGEST_STORE_OUTBOX_H
#define MLDIGEST_STORE_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "store/store.h"
#include "store/subscriber.h"

/* One issue: the bytes that go to sendmail, and the window they are of. */
struct outbox_issue {
	uint64_t number;      /* from 1 */
	uint64_t first, last; /* the window: (first, last] */
	char *sender;         /* the envelope's */
	char *message_id; /* the mail's, without <>; "" where an older program sealed it */
	int64_t date;     /* the mail's; 0 where an older program sealed it, */
	char *range;      /* and "" for what the digest has as its range, "A..B" */
	GString *mail;
};
void outbox_issue_release(struct outbox_issue *issue);

/* The newest issue; the caller releases it.  STATUS_NOINPUT, silently, for none. */
enum status outbox_get_last(struct store *store, struct outbox_issue *issue_r);

/* The issue NUMBER, its mail as text; the caller releases it.  STATUS_NOINPUT, silently, for
 * none. */
enum status outbox_get(
	struct store *store, uint64_t number, struct outbox_issue *issue_r);

/* The same with the mail of FORMAT; STATUS_NOINPUT, silently, also where the issue was not sealed
 * in it. */
enum status outbox_get_format(struct store *store, uint64_t number,
	enum subscriber_format format, struct outbox_issue *issue_r);

/* A page of an issue that is not the one all get, as a mail in one format. */
struct outbox_page {
	uint64_t number;  /* the issue's */
	const char *name; /* choice_name() */
	enum subscriber_format format;
	const char *message_id; /* the mail's, without <> */
	const GString *mail;
};

/* In the open transaction: keeps PAGE with its issue. */
enum status outbox_seal_page(struct store *store, const struct outbox_page *page);

/* The issue NUMBER with the mail of its page NAME in FORMAT in the place of its own; with "" it is
 * outbox_get_format().  STATUS_NOINPUT, silently, for none. */
enum status outbox_get_page(struct store *store, const struct outbox_page *page,
	struct outbox_issue *issue_r);

/* The newest issue before NUMBER that has a page NAME, and the Message-ID of that, which the caller
 * frees.  STATUS_NOINPUT, silently, for none of the LIMIT_PAGE_ISSUES before it. */
enum status outbox_find_page_before(struct store *store, uint64_t number,
	const char *name, uint64_t *before_r, char **message_id_r);

/* In the open transaction: keeps ISSUE, and that what it shows counts as sent. */
enum status outbox_seal(struct store *store, const struct outbox_issue *issue);

/* In the open transaction: keeps MAIL as the issue NUMBER's in FORMAT, which is not the text. */
enum status outbox_seal_format(struct store *store, uint64_t number,
	enum subscriber_format format, const GString *mail);

/* One delivery that is owed. */
struct outbox_entry {
	uint64_t issue;
	char *recipient;
	enum subscriber_format format;
	char *page;       /* the name of theirs; "" for the one all get */
	int64_t attempts; /* sendmail runs that were begun for it */
	int64_t begun;    /* when the last was begun; 0 */
	char *error;      /* why the last one that ended failed; "" */
	char *rest;       /* fields of a later program */
};
void outbox_free_entry(struct outbox_entry *entry);

/* The value's bytes, and LENGTH of them read into ENTRY, which has its issue and recipient.  No
 * bytes at all are an older program's: text, never tried.  As subscriber_decode(). */
GString *outbox_encode(const struct outbox_entry *entry);
enum status outbox_decode(const void *bytes, size_t length, struct outbox_entry *entry);

/* In the open transaction: what ENTRY says is owed, of which its attempts do not count. */
enum status outbox_owe(struct store *store, const struct outbox_entry *entry);

/* In the open transaction: ADDRESS gets nothing of the issue NUMBER, and that is settled. */
enum status outbox_settle(
	struct store *store, uint64_t number, const char *address, int64_t time);

/* Where one is among what is owed: issues, in each the formats of what all get, and then the other
 * pages, in each the addresses. */
struct outbox_place {
	uint64_t issue;
	enum subscriber_format format;
	char *page;      /* NULL: still what all get */
	char *recipient; /* the last one that was taken; NULL for none */
};
void outbox_place_release(struct outbox_place *place);

/* The next deliveries behind PLACE, at most COUNT, that are of one mail: struct outbox_entry
 * in an array that owns them, empty at the end.  Moves PLACE behind them. */
enum status outbox_next(struct store *store, struct outbox_place *place, unsigned count,
	GPtrArray **entries_r);

/* In the open transaction, of what the store has for ENTRY now: a sendmail run begins at TIME; it
 * has failed because of WHY; it went well.  STATUS_NOINPUT, silently, from the first when ENTRY is
 * owed no longer; the others do not mind. */
enum status outbox_begin(struct store *store, struct outbox_entry *entry, int64_t time);
enum status outbox_fail(
	struct store *store, const struct outbox_entry *entry, const char *why);
enum status outbox_done(
	struct store *store, const struct outbox_entry *entry, int64_t time);

/* Whether ENTRY is still owed: STATUS_NOINPUT, silently, when not. */
enum status outbox_check(struct store *store, const struct outbox_entry *entry);

/* The first issue from NUMBER on of which something is owed.  STATUS_NOINPUT, silently, for
 * none. */
enum status outbox_find_owed(struct store *store, uint64_t number, uint64_t *issue_r);

/* Whether any issue is owed to ADDRESS; in the open transaction, that none is any longer. */
enum status outbox_is_owed(struct store *store, const char *address, bool *owed_r);
enum status outbox_forget(struct store *store, const char *address, bool *owed_r);

/* What ADDRESS got of the issue NUMBER, and what is owed: STATUS_NOINPUT, silently, for nothing. */
struct outbox_sent {
	char *address;
	int64_t time; /* 0 where it cannot be read */
	bool settled; /* their page had nothing, so that no mail was made */
	char *page;   /* "" for the one all get */
};
void outbox_sent_release(struct outbox_sent *sent);
enum status outbox_get_sent(struct store *store, uint64_t number, const char *address,
	struct outbox_sent *sent_r);
enum status outbox_get_owed(struct store *store, uint64_t number, const char *address,
	struct outbox_entry **entry_r);

/* The first of those who got the issue NUMBER, by address, behind AFTER ("": of all).  The caller
 * releases.  STATUS_NOINPUT, silently, for none. */
enum status outbox_next_sent(struct store *store, uint64_t number, const char *after,
	struct outbox_sent *sent_r);

/* The newest issue that ADDRESS got of those behind AFTER up to NEWEST; 0 for none. */
enum status outbox_find_last_sent(struct store *store, const char *address,
	uint64_t after, uint64_t newest, uint64_t *number_r);

#endif

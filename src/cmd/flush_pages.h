/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of an issue that not all get: which there have to be, and their mails until they are
 * sealed.  One at a time is in memory, the others in a file without a name. */
#ifndef MLDIGEST_CMD_FLUSH_PAGES_H
#define MLDIGEST_CMD_FLUSH_PAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#include "base/status.h"
#include "store/store.h"
#include "store/subscriber.h"

/* One of them. */
struct flush_page {
	char *name;    /* choice_name() */
	char *address; /* of who was the first to want it */
	struct choice choice;
	bool wanted[SUBSCRIBER_FORMATS];
	uint64_t before;  /* the newest issue that had it; 0 for none */
	char *before_id;  /* and the Message-ID of that; "" */
	char *message_id; /* its own; NULL: there is nothing in it */
	off_t at[SUBSCRIBER_FORMATS];
	size_t length[SUBSCRIBER_FORMATS]; /* of its mails; 0: not made */
};

struct flush_pages {
	const char *home;
	GPtrArray *list; /* struct flush_page, in the order of their names */
	GHashTable *by_name;
	bool full; /* there are LIMIT_PAGES, and would be more */
	int spool; /* -1 while nothing is in it */
	off_t end;
};

/* Finds in HOME's store the pages that its subscribers who are not paused want of issue NUMBER, in
 * sessions of at most LIMIT_BATCH_MS; the caller releases *PAGES_R. */
enum status flush_pages_find(
	const char *home, uint64_t number, struct flush_pages *pages_r);
void flush_pages_release(struct flush_pages *pages);

/* The page that SUBSCRIBER wants: NULL for the whole issue, and where it is not known. */
struct flush_page *flush_pages_get(
	const struct flush_pages *pages, const struct subscriber *subscriber);

/* Keeps MAIL as PAGE's in FORMAT. */
enum status flush_pages_keep(struct flush_pages *pages, struct flush_page *page,
	enum subscriber_format format, const GString *mail);

/* In the open transaction: seals all of them with issue NUMBER. */
enum status flush_pages_seal(
	struct store *store, uint64_t number, const struct flush_pages *pages);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a window has to do with one person: what stands first on their own page. */
#ifndef MLDIGEST_DIGEST_MINE_H
#define MLDIGEST_DIGEST_MINE_H

#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "digest/digest.h"
#include "digest/style.h"

/* In the order of the page; a message is of the first kind that it fits. */
enum mine_kind {
	MINE_WROTE,     /* it is theirs */
	MINE_ANSWERED,  /* it answers what they wrote */
	MINE_ASKED,     /* a posting that is addressed to them, or names them in a Cc: */
	MINE_ADDRESSED, /* anything else that is addressed to them */
	MINE_WAITING, /* as MINE_ASKED, of an earlier time, and nobody has answered yet */
	MINE_KINDS
};

/* A series or thread, or what it has of one kind. */
struct mine_row {
	char *key; /* the Message-ID of its root */
	char *title, *link;
	unsigned messages, patches, revision;
	unsigned days;     /* MINE_WAITING */
	GPtrArray *people; /* char *: who wrote them, each once */
};

struct mine {
	GPtrArray *rows[MINE_KINDS]; /* struct mine_row, oldest first */
};

/* Fills in the part of DIGEST's selection's person from WINDOW, in sessions of at most
 * LIMIT_BATCH_MS.  Their part is all of theirs, whatever the filter has. */
enum status mine_collect(const char *home, const struct digest_window *window,
	const struct digest_style *style, struct digest *digest);
void mine_free(struct mine *mine);

/* A kind's name in JSON: "wrote".  Static. */
const char *mine_kind_name(enum mine_kind kind);

/* How many rows there are of WINDOW's messages: what waits since an earlier time does not count;
 * 0 for NULL. */
unsigned mine_count(const struct mine *mine);

/* Adds the section to PAGE: nothing for a digest that has none, or nothing in it.  Pure. */
void mine_render(GString *page, const struct digest *digest);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a digest shall look: what the configuration says of it. */
#ifndef MLDIGEST_DIGEST_STYLE_H
#define MLDIGEST_DIGEST_STYLE_H

#include <stdbool.h>

#include <glib.h>

#include "base/conf.h"
#include "digest/digest.h"
#include "model/identity.h"

struct digest_style {
	const char *title;
	unsigned top;                  /* rows in a table */
	bool full;                     /* layout full; the rest is for it alone */
	const char *archive;           /* as url_of_record() takes it */
	char *const *sections;         /* names; NULL: all, in their own order */
	unsigned max_bytes;            /* 0: any number */
	const struct mailmap *mailmap; /* or NULL */
	/* Of the page that is made: items, series and other entries that it has no room for. */
	GHashTable *hidden;
};

/* The style that CONF says, which it borrows from.  MAILMAP may be NULL. */
struct digest_style digest_style_of(
	const struct conf *conf, const struct mailmap *mailmap);

/* Whether STYLE shows more than postings: answers, notices, bugs, discussions. */
bool digest_style_has_others(const struct digest_style *style);

/* Adds to DIGEST, which digest_collect() made of WINDOW, all else that STYLE shows: for layout full
 * this is most of the work. */
enum status digest_complete(const char *home, const struct digest_window *window,
	const struct digest_style *style, struct digest *digest);

#endif

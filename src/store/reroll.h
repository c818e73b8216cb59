/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which series another one is a reroll or resend of, and how that is known. */
#ifndef MLDIGEST_STORE_REROLL_H
#define MLDIGEST_STORE_REROLL_H

#include <stdbool.h>

#include <glib.h>

#include "base/status.h"
#include "store/relate_series.h"
#include "store/store.h"

struct reroll {
	struct relate_series series; /* the earlier one; its members NULL for none */
	struct record *record;       /* that led to it */
	char *why;                   /* the evidence, in one line */
	bool doubtful;               /* no title is the same */
};

/* What MEMBERS (struct record, by position) are a reroll of, by the surest evidence that there is:
 * b4's change-id, a link in the first one's text, what it answers, author and titles, or the same
 * change posted again; where they differ, the nearest revision.  The caller releases *OLD_R. */
enum status reroll_find(
	struct store *store, const GPtrArray *members, struct reroll *old_r);

void reroll_release(struct reroll *old);

#endif

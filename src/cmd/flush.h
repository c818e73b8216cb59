/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of "flush" share: flush.c decides, flush_issue.c makes an issue, flush_send.c
 * hands over what is owed, flush_status.c tells of it. */
#ifndef MLDIGEST_CMD_FLUSH_H
#define MLDIGEST_CMD_FLUSH_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/conf.h"
#include "base/status.h"
#include "digest/digest.h"
#include "store/store.h"
#include "store/subscriber.h"

/* One run of flush. */
struct flush {
	const char *home;
	struct conf conf;
	struct digest_window window;
	const struct digest_style *style; /* of the new issue */
	const struct mailmap *mailmap;    /* or NULL */
	struct subscriber_count people;   /* when the new issue was begun */
	int64_t min_messages, max_age; /* of --min-messages, --max-age; -1: not given */
	bool dry_run, retry;
	uint64_t made;   /* the issue that this run made; 0: none */
	uint64_t sent;   /* recipients for whom sendmail has done its part in this run, */
	uint64_t failed; /* and for whom it failed */
	bool stopped;    /* sendmail is not there, or hangs: the rest stays owed */
};

/* Whether the people are subscribers; without any, to= of the config gets the issues. */
bool flush_has_subscribers(const struct flush *flush);

/* How many of them get an issue now. */
uint64_t flush_count_active(const struct flush *flush);

/* Makes the issue of DIGEST, whose text is PAGE, and seals it for everybody who gets it now; its
 * number goes to flush->made. */
enum status flush_make_issue(
	struct flush *flush, const struct digest *digest, const GString *page);

/* Hands over all that is owed from the issue FIRST on; what fails stays owed and does not stop the
 * rest.  Who got it is noted after every run of sendmail. */
enum status flush_send(struct flush *flush, uint64_t first);

/* Prints what became of the issues that are owed to somebody and of the newest, or of ISSUE and its
 * recipients where it is not 0.  STATUS_NOINPUT, printed, when it is none. */
enum status flush_show_status(const char *home, uint64_t issue);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record as JSON: RFC 8259, the keys of mldigest-log(1).  The only place that knows the JSON
 * library. */
#ifndef MLDIGEST_DIGEST_JSON_H
#define MLDIGEST_DIGEST_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "model/identity.h"
#include "model/record.h"
#include "store/reclass.h"
#include "store/relate.h"
#include "store/review.h"

/* A rule of classification that was tried. */
struct json_rule {
	char *name;
	bool fits;
	const char *reason;
};

/* What is told of a record.  All borrowed; all but RECORD and ARCHIVE may be NULL. */
struct json_input {
	const struct record *record;
	const char *text;       /* what a digest shows */
	const GPtrArray *lists; /* list ids of later copies, beside the record's */
	const struct relation *relation;
	const struct mailmap *mailmap;
	const char *archive;           /* as url_of_record() takes it */
	const struct json_rule *rules; /* NULL: no key "rules" */
	size_t rule_count;
	const struct reclass *reclassed; /* NULL: no key "reclassed" */
};

/* One object in one line, without the LF; every key of mldigest-log(1) in that page's order, null
 * where there is no value; UTF-8, not escaped.  Bytes that are no UTF-8 become U+FFFD.  The caller
 * frees. */
char *json_from_record(const struct json_input *input);

/* The same for the entries of log --waiting, --missing and --reclassed; ARCHIVE as url_of_record()
 * takes it. */
char *json_from_waiting(const struct review_series *series, const char *archive);
char *json_from_missing(const struct review_missing *missing, const char *archive);
char *json_from_reclass(const struct reclass *reclass, const char *archive);

#endif

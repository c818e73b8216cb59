/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message is: an ordered table of rules, the first that fits decides. Pure. */
#ifndef MLDIGEST_MODEL_CLASSIFY_H
#define MLDIGEST_MODEL_CLASSIFY_H

#include <stdbool.h>

#include <glib.h>

#include "mail/message.h"
#include "mail/patch.h"
#include "mail/subject.h"
#include "model/record.h"
#include "model/sender.h"

/* All that a rule may look at. */
struct classify_input {
	const struct message *message;
	const struct subject *subject;
	const struct patch *patch;
	const GPtrArray *trailers; /* struct trailer: what the sender's own words give */
	const GPtrArray *rules; /* struct conf_rule: the user's, tried first; or NULL */
	enum sender_kind sender;
	bool quotes; /* some line of the body is quoted */
};

struct classify_rule {
	const char *name;
	enum record_class class;
	const char *reason; /* one line: why a message that fits is of that class */
	/* Whether INPUT fits.  Where it does, *EVIDENCE_R says what was seen; the caller
	 * frees it. */
	gboolean (*fits)(const struct classify_input *input, char **evidence_r);
};

/* The rules of the program in their order; *COUNT_R of them.  The last one fits everything. */
const struct classify_rule *classify_rules(size_t *count_r);

/* What a message was found to be. */
struct classify_verdict {
	enum record_class class;
	char *rule; /* a name out of classify_rules(), or "rule NAME" for the user's NAME */
	char *evidence; /* what was seen, in one line */
};

/* The first rule that fits INPUT, the user's before the program's.  The caller releases. */
void classify(const struct classify_input *input, struct classify_verdict *verdict_r);
void classify_release(struct classify_verdict *verdict);

#endif

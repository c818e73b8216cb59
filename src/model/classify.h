/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message is: an ordered table of rules, the first that fits decides. Pure. */
#ifndef MLDIGEST_MODEL_CLASSIFY_H
#define MLDIGEST_MODEL_CLASSIFY_H

#include <glib.h>

#include "mail/message.h"
#include "mail/patch.h"
#include "mail/subject.h"
#include "model/record.h"

/* All that a rule may look at. */
struct classify_input {
	const struct message *message;
	const struct subject *subject;
	const struct patch *patch;
};

struct classify_rule {
	const char *name;
	enum record_class class;
	const char *reason; /* one line: why a message that fits is of that class */
	/* Whether INPUT fits.  Where it does, *EVIDENCE_R (may be NULL) says what was
	 * seen; the caller frees it. */
	gboolean (*fits)(const struct classify_input *input, char **evidence_r);
};

/* The rules in their order; *COUNT_R of them.  The last one fits everything. */
const struct classify_rule *classify_rules(size_t *count_r);

/* The first rule that fits INPUT, static.  EVIDENCE_R as in fits(). */
const struct classify_rule *classify(
	const struct classify_input *input, char **evidence_r);

#endif

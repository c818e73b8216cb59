/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's rules of HOME/config, tried on a message. Pure. */
#ifndef MLDIGEST_MODEL_RULES_H
#define MLDIGEST_MODEL_RULES_H

#include <stdbool.h>

#include <glib.h>

#include "base/conf.h"

/* What a rule may look at; valid UTF-8 in one line each.  An array may be NULL: nothing in it. */
struct rules_subject {
	const char *subject, *from_name, *from_address;
	const GPtrArray *list_ids; /* char * */
	const GPtrArray *paths;    /* struct patch_path */
};

/* The first of RULES (struct conf_rule) that has a class and whose conditions all fit SUBJECT;
 * borrowed, NULL for none.  *EVIDENCE_R, of which the caller frees it, says in one line what
 * fitted: "from = *@intel.com: lkp@intel.com". */
const struct conf_rule *rules_find_class(
	const GPtrArray *rules, const struct rules_subject *subject, char **evidence_r);

/* The same for the first that keeps messages out. */
const struct conf_rule *rules_find_skip(
	const GPtrArray *rules, const struct rules_subject *subject, char **evidence_r);

/* Whether each class is the name of one (model/record.h); *BAD_R, borrowed, is the first rule
 * of which it is not. */
bool rules_check_classes(const GPtrArray *rules, const struct conf_rule **bad_r);

#endif

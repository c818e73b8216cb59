/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What conf.c and conf_rules.c share. */
#ifndef MLDIGEST_BASE_CONF_PRIVATE_H
#define MLDIGEST_BASE_CONF_PRIVATE_H

#include <stdbool.h>

#include <glib.h>

#include "base/conf.h"
#include "base/status.h"

/* What max-bytes is when it is not set: webmail shows no more of a mail. */
enum { CONF_MAX_BYTES = 100000 };

/* What is being read; the first problem is printed and wins. */
struct conf_file {
	const char *path;
	const char *text;
	GKeyFile *keys;
	struct conf *conf;
	GHashTable *rule_lines; /* where a rule's section begins, by its name */
	enum status status;
};

/* Prints WHY the value of KEY in GROUP, or GROUP itself for NULL, is not good, with its line. */
void conf_complain(
	struct conf_file *file, const char *group, const char *key, const char *why);

/* The line, from 1, that GROUP (KEY NULL) or the last KEY in GROUP, which is the one that counts,
 * stands on; 0 when it is not found.  GKeyFile keeps no line numbers. */
unsigned conf_line(const char *text, const char *group, const char *key);

/* Takes the value of KEY in GROUP, one line of text that is not empty. */
void conf_take_string(
	struct conf_file *file, const char *group, const char *key, char **value_r);

/* Each takes the value of the key of its name. */
void conf_take_layout(struct conf_file *file, const char *group, const char *key);
void conf_take_sections(struct conf_file *file, const char *group, const char *key);
void conf_take_max_bytes(struct conf_file *file, const char *group, const char *key);

/* The name in GROUP, "" for one that has none; NULL where GROUP is not of `[rule NAME]`.
 * Borrowed from GROUP. */
const char *conf_rule_name(const char *group);

/* Notes where each rule begins, and complains of two with one name, which GKeyFile makes one
 * of, and of more than LIMIT_RULES. */
void conf_find_rules(struct conf_file *file);

/* Adds the rule in GROUP, of which conf_rule_name() knows, to the configuration. */
void conf_take_rule(struct conf_file *file, const char *group);

/* For the array of rules; takes a struct conf_rule. */
void conf_rule_free(void *rule);

/* Adds what "init" writes about rules, all of it commented out. */
void conf_append_rule_sample(GString *text);

#endif

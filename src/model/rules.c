/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/rules.h"

#include "base/pattern.h"
#include "mail/address.h"
#include "mail/patch.h"
#include "model/record.h"

/* Of a pattern or text that is shown as evidence; most subjects stay whole. */
enum { RULES_EVIDENCE_CHARACTERS = 200 };

static const struct pattern *rules_find_pattern(
	const GPtrArray *patterns, const char *text)
{
	for (guint i = 0; i < patterns->len; i++)
		if (pattern_fits(patterns->pdata[i], text))
			return patterns->pdata[i];
	return NULL;
}

static char *rules_cut(const char *text)
{
	g_autofree char *cut = NULL;

	if (g_utf8_strlen(text, -1) <= RULES_EVIDENCE_CHARACTERS)
		return g_strdup(text);
	cut = g_utf8_substring(text, 0, RULES_EVIDENCE_CHARACTERS);
	return g_strconcat(cut, "…", NULL);
}

/* Adds what fitted to EVIDENCE, for MORE + 1 texts of which TEXT is the first. */
static void rules_note(GString *evidence, const char *key, const struct pattern *pattern,
	const char *text, guint more)
{
	g_autofree char *word = rules_cut(pattern_word(pattern));
	g_autofree char *shown = rules_cut(text);

	g_string_append_printf(evidence, "%s%s = %s: %s", evidence->len > 0 ? "; " : "",
		key, word, shown);
	if (more > 0)
		g_string_append_printf(evidence, " and %u more", more);
}

static bool rules_fits_text(
	const GPtrArray *patterns, const char *key, const char *text, GString *evidence)
{
	const struct pattern *pattern = rules_find_pattern(patterns, text);

	if (pattern != NULL)
		rules_note(evidence, key, pattern, text, 0);
	return pattern != NULL;
}

static bool rules_fits_lists(
	const GPtrArray *patterns, const GPtrArray *list_ids, GString *evidence)
{
	for (guint i = 0; list_ids != NULL && i < list_ids->len; i++)
		if (rules_fits_text(patterns, "list-id", list_ids->pdata[i], evidence))
			return true;
	return false;
}

static bool rules_fits_from(
	const GPtrArray *patterns, const struct rules_subject *subject, GString *evidence)
{
	g_autofree char *both = address_display(
		subject->from_name, subject->from_address);

	return rules_fits_text(patterns, "from", subject->from_address, evidence) ||
	       rules_fits_text(patterns, "from", both, evidence);
}

static bool rules_fits_a_path(
	const GPtrArray *patterns, const GPtrArray *paths, GString *evidence)
{
	for (guint i = 0; paths != NULL && i < paths->len; i++) {
		const struct patch_path *path = paths->pdata[i];

		if (rules_fits_text(patterns, "path", path->path, evidence))
			return true;
	}
	return false;
}

static bool rules_fits_all_paths(
	const GPtrArray *patterns, const GPtrArray *paths, GString *evidence)
{
	const struct pattern *first = NULL;
	const struct patch_path *path;

	if (paths == NULL || paths->len == 0)
		return false;
	for (guint i = paths->len; i > 0; i--) {
		path = paths->pdata[i - 1];
		first = rules_find_pattern(patterns, path->path);
		if (first == NULL)
			return false;
	}
	rules_note(evidence, "all-paths", first, path->path, paths->len - 1);
	return true;
}

static bool rules_fits(const struct conf_rule *rule, const struct rules_subject *subject,
	GString *evidence)
{
	g_string_truncate(evidence, 0);
	return (rule->list_id == NULL ||
		       rules_fits_lists(rule->list_id, subject->list_ids, evidence)) &&
	       (rule->from == NULL || rules_fits_from(rule->from, subject, evidence)) &&
	       (rule->subject == NULL || rules_fits_text(rule->subject, "subject",
						 subject->subject, evidence)) &&
	       (rule->path == NULL ||
		       rules_fits_a_path(rule->path, subject->paths, evidence)) &&
	       (rule->all_paths == NULL ||
		       rules_fits_all_paths(rule->all_paths, subject->paths, evidence));
}

static const struct conf_rule *rules_find(const GPtrArray *rules,
	const struct rules_subject *subject, bool skip, char **evidence_r)
{
	g_autoptr(GString) evidence = g_string_new(NULL);

	for (guint i = 0; i < rules->len; i++) {
		const struct conf_rule *rule = rules->pdata[i];

		if ((skip ? rule->skip : rule->class != NULL) &&
			rules_fits(rule, subject, evidence)) {
			*evidence_r = g_strdup(evidence->str);
			return rule;
		}
	}
	return NULL;
}

const struct conf_rule *rules_find_class(
	const GPtrArray *rules, const struct rules_subject *subject, char **evidence_r)
{
	return rules_find(rules, subject, false, evidence_r);
}

const struct conf_rule *rules_find_skip(
	const GPtrArray *rules, const struct rules_subject *subject, char **evidence_r)
{
	return rules_find(rules, subject, true, evidence_r);
}

bool rules_check_classes(const GPtrArray *rules, const struct conf_rule **bad_r)
{
	enum record_class class;

	for (guint i = 0; i < rules->len; i++) {
		const struct conf_rule *rule = rules->pdata[i];

		if (rule->class != NULL && !record_class_from_name(rule->class, &class)) {
			*bad_r = rule;
			return false;
		}
	}
	return true;
}

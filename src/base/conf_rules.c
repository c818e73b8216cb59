/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/conf_private.h"

#include <stddef.h>
#include <string.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/pattern.h"

struct conf_rule_key {
	const char *name;
	void (*take)(struct conf_file *file, const char *group,
		const struct conf_rule_key *key, struct conf_rule *rule);
	size_t member; /* of struct conf_rule, for patterns */
	bool fold;     /* upper and lower case are alike */
	const char *sample, *comment;
};

const char *conf_rule_name(const char *group)
{
	const char *name;

	if (!g_str_has_prefix(group, "rule"))
		return NULL;
	name = group + strlen("rule");
	return *name == '\0' || *name == ' ' ? name + strspn(name, " ") : NULL;
}

void conf_find_rules(struct conf_file *file)
{
	const char *at = file->text, *end;

	/* Each delivery does this, most of them for a file of comments. */
	for (unsigned i = 0; at != NULL && file->status == STATUS_OK; i++) {
		const char *start = at + strspn(at, " \t\r\f\v");
		g_autofree char *line = NULL;
		const char *name, *why = NULL;

		end = strchr(start, '\n');
		at = end ? end + 1 : NULL;
		if (*start != '[')
			continue;
		line = g_strchomp(
			end ? g_strndup(start, (size_t)(end - start)) : g_strdup(start));
		if (!g_str_has_suffix(line, "]"))
			continue;
		line[strlen(line) - 1] = '\0';
		name = conf_rule_name(line + 1);
		if (name == NULL)
			continue;
		if (g_hash_table_size(file->rule_lines) == LIMIT_RULES)
			why = "too many rules";
		if (!g_hash_table_insert(
			    file->rule_lines, g_strdup(name), GUINT_TO_POINTER(i + 1)))
			why = "a second rule of this name";
		if (why == NULL)
			continue;
		diag_error("%s:%u: %s]: %s", file->path, i + 1, line, why);
		file->status = STATUS_CONFIG;
	}
}

/* The value, as it stands in the file: a regular expression's backslashes are no escapes of
 * GKeyFile's.  NULL, and a complaint, for what is not one good line; the caller frees. */
static char *conf_get_raw(struct conf_file *file, const char *group, const char *key)
{
	char *value = g_key_file_get_value(file->keys, group, key, NULL);

	if (value != NULL && conf_value_is_good(g_strstrip(value)))
		return value;
	g_free(value);
	conf_complain(file, group, key, "empty, or not one line of UTF-8");
	return NULL;
}

/* The pieces of VALUE between semicolons, without the blanks around them and without empty
 * ones.  `\;` is a semicolon of the piece; every other backslash stays, and takes the byte
 * behind it along, so that `\\;` ends a piece. */
static GPtrArray *conf_split_pieces(const char *value)
{
	GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) piece = g_string_new(NULL);

	for (const char *c = value;; c++) {
		if (*c == '\0' || *c == ';') {
			g_autofree char *copy = g_strstrip(g_strdup(piece->str));

			if (*copy != '\0')
				g_ptr_array_add(pieces, g_steal_pointer(&copy));
			if (*c == '\0')
				return pieces;
			g_string_truncate(piece, 0);
			continue;
		}
		if (*c == '\\' && c[1] == ';')
			c++;
		else if (*c == '\\' && c[1] != '\0')
			g_string_append_c(piece, *c++);
		g_string_append_c(piece, *c);
	}
}

static void conf_take_patterns(struct conf_file *file, const char *group,
	const struct conf_rule_key *key, struct conf_rule *rule)
{
	GPtrArray **patterns = (GPtrArray **)(void *)((char *)rule + key->member);
	g_autofree char *value = conf_get_raw(file, group, key->name);
	g_autoptr(GPtrArray) pieces = conf_split_pieces(value ? value : "");

	if (value == NULL)
		return;
	if (pieces->len == 0)
		conf_complain(file, group, key->name, "empty");
	/* A key that stands twice is taken twice. */
	g_clear_pointer(patterns, g_ptr_array_unref);
	*patterns = g_ptr_array_new_with_free_func((GDestroyNotify)pattern_free);
	for (guint i = 0; i < pieces->len; i++) {
		g_autofree char *why = NULL;
		struct pattern *pattern = pattern_new(pieces->pdata[i], key->fold, &why);

		if (pattern == NULL) {
			conf_complain(file, group, key->name, why);
			return;
		}
		g_ptr_array_add(*patterns, pattern);
	}
}

static void conf_take_class(struct conf_file *file, const char *group,
	const struct conf_rule_key *key, struct conf_rule *rule)
{
	g_free(rule->class);
	rule->class = conf_get_raw(file, group, key->name);
}

static void conf_take_skip(struct conf_file *file, const char *group,
	const struct conf_rule_key *key, struct conf_rule *rule)
{
	g_autofree char *value = conf_get_raw(file, group, key->name);

	if (value == NULL)
		return;
	rule->skip = strcmp(value, "true") == 0;
	if (!rule->skip && strcmp(value, "false") != 0)
		conf_complain(file, group, key->name, "must be true or false");
}

static const struct conf_rule_key conf_rule_keys[] = {
	{"list-id", conf_take_patterns, offsetof(struct conf_rule, list_id), true,
		"*.example.org", "The list, as its List-Id field has it."},
	{"from", conf_take_patterns, offsetof(struct conf_rule, from), true,
		"*@ci.example.org; Nightly Robot <*",
		"The sender: the address, or the name and <address>."},
	{"subject", conf_take_patterns, offsetof(struct conf_rule, subject), true,
		"/^\\[CI( |\\])/", "The whole subject."},
	{"path", conf_take_patterns, offsetof(struct conf_rule, path), false,
		"arch/s390/*; drivers/s390/*", "One of the files that the diff changes."},
	{"all-paths", conf_take_patterns, offsetof(struct conf_rule, all_paths), false,
		"arch/s390/*; drivers/s390/*", "Every file that the diff changes."},
	{"class", conf_take_class, 0, false, "bot-report", "What such a message is."},
	{"skip", conf_take_skip, 0, false, "true",
		"Keep it out of the digest but for its subject."},
};

static bool conf_rule_has_condition(const struct conf_rule *rule)
{
	return rule->list_id != NULL || rule->from != NULL || rule->subject != NULL ||
	       rule->path != NULL || rule->all_paths != NULL;
}

static void conf_take_rule_key(struct conf_file *file, const char *group, const char *key,
	struct conf_rule *rule)
{
	for (size_t i = 0; i < G_N_ELEMENTS(conf_rule_keys); i++)
		if (strcmp(conf_rule_keys[i].name, key) == 0) {
			conf_rule_keys[i].take(file, group, &conf_rule_keys[i], rule);
			return;
		}
	conf_complain(file, group, key, "unknown key");
}

void conf_take_rule(struct conf_file *file, const char *group)
{
	const char *name = conf_rule_name(group);
	g_auto(GStrv) keys = g_key_file_get_keys(file->keys, group, NULL, NULL);
	struct conf_rule *rule = g_new0(struct conf_rule, 1);

	g_ptr_array_add(file->conf->rules, rule);
	rule->name = g_strdup(name);
	rule->line = GPOINTER_TO_UINT(g_hash_table_lookup(file->rule_lines, name));
	if (!conf_value_is_good(name) || strlen(name) > LIMIT_RULE_NAME_BYTES)
		conf_complain(file, group, NULL,
			"a rule needs a name, a short one in one line of UTF-8");
	for (char **key = keys; key != NULL && *key != NULL; key++)
		conf_take_rule_key(file, group, *key, rule);
	if (!conf_rule_has_condition(rule))
		conf_complain(file, group, NULL,
			"needs list-id, from, subject, path or all-paths");
	if (rule->class == NULL && !rule->skip)
		conf_complain(file, group, NULL, "needs class or skip=true");
}

void conf_rule_free(void *data)
{
	struct conf_rule *rule = data;

	g_free(rule->name);
	g_clear_pointer(&rule->list_id, g_ptr_array_unref);
	g_clear_pointer(&rule->from, g_ptr_array_unref);
	g_clear_pointer(&rule->subject, g_ptr_array_unref);
	g_clear_pointer(&rule->path, g_ptr_array_unref);
	g_clear_pointer(&rule->all_paths, g_ptr_array_unref);
	g_free(rule->class);
	g_free(rule);
}

void conf_append_rule_sample(GString *text)
{
	g_string_append(text,
		"\n# A rule of your own, for messages that fit each condition in it.  "
		"There may\n"
		"# be many, each with its name; the first one that fits decides.  Take "
		"out the\n"
		"# conditions that you do not want: mldigest.conf(5) has examples.\n"
		"#[rule robot]\n");
	for (size_t i = 0; i < G_N_ELEMENTS(conf_rule_keys); i++)
		g_string_append_printf(text, "# %s\n#%s=%s\n", conf_rule_keys[i].comment,
			conf_rule_keys[i].name, conf_rule_keys[i].sample);
}

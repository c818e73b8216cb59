/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "mail/patch.h"
#include "tap.h"

/* A rule as a row has it; words are separated by '|', NULL is a key that is not set. */
struct words {
	const char *name, *list_id, *from, *subject, *path, *all_paths, *class;
	bool skip;
};

static GPtrArray *make_patterns(const char *words, bool fold)
{
	g_auto(GStrv) pieces = g_strsplit(words ? words : "", "|", -1);
	GPtrArray *patterns = NULL;

	if (words == NULL)
		return NULL;
	patterns = g_ptr_array_new_with_free_func((GDestroyNotify)pattern_free);
	for (char **piece = pieces; *piece != NULL; piece++) {
		char *why = NULL;
		struct pattern *pattern = pattern_new(*piece, fold, &why);

		if (pattern == NULL)
			abort();
		g_ptr_array_add(patterns, pattern);
	}
	return patterns;
}

static void free_rule(void *data)
{
	struct conf_rule *rule = data;

	g_clear_pointer(&rule->list_id, g_ptr_array_unref);
	g_clear_pointer(&rule->from, g_ptr_array_unref);
	g_clear_pointer(&rule->subject, g_ptr_array_unref);
	g_clear_pointer(&rule->path, g_ptr_array_unref);
	g_clear_pointer(&rule->all_paths, g_ptr_array_unref);
	g_free(rule->name);
	g_free(rule->class);
	g_free(rule);
}

static GPtrArray *make_rules(const struct words *words, size_t count)
{
	GPtrArray *rules = g_ptr_array_new_with_free_func(free_rule);

	for (size_t i = 0; i < count && words[i].name != NULL; i++) {
		struct conf_rule *rule = g_new0(struct conf_rule, 1);

		rule->name = g_strdup(words[i].name);
		rule->list_id = make_patterns(words[i].list_id, true);
		rule->from = make_patterns(words[i].from, true);
		rule->subject = make_patterns(words[i].subject, true);
		rule->path = make_patterns(words[i].path, false);
		rule->all_paths = make_patterns(words[i].all_paths, false);
		rule->class = g_strdup(words[i].class);
		rule->skip = words[i].skip;
		g_ptr_array_add(rules, rule);
	}
	return rules;
}

static void free_path(void *data)
{
	struct patch_path *path = data;

	g_free(path->path);
	g_free(path);
}

struct mail {
	GPtrArray *list_ids, *paths;
	struct rules_subject subject;
};

/* The message that most rows are about. */
static const char *const lists = "kvm.vger.kernel.org|linux-s390.vger.kernel.org";
static const char *const files =
	"arch/s390/kvm/kvm-s390.c|arch/s390/kvm/intercept.c|Documentation/virt/s390.rst";

static struct mail make_mail(const char *list_ids, const char *paths)
{
	struct mail mail = {g_ptr_array_new_with_free_func(g_free),
		g_ptr_array_new_with_free_func(free_path), {0}};
	g_auto(GStrv) list_words = g_strsplit(list_ids, "|", -1);
	g_auto(GStrv) path_words = g_strsplit(paths, "|", -1);

	for (char **word = list_words; *word != NULL; word++)
		g_ptr_array_add(mail.list_ids, g_strdup(*word));
	for (char **word = path_words; *word != NULL; word++) {
		struct patch_path *path = g_new0(struct patch_path, 1);

		path->path = g_strdup(*word);
		g_ptr_array_add(mail.paths, path);
	}
	mail.subject = (struct rules_subject){
		.subject = "[PATCH v2 1/3] KVM: s390: Handle überlauf",
		.from_name = "Ida Holm",
		.from_address = "ida@Example.org",
		.list_ids = mail.list_ids,
		.paths = mail.paths,
	};
	return mail;
}

static void release_mail(struct mail *mail)
{
	g_ptr_array_unref(mail->list_ids);
	g_ptr_array_unref(mail->paths);
}

/* "NAME: EVIDENCE", or "none". */
static char *find(const GPtrArray *rules, const struct rules_subject *subject, bool skip)
{
	g_autofree char *evidence = NULL;
	const struct conf_rule *rule = skip ? rules_find_skip(rules, subject, &evidence)
					    : rules_find_class(rules, subject, &evidence);

	return rule ? g_strdup_printf("%s: %s", rule->name, evidence)
		    : g_strdup(evidence ? evidence : "none");
}

static const struct find_row {
	const char *rule;
	struct words words[4];
	const char *class, *skip; /* what find() gives */
} find_rows[] = {
	{"no rule at all", {{0}}, "none", "none"},
	{"from: the bare address", {{"a", .from = "ida@example.org", .class = "reply"}},
		"a: from = ida@example.org: ida@Example.org", "none"},
	{"from: the name and <address>", {{"a", .from = "ida holm <*", .class = "reply"}},
		"a: from = ida holm <*: Ida Holm <ida@Example.org>", "none"},
	{"from: another's domain does not fit",
		{{"a", .from = "*@ample.org", .skip = true}}, "none", "none"},
	{"from: the domain", {{"a", .from = "*@example.org", .skip = true}}, "none",
		"a: from = *@example.org: ida@Example.org"},
	{"from: an expression", {{"a", .from = "/^ida\\b.*@/", .skip = true}}, "none",
		"a: from = /^ida\\b.*@/: ida@Example.org"},
	{"subject: the whole of it", {{"a", .subject = "KVM*", .skip = true}}, "none",
		"none"},
	{"subject: its tags too",
		{{"a", .subject = "[patch*] kvm: s390:*", .skip = true}}, "none",
		"a: subject = [patch*] kvm: s390:*: [PATCH v2 1/3] KVM: s390: Handle "
		"überlauf"},
	{"subject: decoded", {{"a", .subject = "*ÜBERLAUF", .skip = true}}, "none",
		"a: subject = *ÜBERLAUF: [PATCH v2 1/3] KVM: s390: Handle überlauf"},
	{"list-id: each one of the message",
		{{"a", .list_id = "linux-s390.*", .skip = true}}, "none",
		"a: list-id = linux-s390.*: linux-s390.vger.kernel.org"},
	{"list-id: none fits", {{"a", .list_id = "linux-arm*", .skip = true}}, "none",
		"none"},
	{"path: one of the diff's", {{"a", .path = "Documentation/*", .skip = true}},
		"none", "a: path = Documentation/*: Documentation/virt/s390.rst"},
	{"path: case counts", {{"a", .path = "documentation/*", .skip = true}}, "none",
		"none"},
	{"path: none fits", {{"a", .path = "arch/x86/*", .skip = true}}, "none", "none"},
	{"all-paths: each of the diff's",
		{{"a", .all_paths = "arch/s390/*|*.rst", .skip = true}}, "none",
		"a: all-paths = arch/s390/*: arch/s390/kvm/kvm-s390.c and 2 more"},
	{"all-paths: all but the last", {{"a", .all_paths = "arch/s390/*", .skip = true}},
		"none", "none"},
	{"all-paths: all but the first",
		{{"a", .all_paths = "*/intercept.c|*.rst", .skip = true}}, "none",
		"none"},
	{"several patterns of a key are alternatives",
		{{"a", .from = "*@intel.com|*@example.org", .class = "reply"}},
		"a: from = *@example.org: ida@Example.org", "none"},
	{"several conditions all have to fit",
		{{"a", .list_id = "kvm.*", .from = "ida*", .subject = "*s390*",
			.path = "arch/*", .all_paths = "*", .class = "reply"}},
		"a: list-id = kvm.*: kvm.vger.kernel.org; from = ida*: ida@Example.org; "
		"subject = *s390*: [PATCH v2 1/3] KVM: s390: Handle überlauf; "
		"path = arch/*: arch/s390/kvm/kvm-s390.c; "
		"all-paths = *: arch/s390/kvm/kvm-s390.c and 2 more",
		"none"},
	{"list-id among several does not fit",
		{{"a", .list_id = "x", .from = "ida*", .class = "reply"}}, "none",
		"none"},
	{"from among several does not fit",
		{{"a", .from = "x", .subject = "*s390*", .class = "reply"}}, "none",
		"none"},
	{"subject among several does not fit",
		{{"a", .from = "ida*", .subject = "x", .class = "reply"}}, "none",
		"none"},
	{"path among several does not fit",
		{{"a", .from = "ida*", .path = "x", .class = "reply"}}, "none", "none"},
	{"all-paths among several does not fit",
		{{"a", .path = "*", .all_paths = "x", .class = "reply"}}, "none", "none"},
	{"no condition fits everything", {{"a", .skip = true}}, "none", "a: "},
	{"the first that fits",
		{{"a", .from = "x", .class = "reply"},
			{"b", .from = "ida*", .class = "patch"},
			{"c", .from = "ida*", .class = "review"}},
		"b: from = ida*: ida@Example.org", "none"},
	{"a rule without the one is passed over for the other",
		{{"a", .from = "ida*", .skip = true},
			{"b", .path = "*", .class = "review"}},
		"b: path = *: arch/s390/kvm/kvm-s390.c",
		"a: from = ida*: ida@Example.org"},
	{"a rule may have both", {{"a", .from = "ida*", .class = "patch", .skip = true}},
		"a: from = ida*: ida@Example.org", "a: from = ida*: ida@Example.org"},
	{"nothing of a rule that fits in part is in the evidence",
		{{"a", .from = "ida*", .path = "x", .skip = true},
			{"b", .path = "*.rst", .skip = true}},
		"none", "b: path = *.rst: Documentation/virt/s390.rst"},
};

static void test_find(void)
{
	struct mail mail = make_mail(lists, files);

	for (size_t i = 0; i < G_N_ELEMENTS(find_rows); i++) {
		const struct find_row *row = &find_rows[i];
		g_autoptr(GPtrArray)
			rules = make_rules(row->words, G_N_ELEMENTS(row->words));
		g_autofree char *class = find(rules, &mail.subject, false);
		g_autofree char *skip = find(rules, &mail.subject, true);
		g_autofree char *got = g_strdup_printf("class %s\nskip %s", class, skip);
		g_autofree char *expected = g_strdup_printf(
			"class %s\nskip %s", row->class, row->skip);

		tap_string(row->rule, got, expected);
	}
	release_mail(&mail);
}

/* What a message may lack. */
static void test_nothing(void)
{
	static const struct words words[] = {{"path", .path = "*", .skip = true},
		{"all-paths", .all_paths = "*", .skip = true},
		{"list-id", .list_id = "*", .skip = true},
		{"from", .from = " <*", .skip = true}};
	static const struct words bare = {
		"a", .from = "/^$/", .subject = "/^$/", .skip = true};
	struct mail mail = make_mail("", "");
	const struct rules_subject nothing = {
		.subject = "", .from_name = "", .from_address = ""};
	g_autoptr(GPtrArray) rules = make_rules(words, G_N_ELEMENTS(words));
	g_autoptr(GPtrArray) empty = make_rules(&bare, 1);
	g_autofree char *without = find(rules, &nothing, true);
	g_autofree char *blank = find(empty, &nothing, true);
	g_autofree char *arrays = NULL;

	tap_string("no paths, lists or name: what is not there does not fit", without,
		"none");
	tap_string("an empty subject and sender fit what is empty", blank,
		"a: from = /^$/: ; subject = /^$/: ");
	g_ptr_array_set_size(mail.paths, 0);
	g_ptr_array_set_size(mail.list_ids, 0);
	arrays = find(rules, &mail.subject, true);
	tap_string("the same with empty arrays", arrays, "none");
	release_mail(&mail);
}

static void test_one_path(void)
{
	static const struct words words = {"a", .all_paths = "arch/*", .skip = true};
	struct mail mail = make_mail(lists, "arch/x86/kvm/x86.c");
	g_autoptr(GPtrArray) rules = make_rules(&words, 1);
	g_autofree char *got = find(rules, &mail.subject, true);

	tap_string("all-paths: one path has no others", got,
		"a: all-paths = arch/*: arch/x86/kvm/x86.c");
	release_mail(&mail);
}

/* Evidence is a line for people, so a subject of pages is cut, between characters. */
static void test_long_evidence(void)
{
	static const struct words words = {"a", .subject = "*", .skip = true};
	struct mail mail = make_mail(lists, files);
	g_autoptr(GPtrArray) rules = make_rules(&words, 1);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) expected = g_string_new("a: subject = *: ");
	g_autofree char *got = NULL;

	for (unsigned i = 0; i < 1000; i++) {
		g_string_append(text, "ü");
		if (i < 200)
			g_string_append(expected, "ü");
	}
	g_string_append(expected, "…");
	mail.subject.subject = text->str;
	got = find(rules, &mail.subject, true);
	tap_string("evidence: a long text is cut", got, expected->str);
	release_mail(&mail);
}

static void test_classes(void)
{
	static const struct words words[] = {{"a", .from = "*", .class = "bot-report"},
		{"b", .from = "*", .skip = true}, {"c", .from = "*", .class = "Patch"},
		{"d", .from = "*", .class = "robot"}};
	g_autoptr(GPtrArray) good = make_rules(words, 2);
	g_autoptr(GPtrArray) bad = make_rules(words, 4);
	const struct conf_rule *rule = NULL;

	tap_true("classes: each is one, or there is none",
		rules_check_classes(good, &rule) && rule == NULL);
	tap_true("classes: the first that is none",
		!rules_check_classes(bad, &rule) && rule == bad->pdata[2]);
}

int main(void)
{
	test_find();
	test_nothing();
	test_one_path();
	test_long_evidence();
	test_classes();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/limits.h"
#include "base/pattern.h"
#include "tap.h"

/* A directory of our own for the whole run, and the file in it that is tested. */
static char *home, *config;

static void make_home(void)
{
	home = g_dir_make_tmp("mldigest-conf-XXXXXX", NULL);
	if (home == NULL)
		abort();
	config = g_build_filename(home, "config", NULL);
}

static void remove_home(void)
{
	g_unlink(config);
	if (g_rmdir(home) != 0)
		abort();
	g_clear_pointer(&home, g_free);
	g_clear_pointer(&config, g_free);
}

/* What conf_load() returns and, in *SAID_R, what it prints, HOME in the place of its
 * directory. */
static enum status load(struct conf *conf, char **said_r)
{
	FILE *captured = tmpfile();
	int saved = dup(STDERR_FILENO);
	char said[4096];
	GString *out;
	enum status status;
	size_t n;

	if (captured == NULL || saved < 0 || dup2(fileno(captured), STDERR_FILENO) < 0)
		abort();
	status = conf_load(home, conf);
	if (dup2(saved, STDERR_FILENO) < 0)
		abort();
	close(saved);
	rewind(captured);
	n = fread(said, 1, sizeof said, captured);
	fclose(captured);
	out = g_string_new_len(said, (gssize)n);
	g_string_replace(out, home, "HOME", 0);
	*said_r = g_string_free(out, FALSE);
	return status;
}

static void write_config(const char *text, gssize length)
{
	if (!g_file_set_contents(config, text, length, NULL))
		abort();
}

static char *describe(const struct conf *conf)
{
	g_autofree char *to = conf->to ? g_strjoinv("|", conf->to) : g_strdup("none");
	g_autofree char *sendmail = g_strjoinv("|", conf->sendmail);

	return g_strdup_printf("title=%s list-id=%s archive=%s layout=%s top=%u from=%s "
			       "to=%s sendmail=%s",
		conf->title, conf->list_id, conf->archive, conf->layout, conf->top,
		conf->from, to, sendmail);
}

/* What CONFIG gives but for what is as it is without any. */
#define DEFAULTS(title, list_id, archive, top, from, to, sendmail)                     \
	"title=" title " list-id=" list_id " archive=" archive " layout=full top=" top \
	" from=" from " to=" to " sendmail=" sendmail

static const struct good_row {
	const char *rule, *text, *expected;
} good_rows[] = {
	{"nothing in the file", "",
		DEFAULTS("Patch", "", "", "15", "", "none", "/usr/sbin/sendmail")},
	{"comments and blank lines", "# one\n\n[digest]\n# title=x\n\n",
		DEFAULTS("Patch", "", "", "15", "", "none", "/usr/sbin/sendmail")},
	{"title", "[digest]\ntitle=KVM on Grün\n",
		DEFAULTS("KVM on Grün", "", "", "15", "", "none", "/usr/sbin/sendmail")},
	{"title: blanks around '='", "[digest]\ntitle = KVM\n",
		DEFAULTS("KVM", "", "", "15", "", "none", "/usr/sbin/sendmail")},
	{"list-id names the digest too", "[digest]\nlist-id=kvm.vger.kernel.org\n",
		DEFAULTS("kvm", "kvm.vger.kernel.org", "", "15", "", "none",
			"/usr/sbin/sendmail")},
	{"title wins over list-id", "[digest]\ntitle=T\nlist-id=kvm.vger.kernel.org\n",
		DEFAULTS("T", "kvm.vger.kernel.org", "", "15", "", "none",
			"/usr/sbin/sendmail")},
	{"archive", "[digest]\narchive=https://lore.kernel.org/kvm/\n",
		DEFAULTS("Patch", "", "https://lore.kernel.org/kvm/", "15", "", "none",
			"/usr/sbin/sendmail")},
	{"archive by http", "[digest]\narchive=http://x.org/\n",
		DEFAULTS("Patch", "", "http://x.org/", "15", "", "none",
			"/usr/sbin/sendmail")},
	{"layout", "[digest]\nlayout=classic\n",
		"title=Patch list-id= archive= layout=classic top=15 from= to=none "
		"sendmail=/usr/sbin/sendmail"},
	{"top: the least", "[digest]\ntop=1\n",
		DEFAULTS("Patch", "", "", "1", "", "none", "/usr/sbin/sendmail")},
	{"top: the most", "[digest]\ntop=1000\n",
		DEFAULTS("Patch", "", "", "1000", "", "none", "/usr/sbin/sendmail")},
	{"from", "[mail]\nfrom=digest@example.org\n",
		DEFAULTS("Patch", "", "", "15", "digest@example.org", "none",
			"/usr/sbin/sendmail")},
	{"to: one", "[mail]\nto=ida@example.org\n",
		DEFAULTS("Patch", "", "", "15", "", "ida@example.org",
			"/usr/sbin/sendmail")},
	{"to: some, with commas and blanks",
		"[mail]\nto=ida@example.org, jan ,ole@x.org\n",
		DEFAULTS("Patch", "", "", "15", "", "ida@example.org|jan|ole@x.org",
			"/usr/sbin/sendmail")},
	{"sendmail: words, quoted as in a shell",
		"[mail]\nsendmail=/usr/bin/msmtp -a 'my account' --\n",
		DEFAULTS("Patch", "", "", "15", "", "none",
			"/usr/bin/msmtp|-a|my account|--")},
	{"the last of two counts", "[digest]\ntop=3\ntop=4\n",
		DEFAULTS("Patch", "", "", "4", "", "none", "/usr/sbin/sendmail")},
};

static void check_good(const char *rule, const char *expected)
{
	struct conf conf = {0};
	g_autofree char *said = NULL;
	g_autofree char *got = NULL;
	enum status status = load(&conf, &said);

	if (status == STATUS_OK && *said == '\0')
		got = describe(&conf);
	tap_string(rule, got, expected);
	if (got == NULL)
		tap_note("status %d, said: %s", (int)status, said);
	if (status == STATUS_OK)
		conf_release(&conf);
}

static void test_good(void)
{
	g_unlink(config);
	check_good("no file",
		DEFAULTS("Patch", "", "", "15", "", "none", "/usr/sbin/sendmail"));
	for (size_t i = 0; i < G_N_ELEMENTS(good_rows); i++) {
		write_config(good_rows[i].text, -1);
		check_good(good_rows[i].rule, good_rows[i].expected);
	}
}

static const struct bad_row {
	const char *rule;
	const char *text;
	size_t length;
	const char *begins, *holds; /* of what is said */
} bad_rows[] = {
	{"title: empty", TAP_BYTES("[digest]\ntitle=\n"),
		"HOME/config:2: title: ", "empty"},
	{"title: a control", TAP_BYTES("[digest]\ntitle=a\033b\n"),
		"HOME/config:2: title: ", ""},
	{"title: an escaped line feed", TAP_BYTES("[digest]\n\ntitle=a\\nb\n"),
		"HOME/config:3: title: ", ""},
	{"title: a bidirectional control",
		TAP_BYTES("[digest]\ntitle=a\xe2\x80\xae"
			  "b\n"),
		"HOME/config:2: title: ", ""},
	{"list-id: empty", TAP_BYTES("[digest]\nlist-id=\n"),
		"HOME/config:2: list-id: ", ""},
	{"list-id: a blank", TAP_BYTES("[digest]\nlist-id=the list\n"),
		"HOME/config:2: list-id: ", "RFC 2919"},
	{"list-id: brackets", TAP_BYTES("[digest]\nlist-id=<kvm.x.org>\n"),
		"HOME/config:2: list-id: ", "RFC 2919"},
	{"archive: no address", TAP_BYTES("[digest]\narchive=lore.kernel.org\n"),
		"HOME/config:2: archive: ", "https://"},
	{"archive: another scheme", TAP_BYTES("[digest]\narchive=file:///etc\n"),
		"HOME/config:2: archive: ", "https://"},
	{"layout: one that is none", TAP_BYTES("[digest]\nlayout=fancy\n"),
		"HOME/config:2: layout: ", "classic"},
	{"top: 0", TAP_BYTES("[digest]\ntop=0\n"), "HOME/config:2: top: ", "1 to 1000"},
	{"batch: 0", TAP_BYTES("[mail]\nbatch=0\n"),
		"HOME/config:2: batch: ", "1 to 1000"},
	{"batch: 1001", TAP_BYTES("[mail]\nbatch=1001\n"),
		"HOME/config:2: batch: ", "1 to 1000"},
	{"top: 1001", TAP_BYTES("[digest]\ntop=1001\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"top: negative", TAP_BYTES("[digest]\ntop=-1\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"top: no number", TAP_BYTES("[digest]\ntop=many\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"top: something behind it", TAP_BYTES("[digest]\ntop=15 rows\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"top: more than a number holds",
		TAP_BYTES("[digest]\ntop=99999999999999999999999\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"top: empty", TAP_BYTES("[digest]\ntop=\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"from: no address", TAP_BYTES("[mail]\nfrom=Ida Holm\n"),
		"HOME/config:2: from: ", "address"},
	{"from: an option", TAP_BYTES("[mail]\nfrom=-oQ/tmp\n"),
		"HOME/config:2: from: ", "address"},
	{"from: empty", TAP_BYTES("[mail]\nfrom=\n"), "HOME/config:2: from: ", ""},
	{"to: one bad among good ones",
		TAP_BYTES("[mail]\nto=ida@example.org,-v,jan@example.org\n"),
		"HOME/config:2: to: ", "address"},
	{"to: empty", TAP_BYTES("[mail]\nto= , \n"), "HOME/config:2: to: ", "empty"},
	{"sendmail: not absolute", TAP_BYTES("[mail]\nsendmail=sendmail -t\n"),
		"HOME/config:2: sendmail: ", "absolute"},
	{"sendmail: a quote that never closes", TAP_BYTES("[mail]\nsendmail=/bin/x 'a\n"),
		"HOME/config:2: sendmail: ", "command line"},
	{"sendmail: empty", TAP_BYTES("[mail]\nsendmail=\n"),
		"HOME/config:2: sendmail: ", "command line"},
	{"an unknown key", TAP_BYTES("[digest]\ntop=5\n# x\ntopp=6\n"),
		"HOME/config:4: topp: ", "unknown key"},
	{"a key of another section", TAP_BYTES("[digest]\nfrom=ida@x.org\n"),
		"HOME/config:2: from: ", "unknown key"},
	{"a key that is the beginning of another", TAP_BYTES("[digest]\ntop=5\nto=ida\n"),
		"HOME/config:3: to: ", "unknown key"},
	{"an unknown section", TAP_BYTES("[digest]\n\n[rules]\nx=y\n"),
		"HOME/config:3: [rules]: ", "unknown section"},
	{"an empty unknown section", TAP_BYTES("[rules]\n"),
		"HOME/config:1: [rules]: ", "unknown section"},
	{"the first of two problems", TAP_BYTES("[digest]\ntop=0\nlayout=x\n"),
		"HOME/config:2: top: ", "1 to 1000"},
	{"a line that is nothing", TAP_BYTES("[digest]\ntop=5\nlayout classic\n"),
		"HOME/config:3: ", "key=value"},
	{"a key before any section", TAP_BYTES("title=x\n"), "HOME/config:1: ", ""},
	{"a section that never closes", TAP_BYTES("# x\n[digest\n"),
		"HOME/config:2: ", ""},
	{"a line that is not UTF-8", TAP_BYTES("[digest]\ntop=5\ntitle=\xff\n"),
		"HOME/config:3: ", ""},
	{"a NUL", TAP_BYTES("[digest]\ntop=5\0\n"), "HOME/config:", ""},
	{"rule: no name", TAP_BYTES("[rule]\nfrom=a\nskip=true\n"),
		"HOME/config:1: [rule]: ", "name"},
	{"rule: a name of blanks", TAP_BYTES("[rule  ]\nfrom=a\nskip=true\n"),
		"HOME/config:1: [rule  ]: ", "name"},
	{"rule: a control in its name",
		TAP_BYTES("[rule a\xe2\x80\xae]\nfrom=a\nskip=true\n"),
		"HOME/config:1: [rule a", "name"},
	{"rule: a name that is not UTF-8", TAP_BYTES("[rule a\xff]\nfrom=a\nskip=true\n"),
		"HOME/config:1: ", ""},
	{"rule: a second one of the same name",
		TAP_BYTES("[rule a]\nfrom=a\nskip=true\n[rule b]\nfrom=a\nskip=true\n"
			  " [rule a]\t\nfrom=a\n"),
		"HOME/config:7: [rule a]: ", "second"},
	{"rule: the same name but for blanks before it",
		TAP_BYTES("[rule a]\nfrom=a\nskip=true\n[rule  a]\nfrom=a\nskip=true\n"),
		"HOME/config:4: [rule  a]: ", "second"},
	{"rule: no blank before its name", TAP_BYTES("[rulea]\nfrom=a\nskip=true\n"),
		"HOME/config:1: [rulea]: ", "unknown section"},
	{"rule: an unknown key", TAP_BYTES("[rule a]\nfrom=a\nskip=true\nto=b\n"),
		"HOME/config:4: to: ", "unknown key"},
	{"rule: a key of another section", TAP_BYTES("[digest]\npath=a\n"),
		"HOME/config:2: path: ", "unknown key"},
	{"rule: nothing in it", TAP_BYTES("\n[rule a]\n"), "HOME/config:2: [rule a]: ",
		"needs list-id, from, subject, path or all-paths"},
	{"rule: no condition", TAP_BYTES("[rule a]\nskip=true\n"),
		"HOME/config:1: [rule a]: ", "needs list-id"},
	{"rule: neither class nor skip", TAP_BYTES("[rule a]\nfrom=a\n"),
		"HOME/config:1: [rule a]: ", "needs class or skip=true"},
	{"rule: skip=false alone", TAP_BYTES("[rule a]\nfrom=a\nskip=false\n"),
		"HOME/config:1: [rule a]: ", "needs class or skip=true"},
	{"rule: skip: neither true nor false", TAP_BYTES("[rule a]\nfrom=a\nskip=yes\n"),
		"HOME/config:3: skip: ", "true or false"},
	{"rule: class: empty", TAP_BYTES("[rule a]\nfrom=a\nclass=\n"),
		"HOME/config:3: class: ", "empty"},
	{"rule: a condition that is empty", TAP_BYTES("[rule a]\nfrom=\nskip=true\n"),
		"HOME/config:2: from: ", "empty"},
	{"rule: a condition of separators", TAP_BYTES("[rule a]\nfrom= ;; \nskip=true\n"),
		"HOME/config:2: from: ", "empty"},
	{"rule: a condition with a control",
		TAP_BYTES("[rule a]\npath=a\033\nskip=true\n"),
		"HOME/config:2: path: ", "UTF-8"},
	{"rule: a condition that is not UTF-8",
		TAP_BYTES("[rule a]\npath=a\xff\nskip=true\n"),
		"HOME/config:2: path: ", "UTF-8"},
	{"rule: a bad expression among good ones",
		TAP_BYTES("[rule a]\nsubject=/a/; /b(/;c\nskip=true\n"),
		"HOME/config:2: subject: ", "‘b(’ at char 2"},
	{"rule: an expression that its ';' cuts",
		TAP_BYTES("[rule a]\nsubject=/a;b/\nskip=true\n"),
		"HOME/config:2: subject: ", "two slashes"},
	{"rule: the line is that of the rule's own key",
		TAP_BYTES(
			"[mail]\nfrom=a\n[rule a]\nfrom=a\nskip=true\n[rule b]\nclass=x\n"
			"from=/(/\n"),
		"HOME/config:8: from: ", "("},
};

static void test_bad(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		const struct bad_row *row = &bad_rows[i];
		g_autofree char *begins = g_strconcat("mldigest: ", row->begins, NULL);
		g_autofree char *said = NULL;
		struct conf conf = {0};
		enum status status;

		write_config(row->text, (gssize)row->length);
		status = load(&conf, &said);
		if (!tap_true(row->rule,
			    status == STATUS_CONFIG && g_str_has_prefix(said, begins) &&
				    strstr(said, row->holds) != NULL &&
				    strchr(said, '\n') == said + strlen(said) - 1)) {
			tap_note("expected: status %d, one line: %s...%s",
				(int)STATUS_CONFIG, begins, row->holds);
			tap_note("got:      status %d: %s", (int)status, said);
		}
		if (status == STATUS_OK)
			conf_release(&conf);
	}
}

static void describe_patterns(GString *out, const char *key, const GPtrArray *patterns)
{
	for (guint i = 0; patterns != NULL && i < patterns->len; i++)
		g_string_append_printf(out, "%s%s", i == 0 ? key : "|",
			pattern_word(patterns->pdata[i]));
}

static char *describe_rules(const GPtrArray *rules)
{
	GString *out = g_string_new("");

	for (guint i = 0; i < rules->len; i++) {
		const struct conf_rule *rule = rules->pdata[i];

		g_string_append_printf(
			out, "%s%u [%s]", i > 0 ? "\n" : "", rule->line, rule->name);
		describe_patterns(out, " list-id=", rule->list_id);
		describe_patterns(out, " from=", rule->from);
		describe_patterns(out, " subject=", rule->subject);
		describe_patterns(out, " path=", rule->path);
		describe_patterns(out, " all-paths=", rule->all_paths);
		g_string_append_printf(out, " -> %s%s", rule->class ? rule->class : "",
			rule->skip ? " skip" : "");
	}
	return g_string_free(out, FALSE);
}

static const struct rule_row {
	const char *rule, *text, *expected;
} rule_rows[] = {
	{"rules: none", "[digest]\ntop=5\n", ""},
	{"rules: each key",
		"[rule my robot]\nlist-id=l\nfrom=f\nsubject=s\npath=p\nall-paths=a\n"
		"class=bot-report\nskip=true\n",
		"1 [my robot] list-id=l from=f subject=s path=p all-paths=a -> "
		"bot-report skip"},
	{"rules: in the file's order, among other sections",
		"[rule b]\nfrom=b\nskip=true\n[digest]\ntop=5\n\n# x\n[rule a]\nfrom=a\n"
		"class=reply\n",
		"1 [b] from=b ->  skip\n8 [a] from=a -> reply"},
	{"rules: skip=false", "[rule a]\nfrom=a\nclass=reply\nskip = false\n",
		"1 [a] from=a -> reply"},
	{"rules: several patterns, with blanks and empty ones",
		"[rule a]\npath = a/* ; b/*;; c d ;\nskip=true\n",
		"1 [a] path=a/*|b/*|c d ->  skip"},
	{"rules: \\; is a semicolon", "[rule a]\nsubject=a\\;b;/c\\;d/\nskip=true\n",
		"1 [a] subject=a;b|/c;d/ ->  skip"},
	{"rules: another backslash stays",
		"[rule a]\nsubject=/^\\[a\\s\\d\\\\/\nskip=true\n",
		"1 [a] subject=/^\\[a\\s\\d\\\\/ ->  skip"},
	{"rules: \\\\; is a backslash, and an end",
		"[rule a]\nsubject=a\\\\;b\nskip=true\n",
		"1 [a] subject=a\\\\|b ->  skip"},
	{"rules: \\\\\\; is a backslash and a semicolon",
		"[rule a]\nsubject=/a\\\\\\;b/\nskip=true\n",
		"1 [a] subject=/a\\\\;b/ ->  skip"},
	{"rules: a backslash at the end", "[rule a]\nsubject=a\\\nskip=true\n",
		"1 [a] subject=a\\ ->  skip"},
	{"rules: '=' and '#' in a pattern", "[rule a]\nsubject=a=b # c\nskip=true\n",
		"1 [a] subject=a=b # c ->  skip"},
	{"rules: UTF-8", "[rule für Grün]\nfrom=Grün*\nskip=true\n",
		"1 [für Grün] from=Grün* ->  skip"},
	{"rules: the last of two counts",
		"[rule a]\nfrom=a\nfrom=b\nclass=x\nclass=y\nskip=false\nskip=true\n",
		"1 [a] from=b -> y skip"},
};

static void test_rules(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rule_rows); i++) {
		struct conf conf = {0};
		g_autofree char *said = NULL;
		g_autofree char *got = NULL;
		enum status status;

		write_config(rule_rows[i].text, -1);
		status = load(&conf, &said);
		if (status == STATUS_OK && *said == '\0')
			got = describe_rules(conf.rules);
		if (!tap_string(rule_rows[i].rule, got, rule_rows[i].expected))
			tap_note("said: %s", said);
		if (status == STATUS_OK)
			conf_release(&conf);
	}
}

/* LIMIT_RULES and LIMIT_RULE_NAME_BYTES. */
static bool loads_rules(unsigned count, unsigned name_length, const char *holds)
{
	g_autoptr(GString) text = g_string_new("");
	g_autofree char *filling = g_strnfill(name_length - 4, 'x');
	g_autofree char *said = NULL;
	struct conf conf = {0};
	enum status status;

	for (unsigned i = 0; i < count; i++)
		g_string_append_printf(
			text, "[rule %04u%s]\nfrom=a\nskip=true\n", i, filling);
	write_config(text->str, -1);
	status = load(&conf, &said);
	if (status == STATUS_OK) {
		bool all = conf.rules->len == count;

		conf_release(&conf);
		return all && holds == NULL && *said == '\0';
	}
	return status == STATUS_CONFIG && holds != NULL && strstr(said, holds) != NULL;
}

static void test_rule_limits(void)
{
	tap_true("limit: as many rules as may be", loads_rules(LIMIT_RULES, 10, NULL));
	tap_true("limit: one more", loads_rules(LIMIT_RULES + 1, 10,
					    "config:1501: [rule 0500xxxxxx]: too many"));
	tap_true("limit: a name as long as may be",
		loads_rules(1, LIMIT_RULE_NAME_BYTES, NULL));
	tap_true("limit: a longer name",
		loads_rules(1, LIMIT_RULE_NAME_BYTES + 1, "name"));
}

/* The rule that "init" leaves in a comment, and only there. */
static void test_rule_sample(void)
{
	g_autofree char *text = NULL;
	g_autofree char *said = NULL;
	g_autofree char *got = NULL;
	g_autoptr(GString) all = NULL;
	struct conf conf = {0};

	g_unlink(config);
	tap_true("sample: no rule as it is", conf_create(home, NULL, NULL) == STATUS_OK &&
						     load(&conf, &said) == STATUS_OK &&
						     conf.rules->len == 0);
	conf_release(&conf);
	g_clear_pointer(&said, g_free);
	if (!g_file_get_contents(config, &text, NULL, NULL))
		abort();
	all = g_string_new(strstr(text, "\n#[rule "));
	g_string_replace(all, "\n#", "\n", 0);
	g_string_replace(all, "\n ", "\n# ", 0);
	write_config(all->str, -1);
	if (load(&conf, &said) == STATUS_OK)
		got = describe_rules(conf.rules);
	tap_string("sample: each key", got,
		"2 [robot] list-id=*.example.org from=*@ci.example.org|Nightly Robot <* "
		"subject=/^\\[CI( |\\])/ path=arch/s390/*|drivers/s390/* "
		"all-paths=arch/s390/*|drivers/s390/* -> bot-report skip");
	conf_release(&conf);
}

/* A file that is no file, and one beyond any reason. */
static void test_unreadable(void)
{
	g_autofree char *large = g_strnfill(1024 * 1024 + 1, '\n');
	g_autofree char *said = NULL;
	g_autofree char *said_large = NULL;
	struct conf conf = {0};

	g_unlink(config);
	if (g_mkdir(config, 0700) != 0)
		abort();
	tap_true("a directory in the file's place",
		load(&conf, &said) != STATUS_OK &&
			g_str_has_prefix(said, "mldigest: HOME/config: "));
	g_rmdir(config);
	write_config(large, -1);
	tap_true("a file of more than LIMIT_CONFIG_BYTES",
		load(&conf, &said_large) == STATUS_CONFIG &&
			g_str_has_prefix(said_large, "mldigest: HOME/config: "));
	g_unlink(config);
}

static const struct create_row {
	const char *rule, *title, *list_id, *expected;
} create_rows[] = {
	{"create: nothing set", NULL, NULL,
		DEFAULTS("Patch", "", "", "15", "", "none", "/usr/sbin/sendmail")},
	{"create: a title", "KVM on ARM", NULL,
		DEFAULTS("KVM on ARM", "", "", "15", "", "none", "/usr/sbin/sendmail")},
	{"create: a list id", NULL, "kvm.vger.kernel.org",
		DEFAULTS("kvm", "kvm.vger.kernel.org", "", "15", "", "none",
			"/usr/sbin/sendmail")},
	{"create: both", "KVM", "kvm.vger.kernel.org",
		DEFAULTS("KVM", "kvm.vger.kernel.org", "", "15", "", "none",
			"/usr/sbin/sendmail")},
	{"create: a title that GKeyFile would read otherwise", "C:\\new\\table", NULL,
		DEFAULTS("C:\\new\\table", "", "", "15", "", "none",
			"/usr/sbin/sendmail")},
};

static void test_create(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(create_rows); i++) {
		const struct create_row *row = &create_rows[i];

		g_unlink(config);
		if (conf_create(home, row->title, row->list_id) != STATUS_OK)
			tap_true(row->rule, false);
		else
			check_good(row->rule, row->expected);
	}
}

/* What is commented out has to be good once its '#' is gone. */
static void test_create_samples(void)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) all = NULL;
	struct stat status;

	g_unlink(config);
	tap_true("create: works", conf_create(home, NULL, NULL) == STATUS_OK &&
					  g_file_get_contents(config, &text, NULL, NULL));
	tap_true("create: for its owner alone",
		stat(config, &status) == 0 && (status.st_mode & 0777) == 0600);
	all = g_string_new(text);
	g_string_replace(all, "\n#", "\n", 0);
	g_string_replace(all, "\n ", "\n# ", 0);
	write_config(all->str, -1);
	check_good("create: every sample is good",
		DEFAULTS("KVM", "kvm.vger.kernel.org", "https://lore.kernel.org/kvm/",
			"15", "digest@example.org", "you@example.org",
			"/usr/sbin/sendmail"));
}

static void test_create_keeps(void)
{
	write_config("[digest]\ntop=7\n", -1);
	tap_true("create: one that is there stays",
		conf_create(home, "Other", NULL) == STATUS_OK);
	check_good("create: as it was",
		DEFAULTS("Patch", "", "", "7", "", "none", "/usr/sbin/sendmail"));
}

static void test_people(void)
{
	struct conf conf = {0}, other = {0};
	g_autofree char *said = NULL;
	g_autofree char *said_other = NULL;

	write_config("[mail]\nfrom=a@x.org\nto=b@x.org\n", -1);
	load(&conf, &said);
	conf_complete_people(&conf);
	tap_true("people: what is set stays",
		strcmp(conf.from, "a@x.org") == 0 && strcmp(conf.to[0], "b@x.org") == 0);
	conf_release(&conf);
	g_unlink(config);
	load(&other, &said_other);
	conf_complete_people(&other);
	tap_true("people: what is not set is the user",
		conf_address_is_deliverable(other.from) && g_strv_length(other.to) == 1 &&
			strcmp(other.to[0], other.from) == 0);
	conf_release(&other);
}

static const struct address_row {
	const char *address;
	bool good;
} address_rows[] = {
	{"ida@example.org", true},
	{"ida", true},
	{"ida.holm+kvm@example.org", true},
	{"i!#$%&'*+-/=?^_`{|}~@example.org", true},
	{"_ida@example.org", true},
	{"9@example.org", true},
	{"|/bin/sh", false},
	{"/tmp/box@example.org", false},
	{".ida@example.org", false},
	{"", false},
	{"-ida@example.org", false},
	{"@example.org", false},
	{"ida@", false},
	{"ida@a@example.org", false},
	{"ida holm@example.org", false},
	{"ida\n@example.org", false},
	{"\"ida\"@example.org", false},
	{"ida,jan@example.org", false},
	{"<ida@example.org>", false},
	{"ida;rm@example.org", false},
	{"ida=?utf-8?q?=0A?=@example.org", false},
	{"grüße@example.org", false},
};

static void test_addresses(void)
{
	g_autofree char *fits = g_strnfill(254, 'x');
	g_autofree char *long_one = g_strnfill(255, 'x');

	for (size_t i = 0; i < G_N_ELEMENTS(address_rows); i++) {
		const struct address_row *row = &address_rows[i];
		g_autofree char *escaped = g_strescape(row->address, NULL);
		g_autofree char *name = g_strdup_printf(
			"address: %s %s", row->good ? "good:" : "bad:", escaped);

		g_strdelimit(name, "#", 'N');
		tap_true(name, conf_address_is_deliverable(row->address) == row->good);
	}
	tap_true("RFC 5321 4.5.3.1: 254 bytes", conf_address_is_deliverable(fits));
	tap_true("RFC 5321 4.5.3.1: 255 bytes are too long",
		!conf_address_is_deliverable(long_one));
}

static const struct address_row value_rows[] = {{"KVM", true}, {"Grüße – 内核", true},
	{" KVM", true}, {"", false}, {"a\nb", false}, {"a\tb", false}, {"a\r", false},
	{"a\033b", false}, {"\xff", false}, {"KVM ", false}};

static void test_values(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(value_rows); i++) {
		const struct address_row *row = &value_rows[i];
		g_autofree char *escaped = g_strescape(row->address, NULL);
		g_autofree char *name = g_strdup_printf(
			"value: %s '%s'", row->good ? "good:" : "bad:", escaped);

		tap_true(name, conf_value_is_good(row->address) == row->good);
	}
}

int main(void)
{
	make_home();
	test_good();
	test_bad();
	test_rules();
	test_rule_limits();
	test_rule_sample();
	test_unreadable();
	test_create();
	test_create_samples();
	test_create_keeps();
	test_people();
	test_addresses();
	test_values();
	remove_home();
	return tap_end();
}

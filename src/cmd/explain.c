/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "cmd/attest.h"
#include "cmd/cmd.h"
#include "cmd/prose.h"
#include "digest/json.h"
#include "mail/raw.h"
#include "model/reading.h"
#include "store/home.h"
#include "store/reclass.h"
#include "store/relate.h"
#include "store/store.h"

/* What is told of one message. */
struct explain {
	const char *home;
	bool json;
	struct conf conf;        /* all NULL without a home */
	struct mailmap *mailmap; /* or NULL */
	/* Of a stored message. */
	GPtrArray *lists;
	struct relation *relation;
	struct reclass *reclassed; /* NULL where the rules' class counts */
	char *text;
	/* Of a message on standard input: the home's rules, which were tried first. */
	const GPtrArray *rules; /* struct conf_rule */
};

static void explain_release(struct explain *explain)
{
	conf_release(&explain->conf);
	mailmap_free(explain->mailmap);
	if (explain->lists != NULL)
		g_ptr_array_unref(explain->lists);
	relation_free(explain->relation);
	reclass_free(explain->reclassed);
	g_free(explain->text);
}

static void explain_free_rule(void *data)
{
	struct json_rule *rule = data;

	g_free(rule->name);
}

static void explain_add_rule(
	GArray *trace, const char *name, bool fits, const char *reason)
{
	struct json_rule rule = {g_strdup(name), fits, reason};

	g_array_append_val(trace, rule);
}

/* The user's rules up to the one that gave NAME; those that were there when a stored message came
 * are not known, but for that one. */
static void explain_trace_users(
	const struct explain *explain, const char *name, GArray *trace)
{
	for (guint i = 0; explain->rules != NULL && i < explain->rules->len; i++) {
		const struct conf_rule *rule = explain->rules->pdata[i];
		g_autofree char *full = g_strdup_printf("rule %s", rule->name);

		if (rule->class == NULL)
			continue;
		if (strcmp(full, name) == 0)
			return;
		explain_add_rule(trace, full, false,
			"it is what this rule of the configuration asks for");
	}
}

/* The rules in their order, up to the one that decided: the record keeps its name, so that what
 * was decided at the time is told, not what would be now. */
static GArray *explain_trace(const struct explain *explain, const char *name)
{
	GArray *trace = g_array_new(FALSE, FALSE, sizeof(struct json_rule));
	size_t count, last = 0;
	const struct classify_rule *rules = classify_rules(&count);

	g_array_set_clear_func(trace, explain_free_rule);
	explain_trace_users(explain, name, trace);
	while (last < count && strcmp(rules[last].name, name) != 0)
		last++;
	for (size_t i = 0; last < count && i <= last; i++)
		explain_add_rule(trace, rules[i].name, i == last, rules[i].reason);
	if (last == count)
		explain_add_rule(trace, name, true,
			g_str_has_prefix(name, "rule ")
				? "it is what this rule of the configuration asks for"
				: "a rule of another version of mldigest");
	return trace;
}

static enum status explain_print(
	const struct explain *explain, const struct record *record)
{
	g_autoptr(GArray) trace = explain_trace(explain, record->rule);
	g_autofree char *page = NULL;
	struct json_input input = {.record = record,
		.text = explain->text,
		.lists = explain->lists,
		.relation = explain->relation,
		.reclassed = explain->reclassed,
		.mailmap = explain->mailmap,
		.archive = explain->conf.archive ? explain->conf.archive : "",
		.rules = (const struct json_rule *)(const void *)trace->data,
		.rule_count = trace->len};

	if (explain->json) {
		g_autofree char *line = json_from_record(&input);

		page = g_strdup_printf("%s\n", line);
	} else {
		page = prose_from_record(&input);
	}
	return cmd_print(page, strlen(page));
}

static enum status explain_load_home(struct explain *explain)
{
	enum status status = home_check(explain->home);

	if (status == STATUS_OK)
		status = cmd_load_conf(explain->home, &explain->conf);
	if (status == STATUS_OK)
		status = cmd_load_mailmap(explain->home, &explain->mailmap);
	return status;
}

/* The message ID, and what is known of it. */
struct explain_search {
	struct explain *explain;
	const char *id;
	struct record *record;
};

static enum status explain_find(struct store *store, void *data)
{
	struct explain_search *search = data;
	struct explain *explain = search->explain;
	const char *id = search->id;
	g_autoptr(record_auto) record = NULL;
	enum status status = store_find(store, id, &record);

	if (status == STATUS_NOINPUT)
		diag_error("%s: no message here has that Message-ID", id);
	if (status == STATUS_OK)
		status = store_get_lists(store, id, explain->lists);
	if (status == STATUS_OK)
		status = store_get_text(store, record->number, &explain->text);
	if (status == STATUS_OK)
		status = relate_find(store, record, &explain->relation);
	if (status == STATUS_OK)
		status = reclass_find(store, id, &explain->reclassed);
	status = status == STATUS_NOINPUT && explain->relation ? STATUS_OK : status;
	if (status == STATUS_OK)
		search->record = g_steal_pointer(&record);
	return status;
}

static enum status explain_stored(struct explain *explain, const char *message_id)
{
	g_autofree char *id = cmd_strip_brackets(message_id);
	struct explain_search search = {explain, id, NULL};
	enum status status = explain_load_home(explain);

	if (status == STATUS_OK)
		status = relate_update(explain->home);
	if (status != STATUS_OK)
		return status;
	explain->lists = g_ptr_array_new_with_free_func(g_free);
	status = store_read(explain->home, explain_find, &search);
	if (status == STATUS_OK)
		status = explain_print(explain, search.record);
	record_free(search.record);
	return status;
}

static enum status explain_read(struct raw *raw)
{
	char buffer[65536];
	ssize_t n;

	while ((n = io_read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
		raw_append(raw, buffer, (size_t)n);
	if (n < 0)
		return diag_errno(errno, STATUS_IO, "standard input");
	if (raw->length > 0)
		return STATUS_OK;
	diag_error("standard input: no message, it is empty");
	return STATUS_DATA;
}

static enum status explain_raw(struct explain *explain, struct raw *raw)
{
	uint8_t digest[HASH_BYTES];
	struct reading reading;
	struct reading_source source = {
		.raw_hash = digest, .now = diag_now(), .rules = explain->conf.rules};
	g_autofree char *keyring = NULL;
	enum status status;

	explain->rules = explain->conf.rules;
	if (explain->conf.keyring != NULL)
		keyring = conf_keyring_path(&explain->conf, explain->home);
	raw_finish(raw, digest);
	source.bytes = raw->bytes->str;
	source.length = raw->bytes->len;
	source.full_length = raw->length;
	reading_make(&source, &reading);
	explain->text = g_strdup(reading.text->str);
	status = attest_reading(&source, keyring, &reading);
	if (status == STATUS_OK)
		status = explain_print(explain, reading.record);
	reading_release(&reading);
	return status;
}

/* The home's rules and names count, but no home is needed. */
static enum status explain_input(struct explain *explain)
{
	struct stat st;
	struct raw raw;
	enum status status = STATUS_OK;

	if (lstat(explain->home, &st) == 0)
		status = explain_load_home(explain);
	if (status != STATUS_OK)
		return status;
	raw_init(&raw);
	status = explain_read(&raw);
	if (status == STATUS_OK)
		status = explain_raw(explain, &raw);
	raw_release(&raw);
	return status;
}

enum status cmd_explain(const char *home, int argc, char **argv)
{
	gboolean json = FALSE;
	const GOptionEntry options[] = {
		{"json", 0, 0, G_OPTION_ARG_NONE, &json, "As a JSON object", NULL}, {0}};
	const struct cmd_usage usage = {"[MESSAGE-ID] [<MESSAGE]",
		"Says what a recorded message, or the one on standard input, was taken "
		"for.",
		0, 1};
	g_auto(GStrv) words = NULL;
	struct explain explain = {.home = home};
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	if (status != STATUS_OK)
		return status;
	explain.json = json;
	if (words[0] != NULL)
		status = explain_stored(&explain, words[0]);
	else
		status = explain_input(&explain);
	explain_release(&explain);
	return status;
}

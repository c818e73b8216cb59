/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "digest/section.h"
#include "model/rules.h"
#include "store/home.h"
#include "store/store.h"

enum status cmd_parse(int argc, char **argv, const GOptionEntry *options,
	const struct cmd_usage *usage, GStrv *words_r)
{
	g_autoptr(GOptionContext) context = g_option_context_new(usage->usage);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = g_new0(char *, (gsize)argc + 1);
	g_autofree char *name = NULL;
	unsigned count;

	for (int i = 0; i < argc; i++)
		words[i] = g_strdup(argv[i]);
	/* What --help shows as the program's name. */
	name = g_strdup_printf("mldigest %s", argv[0]);
	g_set_prgname(name);
	g_option_context_set_summary(context, usage->summary);
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse_strv(context, &words, &error)) {
		diag_error("%s: %s", argv[0], error->message);
		return STATUS_USAGE;
	}
	/* A `--` that ended the options stays in the array. */
	count = g_strv_length(words) - 1;
	if (count > 0 && strcmp(words[1], "--") == 0) {
		g_free(words[1]);
		memmove(words + 1, words + 2, count * sizeof *words);
		count--;
	}
	if (count < usage->min || count > usage->max) {
		diag_error("usage: mldigest %s [OPTION...]%s%s", argv[0],
			*usage->usage ? " " : "", usage->usage);
		return STATUS_USAGE;
	}
	if (words_r != NULL)
		*words_r = g_strdupv(words + 1);
	return STATUS_OK;
}

enum status cmd_make_home(
	const char *home, const char *title, const char *list_id, bool *made_r)
{
	struct stat st;
	enum status status;

	if (made_r != NULL)
		*made_r = false;
	if (lstat(home, &st) == 0)
		return home_check(home);
	status = home_make(home);
	if (status == STATUS_OK)
		status = conf_create(home, title, list_id);
	if (status == STATUS_OK && made_r != NULL)
		*made_r = true;
	return status;
}

/* Whether all sections that CONF names are there; prints the first that is not. */
static bool cmd_check_sections(const char *home, const struct conf *conf)
{
	for (char **name = conf->sections; name != NULL && *name != NULL; name++)
		if (section_find(*name) == NULL) {
			diag_error("%s/config:%u: sections: %s is none, see "
				   "mldigest-digest(5)",
				home, conf->sections_line, *name);
			return false;
		}
	return true;
}

enum status cmd_load_conf(const char *home, struct conf *conf_r)
{
	const struct conf_rule *bad;
	struct conf conf;
	enum status status = conf_load(home, &conf);

	if (status != STATUS_OK)
		return status;
	if (!rules_check_classes(conf.rules, &bad)) {
		diag_error(
			"%s/config:%u: [rule %s]: class: %s is none, see mldigest-log(1)",
			home, bad->line, bad->name, bad->class);
		conf_release(&conf);
		return STATUS_CONFIG;
	}
	if (!cmd_check_sections(home, &conf)) {
		conf_release(&conf);
		return STATUS_CONFIG;
	}
	*conf_r = conf;
	return STATUS_OK;
}

enum status cmd_load_mailmap(const char *home, struct mailmap **mailmap_r)
{
	g_autoptr(GString) text = NULL;
	enum status status = home_read_mailmap(home, &text);

	if (status == STATUS_OK)
		*mailmap_r = text ? mailmap_parse(text->str, text->len) : NULL;
	return status;
}

bool cmd_parse_duration(const char *word, int64_t *seconds_r)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	size_t length = strlen(word), digits = strspn(word, "0123456789");

	if (digits == 0 || digits > 6 || length != digits + 1)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (word[digits] == units[i].unit) {
			*seconds_r = g_ascii_strtoll(word, NULL, 10) * units[i].seconds;
			return true;
		}
	return false;
}

bool cmd_parse_time(const char *word, int64_t now, int64_t *time_r)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autoptr(GDateTime) date = NULL;
	g_autofree char *padded = NULL;
	size_t length = strlen(word);
	int64_t seconds;

	if (cmd_parse_duration(word, &seconds)) {
		*time_r = now - seconds;
		return true;
	}
	padded = length == 10 ? g_strdup_printf("%sT00:00:00", word) : g_strdup(word);
	date = g_date_time_new_from_iso8601(padded, zone);
	if (date == NULL)
		return false;
	*time_r = g_date_time_to_unix(date);
	return true;
}

static enum status cmd_resolve(struct store *store, const char *id, uint64_t *number_r)
{
	enum status status = store_resolve_id(store, id, number_r);

	if (status == STATUS_NOINPUT)
		diag_error("%s: no message here has that id", id);
	return status;
}

/* A commit in full is shown as it was given: an archive has commits that are no messages
 * here. */
static void cmd_keep_given(const char *id, struct digest_window *window)
{
	size_t digits;

	if (text_from_hex(id, window->from, sizeof window->from, &digits) &&
		(digits == 40 || digits == 64))
		window->from_length = digits / 2;
}

static enum status cmd_find_range(
	struct store *store, const char *range, struct digest_window *window)
{
	const char *dots = strstr(range, "..");
	g_autofree char *from = dots ? g_strndup(range, (gsize)(dots - range)) : NULL;
	const char *to = dots ? dots + 2 : NULL;
	enum status status;

	if (dots == NULL || (*from == '\0' && *to == '\0') || strstr(to, "..") != NULL) {
		diag_error("%s: not a range A..B of ids", range);
		return STATUS_USAGE;
	}
	/* As git has it: an end that is left out is the first or the last there is. */
	status = *from ? cmd_resolve(store, from, &window->first) : STATUS_OK;
	cmd_keep_given(from, window);
	if (status == STATUS_OK && *to != '\0')
		status = cmd_resolve(store, to, &window->last);
	if (status == STATUS_OK && window->first > window->last) {
		diag_error("%s: its end came before its start", range);
		return STATUS_USAGE;
	}
	return status;
}

struct cmd_window {
	const char *range; /* or NULL */
	struct digest_window window;
};

static enum status cmd_fill_window(struct store *store, void *data)
{
	struct cmd_window *work = data;
	struct digest_window *window = &work->window;
	enum status status = store_head(store, &window->last);

	if (status != STATUS_OK)
		return status;
	if (work->range != NULL)
		return cmd_find_range(store, work->range, window);
	if (window->since != INT64_MIN) {
		status = store_first_since(store, window->since, &window->first);
		window->first -= window->first > 0;
		return status;
	}
	window->unsent = true;
	return store_get_mark(store, &window->first);
}

enum status cmd_find_window(const char *home, const char *range, const char *since,
	struct digest_window *window_r)
{
	struct cmd_window work = {range, {.since = INT64_MIN}};
	enum status status;

	if (range != NULL && since != NULL) {
		diag_error("--range and --since do not go together");
		return STATUS_USAGE;
	}
	if (since != NULL && !cmd_parse_time(since, diag_now(), &work.window.since)) {
		diag_error(
			"%s: not a time: YYYY-MM-DD, ISO 8601, or a count of m, h, d, w",
			since);
		return STATUS_USAGE;
	}
	status = home_check(home);
	if (status == STATUS_OK)
		status = store_read(home, cmd_fill_window, &work);
	if (status == STATUS_OK)
		*window_r = work.window;
	return status;
}

char *cmd_strip_brackets(const char *word)
{
	size_t length = strlen(word);

	if (length > 2 && word[0] == '<' && word[length - 1] == '>')
		return g_strndup(word + 1, length - 2);
	return g_strdup(word);
}

char *cmd_trim_path(const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return g_strndup(path, length);
}

enum status cmd_print(const char *text, size_t length)
{
	if (!io_write_all(STDOUT_FILENO, text, length))
		return diag_errno(errno, STATUS_IO, "standard output");
	return STATUS_OK;
}

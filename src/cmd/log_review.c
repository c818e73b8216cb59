/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/log_review.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "digest/json.h"
#include "store/reclass.h"
#include "store/review.h"
#include "store/store.h"

enum {
	/* Of messages whose references are looked for where no range is given. */
	LOG_MISSING_MESSAGES = 20000,
	LOG_AUTHOR_COLUMNS = 20,
};

/* What the lines of a list are made of: an entry each. */
struct log_table {
	char *(*line)(const void *entry);
	char *(*json)(const void *entry, const char *archive);
};

/* NAME, or ADDRESS without one, in so many columns. */
static char *log_column(const char *name, const char *address)
{
	const char *word = *name ? name : address;
	glong length = g_utf8_strlen(word, -1);
	g_autofree char *cut = g_utf8_substring(word, 0, MIN(length, LOG_AUTHOR_COLUMNS));

	return g_strdup_printf("%s%*s", cut,
		(int)(LOG_AUTHOR_COLUMNS - MIN(length, LOG_AUTHOR_COLUMNS)), "");
}

static char *log_day(int64_t time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time);

	return date ? g_date_time_format(date, "%Y-%m-%d") : g_strdup("----------");
}

static char *log_waiting_line(const void *entry)
{
	const struct review_series *series = entry;
	g_autofree char *author = log_column(series->author_name, series->author_address);
	g_autofree char *version = g_strdup_printf(
		"%sv%u", series->rfc ? "RFC " : "", series->revision);
	g_autofree char *seen = g_strdup_printf("%u/%u", series->seen, series->total);
	g_autofree char *size = g_strdup_printf("+%" G_GUINT64_FORMAT
						" -%" G_GUINT64_FORMAT,
		(guint64)series->added, (guint64)series->deleted);

	return g_strdup_printf("%3ud %-6s %5s %12s %s %s\n", series->days, version, seen,
		size, author, series->title);
}

static char *log_missing_line(const void *entry)
{
	const struct review_missing *missing = entry;
	g_autofree char *author = log_column(
		missing->author_name, missing->author_address);
	g_autofree char *day = log_day(missing->arrival);

	if (missing->message_id == NULL)
		return g_strdup_printf("%s %4u %s [%s of %u missing] %s <%s>\n", day,
			missing->count, author, missing->places, missing->total,
			missing->title, missing->series);
	return g_strdup_printf("%s %4u %s <%s>%s named by <%s> %s\n", day, missing->count,
		author, missing->message_id, missing->cover ? " [cover letter]" : "",
		missing->referrer, missing->title);
}

static char *log_reclassed_line(const void *entry)
{
	const struct reclass *reclass = entry;
	g_autofree char *day = log_day(reclass->time);

	return g_strdup_printf("%s %s was %s, by %s: <%s>%s%s\n", day,
		record_class_name(reclass->class), record_class_name(reclass->was),
		reclass->who, reclass->message_id, *reclass->why ? " " : "",
		reclass->why);
}

static char *log_waiting_json(const void *entry, const char *archive)
{
	return json_from_waiting(entry, archive);
}

static char *log_missing_json(const void *entry, const char *archive)
{
	return json_from_missing(entry, archive);
}

static char *log_reclassed_json(const void *entry, const char *archive)
{
	return json_from_reclass(entry, archive);
}

static void log_free_reclass(void *reclass)
{
	reclass_free(reclass);
}

static enum status log_list_reclassed(struct store *store, void *list)
{
	return reclass_list(store, list);
}

static enum status log_find_reclassed(const char *home, GPtrArray **list_r)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(log_free_reclass);
	enum status status = store_read(home, log_list_reclassed, list);

	if (status == STATUS_OK)
		*list_r = g_steal_pointer(&list);
	return status;
}

static enum status log_find_missing(
	const char *home, const struct log_request *request, GPtrArray **list_r)
{
	const struct digest_window *window = request->window;
	struct review_range range = {window->first, window->last,
		request->count < 0 ? G_MAXUINT : (unsigned)request->count};

	if (window->first == 0 && window->last > LOG_MISSING_MESSAGES)
		range.first = window->last - LOG_MISSING_MESSAGES;
	return review_list_missing(home, &range, list_r);
}

static enum status log_find_list(
	const char *home, const struct log_request *request, GPtrArray **list_r)
{
	switch (request->list) {
	case LOG_WAITING:
		return review_list_waiting(home, diag_now(), list_r);
	case LOG_MISSING:
		return log_find_missing(home, request, list_r);
	case LOG_RECLASSED:
	case LOG_MESSAGES:
		break;
	}
	return log_find_reclassed(home, list_r);
}

enum status log_print_list(const char *home, const struct log_request *request)
{
	static const struct log_table tables[] = {
		[LOG_WAITING] = {log_waiting_line, log_waiting_json},
		[LOG_MISSING] = {log_missing_line, log_missing_json},
		[LOG_RECLASSED] = {log_reclassed_line, log_reclassed_json},
	};
	const struct log_table *table = &tables[request->list];
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GString) page = g_string_new(NULL);
	struct conf conf;
	enum status status = cmd_load_conf(home, &conf);

	if (status != STATUS_OK)
		return status;
	status = log_find_list(home, request, &list);
	for (guint i = 0; status == STATUS_OK && i < list->len &&
			  (request->count < 0 || i < (guint)request->count);
		i++) {
		g_autofree char *line = request->json ? table->json(list->pdata[i],
								conf.archive)
						      : table->line(list->pdata[i]);

		g_string_append(page, line);
		if (request->json)
			g_string_append_c(page, '\n');
	}
	conf_release(&conf);
	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "digest/text.h"
#include "mail/files.h"
#include "mail/message.h"
#include "post/stubs.h"
#include "store/home.h"
#include "store/outbox.h"
#include "store/store.h"

enum digest_format {
	DIGEST_TEXT, /* the page */
	DIGEST_MAIL, /* the mail of an issue, as it was sealed */
	DIGEST_MIME, /* the same with the messages in it */
};

/* What the command line asks for. */
struct digest_order {
	const char *home;
	struct conf conf;
	char *range, *since;
	uint64_t issue; /* 0: none, but a window */
	enum digest_format format;
};

static enum status digest_take_issue(const char *word, uint64_t *issue_r)
{
	guint64 number;

	if (word == NULL)
		return STATUS_OK;
	if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &number, NULL)) {
		diag_error("--issue %s: not the number of an issue", word);
		return STATUS_USAGE;
	}
	*issue_r = number;
	return STATUS_OK;
}

static enum status digest_take_format(const char *word, enum digest_format *format_r)
{
	static const char *const names[] = {"text", "mail", "mime"};

	for (unsigned i = 0; word != NULL && i < G_N_ELEMENTS(names); i++)
		if (strcmp(word, names[i]) == 0) {
			*format_r = (enum digest_format)i;
			return STATUS_OK;
		}
	if (word == NULL)
		return STATUS_OK;
	diag_error("--format %s: neither text, mail nor mime", word);
	return STATUS_USAGE;
}

static enum status digest_check_order(const struct digest_order *order)
{
	if (order->issue > 0 && (order->range != NULL || order->since != NULL)) {
		diag_error("--issue does not go with --range or --since");
		return STATUS_USAGE;
	}
	if (order->issue == 0 && order->format != DIGEST_TEXT) {
		diag_error("--format: only what was sent, an --issue, is a mail");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status digest_collect_window(const struct digest_order *order,
	const struct digest_window *window, struct digest **digest_r)
{
	struct mailmap *mailmap = NULL;
	enum status status = cmd_load_mailmap(order->home, &mailmap);

	if (status == STATUS_OK)
		status = digest_collect(order->home, window, mailmap, digest_r);
	mailmap_free(mailmap);
	return status;
}

static enum status digest_print_window(const struct digest_order *order)
{
	struct digest_window window;
	struct digest *digest = NULL;
	enum status status = cmd_find_window(
		order->home, order->range, order->since, &window);

	if (status == STATUS_OK)
		status = digest_collect_window(order, &window, &digest);
	if (status == STATUS_OK) {
		g_autoptr(GString) page = digest_render_text(
			digest, order->conf.title, order->conf.top);

		status = cmd_print(page->str, page->len);
	}
	digest_free(digest);
	return status;
}

/* The mail with the messages as some subscriber got it; where nobody did, the one without, and
 * *SEALED_R is false. */
static enum status digest_get_issue(struct store *store, const struct digest_order *order,
	struct outbox_issue *issue_r, bool *sealed_r)
{
	enum status status = STATUS_NOINPUT;

	if (order->format == DIGEST_MIME)
		status = outbox_get_format(store, order->issue, SUBSCRIBER_MIME, issue_r);
	*sealed_r = status == STATUS_OK;
	return status == STATUS_NOINPUT ? outbox_get(store, order->issue, issue_r)
					: status;
}

static enum status digest_load_issue(
	const struct digest_order *order, struct outbox_issue *issue_r, bool *sealed_r)
{
	struct store *store;
	enum status closed, status = store_open(order->home, STORE_DELIVERY, &store);

	if (status != STATUS_OK)
		return status;
	status = digest_get_issue(store, order, issue_r, sealed_r);
	if (status == STATUS_NOINPUT)
		diag_error("%s: there is no issue %" G_GUINT64_FORMAT, order->home,
			(guint64)order->issue);
	closed = store_close(store, false);
	return status != STATUS_OK ? status : closed;
}

/* The page out of the mail, since no later program need make the same one. */
static enum status digest_print_page(
	const struct digest_order *order, const struct outbox_issue *issue)
{
	g_autofree char *name = g_strdup_printf(
		"digest-%" G_GUINT64_FORMAT ".txt", (guint64)issue->number);
	g_autoptr(GPtrArray) parts = files_read(issue->mail->str, issue->mail->len);
	const struct files_part *page = files_find(parts, name);

	if (page != NULL)
		return cmd_print((const char *)page->bytes->data, page->bytes->len);
	diag_error("%s: the mail of issue %" G_GUINT64_FORMAT " has no %s", order->home,
		(guint64)issue->number, name);
	return STATUS_DATA;
}

/* The messages are put to the sealed mail again, from what is recorded of them. */
static enum status digest_print_mime(
	const struct digest_order *order, const struct outbox_issue *issue)
{
	const struct digest_window window = {.first = issue->first,
		.last = issue->last,
		.since = INT64_MIN,
		.unsent = true};
	struct digest *digest = NULL;
	enum status status = digest_collect_window(order, &window, &digest);

	if (status == STATUS_OK) {
		g_autoptr(GString) mail = NULL;

		digest->archive = order->conf.archive;
		mail = compose_add_stubs(issue->mail, digest);
		status = cmd_print(mail->str, mail->len);
	}
	digest_free(digest);
	return status;
}

static enum status digest_print_issue(const struct digest_order *order)
{
	struct outbox_issue issue = {0};
	bool sealed = false;
	enum status status = digest_load_issue(order, &issue, &sealed);

	message_init_library();
	if (status != STATUS_OK)
		return status;
	switch (order->format) {
	case DIGEST_TEXT:
		status = digest_print_page(order, &issue);
		break;
	case DIGEST_MAIL:
		status = cmd_print(issue.mail->str, issue.mail->len);
		break;
	case DIGEST_MIME:
		status = sealed ? cmd_print(issue.mail->str, issue.mail->len)
				: digest_print_mime(order, &issue);
		break;
	}
	outbox_issue_release(&issue);
	return status;
}

enum status cmd_digest(const char *home, int argc, char **argv)
{
	g_autofree char *range = NULL;
	g_autofree char *since = NULL;
	g_autofree char *issue = NULL;
	g_autofree char *format = NULL;
	const GOptionEntry options[] = {{"range", 0, 0, G_OPTION_ARG_STRING, &range,
						"What came behind A, up to B", "A..B"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &since, "What came since T", "T"},
		{"issue", 0, 0, G_OPTION_ARG_STRING, &issue, "What issue N was", "N"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &format,
			"text, or of an issue its mail, or mime: "
			"the mail with its messages",
			"F"},
		{0}};
	const struct cmd_usage usage = {
		"", "Prints a digest; without options, what flush would send.", 0, 0};
	struct digest_order order = {.home = home};
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	order.range = range;
	order.since = since;
	if (status == STATUS_OK)
		status = digest_take_issue(issue, &order.issue);
	if (status == STATUS_OK)
		status = digest_take_format(format, &order.format);
	if (status == STATUS_OK)
		status = digest_check_order(&order);
	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &order.conf);
	if (status != STATUS_OK)
		return status;
	status = order.issue > 0 ? digest_print_issue(&order)
				 : digest_print_window(&order);
	conf_release(&order.conf);
	return status;
}

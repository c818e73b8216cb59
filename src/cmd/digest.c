/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "cmd/roster.h"
#include "digest/json_digest.h"
#include "digest/selection.h"
#include "digest/text.h"
#include "mail/files.h"
#include "mail/message.h"
#include "post/stubs.h"
#include "store/home.h"
#include "store/outbox.h"
#include "store/store.h"

enum digest_format {
	DIGEST_TEXT, /* the page */
	DIGEST_JSON, /* what it is made of */
	DIGEST_MAIL, /* the mail of an issue, as it was sealed */
	DIGEST_MIME, /* the same with the messages in it */
};

/* What the command line asks for. */
struct digest_order {
	const char *home;
	struct conf conf;
	char *range, *since;
	char *person;   /* a subscriber, in whose place it is read */
	uint64_t issue; /* 0: none, but a window */
	bool anew;      /* not as it was sent, but made of the same messages */
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
	static const char *const names[] = {"text", "json", "mail", "mime"};

	for (unsigned i = 0; word != NULL && i < G_N_ELEMENTS(names); i++)
		if (strcmp(word, names[i]) == 0) {
			*format_r = (enum digest_format)i;
			return STATUS_OK;
		}
	if (word == NULL)
		return STATUS_OK;
	diag_error("--format %s: none of text, json, mail, mime", word);
	return STATUS_USAGE;
}

/* What the options say, before it is understood. */
struct digest_words {
	char *issue, *format, *layout, *max_bytes, *person;
};

static void digest_words_release(struct digest_words *words)
{
	g_free(words->issue);
	g_free(words->format);
	g_free(words->layout);
	g_free(words->max_bytes);
	g_free(words->person);
}

static enum status digest_check_order(const struct digest_order *order)
{
	if (order->issue > 0 && (order->range != NULL || order->since != NULL)) {
		diag_error("--issue does not go with --range or --since");
		return STATUS_USAGE;
	}
	if (order->issue > 0 && order->format == DIGEST_JSON && !order->anew) {
		diag_error("--format json: of an issue only the page and the mail are "
			   "kept; with --layout it is made anew");
		return STATUS_USAGE;
	}
	if (order->issue > 0 && order->format > DIGEST_JSON && order->anew) {
		diag_error("--format: what --layout and --max-bytes make anew is no mail "
			   "that was sent");
		return STATUS_USAGE;
	}
	if (order->issue == 0 && order->format > DIGEST_JSON) {
		diag_error("--format: only what was sent, an --issue, is a mail");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

struct digest_person {
	const char *address;
	struct subscriber subscriber;
};

static enum status digest_get_person(struct store *store, void *data)
{
	struct digest_person *person = data;
	enum status status = subscriber_get(store, person->address, &person->subscriber);

	if (status == STATUS_NOINPUT)
		diag_error("--for %s: is no subscriber", person->address);
	return status;
}

/* What the order's subscriber would get of WINDOW; nothing is set for the whole of it. */
static enum status digest_select(const struct digest_order *order,
	const struct mailmap *mailmap, struct selection *selection,
	struct digest_window *window)
{
	struct digest_person person = {.address = order->person};
	g_autofree char *why = NULL;
	enum status status;

	if (order->person == NULL)
		return STATUS_OK;
	status = store_read(order->home, digest_get_person, &person);
	if (status == STATUS_OK && !choice_is_whole(&person.subscriber.choice)) {
		status = selection_make(&person.subscriber.choice, order->person, mailmap,
			selection, &why);
		if (status == STATUS_OK) {
			selection->issue = order->issue;
			window->selection = selection;
		} else {
			diag_error("--for %s: %s", order->person, why);
		}
	}
	subscriber_release(&person.subscriber);
	return status;
}

static enum status digest_make_page(
	const struct digest_order *order, struct digest_window *window)
{
	struct digest_style style;
	struct digest *digest = NULL;
	struct mailmap *mailmap = NULL;
	struct selection selection;
	enum status status = cmd_load_mailmap(order->home, &mailmap);

	style = digest_style_of(&order->conf, mailmap);
	if (status == STATUS_OK)
		status = digest_select(order, mailmap, &selection, window);
	if (status == STATUS_OK)
		status = digest_collect(order->home, window, mailmap, &digest);
	if (status == STATUS_OK)
		status = digest_complete(order->home, window, &style, digest);
	if (status == STATUS_OK) {
		g_autoptr(GString) page = order->format == DIGEST_JSON
						  ? json_from_digest(digest, &style)
						  : digest_render(digest, &style);

		status = cmd_print(page->str, page->len);
	}
	digest_free(digest);
	if (window->selection != NULL)
		selection_release(&selection);
	window->selection = NULL;
	mailmap_free(mailmap);
	return status;
}

static enum status digest_print_window(const struct digest_order *order)
{
	struct digest_window window;
	enum status status = cmd_find_window(
		order->home, order->range, order->since, &window);

	return status == STATUS_OK ? digest_make_page(order, &window) : status;
}

/* The mail with the messages as some subscriber got it; where nobody did, the one without, and
 * "sealed" is false. */
struct digest_sealed {
	const struct digest_order *order;
	struct outbox_issue issue;
	bool sealed;
	char *page; /* the order's subscriber's; NULL or "": the one all get */
};

/* Which page of the issue the order's subscriber got, or is to get. */
static enum status digest_find_page(struct store *store, struct digest_sealed *found)
{
	const struct digest_order *order = found->order;
	struct outbox_sent sent = {0};
	struct outbox_entry *owed = NULL;
	enum status status = outbox_get_sent(store, order->issue, order->person, &sent);

	if (status == STATUS_OK && sent.settled) {
		diag_error("%s: issue %" G_GUINT64_FORMAT " had nothing for %s",
			order->home, (guint64)order->issue, order->person);
		status = STATUS_NOINPUT;
	} else if (status == STATUS_OK) {
		found->page = g_strdup(sent.page);
	} else if (status == STATUS_NOINPUT) {
		status = outbox_get_owed(store, order->issue, order->person, &owed);
		if (status == STATUS_OK)
			found->page = g_strdup(owed->page);
		else if (status == STATUS_NOINPUT)
			diag_error("%s: issue %" G_GUINT64_FORMAT " did not go to %s",
				order->home, (guint64)order->issue, order->person);
	}
	outbox_sent_release(&sent);
	outbox_free_entry(owed);
	return status;
}

/* Their page, in the format that was made. */
static enum status digest_get_page(struct store *store, struct digest_sealed *found)
{
	const struct digest_order *order = found->order;
	struct outbox_page page = {.number = order->issue,
		.name = found->page,
		.format = order->format == DIGEST_MIME ? SUBSCRIBER_MIME
						       : SUBSCRIBER_TEXT};
	enum status status = outbox_get_page(store, &page, &found->issue);

	found->sealed = true;
	if (status == STATUS_NOINPUT && order->format != DIGEST_MIME) {
		/* The text is in both. */
		page.format = SUBSCRIBER_MIME;
		status = outbox_get_page(store, &page, &found->issue);
	}
	if (status == STATUS_NOINPUT)
		diag_error("%s: the page of %s in issue %" G_GUINT64_FORMAT
			   " was not made in this form",
			order->home, order->person, (guint64)order->issue);
	return status;
}

static enum status digest_get_issue(struct store *store, void *data)
{
	struct digest_sealed *found = data;
	const struct digest_order *order = found->order;
	enum status status = order->person != NULL ? digest_find_page(store, found)
						   : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	if (found->page != NULL && *found->page != '\0')
		return digest_get_page(store, found);
	status = STATUS_NOINPUT;
	if (order->format == DIGEST_MIME)
		status = outbox_get_format(
			store, order->issue, SUBSCRIBER_MIME, &found->issue);
	found->sealed = status == STATUS_OK;
	if (status == STATUS_NOINPUT)
		status = outbox_get(store, order->issue, &found->issue);
	if (status == STATUS_NOINPUT)
		diag_error("%s: there is no issue %" G_GUINT64_FORMAT, order->home,
			(guint64)order->issue);
	return status;
}

/* The page out of the mail, since no later program need make the same one. */
static enum status digest_print_page(
	const struct digest_order *order, const struct digest_sealed *found)
{
	const struct outbox_issue *issue = &found->issue;
	bool personal = found->page != NULL && *found->page != '\0';
	g_autofree char *name = g_strdup_printf("%s-%" G_GUINT64_FORMAT ".txt",
		personal ? "personal" : "digest", (guint64)issue->number);
	g_autoptr(GPtrArray) parts = files_read(issue->mail->str, issue->mail->len);
	const struct files_part *page = files_find(parts, name);

	if (page != NULL)
		return cmd_print((const char *)page->bytes->data, page->bytes->len);
	diag_error("%s: the mail of issue %" G_GUINT64_FORMAT " has no %s", order->home,
		(guint64)issue->number, name);
	return STATUS_DATA;
}

static struct digest_window digest_window_of(const struct outbox_issue *issue)
{
	return (struct digest_window){.first = issue->first,
		.last = issue->last,
		.since = INT64_MIN,
		.unsent = true,
		.past = true};
}

/* The messages are put to the sealed mail again, from what is recorded of them. */
static enum status digest_print_mime(
	const struct digest_order *order, const struct outbox_issue *issue)
{
	const struct digest_window window = digest_window_of(issue);
	struct digest *digest = NULL;
	struct mailmap *mailmap = NULL;
	enum status status = cmd_load_mailmap(order->home, &mailmap);

	if (status == STATUS_OK)
		status = digest_collect(order->home, &window, mailmap, &digest);
	if (status == STATUS_OK) {
		g_autoptr(GString) mail = NULL;

		digest->archive = order->conf.archive;
		mail = compose_add_stubs(issue->mail, digest);
		status = cmd_print(mail->str, mail->len);
	}
	digest_free(digest);
	mailmap_free(mailmap);
	return status;
}

static enum status digest_print_issue(const struct digest_order *order)
{
	struct digest_sealed found = {.order = order};
	const struct outbox_issue *issue = &found.issue;
	struct digest_window window;
	enum status status = store_read(order->home, digest_get_issue, &found);

	message_init_library();
	if (status != STATUS_OK) {
		g_free(found.page);
		return status;
	}
	if (order->anew) {
		window = digest_window_of(issue);
		status = digest_make_page(order, &window);
		outbox_issue_release(&found.issue);
		g_free(found.page);
		return status;
	}
	switch (order->format) {
	case DIGEST_TEXT:
	case DIGEST_JSON: /* was refused */
		status = digest_print_page(order, &found);
		break;
	case DIGEST_MAIL:
		status = cmd_print(issue->mail->str, issue->mail->len);
		break;
	case DIGEST_MIME:
		status = found.sealed ? cmd_print(issue->mail->str, issue->mail->len)
				      : digest_print_mime(order, issue);
		break;
	}
	outbox_issue_release(&found.issue);
	g_free(found.page);
	return status;
}

static enum status digest_take_words(
	const struct digest_words *words, struct digest_order *order)
{
	enum status status = digest_take_issue(words->issue, &order->issue);

	order->anew = words->layout != NULL || words->max_bytes != NULL;
	if (status == STATUS_OK)
		status = digest_take_format(words->format, &order->format);
	if (status == STATUS_OK && words->person != NULL) {
		order->person = subscriber_normalize(words->person);
		if (order->person == NULL) {
			diag_error("--for %s: " ROSTER_BAD_ADDRESS, words->person);
			status = STATUS_USAGE;
		}
	}
	return status == STATUS_OK ? digest_check_order(order) : status;
}

/* What the command line says of the layout goes before the config. */
static enum status digest_set_look(
	const char *layout, const char *max_bytes, struct conf *conf)
{
	/* Only that layout has a length. */
	if (layout == NULL && max_bytes != NULL)
		layout = "full";
	if (layout != NULL && !conf_layout_is_known(layout)) {
		diag_error("--layout %s: neither classic nor full", layout);
		return STATUS_USAGE;
	}
	if (max_bytes != NULL && !conf_parse_max_bytes(max_bytes, &conf->max_bytes)) {
		diag_error("--max-bytes %s: neither a number from 10000 to 100000000 nor "
			   "0",
			max_bytes);
		return STATUS_USAGE;
	}
	if (layout != NULL) {
		g_free(conf->layout);
		conf->layout = g_strdup(layout);
	}
	return STATUS_OK;
}

enum status cmd_digest(const char *home, int argc, char **argv)
{
	struct digest_order order = {.home = home};
	struct digest_words words = {0};
	const GOptionEntry options[] = {{"range", 0, 0, G_OPTION_ARG_STRING, &order.range,
						"What came behind A, up to B", "A..B"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &order.since, "What came since T",
			"T"},
		{"issue", 0, 0, G_OPTION_ARG_STRING, &words.issue, "What issue N was",
			"N"},
		{"for", 0, 0, G_OPTION_ARG_STRING, &words.person,
			"What a subscriber gets of it", "ADDRESS"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &words.format,
			"text or json, or of an issue its mail, or mime: the mail with "
			"its "
			"messages",
			"F"},
		{"layout", 0, 0, G_OPTION_ARG_STRING, &words.layout, "classic or full",
			"LAYOUT"},
		{"max-bytes", 0, 0, G_OPTION_ARG_STRING, &words.max_bytes,
			"How long layout full may be; 0: as it is", "N"},
		{0}};
	const struct cmd_usage usage = {
		"", "Prints a digest; without options, what flush would send.", 0, 0};
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status == STATUS_OK)
		status = digest_take_words(&words, &order);
	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &order.conf);
	if (status == STATUS_OK) {
		status = digest_set_look(words.layout, words.max_bytes, &order.conf);
		if (status == STATUS_OK)
			status = order.issue > 0 ? digest_print_issue(&order)
						 : digest_print_window(&order);
		conf_release(&order.conf);
	}
	g_free(order.range);
	g_free(order.since);
	g_free(order.person);
	digest_words_release(&words);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/flush.h"
#include "digest/style.h"
#include "digest/text.h"
#include "mail/message.h"
#include "store/home.h"
#include "store/journal.h"
#include "store/outbox.h"

enum { FLUSH_SHOW_COUNT = 500 };

/* One flush a home at a time: two would send the same issue twice.  HOME/lock will not
 * do, it is let go while sendmail runs; a lock on the directory itself needs no file. */
static enum status flush_lock(const char *home, int *fd_r)
{
	int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return diag_errno(errno, STATUS_NOINPUT, "%s", home);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		diag_error("%s: another flush is running", home);
		return STATUS_TEMPFAIL;
	}
	*fd_r = fd;
	return STATUS_OK;
}

bool flush_has_subscribers(const struct flush *flush)
{
	return flush->people.all > 0;
}

uint64_t flush_count_active(const struct flush *flush)
{
	uint64_t count = 0;

	if (!flush_has_subscribers(flush))
		return g_strv_length(flush->conf.to);
	for (int i = 0; i < SUBSCRIBER_FORMATS; i++)
		count += flush->people.active[i];
	return count;
}

static enum status flush_count_people(struct store *store, void *data)
{
	struct flush *flush = data;

	return subscriber_count(store, &flush->people);
}

/* To whom it would go: addresses of the config, or how many subscribers. */
static char *flush_describe_people(const struct flush *flush)
{
	const uint64_t *active = flush->people.active;
	g_autofree char *counts = NULL;

	if (!flush_has_subscribers(flush))
		return g_strjoinv(", ", flush->conf.to);
	counts = g_strdup_printf("%lu subscribers as %s, %lu as %s",
		(unsigned long)active[SUBSCRIBER_TEXT],
		subscriber_format_name(SUBSCRIBER_TEXT),
		(unsigned long)active[SUBSCRIBER_MIME],
		subscriber_format_name(SUBSCRIBER_MIME));
	return flush->people.paged == 0
		       ? g_steal_pointer(&counts)
		       : g_strdup_printf("%s; %lu of them a page of their own", counts,
				 (unsigned long)flush->people.paged);
}

static enum status flush_show(struct flush *flush, const GString *page)
{
	g_autofree char *to = flush_describe_people(flush);
	g_autofree char *head = g_strdup_printf("To: %s\n\n", to);
	enum status status = cmd_print(head, strlen(head));

	return status == STATUS_OK ? cmd_print(page->str, page->len) : status;
}

/* What --dry-run says of the deliveries of earlier flushes. */
struct flush_owed {
	struct outbox_place place;
	GString *page;
	bool more;
};

static enum status flush_list_owed(struct store *store, void *data)
{
	struct flush_owed *owed = data;
	g_autoptr(GPtrArray) entries = NULL;
	enum status status = outbox_next(store, &owed->place, FLUSH_SHOW_COUNT, &entries);

	if (status != STATUS_OK)
		return status;
	for (guint i = 0; i < entries->len; i++) {
		const struct outbox_entry *entry = entries->pdata[i];

		g_string_append_printf(owed->page,
			"Issue %lu is still to be sent to %s\n",
			(unsigned long)entry->issue, entry->recipient);
	}
	owed->more = entries->len > 0;
	return STATUS_OK;
}

/* What an earlier flush could not deliver goes first. */
static enum status flush_show_owed(struct flush *flush)
{
	g_autoptr(GString) page = g_string_new(NULL);
	struct flush_owed owed = {.page = page};
	enum status status;

	do {
		status = store_read(flush->home, flush_list_owed, &owed);
		if (status == STATUS_OK)
			status = cmd_print(page->str, page->len);
		g_string_truncate(page, 0);
	} while (status == STATUS_OK && owed.more);
	outbox_place_release(&owed.place);
	return status;
}

/* Whether COUNT new messages, of which the OLDEST came then, are worth an issue: each of the two
 * options is a reason for one. */
static bool flush_is_due(const struct flush *flush, unsigned count, int64_t oldest)
{
	if (count == 0)
		return false;
	if (flush->min_messages < 0 && flush->max_age < 0)
		return true;
	return (flush->min_messages >= 0 && count >= flush->min_messages) ||
	       (flush->max_age >= 0 && diag_now() - oldest >= flush->max_age);
}

static enum status flush_show_wait(unsigned count, int64_t oldest)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(oldest);
	g_autofree char *text = date ? g_date_time_format(date, "%Y-%m-%d %H:%M UTC")
				     : g_strdup("?");
	g_autofree char *line = g_strdup_printf(
		"Not yet: %u new, the first of them came at %s\n", count, text);

	return cmd_print(line, strlen(line));
}

static enum status flush_use_digest(
	struct flush *flush, struct digest *digest, const struct digest_style *style)
{
	int64_t oldest;
	unsigned count = digest_count_shown(
		digest, digest_style_has_others(style), &oldest);
	GString *page;
	enum status status;

	if (!flush_is_due(flush, count, oldest))
		return flush->dry_run && count > 0 ? flush_show_wait(count, oldest)
						   : STATUS_OK;
	status = digest_complete(flush->home, &flush->window, style, digest);
	if (status != STATUS_OK)
		return status;
	page = digest_render(digest, style);
	status = flush->dry_run ? flush_show(flush, page)
				: flush_make_issue(flush, digest, page);
	g_string_free(page, TRUE);
	return status;
}

/* The new issue, if there is anything for one, and anybody. */
static enum status flush_make(struct flush *flush)
{
	struct mailmap *mailmap = NULL;
	struct digest *digest = NULL;
	struct digest_style style;
	enum status status = store_read(flush->home, flush_count_people, flush);

	if (status != STATUS_OK || flush_count_active(flush) == 0)
		return status;
	status = cmd_load_mailmap(flush->home, &mailmap);
	style = digest_style_of(&flush->conf, mailmap);
	flush->style = &style;
	flush->mailmap = mailmap;
	if (status == STATUS_OK)
		status = cmd_find_window(flush->home, NULL, NULL, &flush->window);
	if (status == STATUS_OK)
		status = digest_collect(flush->home, &flush->window, mailmap, &digest);
	if (status == STATUS_OK) {
		digest->archive = flush->conf.archive;
		status = flush_use_digest(flush, digest, &style);
	}
	digest_free(digest);
	mailmap_free(mailmap);
	return status;
}

/* Who would get a new issue, one session at a time. */
struct flush_walk {
	const struct flush *flush;
	char *after;
	bool free; /* somebody is owed nothing */
	bool more;
};

static enum status flush_look_for_free(struct store *store, void *data)
{
	struct flush_walk *walk = data;
	int64_t deadline = io_milliseconds() + LIMIT_BATCH_MS;
	bool owed = true;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && !walk->free && io_milliseconds() < deadline) {
		struct subscriber subscriber;

		status = subscriber_next(store, walk->after, &subscriber);
		if (status != STATUS_OK)
			break;
		if (!subscriber.paused)
			status = outbox_is_owed(store, subscriber.address, &owed);
		walk->free = !subscriber.paused && !owed;
		g_free(walk->after);
		walk->after = g_steal_pointer(&subscriber.address);
		subscriber_release(&subscriber);
	}
	walk->more = status == STATUS_OK && !walk->free;
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status flush_look_at_config(struct store *store, void *data)
{
	struct flush_walk *walk = data;
	enum status status = STATUS_OK;
	bool owed = true;

	for (char *const *to = walk->flush->conf.to;
		status == STATUS_OK && owed && *to != NULL; to++)
		status = outbox_is_owed(store, *to, &owed);
	walk->free = !owed;
	return status;
}

/* Whether sendmail has failed for everybody.  For some only, an address of theirs may be dead for
 * good, and the others get their digests. */
static enum status flush_is_stuck(struct flush *flush, bool *stuck_r)
{
	struct flush_walk walk = {.flush = flush, .after = g_strdup("")};
	enum status status = STATUS_OK;

	*stuck_r = false;
	if (flush->failed > 0 && flush->sent == 0) {
		status = store_read(flush->home, flush_count_people, flush);
		do {
			if (status == STATUS_OK)
				status = store_read(flush->home,
					flush_has_subscribers(flush)
						? flush_look_for_free
						: flush_look_at_config,
					&walk);
		} while (status == STATUS_OK && walk.more);
		*stuck_r = !walk.free;
	}
	g_free(walk.after);
	return status;
}

static enum status flush_run(struct flush *flush)
{
	bool stuck;
	enum status status;

	if (flush->dry_run) {
		status = flush_show_owed(flush);
		return status == STATUS_OK && !flush->retry ? flush_make(flush) : status;
	}
	status = flush_send(flush, 0);
	if (status == STATUS_OK && !flush->retry && !flush->stopped) {
		/* With sendmail itself broken, one more issue would only add to what waits. */
		status = flush_is_stuck(flush, &stuck);
		if (status == STATUS_OK && !stuck)
			status = flush_make(flush);
		if (status == STATUS_OK && flush->made > 0)
			status = flush_send(flush, flush->made);
	}
	if (status == STATUS_OK && (flush->failed > 0 || flush->stopped))
		status = STATUS_TEMPFAIL;
	return status;
}

static enum status flush_begin(struct flush *flush)
{
	int lock = -1;
	enum status status = flush_lock(flush->home, &lock);

	if (status != STATUS_OK)
		return status;
	message_init_library();
	status = journal_replay(flush->home);
	if (status == STATUS_OK)
		status = cmd_load_conf(flush->home, &flush->conf);
	if (status == STATUS_OK) {
		conf_complete_people(&flush->conf);
		status = flush_run(flush);
		conf_release(&flush->conf);
	}
	close(lock);
	return status;
}

/* What a flush that was killed did is told too, unless another one runs. */
static enum status flush_tell(const char *home, uint64_t issue)
{
	int lock = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status status = STATUS_OK;

	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
		status = journal_replay(home);
	if (lock >= 0)
		close(lock);
	return status == STATUS_OK ? flush_show_status(home, issue) : status;
}

/* The words of the command line. */
struct flush_words {
	char *min_messages, *max_age, *issue;
	gboolean dry_run, retry, status;
};

/* A number from 1; -1 for no WORD. */
static bool flush_parse_count(const char *word, const char *option, int64_t *number_r)
{
	*number_r = -1;
	if (word == NULL)
		return true;
	if (g_ascii_isdigit(*word) &&
		g_ascii_string_to_signed(word, 10, 1, G_MAXINT32, number_r, NULL))
		return true;
	diag_error("%s: %s: not a number from 1", option, word);
	return false;
}

static enum status flush_check_words(
	const struct flush_words *words, struct flush *flush, int64_t *issue_r)
{
	bool chooses = words->min_messages != NULL || words->max_age != NULL;
	bool mixed = (words->status && (words->dry_run || words->retry || chooses)) ||
		     (words->retry && chooses) ||
		     (words->issue != NULL && !words->status);

	if (mixed) {
		diag_error("flush: these options do not go together; see mldigest flush "
			   "--help");
		return STATUS_USAGE;
	}
	if (!flush_parse_count(
		    words->min_messages, "--min-messages", &flush->min_messages) ||
		!flush_parse_count(words->issue, "--issue", issue_r))
		return STATUS_USAGE;
	flush->max_age = -1;
	if (words->max_age != NULL &&
		!cmd_parse_duration(words->max_age, &flush->max_age)) {
		diag_error("--max-age: %s: not a time: a count of m, h, d, w",
			words->max_age);
		return STATUS_USAGE;
	}
	flush->dry_run = words->dry_run;
	flush->retry = words->retry;
	return STATUS_OK;
}

static enum status flush_parse(
	int argc, char **argv, struct flush_words *words, struct flush *flush)
{
	const GOptionEntry options[] = {
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &words->dry_run,
			"Print what would be sent, change nothing", NULL},
		{"min-messages", 0, 0, G_OPTION_ARG_STRING, &words->min_messages,
			"No new issue of fewer messages", "N"},
		{"max-age", 0, 0, G_OPTION_ARG_STRING, &words->max_age,
			"… unless the first is that old: 90m, 6h, 1d", "TIME"},
		{"retry", 0, 0, G_OPTION_ARG_NONE, &words->retry,
			"Send what is owed, make no new issue", NULL},
		{"status", 0, 0, G_OPTION_ARG_NONE, &words->status,
			"Tell what was sent and is owed", NULL},
		{"issue", 0, 0, G_OPTION_ARG_STRING, &words->issue,
			"Of this one, with its recipients", "N"},
		{0}};
	const struct cmd_usage usage = {"", "Sends a digest of all that is new.", 0, 0};
	int64_t issue = -1;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	signal(SIGPIPE, SIG_IGN);
	if (status == STATUS_OK)
		status = flush_check_words(words, flush, &issue);
	if (status == STATUS_OK)
		status = home_check(flush->home);
	if (status != STATUS_OK)
		return status;
	return words->status ? flush_tell(flush->home, issue > 0 ? (uint64_t)issue : 0)
			     : flush_begin(flush);
}

enum status cmd_flush(const char *home, int argc, char **argv)
{
	struct flush_words words = {0};
	struct flush flush = {.home = home};
	enum status status = flush_parse(argc, argv, &words, &flush);

	g_free(words.min_messages);
	g_free(words.max_age);
	g_free(words.issue);
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pull requests, and the threads that are about no patch. */
#include "config.h"

#include <string.h>

#include "digest/layout.h"
#include "digest/section.h"
#include "digest/url.h"
#include "mail/address.h"
#include "mail/subject.h"

/* Threads that a section names, and people that a line does. */
enum { THREADS_MOST = 20, THREADS_PEOPLE = 4 };

static void pulls_count_replies(const struct full *full, GHashTable *pulls)
{
	for (guint i = 0; i < full->messages->len; i++) {
		const struct full_message *message = full->messages->pdata[i];
		struct full_pull *pull = NULL;

		if (message->human && message->target != NULL)
			pull = g_hash_table_lookup(pulls, message->target->message_id);
		if (pull != NULL)
			pull->replies++;
	}
}

void section_fill_pulls(struct full *full, const struct digest *digest)
{
	g_autoptr(GHashTable) pulls = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < digest->items->len; i++) {
		const struct digest_item *item = digest->items->pdata[i];
		const struct record *record = item->record;
		struct full_pull *pull;
		const char *name, *address;

		if (record->class != RECORD_CLASS_PULL_REQUEST ||
			record->outcome == RECORD_OUTCOME_SKIP)
			continue;
		pull = g_new0(struct full_pull, 1);
		record_patch_author(record, &name, &address);
		pull->item = item;
		pull->author = full_find_person(full, name, address);
		pull->link = url_of_record(record, full->archive);
		g_ptr_array_add(full->pulls, pull);
		g_hash_table_insert(pulls, record->message_id, pull);
	}
	pulls_count_replies(full, pulls);
}

static void pulls_add(GString *page, const struct full_pull *pull)
{
	const struct record *record = pull->item->record;
	g_autoptr(GString) line = g_string_new("by ");

	layout_person(line, pull->author);
	if (record->stat_files >= 0)
		g_string_append_printf(line, "; %d %s, +%u -%u", record->stat_files,
			record->stat_files == 1 ? "file" : "files", record->stat_added,
			record->stat_deleted);
	if (pull->replies > 0) {
		g_string_append(line, "; ");
		layout_count(line, pull->replies, "reply", "replies");
	}
	layout_entry(page, record->title, line, pull->link);
}

void section_add_pulls(
	GString *page, const struct full *full, const struct digest_style *style)
{
	unsigned hidden = 0;

	if (full->pulls->len == 0)
		return;
	layout_heading(page, "Pull requests");
	for (guint i = 0; i < full->pulls->len; i++)
		if (!layout_hides(style, full->pulls->pdata[i], &hidden))
			pulls_add(page, full->pulls->pdata[i]);
	layout_more(page, hidden, 0);
	g_string_append_c(page, '\n');
}

size_t section_length_of_pull(const struct full_pull *pull)
{
	g_autoptr(GString) text = g_string_new(NULL);

	pulls_add(text, pull);
	return text->len;
}

static void threads_count(GHashTable *threads, const struct full_message *message)
{
	struct full_thread *thread = g_hash_table_lookup(threads, message->root);

	if (thread == NULL) {
		thread = g_new0(struct full_thread, 1);
		thread->root = message->root;
		thread->people = g_ptr_array_new();
		g_hash_table_insert(threads, message->root, thread);
	}
	thread->messages++;
	thread->newest = message->record->number;
	if (message->record->number == message->root->number)
		thread->is_new = message->root->known;
	thread->replies += message->human;
	if (message->human || message->record->class == RECORD_CLASS_BUG_REPORT ||
		message->record->class == RECORD_CLASS_DISCUSSION)
		full_add_person(thread->people, message->sender);
}

/* Programs that find bugs, one thread a bug; the others' reports are told in one line. */
static bool threads_finds_bugs(const struct full_root *root)
{
	return root->sender != NULL &&
	       (g_str_has_prefix(root->sender->key, "syzbot") ||
		       g_str_has_suffix(root->sender->key, "@syzkaller.appspotmail.com"));
}

/* A thread of patches of which none is here, seen by its answers. */
static bool threads_is_of_patches(const struct full_message *message)
{
	struct subject subject;
	bool patches;

	subject_parse(message->record->subject, &subject);
	patches = subject.patch || subject.pull || subject.has_position;
	subject_release(&subject);
	return patches;
}

/* The list that THREAD belongs to, NULL for none. */
static GPtrArray *threads_list(struct full *full, const struct full_thread *thread)
{
	enum record_class class = thread->root->class;

	if (class == RECORD_CLASS_BUG_REPORT ||
		(class == RECORD_CLASS_BOT_REPORT && threads_finds_bugs(thread->root)))
		return full->bugs;
	if (class == RECORD_CLASS_ANNOUNCEMENT)
		return full->announcements;
	if (class == RECORD_CLASS_DISCUSSION)
		return full->discussions;
	/* What began it is nothing that a rule knows, or is not here. */
	if (class == RECORD_CLASS_OTHER || class == RECORD_CLASS_REPLY ||
		class == RECORD_CLASS_REVIEW)
		return thread->replies > 0 ? full->discussions : NULL;
	return NULL;
}

/* By people, then messages, then the newest. */
static int threads_compare(const void *a, const void *b)
{
	const struct full_thread *first = *(const struct full_thread *const *)a;
	const struct full_thread *second = *(const struct full_thread *const *)b;

	if (first->people->len != second->people->len)
		return first->people->len < second->people->len ? 1 : -1;
	if (first->messages != second->messages)
		return first->messages < second->messages ? 1 : -1;
	return first->newest < second->newest   ? 1
	       : first->newest > second->newest ? -1
						: 0;
}

static void threads_free(void *data)
{
	struct full_thread *thread = data;

	g_ptr_array_unref(thread->people);
	g_free(thread);
}

void section_fill_threads(struct full *full, const struct digest *digest)
{
	g_autoptr(GHashTable) threads = g_hash_table_new(g_direct_hash, g_direct_equal);
	GHashTableIter iter;
	void *value;

	(void)digest;
	for (guint i = 0; i < full->messages->len; i++) {
		const struct full_message *message = full->messages->pdata[i];

		if (message->root == NULL)
			continue;
		if (message->record->class == RECORD_CLASS_BOT_REPORT &&
			!threads_finds_bugs(message->root))
			full_count_bot(full->bots, message->record);
		else if (!threads_is_of_patches(message))
			threads_count(threads, message);
	}
	g_hash_table_iter_init(&iter, threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		GPtrArray *list = threads_list(full, value);

		if (list != NULL)
			g_ptr_array_add(list, value);
		else
			threads_free(value);
	}
	g_ptr_array_sort(full->bugs, threads_compare);
	g_ptr_array_sort(full->announcements, threads_compare);
	g_ptr_array_sort(full->discussions, threads_compare);
}

static void threads_describe(const struct full_thread *thread, GString *line)
{
	const struct full_root *root = thread->root;

	if (root->sender != NULL) {
		g_string_append(line, "by ");
		layout_person(line, root->sender);
	}
	if (thread->replies == 0)
		return;
	g_string_append(line, line->len ? "; " : "");
	layout_count(line, thread->replies, "reply", "replies");
	g_string_append(line, ": ");
	layout_people(line, thread->people, THREADS_PEOPLE);
}

static void threads_add(
	GString *page, const char *title, const GPtrArray *threads, bool state)
{
	for (guint i = 0; i < threads->len && i < THREADS_MOST; i++) {
		const struct full_thread *thread = threads->pdata[i];
		g_autoptr(GString) line = g_string_new(NULL);

		if (i == 0)
			layout_heading(page, title);
		threads_describe(thread, line);
		if (state)
			g_string_prepend(line, thread->is_new ? "new, " : "open, ");
		layout_entry(page, thread->root->title, line, thread->root->link);
	}
	layout_more(page, threads->len, THREADS_MOST);
}

void section_add_bugs(
	GString *page, const struct full *full, const struct digest_style *style)
{
	static const char title[] = "Bugs and regressions";
	g_autoptr(GString) line = g_string_new("robots about other trees: ");

	(void)style;
	if (full->bugs->len + full->bots->len == 0)
		return;
	threads_add(page, title, full->bugs, true);
	if (full->bugs->len == 0)
		layout_heading(page, title);
	if (full->bots->len > 0) {
		section_describe_bots(full->bots, line);
		layout_wrap(page, "  ", "    ", line->str);
	}
	g_string_append_c(page, '\n');
}

void section_add_announcements(
	GString *page, const struct full *full, const struct digest_style *style)
{
	(void)style;
	threads_add(page, "Announcements", full->announcements, false);
	if (full->announcements->len > 0)
		g_string_append_c(page, '\n');
}

void section_add_discussions(
	GString *page, const struct full *full, const struct digest_style *style)
{
	(void)style;
	threads_add(page, "Discussions", full->discussions, false);
	if (full->discussions->len > 0)
		g_string_append_c(page, '\n');
}

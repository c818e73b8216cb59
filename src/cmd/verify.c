/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "mail/files.h"
#include "mail/message.h"
#include "mail/source.h"
#include "post/claim.h"
#include "post/sign.h"
#include "store/home.h"

#define VERIFY_SUFFIX ".minisig"
#define VERIFY_STDIN  "standard input"

/* One signed text, or one that should be. */
struct verify_item {
	char *source;       /* the file, for people */
	char *trouble;      /* what does not hold; NULL: all does */
	char *comment;      /* the trusted one of a good signature; NULL */
	bool claimed;       /* and it says: */
	struct claim claim; /* this */
	uint8_t signature[MINISIGN_SIGNATURE_BYTES];
};

struct verify {
	struct minisign_public key;
	GPtrArray *items;
};

/* Where a text's signature and manifest are: parts of its mail, or in its directory. */
struct verify_place {
	const char *source;
	const GPtrArray *parts;
	guint text; /* which of them it is */
	const char *directory;
};

struct verify_bytes {
	const char *bytes;
	size_t length;
};

static void verify_free_item(void *data)
{
	struct verify_item *item = data;

	g_free(item->source);
	g_free(item->trouble);
	g_free(item->comment);
	claim_release(&item->claim);
	g_free(item);
}

static struct verify_item *verify_add(struct verify *verify, const char *source)
{
	struct verify_item *item = g_new0(struct verify_item, 1);

	item->source = g_strdup(source);
	g_ptr_array_add(verify->items, item);
	return item;
}

static void verify_check_signature(const struct verify *verify, struct verify_item *item,
	const struct minisign_signature *signature, const struct verify_bytes *text)
{
	g_autofree char *theirs = minisign_name_id(signature->id);
	g_autofree char *ours = minisign_name_id(verify->key.id);
	const GString *comment = signature->comment;

	switch (sign_check(&verify->key, signature, text->bytes, text->length)) {
	case SIGN_OTHER_KEY:
		item->trouble = g_strdup_printf(
			"signed with key %s, not with %s", theirs, ours);
		break;
	case SIGN_BAD:
		item->trouble = g_strdup("its signature is not of this text");
		break;
	case SIGN_BAD_COMMENT:
		item->trouble = g_strdup("its trusted comment was changed");
		break;
	case SIGN_GOOD:
		item->comment = text_sanitize_line(comment->str, comment->len);
		item->claimed = claim_parse(comment->str, comment->len, &item->claim);
		memcpy(item->signature, signature->signature, MINISIGN_SIGNATURE_BYTES);
		break;
	}
}

static void verify_fit_manifest(
	struct verify_item *item, const struct verify_bytes *manifest)
{
	const char *why;

	if (!claim_fits_manifest(&item->claim, manifest->bytes, manifest->length, &why))
		item->trouble = g_strdup(why);
	else if (item->claim.first == 1 && !claim_begins_chain(&item->claim))
		item->trouble = g_strdup("its chain does not begin as its list's does");
}

/* The part NAME that belongs to PARTS[TEXT]: the next one, since a mail may have several digests in
 * it; else any, for nobody shall take a text behind its signature for the signed one. */
static const struct files_part *verify_find_part(
	const GPtrArray *parts, guint text, const char *name)
{
	for (guint i = text + 1; i < parts->len; i++) {
		const struct files_part *part = parts->pdata[i];

		if (strcmp(part->name, name) == 0)
			return part;
	}
	return files_find(parts, name);
}

static enum status verify_check_manifest(
	struct verify_item *item, const struct verify_place *place)
{
	g_autofree char *name = g_strdup_printf(
		"manifest-%" G_GUINT64_FORMAT ".txt", (guint64)item->claim.issue);
	g_autofree char *path = NULL;
	g_autoptr(GString) text = NULL;
	const struct files_part *part;
	enum status status;

	if (place->parts != NULL) {
		part = verify_find_part(place->parts, place->text, name);
		status = part != NULL ? STATUS_OK : STATUS_NOINPUT;
		if (part != NULL)
			verify_fit_manifest(item, &(const struct verify_bytes){
							  (const char *)part->bytes->data,
							  part->bytes->len});
	} else {
		path = g_build_filename(place->directory, name, NULL);
		status = io_read_file(path, LIMIT_VERIFY_BYTES, &text);
		if (status == STATUS_OK)
			verify_fit_manifest(
				item, &(const struct verify_bytes){text->str, text->len});
	}
	if (status != STATUS_NOINPUT)
		return status;
	item->trouble = g_strdup_printf("there is no %s with it", name);
	return STATUS_OK;
}

static enum status verify_text(struct verify *verify, const struct verify_place *place,
	const struct verify_bytes *text, const struct verify_bytes *file)
{
	struct verify_item *item = verify_add(verify, place->source);
	struct minisign_signature signature = {0};

	if (!minisign_parse_signature(file->bytes, file->length, &signature)) {
		item->trouble = g_strdup("its " VERIFY_SUFFIX " file is none");
		return STATUS_OK;
	}
	verify_check_signature(verify, item, &signature, text);
	minisign_signature_release(&signature);
	return item->claimed ? verify_check_manifest(item, place) : STATUS_OK;
}

/* Every pair NAME, NAME.minisig among the parts. */
static enum status verify_mail(
	struct verify *verify, const char *source, const struct verify_bytes *mail)
{
	static const char from[] = "From ";
	const char *start = mail->bytes, *end = mail->bytes + mail->length;
	const char *line_end = memchr(start, '\n', mail->length);
	g_autoptr(GPtrArray) parts = NULL;
	struct verify_place place = {.source = source};
	enum status status = STATUS_OK;
	bool found = false;

	/* An mbox's (RFC 4155). */
	if (line_end != NULL && g_str_has_prefix(start, from))
		start = line_end + 1;
	place.parts = parts = files_read(start, (size_t)(end - start));
	for (guint i = 0; status == STATUS_OK && i < parts->len; i++) {
		const struct files_part *text = parts->pdata[i];
		g_autofree char *name = g_strconcat(text->name, VERIFY_SUFFIX, NULL);
		const struct files_part *signature = verify_find_part(parts, i, name);

		if (signature == NULL)
			continue;
		found = true;
		place.text = i;
		status = verify_text(verify, &place,
			&(const struct verify_bytes){
				(const char *)text->bytes->data, text->bytes->len},
			&(const struct verify_bytes){(const char *)signature->bytes->data,
				signature->bytes->len});
	}
	if (!found)
		verify_add(verify, source)->trouble = g_strdup("not signed");
	return status;
}

/* A mail, or an mbox of them. */
static enum status verify_mails(
	struct verify *verify, const char *name, const GString *text)
{
	const char *at = text->str, *shown = strcmp(name, "-") == 0 ? VERIFY_STDIN : name;
	size_t left = text->len, length = source_mbox_length(at, left);
	bool several = length < left;
	enum status status = STATUS_OK;

	for (unsigned number = 1; status == STATUS_OK; number++) {
		const struct verify_bytes mail = {at, length};
		g_autofree char *source = several ? g_strdup_printf(
							    "%s, mail %u", shown, number)
						  : g_strdup(shown);

		status = verify_mail(verify, source, &mail);
		at += length;
		left -= length;
		if (left == 0)
			break;
		length = source_mbox_length(at, left);
	}
	return status;
}

static enum status verify_read(const char *name, GString **bytes_r)
{
	const char *path = strcmp(name, "-") == 0 ? "/dev/stdin" : name;
	enum status status = io_read_file(path, LIMIT_VERIFY_BYTES, bytes_r);

	if (status == STATUS_NOINPUT)
		diag_error("%s: No such file or directory", name);
	return status;
}

static enum status verify_input(struct verify *verify, const char *name)
{
	g_autofree char *path = g_strconcat(name, VERIFY_SUFFIX, NULL);
	g_autofree char *directory = g_path_get_dirname(name);
	const struct verify_place place = {.source = name, .directory = directory};
	g_autoptr(GString) text = NULL;
	g_autoptr(GString) file = NULL;
	enum status status = verify_read(name, &text);

	if (status != STATUS_OK)
		return status;
	if (strcmp(name, "-") == 0)
		return verify_mails(verify, name, text);
	status = io_read_file(path, LIMIT_VERIFY_BYTES, &file);
	if (status == STATUS_NOINPUT)
		return verify_mails(verify, name, text);
	if (status != STATUS_OK)
		return status;
	return verify_text(verify, &place,
		&(const struct verify_bytes){text->str, text->len},
		&(const struct verify_bytes){file->str, file->len});
}

/* Issues by list and number, what is none behind them. */
static int verify_compare(const void *a, const void *b)
{
	const struct verify_item *first = *(struct verify_item *const *)a;
	const struct verify_item *second = *(struct verify_item *const *)b;
	int lists;

	if (!first->claimed || !second->claimed)
		return second->claimed - first->claimed;
	lists = strcmp(first->claim.list, second->claim.list);
	if (lists != 0)
		return lists;
	if (first->claim.issue != second->claim.issue)
		return first->claim.issue > second->claim.issue ? 1 : -1;
	return first->claim.personal - second->claim.personal;
}

/* Two texts of one number: the same one, or pages of one issue. */
static char *verify_same_issue(struct verify_item *item, const struct verify_item *before)
{
	const struct claim *claim = &item->claim, *other = &before->claim;

	if (memcmp(item->signature, before->signature, sizeof item->signature) == 0)
		return g_strdup(", the same again");
	if ((claim->personal || other->personal) && claim->first == other->first &&
		claim->last == other->last &&
		memcmp(claim->prev, other->prev, HASH_BYTES) == 0 &&
		memcmp(claim->head, other->head, HASH_BYTES) == 0)
		return g_strdup(", of the same issue");
	item->trouble = g_strdup("there is another issue of this number");
	return NULL;
}

/* Issues behind LAST are not here.  A personal page is not sent when it has nothing, and names the
 * one before it. */
static char *verify_gap(struct verify_item *item, guint64 last)
{
	const struct claim *claim = &item->claim;
	guint64 issue = claim->issue;

	if (claim->personal && claim->before <= last)
		return issue == last + 2
			       ? g_strdup_printf(
					 ", none in issue %" G_GUINT64_FORMAT, issue - 1)
			       : g_strdup_printf(", none in issues %" G_GUINT64_FORMAT
						 " to %" G_GUINT64_FORMAT,
					 last + 1, issue - 1);
	if (claim->personal)
		item->trouble = g_strdup_printf("the page of issue %" G_GUINT64_FORMAT
						" before it is missing",
			(guint64)claim->before);
	else if (issue == last + 2)
		item->trouble = g_strdup_printf(
			"issue %" G_GUINT64_FORMAT " before it is missing", issue - 1);
	else
		item->trouble = g_strdup_printf("issues %" G_GUINT64_FORMAT
						" to %" G_GUINT64_FORMAT
						" before it are missing",
			last + 1, issue - 1);
	return NULL;
}

/* How ITEM hangs on the issue BEFORE it, in words that go behind "good, …"; what does not hold
 * becomes its trouble. */
static char *verify_link(struct verify_item *item, const struct verify_item *before)
{
	const struct claim *claim = &item->claim;
	guint64 issue = claim->issue, last = before->claim.issue;

	if (issue == last)
		return verify_same_issue(item, before);
	if (issue != last + 1)
		return verify_gap(item, last);
	if (claim->first == before->claim.last + 1 &&
		memcmp(claim->prev, before->claim.head, HASH_BYTES) == 0)
		return g_strdup_printf(", follows issue %" G_GUINT64_FORMAT, last);
	item->trouble = g_strdup_printf(
		"it does not follow issue %" G_GUINT64_FORMAT, last);
	return NULL;
}

/* What a good one is of: all of the issue's messages, or some. */
static void verify_add_content(const struct claim *claim, GString *page)
{
	g_autofree char *words = filter_words_format(&claim->filter);
	g_autofree char *safe = text_sanitize_line(words, strlen(words));

	if (claim->personal && *safe != '\0')
		g_string_append_printf(page, "a selection, %u of the %u messages by %s, ",
			claim->shown, claim->all, safe);
	if (claim->personal && *claim->person != '\0') {
		g_autofree char *person = text_sanitize_line(
			claim->person, strlen(claim->person));

		g_string_append_printf(page, "the page of %s, ", person);
	}
	g_string_append_printf(page,
		"%smessages %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT "%s",
		claim->personal ? "from " : "", (guint64)claim->first,
		(guint64)claim->last,
		claim_begins_chain(claim) ? ", begins the chain" : "");
}

static void verify_describe(
	struct verify_item *item, const struct verify_item *before, GString *page)
{
	const struct claim *claim = &item->claim;
	g_autofree char *link = NULL;

	g_string_append_printf(page, "%s: ", item->source);
	if (item->claimed)
		g_string_append_printf(
			page, "issue %" G_GUINT64_FORMAT ": ", (guint64)claim->issue);
	if (item->trouble == NULL && item->claimed && before != NULL)
		link = verify_link(item, before);
	if (item->trouble != NULL) {
		g_string_append_printf(page, "bad: %s\n", item->trouble);
	} else if (!item->claimed) {
		g_string_append_printf(
			page, "good, but not an issue: %s\n", item->comment);
	} else {
		g_string_append(page, "good, ");
		verify_add_content(claim, page);
		g_string_append_printf(page, "%s\n", link != NULL ? link : "");
	}
}

static enum status verify_report(struct verify *verify)
{
	g_autoptr(GString) page = g_string_new(NULL);
	const struct verify_item *before = NULL;
	unsigned bad = 0;
	enum status status;

	g_ptr_array_sort(verify->items, verify_compare);
	for (guint i = 0; i < verify->items->len; i++) {
		struct verify_item *item = verify->items->pdata[i];
		bool same_list = before != NULL && item->claimed &&
				 strcmp(before->claim.list, item->claim.list) == 0;

		verify_describe(item, same_list ? before : NULL, page);
		bad += item->trouble != NULL;
		before = item->claimed ? item : before;
	}
	status = cmd_print(page->str, page->len);
	if (status != STATUS_OK || bad == 0)
		return status;
	diag_error("verify: %u of %u bad", bad, verify->items->len);
	return STATUS_DATA;
}

/* WORD is a key, or names the file of one. */
static enum status verify_take_key(const char *word, struct minisign_public *key_r)
{
	g_autoptr(GString) text = NULL;
	enum status status;

	if (minisign_parse_public(word, strlen(word), key_r))
		return STATUS_OK;
	status = io_read_file(word, MINISIGN_FILE_BYTES, &text);
	if (status == STATUS_NOINPUT) {
		diag_error("%s: neither a public key nor a file with one", word);
		return status;
	}
	if (status != STATUS_OK || minisign_parse_public(text->str, text->len, key_r))
		return status;
	diag_error("%s: not a public key of minisign", word);
	return STATUS_DATA;
}

static enum status verify_find_key(
	const char *home, const char *word, struct minisign_public *key_r)
{
	g_autofree char *path = NULL;
	g_autofree char *public = NULL;
	struct conf conf;
	enum status status;

	if (word != NULL)
		return verify_take_key(word, key_r);
	status = home_check(home);
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &conf);
	if (status != STATUS_OK)
		return status;
	path = conf_key_path(&conf, home);
	conf_release(&conf);
	public = g_strdup_printf("%s.pub", path ? path : "key");
	return verify_take_key(public, key_r);
}

enum status cmd_verify(const char *home, int argc, char **argv)
{
	g_autofree char *word = NULL;
	g_auto(GStrv) names = NULL;
	const GOptionEntry options[] = {
		{"key", 0, 0, G_OPTION_ARG_STRING, &word,
			"The public key, or its file; without it, "
			"the home's",
			"K"},
		{0}};
	const struct cmd_usage usage = {"[FILE|MAIL...]",
		"Checks digests: signatures, manifests, and that none is missing.", 0,
		G_MAXUINT};
	struct verify verify = {0};
	enum status status = cmd_parse(argc, argv, options, &usage, &names);

	if (status == STATUS_OK)
		status = verify_find_key(home, word, &verify.key);
	if (status != STATUS_OK)
		return status;
	message_init_library();
	verify.items = g_ptr_array_new_with_free_func(verify_free_item);
	if (*names == NULL)
		status = verify_input(&verify, "-");
	for (char **name = names; status == STATUS_OK && *name != NULL; name++)
		status = verify_input(&verify, *name);
	if (status == STATUS_OK)
		status = verify_report(&verify);
	g_ptr_array_unref(verify.items);
	return status;
}

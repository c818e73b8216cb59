/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/attest.h"

#include <string.h>

#include "base/pubkey.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"

/* A verdict on its way. */
struct attest_finding {
	enum record_verdict verdict;
	const char *why;
	size_t added; /* bytes behind what was signed */
	bool by_author;
};

bool attest_begin(const struct reading_source *source, struct attest *attest_r)
{
	struct attest attest = {0};

	if (!devsig_read(source->bytes, source->length, &attest.mail))
		return false;
	if (attest.mail.too_many)
		attest.cut = "the mail has too many signatures";
	else if (attest.mail.too_long)
		attest.cut = "the mail's header is too long";
	else if (source->full_length > source->length ||
		 (source->flags & RECORD_FLAG_PARTIAL))
		attest.cut = "only a part of the mail is here";
	*attest_r = attest;
	return true;
}

void attest_release(struct attest *attest)
{
	if (attest->has_info)
		mailinfo_release(&attest->info);
	devsig_mail_release(&attest->mail);
}

bool attest_wants_key(const struct attest *attest, const struct devsig *signature)
{
	return attest->cut == NULL && signature->kind == DEVSIG_ED25519;
}

/* Bytes of a mail in one line, as the record has them. */
static char *attest_clean_line(const char *bytes, size_t length)
{
	g_autofree char *utf8 = charset_to_utf8(
		bytes, MIN(length, LIMIT_FIELD_BYTES), NULL, NULL);
	g_autofree char *line = text_sanitize_line(utf8, strlen(utf8));
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	GString *out = g_string_new(NULL);

	for (char **word = words; *word != NULL; word++)
		if (**word != '\0')
			g_string_append_printf(out, "%s%s", out->len ? " " : "", *word);
	return g_string_free(out, FALSE);
}

static bool attest_is_same_line(const GString *signed_bytes, const char *recorded)
{
	g_autofree char *ours = attest_clean_line(signed_bytes->str, signed_bytes->len);
	g_autofree char *theirs = attest_clean_line(recorded, strlen(recorded));

	return strcmp(ours, theirs) == 0;
}

/* Git has taken no more than tags from the front of the Subject, and the title is no other, as one
 * in the body would be: where no patch follows, git takes that off, and it is not signed. */
static bool attest_is_same_subject(const GString *subject, const struct record *record)
{
	g_autofree char *ours = attest_clean_line(subject->str, subject->len);
	g_autofree char *theirs = attest_clean_line(
		record->subject, strlen(record->subject));
	g_autofree char *title = attest_clean_line(record->title, strlen(record->title));

	return strcmp(ours, title) == 0 ||
	       (g_str_has_suffix(theirs, ours) && g_str_has_suffix(theirs, title));
}

static bool attest_is_same_author(
	const struct mailinfo *info, const struct record *record)
{
	if (g_ascii_strcasecmp(info->email->str, record->patch_address) != 0)
		return false;
	/* For want of a name git has the address. */
	return g_string_equal(info->name, info->email) ||
	       attest_is_same_line(info->name, record->patch_name);
}

/* Whether LINE can be what git takes from the top of a body. */
static bool attest_is_in_body_field(const char *line, size_t length)
{
	static const char *const names[] = {
		"From:", "Subject:", "Date:", "[PATCH]", ">From ", " ", "\t"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (length >= strlen(names[i]) &&
			g_ascii_strncasecmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return length == 0;
}

/* What was signed, or that below fields, is the text that was read. */
static bool attest_is_same_body(const GString *body, const GString *recorded)
{
	g_autofree char *utf8 = charset_to_utf8(body->str, body->len, NULL, NULL);
	g_autoptr(GString) text = text_sanitize(utf8, strlen(utf8));
	g_autoptr(GString) ours = reading_normalize(text->str, text->len);
	size_t cursor = 0, start, length;
	const char *line;

	if (ours->len > recorded->len)
		return false;
	start = recorded->len - ours->len;
	if (strcmp(recorded->str + start, ours->str) != 0)
		return false;
	while (cursor < start &&
		text_next_line(recorded->str, start, &cursor, &line, &length))
		if (!attest_is_in_body_field(line, length))
			return false;
	return start == 0 || ours->len == 0 || recorded->str[start - 1] == '\n';
}

static void attest_refuse(
	struct attest_finding *finding, enum record_verdict verdict, const char *why)
{
	finding->verdict = verdict;
	finding->why = why;
}

static void attest_compare(const struct mailinfo *info, const struct reading *reading,
	struct attest_finding *finding)
{
	const struct record *record = reading->record;

	if (!attest_is_same_author(info, record))
		attest_refuse(finding, RECORD_VERDICT_BAD,
			"it is of another From than the one read here");
	else if (!attest_is_same_subject(info->subject, record))
		attest_refuse(finding, RECORD_VERDICT_BAD,
			"it is of another Subject than the one read here");
	else if (!attest_is_same_body(info->body, reading->body))
		attest_refuse(finding, RECORD_VERDICT_BAD,
			"it is of another text than the one read here");
}

/* The key is there: its signature of a digest, that digest of the header, the hash of the body in
 * the header. */
static void attest_check(struct attest *attest, const struct devsig *signature,
	const uint8_t key[PUBKEY_BYTES], struct attest_finding *finding)
{
	const struct mailinfo *info = &attest->info;
	uint8_t digest[DEVSIG_DIGEST_BYTES];
	const char *why;

	if (!attest->has_info)
		devsig_read_info(&attest->mail, &attest->info);
	attest->has_info = true;
	why = devsig_digest(signature, &attest->mail, info, digest);
	if (why != NULL)
		attest_refuse(finding,
			info->other_form ? RECORD_VERDICT_UNSUPPORTED
					 : RECORD_VERDICT_BAD,
			why);
	else if (!pubkey_check(signature->signature, signature->signed_digest,
			 sizeof digest, key))
		attest_refuse(
			finding, RECORD_VERDICT_BAD, "it was not made with that key");
	else if (memcmp(digest, signature->signed_digest, sizeof digest) != 0)
		attest_refuse(
			finding, RECORD_VERDICT_BAD, "the header is not what was signed");
	/* Last, since only the key's owner can have that hashed. */
	else if (!devsig_body_fits(signature, info, &finding->added))
		attest_refuse(
			finding, RECORD_VERDICT_BAD, "the body is not what was signed");
	else
		finding->verdict = RECORD_VERDICT_GOOD;
}

/* patatt takes the first signature of an identity for all of them. */
static bool attest_is_second(const struct attest *attest, const struct devsig *signature)
{
	for (guint i = 0; i < attest->mail.signatures->len; i++) {
		const struct devsig *other = attest->mail.signatures->pdata[i];

		if (other == signature)
			return false;
		if (other->identity != NULL && signature->identity != NULL &&
			g_ascii_strcasecmp(other->identity, signature->identity) == 0)
			return true;
	}
	return false;
}

static void attest_judge(struct attest *attest, const struct devsig *signature,
	const struct keyring_answer *answer, struct attest_finding *finding)
{
	if (attest->cut != NULL)
		attest_refuse(finding, RECORD_VERDICT_UNSUPPORTED, attest->cut);
	else if (signature->kind == DEVSIG_OTHER)
		attest_refuse(finding, RECORD_VERDICT_UNSUPPORTED, signature->why);
	else if (signature->kind == DEVSIG_MALFORMED)
		attest_refuse(finding, RECORD_VERDICT_BAD, signature->why);
	else if (attest_is_second(attest, signature))
		attest_refuse(finding, RECORD_VERDICT_BAD,
			"it is a second signature of the same identity");
	else if (answer == NULL || answer->found == KEYRING_NONE)
		attest_refuse(finding, RECORD_VERDICT_UNCHECKED,
			answer ? answer->why : "no keyring is configured");
	else if (answer->found == KEYRING_NO_KEY)
		attest_refuse(finding, RECORD_VERDICT_UNKNOWN_KEY, answer->why);
	else
		attest_check(attest, signature, answer->key, finding);
}

static char *attest_clean_word(const char *word)
{
	return word ? attest_clean_line(word, strlen(word)) : g_strdup("");
}

void attest_add(struct attest *attest, const struct devsig *signature,
	const struct keyring_answer *answer, struct reading *reading)
{
	struct attest_finding finding = {0};
	struct record_signature *made;

	attest_judge(attest, signature, answer, &finding);
	if (finding.verdict == RECORD_VERDICT_GOOD) {
		attest_compare(&attest->info, reading, &finding);
		finding.by_author = g_ascii_strcasecmp(signature->identity,
					    attest->info.email->str) == 0;
	}
	made = g_new0(struct record_signature, 1);
	made->verdict = finding.verdict;
	made->by_author = finding.verdict == RECORD_VERDICT_GOOD && finding.by_author;
	made->time = signature->time;
	made->identity = attest_clean_word(signature->identity);
	made->selector = attest_clean_word(signature->selector);
	made->algorithm = attest_clean_word(signature->algorithm);
	made->why = finding.added > 0
			    ? g_strdup_printf("%zu bytes were added behind the body",
				      finding.added)
			    : g_strdup(finding.why ? finding.why : "");
	g_ptr_array_add(reading->record->signatures, made);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail/message.h"
#include "mail/msgid.h"
#include "tap.h"

enum { NOW = 1800000000 };

static void make_from(const struct reading_source *given, const char *raw, size_t length,
	struct reading *reading)
{
	struct reading_source source = *given;
	uint8_t raw_hash[HASH_BYTES];
	char *exact = tap_exact(raw, length);

	hash_bytes(raw, length, raw_hash);
	source.bytes = exact;
	source.length = length;
	source.full_length = MAX(source.full_length, length);
	source.raw_hash = raw_hash;
	source.now = NOW;
	reading_make(&source, reading);
	free(exact);
}

static void make(const char *raw, struct reading *reading)
{
	const struct reading_source source = {0};

	make_from(&source, raw, strlen(raw), reading);
}

#define DATE        "Date: Tue, 3 Mar 2026 10:11:12 +0100\n"
#define FROM        "From: Ida Holm <ida@example.org>\n"
#define HEAD        FROM DATE
#define ID          "Message-ID: <a@x.org>\n"
#define UNDERSCORES "_______________________________________________"
#define FOOTER      UNDERSCORES "\nkvm mailing list\nkvm@example.org\n"
#define WORDS \
	"Wake the worker only once.\n\nSigned-off-by: Ida Holm <ida@example.org>\n---\n"
#define STAT " a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
#define A    "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n x\n-old\n+new\n y\n"

struct pair_row {
	const char *rule, *one, *other;
	bool same;
};

static const struct pair_row content_rows[] = {
	{"content: blanks at line ends do not count", HEAD ID "Subject: x\n\none\ntwo\n",
		HEAD ID "Subject: x\n\none  \ntwo\t\n", true},
	{"content: line ends do not count", HEAD ID "Subject: x\n\none\ntwo\n",
		"From: Ida Holm <ida@example.org>\r\n"
		"Date: Tue, 3 Mar 2026 10:11:12 +0100\r\n"
		"Subject: x\r\n\r\none\r\ntwo\r\n",
		true},
	{"content: blank lines at the end do not count", HEAD "Subject: x\n\none\n",
		HEAD "Subject: x\n\none\n\n\n", true},
	{"content: a list's footer does not count", HEAD "Subject: x\n\none\n",
		HEAD "Subject: x\n\none\n" FOOTER, true},
	{"content: a list's tag in the subject does not count",
		HEAD "Subject: [PATCH 1/2] x\n\none\n",
		HEAD "Subject: [kvm] [PATCH 1/2] x\n\none\n", true},
	{"content: what relays add does not count", HEAD "Subject: x\n\none\n",
		"Received: from a by b; Tue, 3 Mar 2026 10:12:00 +0100\nList-Id: "
		"<l.x.org>\n" HEAD "Subject: x\nX-Spam: no\n\none\n",
		true},
	{"content: the Message-ID does not count", HEAD ID "Subject: x\n\none\n",
		HEAD "Message-ID: <b@x.org>\nSubject: x\n\none\n", true},
	{"content: the encoding does not count",
		HEAD "Subject: Gr\xc3\xbc\xc3\x9f"
		     "e\nContent-Type: text/plain; charset=utf-8\n\nGr\xc3\xbcn\n",
		HEAD "Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\n"
		     "Content-Type: text/plain; charset=iso-8859-1\n"
		     "Content-Transfer-Encoding: quoted-printable\n\nGr=FCn\n",
		true},
	{"content: the name of the author does not count", HEAD "Subject: x\n\none\n",
		"From: \"Ida Holm via KVM\" <Ida@Example.org>\n" DATE
		"Subject: x\n\none\n",
		true},
	{"content: an offset of the date does not count", HEAD "Subject: x\n\none\n",
		FROM "Date: Tue, 3 Mar 2026 09:11:12 +0000\nSubject: x\n\none\n", true},
	{"content: another body", HEAD "Subject: x\n\none\n", HEAD "Subject: x\n\ntwo\n",
		false},
	{"content: blanks in a line count", HEAD "Subject: x\n\na b\n",
		HEAD "Subject: x\n\na  b\n", false},
	{"content: blanks at a line's begin count", HEAD "Subject: x\n\nb\n",
		HEAD "Subject: x\n\n b\n", false},
	{"content: another title", HEAD "Subject: x\n\none\n", HEAD "Subject: y\n\none\n",
		false},
	{"content: another author", HEAD "Subject: x\n\none\n",
		"From: Jan <jan@example.org>\n" DATE "Subject: x\n\none\n", false},
	{"content: another date", HEAD "Subject: x\n\none\n",
		FROM "Date: Tue, 3 Mar 2026 10:11:13 +0100\nSubject: x\n\none\n", false},
	{"content: fields do not run together", HEAD "Subject: xone\n\ntwo\n",
		HEAD "Subject: x\n\nonetwo\n", false},
};

static const struct pair_row change_rows[] = {
	{"change: the same mail again", HEAD ID "Subject: [PATCH] x\n\n" WORDS STAT A,
		FROM "Subject: [PATCH] x\n\n" WORDS STAT A, true},
	{"change: a resend", HEAD "Subject: [PATCH 1/2] x\n\n" WORDS STAT A,
		HEAD "Subject: [RESEND PATCH 1/2] x\n\n" WORDS
		     "Nobody answered.\n\n" STAT A,
		true},
	{"change: on another base", HEAD "Subject: [PATCH] x\n\n" WORDS STAT A,
		HEAD "Subject: [PATCH] x\n\n" WORDS STAT
		     "--- a/a.c\n+++ b/a.c\n@@ -70,3 +71,3 @@ f\n x\n-old\n+new\n y\n",
		true},
	{"change: in front of another tree's name", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH net-next] x\n\n" A, true},
	{"change: v1 is as good as none", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH v1] x\n\n" A, true},
	{"change: 1/1 is as good as none", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH 1/1] x\n\n" A, true},
	{"change: the author in the body", HEAD "Subject: [PATCH] x\n\n" A,
		"From: A Relay <relay@x.org>\n" DATE "Subject: [PATCH] x\n\n"
		"From: Ida Holm <ida@example.org>\n\n" A,
		true},
	{"change: a cover letter with the same diffstat",
		HEAD "Subject: [PATCH 0/2] x\n\nWords.\n\n" STAT,
		HEAD "Subject: [PATCH RESEND 0/2] x\n\nOther words.\n\n" STAT, true},
	{"change: a cover letter without a diffstat, in the same words",
		HEAD "Subject: [PATCH 0/2] x\n\nWords.\n",
		HEAD "Subject: [PATCH RESEND 0/2] x\n\nWords.\n-- \nIda\n", true},
	{"change: another version", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH v2] x\n\n" A, false},
	{"change: another diff", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH] x\n\n--- a/a.c\n+++ b/a.c\n"
		     "@@ -1,3 +1,3 @@\n x\n-old\n+newer\n y\n",
		false},
	{"change: another title", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH] y\n\n" A, false},
	{"change: another author", HEAD "Subject: [PATCH] x\n\n" A,
		"From: Jan <jan@example.org>\n" DATE "Subject: [PATCH] x\n\n" A, false},
	{"change: another author in the body", HEAD "Subject: [PATCH] x\n\n" A,
		HEAD "Subject: [PATCH] x\n\nFrom: Jan <jan@example.org>\n\n" A, false},
	{"change: another place in its series", HEAD "Subject: [PATCH 1/3] x\n\n" A,
		HEAD "Subject: [PATCH 2/3] x\n\n" A, false},
	{"change: a series of another length", HEAD "Subject: [PATCH 1/3] x\n\n" A,
		HEAD "Subject: [PATCH 1/4] x\n\n" A, false},
	{"change: a cover letter with another diffstat",
		HEAD "Subject: [PATCH 0/2] x\n\nWords.\n\n" STAT,
		HEAD "Subject: [PATCH 0/2] x\n\nWords.\n\n a.c | 1 +\n"
		     " 1 file changed, 1 insertion(+)\n",
		false},
	{"change: a cover letter without a diffstat, in other words",
		HEAD "Subject: [PATCH 0/2] x\n\nWords.\n",
		HEAD "Subject: [PATCH 0/2] x\n\nOther words.\n", false},
};

static void test_pairs(void)
{
	struct reading one, other;

	for (size_t i = 0; i < G_N_ELEMENTS(content_rows); i++) {
		make(content_rows[i].one, &one);
		make(content_rows[i].other, &other);
		tap_true(content_rows[i].rule,
			(memcmp(one.record->content_hash, other.record->content_hash,
				 HASH_BYTES) == 0) == content_rows[i].same);
		reading_release(&one);
		reading_release(&other);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(change_rows); i++) {
		make(change_rows[i].one, &one);
		make(change_rows[i].other, &other);
		tap_true(change_rows[i].rule,
			(memcmp(one.record->change_id, other.record->change_id,
				 HASH_BYTES) == 0) == change_rows[i].same);
		reading_release(&one);
		reading_release(&other);
	}
}

static const struct no_change_row {
	const char *rule, *raw;
	bool none;
} no_change_rows[] = {
	{"change: a patch has one", HEAD "Subject: [PATCH] x\n\n" A, false},
	{"change: a cover letter has one", HEAD "Subject: [PATCH 0/2] x\n\nWords.\n",
		false},
	{"change: a pull request has one", HEAD "Subject: [GIT PULL] x\n\nWords.\n",
		false},
	{"change: a reply has none", HEAD "Subject: Re: [PATCH] x\n\n" A, true},
	{"change: other mail has none", HEAD "Subject: a question\n\nWhy?\n", true},
};

static void test_no_change(void)
{
	static const uint8_t zeros[HASH_BYTES];

	for (size_t i = 0; i < G_N_ELEMENTS(no_change_rows); i++) {
		struct reading reading;

		make(no_change_rows[i].raw, &reading);
		tap_true(no_change_rows[i].rule,
			(memcmp(reading.record->change_id, zeros, HASH_BYTES) == 0) ==
				no_change_rows[i].none);
		reading_release(&reading);
	}
}

static const struct made_row {
	const char *rule, *raw, *kept; /* NULL: the id is the sender's */
} made_rows[] = {
	{"id: the sender's", HEAD ID "Subject: x\n\none\n", NULL},
	{"id: made where there is none", HEAD "Subject: x\n\none\n", ""},
	{"id: made where it is unfit", HEAD "Message-ID: <nowhere>\nSubject: x\n\none\n",
		"<nowhere>"},
	{"id: made where it is empty", HEAD "Message-ID:\nSubject: x\n\none\n", ""},
	{"id: made for a body alone", "Hello, no header here.\n", ""},
	{"id: made for nothing", "", ""},
};

static void test_made(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(made_rows); i++) {
		const struct made_row *row = &made_rows[i];
		struct reading reading, again;
		const struct record *record;
		bool made;

		make(row->raw, &reading);
		make(row->raw, &again);
		record = reading.record;
		made = record->flags & RECORD_FLAG_MADE_ID;
		if (row->kept == NULL)
			tap_true(row->rule,
				!made && strcmp(record->message_id, "a@x.org") == 0);
		else
			tap_true(row->rule,
				made && msgid_is_valid(record->message_id) &&
					strcmp(record->message_id_raw, row->kept) == 0 &&
					strcmp(record->message_id,
						again.record->message_id) == 0);
		reading_release(&reading);
		reading_release(&again);
	}
}

static void test_made_differ(void)
{
	struct reading one, other, copy;

	make(HEAD "Subject: x\n\none\n", &one);
	make(HEAD "Subject: x\n\ntwo\n", &other);
	make("X-Relay: y\n" HEAD "Subject: x\n\none  \n" FOOTER, &copy);
	tap_true("id: made of the content, two messages have two",
		strcmp(one.record->message_id, other.record->message_id) != 0);
	tap_string("id: made of the content, a copy has the same",
		copy.record->message_id, one.record->message_id);
	reading_release(&one);
	reading_release(&other);
	reading_release(&copy);
}

static const struct completes_row {
	const char *rule, *stored, *whole;
	bool completes;
} completes_rows[] = {
	{"completes: the stored copy lacks its end", HEAD ID "Subject: x\n\none\ntwo\nth",
		HEAD ID "Subject: x\n\none\ntwo\nthree\n", true},
	{"completes: it was cut behind a line", HEAD ID "Subject: x\n\none\n",
		HEAD ID "Subject: x\n\none\ntwo\n", true},
	{"completes: it was cut behind a blank", HEAD ID "Subject: x\n\none two ",
		HEAD ID "Subject: x\n\none two three\n", true},
	{"completes: it was cut behind the header", HEAD ID "Subject: x\n\n",
		HEAD ID "Subject: x\n\none\n", true},
	{"completes: it was cut inside a letter",
		HEAD ID "Subject: x\nContent-Type: text/plain; charset=utf-8\n\n"
			"Gr\xc3\xbc\xc3\x9f"
			"e, Gr\xc3",
		HEAD ID "Subject: x\nContent-Type: text/plain; charset=utf-8\n\n"
			"Gr\xc3\xbc\xc3\x9f"
			"e, Gr\xc3\xbcn\n",
		true},
	{"completes: not itself", HEAD ID "Subject: x\n\none\n",
		HEAD ID "Subject: x\n\none\n", false},
	{"completes: not what is longer", HEAD ID "Subject: x\n\none\ntwo\n",
		HEAD ID "Subject: x\n\none\n", false},
	{"completes: not what begins otherwise", HEAD ID "Subject: x\n\none\n",
		HEAD ID "Subject: x\n\nother\ntwo\n", false},
};

static void test_completes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(completes_rows); i++) {
		const struct completes_row *row = &completes_rows[i];
		struct reading stored, whole;

		make(row->stored, &stored);
		make(row->whole, &whole);
		tap_true(row->rule,
			reading_completes(&whole, stored.record) == row->completes);
		reading_release(&stored);
		reading_release(&whole);
	}
}

static const struct shown_row {
	const char *rule, *raw, *text;
} shown_rows[] = {
	{"shown: up to the diffstat's total", HEAD "Subject: [PATCH] x\n\n" WORDS STAT A,
		"Wake the worker only once.\n\n"
		"Signed-off-by: Ida Holm <ida@example.org>\n---\n"
		" a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)"},
	{"shown: an in-body From is taken out, the blank line behind it stays",
		HEAD "Subject: [PATCH] x\n\nFrom: Jan <jan@example.org>\n\nWords.\n" A,
		"\nWords."},
	{"shown: nothing but an in-body From",
		HEAD "Subject: [PATCH] x\n\nFrom: Jan <jan@example.org>\n" A, ""},
	{"shown: a From further down stays",
		HEAD "Subject: [PATCH] x\n\nWords.\nFrom: Jan <jan@example.org>\n" A,
		"Words.\nFrom: Jan <jan@example.org>"},
	{"shown: a cover letter", HEAD "Subject: [PATCH 0/2] x\n\nWords.\n-- \n2.43.0\n",
		"Words."},
	{"shown: nothing of a reply", HEAD "Subject: Re: x\n\nWords.\n", ""},
	{"shown: nothing of other mail", HEAD "Subject: x\n\nWords.\n", ""},
};

static void test_shown(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shown_rows); i++) {
		struct reading reading;

		make(shown_rows[i].raw, &reading);
		tap_string(shown_rows[i].rule, reading.text->str, shown_rows[i].text);
		reading_release(&reading);
	}
}

static void test_shown_limit(void)
{
	g_autoptr(GString) raw = g_string_new(HEAD "Subject: [PATCH 0/2] x\n\n");
	struct reading reading;

	for (unsigned i = 0; raw->len < 400 * 1024; i++)
		g_string_append_printf(raw, "line %u of too many\n", i);
	make(raw->str, &reading);
	tap_true("shown: no more than LIMIT_TEXT_BYTES, and says so",
		reading.text->len <= 256 * 1024 + 16 && reading.text->len > 255 * 1024 &&
			g_str_has_suffix(reading.text->str, " of too many\n[…]"));
	reading_release(&reading);
}

#define PERSON "%s <%s>, %s <%s>"

static const struct people_row {
	const char *rule, *raw, *people; /* the author's, the patch's */
} people_rows[] = {
	{"people: the sender's patch", HEAD "Subject: [PATCH] x\n\n" A,
		"Ida Holm <ida@example.org>, Ida Holm <ida@example.org>"},
	{"people: another's patch",
		HEAD "Subject: [PATCH] x\n\nFrom: Jan <jan@example.org>\n\n" A,
		"Ida Holm <ida@example.org>, Jan <jan@example.org>"},
	{"people: another's patch, no name",
		HEAD "Subject: [PATCH] x\n\nFrom: jan@example.org\n\n" A,
		"Ida Holm <ida@example.org>,  <jan@example.org>"},
	{"people: only a patch has an in-body From",
		HEAD "Subject: Re: x\n\nFrom: Jan <jan@example.org>\n\n" A,
		"Ida Holm <ida@example.org>, Ida Holm <ida@example.org>"},
	{"people: nobody", "Subject: [PATCH] x\n\n" A, " <>,  <>"},
};

static void test_people(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(people_rows); i++) {
		struct reading reading;
		g_autofree char *got = NULL;

		make(people_rows[i].raw, &reading);
		got = g_strdup_printf(PERSON, reading.record->author_name,
			reading.record->author_address, reading.record->patch_name,
			reading.record->patch_address);
		tap_string(people_rows[i].rule, got, people_rows[i].people);
		reading_release(&reading);
	}
}

#define RECEIVED "Received: from a by b; Tue, 3 Mar 2026 10:11:13 +0100\n"

static const struct arrival_row {
	const char *rule, *raw;
	int64_t given, date, arrival;
} arrival_rows[] = {
	{"arrival: as the source has it", RECEIVED HEAD "\none\n", 1234, 1772529072,
		1234},
	{"arrival: else the newest Received field's", RECEIVED HEAD "\none\n", 0,
		1772529072, 1772529073},
	{"arrival: else the Date's", HEAD "\none\n", 0, 1772529072, 1772529072},
	{"arrival: else now", FROM "Date: soon\n\none\n", 0, 0, NOW},
	{"arrival: else now, for a body alone", "Hello, no header.\n", 0, 0, NOW},
};

static void test_arrival(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(arrival_rows); i++) {
		const struct arrival_row *row = &arrival_rows[i];
		const struct reading_source source = {.arrival = row->given};
		struct reading reading;

		make_from(&source, row->raw, strlen(row->raw), &reading);
		tap_true(row->rule, reading.record->date == row->date &&
					    reading.record->arrival == row->arrival);
		reading_release(&reading);
	}
}

/* Every field that comes from the subject, the diff and the source. */
static void test_fields(void)
{
	static const uint8_t commit[20] = {1, 2, 3};
	static const char raw[] = HEAD ID
		"List-Id: <kvm.vger.kernel.org>\n"
		"In-Reply-To: <p@x.org>\nSubject: [PATCH v3 2/9] KVM: Fix it\n\n" WORDS
			STAT A;
	const struct reading_source source = {.commit = commit,
		.commit_length = sizeof commit,
		.flags = RECORD_FLAG_HISTORY};
	uint8_t raw_hash[HASH_BYTES];
	struct reading reading;
	const struct record *record;

	make_from(&source, raw, strlen(raw), &reading);
	record = reading.record;
	hash_bytes(raw, strlen(raw), raw_hash);
	tap_string("fields: subject", record->subject, "[PATCH v3 2/9] KVM: Fix it");
	tap_string("fields: title", record->title, "KVM: Fix it");
	tap_true("fields: position, total, revision",
		record->position == 2 && record->total == 9 && record->revision == 3);
	tap_number("fields: tags", record->tags->len, 3);
	tap_string("fields: list id", record->list_ids->pdata[0], "kvm.vger.kernel.org");
	tap_string("fields: parent", record->references->pdata[0], "p@x.org");
	tap_true("fields: path",
		record->paths->len == 1 &&
			strcmp(((struct patch_path *)record->paths->pdata[0])->path,
				"a.c") == 0);
	tap_string("fields: rule", record->rule, "patch");
	tap_number("fields: class", record->class, RECORD_CLASS_PATCH);
	tap_number(
		"fields: flags", record->flags, RECORD_FLAG_HISTORY | RECORD_FLAG_DIFF);
	tap_true("fields: commit",
		record->commit_length == 20 && memcmp(record->commit, commit, 20) == 0);
	tap_bytes("fields: the raw hash is the source's", record->raw_hash, HASH_BYTES,
		raw_hash, HASH_BYTES);
	tap_number(
		"fields: body length", record->body_length, (int64_t)reading.body->len);
	reading_release(&reading);
}

static void test_title(void)
{
	struct reading reading;

	make(HEAD "Subject: [PATCH 1/2]\n\n" A, &reading);
	tap_string("title: tags and nothing else are the title", reading.record->title,
		"[PATCH 1/2]");
	tap_number("title: the position beside it", reading.record->position, 1);
	reading_release(&reading);
	make(HEAD "Subject: x\n\none\n", &reading);
	tap_true("title: without n/m there is no position",
		reading.record->position == -1 && reading.record->total == -1);
	reading_release(&reading);
}

/* A message that a limit cut: it says which, and two that were cut alike are two. */
static void test_limited(void)
{
	static const char raw[] = HEAD "Subject: x\n\none\n";
	const struct reading_source cut = {.full_length = 1 << 30};
	struct reading whole, limited;

	make(raw, &whole);
	make_from(&cut, raw, strlen(raw), &limited);
	tap_true("limit: none of a whole message",
		whole.record->flags == RECORD_FLAG_MADE_ID &&
			*whole.record->limit == '\0');
	tap_true("limit: of one that was cut",
		limited.record->flags == (RECORD_FLAG_MADE_ID | RECORD_FLAG_LIMITED));
	tap_string("limit: by its name", limited.record->limit, "message size");
	tap_true("limit: what was cut is another content",
		memcmp(whole.record->content_hash, limited.record->content_hash,
			HASH_BYTES) != 0);
	reading_release(&whole);
	reading_release(&limited);
}

/* Whatever comes, there is a record that can be kept and read again. */
static void test_cut(void)
{
	static const char raw[] = HEAD ID
		"Subject: [PATCH v2 1/2] =?utf-8?Q?Gr=C3=BCn?=\n"
		"Content-Type: text/plain; charset=utf-8\n\n"
		"From: Jan <jan@example.org>\n\nGr\xc3\xbcn.\n" WORDS STAT A FOOTER;
	const struct reading_source source = {0};
	bool held = true;

	for (size_t length = 0; length < sizeof raw; length++) {
		struct reading reading;
		struct record *decoded = NULL;
		g_autoptr(GByteArray) bytes = NULL;

		make_from(&source, raw, length, &reading);
		bytes = record_encode(reading.record);
		held = held &&
		       record_decode(bytes->data, bytes->len, &decoded) == STATUS_OK &&
		       msgid_is_valid(decoded->message_id) &&
		       g_utf8_validate(reading.text->str, -1, NULL);
		record_free(decoded);
		reading_release(&reading);
	}
	tap_true("cut at every byte: a record that can be kept", held);
}

int main(void)
{
	test_pairs();
	test_no_change();
	test_made();
	test_made_differ();
	test_completes();
	test_shown();
	test_shown_limit();
	test_people();
	test_arrival();
	test_fields();
	test_title();
	test_limited();
	test_cut();
	return tap_end();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/message.h"
#include "mail/msgid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tap.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* One view of a message; the caller frees it. */
typedef char *show_fn(const struct message *message);

static char *show_subject(const struct message *message)
{
	return g_strdup(message->subject);
}

static char *show_from(const struct message *message)
{
	return g_strdup_printf("%s|%s", message->from_name, message->from_address);
}

static char *show_id(const struct message *message)
{
	return message->message_id ? g_strdup(message->message_id)
				   : g_strdup_printf("raw:%s", message->message_id_raw);
}

static char *show_strings(const GPtrArray *strings)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < strings->len; i++)
		g_string_append_printf(
			out, "%s%s", i > 0 ? " " : "", (char *)strings->pdata[i]);
	return g_string_free(out, FALSE);
}

static char *show_references(const struct message *message)
{
	return show_strings(message->references);
}

static char *show_lists(const struct message *message)
{
	return show_strings(message->list_ids);
}

static char *show_dates(const struct message *message)
{
	return g_strdup_printf("%" PRId64 " %" PRId64, message->date, message->received);
}

static char *show_text(const struct message *message)
{
	return g_strdup(message->text->str);
}

static char *show_header(const struct message *message)
{
	return g_strdup(message->has_header ? "yes" : "no");
}

struct message_row {
	const char *rule;
	const char *raw;
	size_t length;
	const char *expected;
};

static void test_rows(const struct message_row *rows, size_t count, show_fn *show)
{
	for (size_t i = 0; i < count; i++) {
		char *raw = tap_exact(rows[i].raw, rows[i].length);
		g_autofree char *got = NULL;
		struct message message;

		message_parse(raw, rows[i].length, &message);
		got = show(&message);
		tap_string(rows[i].rule, got, rows[i].expected);
		message_release(&message);
		free(raw);
	}
}

static const struct message_row subject_rows[] = {
	{"subject: as it is", TAP_BYTES("Subject: [PATCH] KVM: Fix it\n\n"),
		"[PATCH] KVM: Fix it"},
	{"subject: the field's name has no case, CRLF ends it",
		TAP_BYTES("SUBJECT:[PATCH] KVM: Fix it\r\n\r\n"), "[PATCH] KVM: Fix it"},
	{"RFC 5322 2.2.3: a fold is one blank",
		TAP_BYTES("Subject: [PATCH v2 03/14] KVM: arm64: Make\n"
			  " the stage-2 walker\n\tskip what is not there\n\n"),
		"[PATCH v2 03/14] KVM: arm64: Make the stage-2 walker skip what is not "
		"there"},
	{"RFC 5322 2.2.3: a fold by CRLF", TAP_BYTES("Subject: KVM: Fix\r\n  it\r\n\r\n"),
		"KVM: Fix it"},
	{"RFC 2047: the Q encoding",
		TAP_BYTES("Subject: =?UTF-8?Q?=5BPATCH=5D_KVM:_Gr=C3=BC=C3=9Fe?=\n\n"),
		"[PATCH] KVM: Grüße"},
	{"RFC 2047: the B encoding",
		TAP_BYTES("Subject: =?utf-8?B?W1BBVENIXSBHcsO8w59l?=\n\n"),
		"[PATCH] Grüße"},
	{"RFC 2047 6.2: the blank between two encoded words is none",
		TAP_BYTES("Subject: =?utf-8?Q?KVM:_Gr=C3=BC?=\n =?utf-8?Q?=C3=9Fe?=\n\n"),
		"KVM: Grüße"},
	{"RFC 2047 6.2: the blank beside plain words stays",
		TAP_BYTES("Subject: KVM: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= to all\n\n"),
		"KVM: Grüße to all"},
	{"RFC 2047 5: a letter split over two encoded words, B",
		TAP_BYTES("Subject: =?utf-8?B?S1ZNIMQ=?=\n =?utf-8?B?jQ==?=\n\n"),
		"KVM č"},
	{"RFC 2047 5: a letter split over two encoded words, Q",
		TAP_BYTES("Subject: =?utf-8?Q?KVM_=E5=86?= =?utf-8?Q?=85=E6=A0=B8?=\n\n"),
		"KVM 内核"},
	{"RFC 2047: iso-8859-1 is windows-1252",
		TAP_BYTES("Subject: =?iso-8859-1?Q?=93Gr=FC=DFe=94?=\n\n"), "“Grüße”"},
	{"RFC 2047: koi8-r", TAP_BYTES("Subject: =?koi8-r?B?0cTSzw==?=\n\n"), "ядро"},
	{"RFC 2047: iso-2022-jp",
		TAP_BYTES("Subject: =?ISO-2022-JP?B?GyRCJSshPCVNJWsbKEI=?=\n\n"),
		"カーネル"},
	{"RFC 2047: gb2312 is gb18030", TAP_BYTES("Subject: =?gb2312?B?6UY=?=\n\n"),
		"镕"},
	{"RFC 2047: an unknown charset is better guessed than lost",
		TAP_BYTES("Subject: =?x-of-our-own?Q?Gr=C3=BC=C3=9Fe?=\n\n"), "Grüße"},
	{"RFC 2047: what is no encoded word stays",
		TAP_BYTES("Subject: KVM: =?this is none?= and =? neither\n\n"),
		"KVM: =?this is none?= and =? neither"},
	{"subject: an encoded line feed breaks no line",
		TAP_BYTES("Subject: =?utf-8?Q?a=0ABcc:_b?=\n\n"), "a Bcc: b"},
	{"subject: an encoded ESC is replaced",
		TAP_BYTES("Subject: =?utf-8?Q?a=1B[2Jb?=\n\n"), "a" REPLACEMENT "[2Jb"},
	{"subject: an encoded bidirectional control is replaced",
		TAP_BYTES("Subject: =?utf-8?Q?a=E2=80=AEb?=\n\n"), "a" REPLACEMENT "b"},
	{"subject: bare UTF-8", TAP_BYTES("Subject: Grüße – 内核\n\n"), "Grüße – 内核"},
	{"subject: bare windows-1252",
		TAP_BYTES("Subject: Gr\xfc\xdf"
			  "e \x96 all\n\n"),
		"Grüße – all"},
	{"subject: bare UTF-8 beside an encoded word",
		TAP_BYTES("Subject: Grüße =?utf-8?Q?=E2=80=93?= all\n\n"), "Grüße – all"},
	{"subject: a bare NUL ends none", TAP_BYTES("Subject: a\0b\nX: y\n\n"),
		"a" REPLACEMENT "b"},
	{"subject: the first of two", TAP_BYTES("Subject: one\nSubject: two\n\n"), "one"},
	{"subject: none", TAP_BYTES("From: ida@example.org\n\n"), ""},
	{"subject: nothing in it", TAP_BYTES("Subject:\n\n"), ""},
	{"subject: blanks around it go", TAP_BYTES("Subject:   one  \n\n"), "one"},
	{"subject: no line end behind it", TAP_BYTES("Subject: one"), "one"},
	{"subject: in the body it is none", TAP_BYTES("X: y\n\nSubject: one\n"), ""},
	{"RFC 5322 4.5.8: a blank before the colon", TAP_BYTES("Subject : one\n\n"),
		"one"},
	{"subject: behind a line that is no field",
		TAP_BYTES("X: y\n>From ida Mon Mar  2\nSubject: one\n\n"), "one"},
};

static const struct message_row from_rows[] = {
	{"from: name and address", TAP_BYTES("From: Ida Holm <ida@example.org>\n\n"),
		"Ida Holm|ida@example.org"},
	{"from: only an address", TAP_BYTES("From: ida@example.org\n\n"),
		"|ida@example.org"},
	{"from: quoted", TAP_BYTES("From: \"Holm, Ida\" <ida@example.org>\n\n"),
		"Holm, Ida|ida@example.org"},
	{"RFC 5322 4.1: a dot without quotes",
		TAP_BYTES("From: Ida T. Holm <ida@example.org>\n\n"),
		"Ida T. Holm|ida@example.org"},
	{"from: encoded",
		TAP_BYTES("From: =?utf-8?B?SmnFmcOtIER2b8WZw6Fr?= <jiri@example.cz>\n\n"),
		"Jiří Dvořák|jiri@example.cz"},
	{"from: an encoded comma parts no mailboxes",
		TAP_BYTES("From: =?utf-8?Q?Dvo=C5=99=C3=A1k=2C_Ji?= "
			  "=?utf-8?Q?=C5=99=C3=AD?="
			  " <jiri@example.cz>\n\n"),
		"Dvořák, Jiří|jiri@example.cz"},
	{"from: encoded in quotes, as some mailers do",
		TAP_BYTES("From: \"=?utf-8?Q?Ji=C5=99=C3=AD?=\" <jiri@example.cz>\n\n"),
		"Jiří|jiri@example.cz"},
	{"from: bare UTF-8", TAP_BYTES("From: Jiří Dvořák <jiri@example.cz>\n\n"),
		"Jiří Dvořák|jiri@example.cz"},
	{"from: bare windows-1252", TAP_BYTES("From: J\xf6rg <joerg@example.de>\n\n"),
		"Jörg|joerg@example.de"},
	{"from: folded", TAP_BYTES("From: Ida Holm\n <ida@example.org>\n\n"),
		"Ida Holm|ida@example.org"},
	{"from: a comment for a name", TAP_BYTES("From: ida@example.org (Ida Holm)\n\n"),
		"Ida Holm|ida@example.org"},
	{"git mailinfo: a comment behind the name is kept",
		TAP_BYTES("From: Ida T. Holm (work) <ida@example.org>\n\n"),
		"Ida T. Holm (work)|ida@example.org"},
	{"git mailinfo: a comment in the name is kept",
		TAP_BYTES("From: Ida (the \"real\" (first) one) Holm "
			  "<ida@example.org>\n\n"),
		"Ida (the \"real\" (first) one) Holm|ida@example.org"},
	{"git mailinfo: a comment in front of an encoded name",
		TAP_BYTES("From: (Dr.) =?utf-8?Q?Ji=C5=99=C3=AD?= <jiri@example.cz>\n\n"),
		"(Dr.) Jiří|jiri@example.cz"},
	{"from: parentheses in quotes are no comment",
		TAP_BYTES("From: \"Holm (work)\" <ida@example.org>\n\n"),
		"Holm (work)|ida@example.org"},
	{"from: a comment alone is the name",
		TAP_BYTES("From: (Ida Holm) <ida@example.org>\n\n"),
		"Ida Holm|ida@example.org"},
	{"from: brackets without quotes",
		TAP_BYTES("From: [x] =?utf-8?Q?Ji=C5=99=C3=AD?= <jiri@example.cz>\n\n"),
		"[x] Jiří|jiri@example.cz"},
	{"from: no mailbox by any reading", TAP_BYTES("From: Ida [at] example\n\n"),
		"Ida [at] example|"},
	{"from: a comment that is never closed",
		TAP_BYTES("From: Ida (work <ida@example.org>\n\n"),
		"Ida (work|ida@example.org"},
	{"from: a comment of the second mailbox",
		TAP_BYTES("From: ida@example.org, Jan (work) <jan@example.org>\n\n"),
		"|ida@example.org"},
	{"RFC 5322 3.6.2: the first of some mailboxes",
		TAP_BYTES("From: Ida <ida@example.org>, Jan <jan@example.org>\n\n"),
		"Ida|ida@example.org"},
	{"RFC 6854: the first of a group",
		TAP_BYTES("From: KVM team: Ida <ida@example.org>, Jan "
			  "<jan@example.org>;\n\n"),
		"Ida|ida@example.org"},
	{"RFC 6854: behind an empty group",
		TAP_BYTES("From: Nobody:;, Jan <jan@example.org>\n\n"),
		"Jan|jan@example.org"},
	{"from: an encoded line feed makes no other field",
		TAP_BYTES("From: =?utf-8?B?SWRhCkJjYzogeA==?= <ida@example.org>\n\n"),
		"Ida Bcc: x|ida@example.org"},
	{"from: the first of two fields",
		TAP_BYTES("From: a@example.org\nFrom: b@example.org\n\n"),
		"|a@example.org"},
	{"from: none", TAP_BYTES("Subject: one\n\n"), "|"},
	{"from: nothing in it", TAP_BYTES("From:\n\n"), "|"},
};

static const struct message_row id_rows[] = {
	{"id: as it is", TAP_BYTES("Message-ID: <20260303.1-2-ida@example.org>\n\n"),
		"20260303.1-2-ida@example.org"},
	{"id: in another case", TAP_BYTES("Message-Id:<A.b@Example.org>\n\n"),
		"A.b@Example.org"},
	{"id: folded in front", TAP_BYTES("Message-ID:\n <a@example.org>\n\n"),
		"a@example.org"},
	{"id: folded inside", TAP_BYTES("Message-ID: <a.b.c.\n d@example.org>\n\n"),
		"a.b.c.d@example.org"},
	{"id: the first of two fields",
		TAP_BYTES("Message-ID: <a@example.org>\nMessage-ID: <b@example.org>\n\n"),
		"a@example.org"},
	{"id: a good one behind a bad one",
		TAP_BYTES("Message-ID: none\nMessage-ID: <b@example.org>\n\n"),
		"b@example.org"},
	{"id: no field", TAP_BYTES("Subject: one\n\n"), "raw:"},
	{"id: an empty field", TAP_BYTES("Message-ID:\n\n"), "raw:"},
	{"id: no '@'", TAP_BYTES("Message-ID: <nowhere>\n\n"), "raw:<nowhere>"},
	{"id: two '@'", TAP_BYTES("Message-ID: <a@b@example.org>\n\n"),
		"raw:<a@b@example.org>"},
	{"id: no brackets", TAP_BYTES("Message-ID: a@example.org\n\n"),
		"raw:a@example.org"},
	{"id: never closed", TAP_BYTES("Message-ID: <a@example.org\n\n"),
		"raw:<a@example.org"},
	{"id: not ASCII", TAP_BYTES("Message-ID: <grüße@example.org>\n\n"),
		"raw:<grüße@example.org>"},
	{"id: a control in it is kept, made harmless",
		TAP_BYTES("Message-ID: <a\033b@example.org>\n\n"),
		"raw:<a" REPLACEMENT "b@example.org>"},
};

static const struct message_row references_rows[] = {
	{"references: oldest first",
		TAP_BYTES("References: <a@x.org> <b@x.org>\n\t<c@x.org>\n\n"),
		"a@x.org b@x.org c@x.org"},
	{"references: no blank between", TAP_BYTES("References: <a@x.org><b@x.org>\n\n"),
		"a@x.org b@x.org"},
	{"references: In-Reply-To alone", TAP_BYTES("In-Reply-To: <a@x.org>\n\n"),
		"a@x.org"},
	{"references: In-Reply-To with words",
		TAP_BYTES("In-Reply-To: Your message of Monday <a@x.org>\n\n"),
		"a@x.org"},
	{"RFC 5322 3.6.4: In-Reply-To is the parent, last",
		TAP_BYTES("In-Reply-To: <a@x.org>\nReferences: <a@x.org> <b@x.org>\n\n"),
		"b@x.org a@x.org"},
	{"references: In-Reply-To that is last already",
		TAP_BYTES("References: <a@x.org> <b@x.org>\nIn-Reply-To: <b@x.org>\n\n"),
		"a@x.org b@x.org"},
	{"references: what is no msg-id is passed over",
		TAP_BYTES("References: <a@x.org> junk <b> <c d@x.org> <> <e@x.org\n\n"),
		"a@x.org cd@x.org"},
	{"references: Yahoo's own draft is none",
		TAP_BYTES("References: <a.ref@x.org>\nMessage-ID: <a@x.org>\n\n"), ""},
	{"references: another's draft is one",
		TAP_BYTES(
			"References: <a.ref@x.org> <a@x.org>\nMessage-ID: <b@x.org>\n\n"),
		"a.ref@x.org a@x.org"},
	{"references: none", TAP_BYTES("Subject: one\n\n"), ""},
};

static const struct message_row list_rows[] = {
	{"RFC 2919: the id in the brackets",
		TAP_BYTES("List-Id: Kernel Virtual Machine <kvm.vger.kernel.org>\n\n"),
		"kvm.vger.kernel.org"},
	{"RFC 2919 6: ids have no case", TAP_BYTES("List-ID: <KVM.Vger.Kernel.ORG>\n\n"),
		"kvm.vger.kernel.org"},
	{"list: without brackets", TAP_BYTES("List-Id: kvm.vger.kernel.org\n\n"),
		"kvm.vger.kernel.org"},
	{"list: folded, with an encoded phrase",
		TAP_BYTES("List-Id: "
			  "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n\t<kvm.vger.kernel.org>\n\n"),
		"kvm.vger.kernel.org"},
	{"list: brackets in the phrase",
		TAP_BYTES("List-Id: \"old <a.example.org>\" <b.example.org>\n\n"),
		"b.example.org"},
	{"list: of two lists",
		TAP_BYTES("List-Id: <a.example.org>\nList-Id: <b.example.org>\n\n"),
		"a.example.org b.example.org"},
	{"list: words are no id", TAP_BYTES("List-Id: the KVM list\n\n"), ""},
	{"list: nothing in it", TAP_BYTES("List-Id: <>\n\n"), ""},
	{"list: none", TAP_BYTES("Subject: one\n\n"), ""},
};

static const struct message_row date_rows[] = {
	{"date: with an offset", TAP_BYTES("Date: Tue, 3 Mar 2026 10:11:12 +0100\n\n"),
		"1772529072 0"},
	{"date: without a weekday", TAP_BYTES("Date: 3 Mar 2026 09:11:12 +0000\n\n"),
		"1772529072 0"},
	{"RFC 5322 4.3: an obsolete zone",
		TAP_BYTES("Date: Tue, 03 Mar 2026 09:11:12 GMT\n\n"), "1772529072 0"},
	{"date: with a comment",
		TAP_BYTES("Date: Tue, 3 Mar 2026 10:11:12 +0100 (CET)\n\n"),
		"1772529072 0"},
	{"date: folded", TAP_BYTES("Date: Tue, 3 Mar 2026\n 10:11:12 +0100\n\n"),
		"1772529072 0"},
	{"date: the first of two",
		TAP_BYTES("Date: Tue, 3 Mar 2026 10:11:12 +0100\nDate: Wed, 4 Mar 2026 "
			  "10:11:12 +0100\n\n"),
		"1772529072 0"},
	{"date: none", TAP_BYTES("Subject: one\n\n"), "0 0"},
	{"date: nothing in it", TAP_BYTES("Date:\n\n"), "0 0"},
	{"date: not one", TAP_BYTES("Date: last Tuesday\n\n"), "0 0"},
	{"date: a day that is none", TAP_BYTES("Date: Tue, 99 Foo 2026 99:99:99\n\n"),
		"0 0"},
	{"received: the newest, on top",
		TAP_BYTES("Received: from a by b; Tue, 3 Mar 2026 10:11:13 +0100\n"
			  "Received: from c by a; Tue, 3 Mar 2026 10:11:12 +0100\n"
			  "Date: Tue, 3 Mar 2026 10:11:12 +0100\n\n"),
		"1772529072 1772529073"},
	{"received: folded, with a comment that holds ';'",
		TAP_BYTES("Received: from a (x; y) by b\n\tfor <c@d>;\n\tTue, 3 Mar 2026 "
			  "10:11:13 +0100\n\n"),
		"0 1772529073"},
	{"received: without a date", TAP_BYTES("Received: from a by b\n\n"), "0 0"},
};

#define PLAIN "Content-Type: text/plain; charset=utf-8\n"
#define MIXED(boundary)                                                                 \
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" boundary "\"\n" \
	"\n"
#define THE_DIFF "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n"

static const struct message_row text_rows[] = {
	{"text: of a plain mail", TAP_BYTES("Subject: x\n\none\n\ntwo\n"),
		"one\n\ntwo\n"},
	{"text: CRLF is LF", TAP_BYTES("Subject: x\r\n\r\none\r\ntwo\r\n"), "one\ntwo\n"},
	{"text: no line end at the end", TAP_BYTES("Subject: x\n\none"), "one"},
	{"text: a body of nothing", TAP_BYTES("Subject: x\n\n"), ""},
	{"text: only a header", TAP_BYTES("Subject: x\n"), ""},
	{"text: nothing at all", TAP_BYTES(""), ""},
	{"text: no header at all", TAP_BYTES("Hello,\nthis has no header.\n"),
		"Hello,\nthis has no header.\n"},
	{"text: a NUL in the body ends nothing",
		TAP_BYTES("Subject: x\n\none\0two\nthree\n"),
		"one" REPLACEMENT "two\nthree\n"},
	{"text: a NUL under base64 ends nothing",
		TAP_BYTES(
			"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
			"b25lAHR3bwo=\n"),
		"one" REPLACEMENT "two\n"},
	{"RFC 2045 6.7: quoted-printable",
		TAP_BYTES("Content-Type: text/plain; charset=utf-8\n"
			  "Content-Transfer-Encoding: quoted-printable\n\n"
			  "Gr=C3=BC=C3=9Fe =3D one=\n two=20\n"),
		"Grüße = one two \n"},
	{"RFC 2045 6.7: what is no quoted-printable stays",
		TAP_BYTES("Content-Type: text/plain; charset=utf-8\n"
			  "Content-Transfer-Encoding: quoted-printable\n\n"
			  "ret = 0; if (a=b)\n"),
		"ret = 0; if (a=b)\n"},
	{"RFC 2045 6.8: base64, its CRLF is LF",
		TAP_BYTES(PLAIN "Content-Transfer-Encoding: base64\n\n"
				"R3LDvMOfZQ0KdHdvDQo=\n"),
		"Grüße\ntwo\n"},
	{"RFC 2045 6.8: of base64 cut short what is whole",
		TAP_BYTES(PLAIN "Content-Transfer-Encoding: base64\n\nR3LDvMOfZ"),
		"Grüß"},
	{"text: an encoding that nobody knows",
		TAP_BYTES("Content-Type: text/plain\nContent-Transfer-Encoding: "
			  "x-own\n\none\n"),
		"one\n"},
	{"text: 8 bit with a charset",
		TAP_BYTES(
			"Content-Type: text/plain; charset=koi8-r\n\n\xd1\xc4\xd2\xcf\n"),
		"ядро\n"},
	{"text: gb2312 is gb18030",
		TAP_BYTES("Content-Type: text/plain; charset=gb2312\n\n\xe9\x46\n"),
		"镕\n"},
	{"text: mis-declared us-ascii",
		TAP_BYTES("Content-Type: text/plain; charset=us-ascii\n\nGrüße\n"),
		"Grüße\n"},
	{"text: a charset that nobody knows",
		TAP_BYTES("Content-Type: text/plain; charset=unknown-8bit\n\nGr\xfc\xdf"
			  "e\n"),
		"Grüße\n"},
	{"text: no charset, windows-1252",
		TAP_BYTES("Subject: x\n\nGr\xfc\xdf"
			  "e \x96\n"),
		"Grüße –\n"},
	{"text: a bidirectional control is replaced",
		TAP_BYTES(PLAIN "\nif (a \xe2\x80\xae b)\n"),
		"if (a " REPLACEMENT " b)\n"},
	{"RFC 3676 4.4: a stuffed blank is taken out",
		TAP_BYTES("Content-Type: text/plain; format=flowed\n\n"
			  "one \ntwo\n >From here\n  indented\n > no quote\n>quote\n"),
		"one two\n>From here\n indented\n> no quote\n>quote\n"},
	{"RFC 3676 4.1: DelSp=yes",
		TAP_BYTES("Content-Type: text/plain; format=flowed; delsp=Yes\n\n"
			  "one \ntwo\n"),
		"onetwo\n"},
	{"RFC 3676 4.1: DelSp of text that is not flowed is nothing",
		TAP_BYTES("Content-Type: text/plain; delsp=yes\n\none \ntwo\n"),
		"one \ntwo\n"},
	{"RFC 3676 4.4: without format=flowed nothing is stuffed",
		TAP_BYTES("Content-Type: text/plain\n\n  indented\n"), "  indented\n"},
	{"RFC 3676 4: the parameter has no case",
		TAP_BYTES("Content-Type: text/plain; FORMAT=Flowed\n\n  indented\n"),
		" indented\n"},
	{"mixed: all that is text and inline",
		TAP_BYTES(MIXED("b") "preamble\n--b\n" PLAIN "\none\n--b\n" PLAIN
				     "\ntwo\n--b--\nepilogue\n"),
		"one\ntwo"},
	{"mixed: an empty line in front of a delimiter, as git mailinfo has it",
		TAP_BYTES(
			MIXED("b") "--b\n" PLAIN "\none\n\n--b\n" PLAIN "\ntwo\n--b--\n"),
		"one\n\ntwo"},
	{"mixed: an attached diff",
		TAP_BYTES(MIXED("b") "--b\n" PLAIN
				     "\none\n\n--b\nContent-Type: text/x-patch\n"
				     "Content-Disposition: attachment; "
				     "filename=x.patch\n\n" THE_DIFF "\n--b--\n"),
		"one\n\n" THE_DIFF},
	{"mixed: an attached diff that is said to be bytes",
		TAP_BYTES(MIXED(
			"b") "--b\n" PLAIN
			     "\none\n\n--b\nContent-Type: application/octet-stream\n"
			     "Content-Disposition: attachment; "
			     "filename=\"0001-x.patch\"\n"
			     "Content-Transfer-Encoding: base64\n\n"
			     "LS0tIGEveC5jCisrKyBiL3guYwpAQCAtMSArMSBAQAotYQorYgo=\n"
			     "--b--\n"),
		"one\n\n" THE_DIFF},
	{"mixed: an attached diff that is said to be plain text",
		TAP_BYTES(MIXED("b") "--b\n" PLAIN "\none\n\n--b\n" PLAIN
				     "Content-Disposition: attachment; "
				     "filename=x.txt\n\n" THE_DIFF "\n--b--\n"),
		"one\n\n" THE_DIFF},
	{"mixed: an attached log is not what was written",
		TAP_BYTES(MIXED(
			"b") "--b\n" PLAIN "\none\n\n--b\n" PLAIN
			     "Content-Disposition: attachment; filename=dmesg.txt\n\n"
			     "[    0.000000] Linux version 6.19.0\n--b--\n"),
		"one\n"},
	{"mixed: other types are left out",
		TAP_BYTES(
			MIXED("b") "--b\n" PLAIN
				   "\none\n\n--b\nContent-Type: image/png\n\nPNG\n"
				   "--b\nContent-Type: application/json\n\n{}\n--b--\n"),
		"one\n"},
	{"mixed: a forwarded mail is left out",
		TAP_BYTES(MIXED("b") "--b\n" PLAIN
				     "\none\n\n--b\nContent-Type: message/rfc822\n\n"
				     "Subject: y\n\ntwo\n--b--\n"),
		"one\n"},
	{"RFC 2046 5.1.4: of alternatives the plain one",
		TAP_BYTES("Content-Type: multipart/alternative; boundary=b\n\n"
			  "--b\n" PLAIN
			  "\none\n--b\nContent-Type: text/html\n\n<p>two</p>\n"
			  "--b--\n"),
		"one"},
	{"alternative: only HTML",
		TAP_BYTES("Content-Type: multipart/alternative; boundary=b\n\n"
			  "--b\nContent-Type: text/html; charset=utf-8\n\n<p>Gr&uuml; "
			  "two</p>\n"
			  "--b--\n"),
		"Gr&uuml; two\n\n"},
	{"HTML: only where there is nothing else",
		TAP_BYTES("Content-Type: text/html; charset=koi8-r\n\n"
			  "<html><p>\xd1\xc4\xd2\xcf<br>two</html>\n"),
		"ядро\ntwo\n"},
	{"mixed: alternatives and a list's footer",
		TAP_BYTES(MIXED(
			"b") "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
			     "--c\n" PLAIN
			     "\none\n\n--c\nContent-Type: text/html\n\n<p>x</p>\n--c--\n"
			     "--b\n" PLAIN "\nfooter\n--b--\n"),
		"one\n\nfooter"},
	{"RFC 3156: of a signed mail what is signed",
		TAP_BYTES("Content-Type: multipart/signed; boundary=b;\n"
			  " protocol=\"application/pgp-signature\"\n\n"
			  "--b\n" PLAIN
			  "\none\n--b\nContent-Type: application/pgp-signature\n\n"
			  "iQEzBAEB\n--b--\n"),
		"one"},
	{"RFC 2387: of related parts the first",
		TAP_BYTES("Content-Type: multipart/related; boundary=b\n\n"
			  "--b\n" PLAIN "\none\n--b\n" PLAIN "\ntwo\n--b--\n"),
		"one"},
	{"RFC 3156: an encrypted mail has no text for us",
		TAP_BYTES("Content-Type: multipart/encrypted; boundary=b\n\n"
			  "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
			  "--b\n" PLAIN "\nhQEMA\n--b--\n"),
		""},
	{"truncated: no end of the multipart",
		TAP_BYTES(MIXED("b") "--b\n" PLAIN "\none\ntwo"), "one\ntwo"},
	{"truncated: in the second part's header",
		TAP_BYTES(MIXED("b") "--b\n" PLAIN "\none\n--b\nContent-Ty"), "one"},
	{"truncated: in the delimiter",
		TAP_BYTES(MIXED("bound") "--bound\n" PLAIN "\none\n--bo"), "one\n--bo"},
	{"RFC 2045 5.2: a type that is none is text/plain",
		TAP_BYTES("Content-Type: ;;=/\n\none\n"), "one\n"},
	{"RFC 2045 5.2: a type without a subtype is text/plain",
		TAP_BYTES("Content-Type: text\n\none\n"), "one\n"},
	{"header: a body line in front of it is a body",
		TAP_BYTES(" Subject: x\n\none\n"), " Subject: x\n\none\n"},
};

static const struct message_row header_rows[] = {
	{"header: there is one", TAP_BYTES("X-Own: y\n\nbody\n"), "yes"},
	{"header: a body alone has none", TAP_BYTES("Hello world\n"), "no"},
	{"header: nothing has none", TAP_BYTES(""), "no"},
	{"header: an empty line first is none", TAP_BYTES("\nSubject: x\n"), "no"},
};

#define TEST_ROWS(rows, show) test_rows((rows), G_N_ELEMENTS(rows), (show))

static const struct id_row {
	const char *rule, *id;
	bool valid;
} valid_rows[] = {
	{"key: as most are", "20260303101112.1-2-ida@example.org", true},
	{"key: the shortest", "a@b", true},
	{"key: any printable ASCII", "!#$%&'*+-/=?^_`{|}~\"\\()[],;:@b", true},
	{"key: a blank", "a b@c", false},
	{"key: a control", "a\tb@c", false},
	{"key: DEL", "a\177b@c", false},
	{"key: not ASCII", "\xc3\xbc@c", false},
	{"key: '<'", "<a@b", false},
	{"key: '>'", "a@b>", false},
	{"key: no '@'", "abc", false},
	{"key: two '@'", "a@b@c", false},
	{"key: '@' in front", "@ab", false},
	{"key: '@' behind", "ab@", false},
	{"key: nothing", "", false},
};

static void test_valid(void)
{
	g_autoptr(GString) id = g_string_new("@example.org");

	for (size_t i = 0; i < G_N_ELEMENTS(valid_rows); i++)
		tap_true(valid_rows[i].rule,
			msgid_is_valid(valid_rows[i].id) == valid_rows[i].valid);
	while (id->len < 250)
		g_string_prepend_c(id, 'x');
	tap_true("key: of 250 bytes", msgid_is_valid(id->str));
	g_string_prepend_c(id, 'x');
	tap_true("key: of 251 bytes is too long", !msgid_is_valid(id->str));
}

static void parse_string(const GString *raw, struct message *message)
{
	char *exact = tap_exact(raw->str, raw->len);

	message_parse(exact, raw->len, message);
	free(exact);
}

/* GMime has a '?' for it. */
static void test_encoded_nul(void)
{
	g_autoptr(GString) raw = g_string_new("Subject: =?utf-8?Q?a=00b?= c\n\n");
	struct message message;

	parse_string(raw, &message);
	tap_true("subject: an encoded NUL ends none",
		g_str_has_prefix(message.subject, "a") &&
			g_str_has_suffix(message.subject, "b c"));
	message_release(&message);
}

/* A long thread: the root and the newest stay, and the parent is last. */
static void test_many_references(void)
{
	g_autoptr(GString) raw = g_string_new("References:");
	struct message message;

	for (unsigned i = 0; i < 300; i++)
		g_string_append_printf(raw, " <%u@x.org>\n", i);
	g_string_append(raw, "In-Reply-To: <parent@x.org>\n\n");
	parse_string(raw, &message);
	tap_number("references: at most LIMIT_REFERENCES", message.references->len, 100);
	tap_string("references: the root stays", message.references->pdata[0], "0@x.org");
	tap_string("references: the parent is last",
		message.references->pdata[message.references->len - 1], "parent@x.org");
	tap_string("references: the newest stay",
		message.references->pdata[message.references->len - 2], "299@x.org");
	message_release(&message);
}

static void test_many_lists(void)
{
	g_autoptr(GString) raw = g_string_new(NULL);
	struct message message;

	for (unsigned i = 0; i < 40; i++)
		g_string_append_printf(raw, "List-Id: <l%u.example.org>\n", i);
	g_string_append(raw, "\n");
	parse_string(raw, &message);
	tap_number("lists: at most LIMIT_LIST_IDS", message.list_ids->len, 16);
	message_release(&message);
}

/* Fields behind GMime's back: a long one is cut, the rest of the message stays. */
static void test_long_subject(void)
{
	g_autoptr(GString) raw = g_string_new("Subject: ");
	struct message message;

	for (unsigned i = 0; i < 3000; i++)
		g_string_append(raw, "ü ");
	g_string_append(raw, "\nMessage-ID: <a@x.org>\n\nbody\n");
	parse_string(raw, &message);
	tap_true("long field: cut at LIMIT_FIELD_BYTES, still UTF-8",
		strlen(message.subject) > 4000 && strlen(message.subject) <= 4100 &&
			g_utf8_validate(message.subject, -1, NULL));
	tap_true("long field: its beginning is right",
		g_str_has_prefix(message.subject, "ü ü ü "));
	tap_string("long field: the next one is read", message.message_id, "a@x.org");
	tap_string("long field: the body is read", message.text->str, "body\n");
	message_release(&message);
}

static void test_huge_header(void)
{
	g_autoptr(GString) raw = g_string_new("Subject: one\n");
	struct message message;

	while (raw->len < 300 * 1024)
		g_string_append(raw, "References: <a@x.org> <b@x.org> <c@x.org>\n");
	g_string_append(raw, "\nbody\n");
	parse_string(raw, &message);
	tap_string("huge header: its limit is named", message.limit, "header size");
	tap_string("huge header: what came first is read", message.subject, "one");
	message_release(&message);
}

/* What relays add is not the sender's fault. */
static void test_foreign_header(void)
{
	g_autoptr(GString) raw = g_string_new(NULL);
	struct message message;

	while (raw->len < 300 * 1024)
		g_string_append(raw, "X-Spam-Report: none\n\tat all\n");
	g_string_append(raw, "Subject: one\n\nbody\n");
	parse_string(raw, &message);
	tap_string("huge header: fields that nobody reads cost nothing", message.subject,
		"one");
	tap_string("huge header: nor do they cut the body", message.text->str, "body\n");
	message_release(&message);
}

/* A tree of DEPTH multiparts, each in the one before, with `leaf` at its bottom. */
static GString *nested_mail(unsigned depth)
{
	GString *raw = g_string_new("Subject: deep\n");

	for (unsigned i = 0; i < depth; i++)
		g_string_append_printf(raw,
			"Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(raw, PLAIN "\nleaf\n");
	return raw;
}

/* What a stranger can send must not take more memory than a delivery may have; in kB. */
static void check_memory(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) != 0 || usage.ru_maxrss > 256 * 1024) {
		tap_note("%ld kB of memory", usage.ru_maxrss);
		abort();
	}
}

static void parse_deep(const void *data)
{
	struct message message;

	parse_string(data, &message);
	if (strcmp(message.subject, "deep") != 0)
		abort();
	message_release(&message);
	check_memory();
}

static void test_depth(void)
{
	g_autoptr(GString) flat = nested_mail(15);
	g_autoptr(GString) deep = nested_mail(30);
	g_autoptr(GString) abyss = nested_mail(100000);
	struct message message;

	parse_string(flat, &message);
	tap_string("nesting: 15 deep is read", message.text->str, "leaf\n");
	tap_string("nesting: and no limit", message.limit, NULL);
	message_release(&message);
	parse_string(deep, &message);
	tap_string("nesting: 30 deep is not", message.text->str, "");
	tap_string("nesting: its limit is named", message.limit, "MIME nesting");
	message_release(&message);
	tap_survives("nesting: 100,000 deep", 60, parse_deep, abyss);
}

/* Headers and delimiters that could pass by the count of parts: GMime would make objects of
 * all of them. */
static const struct flood_row {
	const char *rule, *header, *unit;
} flood_rows[] = {
	{"flood: parts", MIXED("b"), "--b\n\n"},
	{"flood: parts of a forwarded mail",
		"Content-Type: message/rfc822\n\n" MIXED("b"), "--b\n\n"},
	{"flood: a blank in the type", "Content-Type: multipart /mixed; boundary=b\n\n",
		"--b\n\n"},
	{"flood: a comment in the type",
		"Content-Type: multipart(x)/mixed; boundary=b\n\n", "--b\n\n"},
	{"flood: delimiters like the separator of a patch", MIXED("-"), "---\n\n"},
	{"flood: delimiters like the header of a diff", MIXED("- a/x.c"),
		"--- a/x.c\n\n"},
	{"flood: delimiters that begin with a blank", MIXED(" b"), "-- b\n\n"},
	{"flood: delimiters of nothing", MIXED(""), "--\n\n"},
	{"flood: parts of a digest of mails",
		"Content-Type: multipart/digest; boundary=b\n\n", "--b\n\n\n"},
};

static void test_flood(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flood_rows); i++) {
		const struct flood_row *row = &flood_rows[i];
		g_autoptr(GString) raw = g_string_new("Subject: deep\n");

		g_string_append(raw, row->header);
		for (unsigned j = 0; j < 600000; j++)
			g_string_append(raw, row->unit);
		tap_survives(row->rule, 60, parse_deep, raw);
	}
}

static void test_parts(void)
{
	g_autoptr(GString) some = g_string_new("Subject: deep\n" MIXED("b"));
	struct message message;

	for (unsigned i = 0; i < 300; i++)
		g_string_append(some, "--b\n" PLAIN "\nx\n");
	parse_string(some, &message);
	tap_string("parts: of 300 the limit is named", message.limit,
		"number of MIME parts");
	tap_true("parts: the first ones are read",
		g_str_has_prefix(message.text->str, "x\nx\n"));
	message_release(&message);
}

static void parse_only(const void *data)
{
	struct message message;

	parse_string(data, &message);
	message_release(&message);
}

/* GMime 3.2.13 never returns when it has to write a parameter name of 70 to 72 characters
 * whose value is not ASCII. */
static void test_parameter_name(void)
{
	static const char *const forms[] = {
		"Content-Type: text/plain; NAME*=utf-8''gr%C3%BC\n\nx\n",
		"Content-Type: text/plain; %s=\"gr\xc3\xbc\"\n\nx\n",
		"Content-Type: multipart/mixed; %s=\"gr\xc3\xbc\"\n\n--b\n\nx\n--b--\n",
		"Content-Type: multipart/mixed; boundary=b; "
		"%s=\"gr\xc3\xbc\"\n\n--b\n\nx\n",
		"Content-Type: text/plain\nContent-Disposition: attachment; "
		"NAME=\"gr\xc3\xbc\"\n\nx\n",
	};

	for (int length = 68; length <= 74; length++)
		for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
			g_autoptr(GString) raw = g_string_new(forms[i]);
			g_autofree char *parameter = g_strnfill((gsize)length, 'n');
			g_autofree char *rule = g_strdup_printf(
				"a parameter name of %d characters, form %zu", length, i);

			g_string_replace(raw, "NAME", parameter, 1);
			tap_survives(rule, 20, parse_only, raw);
		}
}

/* A mail with all that MIME has, cut at every byte. */
static void test_cut(void)
{
	static const char raw[] =
		"Received: from a by b; Tue, 3 Mar 2026 10:11:13 +0100\n"
		"From: =?utf-8?B?SmnFmcOt?= <jiri@example.cz>\n"
		"Subject: =?utf-8?Q?Gr=C3=BC?=\n =?utf-8?Q?=C3=9Fe?=\n"
		"References: <a@x.org>\n <b@x.org>\nList-Id: <l.x.org>\n" MIXED(
			"b") "--b\n"
			     "Content-Type: multipart/alternative; "
			     "boundary=\"c\"\n\n--c\n" PLAIN "Content-Transfer-Encoding: "
			     "quoted-printable\n\nGr=C3=BC=\n=C3=9Fe\n"
			     "--c\nContent-Type: text/html\n\n<p>x &amp; y</p>\n--c--\n"
			     "--b\nContent-Type: text/x-patch; charset=\"gb2312\"\n"
			     "Content-Transfer-Encoding: base64\n\nxNq6y+lG\n--b--\n";
	bool sane = true;

	for (size_t length = 0; length < sizeof raw; length++) {
		char *cut = tap_exact(raw, length);
		struct message message;

		message_parse(cut, length, &message);
		sane = sane && g_utf8_validate(message.subject, -1, NULL) &&
		       g_utf8_validate(
			       message.text->str, (gssize)message.text->len, NULL);
		message_release(&message);
		free(cut);
	}
	tap_true("cut at every byte: there is a message, and it is UTF-8", sane);
}

static const struct message_row line_rows[] = {
	{"line: unfolded and decoded", TAP_BYTES("one\n two =?utf-8?Q?=C3=BC?= "),
		"one two ü"},
	{"line: no more than its length", TAP_BYTES("one"), "one"},
	{"line: nothing", TAP_BYTES(""), ""},
};

static void test_decode_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(line_rows); i++) {
		const struct message_row *row = &line_rows[i];
		char *value = tap_exact(row->raw, row->length);
		g_autofree char *got = message_decode_line(value, row->length);

		tap_string(row->rule, got, row->expected);
		free(value);
	}
}

static void test_fields(void)
{
	TEST_ROWS(subject_rows, show_subject);
	TEST_ROWS(from_rows, show_from);
	TEST_ROWS(id_rows, show_id);
	TEST_ROWS(references_rows, show_references);
	TEST_ROWS(list_rows, show_lists);
	TEST_ROWS(date_rows, show_dates);
	TEST_ROWS(header_rows, show_header);
}

int main(void)
{
	test_fields();
	TEST_ROWS(text_rows, show_text);
	test_valid();
	test_encoded_nul();
	test_many_references();
	test_many_lists();
	test_long_subject();
	test_huge_header();
	test_foreign_header();
	test_depth();
	test_parts();
	test_flood();
	test_parameter_name();
	test_cut();
	test_decode_line();
	return tap_end();
}

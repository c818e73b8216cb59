/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests/t-patatt.sh holds the same against patatt. */
#include "config.h"

#include "mail/devsig.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tap.h"

#define HASH    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define B64_16  "AAAAAAAAAAAAAAAA"
#define B64_128 B64_16 B64_16 B64_16 B64_16 B64_16 B64_16 B64_16 B64_16
#define TAGS    "v=1; a=ed25519-sha256; t=9; "
#define REST    "h=from:subject; bh=" HASH "; b=" B64_128

static const struct parse_row {
	const char *rule, *value;
	enum devsig_kind kind;
	const char *expected; /* identity|selector, or the reason */
} parse_rows[] = {
	{"as patatt writes it", TAGS "l=403; i=a@x.org; s=2021; " REST, DEVSIG_ED25519,
		"a@x.org|2021"},
	{"without i= and s=", TAGS REST, DEVSIG_ED25519, "f@x.org|default"},
	{"an empty s= is none", TAGS "s=; " REST, DEVSIG_ED25519, "f@x.org|default"},
	{"an unknown tag", TAGS "x=y; zz=; " REST, DEVSIG_ED25519, "f@x.org|default"},
	{"without blanks", "v=1;a=ed25519-sha256;t=9;" REST, DEVSIG_ED25519,
		"f@x.org|default"},
	{"folded within its values",
		"v=1;\n a=ed25519-\n\tsha256; t=9;i=a@\r\n x.org; " REST, DEVSIG_ED25519,
		"a@x.org|default"},
	{"RFC 6376 3.2: a tag twice", TAGS "t=9; " REST, DEVSIG_MALFORMED,
		"it is no list of tags, or has one twice"},
	{"an unknown tag twice", TAGS "x=1; x=1; " REST, DEVSIG_MALFORMED,
		"it is no list of tags, or has one twice"},
	{"no tag", TAGS "x; " REST, DEVSIG_MALFORMED,
		"it is no list of tags, or has one twice"},
	{"a tag without a name", TAGS "=x; " REST, DEVSIG_MALFORMED,
		"it is no list of tags, or has one twice"},
	{"an empty tag", TAGS "; " REST, DEVSIG_MALFORMED,
		"it is no list of tags, or has one twice"},
	{"nothing", "", DEVSIG_OTHER, "its version is not 1"},
	{"what may be an encoded word", TAGS "x==?utf-8?q?y?=; " REST, DEVSIG_MALFORMED,
		"it is no list of tags, or has one twice"},
	{"another version", "v=2; a=ed25519-sha256; t=9; " REST, DEVSIG_OTHER,
		"its version is not 1"},
	{"no version", "a=ed25519-sha256; t=9; " REST, DEVSIG_OTHER,
		"its version is not 1"},
	{"OpenPGP", "v=1; a=openpgp-sha256; i=a@x.org; h=x; b=y", DEVSIG_OTHER,
		"its algorithm is not ed25519-sha256"},
	{"an algorithm that begins alike", "v=1; a=ed25519-sha256x; t=9; " REST,
		DEVSIG_OTHER, "its algorithm is not ed25519-sha256"},
	{"no t=", "v=1; a=ed25519-sha256; " REST, DEVSIG_MALFORMED,
		"it has no h=, bh=, t= or b="},
	{"an empty t=", "v=1; a=ed25519-sha256; t=; " REST, DEVSIG_MALFORMED,
		"its t= is no time"},
	{"a t= before 1970", "v=1; a=ed25519-sha256; t=-1; " REST, DEVSIG_MALFORMED,
		"its t= is no time"},
	{"a t= that is too large", "v=1; a=ed25519-sha256; t=99999999999999999999; " REST,
		DEVSIG_MALFORMED, "its t= is no time"},
	{"an l= that is no number", TAGS "l=1a; " REST, DEVSIG_MALFORMED,
		"its l= is no length"},
	{"h= without from", TAGS "h=subject:to; bh=" HASH "; b=" B64_128,
		DEVSIG_MALFORMED,
		"its h= does not name from and subject, or is no list of fields"},
	{"h= without subject", TAGS "h=from; bh=" HASH "; b=" B64_128, DEVSIG_MALFORMED,
		"its h= does not name from and subject, or is no list of fields"},
	{"h= in upper case", TAGS "h=from:subject:Date; bh=" HASH "; b=" B64_128,
		DEVSIG_MALFORMED,
		"its h= does not name from and subject, or is no list of fields"},
	{"h= with an empty name", TAGS "h=from::subject; bh=" HASH "; b=" B64_128,
		DEVSIG_MALFORMED,
		"its h= does not name from and subject, or is no list of fields"},
	{"bh= that is no SHA-256", TAGS "h=from:subject; bh=AAAA; b=" B64_128,
		DEVSIG_MALFORMED, "its bh= is no SHA-256"},
	{"b= cut short", TAGS "h=from:subject; bh=" HASH "; b=" B64_16, DEVSIG_MALFORMED,
		"its b= is no signature with its digest"},
	{"b= that is not base64", TAGS "h=from:subject; bh=" HASH "; b=!" B64_128,
		DEVSIG_MALFORMED, "its b= is no signature with its digest"},
	{"b= before another tag", TAGS "h=from:subject; b=" B64_128 "; bh=" HASH,
		DEVSIG_MALFORMED, "its last tag is not b="},
	{"b= before an end", TAGS REST ";", DEVSIG_MALFORMED, "its last tag is not b="},
};

static void test_parse(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(parse_rows); i++) {
		const struct parse_row *row = &parse_rows[i];
		g_autofree char *mail = g_strdup_printf(
			"From: F <f@x.org>\nSubject: s\nx-developer-signature:%s\n\nb\n",
			row->value);
		char *exact = tap_exact(mail, strlen(mail));
		g_autofree char *got = NULL;
		struct devsig_mail signed_mail;
		const struct devsig *signature;

		if (!devsig_read(exact, strlen(mail), &signed_mail)) {
			tap_true(row->rule, false);
			free(exact);
			continue;
		}
		signature = signed_mail.signatures->pdata[0];
		got = signature->why ? g_strdup(signature->why)
				     : g_strdup_printf("%s|%s", signature->identity,
					       signature->selector);
		tap_string(row->rule, got, row->expected);
		tap_number("its kind", signature->kind, row->kind);
		devsig_mail_release(&signed_mail);
		free(exact);
	}
}

#define SIGNED "X-Developer-Signature: " TAGS REST "\n"
#define FIELDS "From: F <f@x.org>\nSubject: s\n"

static const struct mail_row {
	const char *rule;
	const char *bytes;
	size_t length;
	bool read;
	const char *failure;
} mail_rows[] = {
	{"a signed mail", TAP_BYTES(FIELDS SIGNED "\nb\n"), true, NULL},
	{"a mail without a signature", TAP_BYTES(FIELDS "\nb\n"), false, NULL},
	{"the field's name in the body", TAP_BYTES(FIELDS "\n" SIGNED "\n"), false, NULL},
	{"a field that begins alike",
		TAP_BYTES(FIELDS "X-Developer-Signature-2: x\n\nb\n"), false, NULL},
	{"a folded line that looks like it", TAP_BYTES(FIELDS " " SIGNED "\nb\n"), false,
		NULL},
	{"a second Subject", TAP_BYTES(FIELDS "subject: t\n" SIGNED "\nb\n"), true,
		"From, Subject or a field about its form stands twice"},
	{"a second From", TAP_BYTES("from: x\n" FIELDS SIGNED "\nb\n"), true,
		"From, Subject or a field about its form stands twice"},
	{"a second Content-Type",
		TAP_BYTES("Content-Type: x\ncontent-type: y\n" FIELDS SIGNED "\nb\n"),
		true, "From, Subject or a field about its form stands twice"},
	{"no Subject", TAP_BYTES("From: F <f@x.org>\n" SIGNED "\nb\n"), true,
		"it has no From or no Subject"},
	{"no body", TAP_BYTES(FIELDS SIGNED "\n"), true, "it has no body"},
	{"no end of the header", TAP_BYTES(FIELDS SIGNED), true, "it has no body"},
	{"a line of blanks", TAP_BYTES(FIELDS " \t\n" SIGNED "\nb\n"), true,
		"its header has a line of blanks"},
	{"a line that is no field", TAP_BYTES(FIELDS "x y\n" SIGNED "\nb\n"), true,
		"its header has a line that is no field"},
	{"RFC 5322 2.2.3: a vertical tab folds no field",
		TAP_BYTES(FIELDS SIGNED "\vX-Y: z\n\nb\n"), true,
		"its header has a line that is no field"},
	{"a blank before a colon", TAP_BYTES(FIELDS "X-Y : z\n" SIGNED "\nb\n"), true,
		"its header has a blank before a colon"},
	{"a NUL", TAP_BYTES(FIELDS SIGNED "\nb\0\n"), true, "it has a NUL"},
};

static void test_mails(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mail_rows); i++) {
		const struct mail_row *row = &mail_rows[i];
		char *exact = tap_exact(row->bytes, row->length);
		struct devsig_mail mail;
		bool read = devsig_read(exact, row->length, &mail);

		tap_true(row->rule, read == row->read);
		if (read && row->failure != NULL)
			tap_string("why not", mail.failure, row->failure);
		else if (read)
			tap_true("and nothing against it", mail.failure == NULL);
		if (read)
			devsig_mail_release(&mail);
		free(exact);
	}
}

/* Cut at any byte, and any byte another: no more than that it comes to an end. */
static void test_total(void)
{
	static const char text[] = FIELDS SIGNED
		"Content-Type: text/plain\n\nFrom: a\n\nb\n";
	struct devsig_mail mail;
	struct mailinfo info;
	uint8_t digest[DEVSIG_DIGEST_BYTES];
	size_t read = 0;

	for (size_t i = 0; i < 4 * sizeof text; i++) {
		size_t at = i / 4, length = i % 4 ? sizeof text - 1 : at;
		char *exact = tap_exact(text, length);

		if (i % 4 && at < length)
			exact[at] = (char)(exact[at] ^
					   (i % 4 == 1 ? 0x20 : 0x80 >> i % 4));
		if (devsig_read(exact, length, &mail)) {
			const struct devsig *signature = mail.signatures->pdata[0];

			read++;
			devsig_read_info(&mail, &info);
			if (signature->kind == DEVSIG_ED25519)
				devsig_digest(signature, &mail, &info, digest);
			mailinfo_release(&info);
			devsig_mail_release(&mail);
		}
		free(exact);
	}
	tap_true("cut and flipped at any byte", read > sizeof text);
}

static void test_limits(void)
{
	g_autoptr(GString) text = g_string_new(FIELDS);
	struct devsig_mail mail;

	for (unsigned i = 0; i < LIMIT_SIGNATURES; i++)
		g_string_append(text, SIGNED);
	g_string_append(text, "\nb\n");
	devsig_read(text->str, text->len, &mail);
	tap_true("as many signatures as there may be",
		!mail.too_many && mail.signatures->len == LIMIT_SIGNATURES);
	devsig_mail_release(&mail);
	for (unsigned i = 0; i < 10000; i++)
		g_string_prepend(text, "X-Developer-Signature:\n");
	devsig_read(text->str, text->len, &mail);
	tap_true("10,000 signatures",
		mail.too_many && mail.signatures->len == LIMIT_SIGNATURES);
	devsig_mail_release(&mail);
	g_string_assign(text, FIELDS);
	for (unsigned i = 0; i < LIMIT_HEADER_BYTES / 5; i++)
		g_string_append(text, "X: y\n");
	g_string_append(text, SIGNED "\nb\n");
	devsig_read(text->str, text->len, &mail);
	tap_true("a header that is too long", mail.too_long && mail.signatures->len == 1);
	devsig_mail_release(&mail);
}

int main(void)
{
	test_parse();
	test_mails();
	test_total();
	test_limits();
	return tap_end();
}

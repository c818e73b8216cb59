/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/minisign.h"

#include <stdlib.h>
#include <string.h>

#include "post/sign.h"
#include "tap.h"

/* Debian's minisign 0.11 made these: -GW; -S and -S -l of "hi\n". */
#define PUBLIC "RWQv4jQzigLli6hRE2F4z4dZd3R9pybLHoj08tLcABykpB4TYW9SDJ8K"
#define SECRET                                                                       \
	"RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAL+" \
	"I0M4oC5YsT"                                                                 \
	"LFLhIi7sOGrJmjeCGP0VMu1kJbEyPgS/"                                           \
	"PkKt6vawXqhRE2F4z4dZd3R9pybLHoj08tLcABykpB4TYW9S"                           \
	"DJ8KAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define FIRST                                                                            \
	"RUQv4jQzigLli8U9Sh8ldnFhBZ98atgqMS9OK99VLqEVNB0GWH47tlyTL9KB2NW0kRREuogt9ZfjJJ" \
	"4A"                                                                             \
	"XeqgW8vhQF9fueYlOAY="
#define SECOND                                                     \
	"iWIKPtHOZljlU/PRgyxzRT7/"                                 \
	"hf3clzs4IkuVFp39X9E3Hu6NfnYbjMj7ZV0DYZVjEjxRlSRuF+y2NiWb" \
	"6nbrDQ=="
#define LEGACY                                                                           \
	"untrusted comment: signature from minisign secret key\n"                        \
	"RWQv4jQzigLli35EvbS+"                                                           \
	"f9GS7E8gBRQ6cZuTJ4ojPMXRpC1CWnSb028aXOo094FaTdXxvCu6plcU77bB"                   \
	"R41KOmhV7DUtDEuc0Qc=\n"                                                         \
	"trusted comment: timestamp:1795269030\tfile:x\n"                                \
	"XZAxR0jluNQ7kLj2M1QLJNmP6hNt6dWXxYDClnqwQ1pUdziv0HyMIOuv75CuG9ClcQnmMG82JQh3DW" \
	"ZX"                                                                             \
	"rPgxBg==\n"
#define UNTRUSTED "untrusted comment: x\n"
#define SIGNATURE UNTRUSTED FIRST "\ntrusted comment: a b\n" SECOND "\n"

static const struct public_row {
	const char *rule, *text;
	bool good;
} public_rows[] = {
	{"a file", UNTRUSTED PUBLIC "\n", true},
	{"a line, as minisign -P takes it", PUBLIC, true},
	{"CRLF", "untrusted comment: x\r\n" PUBLIC "\r\n", true},
	{"blank lines behind it", UNTRUSTED PUBLIC "\n\n\n", true},
	{"no bytes", "", false},
	{"a comment alone", UNTRUSTED, false},
	{"words behind it", UNTRUSTED PUBLIC "\nx\n", false},
	{"a blank in front", " " PUBLIC, false},
	{"a digit too few", "RWQv4jQzigLli6hRE2F4z4dZd3R9pybLHoj08tLcABykpB4TYW9SDJ8",
		false},
	{"a digit too many", PUBLIC "A", false},
	{"another kind of key",
		"RUQv4jQzigLli6hRE2F4z4dZd3R9pybLHoj08tLcABykpB4TYW9SDJ8K", false},
	{"URL's base64", "RWQv4jQzigLli6hRE2F4z4dZd3R9pybLHoj08tLcABykpB4TYW9SDJ-K",
		false},
};

static void test_public(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(public_rows); i++) {
		const struct public_row *row = &public_rows[i];
		struct minisign_public key = {0};
		char *exact = tap_exact(row->text, strlen(row->text));

		tap_true(row->rule, minisign_parse_public(
					    exact, strlen(row->text), &key) == row->good);
		free(exact);
	}
}

static void test_print_public(void)
{
	struct minisign_public key = {0};
	g_autofree char *line = NULL;
	g_autofree char *text = NULL;

	minisign_parse_public(PUBLIC, strlen(PUBLIC), &key);
	line = minisign_print_public_line(&key);
	tap_string("a public key is printed as it was read", line, PUBLIC);
	text = minisign_print_public(&key);
	tap_string("the id is minisign's number", text,
		"untrusted comment: minisign public key 8BE5028A3334E22F\n" PUBLIC "\n");
}

static void test_name(void)
{
	static const uint8_t id[MINISIGN_ID_BYTES] = {
		0xd7, 0xcc, 0xe1, 0x51, 0x2f, 0x09, 0x09, 0x03};
	g_autofree char *name = minisign_name_id(id);

	tap_string("no 0 stands in front of an id, as with minisign", name,
		"309092F51E1CCD7");
}

static void test_secret(void)
{
	static const char text[] = UNTRUSTED SECRET "\n";
	struct minisign_secret secret;
	char print[MINISIGN_FILE_BYTES];

	tap_true("a secret key is read",
		minisign_parse_secret(text, strlen(text), &secret) && !secret.encrypted);
	minisign_print_secret(&secret, secret.sealed, print);
	tap_string("and printed as it was", print,
		"untrusted comment: mldigest secret key 8BE5028A3334E22F\n" SECRET "\n");
	tap_true("a secret key alone in its line is none",
		!minisign_parse_secret(SECRET, strlen(SECRET), &secret));
	tap_true("a public key is no secret one",
		!minisign_parse_secret(
			UNTRUSTED PUBLIC, strlen(UNTRUSTED PUBLIC), &secret));
}

static const struct signature_row {
	const char *rule, *text;
	bool good;
} signature_rows[] = {
	{"a signature", SIGNATURE, true},
	{"a legacy one", LEGACY, true},
	{"no line end at the end", UNTRUSTED FIRST "\ntrusted comment: a b\n" SECOND,
		true},
	{"an empty trusted comment", UNTRUSTED FIRST "\ntrusted comment: \n" SECOND,
		true},
	{"no comment", FIRST "\ntrusted comment: a b\n" SECOND, false},
	{"no trusted comment", UNTRUSTED FIRST "\n" SECOND, false},
	{"no second signature", UNTRUSTED FIRST "\ntrusted comment: a b\n", false},
	{"two in one file", SIGNATURE SIGNATURE, false},
	{"bits that no byte has",
		UNTRUSTED FIRST "\ntrusted comment: a b\n"
				"iWIKPtHOZljlU/PRgyxzRT7/"
				"hf3clzs4IkuVFp39X9E3Hu6NfnYbjMj7ZV0DYZVjEjxRlSRuF+y2NiWb"
				"6nbrDR==",
		false},
	{"padding left out",
		UNTRUSTED FIRST "\ntrusted comment: a b\n"
				"iWIKPtHOZljlU/PRgyxzRT7/"
				"hf3clzs4IkuVFp39X9E3Hu6NfnYbjMj7ZV0DYZVjEjxRlSRuF+y2NiWb"
				"6nbrDQ",
		false},
};

static void test_signature(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(signature_rows); i++) {
		const struct signature_row *row = &signature_rows[i];
		struct minisign_signature signature = {0};
		char *exact = tap_exact(row->text, strlen(row->text));

		tap_true(row->rule, minisign_parse_signature(exact, strlen(row->text),
					    &signature) == row->good);
		minisign_signature_release(&signature);
		free(exact);
	}
}

/* Every cut of a good one is none, and reads no byte behind its end. */
static void test_cut(void)
{
	size_t length = strlen(SIGNATURE) - 1, good = 0;

	for (size_t i = 0; i < length; i++) {
		struct minisign_signature signature = {0};
		char *exact = tap_exact(SIGNATURE, i);

		good += minisign_parse_signature(exact, i, &signature);
		minisign_signature_release(&signature);
		free(exact);
	}
	tap_number("no beginning of a signature is one", (int64_t)good, 0);
}

static enum sign_result check(const char *file, const char *text, size_t length)
{
	struct minisign_public key = {0};
	struct minisign_signature signature = {0};
	enum sign_result result;

	if (!minisign_parse_public(PUBLIC, strlen(PUBLIC), &key) ||
		!minisign_parse_signature(file, strlen(file), &signature))
		return SIGN_BAD;
	result = sign_check(&key, &signature, text, length);
	minisign_signature_release(&signature);
	return result;
}

static void test_check(void)
{
	tap_number(
		"minisign's signature is good", check(SIGNATURE, "hi\n", 3), SIGN_GOOD);
	tap_number("minisign's legacy one is good", check(LEGACY, "hi\n", 3), SIGN_GOOD);
	tap_number("of another text it is bad", check(SIGNATURE, "ho\n", 3), SIGN_BAD);
	tap_number("a legacy one too", check(LEGACY, "ho\n", 3), SIGN_BAD);
	tap_number("with another trusted comment it is bad",
		check(UNTRUSTED FIRST "\ntrusted comment: a c\n" SECOND, "hi\n", 3),
		SIGN_BAD_COMMENT);
	tap_number("the kind is signed: a prehashed one taken for a legacy one",
		check("untrusted comment: x\n"
		      "RWQv4jQzigLli8U9Sh8ldnFhBZ98atgqMS9OK99VLqEVNB0GWH47tlyTL9KB2NW0kR"
		      "REuog"
		      "t9ZfjJJ4AXeqgW8vhQF9fueYlOAY=\ntrusted comment: a b\n" SECOND,
			"hi\n", 3),
		SIGN_BAD);
}

/* Ours, and each of its text's bits turned over, and some of the comment's. */
static void test_sign(void)
{
	static const char comment[] = "mldigest1 issue=1";
	char text[250];
	struct sign_key *key = NULL;
	struct minisign_signature signature = {0};
	GString *file;
	size_t good = 0;

	memset(text, 'x', sizeof text);
	if (!tap_true("a key is made", sign_make_key(&key) == STATUS_OK))
		return;
	file = sign_text(key, text, sizeof text, comment);
	tap_true("what is signed can be read",
		minisign_parse_signature(file->str, file->len, &signature));
	tap_true("it is prehashed", signature.prehashed);
	tap_string("it has its comment", signature.comment->str, comment);
	tap_number("it is good",
		sign_check(sign_public(key), &signature, text, sizeof text), SIGN_GOOD);
	for (size_t bit = 0; bit < 8 * sizeof text; bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		good += sign_check(sign_public(key), &signature, text, sizeof text) ==
			SIGN_GOOD;
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
	tap_number("with any of 2,000 bits turned over it is not", (int64_t)good, 0);
	tap_number("a byte less, and it is not",
		sign_check(sign_public(key), &signature, text, sizeof text - 1),
		SIGN_BAD);
	signature.id[0] ^= 1;
	tap_number("another key's id is told",
		sign_check(sign_public(key), &signature, text, sizeof text),
		SIGN_OTHER_KEY);
	minisign_signature_release(&signature);
	g_string_free(file, TRUE);
	sign_free_key(key);
}

int main(void)
{
	test_public();
	test_print_public();
	test_name();
	test_secret();
	test_signature();
	test_cut();
	test_check();
	test_sign();
	return tap_end();
}

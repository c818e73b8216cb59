/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/claim.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* From tests/unit/chain.c, which has them from coreutils. */
#define H0    "f294f6d6c6aec38c16df24835721cef868cd1c79a73478ca684619f72644c6a8"
#define H1    "9628b1dd0dbedbec66e59b7badd34009cf982c07affca5848f6cb0a6437757a7"
#define H2    "7cdf22dd30e29ea5657831ab317cbc1a5386ff86de064fe6cd78ef4824de9dfe"
#define D1    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
#define D2    "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
#define LINE1 "1 " D1 " 20260303101112.1-2-ida@example.org\n"
#define LINE2 "2 " D2 " b@example.org\n"
#define CLAIM(seq, prev, head)                                                     \
	"mldigest1 list=kvm.vger.kernel.org issue=3 seq=" seq " from=f294 to=7cdf" \
	" prev=" prev " head=" head
#define GOOD CLAIM("1-2", H0, H2)

#define PERSONAL(words) \
	"mldigest1-personal list=x issue=3 seq=1-2 from=a to=b prev=" H0 " head=" H2 words

static const struct parse_row {
	const char *rule, *text;
	bool good;
} parse_rows[] = {
	{"personal: a filter",
		PERSONAL(" shown=1/2 before=2 for= filter=path:a,author:Jan%20Ek"), true},
	{"personal: words behind it",
		PERSONAL(" shown=0/0 before=0 for=a@x.y filter= later=1"), true},
	{"personal: nothing of it", PERSONAL(""), false},
	{"personal: no filter", PERSONAL(" shown=1/2 before=0 for="), false},
	{"personal: more than all", PERSONAL(" shown=3/2 before=0 for= filter="), false},
	{"personal: no number", PERSONAL(" shown=1 before=0 for= filter="), false},
	{"personal: a later issue before it",
		PERSONAL(" shown=1/2 before=3 for= filter="), false},
	{"personal: a kind that is none",
		PERSONAL(" shown=1/2 before=0 for= filter=frog:a"), false},
	{"personal: a word without a kind", PERSONAL(" shown=1/2 before=0 for= filter=a"),
		false},
	{"personal: a byte that is none",
		PERSONAL(" shown=1/2 before=0 for= filter=path:%zz"), false},
	{"a claim", GOOD, true},
	{"words behind it are for later versions", GOOD " later=1", true},
	{"no list", "mldigest1 list= issue=3 seq=1-2 from=a to=b prev=" H0 " head=" H2,
		true},
	{"the largest numbers", CLAIM("1-18446744073709551615", H0, H2), true},
	{"no bytes", "", false},
	{"another program's", "timestamp:1795269030\tfile:x", false},
	{"another version",
		"mldigest2 list= issue=3 seq=1-2 from=a to=b prev=" H0 " head=" H2,
		false},
	{"another order",
		"mldigest1 issue=3 list= seq=1-2 from=a to=b prev=" H0 " head=" H2,
		false},
	{"two blanks",
		"mldigest1  list= issue=3 seq=1-2 from=a to=b prev=" H0 " head=" H2,
		false},
	{"one number", CLAIM("1", H0, H2), false},
	{"no message", CLAIM("2-1", H0, H2), false},
	{"message 0", CLAIM("0-1", H0, H2), false},
	{"a 0 in front", CLAIM("01-2", H0, H2), false},
	{"a sign", CLAIM("+1-2", H0, H2), false},
	{"a number that is too large", CLAIM("1-18446744073709551616", H0, H2), false},
	{"a short hash", CLAIM("1-2", "f294", H2), false},
	{"a long hash", CLAIM("1-2", H0, H2 "0"), false},
	{"capitals",
		CLAIM("1-2", H0,
			"7CDF22DD30E29EA5657831AB317CBC1A5386FF86DE064FE6CD78EF4824DE9DF"
			"E"),
		false},
	{"nothing behind prev=",
		"mldigest1 list= issue=3 seq=1-2 from=a to=b prev= head=" H2, false},
	{"no head", "mldigest1 list= issue=3 seq=1-2 from=a to=b prev=" H0, false},
};

static void test_parse(void)
{
	struct claim claim = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(parse_rows); i++) {
		const struct parse_row *row = &parse_rows[i];
		char *exact = tap_exact(row->text, strlen(row->text));

		tap_true(row->rule,
			claim_parse(exact, strlen(row->text), &claim) == row->good);
		claim_release(&claim);
		free(exact);
	}
	tap_true("a NUL inside", !claim_parse(TAP_BYTES(GOOD " \0"), &claim));
}

static void test_print(void)
{
	struct claim claim = {0};
	g_autofree char *print = NULL;

	claim_parse(GOOD, strlen(GOOD), &claim);
	print = claim_print(&claim);
	tap_string("what was read is printed as it was", print, GOOD);
	claim_release(&claim);
}

static const struct filter_row {
	const char *rule, *path, *author, *printed;
} filter_rows[] = {
	{"personal: no filter", NULL, NULL, ""},
	{"personal: a path and an author", "arch/arm64/**", "Jan Ek",
		"author:Jan%20Ek,path:arch/arm64/**"},
	{"personal: what stands between words", "a,b c%d:e", "=",
		"author:=,path:a%2Cb%20c%25d:e"},
	{"personal: beyond ASCII", "gr\xc3\xbcn", "\xc3\xa5",
		"author:%C3%A5,path:gr%C3%BCn"},
};

/* Whatever a filter has, it is one word of the claim. */
static void test_filters(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(filter_rows); i++) {
		const struct filter_row *row = &filter_rows[i];
		struct claim claim = {0}, again = {0};
		g_autofree char *print = NULL, *twice = NULL, *want = NULL;

		claim_parse(GOOD, strlen(GOOD), &claim);
		claim.personal = true;
		claim.shown = 1;
		claim.all = 2;
		claim.before = 2;
		claim.person = g_strdup("a@x.y");
		if (row->path != NULL)
			filter_words_add(&claim.filter, FILTER_PATH, row->path);
		if (row->author != NULL)
			filter_words_add(&claim.filter, FILTER_AUTHOR, row->author);
		print = claim_print(&claim);
		want = g_strdup_printf("mldigest1-personal%s shown=1/2 before=2 "
				       "for=a@x.y filter=%s",
			strchr(GOOD, ' '), row->printed);
		tap_string(row->rule, print, want);
		tap_true("… is read",
			claim_parse(print, strlen(print), &again) && again.personal);
		twice = claim_print(&again);
		tap_string("… as it was", twice, print);
		claim_release(&claim);
		claim_release(&again);
	}
}

static const struct manifest_row {
	const char *rule, *claim, *text, *why;
} manifest_rows[] = {
	{"it leads from prev to head", GOOD, LINE1 LINE2, NULL},
	{"a part of the chain", CLAIM("2-2", H1, H2), LINE2, NULL},
	{"no line end at the end", CLAIM("2-2", H1, H2), "2 " D2 " b@example.org", NULL},
	{"no line", GOOD, "", "its manifest has other numbers"},
	{"a message is missing at the end", GOOD, LINE1,
		"its manifest has other numbers"},
	{"a message is missing in front", GOOD, LINE2, "its manifest has other numbers"},
	{"a message too many", CLAIM("1-1", H0, H1), LINE1 LINE2,
		"its manifest has other numbers"},
	{"another order", GOOD, LINE2 LINE1, "its manifest has other numbers"},
	{"another head", CLAIM("1-2", H0, H1), LINE1 LINE2,
		"its manifest does not lead from prev to head"},
	{"another prev", CLAIM("1-2", H1, H2), LINE1 LINE2,
		"its manifest does not lead from prev to head"},
	{"another Message-ID", GOOD, LINE1 "2 " D2 " c@example.org\n",
		"its manifest does not lead from prev to head"},
	{"another hash", GOOD, LINE1 "2 " D1 " b@example.org\n",
		"its manifest does not lead from prev to head"},
	{"no Message-ID", GOOD, LINE1 "2 " D2 "\n", "a line of its manifest is none"},
	{"CRLF", GOOD, "1 " D1 " 20260303101112.1-2-ida@example.org\r\n",
		"a line of its manifest is none"},
	{"an empty line behind it", GOOD, LINE1 LINE2 "\n",
		"a line of its manifest is none"},
};

static void test_manifest(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(manifest_rows); i++) {
		const struct manifest_row *row = &manifest_rows[i];
		struct claim claim = {0};
		const char *why = NULL;
		char *exact = tap_exact(row->text, strlen(row->text));
		bool fits;

		claim_parse(row->claim, strlen(row->claim), &claim);
		fits = claim_fits_manifest(&claim, exact, strlen(row->text), &why);
		tap_string(row->rule, fits ? "fits" : why, row->why ? row->why : "fits");
		claim_release(&claim);
		free(exact);
	}
}

/* Any bit of the manifest that is turned over. */
static void test_flip(void)
{
	char text[] = LINE1 LINE2;
	size_t fits = 0;
	struct claim claim = {0};

	claim_parse(GOOD, strlen(GOOD), &claim);
	for (size_t bit = 0; bit < 8 * strlen(LINE1 LINE2); bit++) {
		const char *why;

		text[bit / 8] ^= (char)(1 << bit % 8);
		/* The last line's end may be missing. */
		fits += claim_fits_manifest(&claim, text, strlen(LINE1 LINE2), &why);
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
	tap_number("a bit turned over anywhere, and it does not fit", (int64_t)fits, 0);
	claim_release(&claim);
}

static void test_begins(void)
{
	static const struct begins_row {
		const char *rule, *claim;
		bool begins;
	} rows[] = {
		{"message 1 behind H0 of the list begins the chain", GOOD, true},
		{"message 2 does not", CLAIM("2-2", H1, H2), false},
		{"message 1 behind another link does not", CLAIM("1-2", H1, H2), false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct claim claim = {0};

		claim_parse(rows[i].claim, strlen(rows[i].claim), &claim);
		tap_true(rows[i].rule, claim_begins_chain(&claim) == rows[i].begins);
		claim_release(&claim);
	}
}

int main(void)
{
	test_parse();
	test_print();
	test_filters();
	test_manifest();
	test_flip();
	test_begins();
	return tap_end();
}

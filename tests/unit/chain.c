/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/chain.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"
#include "tap.h"

/* The values are coreutils':
 *   H0=$(printf 'mldigest-chain-v1 kvm.vger.kernel.org\n' | b2sum -l 256 | cut -d' ' -f1)
 *   D1=$(printf abc | b2sum -l 256 | cut -d' ' -f1)
 *   H1=$(printf 'mldigest-rec-v1 %s 1 %s 20260303101112.1-2-ida@example.org\n' \
 *           $H0 $D1 | b2sum -l 256 | cut -d' ' -f1)
 *   D2=$(printf '' | b2sum -l 256 | cut -d' ' -f1)
 *   H2=$(printf 'mldigest-rec-v1 %s 2 %s b@example.org\n' $H1 $D2 | b2sum -l 256) */
#define H0 "f294f6d6c6aec38c16df24835721cef868cd1c79a73478ca684619f72644c6a8"
#define H1 "9628b1dd0dbedbec66e59b7badd34009cf982c07affca5848f6cb0a6437757a7"
#define H2 "7cdf22dd30e29ea5657831ab317cbc1a5386ff86de064fe6cd78ef4824de9dfe"

static void test_start(void)
{
	static const struct start_row {
		const char *rule, *list_id, *link;
	} rows[] = {
		{"H0 of a list", "kvm.vger.kernel.org", H0},
		{"H0 of no list: the blank stays", "",
			"aa0f82d2ee332911dd70e3b396daca43ec6e4fece861ac6986cbc62d9cc21d6"
			"7"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint8_t link[HASH_BYTES];
		g_autofree char *hex = NULL;

		chain_start(rows[i].list_id, link);
		hex = text_to_hex(link, sizeof link);
		tap_string(rows[i].rule, hex, rows[i].link);
	}
}

static const struct next_row {
	const char *rule, *previous;
	uint64_t number;
	const char *raw, *message_id, *link;
} next_rows[] = {
	{"H1 hangs on H0", H0, 1, "abc", "20260303101112.1-2-ida@example.org", H1},
	{"H2 hangs on H1; a message of no bytes", H1, 2, "", "b@example.org", H2},
	{"the largest number", H1, UINT64_MAX, "", "b@example.org",
		"3e71c6490c13ab1d545438a138666dcac7da76fc45a816e804a5cf7826d8142d"},
};

static void test_next(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(next_rows); i++) {
		const struct next_row *row = &next_rows[i];
		uint8_t previous[HASH_BYTES], raw[HASH_BYTES], link[HASH_BYTES];
		g_autofree char *hex = NULL;
		size_t digits = 0;

		text_from_hex(row->previous, previous, sizeof previous, &digits);
		hash_bytes(row->raw, strlen(row->raw), raw);
		chain_next(previous, row->number, raw, row->message_id, link);
		hex = text_to_hex(link, sizeof link);
		tap_string(row->rule, hex, row->link);
	}
}

/* The caller keeps one link and moves it along. */
static void test_in_place(void)
{
	uint8_t link[HASH_BYTES], raw[HASH_BYTES];
	g_autofree char *hex = NULL;

	chain_start("kvm.vger.kernel.org", link);
	hash_bytes("abc", 3, raw);
	chain_next(link, 1, raw, "20260303101112.1-2-ida@example.org", link);
	hex = text_to_hex(link, sizeof link);
	tap_string("the new link may take the old one's place", hex, H1);
}

int main(void)
{
	test_start();
	test_next();
	test_in_place();
	return tap_end();
}

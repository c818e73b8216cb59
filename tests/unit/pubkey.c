/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/pubkey.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"
#include "tap.h"

#define KEY_1 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define KEY_2 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define R_1   "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
#define S_1   "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
#define R_2   "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
#define S_2   "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
/* S_1 and the group's order: the same number to who does not look. */
#define S_1_AGAIN "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b"
#define NEUTRAL   "0100000000000000000000000000000000000000000000000000000000000000"
#define ZERO      "0000000000000000000000000000000000000000000000000000000000000000"

static const struct pubkey_row {
	const char *rule, *key, *signature, *text;
	bool good;
} pubkey_rows[] = {
	{"RFC 8032 7.1, test 1: no text", KEY_1, R_1 S_1, "", true},
	{"RFC 8032 7.1, test 2: one byte", KEY_2, R_2 S_2, "\x72", true},
	{"another text", KEY_2, R_2 S_2, "\x73", false},
	{"another key", KEY_1, R_2 S_2, "\x72", false},
	{"another signature", KEY_2, R_1 S_2, "\x72", false},
	{"RFC 8032 5.1.7: S is less than the order", KEY_1, R_1 S_1_AGAIN, "", false},
	{"the neutral element as a key, which any text fits", NEUTRAL, NEUTRAL ZERO, "",
		false},
	{"a key of order 4", ZERO, NEUTRAL ZERO, "", false},
	{"all 0", ZERO, ZERO ZERO, "", false},
};

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pubkey_rows); i++) {
		const struct pubkey_row *row = &pubkey_rows[i];
		uint8_t key[PUBKEY_BYTES], signature[PUBKEY_SIGNATURE_BYTES];
		size_t digits;

		text_from_hex(row->key, key, sizeof key, &digits);
		text_from_hex(row->signature, signature, sizeof signature, &digits);
		tap_true(row->rule, pubkey_check(signature, row->text, strlen(row->text),
					    key) == row->good);
	}
	return tap_end();
}

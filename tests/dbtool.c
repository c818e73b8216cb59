/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damages a database of a home, as a fault of the program or the disk would:
 *   dbtool DIRECTORY FILE delete KEY
 *   dbtool DIRECTORY FILE flip KEY OFFSET      one bit of the value
 *   dbtool DIRECTORY FILE put KEY VALUE        a further entry
 *   dbtool DIRECTORY FILE move KEY             the key's last byte becomes 255
 * KEY and VALUE are n:NUMBER, big-endian as in arrival.db, s:TEXT, or x: and
 * hexadecimal digits; KEY may be "first". */
#include <db.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char number[2][8];

static DBT parse(char *word, int slot)
{
	static unsigned char bytes[256];
	DBT dbt = {.data = word + 2, .size = (u_int32_t)strlen(word + 2)};

	if (word[0] == 'x') {
		dbt.size = 0;
		for (char *c = word + 2; c[0] && c[1] && dbt.size < sizeof bytes; c += 2) {
			char digits[3] = {c[0], c[1], 0};

			bytes[dbt.size++] = (unsigned char)strtoul(digits, NULL, 16);
		}
		dbt.data = bytes;
	}
	if (word[0] == 'n') {
		unsigned long long n = strtoull(word + 2, NULL, 10);

		for (int i = 7; i >= 0; i--, n >>= 8)
			number[slot][i] = (unsigned char)n;
		dbt.data = number[slot];
		dbt.size = 8;
	}
	return dbt;
}

/* The first key of DB. */
static DBT first_key(DB *db, DB_TXN *txn)
{
	DBT key = {.flags = DB_DBT_MALLOC}, value = {.flags = DB_DBT_MALLOC};
	DBC *cursor;

	if (db->cursor(db, txn, &cursor, 0) != 0 ||
		cursor->get(cursor, &key, &value, DB_FIRST) != 0)
		exit(2);
	cursor->close(cursor);
	key.flags = 0;
	return key;
}

static int change(DB *db, DB_TXN *txn, char **words)
{
	DBT key = strcmp(words[1], "first") == 0 ? first_key(db, txn) : parse(words[1], 0);
	DBT value = {0};
	int result;

	if (strcmp(words[0], "delete") == 0)
		return db->del(db, txn, &key, 0);
	if (strcmp(words[0], "put") == 0) {
		value = parse(words[2], 1);
		return db->put(db, txn, &key, &value, 0);
	}
	if (strcmp(words[0], "move") == 0) {
		result = db->del(db, txn, &key, 0);
		((unsigned char *)key.data)[key.size - 1] = 255;
		return result ? result : db->put(db, txn, &key, &value, 0);
	}
	value.flags = DB_DBT_MALLOC;
	result = db->get(db, txn, &key, &value, 0);
	if (result != 0)
		return result;
	((unsigned char *)value.data)[atoi(words[2]) % (int)value.size] ^= 1;
	value.flags = 0;
	return db->put(db, txn, &key, &value, 0);
}

int main(int argc, char **argv)
{
	DB_ENV *env;
	DB *db;
	DB_TXN *txn;
	int result;

	if (argc < 5 || db_env_create(&env, 0) != 0)
		return 2;
	(void)((result = env->open(env, argv[1],
			DB_CREATE | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN, 0600)) ||
		(result = db_create(&db, env, 0)) ||
		(result = db->open(db, NULL, argv[2], NULL, DB_UNKNOWN, DB_AUTO_COMMIT, 0)) ||
		(result = env->txn_begin(env, NULL, &txn, 0)) ||
		(result = change(db, txn, argv + 3)) || (result = txn->commit(txn, 0)) ||
		(result = db->close(db, 0)) ||
		(result = env->txn_checkpoint(env, 0, 0, DB_FORCE)) ||
		(result = env->close(env, 0)));
	if (result != 0)
		fprintf(stderr, "dbtool: %s\n", db_strerror(result));
	return result != 0;
}

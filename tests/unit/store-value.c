/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads or writes one raw value of a home, for what no program of today would write:
 *
 *     store-value HOME subscriber|issue|outbox get|put NUMBER|- KEY
 *
 * NUMBER is an issue's, in front of KEY.  The value goes to standard output, or comes from standard
 * input.  1: there is none. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "store/outbox_keys.h"

struct value {
	enum env_db db;
	GByteArray *key;
	struct env_value bytes;
};

static enum status value_put(struct store *store, void *data)
{
	struct value *value = data;

	return env_put(
		store->env, value->db, value->key->data, value->key->len, &value->bytes);
}

static enum status value_get(struct store *store, void *data)
{
	struct value *value = data;

	return env_get(
		store->env, value->db, value->key->data, value->key->len, &value->bytes);
}

static enum env_db value_find_db(const char *name)
{
	return strcmp(name, "subscriber") == 0 ? ENV_SUBSCRIBER
	       : strcmp(name, "issue") == 0    ? ENV_ISSUE
					       : ENV_OUTBOX;
}

int main(int argc, char **argv)
{
	static char buffer[1024 * 1024];
	struct value value = {.key = g_byte_array_new()};
	bool put;
	enum status status;

	if (argc != 6)
		return 99;
	value.db = value_find_db(argv[2]);
	put = strcmp(argv[3], "put") == 0;
	if (strcmp(argv[4], "-") != 0) {
		g_byte_array_unref(value.key);
		value.key = outbox_key(strtoull(argv[4], NULL, 10), argv[5]);
	} else {
		g_byte_array_append(
			value.key, (const guint8 *)argv[5], (guint)strlen(argv[5]));
	}
	if (put)
		value.bytes = (struct env_value){
			buffer, fread(buffer, 1, sizeof buffer, stdin)};
	status = store_run(argv[1], put ? value_put : value_get, &value);
	if (status == STATUS_OK && !put)
		fwrite(value.bytes.data, 1, value.bytes.length, stdout);
	if (!put)
		env_value_release(&value.bytes);
	g_byte_array_unref(value.key);
	return status == STATUS_OK ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/dump.h"

#include <errno.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/copy.h"
#include "store/env_care.h"
#include "store/lookup_index.h"
#include "store/relate_index.h"
#include "store/review_index.h"

const struct dump_table dump_tables[DUMP_TABLES] = {
	{"meta", ENV_META, DUMP_KEY_BYTES},
	{"record", ENV_ARRIVAL, DUMP_KEY_NUMBER},
	{"text", ENV_TEXT, DUMP_KEY_NUMBER},
	{"list", ENV_LIST, DUMP_KEY_BYTES},
	{"removed", ENV_REMOVED, DUMP_KEY_BYTES},
	{"issue", ENV_ISSUE, DUMP_KEY_NUMBER},
	{"sent", ENV_ISSUE, DUMP_KEY_RECIPIENT},
	{"owed", ENV_OUTBOX, DUMP_KEY_RECIPIENT},
	{"subscriber", ENV_SUBSCRIBER, DUMP_KEY_BYTES},
};

const char *const dump_files[] = {"config", "mailmap", "key.pub", NULL};

enum { DUMP_BLOCK_BYTES = 65536 };

void dump_encode(const void *bytes, size_t length, bool key, GString *line)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < length; i++) {
		uint8_t c = byte[i];

		if ((g_ascii_isgraph(c) || (c == ' ' && !key)) && c != '%') {
			g_string_append_c(line, (char)c);
		} else {
			g_string_append_c(line, '%');
			g_string_append_c(line, digits[c >> 4]);
			g_string_append_c(line, digits[c & 15]);
		}
	}
}

bool dump_decode(const char *text, size_t length, GByteArray *bytes_r)
{
	for (size_t i = 0; i < length; i++) {
		guint8 byte = (guint8)text[i];

		if (byte == '%') {
			if (length - i < 3 || !g_ascii_isxdigit(text[i + 1]) ||
				!g_ascii_isxdigit(text[i + 2]))
				return false;
			byte = (guint8)(g_ascii_xdigit_value(text[i + 1]) * 16 +
					g_ascii_xdigit_value(text[i + 2]));
			i += 2;
		}
		g_byte_array_append(bytes_r, &byte, 1);
	}
	return true;
}

struct dump {
	const char *home;
	int fd;
	struct env *env;
	struct hash hash;
	GString *lines; /* not written yet */
	bool damaged;
};

static enum status dump_flush(struct dump *dump)
{
	enum status status = STATUS_OK;

	hash_update(&dump->hash, dump->lines->str, dump->lines->len);
	if (!io_write_all(dump->fd, dump->lines->str, dump->lines->len))
		status = diag_errno(errno, STATUS_IO, "dump");
	g_string_truncate(dump->lines, 0);
	return status;
}

static void dump_add_key(
	const struct dump_table *table, const uint8_t *key, size_t length, GString *line)
{
	uint64_t number;

	if (table->key == DUMP_KEY_BYTES) {
		dump_encode(key, length, true, line);
		return;
	}
	memcpy(&number, key, sizeof number);
	g_string_append_printf(
		line, "%" G_GUINT64_FORMAT, (guint64)GUINT64_FROM_BE(number));
	if (table->key == DUMP_KEY_RECIPIENT) {
		g_string_append_c(line, '/');
		dump_encode(key + sizeof number, length - sizeof number, true, line);
	}
}

/* Issues and their deliveries are in one database. */
static bool dump_has_key(const struct dump_table *table, size_t length)
{
	return table->key == DUMP_KEY_BYTES ||
	       (table->key == DUMP_KEY_NUMBER ? length == 8 : length > 8);
}

/* How far an index goes that a dump has not. */
static bool dump_is_derived(
	const struct dump_table *table, const uint8_t *key, size_t length)
{
	static const char *const prefixes[] = {
		RELATE_MARK_PREFIX, REVIEW_MARK_PREFIX, LOOKUP_MARK_PREFIX};
	bool derived = false;

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes) && table->db == ENV_META; i++) {
		size_t n = strlen(prefixes[i]);

		derived |= length >= n && memcmp(key, prefixes[i], n) == 0;
	}
	return derived;
}

static enum status dump_add_entry(
	struct dump *dump, const struct dump_table *table, struct env_cursor *cursor)
{
	size_t key_length, length;
	const uint8_t *key = env_cursor_key(cursor, &key_length);
	const uint8_t *value = env_cursor_value(cursor, &length);
	size_t start = dump->lines->len;

	if (!dump_has_key(table, key_length) || dump_is_derived(table, key, key_length))
		return STATUS_OK;
	g_string_append_printf(dump->lines, "%s ", table->word);
	dump_add_key(table, key, key_length, dump->lines);
	if (!env_cursor_is_sound(cursor)) {
		dump->damaged = true;
		diag_error("%s/db/%s: %s: is not what was written", dump->home,
			env_file(table->db),
			dump->lines->str + start + strlen(table->word) + 1);
	}
	g_string_append_c(dump->lines, ' ');
	dump_encode(value, length, false, dump->lines);
	g_string_append_c(dump->lines, '\n');
	return dump->lines->len >= DUMP_BLOCK_BYTES ? dump_flush(dump) : STATUS_OK;
}

static enum status dump_table(struct dump *dump, const struct dump_table *table)
{
	struct env_cursor *cursor;
	enum status status = env_cursor_open(dump->env, table->db, &cursor);

	if (status != STATUS_OK)
		return status;
	status = env_cursor_seek(cursor, ENV_SEEK_FIRST, NULL, 0);
	while (status == STATUS_OK) {
		status = dump_add_entry(dump, table, cursor);
		if (status == STATUS_OK)
			status = env_cursor_next(cursor);
	}
	env_cursor_close(cursor);
	return status == STATUS_NOINPUT ? STATUS_OK : status;
}

static enum status dump_home_files(struct dump *dump)
{
	enum status status = STATUS_OK;

	for (const char *const *name = dump_files; status == STATUS_OK && *name; name++) {
		g_autofree char *path = g_build_filename(dump->home, *name, NULL);
		g_autoptr(GString) content = NULL;

		status = io_read_file(path, LIMIT_MAILMAP_BYTES, &content);
		if (status == STATUS_OK) {
			g_string_append_printf(dump->lines, DUMP_FILE " %s ", *name);
			dump_encode(content->str, content->len, false, dump->lines);
			g_string_append_c(dump->lines, '\n');
		}
		status = status == STATUS_NOINPUT ? STATUS_OK : status;
	}
	return status;
}

static enum status dump_all(struct dump *dump)
{
	uint8_t digest[HASH_BYTES];
	g_autofree char *hex = NULL;
	enum status status;

	g_string_append(dump->lines, DUMP_MAGIC DUMP_VERSION "\n");
	status = dump_home_files(dump);
	for (size_t i = 0; status == STATUS_OK && i < DUMP_TABLES; i++)
		status = dump_table(dump, &dump_tables[i]);
	if (status == STATUS_OK)
		status = dump_flush(dump);
	if (status != STATUS_OK)
		return status;
	hash_final(&dump->hash, digest);
	hex = text_to_hex(digest, sizeof digest);
	g_string_append_printf(dump->lines, DUMP_END " %s\n", hex);
	hash_init(&dump->hash);
	status = dump_flush(dump);
	return status == STATUS_OK && dump->damaged ? STATUS_DATA : status;
}

static enum status dump_copy(struct dump *dump, const char *directory)
{
	g_autofree char *why = NULL;
	bool quiet;
	enum status closed, status = copy_make(dump->home, directory, &quiet);

	if (status != STATUS_OK)
		return status;
	if (!env_settle(directory, quiet, &why)) {
		diag_error("%s/db: %s; see mldigest check", dump->home, why);
		return STATUS_DATA;
	}
	status = env_open_copy(directory, &dump->env);
	if (status != STATUS_OK)
		return status;
	status = dump_all(dump);
	closed = env_close(dump->env, false);
	return status != STATUS_OK ? status : closed;
}

enum status dump_write(const char *home, int fd)
{
	g_autofree char *path = g_build_filename(home, "copy.tmp", NULL);
	struct dump dump = {.home = home, .fd = fd, .lines = g_string_new(NULL)};
	struct copy_scratch scratch;
	enum status status = copy_take_scratch(path, &scratch);

	hash_init(&dump.hash);
	if (status == STATUS_OK) {
		status = dump_copy(&dump, scratch.path);
		copy_release_scratch(&scratch);
	}
	g_string_free(dump.lines, TRUE);
	return status;
}

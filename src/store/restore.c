/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other half of dump.h: a home out of a dump. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/lines.h"
#include "base/text.h"
#include "model/record.h"
#include "store/copy.h"
#include "store/dump.h"

enum {
	/* A transaction's worth: what it writes is logged too, and the log is kept until it
	 * ends. */
	RESTORE_BATCH_BYTES = 1024 * 1024,
	RESTORE_CHECKPOINT_KB = 16384,
};

struct restore {
	const char *directory, *name;
	struct lines lines;
	uint64_t line; /* the number of the last */
	struct hash hash;
	struct env *env;
	GByteArray *key, *value;
	size_t batch; /* bytes in the open transaction */
	bool ended;   /* the last line was read, and its sum is right */
};

static enum status restore_refuse(const struct restore *restore, const char *why)
{
	diag_error("%s: line %" G_GUINT64_FORMAT ": %s", restore->name,
		(guint64)restore->line, why);
	return STATUS_DATA;
}

/* The next line without its LF, in LINE. */
static enum status restore_read_line(struct restore *restore, GString *line)
{
	const char *piece;
	bool begins;
	ssize_t n;

	g_string_truncate(line, 0);
	restore->line++;
	do {
		n = lines_next(&restore->lines, &piece, &begins);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return diag_errno(errno, STATUS_IO, "%s", restore->name);
		if (n == 0)
			return restore_refuse(restore, "the dump ends too early");
		if (line->len + (size_t)n > LIMIT_DUMP_LINE_BYTES)
			return restore_refuse(restore, "too long");
		g_string_append_len(line, piece, n);
	} while (line->len == 0 || line->str[line->len - 1] != '\n');
	g_string_truncate(line, line->len - 1);
	return STATUS_OK;
}

static bool restore_parse_number(const char *text, size_t length, GByteArray *key)
{
	g_autofree char *digits = g_strndup(text, length);
	guint64 number;

	if (length == 0 || strspn(digits, "0123456789") != length ||
		!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXUINT64, &number, NULL))
		return false;
	number = GUINT64_TO_BE(number);
	g_byte_array_append(key, (const guint8 *)&number, sizeof number);
	return true;
}

static bool restore_parse_key(
	const struct dump_table *table, const char *text, size_t length, GByteArray *key)
{
	const char *slash = memchr(text, '/', length);
	size_t digits = slash ? (size_t)(slash - text) : length;

	switch (table->key) {
	case DUMP_KEY_BYTES:
		return length > 0 && dump_decode(text, length, key);
	case DUMP_KEY_NUMBER:
		return restore_parse_number(text, length, key);
	case DUMP_KEY_RECIPIENT:
		return slash != NULL && digits + 1 < length &&
		       restore_parse_number(text, digits, key) &&
		       dump_decode(slash + 1, length - digits - 1, key);
	}
	return false;
}

static enum status restore_put(struct restore *restore, const struct dump_table *table)
{
	struct env_value value = {restore->value->data, restore->value->len};
	enum status status = restore->batch == 0 ? env_begin(restore->env) : STATUS_OK;

	if (status == STATUS_OK)
		status = env_put(restore->env, table->db, restore->key->data,
			restore->key->len, &value);
	restore->batch += restore->key->len + restore->value->len;
	if (status == STATUS_OK && restore->batch >= RESTORE_BATCH_BYTES) {
		restore->batch = 0;
		status = env_commit(restore->env);
	}
	return status;
}

static bool restore_is_record(const struct restore *restore)
{
	g_autoptr(record_auto) record = NULL;
	uint64_t number;

	memcpy(&number, restore->key->data, sizeof number);
	return record_decode(restore->value->data, restore->value->len, &record) ==
		       STATUS_OK &&
	       record->number == GUINT64_FROM_BE(number);
}

static enum status restore_file(struct restore *restore, const char *name, size_t length)
{
	for (const char *const *known = dump_files; *known != NULL; known++) {
		g_autofree char *path = g_build_filename(
			restore->directory, *known, NULL);

		if (strlen(*known) == length && memcmp(*known, name, length) == 0)
			return io_replace_file(path, (const char *)restore->value->data,
				restore->value->len, false);
	}
	return restore_refuse(restore, "no such file in a home");
}

static enum status restore_end(struct restore *restore, const char *hex)
{
	uint8_t digest[HASH_BYTES];
	g_autofree char *sum = NULL;
	const char *piece;
	bool begins;

	hash_final(&restore->hash, digest);
	sum = text_to_hex(digest, sizeof digest);
	if (strcmp(hex, sum) != 0)
		return restore_refuse(
			restore, "the sum is wrong: the dump is not what was written");
	if (lines_next(&restore->lines, &piece, &begins) != 0)
		return restore_refuse(restore, "there is something behind the end");
	restore->ended = true;
	return STATUS_OK;
}

/* WORD KEY VALUE */
static enum status restore_entry(struct restore *restore, const char *line, size_t length)
{
	const char *end = line + length;
	const char *key = memchr(line, ' ', length);
	const char *value = key ? memchr(key + 1, ' ', (size_t)(end - key - 1)) : NULL;
	size_t word_length, key_length;

	if (value == NULL)
		return restore_refuse(restore, "no line of a dump");
	word_length = (size_t)(key++ - line);
	key_length = (size_t)(value++ - key);
	g_byte_array_set_size(restore->key, 0);
	g_byte_array_set_size(restore->value, 0);
	if (!dump_decode(value, (size_t)(end - value), restore->value))
		return restore_refuse(restore, "a bad value");
	if (word_length == strlen(DUMP_FILE) && memcmp(line, DUMP_FILE, word_length) == 0)
		return restore_file(restore, key, key_length);
	for (size_t i = 0; i < DUMP_TABLES; i++) {
		const struct dump_table *table = &dump_tables[i];

		if (strlen(table->word) != word_length ||
			memcmp(table->word, line, word_length) != 0)
			continue;
		if (!restore_parse_key(table, key, key_length, restore->key))
			return restore_refuse(restore, "a bad key");
		if (table->db == ENV_ARRIVAL && !restore_is_record(restore))
			return restore_refuse(restore, "no record of that number");
		return restore_put(restore, table);
	}
	return restore_refuse(restore, "no line of a dump");
}

static enum status restore_line(struct restore *restore, GString *line)
{
	enum status status = restore_read_line(restore, line);

	if (status != STATUS_OK)
		return status;
	if (g_str_has_prefix(line->str, DUMP_END " "))
		return restore_end(restore, line->str + strlen(DUMP_END " "));
	hash_update(&restore->hash, line->str, line->len);
	hash_update(&restore->hash, "\n", 1);
	if (restore->line > 1)
		return restore_entry(restore, line->str, line->len);
	if (strcmp(line->str, DUMP_MAGIC DUMP_VERSION) == 0)
		return STATUS_OK;
	if (!g_str_has_prefix(line->str, DUMP_MAGIC))
		return restore_refuse(restore, "no dump of mldigest's");
	diag_error("%s: a newer version of mldigest wrote it", restore->name);
	return STATUS_CONFIG;
}

static enum status restore_read(struct restore *restore)
{
	static const enum env_db kept[] = {ENV_MESSAGE, ENV_ID, ENV_CHANGE};
	g_autoptr(GString) line = g_string_new(NULL);
	enum status status = STATUS_OK;

	/* Opened, they are kept up by the puts. */
	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(kept); i++)
		status = env_require(restore->env, kept[i]);
	while (status == STATUS_OK && !restore->ended)
		status = restore_line(restore, line);
	if (status == STATUS_OK && restore->batch > 0)
		status = env_commit(restore->env);
	return status;
}

/* In the order of opening: the scratch directory, the store in it. */
static enum status restore_into(struct restore *restore, const char *directory)
{
	enum status closed, status;

	restore->directory = directory;
	status = env_open(directory, RESTORE_CHECKPOINT_KB, &restore->env);
	if (status != STATUS_OK)
		return status;
	restore->key = g_byte_array_new();
	restore->value = g_byte_array_new();
	status = restore_read(restore);
	closed = env_close(restore->env, status == STATUS_OK);
	g_byte_array_unref(restore->key);
	g_byte_array_unref(restore->value);
	return status != STATUS_OK ? status : closed;
}

enum status dump_restore(const char *home, int fd, const char *name)
{
	struct restore restore = {.name = name};
	g_autofree char *path = g_strdup_printf("%s.new", home);
	struct copy_scratch scratch;
	enum status status = copy_check_target(home);

	if (status == STATUS_OK)
		status = copy_take_scratch(path, &scratch);
	if (status != STATUS_OK)
		return status;
	lines_init(&restore.lines, fd);
	hash_init(&restore.hash);
	status = restore_into(&restore, scratch.path);
	lines_release(&restore.lines);
	if (status == STATUS_OK)
		return copy_name_scratch(&scratch, home);
	copy_release_scratch(&scratch);
	return status;
}

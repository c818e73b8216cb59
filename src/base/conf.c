/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/conf_private.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"

#define CONF_SENDMAIL "/usr/sbin/sendmail"

unsigned conf_line(const char *text, const char *group, const char *key)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *heading = g_strdup_printf("[%s]", group);
	bool inside = false;
	unsigned found = 0;

	for (unsigned i = 0; lines[i] != NULL; i++) {
		char *line = g_strstrip(lines[i]);
		size_t n = key ? strlen(key) : 0;

		if (*line == '[')
			inside = strcmp(line, heading) == 0;
		if (inside && *line == '[' && key == NULL)
			return i + 1;
		if (inside && key != NULL && strncmp(line, key, n) == 0 &&
			*g_strchug(line + n) == '=')
			found = i + 1;
	}
	return found;
}

void conf_complain(
	struct conf_file *file, const char *group, const char *key, const char *why)
{
	unsigned line = conf_line(file->text, group, key);

	if (file->status == STATUS_OK)
		diag_error("%s:%u: %s%s%s: %s", file->path, line, key ? key : "[",
			key ? "" : group, key ? "" : "]", why);
	file->status = STATUS_CONFIG;
}

void conf_take_string(
	struct conf_file *file, const char *group, const char *key, char **value_r)
{
	g_autofree char *value = g_key_file_get_string(file->keys, group, key, NULL);

	if (value == NULL || !conf_value_is_good(value)) {
		conf_complain(file, group, key, "empty, or not one line of UTF-8");
		return;
	}
	g_free(*value_r);
	*value_r = g_steal_pointer(&value);
}

static void conf_take_title(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->title);
}

static void conf_take_list_id(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->list_id);
	if (strpbrk(file->conf->list_id, " \t<>") != NULL)
		conf_complain(
			file, group, key, "a list id has no blanks and no <> (RFC 2919)");
}

static void conf_take_archive(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->archive);
	if (!g_str_has_prefix(file->conf->archive, "https://") &&
		!g_str_has_prefix(file->conf->archive, "http://"))
		conf_complain(file, group, key, "must begin with https:// or http://");
}

/* A number from 1 to MOST. */
static void conf_take_number(struct conf_file *file, const char *group, const char *key,
	unsigned most, unsigned *number_r)
{
	g_autofree char *value = g_key_file_get_value(file->keys, group, key, NULL);
	g_autofree char *why = g_strdup_printf("must be a number from 1 to %u", most);
	guint64 number;

	if (value == NULL ||
		!g_ascii_string_to_unsigned(value, 10, 1, most, &number, NULL))
		conf_complain(file, group, key, why);
	else
		*number_r = (unsigned)number;
}

static void conf_take_top(struct conf_file *file, const char *group, const char *key)
{
	conf_take_number(file, group, key, 1000, &file->conf->top);
}

static void conf_take_batch(struct conf_file *file, const char *group, const char *key)
{
	conf_take_number(file, group, key, LIMIT_BATCH_RECIPIENTS, &file->conf->batch);
}

static void conf_take_from(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->from);
	if (!conf_address_is_deliverable(file->conf->from))
		conf_complain(file, group, key, "not an address that can be mailed to");
}

static void conf_take_to(struct conf_file *file, const char *group, const char *key)
{
	g_autofree char *value = g_key_file_get_string(file->keys, group, key, NULL);
	g_auto(GStrv) words = g_strsplit_set(value ? value : "", ", \t", -1);
	g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);

	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		if (!conf_address_is_deliverable(*word)) {
			conf_complain(
				file, group, key, "not an address that can be mailed to");
			return;
		}
		g_ptr_array_add(to, g_strdup(*word));
	}
	if (to->len == 0) {
		conf_complain(file, group, key, "empty");
		return;
	}
	g_ptr_array_add(to, NULL);
	g_strfreev(file->conf->to);
	file->conf->to = (GStrv)g_ptr_array_free(g_steal_pointer(&to), FALSE);
}

static void conf_take_sendmail(struct conf_file *file, const char *group, const char *key)
{
	g_autofree char *value = g_key_file_get_value(file->keys, group, key, NULL);
	GStrv words = NULL;

	if (value == NULL || !g_shell_parse_argv(value, NULL, &words, NULL)) {
		conf_complain(file, group, key, "not a command line");
		return;
	}
	if (*words[0] != '/') {
		g_strfreev(words);
		conf_complain(file, group, key, "must begin with an absolute path");
		return;
	}
	g_strfreev(file->conf->sendmail);
	file->conf->sendmail = words;
}

/* RFC 2369 2: a URL, which the field has in <>.  No comma, since it would end one there. */
static void conf_take_url(
	struct conf_file *file, const char *group, const char *key, char **value_r)
{
	conf_take_string(file, group, key, value_r);
	if (!g_str_has_prefix(*value_r, "mailto:") &&
		!g_str_has_prefix(*value_r, "https://") &&
		!g_str_has_prefix(*value_r, "http://"))
		conf_complain(
			file, group, key, "must begin with mailto:, https:// or http://");
	else if (strpbrk(*value_r, " <>,") != NULL || !g_str_is_ascii(*value_r) ||
		 strlen(*value_r) > 900)
		conf_complain(file, group, key, "not one URL, in ASCII");
	else if (text_has_word(*value_r))
		conf_complain(
			file, group, key, "has an encoded word; write its =? as =%3F");
}

static void conf_take_list_help(
	struct conf_file *file, const char *group, const char *key)
{
	conf_take_url(file, group, key, &file->conf->list_help);
}

static void conf_take_list_unsubscribe(
	struct conf_file *file, const char *group, const char *key)
{
	conf_take_url(file, group, key, &file->conf->list_unsubscribe);
}

static void conf_take_list_post(
	struct conf_file *file, const char *group, const char *key)
{
	conf_take_url(file, group, key, &file->conf->list_post);
}

static void conf_take_sign_key(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->sign_key);
}

static void conf_take_password_file(
	struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->password_file);
}

static void conf_take_keyring(struct conf_file *file, const char *group, const char *key)
{
	conf_take_string(file, group, key, &file->conf->keyring);
}

static const struct conf_key {
	const char *group, *key;
	void (*take)(struct conf_file *file, const char *group, const char *key);
	const char *sample, *comment;
} conf_keys[] = {
	{"digest", "title", conf_take_title, "KVM",
		"The digest's name, in its head and Subject."},
	{"digest", "list-id", conf_take_list_id, "kvm.vger.kernel.org",
		"The list, as its List-Id field has it (RFC 2919)."},
	{"digest", "archive", conf_take_archive, "https://lore.kernel.org/kvm/",
		"Where the list's messages can be read; a Message-ID is added to it."},
	{"digest", "layout", conf_take_layout, "full",
		"The digest's form: full or classic."},
	{"digest", "sections", conf_take_sections, "summary, series, applied",
		"The sections of layout full, in this order; without it, all."},
	{"digest", "max-bytes", conf_take_max_bytes, "100000",
		"How long layout full may be before commit messages are shortened."},
	{"digest", "top", conf_take_top, "15", "Rows in each table of contributors."},
	{"sign", "key", conf_take_sign_key, "key",
		"The secret key that signs, see mldigest-keygen(1), or none."},
	{"sign", "password-file", conf_take_password_file, "password",
		"Whose first line is the key's password, if it has one."},
	{"patatt", "keyring", conf_take_keyring, "keyring",
		"The directory of developers' keys, in patatt's layout, or none."},
	{"mail", "from", conf_take_from, "digest@example.org",
		"The sender of the digest; without it, you."},
	{"mail", "to", conf_take_to, "you@example.org",
		"Who gets it while there are no subscribers; commas between."},
	{"mail", "sendmail", conf_take_sendmail, CONF_SENDMAIL,
		"The command that takes the mail; its words, no shell."},
	{"mail", "batch", conf_take_batch, "1",
		"How many recipients it gets in one run."},
	{"mail", "list-help", conf_take_list_help, "https://example.org/digest.html",
		"What the digest's List-Help field has: where it is explained."},
	{"mail", "list-unsubscribe", conf_take_list_unsubscribe,
		"mailto:owner@example.org?subject=unsubscribe",
		"The same for List-Unsubscribe: how one leaves."},
	{"mail", "list-post", conf_take_list_post, "mailto:kvm@vger.kernel.org",
		"The same for List-Post: where to write to the list."},
};

static void conf_take_key(struct conf_file *file, const char *group, const char *key)
{
	bool known_group = false;

	for (size_t i = 0; i < G_N_ELEMENTS(conf_keys); i++) {
		if (strcmp(conf_keys[i].group, group) != 0)
			continue;
		known_group = true;
		if (key != NULL && strcmp(conf_keys[i].key, key) == 0) {
			conf_keys[i].take(file, group, key);
			return;
		}
	}
	if (!known_group)
		conf_complain(file, group, NULL, "unknown section");
	else if (key != NULL)
		conf_complain(file, group, key, "unknown key");
}

static void conf_take_group(struct conf_file *file, const char *group)
{
	g_auto(GStrv) keys = g_key_file_get_keys(file->keys, group, NULL, NULL);

	conf_take_key(file, group, NULL);
	for (char **key = keys; key != NULL && *key != NULL; key++)
		conf_take_key(file, group, *key);
}

static void conf_take_all(struct conf_file *file)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file->keys, NULL);

	file->rule_lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	conf_find_rules(file);
	for (char **group = groups; *group != NULL && file->status == STATUS_OK; group++)
		if (conf_rule_name(*group) != NULL)
			conf_take_rule(file, *group);
		else
			conf_take_group(file, *group);
	g_hash_table_unref(file->rule_lines);
}

/* The line that GKeyFile could not read: the first one that is no heading, key or
 * comment. */
static unsigned conf_bad_line(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (unsigned i = 0; lines[i] != NULL; i++) {
		const char *line = g_strstrip(lines[i]);

		if (*line == '\0' || *line == '#')
			continue;
		if (*line == '[' ? !g_str_has_suffix(line, "]")
				 : strchr(line, '=') == NULL)
			return i + 1;
		if (!g_utf8_validate(line, -1, NULL) || *line == '=')
			return i + 1;
	}
	return 1;
}

/* What is not set is made from what is. */
static void conf_complete(struct conf *conf)
{
	if (*conf->title == '\0' && *conf->list_id != '\0') {
		g_free(conf->title);
		conf->title = g_strndup(conf->list_id, strcspn(conf->list_id, "."));
	}
	if (*conf->title == '\0') {
		g_free(conf->title);
		conf->title = g_strdup("Patch");
	}
}

static void conf_init(struct conf *conf)
{
	*conf = (struct conf){
		.title = g_strdup(""),
		.list_id = g_strdup(""),
		.archive = g_strdup(""),
		.layout = g_strdup("full"),
		.max_bytes = CONF_MAX_BYTES,
		.top = 15,
		.batch = 1,
		.from = g_strdup(""),
		.list_help = g_strdup(""),
		.list_unsubscribe = g_strdup(""),
		.list_post = g_strdup(""),
		.sign_key = g_strdup(""),
		.password_file = g_strdup(""),
		.keyring = g_strdup(""),
		.sendmail = g_new0(char *, 2),
		.rules = g_ptr_array_new_with_free_func(conf_rule_free),
	};
	conf->sendmail[0] = g_strdup(CONF_SENDMAIL);
}

/* TEXT without its comments and blank lines, each of which a GKeyFile would keep: most of a file
 * that init made, and of what reading it costs a delivery.  The caller frees. */
static GString *conf_without_comments(const char *text)
{
	GString *bare = g_string_new(NULL);

	while (*text != '\0') {
		const char *start = text + strspn(text, " \t\r\f\v");
		const char *end = strchrnul(start, '\n');

		end += *end == '\n';
		if (*start != '#' && *start != '\n' && *start != '\0')
			g_string_append_len(bare, text, end - text);
		text = end;
	}
	return bare;
}

enum status conf_load(const char *home, struct conf *conf_r)
{
	g_autofree char *path = g_build_filename(home, "config", NULL);
	g_autoptr(GKeyFile) keys = g_key_file_new();
	g_autoptr(GString) text = NULL;
	struct conf conf;
	struct conf_file file = {.path = path, .keys = keys, .conf = &conf};
	enum status status = io_read_file(path, LIMIT_CONFIG_BYTES, &text);

	if (status != STATUS_OK && status != STATUS_NOINPUT)
		return status == STATUS_DATA ? STATUS_CONFIG : status;
	conf_init(&conf);
	if (status == STATUS_OK && text->len > 0) {
		g_autoptr(GString) bare = conf_without_comments(text->str);

		file.text = text->str;
		if (strlen(text->str) != text->len ||
			!g_key_file_load_from_data(keys, bare->str, bare->len,
				G_KEY_FILE_KEEP_TRANSLATIONS, NULL)) {
			diag_error("%s:%u: neither a [section], key=value nor # comment",
				path, conf_bad_line(text->str));
			conf_release(&conf);
			return STATUS_CONFIG;
		}
		conf_take_all(&file);
	}
	if (file.status != STATUS_OK) {
		conf_release(&conf);
		return file.status;
	}
	conf_complete(&conf);
	*conf_r = conf;
	return STATUS_OK;
}

static const char *conf_user(void)
{
	const struct passwd *user = getpwuid(geteuid());

	return user != NULL && conf_address_is_deliverable(user->pw_name) ? user->pw_name
									  : "postmaster";
}

void conf_complete_people(struct conf *conf)
{
	if (*conf->from == '\0') {
		g_free(conf->from);
		conf->from = g_strdup(conf_user());
	}
	if (conf->to == NULL) {
		conf->to = g_new0(char *, 2);
		conf->to[0] = g_strdup(conf_user());
	}
}

static char *conf_path(const char *name, const char *home)
{
	return g_path_is_absolute(name) ? g_strdup(name)
					: g_build_filename(home, name, NULL);
}

char *conf_key_path(const struct conf *conf, const char *home)
{
	if (strcmp(conf->sign_key, "none") == 0)
		return NULL;
	return conf_path(*conf->sign_key ? conf->sign_key : "key", home);
}

char *conf_password_path(const struct conf *conf, const char *home)
{
	return *conf->password_file ? conf_path(conf->password_file, home) : NULL;
}

char *conf_keyring_path(const struct conf *conf, const char *home)
{
	if (strcmp(conf->keyring, "none") == 0)
		return NULL;
	return conf_path(*conf->keyring ? conf->keyring : "keyring", home);
}

void conf_release(struct conf *conf)
{
	g_free(conf->title);
	g_free(conf->list_id);
	g_free(conf->archive);
	g_free(conf->layout);
	g_strfreev(conf->sections);
	g_free(conf->from);
	g_free(conf->list_help);
	g_free(conf->list_unsubscribe);
	g_free(conf->list_post);
	g_free(conf->sign_key);
	g_free(conf->password_file);
	g_free(conf->keyring);
	g_strfreev(conf->to);
	g_strfreev(conf->sendmail);
	g_clear_pointer(&conf->rules, g_ptr_array_unref);
	*conf = (struct conf){0};
}

/* As GKeyFile writes a string: it reads a backslash as the start of an escape. */
static char *conf_escape(const char *value)
{
	g_auto(GStrv) pieces = g_strsplit(value, "\\", -1);

	return g_strjoinv("\\\\", pieces);
}

enum status conf_create(const char *home, const char *title, const char *list_id)
{
	g_autofree char *path = g_build_filename(home, "config", NULL);
	g_autoptr(GString)
		text = g_string_new("# One digest's configuration: mldigest.conf(5).\n");
	const char *group = "";

	for (size_t i = 0; i < G_N_ELEMENTS(conf_keys); i++) {
		const struct conf_key *key = &conf_keys[i];
		const char *value = strcmp(key->key, "title") == 0     ? title
				    : strcmp(key->key, "list-id") == 0 ? list_id
								       : NULL;
		g_autofree char *escaped = conf_escape(value ? value : key->sample);

		if (strcmp(group, key->group) != 0)
			g_string_append_printf(text, "\n[%s]\n", key->group);
		group = key->group;
		g_string_append_printf(text, "# %s\n%s%s=%s\n", key->comment,
			value ? "" : "#", key->key, escaped);
	}
	conf_append_rule_sample(text);
	return io_replace_file(path, text->str, text->len, true);
}

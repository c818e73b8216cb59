/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"

enum { KEYRING_NAMES = 4 };

/* TEXT as the name of a file; NULL where it can be none.  The caller frees. */
static char *keyring_quote(const char *text, size_t length)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-~";
	g_autoptr(GString) name = g_string_new(NULL);

	if (!g_utf8_validate(text, (gssize)length, NULL))
		return NULL;
	for (const char *c = text; c < text + length;
		c += g_utf8_skip[(unsigned char)*c]) {
		char bytes[6];
		int n = g_unichar_to_utf8(g_unichar_tolower(g_utf8_get_char(c)), bytes);

		for (int i = 0; i < n; i++)
			if (strchr(plain, bytes[i]) != NULL)
				g_string_append_c(name, bytes[i]);
			else
				g_string_append_printf(
					name, "%%%02X", (unsigned char)bytes[i]);
		if (name->len > LIMIT_KEY_NAME_BYTES)
			return NULL;
	}
	if (strcmp(name->str, "") == 0 || strcmp(name->str, ".") == 0 ||
		strcmp(name->str, "..") == 0)
		return NULL;
	return g_strdup(name->str);
}

/* The names on the way to the key; false where one can be none.  The caller frees them all the
 * same. */
static bool keyring_make_names(
	const char *identity, const char *selector, char *names_r[KEYRING_NAMES])
{
	const char *at = strchr(identity, '@');

	names_r[0] = g_strdup("ed25519");
	names_r[1] = at ? keyring_quote(at + 1, strlen(at + 1)) : NULL;
	names_r[2] = at ? keyring_quote(identity, (size_t)(at - identity)) : NULL;
	names_r[3] = keyring_quote(selector, strlen(selector));
	return names_r[1] != NULL && names_r[2] != NULL && names_r[3] != NULL;
}

/* Why nobody should trust what FD is; NULL: one may. */
static const char *keyring_distrust(const struct stat *st)
{
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "the key's file or a directory on its way belongs to another user";
	if (st->st_mode & 022)
		return "others may write to the key's file or a directory on its way";
	return NULL;
}

/* What SAVED_ERRNO of the PATH says of the key, or that the system has failed. */
static enum status keyring_fail(
	int saved_errno, const char *path, struct keyring_answer *answer)
{
	switch (saved_errno) {
	case ENOENT:
		answer->why = answer->found == KEYRING_NONE
				      ? "there is no keyring"
				      : "the keyring has no such key";
		return STATUS_OK;
	case ENOTDIR:
	case ELOOP:
	case EACCES:
	case EPERM:
	case ENXIO:
	case EISDIR:
		answer->why = "the key's file or a directory on its way cannot be opened";
		return STATUS_OK;
	default:
		diag_errno(saved_errno, STATUS_TEMPFAIL, "%s", path);
		return STATUS_TEMPFAIL;
	}
}

/* Whether the directory PATH may be passed: a ->why or a status if not. */
static enum status keyring_pass(const char *path, struct keyring_answer *answer)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return keyring_fail(errno, path, answer);
	if (!S_ISDIR(st.st_mode))
		return keyring_fail(ENOTDIR, path, answer);
	answer->why = keyring_distrust(&st);
	return STATUS_OK;
}

/* One key in base64, blanks around it; nothing else. */
static void keyring_parse(char *text, size_t length, struct keyring_answer *answer)
{
	const size_t digits = (PUBKEY_BYTES + 2) / 3 * 4;
	g_autofree uint8_t *key = NULL;
	g_autofree char *again = NULL;
	size_t got;

	answer->why = "the key's file has no ed25519 key";
	if (memchr(text, '\0', length) != NULL)
		return;
	text[length] = '\0';
	g_strstrip(text);
	if (strlen(text) != digits)
		return;
	key = g_base64_decode(text, &got);
	again = g_base64_encode(key, got);
	if (got != PUBKEY_BYTES || strcmp(again, text) != 0)
		return;
	memcpy(answer->key, key, got);
	answer->found = KEYRING_KEY;
	answer->why = NULL;
}

static enum status keyring_read(int fd, const char *path, struct keyring_answer *answer)
{
	char text[LIMIT_PUBLIC_KEY_BYTES + 1];
	struct stat st;
	size_t done = 0;
	ssize_t n = 1;

	if (fstat(fd, &st) != 0)
		return keyring_fail(errno, path, answer);
	answer->why = S_ISREG(st.st_mode) ? keyring_distrust(&st)
					  : "the key's file is no regular file";
	if (answer->why != NULL)
		return STATUS_OK;
	while (n > 0 && done < sizeof text) {
		n = io_read(fd, text + done, sizeof text - done);
		done += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		return keyring_fail(errno, path, answer);
	if (done == sizeof text)
		answer->why = "the key's file is too long";
	else
		keyring_parse(text, done, answer);
	return STATUS_OK;
}

static enum status keyring_open(const char *path, struct keyring_answer *answer)
{
	/* Whatever it is, it does not hold up a delivery. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum status status;

	if (fd < 0)
		return keyring_fail(errno, path, answer);
	status = keyring_read(fd, path, answer);
	close(fd);
	return status;
}

static enum status keyring_walk(const char *keyring, char *const names[KEYRING_NAMES],
	struct keyring_answer *answer)
{
	g_autoptr(GString) path = g_string_new(keyring);
	enum status status = keyring_pass(path->str, answer);

	for (size_t i = 0;
		i < KEYRING_NAMES && status == STATUS_OK && answer->why == NULL; i++) {
		answer->found = KEYRING_NO_KEY;
		g_string_append_printf(path, "/%s", names[i]);
		status = i + 1 < KEYRING_NAMES ? keyring_pass(path->str, answer)
					       : keyring_open(path->str, answer);
	}
	return status;
}

enum status keyring_find(const char *keyring, const char *identity, const char *selector,
	struct keyring_answer *answer_r)
{
	struct keyring_answer answer = {.found = KEYRING_NONE};
	char *names[KEYRING_NAMES];
	enum status status = STATUS_OK;

	if (keyring_make_names(identity, selector, names))
		status = keyring_walk(keyring, names, &answer);
	else
		answer = (struct keyring_answer){
			KEYRING_NO_KEY, "its i= and s= cannot name a key", {0}};
	for (size_t i = 0; i < KEYRING_NAMES; i++)
		g_free(names[i]);
	if (status == STATUS_OK)
		*answer_r = answer;
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "post/password.h"

G_STATIC_ASSERT(MINISIGN_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(MINISIGN_SECRET_BYTES == crypto_sign_SECRETKEYBYTES);
G_STATIC_ASSERT(MINISIGN_SIGNATURE_BYTES == crypto_sign_BYTES);
G_STATIC_ASSERT(MINISIGN_SALT_BYTES == crypto_pwhash_scryptsalsa208sha256_SALTBYTES);
G_STATIC_ASSERT(MINISIGN_CHECKSUM_BYTES == crypto_generichash_BYTES);

enum { SIGN_PREHASH_BYTES = 64 };

struct sign_key {
	struct minisign_public public;
	uint8_t secret[MINISIGN_SECRET_BYTES];
};

/* Everything that a secret passes through on its way from or to its file. */
struct sign_work {
	struct minisign_secret file;
	char text[MINISIGN_FILE_BYTES];
	char password[LIMIT_PASSWORD_BYTES];
	uint8_t stream[MINISIGN_SEALED_BYTES];
	crypto_generichash_state hash;
};

/* Guarded memory, and no core: neither the kernel's file nor a program that it would be piped to.
 * A program that is executed has its right again, so sendmail is not meant. */
static enum status sign_get_memory(size_t length, void **memory_r)
{
	void *memory = NULL;

	if (sodium_init() >= 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
		memory = sodium_malloc(length);
	if (memory == NULL)
		return diag_errno(errno, STATUS_OS, "memory for a secret key");
	memset(memory, 0, length);
	*memory_r = memory;
	return STATUS_OK;
}

static enum status sign_get_work(struct sign_work **work_r)
{
	/* sodium_malloc() puts its end, not its beginning, at a boundary. */
	size_t room = (sizeof **work_r + 63) & ~(size_t)63;
	void *memory;
	enum status status = sign_get_memory(room, &memory);

	if (status == STATUS_OK)
		*work_r = memory;
	return status;
}

static enum status sign_new_key(struct sign_key **key_r)
{
	void *memory;
	enum status status = sign_get_memory(sizeof(struct sign_key), &memory);

	if (status == STATUS_OK)
		*key_r = memory;
	return status;
}

void sign_free_key(struct sign_key *key)
{
	sodium_free(key);
}

const struct minisign_public *sign_public(const struct sign_key *key)
{
	return &key->public;
}

enum status sign_make_key(struct sign_key **key_r)
{
	struct sign_key *key;
	enum status status = sign_new_key(&key);

	if (status != STATUS_OK)
		return status;
	randombytes_buf(key->public.id, MINISIGN_ID_BYTES);
	crypto_sign_keypair(key->public.key, key->secret);
	*key_r = key;
	return STATUS_OK;
}

/* Of a file that only its owner may see. */
static enum status sign_check_file(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return diag_errno(errno, STATUS_IO, "%s", path);
	if (!S_ISREG(st.st_mode)) {
		diag_error("%s: not a regular file", path);
	} else if (st.st_uid != geteuid()) {
		diag_error("%s: belongs to another user", path);
	} else if (st.st_mode & 077) {
		diag_error("%s: others may read or write it; chmod 600", path);
	} else {
		return STATUS_OK;
	}
	return STATUS_NOPERM;
}

/* All of the file PATH, less than CAPACITY bytes, into TEXT_R. */
static enum status sign_read_file(
	const char *path, char *text_r, size_t capacity, size_t *length_r)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	enum status status;
	size_t done = 0;
	ssize_t n = 1;

	if (fd < 0)
		return errno == ELOOP
			       ? (diag_error("%s: a symbolic link", path), STATUS_NOPERM)
			       : diag_errno(errno, STATUS_IO, "%s", path);
	status = sign_check_file(path, fd);
	while (status == STATUS_OK && n > 0 && done < capacity) {
		n = io_read(fd, text_r + done, capacity - done);
		done += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		status = diag_errno(errno, STATUS_IO, "%s", path);
	close(fd);
	if (status == STATUS_OK && done == capacity) {
		diag_error("%s: too long", path);
		return STATUS_DATA;
	}
	if (status == STATUS_OK)
		*length_r = done;
	return status;
}

static enum status sign_read_password(const char *path, const char *password_file,
	struct sign_work *work, size_t *length_r)
{
	const char *end;
	enum status status;

	if (password_file == NULL)
		return password_ask(
			path, work->password, sizeof work->password, length_r);
	status = sign_read_file(
		password_file, work->password, sizeof work->password, length_r);
	if (status != STATUS_OK)
		return status;
	end = memchr(work->password, '\n', *length_r);
	if (end != NULL)
		*length_r = (size_t)(end - work->password);
	return STATUS_OK;
}

static enum status sign_decrypt(
	const char *path, const char *password_file, struct sign_work *work)
{
	struct minisign_secret *file = &work->file;
	size_t length;
	enum status status;

	if (file->memory > LIMIT_SCRYPT_BYTES || file->operations > LIMIT_SCRYPT_STEPS) {
		diag_error("%s: its password takes more than %lu MiB of memory, or too "
			   "long",
			path, (unsigned long)LIMIT_SCRYPT_BYTES >> 20);
		return STATUS_DATA;
	}
	status = sign_read_password(path, password_file, work, &length);
	if (status != STATUS_OK)
		return status;
	if (crypto_pwhash_scryptsalsa208sha256(work->stream, sizeof work->stream,
		    work->password, length, file->salt, file->operations,
		    file->memory) != 0)
		return diag_errno(errno, STATUS_TEMPFAIL,
			"%s: %lu MiB of memory for its password", path,
			(unsigned long)file->memory >> 20);
	for (size_t i = 0; i < sizeof work->stream; i++)
		file->sealed[i] ^= work->stream[i];
	return STATUS_OK;
}

/* Over "Ed", id and key. */
static bool sign_checksum_is_good(struct sign_work *work)
{
	const uint8_t *sealed = work->file.sealed;
	size_t covered = MINISIGN_ID_BYTES + MINISIGN_SECRET_BYTES;

	if (!work->file.encrypted &&
		sodium_is_zero(sealed + covered, MINISIGN_CHECKSUM_BYTES))
		return true;
	crypto_generichash_init(&work->hash, NULL, 0, MINISIGN_CHECKSUM_BYTES);
	crypto_generichash_update(&work->hash, (const uint8_t *)"Ed", 2);
	crypto_generichash_update(&work->hash, sealed, covered);
	crypto_generichash_final(&work->hash, work->stream, MINISIGN_CHECKSUM_BYTES);
	return sodium_memcmp(work->stream, sealed + covered, MINISIGN_CHECKSUM_BYTES) ==
	       0;
}

static enum status sign_unseal(
	const char *path, struct sign_work *work, struct sign_key *key)
{
	const uint8_t *sealed = work->file.sealed;

	if (!sign_checksum_is_good(work)) {
		diag_error("%s: %s", path,
			work->file.encrypted ? "wrong password"
					     : "damaged: its checksum does not fit");
		return work->file.encrypted ? STATUS_NOPERM : STATUS_DATA;
	}
	memcpy(key->public.id, sealed, MINISIGN_ID_BYTES);
	memcpy(key->secret, sealed + MINISIGN_ID_BYTES, MINISIGN_SECRET_BYTES);
	/* A signature with another public key in it gives the secret one away. */
	crypto_sign_seed_keypair(key->public.key, work->stream, key->secret);
	if (sodium_memcmp(work->stream, key->secret, MINISIGN_SECRET_BYTES) != 0) {
		diag_error("%s: damaged: its halves do not fit", path);
		return STATUS_DATA;
	}
	return STATUS_OK;
}

enum status sign_load_key(
	const char *path, const char *password_file, struct sign_key **key_r)
{
	struct sign_work *work = NULL;
	struct sign_key *key = NULL;
	size_t length;
	enum status status = sign_get_work(&work);

	if (status == STATUS_OK)
		status = sign_new_key(&key);
	if (status == STATUS_OK)
		status = sign_read_file(path, work->text, sizeof work->text, &length);
	if (status == STATUS_OK &&
		!minisign_parse_secret(work->text, length, &work->file)) {
		diag_error("%s: not a secret key of minisign", path);
		status = STATUS_DATA;
	}
	if (status == STATUS_OK && work->file.encrypted)
		status = sign_decrypt(path, password_file, work);
	if (status == STATUS_OK)
		status = sign_unseal(path, work, key);
	sodium_free(work);
	if (status == STATUS_OK)
		*key_r = key;
	else
		sodium_free(key);
	return status;
}

static enum status sign_save_secret(const struct sign_key *key, const char *path)
{
	struct sign_work *work;
	enum status status = sign_get_work(&work);

	if (status != STATUS_OK)
		return status;
	memcpy(work->file.sealed, key->public.id, MINISIGN_ID_BYTES);
	memcpy(work->file.sealed + MINISIGN_ID_BYTES, key->secret, MINISIGN_SECRET_BYTES);
	minisign_print_secret(&work->file, key->public.id, work->text);
	status = io_create_file(path, work->text, strlen(work->text));
	sodium_free(work);
	return status;
}

enum status sign_save_key(const struct sign_key *key, const char *path)
{
	g_autofree char *public_path = g_strdup_printf("%s.pub", path);
	g_autofree char *text = minisign_print_public(&key->public);
	struct stat st;
	enum status status;

	/* Somebody may rely on it. */
	if (lstat(public_path, &st) == 0) {
		diag_error("%s: is there already", public_path);
		return STATUS_CANTCREAT;
	}
	status = sign_save_secret(key, path);
	return status == STATUS_OK ? io_create_file(public_path, text, strlen(text))
				   : status;
}

static void sign_prehash(
	const void *text, size_t length, uint8_t prehash_r[SIGN_PREHASH_BYTES])
{
	crypto_generichash(prehash_r, SIGN_PREHASH_BYTES, text, length, NULL, 0);
}

/* What the second signature is over. */
static GString *sign_comment_text(const struct minisign_signature *signature)
{
	GString *text = g_string_new_len(
		(const char *)signature->signature, MINISIGN_SIGNATURE_BYTES);

	g_string_append_len(
		text, signature->comment->str, (gssize)signature->comment->len);
	return text;
}

GString *sign_text(
	const struct sign_key *key, const void *text, size_t length, const char *comment)
{
	struct minisign_signature signature = {
		.prehashed = true, .comment = g_string_new(comment)};
	uint8_t prehash[SIGN_PREHASH_BYTES];
	GString *second, *file;

	memcpy(signature.id, key->public.id, MINISIGN_ID_BYTES);
	sign_prehash(text, length, prehash);
	crypto_sign_detached(
		signature.signature, NULL, prehash, sizeof prehash, key->secret);
	second = sign_comment_text(&signature);
	crypto_sign_detached(signature.comment_signature, NULL,
		(const uint8_t *)second->str, second->len, key->secret);
	g_string_free(second, TRUE);
	file = minisign_print_signature(&signature);
	minisign_signature_release(&signature);
	return file;
}

enum sign_result sign_check(const struct minisign_public *key,
	const struct minisign_signature *signature, const void *text, size_t length)
{
	uint8_t prehash[SIGN_PREHASH_BYTES];
	GString *second;
	bool good;

	if (memcmp(key->id, signature->id, MINISIGN_ID_BYTES) != 0)
		return SIGN_OTHER_KEY;
	if (signature->prehashed) {
		sign_prehash(text, length, prehash);
		text = prehash;
		length = sizeof prehash;
	}
	if (crypto_sign_verify_detached(signature->signature, text, length, key->key) !=
		0)
		return SIGN_BAD;
	second = sign_comment_text(signature);
	good = crypto_sign_verify_detached(signature->comment_signature,
		       (const uint8_t *)second->str, second->len, key->key) == 0;
	g_string_free(second, TRUE);
	return good ? SIGN_GOOD : SIGN_BAD_COMMENT;
}

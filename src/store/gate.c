/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"

/* "mldigest-lock-1 idle trusted BOOT-ID\n"; the words have fixed places, so that each can
 * be written alone, in one write. */
#define GATE_MAGIC "mldigest-lock-1 "
enum {
	GATE_AT_VERSION = sizeof "mldigest-lock-" - 1,
	GATE_AT_STATE = sizeof GATE_MAGIC - 1,
	GATE_AT_TRUST = GATE_AT_STATE + 5,
	GATE_AT_BOOT = GATE_AT_TRUST + 8,
	GATE_BOOT_BYTES = 36,
	GATE_BYTES = GATE_AT_BOOT + GATE_BOOT_BYTES + 1,
};

/* The kernel's id of this boot; memory that survived a power loss is told by it.  NULL
 * when it cannot be read.  It does not change under us, so it is read once. */
static const char *gate_boot(void)
{
	static char boot[GATE_BOOT_BYTES];
	static bool known;
	int fd;

	if (known)
		return boot;
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	known = fd >= 0 && io_read(fd, boot, sizeof boot) == sizeof boot;
	if (fd >= 0)
		close(fd);
	return known ? boot : NULL;
}

static enum status gate_wait(struct gate *gate)
{
	bool held = flock(gate->fd, LOCK_EX | LOCK_NB) == 0;

	if (held)
		return STATUS_OK;
	io_deadline_set(LIMIT_LOCK_SECONDS);
	while (!held && !io_deadline_passed()) {
		held = flock(gate->fd, LOCK_EX) == 0;
		if (!held && errno != EINTR)
			break;
	}
	io_deadline_clear();
	if (held)
		return STATUS_OK;
	diag_error("%s: held by another process for %d seconds", gate->path,
		LIMIT_LOCK_SECONDS);
	return STATUS_TEMPFAIL;
}

static enum status gate_read_marks(struct gate *gate)
{
	char marks[GATE_BYTES];
	const char *boot = gate_boot();
	ssize_t n = pread(gate->fd, marks, sizeof marks, 0);

	gate->recover = true;
	gate->suspect = false;
	if (n < 0)
		return diag_errno(errno, STATUS_IO, "%s", gate->path);
	if (n > GATE_AT_VERSION && memcmp(marks, GATE_MAGIC, GATE_AT_VERSION) == 0 &&
		memcmp(marks, GATE_MAGIC, sizeof GATE_MAGIC - 1) != 0) {
		diag_error("%s: the store was written by a newer version of mldigest",
			gate->path);
		return STATUS_CONFIG;
	}
	if (n != GATE_BYTES || memcmp(marks, GATE_MAGIC, sizeof GATE_MAGIC - 1) != 0)
		return STATUS_OK;
	gate->suspect = memcmp(marks + GATE_AT_TRUST, "suspect ", 8) == 0;
	gate->recover = memcmp(marks + GATE_AT_STATE, "idle ", 5) != 0 || gate->suspect ||
			boot == NULL ||
			memcmp(boot, marks + GATE_AT_BOOT, GATE_BOOT_BYTES) != 0;
	return STATUS_OK;
}

/* One after the other holds the gate, so each has a number of its own, and they rise. */
static int64_t gate_number(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

enum status gate_take(const char *home, struct gate *gate_r)
{
	struct gate gate = {.path = g_build_filename(home, "lock", NULL)};
	enum status status;

	/* Before others have to wait for it. */
	gate_boot();
	gate.fd = open(gate.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (gate.fd < 0)
		status = diag_errno(errno, STATUS_CANTCREAT, "%s", gate.path);
	else
		status = gate_wait(&gate);
	if (status == STATUS_OK)
		status = gate_read_marks(&gate);
	if (status != STATUS_OK) {
		gate_close(&gate);
		return status;
	}
	gate.turn = gate_number();
	*gate_r = gate;
	return STATUS_OK;
}

static enum status gate_write(struct gate *gate, const char *state, const char *trust)
{
	static const char none[] = "------------------------------------";
	const char *boot = gate_boot();
	g_autofree char *marks = g_strdup_printf("%s%s %s %.*s\n", GATE_MAGIC, state,
		trust, GATE_BOOT_BYTES, boot ? boot : none);

	if (pwrite(gate->fd, marks, GATE_BYTES, 0) != GATE_BYTES)
		return diag_errno(errno, STATUS_IO, "%s", gate->path);
	return STATUS_OK;
}

enum status gate_mark_busy(struct gate *gate)
{
	return gate_write(gate, "busy", gate->suspect ? "suspect" : "trusted");
}

enum status gate_mark_idle(struct gate *gate)
{
	/* Only the state: a suspect mark that came meanwhile stays, unless it is the one
	 * that this holder has healed. */
	if (gate->suspect) {
		gate->suspect = false;
		return gate_write(gate, "idle", "trusted");
	}
	if (pwrite(gate->fd, "idle", 4, GATE_AT_STATE) != 4)
		return diag_errno(errno, STATUS_IO, "%s", gate->path);
	return STATUS_OK;
}

bool gate_is_suspect(const struct gate *gate)
{
	char trust[8];

	return pread(gate->fd, trust, sizeof trust, GATE_AT_TRUST) != sizeof trust ||
	       memcmp(trust, "trusted ", sizeof trust) != 0;
}

void gate_mark_suspect(struct gate *gate)
{
	/* Should even this fail, the caller gives the mail back all the same. */
	if (pwrite(gate->fd, "suspect ", 8, GATE_AT_TRUST) != 8)
		diag_errno(errno, STATUS_IO, "%s", gate->path);
}

/* A lock on bytes of the file, far behind its end, that goes with the open file: it is
 * nobody else's even in this process, and a death ends it. */
static bool gate_lock_bytes(
	const struct gate *gate, int command, short type, int64_t first, int64_t count)
{
	struct flock lock = {.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)first,
		.l_len = (off_t)count};

	return fcntl(gate->fd, command, &lock) == 0;
}

enum status gate_announce_sync(struct gate *gate)
{
	if (!gate_lock_bytes(gate, F_OFD_SETLK, F_WRLCK, gate->turn, 1))
		return diag_errno(errno, STATUS_TEMPFAIL, "%s", gate->path);
	return STATUS_OK;
}

enum status gate_await_syncs(struct gate *gate)
{
	bool ended = gate_lock_bytes(gate, F_OFD_SETLK, F_RDLCK, 0, gate->turn);

	if (ended)
		return STATUS_OK;
	io_deadline_set(LIMIT_LOCK_SECONDS);
	while (!ended && !io_deadline_passed()) {
		ended = gate_lock_bytes(gate, F_OFD_SETLKW, F_RDLCK, 0, gate->turn);
		if (!ended && errno != EINTR)
			break;
	}
	io_deadline_clear();
	if (ended)
		return STATUS_OK;
	diag_error("%s: another process has not ended its sync after %d seconds",
		gate->path, LIMIT_LOCK_SECONDS);
	return STATUS_TEMPFAIL;
}

void gate_release(struct gate *gate)
{
	flock(gate->fd, LOCK_UN);
}

void gate_close(struct gate *gate)
{
	if (gate->fd >= 0)
		close(gate->fd);
	gate->fd = -1;
	g_clear_pointer(&gate->path, g_free);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"

ssize_t io_read(int fd, void *buffer, size_t capacity)
{
	ssize_t n;

	do
		n = read(fd, buffer, capacity);
	while (n < 0 && errno == EINTR);
	return n;
}

bool io_write_all(int fd, const void *bytes, size_t length)
{
	const char *cursor = bytes;

	while (length > 0) {
		ssize_t n = write(fd, cursor, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		cursor += n;
		length -= (size_t)n;
	}
	return true;
}

void io_drain(int fd)
{
	char buffer[65536];

	while (io_read(fd, buffer, sizeof buffer) > 0)
		;
}

enum status io_read_file(const char *path, size_t limit, GString **content_r)
{
	g_autoptr(GString) content = g_string_new(NULL);
	char buffer[16384];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return STATUS_NOINPUT;
	if (fd < 0)
		return diag_errno(errno, STATUS_IO, "%s", path);
	while ((n = io_read(fd, buffer, sizeof buffer)) > 0 && content->len <= limit)
		g_string_append_len(content, buffer, n);
	if (n < 0) {
		enum status status = diag_errno(errno, STATUS_IO, "%s", path);

		close(fd);
		return status == STATUS_NOINPUT ? STATUS_IO : status;
	}
	close(fd);
	if (content->len > limit) {
		diag_error("%s: larger than %zu bytes", path, limit);
		return STATUS_DATA;
	}
	*content_r = g_steal_pointer(&content);
	return STATUS_OK;
}

static enum status io_sync(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	int failed = fd < 0 || fsync(fd) != 0;
	int saved_errno = errno;

	if (fd >= 0)
		close(fd);
	return failed ? diag_errno(saved_errno, STATUS_IO, "%s", path) : STATUS_OK;
}

enum status io_sync_file(const char *path)
{
	return io_sync(path, 0);
}

enum status io_sync_directory(const char *path)
{
	return io_sync(path, O_DIRECTORY);
}

/* Writes and syncs the new file TEMPORARY; false with errno set. */
static bool io_write_new(const char *temporary, const char *bytes, size_t length)
{
	int fd = open(
		temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool good;
	int saved_errno;

	if (fd < 0)
		return false;
	good = io_write_all(fd, bytes, length) && fsync(fd) == 0;
	saved_errno = errno;
	good = close(fd) == 0 && good;
	errno = saved_errno;
	return good;
}

/* What becomes of a file that is there. */
enum io_present { IO_REPLACE, IO_KEEP, IO_REFUSE };

static enum status io_put_file(
	const char *path, const char *bytes, size_t length, enum io_present present)
{
	g_autofree char *temporary = g_strdup_printf("%s.%ld.new", path, (long)getpid());
	g_autofree char *directory = g_path_get_dirname(path);
	enum status status;
	int failed;

	unlink(temporary);
	if (!io_write_new(temporary, bytes, length)) {
		status = diag_errno(errno, STATUS_CANTCREAT, "%s", temporary);
		unlink(temporary);
		return status;
	}
	/* link(2) fails when there is such a file, rename(2) replaces it. */
	failed = present == IO_REPLACE ? rename(temporary, path) : link(temporary, path);
	if (failed && !(present == IO_KEEP && errno == EEXIST)) {
		status = diag_errno(errno, STATUS_CANTCREAT, "%s", path);
		unlink(temporary);
		return status;
	}
	if (present != IO_REPLACE)
		unlink(temporary);
	return io_sync_directory(directory);
}

enum status io_replace_file(const char *path, const char *bytes, size_t length, bool keep)
{
	return io_put_file(path, bytes, length, keep ? IO_KEEP : IO_REPLACE);
}

enum status io_create_file(const char *path, const char *bytes, size_t length)
{
	return io_put_file(path, bytes, length, IO_REFUSE);
}

static volatile sig_atomic_t deadline_ticks;

static void io_on_alarm(int signal_number)
{
	(void)signal_number;
	deadline_ticks = 1;
}

void io_deadline_set(unsigned seconds)
{
	/* No SA_RESTART: the point is that the call returns. */
	struct sigaction action = {.sa_handler = io_on_alarm};
	struct itimerval timer = {
		.it_value = {.tv_sec = seconds},
		.it_interval = {.tv_usec = 100000},
	};
	sigset_t set;

	deadline_ticks = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaction(SIGALRM, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

bool io_deadline_passed(void)
{
	return deadline_ticks != 0;
}

void io_deadline_clear(void)
{
	struct itimerval timer = {0};

	setitimer(ITIMER_REAL, &timer, NULL);
	signal(SIGALRM, SIG_DFL);
}

int64_t io_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

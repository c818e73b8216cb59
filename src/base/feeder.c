/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/feeder.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

static pid_t feeder_pid;

void feeder_note(void)
{
	feeder_pid = getppid();
}

/* The first bytes of /proc/PID/NAME as a string. */
static bool feeder_read_proc(const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)feeder_pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = io_read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* A process that dies closes its files first and gives its children away then.  In between
 * it is still our parent, and proc(5) has PF_EXITING among its flags, the seventh word
 * behind the name. */
static bool feeder_is_dying(void)
{
	enum { PF_EXITING = 0x4 };
	char stat[1024];
	const char *behind;
	unsigned flags;

	if (!feeder_read_proc("stat", stat, sizeof stat))
		return false;
	behind = strrchr(stat, ')');
	return behind != NULL &&
	       sscanf(behind, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
	       (flags & PF_EXITING);
}

/* Whether we may be an orphan from the start.  Process 1 adopts orphans and seldom feeds a pipe.
 * Any other parent that adopts (a user's systemd) is told by its session: a child is of its
 * parent's until it leads one of its own (setsid(2)). */
static bool feeder_may_be_adoptive(void)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) != 0 || !S_ISFIFO(st.st_mode))
		return false;
	return feeder_pid == 1 ||
	       (getsid(0) != getpid() && getsid(feeder_pid) != getsid(0));
}

enum feeder feeder_look(void)
{
	/* In this order: what is gone altogether is no longer our parent. */
	if (feeder_is_dying() || getppid() != feeder_pid)
		return FEEDER_GONE;
	return feeder_may_be_adoptive() ? FEEDER_UNKNOWN : FEEDER_THERE;
}

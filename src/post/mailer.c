/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/mailer.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"

static int mailer_make_file(const GString *mail)
{
	int fd = memfd_create("mldigest-mail", MFD_CLOEXEC);

	if (fd >= 0 && io_write_all(fd, mail->str, mail->len) &&
		lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	diag_errno(errno, STATUS_TEMPFAIL, "memfd for sendmail");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Starts the command with FD as its standard input; 0 or an errno. */
static int mailer_spawn(char *const *argv, int fd, pid_t *pid_r)
{
	extern char **environ;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int result;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(
		&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	result = posix_spawn(pid_r, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

static enum status mailer_wait(const char *command, const char *recipient, pid_t pid)
{
	int result = 0;
	bool done = false;

	io_deadline_set(LIMIT_SENDMAIL_SECONDS);
	while (!done && !io_deadline_passed())
		done = waitpid(pid, &result, 0) == pid;
	io_deadline_clear();
	if (!done) {
		kill(pid, SIGKILL);
		while (waitpid(pid, &result, 0) < 0 && errno == EINTR)
			;
		diag_error("%s: %s: not done after %d seconds; kept for the next flush",
			command, recipient, LIMIT_SENDMAIL_SECONDS);
	} else if (WIFSIGNALED(result)) {
		diag_error("%s: %s: killed by signal %d; kept for the next flush",
			command, recipient, WTERMSIG(result));
	} else if (WEXITSTATUS(result) != 0) {
		diag_error("%s: %s: exit status %d; kept for the next flush", command,
			recipient, WEXITSTATUS(result));
	} else {
		return STATUS_OK;
	}
	return STATUS_TEMPFAIL;
}

enum status mailer_send(char *const *command, const char *sender, const char *recipient,
	const GString *mail)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	const char *tail[] = {"-i", "-f", sender, "--", recipient, NULL};
	int fd = mailer_make_file(mail), result;
	pid_t pid;

	if (fd < 0)
		return STATUS_TEMPFAIL;
	for (; *command != NULL; command++)
		g_ptr_array_add(argv, *command);
	/* With its terminating NULL. */
	for (size_t i = 0; i < G_N_ELEMENTS(tail); i++)
		g_ptr_array_add(argv, (char *)(uintptr_t)tail[i]);
	result = mailer_spawn((char *const *)argv->pdata, fd, &pid);
	close(fd);
	if (result != 0) {
		diag_errno(result, STATUS_TEMPFAIL, "%s", (const char *)argv->pdata[0]);
		return STATUS_TEMPFAIL;
	}
	return mailer_wait(argv->pdata[0], recipient, pid);
}

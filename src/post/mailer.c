/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/mailer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"

enum status mailer_load(const GString *mail, int *fd_r)
{
	int fd = memfd_create("mldigest-mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd >= 0 && io_write_all(fd, mail->str, mail->len) &&
		fcntl(fd, F_ADD_SEALS,
			F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0) {
		*fd_r = fd;
		return STATUS_OK;
	}
	diag_errno(errno, STATUS_TEMPFAIL, "memfd for sendmail");
	if (fd >= 0)
		close(fd);
	return STATUS_TEMPFAIL;
}

/* A descriptor of its own for the mail: with a shared one a sendmail that goes on in the background
 * would share its place with the next.  Without /proc there is but the one. */
static int mailer_open(int mail)
{
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", mail);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fd = fcntl(mail, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
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

static enum status mailer_wait(pid_t pid, char **why_r)
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
		*why_r = g_strdup_printf(
			"not done after %d seconds", LIMIT_SENDMAIL_SECONDS);
		return STATUS_IO;
	}
	if (WIFSIGNALED(result))
		*why_r = g_strdup_printf("killed by signal %d", WTERMSIG(result));
	else if (WEXITSTATUS(result) != 0)
		*why_r = g_strdup_printf("exit status %d", WEXITSTATUS(result));
	else
		return STATUS_OK;
	return STATUS_TEMPFAIL;
}

enum status mailer_send(const struct mailer_run *run, char **why_r)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	const char *middle[] = {"-i", "-f", run->sender, "--"};
	int fd = mailer_open(run->mail), result = fd < 0 ? errno : 0;
	pid_t pid;

	for (char *const *word = run->command; *word != NULL; word++)
		g_ptr_array_add(argv, *word);
	for (size_t i = 0; i < G_N_ELEMENTS(middle); i++)
		g_ptr_array_add(argv, (char *)(uintptr_t)middle[i]);
	for (guint i = 0; i < run->recipients->len; i++)
		g_ptr_array_add(argv, run->recipients->pdata[i]);
	g_ptr_array_add(argv, NULL);
	if (result == 0)
		result = mailer_spawn((char *const *)argv->pdata, fd, &pid);
	if (fd >= 0)
		close(fd);
	if (result != 0) {
		*why_r = g_strdup(g_strerror(result));
		return STATUS_OS;
	}
	return mailer_wait(pid, why_r);
}

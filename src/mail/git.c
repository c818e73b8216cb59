/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/git.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"

static GStrv git_environment(void)
{
	GStrv environment = g_get_environ();
	g_auto(GStrv) names = g_listenv();

	for (char **name = names; *name != NULL; name++)
		if (g_str_has_prefix(*name, "GIT_"))
			environment = g_environ_unsetenv(environment, *name);
	return environment;
}

/* In the child: not in our process group, so that a ^C ends us at a message's end and not
 * git in the middle of one; and SIGPIPE as git expects it. */
static void git_prepare(void *data)
{
	(void)data;
	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
}

enum status git_start(const char *path, const char *const *arguments, bool with_input,
	bool quiet, struct git *git_r)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_auto(GStrv) environment = git_environment();
	g_autoptr(GError) error = NULL;
	GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
			    (quiet ? G_SPAWN_STDERR_TO_DEV_NULL : 0);
	struct git git = {.to = -1};

	g_ptr_array_add(argv, (char *)(uintptr_t) "git");
	g_ptr_array_add(argv, (char *)(uintptr_t) "-C");
	g_ptr_array_add(argv, (char *)(uintptr_t)path);
	for (; *arguments != NULL; arguments++)
		g_ptr_array_add(argv, (char *)(uintptr_t)*arguments);
	g_ptr_array_add(argv, NULL);
	if (!g_spawn_async_with_pipes(NULL, (char **)argv->pdata, environment, flags,
		    git_prepare, NULL, &git.pid, with_input ? &git.to : NULL, &git.from,
		    NULL, &error)) {
		diag_error("git: %s", error->message);
		return STATUS_OS;
	}
	git.path = g_strdup(path);
	git.name = g_strdup(
		strcmp(argv->pdata[3], "-c") == 0 ? argv->pdata[5] : argv->pdata[3]);
	*git_r = git;
	return STATUS_OK;
}

enum status git_finish(struct git *git, bool killed, bool quiet)
{
	enum status status = STATUS_OK;
	int result = 0;

	if (git->pid == 0)
		return STATUS_OK;
	if (git->to >= 0)
		close(git->to);
	close(git->from);
	if (killed)
		kill(git->pid, SIGTERM);
	while (waitpid(git->pid, &result, 0) < 0 && errno == EINTR)
		;
	if (!killed && result != 0) {
		status = STATUS_DATA;
		if (!quiet)
			diag_error("%s: git %s failed", git->path, git->name);
	}
	git->pid = 0;
	g_clear_pointer(&git->path, g_free);
	g_clear_pointer(&git->name, g_free);
	return status;
}

enum status git_ask(const char *path, const char *const *arguments, char **line_r)
{
	g_autoptr(GString) output = g_string_new(NULL);
	struct git git;
	char buffer[4096];
	ssize_t n;
	enum status status = git_start(path, arguments, false, true, &git);

	if (status != STATUS_OK)
		return status;
	while ((n = io_read(git.from, buffer, sizeof buffer)) > 0 &&
		output->len < sizeof buffer)
		g_string_append_len(output, buffer, n);
	if (git_finish(&git, false, true) != STATUS_OK)
		return STATUS_NOINPUT;
	*line_r = g_strndup(output->str, strcspn(output->str, "\n"));
	return STATUS_OK;
}

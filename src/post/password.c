/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "post/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/text.h"

static const int password_signals[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};

static volatile sig_atomic_t password_signal;

static void password_note_signal(int signal_number)
{
	password_signal = signal_number;
}

/* Up to a line's end; false with errno set, EINTR for a signal. */
static bool password_read_line(
	int fd, char *password_r, size_t capacity, size_t *length_r)
{
	size_t done = 0;

	while (done < capacity) {
		ssize_t n = password_signal ? -1 : read(fd, password_r + done, 1);

		if (password_signal) {
			errno = EINTR;
			return false;
		}
		if (n < 0)
			return false;
		if (n == 0 || password_r[done] == '\n') {
			*length_r = done;
			return true;
		}
		done++;
	}
	errno = E2BIG;
	return false;
}

/* With signals that only leave a note: read() ends, and the terminal gets its echo back. */
static bool password_read(
	int fd, const char *prompt, char *password_r, size_t capacity, size_t *length_r)
{
	const struct sigaction note = {.sa_handler = password_note_signal};
	struct sigaction before[G_N_ELEMENTS(password_signals)];
	struct termios shown, hidden;
	bool good;
	int saved_errno;

	if (tcgetattr(fd, &shown) != 0)
		return false;
	password_signal = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(password_signals); i++)
		sigaction(password_signals[i], &note, &before[i]);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	hidden.c_lflag |= ICANON;
	/* Before the prompt: what was typed until then is thrown away. */
	good = tcsetattr(fd, TCSAFLUSH, &hidden) == 0 &&
	       io_write_all(fd, prompt, strlen(prompt)) &&
	       password_read_line(fd, password_r, capacity, length_r);
	saved_errno = errno;
	tcsetattr(fd, TCSAFLUSH, &shown);
	io_write_all(fd, "\n", 1);
	for (size_t i = 0; i < G_N_ELEMENTS(password_signals); i++)
		sigaction(password_signals[i], &before[i], NULL);
	if (password_signal)
		raise(password_signal);
	errno = saved_errno;
	return good;
}

enum status password_ask(
	const char *path, char *password_r, size_t capacity, size_t *length_r)
{
	g_autofree char *name = text_sanitize_line(path, strlen(path));
	g_autofree char *prompt = g_strdup_printf("Password for %s: ", name);
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	enum status status = STATUS_OK;

	if (fd < 0) {
		diag_error("%s: is encrypted: give its password at a terminal, or in the "
			   "file that password-file= in the config names",
			path);
		return STATUS_CONFIG;
	}
	if (!password_read(fd, prompt, password_r, capacity, length_r))
		status = diag_errno(errno, STATUS_IO, "%s: password", path);
	close(fd);
	return status;
}

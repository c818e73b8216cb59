/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for a password at the terminal. */
#ifndef MLDIGEST_POST_PASSWORD_H
#define MLDIGEST_POST_PASSWORD_H

#include <stddef.h>

#include "base/status.h"

/* Asks the process's terminal for the password of the key PATH, without an echo, and puts the line
 * into the CAPACITY bytes at PASSWORD_R, without its end and without a NUL.  A signal that comes
 * meanwhile takes effect after the terminal is as it was.  Failures, no terminal among them, have
 * printed their line. */
enum status password_ask(
	const char *path, char *password_r, size_t capacity, size_t *length_r);

#endif

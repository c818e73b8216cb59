/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subscribers as lines of text, which "subscriber export" writes and "import" reads.  Pure. */
#ifndef MLDIGEST_CMD_ROSTER_H
#define MLDIGEST_CMD_ROSTER_H

#include <stddef.h>

#include <glib.h>

#include "base/status.h"
#include "store/subscriber.h"

/* Reads the LENGTH bytes at TEXT: a subscriber a line, "ADDRESS [format=text|mime] [paused]" and
 * what choice_each() gives as KEY=VALUE, blanks and the like as %20; blank lines and comments
 * behind # left out.  The same address may stand there again when it says the
 * same.  struct subscriber in an array that owns them, in the order of the text.  STATUS_DATA,
 * silently, where a line is wrong: *LINE_R is its number, from 1, and *WHY_R is static.  Total. */
enum status roster_parse(const char *text, size_t length, GPtrArray **subscribers_r,
	unsigned *line_r, const char **why_r);

/* Adds SUBSCRIBER's line to TEXT. */
void roster_add(GString *text, const struct subscriber *subscriber);

/* Why an address is refused. */
#define ROSTER_BAD_ADDRESS "not an address that can be mailed to"

#endif

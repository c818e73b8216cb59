/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes fields out of the header of a message that comes in pieces, and nothing else. Pure. */
#ifndef MLDIGEST_MAIL_STRIP_H
#define MLDIGEST_MAIL_STRIP_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* RFC 5322 2.1.1: no line is longer, so no name of a field is. */
enum { STRIP_NAME_BYTES = 998 };

enum strip_state {
	STRIP_NAME, /* at the start of a line, up to what tells whose it is */
	STRIP_KEEP, /* in a line that stays */
	STRIP_DROP, /* in one that goes */
	STRIP_BODY, /* behind the header: all stays */
};

/* Its insides belong to strip.c; it needs no release. */
struct strip {
	const char *prefix;
	enum strip_state state;
	bool dropped; /* the field before went: the lines that continue it go, too */
	size_t held;  /* how much of a line's start waits in name */
	char name[STRIP_NAME_BYTES];
};

/* Begins a message.  Fields whose names begin with PREFIX, in either case, are taken out with the
 * lines that continue them (RFC 5322 2.2.3), up to the first empty line.  PREFIX, not empty, is
 * borrowed. */
void strip_init(struct strip *strip, const char *prefix);

/* The next LENGTH bytes of the message: what stays of them goes behind OUT.  What may be the start
 * of such a field waits for more. */
void strip_append(struct strip *strip, const char *bytes, size_t length, GString *out);

/* The end of the message: what still waited goes behind OUT. */
void strip_finish(struct strip *strip, GString *out);

#endif

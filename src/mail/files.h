/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a mail carries. */
#ifndef MLDIGEST_MAIL_FILES_H
#define MLDIGEST_MAIL_FILES_H

#include <stddef.h>

#include <glib.h>

/* A part with a name (RFC 2183 2.3, or Content-Type's), decoded. */
struct files_part {
	char *name; /* sanitised, without a directory */
	GByteArray *bytes;
};

/* The named parts of the mail of LENGTH bytes at BYTES, at any depth, also in mails inside of it:
 * struct files_part in an array that owns them.  Total; LIMIT_PARTS and LIMIT_DEPTH hold.
 * message_init_library() comes first. */
GPtrArray *files_read(const char *bytes, size_t length);

/* The first of FILES with NAME, NULL for none. */
const struct files_part *files_find(const GPtrArray *files, const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bound on MIME parts before GMime sees them. Pure. */
#ifndef MLDIGEST_MAIL_PARTS_H
#define MLDIGEST_MAIL_PARTS_H

#include <stddef.h>

/* The length of the LENGTH bytes of multipart body at BYTES up to where one delimiter line
 * (RFC 2046 5.1.1) has come more than LIMIT_PARTS times, or delimiters that came before have come
 * more than LIMIT_DELIMITERS times in all, of lines as patches have them LIMIT_PATCH_LINES, or
 * where the headers of parts have more than LIMIT_PART_FIELDS or LIMIT_PART_FIELD_BYTES; *LIMIT
 * names the limit then and is not touched else.  GMime makes objects of every part and of every
 * field: a million parts take 1.3 GB, 10 MB of fields 1.9 GB. */
size_t parts_bounded_length(const char *bytes, size_t length, const char **limit);

#endif

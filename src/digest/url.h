/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a list's archive on the web shows a message. Pure. */
#ifndef MLDIGEST_DIGEST_URL_H
#define MLDIGEST_DIGEST_URL_H

#include "model/record.h"

/* The address of RECORD in ARCHIVE ("" for none), as public-inbox and others have it: the
 * Message-ID behind it, escaped (RFC 3986 3.3), and a slash.  NULL where there is no archive, or
 * none that could know the message: its Message-ID was made.  The caller frees. */
char *url_of_record(const struct record *record, const char *archive);

/* The same for MESSAGE_ID, as a mail names it. */
char *url_of_message(const char *message_id, const char *archive);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a digest as mails of their own inside its mail, to burst and to answer. */
#ifndef MLDIGEST_POST_STUBS_H
#define MLDIGEST_POST_STUBS_H

#include <glib.h>

#include "digest/digest.h"

/* MAIL, as compose_mail() made it, with a multipart/digest (RFC 2046 5.1.5) behind its parts: for
 * each message of DIGEST, in its order, a message/rfc822 with the fields of the message that its
 * record has and some of its text, so that an answer to it goes into the thread.  A text that is
 * not signed becomes the first part of a multipart/mixed; the bytes of signed parts, the header
 * above them and the Message-ID stay as they are.  LIMIT_STUBS and LIMIT_STUBS_BYTES hold; what is
 * left out is named in a Content-Description.  The same input gives the same bytes, and for a
 * digest without messages, or a MAIL that is none of ours, a copy of it.  The caller frees. */
GString *compose_add_stubs(const GString *mail, const struct digest *digest);

#endif

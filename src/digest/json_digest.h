/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A digest as JSON: RFC 8259, the keys of mldigest-digest(5). */
#ifndef MLDIGEST_DIGEST_JSON_DIGEST_H
#define MLDIGEST_DIGEST_JSON_DIGEST_H

#include <glib.h>

#include "digest/digest.h"
#include "digest/style.h"

/* DIGEST, which digest_collect_for() made for STYLE, as one object with a LF behind it, UTF-8: all
 * of it, whatever STYLE's sections and max_bytes are.  Bytes that are no UTF-8 become U+FFFD.  The
 * caller frees. */
GString *json_from_digest(const struct digest *digest, const struct digest_style *style);

#endif

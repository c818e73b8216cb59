/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A digest as a page of text: FORMAT.md, layout `classic`. Pure. */
#ifndef MLDIGEST_DIGEST_TEXT_H
#define MLDIGEST_DIGEST_TEXT_H

#include <glib.h>

#include "digest/digest.h"

/* DIGEST under TITLE with TOP rows a table: UTF-8, LF line ends.  The caller frees. */
GString *digest_render_text(const struct digest *digest, const char *title, unsigned top);

#endif

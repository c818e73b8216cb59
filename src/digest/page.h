/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A digest as a page of text: layout `full`, mldigest-digest(5). Pure. */
#ifndef MLDIGEST_DIGEST_PAGE_H
#define MLDIGEST_DIGEST_PAGE_H

#include <glib.h>

#include "digest/digest.h"
#include "digest/style.h"

/* DIGEST, which has what layout full shows: UTF-8, LF line ends.  Where it would have more than
 * STYLE's max_bytes, commit messages are shortened.  The caller frees. */
GString *page_render(const struct digest *digest, const struct digest_style *style);

#endif

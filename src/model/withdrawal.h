/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an author says who takes back what he posted. Pure. */
#ifndef MLDIGEST_MODEL_WITHDRAWAL_H
#define MLDIGEST_MODEL_WITHDRAWAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether one of the first own lines of the LENGTH bytes of sanitised text at TEXT takes back the
 * whole of what it answers: "please ignore this series", "Withdrawn.", "Self-NAK".  It has to begin
 * a sentence and to say what it is about: "please drop the blank line" is a remark.  Whether the
 * sender may do that is for the caller to find out. */
bool withdrawal_find(const char *text, size_t length);

#endif

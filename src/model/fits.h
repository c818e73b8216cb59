/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of classify.c are made of, and those for what people and robots answer. Private to
 * model/. */
#ifndef MLDIGEST_MODEL_FITS_H
#define MLDIGEST_MODEL_FITS_H

#include "model/classify.h"

/* Sets *EVIDENCE_R, which the caller frees, to one line: of a format, the Subject or the From
 * field.  All return TRUE. */
gboolean fits_seen(char **evidence_r, const char *format, ...) G_GNUC_PRINTF(2, 3);
gboolean fits_seen_subject(const struct classify_input *input, char **evidence_r);
gboolean fits_seen_from(const struct classify_input *input, char **evidence_r);

/* Whether it answers a message, has a patch's tag, has a diff that is not the one of a mail below
 * it that it answers, or is a patch: a robot that sends a patch sends a patch. */
bool fits_has_parent(const struct classify_input *input);
bool fits_has_patch_tag(const struct classify_input *input);
bool fits_has_diff(const struct classify_input *input);
bool fits_is_own_patch(const struct classify_input *input);

/* Rules, as struct classify_rule has them. */
gboolean fits_auto_reply(const struct classify_input *input, char **evidence_r);
gboolean fits_patchwork(const struct classify_input *input, char **evidence_r);
gboolean fits_pr_tracker(const struct classify_input *input, char **evidence_r);
gboolean fits_tip(const struct classify_input *input, char **evidence_r);
gboolean fits_tree_note(const struct classify_input *input, char **evidence_r);
gboolean fits_commit_mail(const struct classify_input *input, char **evidence_r);
gboolean fits_tree_removal(const struct classify_input *input, char **evidence_r);
gboolean fits_bot(const struct classify_input *input, char **evidence_r);
gboolean fits_robot_signature(const struct classify_input *input, char **evidence_r);
gboolean fits_robot_words(const struct classify_input *input, char **evidence_r);
gboolean fits_bugzilla(const struct classify_input *input, char **evidence_r);
gboolean fits_applied_reply(const struct classify_input *input, char **evidence_r);
gboolean fits_patch_in_reply(const struct classify_input *input, char **evidence_r);
gboolean fits_review(const struct classify_input *input, char **evidence_r);
gboolean fits_reply(const struct classify_input *input, char **evidence_r);
gboolean fits_forward(const struct classify_input *input, char **evidence_r);
gboolean fits_reply_to_nothing(const struct classify_input *input, char **evidence_r);
gboolean fits_unmarked_review(const struct classify_input *input, char **evidence_r);
gboolean fits_unmarked_reply(const struct classify_input *input, char **evidence_r);

#endif

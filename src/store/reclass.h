/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes that somebody mended by hand.  Records are never changed: what was said stands beside
 * them, in meta.db, one entry a Message-ID.  store_get() and store_find() put it into the record
 * they give, so that all who read see one class. */
#ifndef MLDIGEST_STORE_RECLASS_H
#define MLDIGEST_STORE_RECLASS_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/record.h"
#include "store/store.h"

/* Strings are sanitised lines, owned, never NULL. */
struct reclass {
	char *message_id;
	enum record_class class, was; /* now, and as the rules said */
	int64_t time;
	char *who; /* a user's name */
	char *why; /* or "" */
};

void reclass_free(struct reclass *reclass);
typedef struct reclass reclass_auto; /* for g_autoptr() alone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reclass_auto, reclass_free)

/* Keeps RECLASS (was: filled in) for its message in HOME, in place of what was said before.
 * Printed are STATUS_NOINPUT, where the message is not here, and STATUS_USAGE, where it is of that
 * class already. */
enum status reclass_put(const char *home, struct reclass *reclass);

/* Takes back what was said of MESSAGE_ID; STATUS_NOINPUT, printed, where nothing was. */
enum status reclass_undo(const char *home, const char *message_id);

/* What was said of MESSAGE_ID; STATUS_NOINPUT, silently, for nothing.  The caller frees. */
enum status reclass_find(
	struct store *store, const char *message_id, struct reclass **reclass_r);

/* All there are, latest first: struct reclass, added to LIST, which owns what it holds. */
enum status reclass_list(struct store *store, GPtrArray *list);

/* For struct store and who decodes records by himself: gives RECORD its mended class. */
enum status reclass_apply(struct store *store, struct record *record);

/* In the open transaction: MESSAGE_ID has expired. */
enum status reclass_forget(struct store *store, const char *message_id);

/* Entries of meta with names that begin so are classes; behind it stands the Message-ID. */
#define RECLASS_PREFIX "class."

/* Reads an entry of LENGTH bytes at VALUE for MESSAGE_ID; NULL for what is none.  Total.  The
 * caller frees. */
struct reclass *reclass_parse(const char *message_id, const char *value, size_t length);

#endif

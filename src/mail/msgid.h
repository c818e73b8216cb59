/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Message-IDs, and what a mail answers by them (RFC 5322 3.6.4). Pure. */
#ifndef MLDIGEST_MAIL_MSGID_H
#define MLDIGEST_MAIL_MSGID_H

#include <stdbool.h>

#include <glib.h>

/* Whether ID, without its angle brackets, can be a key: printable ASCII, one '@', at most
 * LIMIT_MSGID_BYTES (narrower than RFC 5322 3.6.4, wider than most senders). */
bool msgid_is_valid(const char *id);

/* Adds the msg-ids in VALUE, which may be NULL, to IDS, without their brackets; folding white
 * space inside one is dropped.  Of more than LIMIT_REFERENCES the oldest, which names the thread,
 * and the newest stay. */
void msgid_scan(const char *value, GPtrArray *ids);

/* Puts the first one in IN_REPLY_TO, a field's body or NULL, last in REFERENCES: it names the
 * parent even where they end elsewhere. */
void msgid_add_parent(const char *in_reply_to, GPtrArray *references);

/* Takes the draft of MESSAGE_ID, or of NULL, out of REFERENCES, where Yahoo's web mail names
 * it: LEFT.ref@RIGHT for LEFT@RIGHT.  That is no message which was answered. */
void msgid_drop_draft(const char *message_id, GPtrArray *references);

#endif

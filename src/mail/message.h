/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads one raw message; the only file that reads MIME (GMime's reading side). */
#ifndef MLDIGEST_MAIL_MESSAGE_H
#define MLDIGEST_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* Fields that only rules look at. */
enum message_field {
	MESSAGE_FIELD_TO,
	MESSAGE_FIELD_CC,
	MESSAGE_FIELD_REPLY_TO,
	MESSAGE_FIELD_X_ORIGINAL_FROM,
	MESSAGE_FIELD_AUTO_SUBMITTED, /* RFC 3834 5 */
	MESSAGE_FIELD_X_AUTOREPLY,    /* and what there was before it */
	MESSAGE_FIELD_X_AUTORESPOND,
	MESSAGE_FIELD_PRECEDENCE,
	MESSAGE_FIELD_CONTENT_TYPE,
	MESSAGE_FIELD_X_MAILER,
	MESSAGE_FIELD_COUNT
};

/* What the program takes from a message.  All strings are sanitised UTF-8 (base/text.h),
 * never NULL but where said, and belong to the struct. */
struct message {
	char *subject;        /* unfolded (RFC 5322 2.2.3) and decoded (RFC 2047) */
	char *from_name;      /* display name of the first From mailbox, decoded, or "" */
	char *from_address;   /* its addr-spec, or "" */
	char *message_id;     /* without <>, acceptable as a key (msgid_is_valid), or
				 NULL */
	char *message_id_raw; /* the field as it came when message_id is NULL, or "" */
	GPtrArray *references; /* msg-ids without <>, oldest first, the parent last */
	GPtrArray *list_ids;   /* of List-Id (RFC 2919), lower case */
	int64_t date;     /* Date in seconds since 1970, or 0 when it cannot be read */
	int64_t received; /* of the newest Received field, or 0 */
	GString *text;    /* the readable body: text parts and attached diffs, LF ends */
	char *fields
		[MESSAGE_FIELD_COUNT]; /* the first of each, in one line, decoded; or NULL */
	bool has_header;               /* false: the input began with a body */
	const char *limit; /* the limit that cut this message short, or NULL (static) */
};

/* Before anything else of GMime's; what is declared here calls it itself.  Any number of times,
 * from any thread.  Costs a tenth of a millisecond: a delivery does without where the mail is
 * of the usual kind (mail/simple.h). */
void message_init_library(void);

/* Reads the LENGTH bytes at BYTES, a message without an mbox `From ` line, into
 * *MESSAGE_R, which the caller releases.  Total: whatever the bytes, there is a message.
 * LIMITS are those of base/limits.h; the first one that was passed is named in ->limit.
 * Thread-safe. */
void message_parse(const char *bytes, size_t length, struct message *message_r);

void message_release(struct message *message);

/* The body of FIELD, "" where there is none.  Borrowed. */
const char *message_field(const struct message *message, enum message_field field);

/* The LENGTH bytes at VALUE, a field's body or an in-body field, unfolded, decoded (RFC
 * 2047) and sanitised, in one line; the caller frees. */
char *message_decode_line(const char *value, size_t length);

#endif

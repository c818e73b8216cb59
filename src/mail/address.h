/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mailboxes as text: reading an in-body one, writing one, comparing. Pure. */
#ifndef MLDIGEST_MAIL_ADDRESS_H
#define MLDIGEST_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* Reads `Name <addr-spec>`, `"Name" <addr-spec>` or `addr-spec` out of LINE (sanitised
 * UTF-8, one line, encoded words decoded by the caller).  False, and nothing set, where
 * there is no addr-spec with an '@'.  The caller frees *NAME_R ("" without one) and
 * *ADDRESS_R. */
bool address_parse(const char *line, char **name_r, char **address_r);

/* The same out of the body of a From field as most mails have it: `Name Name <addr-spec>`, in
 * ASCII, with neither folds nor comments nor escapes, the name in quotes or not.  False, and
 * nothing set, for all else, which a parser has to read. */
bool address_read_plain(const char *field, char **name_r, char **address_r);

/* Whether ADDRESS has the shape of an addr-spec and nothing around it. */
bool address_is_plain(const char *address);

/* The next mailbox of the list at *CURSOR (RFC 5322 3.4, as the line of
 * address_parse()), and *CURSOR moved behind it; what is none is passed over.  False, and
 * nothing set, at the end.  The caller frees both. */
bool address_next(const char **cursor, char **name_r, char **address_r);

/* `Name <addr-spec>` as RFC 5322 3.4 writes it: the name in quotes where it is no
 * sequence of atoms, UTF-8 as it is (RFC 6532).  Only the address where NAME is "".  The
 * caller frees. */
char *address_format(const char *name, const char *address);

/* The same without quotes, for people to read.  The caller frees. */
char *address_display(const char *name, const char *address);

/* What two spellings of an address have in common: lower case.  The caller frees. */
char *address_key(const char *address);

/* What two spellings of a person's NAME, valid UTF-8, have in common: composed
 * characters (Unicode NFC) without case.  The caller frees. */
char *address_name_key(const char *name);

/* A number for the LENGTH bytes of ADDRESS in any case (FNV-1a, 64 bits): what is kept of those
 * who are only written to.  It tells people apart, but is no proof of anything. */
uint64_t address_hash(const char *address, size_t length);

/* Adds to HASHES (uint64_t) those of the addresses in the field's body LIST that are not there,
 * until there are LIMIT_ADDRESSEES.  What looks like an address is taken for one, wherever in LIST
 * it stands. */
void address_hash_list(const char *list, GArray *hashes);

/* The domain of ADDRESS in lower case, "" without one.  The caller frees. */
char *address_domain(const char *address);

#endif

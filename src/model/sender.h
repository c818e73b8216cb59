/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Senders that are programs. Pure. */
#ifndef MLDIGEST_MODEL_SENDER_H
#define MLDIGEST_MODEL_SENDER_H

enum sender_kind {
	SENDER_PERSON,
	SENDER_PATCHWORK,  /* tells what became of a patch */
	SENDER_PR_TRACKER, /* and of a pull request */
	SENDER_TIP,        /* commits of the kernel's tip tree */
	SENDER_BUGZILLA,
	SENDER_CVE,
	SENDER_MAILER, /* bounces */
	SENDER_BOT,    /* any other that builds, tests, fuzzes or reviews */
};

/* What NAME and ADDRESS of a From field say of the sender.  A robot that no table knows is told by
 * the word `bot` or `robot` of its name or address. */
enum sender_kind sender_find_kind(const char *name, const char *address);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of "log" that are no list of messages. */
#ifndef MLDIGEST_CMD_LOG_REVIEW_H
#define MLDIGEST_CMD_LOG_REVIEW_H

#include <stdbool.h>

#include "base/status.h"
#include "digest/digest.h"

enum log_list {
	LOG_MESSAGES, /* none of them */
	LOG_WAITING,
	LOG_MISSING,
	LOG_RECLASSED,
};

struct log_request {
	enum log_list list;
	const struct digest_window *window; /* for LOG_MISSING */
	int count;                          /* at most; -1: all */
	bool json;
};

/* Prints the list of HOME that is asked for. */
enum status log_print_list(const char *home, const struct log_request *request);

#endif

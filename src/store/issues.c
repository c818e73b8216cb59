/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/issues.h"

#include "store/outbox.h"

static enum status issues_get(
	struct store *store, uint64_t number, struct issues_range *range_r)
{
	struct outbox_issue issue = {0};
	enum status status = number ? outbox_get(store, number, &issue)
				    : outbox_get_last(store, &issue);

	if (status != STATUS_OK)
		return status;
	*range_r = (struct issues_range){
		issue.number, issue.first, issue.last, issue.date};
	outbox_issue_release(&issue);
	return STATUS_OK;
}

/* Windows do not overlap and lie in the order of their issues, so halving finds the one; an issue
 * that is gone counts as one that ends before NUMBER. */
enum status issues_find_before(
	struct store *store, uint64_t number, struct issues_range *range_r)
{
	struct issues_range found = {0}, range;
	uint64_t low = 1, high;
	enum status status = issues_get(store, 0, &range);

	if (status != STATUS_OK) {
		if (status == STATUS_NOINPUT)
			*range_r = found;
		return status == STATUS_NOINPUT ? STATUS_OK : status;
	}
	if (range.last <= number) {
		*range_r = range;
		return STATUS_OK;
	}
	high = range.number;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		status = issues_get(store, middle, &range);
		if (status != STATUS_OK && status != STATUS_NOINPUT)
			return status;
		if (status == STATUS_NOINPUT) {
			low = middle + 1;
		} else if (range.last <= number) {
			found = range;
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*range_r = found;
	return STATUS_OK;
}

enum status issues_find(
	struct store *store, uint64_t number, struct issues_range *range_r)
{
	struct issues_range before = {0}, range = {0};
	enum status status = issues_find_before(store, number - 1, &before);

	if (status == STATUS_OK)
		status = issues_get(store, before.number + 1, &range);
	if (status == STATUS_NOINPUT)
		status = STATUS_OK;
	if (status == STATUS_OK)
		*range_r = range.first < number && number <= range.last
				   ? range
				   : (struct issues_range){0};
	return status;
}

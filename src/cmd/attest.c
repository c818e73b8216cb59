/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmd/attest.h"

#include "base/keyring.h"
#include "model/attest.h"

static enum status attest_one(struct attest *attest, const struct devsig *signature,
	const char *keyring, struct reading *reading)
{
	struct keyring_answer answer;
	bool asked = keyring != NULL && attest_wants_key(attest, signature);
	enum status status = STATUS_OK;

	if (asked)
		status = keyring_find(
			keyring, signature->identity, signature->selector, &answer);
	if (status == STATUS_OK)
		attest_add(attest, signature, asked ? &answer : NULL, reading);
	return status;
}

enum status attest_reading(
	const struct reading_source *source, const char *keyring, struct reading *reading)
{
	struct attest attest;
	enum status status = STATUS_OK;

	if (!attest_begin(source, &attest))
		return STATUS_OK;
	for (guint i = 0; i < attest.mail.signatures->len && status == STATUS_OK; i++)
		status = attest_one(
			&attest, attest.mail.signatures->pdata[i], keyring, reading);
	attest_release(&attest);
	return status;
}

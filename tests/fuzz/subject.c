/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subject, or whatever else is one line: encoded words and people too. */
#include "config.h"

#include "fuzz.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/subject.h"
#include "model/identity.h"

static void check_subject(const char *line)
{
	struct subject subject;

	subject_parse(line, &subject);
	fuzz_check_text(subject.title, true);
	fuzz_check_text(subject.revision_mark, true);
	for (guint i = 0; i < subject.tags->len; i++)
		fuzz_check_text(subject.tags->pdata[i], true);
	subject_release(&subject);
}

static void check_people(const char *line)
{
	g_autoptr(GPtrArray) list_ids = g_ptr_array_new();
	const char *cursor = line;
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;

	for (;;) {
		g_autofree char *next_name = NULL;
		g_autofree char *next_address = NULL;

		if (!address_next(&cursor, &next_name, &next_address))
			break;
		fuzz_check_text(next_name, true);
		fuzz_check_text(next_address, true);
	}
	if (address_parse(line, &name, &address)) {
		const struct identity_sender sender = {
			name, address, line, line, line, list_ids};
		g_autofree char *true_name = NULL;
		g_autofree char *true_address = NULL;
		g_autofree char *shown = address_display(name, address);

		fuzz_check_text(shown, true);
		if (identity_undo_rewriting(&sender, &true_name, &true_address))
			fuzz_check_text(true_address, true);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *line = NULL;

	line = message_decode_line((const char *)data, size);
	fuzz_check_text(line, true);
	check_subject(line);
	check_people(line);
	return 0;
}

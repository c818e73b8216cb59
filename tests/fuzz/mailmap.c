/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HOME/mailmap; its first line is also a person to look for. */
#include "config.h"

#include "fuzz.h"
#include "mail/address.h"
#include "model/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	g_autofree char *line = text_sanitize_line(
		(const char *)data, end ? (size_t)(end - data) : size);
	struct mailmap *mailmap = mailmap_parse((const char *)data, size);
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	g_autofree char *mapped_name = NULL;
	g_autofree char *mapped_address = NULL;

	if (address_parse(line, &name, &address)) {
		mailmap_apply(mailmap, name, address, &mapped_name, &mapped_address);
		fuzz_check_text(mapped_name, true);
		fuzz_check_text(mapped_address, true);
	}
	mailmap_free(mailmap);
	return 0;
}

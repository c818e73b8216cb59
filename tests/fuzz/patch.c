/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a mail: its patch, diffstat, trailers, marks and quotes, and as HTML. */
#include "config.h"

#include "fuzz.h"
#include "mail/diffstat.h"
#include "mail/html.h"
#include "mail/marks.h"
#include "mail/message.h"
#include "mail/patch.h"
#include "mail/quote.h"
#include "mail/trailer.h"
#include "model/applied.h"
#include "model/changelog.h"
#include "model/identity.h"

static void check_trailers(const char *text, size_t length)
{
	g_autoptr(GPtrArray) trailers = trailer_new_array();

	trailer_parse_message(text, length, trailers);
	trailer_parse_reply(text, length, trailers);
	for (guint i = 0; i < trailers->len; i++) {
		const struct trailer *trailer = trailers->pdata[i];

		fuzz_check_text(trailer->key, true);
		fuzz_check_text(trailer->value, true);
	}
}

static void check_patch(const char *text, size_t length)
{
	const struct diffstat stat = diffstat_parse(text, length, NULL);
	struct patch patch;
	struct marks marks;

	patch_parse(text, length, &patch);
	fuzz_check(stat.start <= stat.end && stat.end <= length);
	fuzz_check(patch.message_length <= length && patch.text_length <= length &&
		   patch.diff_start <= length);
	fuzz_check(patch_without_footer(text, length) <= length);
	for (guint i = 0; i < patch.paths->len; i++)
		fuzz_check_text(((struct patch_path *)patch.paths->pdata[i])->path, true);
	marks_find(text, length, patch.diff_start, &marks);
	marks_release(&marks);
	patch_release(&patch);
	for (unsigned revision = 1; revision < 4; revision++) {
		g_autofree char *changelog = changelog_find(text, length, revision);

		fuzz_check_text(changelog ? changelog : "", false);
	}
}

static void check_reply(const char *text, size_t length)
{
	struct applied applied;
	struct identity_in_body from;

	if (applied_find(text, length, &applied)) {
		fuzz_check_text(applied.tree ? applied.tree : "", true);
		applied_release(&applied);
	}
	if (identity_find_in_body(text, length, &from)) {
		fuzz_check(from.start <= from.end && from.end <= length &&
			   from.block_start <= from.block_end &&
			   from.block_end <= length);
		identity_release_in_body(&from);
	}
	quote_has_quotes(text, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) text = text_sanitize((const char *)data, size);
	/* Not one byte more than is there. */
	g_autofree char *exact = g_memdup2(text->str, text->len);
	g_autofree char *plain = html_to_text(exact ? exact : "", text->len);

	fuzz_check_text(plain, false);
	check_trailers(exact ? exact : "", text->len);
	check_patch(exact ? exact : "", text->len);
	check_reply(exact ? exact : "", text->len);
	return 0;
}

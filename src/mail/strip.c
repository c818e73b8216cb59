/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/strip.h"

#include <string.h>

void strip_init(struct strip *strip, const char *prefix)
{
	strip->prefix = prefix;
	strip->state = STRIP_NAME;
	strip->dropped = false;
	strip->held = 0;
}

void strip_finish(struct strip *strip, GString *out)
{
	g_string_append_len(out, strip->name, (gssize)strip->held);
	strip->held = 0;
}

/* What one byte more makes of the start of a line. */
static enum strip_state strip_judge(struct strip *strip)
{
	size_t last = strip->held - 1, prefix = strlen(strip->prefix);
	char c = strip->name[last];

	if (last == 0 && (c == ' ' || c == '\t'))
		return strip->dropped ? STRIP_DROP : STRIP_KEEP;
	if (c == '\n' && (last == 0 || (last == 1 && strip->name[0] == '\r')))
		return STRIP_BODY;
	strip->dropped = false;
	if (last == 0 && c == '\r')
		return STRIP_NAME;
	if (strip->name[0] == '\r')
		return STRIP_KEEP;
	if (last < prefix)
		return g_ascii_tolower(c) == g_ascii_tolower(strip->prefix[last])
			       ? STRIP_NAME
			       : STRIP_KEEP;
	strip->dropped = c == ':';
	if (strip->dropped)
		return STRIP_DROP;
	/* RFC 5322 4.5: there may be blanks before the colon, but nothing else behind them. */
	if (c == ' ' || c == '\t')
		return STRIP_NAME;
	return g_ascii_isgraph(c) && g_ascii_isgraph(strip->name[last - 1]) ? STRIP_NAME
									    : STRIP_KEEP;
}

/* Takes bytes of a line's start; returns how many. */
static size_t strip_append_name(
	struct strip *strip, const char *bytes, size_t length, GString *out)
{
	size_t taken = 0;
	char c;

	while (taken < length && strip->state == STRIP_NAME) {
		c = bytes[taken++];
		strip->name[strip->held++] = c;
		strip->state = strip_judge(strip);
		if (strip->state == STRIP_NAME) {
			if (strip->held < sizeof strip->name)
				continue;
			strip->state = STRIP_KEEP;
		}
		if (strip->state == STRIP_DROP)
			strip->held = 0;
		strip_finish(strip, out);
		if (strip->state == STRIP_KEEP && c == '\n')
			strip->state = STRIP_NAME;
	}
	return taken;
}

void strip_append(struct strip *strip, const char *bytes, size_t length, GString *out)
{
	while (length > 0) {
		size_t taken = length;

		if (strip->state == STRIP_NAME) {
			taken = strip_append_name(strip, bytes, length, out);
		} else if (strip->state != STRIP_BODY) {
			const char *end = memchr(bytes, '\n', length);

			taken = end ? (size_t)(end + 1 - bytes) : length;
			if (strip->state == STRIP_KEEP)
				g_string_append_len(out, bytes, (gssize)taken);
			if (end != NULL)
				strip->state = STRIP_NAME;
		} else {
			g_string_append_len(out, bytes, (gssize)length);
		}
		bytes += taken;
		length -= taken;
	}
}

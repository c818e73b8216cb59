/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells releases and other announcements. */
#include "config.h"

#include "model/clues.h"

#include <string.h>

/* `v2.50.0-rc1`, `10.0`, `2025.01`, `v257`, with a name as in `man-pages-6.10`. */
struct clues_version {
	size_t length; /* of the word, 0 where it is none */
	bool named, dotted;
};

static struct clues_version clues_take_version(const char *word)
{
	struct clues_version version = {.length = strcspn(word, " ")};
	const char *start = word;
	size_t at, digits;

	if (g_ascii_isalpha(*word) && !((*word | 32) == 'v' && g_ascii_isdigit(word[1])))
		for (size_t i = 1; i < version.length && start == word; i++)
			if (word[i - 1] == '-' && g_ascii_isdigit(word[i]))
				start = word + i;
	version.named = start > word;
	at = *start == 'v' || *start == 'V' ? 1 : 0;
	digits = strspn(start + at, "0123456789");
	version.dotted = digits > 0 && start[at + digits] == '.' &&
			 g_ascii_isdigit(start[at + digits + 1]);
	if (!version.dotted &&
		!(at == 1 && digits > 0 && start + at + digits == word + version.length))
		version.length = 0;
	return version;
}

/* Whether REST, behind a version, says that it is out, and nothing more. */
static bool clues_is_out(const char *rest)
{
	static const char *const words[] = {"", "is", "has", "been", "now", "out",
		"available", "released", "release", "stable", "maintenance", "of", "for",
		"download", "update", NULL};
	static const char *const news[] = {
		"available", "released", "release", "out", NULL};
	g_auto(GStrv) parts = g_strsplit_set(rest, " .!,", 8);
	bool out = false;

	for (char **part = parts; *part != NULL; part++) {
		g_autofree char *lower = g_ascii_strdown(*part, -1);

		if (!g_strv_contains(words, lower))
			return false;
		out = out || g_strv_contains(news, lower);
	}
	return out;
}

/* "Linux 6.18-rc1", "QEMU 10.0.0 is now available", "util-linux v2.41 released", "tig-2.5.12". */
static bool clues_is_release(const char *title)
{
	size_t words = 0;

	for (const char *word = title; *word != '\0' && words < 5; words++) {
		struct clues_version version = clues_take_version(word);

		/* "Btrfs progs release 6.12". */
		if (version.dotted && word[version.length] == '\0' && words > 1 &&
			g_ascii_strncasecmp(word - 8, "release ", 8) == 0)
			return true;
		if (version.length > 0 && word[version.length] == '\0')
			return version.dotted && words <= 1 &&
			       (words == 1 || version.named);
		if (version.length > 0 && (words > 0 || version.named))
			return clues_is_out(word + version.length);
		word += strcspn(word, " ");
		word += strspn(word, " ");
	}
	return false;
}

/* `USN-7100-1`, `DSA 5839-1`: distributions' advisories. */
static bool clues_is_advisory(const GPtrArray *tags, guint at)
{
	static const char *const kinds[] = {
		"DSA", "DLA", "USN", "LSN", "GLSA", "ASA", NULL};
	const char *tag = tags->pdata[at];

	for (size_t i = 0; kinds[i] != NULL; i++) {
		const char *rest = tag + strlen(kinds[i]);

		if (!g_str_has_prefix(tag, kinds[i]))
			continue;
		if (*rest == '\0' && at + 1 < tags->len)
			rest = tags->pdata[at + 1];
		else if (*rest == '-')
			rest++;
		return g_ascii_isdigit(*rest);
	}
	return false;
}

bool clues_is_announcement(const struct subject *subject)
{
	static const char *const titles[] = {"ANNOUNCE:", "ANNOUNCEMENT:",
		"Announcement:", "Announce:", "ANN:", "Announcing ",
		"CFP:", "What's cooking in ", "linux-next: Tree for ", NULL};
	static const char *const calls[] = {"Call for papers", "Call for proposals",
		"Call for participation", "Call for presentations",
		"Call for submissions", "Call for topics", "Call for talks", NULL};

	if (subject->patch)
		return false;
	for (guint i = 0; i < subject->tags->len; i++) {
		const char *tag = subject->tags->pdata[i];

		if (g_ascii_strcasecmp(tag, "ANN") == 0 ||
			g_ascii_strcasecmp(tag, "CFP") == 0 ||
			g_ascii_strcasecmp(tag, "RELEASE") == 0 ||
			g_ascii_strcasecmp(tag, "SECURITY") == 0 ||
			clues_is_advisory(subject->tags, i) ||
			g_ascii_strncasecmp(tag, "ANNOUNCE", 8) == 0)
			return true;
	}
	for (size_t i = 0; calls[i] != NULL; i++)
		if (strcasestr(subject->title, calls[i]) != NULL)
			return true;
	for (size_t i = 0; titles[i] != NULL; i++)
		if (g_ascii_strncasecmp(subject->title, titles[i], strlen(titles[i])) ==
			0)
			return true;
	return clues_is_release(subject->title);
}

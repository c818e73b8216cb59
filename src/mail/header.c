#include "config.h"

#include "mail/header.h"

#include "base/limits.h"
#include "base/text.h"

/* What mail/message.c reads itself, and what GMime needs to find the body. */
static const char *const header_wanted[] = {"Content-Disposition",
	"Content-Transfer-Encoding", "Content-Type", "Date", "From", "In-Reply-To",
	"List-Id", "Message-ID", "MIME-Version", "Received", "References", "Subject"};

/* The length of the field name that LINE begins with, 0 for none. */
static size_t header_name_length(const char *line, size_t length)
{
	size_t n = 0, colon;

	while (n < length && line[n] > 0x20 && line[n] < 0x7f && line[n] != ':')
		n++;
	colon = n;
	while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
		colon++;
	return colon < length && line[colon] == ':' ? n : 0;
}

bool header_begins(const char *bytes, size_t length)
{
	return header_name_length(bytes, length) > 0;
}

static bool header_is_wanted(const char *line, size_t length, bool *had_received)
{
	size_t n = header_name_length(line, length);

	for (size_t i = 0; n > 0 && i < G_N_ELEMENTS(header_wanted); i++) {
		const char *name = header_wanted[i];

		if (g_ascii_strncasecmp(line, name, n) != 0 || name[n] != '\0')
			continue;
		if (g_ascii_strcasecmp(name, "Received") == 0) {
			bool had = *had_received;

			*had_received = true;
			return !had;
		}
		return true;
	}
	return false;
}

GString *header_filter(const char *bytes, size_t length, const char **limit)
{
	GString *out = g_string_sized_new(length + 1);
	bool wanted = false, had_received = false;
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(bytes, length, &cursor, &line, &line_length)) {
		size_t start = (size_t)(line - bytes);

		if (line_length == 0 || (line_length == 1 && *line == '\r')) {
			g_string_append_len(out, line, (gssize)(length - start));
			return out;
		}
		if (cursor > LIMIT_HEADER_BYTES) {
			*limit = "header size";
			break;
		}
		/* A folded line belongs to the field before it (RFC 5322 2.2.3). */
		if (*line != ' ' && *line != '\t')
			wanted = header_is_wanted(line, line_length, &had_received);
		if (wanted)
			g_string_append_len(out, line, (gssize)(cursor - start));
	}
	g_string_append_c(out, '\n');
	return out;
}

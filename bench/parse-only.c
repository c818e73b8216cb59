/* The floor that one delivery is measured against: starts, initialises GMime, parses the mail on
 * standard input and exits.  It keeps nothing. */
#include <stdio.h>
#include <unistd.h>

#include <gmime/gmime.h>

int main(void)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	g_mime_init();
	stream = g_mime_stream_fs_new(STDIN_FILENO);
	parser = g_mime_parser_new_with_stream(stream);
	/* The content goes to memory, as it does in mldigest, instead of being sought for later. */
	g_mime_parser_set_persist_stream(parser, FALSE);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message == NULL) {
		fputs("parse-only: standard input: no message\n", stderr);
		return 1;
	}
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
	g_mime_shutdown();
	return 0;
}

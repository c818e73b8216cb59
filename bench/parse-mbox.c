/* What `mldigest import` is measured against: parses every message of an mbox file with GMime, in
 * one thread, and prints how many there were.  It keeps nothing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <gmime/gmime.h>

int main(int argc, char **argv)
{
	GMimeStream *stream;
	GMimeParser *parser;
	unsigned long count = 0;
	int fd;

	if (argc != 2) {
		fputs("usage: parse-mbox FILE\n", stderr);
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "parse-mbox: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	g_mime_init();
	stream = g_mime_stream_fs_new(fd);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
	/* A content is a place in the file and is not copied: the fastest that GMime can do. */
	g_mime_parser_set_persist_stream(parser, TRUE);
	while (!g_mime_parser_eos(parser)) {
		GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

		if (message == NULL)
			break;
		count++;
		g_object_unref(message);
	}
	printf("%lu\n", count);
	g_object_unref(parser);
	g_object_unref(stream);
	g_mime_shutdown();
	return 0;
}

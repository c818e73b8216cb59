/* The least that keeping a mail on stable storage can cost: reads standard input, appends 1.1 KB of
 * it to the file that is named, syncs that and exits.  Linked statically. */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buffer[1 << 20];
	ssize_t n, have = 0;
	int fd;

	while ((n = read(STDIN_FILENO, buffer + have, sizeof buffer - (size_t)have)) > 0)
		have += n;
	if (argc != 2 || have == 0)
		return 2;
	fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || write(fd, buffer, have < 1100 ? (size_t)have : 1100) < 0 || fdatasync(fd) != 0)
		return 1;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"

static char fuzz_directory[] = "/tmp/mldigest-fuzz.XXXXXX";
static char fuzz_path[256];

static void fuzz_remove_file(void)
{
	unlink(fuzz_path);
	rmdir(fuzz_directory);
}

const char *fuzz_make_file(const char *name, const uint8_t *data, size_t size)
{
	int fd;

	if (fuzz_path[0] == '\0') {
		fuzz_check(mkdtemp(fuzz_directory) != NULL);
		snprintf(fuzz_path, sizeof fuzz_path, "%s/%s", fuzz_directory, name);
		atexit(fuzz_remove_file);
	}
	fd = open(fuzz_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	fuzz_check(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	return fuzz_path;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a target without libFuzzer: on each of the files in the directories named, on every one of
 * its beginnings up to some length, and with each of its bytes changed.  Prints TAP. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "tap.h"

/* No more runs of one file than this. */
enum { DRIVER_STEPS = 200 };

/* Exactly SIZE bytes, so that a sanitizer sees what reads behind them. */
static void driver_run(const char *bytes, size_t size)
{
	char *exact = tap_exact(bytes, size);

	LLVMFuzzerTestOneInput((const uint8_t *)exact, size);
	free(exact);
}

static void driver_run_file(const char *path)
{
	g_autofree char *bytes = NULL;
	size_t size, step;

	fuzz_check(g_file_get_contents(path, &bytes, &size, NULL));
	step = size / DRIVER_STEPS + 1;
	driver_run(bytes, size);
	for (size_t i = 0; i < size; i += step) {
		char was = bytes[i];

		driver_run(bytes, i);
		bytes[i] = (char)(was ^ (i % 3 == 0 ? 0x80 : i % 3 == 1 ? 0x2a : was));
		driver_run(bytes, size);
		bytes[i] = was;
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		GDir *directory = g_dir_open(argv[i], 0, NULL);
		const char *name;
		unsigned files = 0;

		while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
			g_autofree char *path = g_build_filename(argv[i], name, NULL);

			fprintf(stderr, "# %s\n", path);
			driver_run_file(path);
			files++;
		}
		tap_true(argv[i], files > 0);
		if (directory != NULL)
			g_dir_close(directory);
	}
	return tap_end();
}

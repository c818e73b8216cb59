/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that feeds standard input, our parent: is it alive?  The end of a pipe looks the same
 * whether its writer closed it or was killed. */
#ifndef MLDIGEST_BASE_FEEDER_H
#define MLDIGEST_BASE_FEEDER_H

enum feeder {
	FEEDER_THERE,
	FEEDER_UNKNOWN, /* it may have died before we could see who it was */
	FEEDER_GONE,
};

/* Notes who it is: as early as can be.  Makes system calls only. */
void feeder_note(void);

/* What became of it; at the end of standard input. */
enum feeder feeder_look(void);

#endif

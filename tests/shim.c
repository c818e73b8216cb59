/* Preloaded into the program: ends it, or lets a call fail, at the n-th call that touches
 * the disk.
 *
 *   SHIM_KILL=N        the N-th call raises SHIM_SIGNAL (a number; SIGKILL without one)
 *   SHIM_FAIL=N:ERRNO  the N-th call fails; with SHIM_STAY=1 all after it, too
 *   SHIM_CALLS=a,b     only these calls count; without it all that stand below
 *   SHIM_LOG=FILE      "call path" a line for every call that counts, and for flock
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t shim_mutex = PTHREAD_MUTEX_INITIALIZER;
static int shim_count;

#define REAL(type, name, ...) \
	static type (*real)(__VA_ARGS__); \
	if (real == NULL) \
	real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void shim_log(const char *call, const char *path)
{
	static int fd = -1;
	const char *file = getenv("SHIM_LOG");
	char line[5000];
	int length;
	int (*real_open)(const char *, int, ...);
	ssize_t (*real_write)(int, const void *, size_t);

	if (file == NULL)
		return;
	real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
	real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	if (fd < 0)
		fd = real_open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	length = snprintf(line, sizeof line, "%s %s\n", call, path);
	if (real_write(fd, line, (size_t)length) < 0)
		abort();
}

static int shim_counts(const char *call)
{
	const char *calls = getenv("SHIM_CALLS");
	size_t length = strlen(call);

	if (calls == NULL)
		return 1;
	while (calls != NULL && *calls != '\0') {
		if (strncmp(calls, call, length) == 0 &&
			(calls[length] == ',' || calls[length] == '\0'))
			return 1;
		calls = strchr(calls, ',');
		calls += calls != NULL;
	}
	return 0;
}

/* Whether the call that is about to be made fails; errno is set then. */
static int shim_fails(const char *call, const char *path)
{
	const char *death = getenv("SHIM_KILL"), *failure = getenv("SHIM_FAIL");
	const char *number = getenv("SHIM_SIGNAL"), *colon;
	int count, at;

	if (!shim_counts(call))
		return 0;
	pthread_mutex_lock(&shim_mutex);
	count = ++shim_count;
	shim_log(call, path);
	pthread_mutex_unlock(&shim_mutex);
	if (death != NULL && atoi(death) == count)
		kill(getpid(), number ? atoi(number) : SIGKILL);
	colon = failure ? strchr(failure, ':') : NULL;
	if (colon == NULL)
		return 0;
	at = atoi(failure);
	if (count != at && !(count > at && getenv("SHIM_STAY") != NULL))
		return 0;
	errno = strcmp(colon + 1, "EIO") == 0 ? EIO : ENOSPC;
	return 1;
}

static int shim_fd_fails(const char *call, int fd)
{
	char link[64], path[4096] = "";
	int saved_errno = errno;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof path - 1) < 0)
		path[0] = '\0';
	errno = saved_errno;
	return shim_fails(call, path);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	REAL(ssize_t, "write", int, const void *, size_t);
	return shim_fd_fails("write", fd) ? -1 : real(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
	return shim_fd_fails("pwrite", fd) ? -1 : real(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
	return shim_fd_fails("pwrite", fd) ? -1 : real(fd, bytes, length, offset);
}

int fsync(int fd)
{
	REAL(int, "fsync", int);
	return shim_fd_fails("fsync", fd) ? -1 : real(fd);
}

int fdatasync(int fd)
{
	REAL(int, "fdatasync", int);
	return shim_fd_fails("fdatasync", fd) ? -1 : real(fd);
}

int ftruncate(int fd, off_t length)
{
	REAL(int, "ftruncate", int, off_t);
	return shim_fd_fails("ftruncate", fd) ? -1 : real(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
	REAL(int, "ftruncate64", int, off64_t);
	return shim_fd_fails("ftruncate", fd) ? -1 : real(fd, length);
}

int rename(const char *from, const char *to)
{
	REAL(int, "rename", const char *, const char *);
	return shim_fails("rename", to) ? -1 : real(from, to);
}

int link(const char *from, const char *to)
{
	REAL(int, "link", const char *, const char *);
	return shim_fails("link", to) ? -1 : real(from, to);
}

int unlink(const char *path)
{
	REAL(int, "unlink", const char *);
	return shim_fails("unlink", path) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
	REAL(int, "mkdir", const char *, mode_t);
	return shim_fails("mkdir", path) ? -1 : real(path, mode);
}

int chmod(const char *path, mode_t mode)
{
	REAL(int, "chmod", const char *, mode_t);
	return shim_fails("chmod", path) ? -1 : real(path, mode);
}

static mode_t shim_mode(int flags, va_list args)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;
	REAL(int, "open", const char *, int, ...);

	va_start(args, flags);
	mode = shim_mode(flags, args);
	va_end(args);
	return shim_fails("open", path) ? -1 : real(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;
	REAL(int, "open64", const char *, int, ...);

	va_start(args, flags);
	mode = shim_mode(flags, args);
	va_end(args);
	return shim_fails("open", path) ? -1 : real(path, flags, mode);
}

/* Berkeley DB sleeps 2, 4 and 6 seconds before it believes that there is no room for a new
 * file; nobody needs to wait for that here. */
int select(int n, fd_set *in, fd_set *out, fd_set *other, struct timeval *timeout)
{
	REAL(int, "select", int, fd_set *, fd_set *, fd_set *, struct timeval *);
	return n == 0 ? 0 : real(n, in, out, other, timeout);
}

/* Only logged: what the order is measured against. */
int flock(int fd, int operation)
{
	char link[64], path[4096] = "";
	REAL(int, "flock", int, int);

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof path - 1) < 0)
		path[0] = '\0';
	pthread_mutex_lock(&shim_mutex);
	shim_log(operation & LOCK_UN ? "unlock" : "lock", path);
	pthread_mutex_unlock(&shim_mutex);
	return real(fd, operation);
}

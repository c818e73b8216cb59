/* Preloaded into the program: ends it, or lets a call fail, at the n-th call that touches
 * the disk; writes down what reaches the disk; shortens time limits; fakes what a test
 * cannot have.
 *
 *   SHIM_KILL=N        the N-th call raises SHIM_SIGNAL (a number; SIGKILL without one)
 *   SHIM_FAIL=N:ERRNO  the N-th call fails; with SHIM_STAY=1 all after it, too.  ERRNO is
 *                      EIO, ENOSPC, EDQUOT, EINTR, or SHORT: half of a write is done
 *   SHIM_CALLS=a,b     only these calls count; without it all that stand below
 *   SHIM_PATH=TEXT     only calls on a path with TEXT in it count
 *   SHIM_LOG=FILE      "call path" a line for every call that counts, and for flock
 *   SHIM_MALLOC=N      the N-th allocation fails; SHIM_MALLOC_LOG=FILE gets their number
 *   SHIM_JOURNAL=FILE  every change of a file below SHIM_ROOT, and every sync, with its
 *                      bytes: see tests/disk.py.  A sync is noted, not done
 *   SHIM_NOSYNC=1      no sync is done, for speed
 *   SHIM_DELAY=MS      each sync takes MS milliseconds more
 *   SHIM_SECOND=MS     a second of a time limit lasts MS milliseconds
 *   SHIM_STATFS=MAGIC  every file system is of this kind (hexadecimal)
 *   SHIM_BOOT=FILE     has the id of this boot
 *
 * The programs that the program starts run without it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t shim_mutex = PTHREAD_MUTEX_INITIALIZER;
static int shim_count;

#define REAL(type, name, ...)             \
	static type (*real)(__VA_ARGS__); \
	if (real == NULL)                 \
	real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int shim_open_own(const char *file)
{
	return (int)syscall(SYS_openat, AT_FDCWD, file,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void shim_write_own(int fd, const void *bytes, size_t length)
{
	const char *cursor = bytes;

	while (length > 0) {
		ssize_t n = syscall(SYS_write, fd, cursor, length);

		/* What a run under a file size limit cannot write down is lost. */
		if (n <= 0)
			return;
		cursor += n;
		length -= (size_t)n;
	}
}

static void shim_log(const char *call, const char *path)
{
	static int fd = -1;
	const char *file = getenv("SHIM_LOG");
	char line[5000];
	int length;

	if (file == NULL)
		return;
	if (fd < 0)
		fd = shim_open_own(file);
	length = snprintf(line, sizeof line, "%s %s\n", call, path);
	shim_write_own(fd, line, (size_t)length);
}

static int shim_counts(const char *call, const char *path)
{
	const char *calls = getenv("SHIM_CALLS"), *part = getenv("SHIM_PATH");
	size_t length = strlen(call);

	if (part != NULL && strstr(path, part) == NULL)
		return 0;
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

static int shim_errno(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT},
		{"EINTR", EINTR}, {"SHORT", -1}};

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (strcmp(name, errors[i].name) == 0)
			return errors[i].number;
	abort();
}

/* Whether the call that is about to be made fails: its errno, or -1 for a short write. */
static int shim_verdict(const char *call, const char *path)
{
	const char *death = getenv("SHIM_KILL"), *failure = getenv("SHIM_FAIL");
	const char *number = getenv("SHIM_SIGNAL"), *colon;
	int count, at;

	if (!shim_counts(call, path))
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
	return shim_errno(colon + 1);
}

static int shim_fails(const char *call, const char *path)
{
	int verdict = shim_verdict(call, path);

	if (verdict > 0)
		errno = verdict;
	return verdict > 0;
}

static void shim_path(int fd, char *path, size_t size)
{
	char link[64];
	ssize_t length;
	int saved_errno = errno;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, path, size - 1);
	path[length < 0 ? 0 : length] = '\0';
	errno = saved_errno;
}

/* The journal.  Its lock makes a change and its line one step among all processes. */
static int shim_journal = -1;

static int shim_is_below(const char *path)
{
	const char *root = getenv("SHIM_ROOT");

	return root != NULL && strncmp(path, root, strlen(root)) == 0;
}

static int shim_enter(const char *path)
{
	const char *file = getenv("SHIM_JOURNAL");

	/* Regions are no part of what has to survive, and mostly written as memory. */
	if (file == NULL || !shim_is_below(path) || strstr(path, "/__db.00") != NULL)
		return 0;
	pthread_mutex_lock(&shim_mutex);
	if (shim_journal < 0)
		shim_journal = shim_open_own(file);
	while (syscall(SYS_flock, shim_journal, LOCK_EX) != 0)
		;
	return 1;
}

/* One entry: "OP INODE OFFSET LENGTH PATH\n", then LENGTH bytes. */
static void shim_leave(const char *op, const char *path, int fd, off_t offset,
	const void *bytes, size_t length)
{
	int saved_errno = errno;
	struct stat st = {0};
	char line[9000];
	int n;

	if (op != NULL) {
		if (fd >= 0)
			fstat(fd, &st);
		else
			lstat(path, &st);
		n = snprintf(line, sizeof line, "%s %lu %ld %zu %s\n", op,
			(unsigned long)st.st_ino, (long)offset, length, path);
		shim_write_own(shim_journal, line, (size_t)n);
		shim_write_own(shim_journal, bytes, length);
	}
	syscall(SYS_flock, shim_journal, LOCK_UN);
	pthread_mutex_unlock(&shim_mutex);
	errno = saved_errno;
}

/* Both kinds of write; OFFSET below 0 is the file's own. */
static ssize_t shim_write(
	const char *call, int fd, const void *bytes, size_t length, off_t offset)
{
	char path[4096];
	int verdict, noted;
	ssize_t n;

	shim_path(fd, path, sizeof path);
	verdict = shim_verdict(call, path);
	if (verdict > 0) {
		errno = verdict;
		return -1;
	}
	if (verdict < 0 && length > 1)
		length /= 2;
	noted = shim_enter(path);
	n = offset < 0 ? syscall(SYS_write, fd, bytes, length)
		       : syscall(SYS_pwrite64, fd, bytes, length, offset);
	if (noted) {
		if (offset < 0)
			offset = lseek(fd, 0, SEEK_CUR) - (n > 0 ? n : 0);
		shim_leave(n > 0 ? "write" : NULL, path, fd, offset, bytes,
			n > 0 ? (size_t)n : 0);
	}
	return n;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	return shim_write("write", fd, bytes, length, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	return shim_write("pwrite", fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	return shim_write("pwrite", fd, bytes, length, offset);
}

static int shim_sync(const char *call, int fd, long number)
{
	char path[4096];

	shim_path(fd, path, sizeof path);
	if (shim_fails(call, path)) {
		/* What was to be written is clean in the kernel, and not on the disk. */
		if (shim_enter(path))
			shim_leave("unsync", path, fd, 0, NULL, 0);
		return -1;
	}
	if (getenv("SHIM_DELAY"))
		usleep((useconds_t)atoi(getenv("SHIM_DELAY")) * 1000);
	if (!shim_enter(path))
		return getenv("SHIM_NOSYNC") ? 0 : (int)syscall(number, fd);
	shim_leave("sync", path, fd, 0, NULL, 0);
	return 0;
}

int fsync(int fd)
{
	return shim_sync("fsync", fd, SYS_fsync);
}

int fdatasync(int fd)
{
	return shim_sync("fdatasync", fd, SYS_fdatasync);
}

static int shim_truncate(int fd, off_t length)
{
	char path[4096];
	int noted, result;

	shim_path(fd, path, sizeof path);
	if (shim_fails("ftruncate", path))
		return -1;
	noted = shim_enter(path);
	result = (int)syscall(SYS_ftruncate, fd, length);
	if (noted)
		shim_leave(result == 0 ? "truncate" : NULL, path, fd, length, NULL, 0);
	return result;
}

int ftruncate(int fd, off_t length)
{
	return shim_truncate(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
	return shim_truncate(fd, length);
}

int rename(const char *from, const char *to)
{
	int noted, result;

	if (shim_fails("rename", to))
		return -1;
	noted = shim_enter(to);
	result = (int)syscall(SYS_rename, from, to);
	if (noted)
		shim_leave(result == 0 ? "rename" : NULL, to, -1, 0, from, strlen(from));
	return result;
}

int link(const char *from, const char *to)
{
	int noted, result;

	if (shim_fails("link", to))
		return -1;
	noted = shim_enter(to);
	result = (int)syscall(SYS_link, from, to);
	if (noted)
		shim_leave(result == 0 ? "link" : NULL, to, -1, 0, NULL, 0);
	return result;
}

int unlink(const char *path)
{
	int noted, result;

	if (shim_fails("unlink", path))
		return -1;
	noted = shim_enter(path);
	result = (int)syscall(SYS_unlink, path);
	if (noted)
		shim_leave(result == 0 ? "unlink" : NULL, path, -1, 0, NULL, 0);
	return result;
}

int mkdir(const char *path, mode_t mode)
{
	int noted, result;

	if (shim_fails("mkdir", path))
		return -1;
	noted = shim_enter(path);
	result = (int)syscall(SYS_mkdir, path, mode);
	if (noted)
		shim_leave(result == 0 ? "mkdir" : NULL, path, -1, 0, NULL, 0);
	return result;
}

int chmod(const char *path, mode_t mode)
{
	REAL(int, "chmod", const char *, mode_t);
	return shim_fails("chmod", path) ? -1 : real(path, mode);
}

static mode_t shim_mode(int flags, va_list args)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE
		       ? va_arg(args, mode_t)
		       : 0;
}

static int shim_open(const char *path, int flags, mode_t mode)
{
	const char *boot = getenv("SHIM_BOOT");
	int fd, noted, existed;

	if (shim_fails("open", path))
		return -1;
	if (boot != NULL && strcmp(path, "/proc/sys/kernel/random/boot_id") == 0)
		path = boot;
	noted = shim_enter(path);
	existed = noted && syscall(SYS_access, path, F_OK) == 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (noted && fd >= 0 && !existed)
		shim_leave("create", path, fd, 0, NULL, 0);
	else if (noted)
		shim_leave(fd >= 0 && (flags & O_TRUNC) ? "truncate" : NULL, path, fd, 0,
			NULL, 0);
	return fd;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = shim_mode(flags, args);
	va_end(args);
	return shim_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = shim_mode(flags, args);
	va_end(args);
	return shim_open(path, flags, mode);
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const argv[],
	char *const environment[])
{
	REAL(int, "posix_spawn", pid_t *, const char *,
		const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
		char *const[], char *const[]);

	return shim_fails("posix_spawn", path)
		       ? errno
		       : real(pid, path, actions, attributes, argv, environment);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	REAL(pid_t, "waitpid", pid_t, int *, int);
	return shim_fails("waitpid", "-") ? -1 : real(pid, status, options);
}

/* A wait of whole seconds is for room on the disk, and none comes here: a test that wants to know
 * how long it would have been finds it in the log. */
int select(int n, fd_set *in, fd_set *out, fd_set *other, struct timeval *timeout)
{
	REAL(int, "select", int, fd_set *, fd_set *, fd_set *, struct timeval *);

	if (n == 0 && timeout != NULL && timeout->tv_sec > 0) {
		char seconds[32];

		snprintf(seconds, sizeof seconds, "%ld", (long)timeout->tv_sec);
		pthread_mutex_lock(&shim_mutex);
		shim_log("sleep", seconds);
		pthread_mutex_unlock(&shim_mutex);
		return 0;
	}
	return real(n, in, out, other, timeout);
}

/* getenv() before the C library has begun, when it finds nothing. */
static const char *shim_early(const char *name)
{
	static char all[65536];
	size_t length = strlen(name);
	ssize_t n;
	int fd;

	if (environ != NULL)
		return getenv(name);
	fd = (int)syscall(
		SYS_openat, AT_FDCWD, "/proc/self/environ", O_RDONLY | O_CLOEXEC);
	n = syscall(SYS_read, fd, all, sizeof all - 1);
	syscall(SYS_close, fd);
	for (char *at = all; n > 0 && at < all + n; at += strlen(at) + 1)
		if (strncmp(at, name, length) == 0 && at[length] == '=')
			return at + length + 1;
	return NULL;
}

int setitimer(
	__itimer_which_t which, const struct itimerval *timer, struct itimerval *old)
{
	REAL(int, "setitimer", __itimer_which_t, const struct itimerval *,
		struct itimerval *);
	const char *second = shim_early("SHIM_SECOND");
	struct itimerval own = *timer;
	long us;

	if (second != NULL && own.it_value.tv_sec > 0) {
		us = own.it_value.tv_sec * atol(second) * 1000;
		own.it_value.tv_sec = us / 1000000;
		own.it_value.tv_usec = us % 1000000;
	}
	return real(which, &own, old);
}

static int shim_fake_kind(__fsword_t *kind_r)
{
	const char *magic = getenv("SHIM_STATFS");

	if (magic != NULL)
		*kind_r = (__fsword_t)strtoul(magic, NULL, 16);
	return 0;
}

int statfs(const char *path, struct statfs *st)
{
	return syscall(SYS_statfs, path, st) != 0 ? -1 : shim_fake_kind(&st->f_type);
}

int statfs64(const char *path, struct statfs64 *st)
{
	return syscall(SYS_statfs, path, st) != 0 ? -1 : shim_fake_kind(&st->f_type);
}

/* Only logged: what the order is measured against. */
int flock(int fd, int operation)
{
	char path[4096];

	shim_path(fd, path, sizeof path);
	pthread_mutex_lock(&shim_mutex);
	shim_log(operation & LOCK_UN ? "unlock" : "lock", path);
	pthread_mutex_unlock(&shim_mutex);
	return (int)syscall(SYS_flock, fd, operation);
}

#ifdef SHIM_ALLOCATIONS
/* Built apart: with a sanitizer's own allocator these may not be here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static int shim_allocations, shim_allocation_to_fail = -1;

static int shim_allocation_fails(void)
{
	if (shim_allocation_to_fail < 0) {
		const char *number = getenv("SHIM_MALLOC");

		shim_allocation_to_fail = number ? atoi(number) : 0;
	}
	if (__atomic_add_fetch(&shim_allocations, 1, __ATOMIC_RELAXED) !=
		shim_allocation_to_fail)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return shim_allocation_fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return shim_allocation_fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return shim_allocation_fails() ? NULL : __libc_realloc(old, size);
}

/* record leaves by _exit. */
void _exit(int status)
{
	const char *file = getenv("SHIM_MALLOC_LOG");
	char line[32];
	int n;

	if (file != NULL) {
		n = snprintf(line, sizeof line, "%d\n", shim_allocations);
		shim_write_own(shim_open_own(file), line, (size_t)n);
	}
	for (;;)
		syscall(SYS_exit_group, status);
}
#endif

/* What the program starts runs undisturbed. */
__attribute__((constructor)) static void shim_begin(void)
{
	unsetenv("LD_PRELOAD");
}

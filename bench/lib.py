"""What the tables of bench/run share."""

import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(SOURCE)
BUILD = os.path.abspath(os.environ.get("BUILDDIR", TOP))
CORPUS = os.path.join(os.path.dirname(TOP), "shared", "corpus", "kvm-ppc.bundle")
NULL = os.open(os.devnull, os.O_RDWR)

# pairs: of (1).  stores: sizes of (2).  probes: mails of (2).  import_: messages and pairs of (3).
# peers: archives' peers of (3), runs of each.  memory: the larger import of (3).  digest: sizes of
# the stores of (4), and pairs.  lanes: mails of (5), and rounds.  million: messages of (6).
# recipients: of (7).
SIZES = {
    "quick": dict(pairs=60, stores=(1000, 10000), probes=3, import_=(5000, 3), memory=20000,
                  digest=(30000, 40000), digest_pairs=10, peers=1, lanes=(160, 2), million=100000,
                  recipients=1000),
    "default": dict(pairs=400, stores=(1000, 100000), probes=9, import_=(20000, 7), memory=200000,
                    digest=(30000, 200000), digest_pairs=25, peers=3, lanes=(640, 3), million=200000,
                    recipients=10000),
    "full": dict(pairs=1000, stores=(1000, 100000), probes=15, import_=(20000, 15), memory=200000,
                 digest=(30000, 1000000), digest_pairs=40, peers=3, lanes=(1600, 5), million=1000000,
                 recipients=10000),
}


class Failure(Exception):
    pass


def say(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def run(words, input_=None, output=None, home=None, environment=None, good=(0,)):
    """Runs one program.  Its wall time in seconds and its peak memory in kB."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", **(environment or {}))
    environment.pop("MLDIGEST_HOME", None)
    if home is not None:
        environment["MLDIGEST_HOME"] = home
    stdin = os.open(input_, os.O_RDONLY) if input_ else NULL
    stdout = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if output else NULL
    actions = [(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)]
    start = time.perf_counter()
    child = os.posix_spawnp(words[0], words, environment, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    end = time.perf_counter()
    for fd in (stdin, stdout):
        if fd != NULL:
            os.close(fd)
    if os.waitstatus_to_exitcode(status) not in good:
        raise Failure(f"{' '.join(words)}: exit status {os.waitstatus_to_exitcode(status)}")
    return end - start, usage.ru_maxrss


def ask(*words, **options):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, **options).stdout.strip()


def ask_or(default, *words, **options):
    try:
        return ask(*words, stderr=subprocess.DEVNULL, **options)
    except (OSError, subprocess.CalledProcessError):
        return default


def quartiles(values):
    if len(values) < 2:
        return values[0], values[0], values[0]
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


class Table:
    def __init__(self):
        self.missed = 0

    def head(self, title):
        print(f"\n{title}\n")
        print(f"    {'':<44} {'median':>10} {'25 %':>10} {'75 %':>10}  {'runs':>5}")

    def row(self, name, values, unit, form="{:.2f}"):
        low, middle, high = quartiles(values)
        cells = " ".join(f"{form.format(value):>10}" for value in (middle, low, high))
        print(f"    {name + ', ' + unit:<44} {cells}  {len(values):>5}")
        return middle

    def target(self, name, value, text, reached):
        self.missed += not reached
        print(f"    {'-> ' + name:<44} {value:>10}  target {text}: "
              f"{'reached' if reached else 'not reached'}")
        sys.stdout.flush()


class Base:
    def __init__(self, options):
        self.options = options
        self.sizes = SIZES["quick" if options.quick else "full" if options.full else "default"]
        self.random = random.Random(options.seed)
        self.table = Table()
        self.work = tempfile.mkdtemp(prefix="mldigest-bench.", dir=options.work)
        self.bin = os.path.join(BUILD, "bench-bin") if os.access(BUILD, os.W_OK) else self.path("bin")
        self.mldigest = os.path.join(BUILD, "mldigest")
        if not os.access(self.mldigest, os.X_OK):
            raise Failure(f"{self.mldigest}: not built; set BUILDDIR to where make ran")

    def path(self, name):
        return os.path.join(self.work, name)

    # Preparation

    def build(self):
        # Linked as the program is: with GMime's archive or its shared library.
        flags = ask("pkg-config", "--cflags", "gmime-3.0").split()
        with open(os.path.join(BUILD, "Makefile"), encoding="utf-8") as makefile:
            flags += re.search(r"^GMIME_LIBS = (.*)$", makefile.read(), re.M)[1].split()
        os.makedirs(self.bin, exist_ok=True)
        for name in ("parse-only", "parse-mbox"):
            subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", os.path.join(self.bin, name),
                            os.path.join(SOURCE, name + ".c"), *flags], check=True,
                           cwd=BUILD)
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-static", "-o",
                        os.path.join(self.bin, "floor"), os.path.join(SOURCE, "floor.c")], check=True)
        self.floor = os.path.join(self.bin, "floor")
        self.parse_only = os.path.join(self.bin, "parse-only")
        self.parse_mbox = os.path.join(self.bin, "parse-mbox")

    def generate(self, name, last, first=1, seed=1):
        """An mbox of the made-up messages FIRST to LAST."""
        path = self.path(name)
        say(f"generating {last - first + 1} messages")
        subprocess.run([sys.executable, os.path.join(SOURCE, "generate.py"), "--seed", str(seed),
                        "--first", str(first), str(last), path], check=True)
        return path

    def import_made(self, home, first, last):
        """Imports the made-up messages FIRST to LAST through a pipe: the archive is nowhere whole."""
        say(f"importing messages {first} to {last}")
        words = [sys.executable, os.path.join(SOURCE, "generate.py"), "--first", str(first), str(last)]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as generator:
            subprocess.run([self.mldigest, "-H", home, "import", "-"], check=True,
                           stdin=generator.stdout, stdout=subprocess.DEVNULL)
            generator.stdout.close()
        if generator.returncode != 0:
            raise Failure("generate.py failed")

    def split(self, mbox, name):
        """The messages of a made-up mbox as files of their own."""
        folder = self.path(name)
        os.makedirs(folder)
        paths, out = [], None
        with open(mbox, "rb") as lines:
            for line in lines:
                if line.startswith(b"From "):
                    if out:
                        out.close()
                    paths.append(os.path.join(folder, str(len(paths))))
                    out = open(paths[-1], "wb")
                else:
                    out.write(line[1:] if re.match(rb">+From ", line) else line)
        out.close()
        return paths

    def find_mails(self):
        """Real mails, the oldest first, or made-up ones, as files."""
        if os.path.exists(CORPUS) and shutil.which("git"):
            say("reading the kvm-ppc archive")
            clone = self.path("kvm-ppc.git")
            shutil.rmtree(clone, ignore_errors=True)
            ask("git", "clone", "--quiet", "--bare", CORPUS, clone)
            names = ask("git", "-C", clone, "log", "--reverse", "--first-parent", "--raw",
                        "--no-abbrev", "--no-renames", "--format=")
            blobs = [line.split()[3] for line in names.splitlines() if re.search(r"[AM]\tm$", line)]
            folder = self.path("kvm-ppc")
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            with subprocess.Popen(["git", "-C", clone, "cat-file", "--batch"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as cat:
                paths = []
                for blob in blobs:
                    cat.stdin.write(blob.encode() + b"\n")
                    cat.stdin.flush()
                    size = int(cat.stdout.readline().split()[2])
                    paths.append(os.path.join(folder, str(len(paths))))
                    with open(paths[-1], "wb") as out:
                        out.write(cat.stdout.read(size))
                    cat.stdout.read(1)
                cat.stdin.close()
            return "kvm-ppc mails", paths
        mbox = self.generate("mails.mbox", 1000 + self.sizes["pairs"], seed=7)
        return "made-up mails", self.split(mbox, "mails")

    def import_(self, home, path):
        return run([self.mldigest, "import", path], home=home)

    def sync_times(self):
        """What syncing 2 kB more of a file takes here."""
        times = []
        fd = os.open(self.path("sync"), os.O_WRONLY | os.O_CREAT, 0o600)
        os.posix_fallocate(fd, 0, 1 << 20)
        os.fsync(fd)
        for number in range(100):
            os.pwrite(fd, bytes([number]) * 2048, number * 2048)
            start = time.perf_counter()
            os.fdatasync(fd)
            times.append(1000 * (time.perf_counter() - start))
        os.close(fd)
        return times

    def instructions(self, words, input_, home=None):
        out = self.path("callgrind.out")
        run([shutil.which("valgrind"), "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}",
             "--log-file=/dev/null", *words], input_, home=home)
        with open(out, encoding="ascii", errors="replace") as lines:
            for line in lines:
                if line.startswith(("totals:", "summary:")):
                    return int(line.split()[1]) / 1e6
        raise Failure("callgrind: no total in its output")

    def shares(self, functions):
        """Of the last run that was counted: millions of instructions in each function, with all it calls."""
        text = ask("callgrind_annotate", "--inclusive=yes", "--threshold=100", self.path("callgrind.out"))
        found = dict.fromkeys(functions, 0.0)
        for count, name in re.findall(r"^ *([\d,]+) +\([ \d.]+%\) +\S*:(\w+) \[", text, re.M):
            if name in found:
                found[name] = max(found[name], int(count.replace(",", "")) / 1e6)
        return found

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)
        if hasattr(self, "memory_home"):
            shutil.rmtree(self.memory_home, ignore_errors=True)

"""The tables of single deliveries: 1, 2 and 5."""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

import peers
from lib import TOP, Base, Failure, run, say

NAMES = {"disk": "mldigest record", "memory": "mldigest record, home in memory",
         "dynamic": "mldigest record, linked dynamically"}

# Where a delivery's instructions go.  What is in another part is taken out of the one around it.
PARTS = (("main", "the program, start to end"), ("cmd_load_conf", "  the config"),
         ("raw_finish", "  the hash of the mail"), ("message_init_library", "  GMime's start"),
         ("message_parse", "  parsing"), ("reading_make", "  understanding it"),
         ("store_run", "  the store"))
INSIDE = {"reading_make": ("message_parse",)}


class Delivery(Base):
    # 1

    def record(self):
        kind, paths = self.find_mails()
        count = min(self.sizes["pairs"], len(paths) // 2)
        warm, probes = paths[:-count], paths[-count:]
        mbox = self.path("warm.mbox")
        with open(mbox, "wb") as out:
            for path in warm:
                with open(path, "rb") as mail:
                    text = re.sub(rb"(?m)^(>*From )", rb">\1", mail.read())
                out.write(b"From bench@lists.example.org Fri Jan  1 00:00:00 2010\n" + text.rstrip(b"\n")
                          + b"\n\n")
        homes = {"disk": self.path("record-home")}
        if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK):
            self.memory_home = tempfile.mkdtemp(prefix="mldigest-bench.", dir="/dev/shm")
            os.chmod(self.memory_home, 0o700)
            homes["memory"] = os.path.join(self.memory_home, "home")
        for home in homes.values():
            self.import_(home, mbox)
        if self.options.dynamic:
            homes["dynamic"] = self.path("dynamic-home")
            self.import_(homes["dynamic"], mbox)
        say("setting up the peers")
        runs = {"floor": peers.Peer("the floor", [self.floor, self.path("floor.out")]),
                "parse": peers.Peer("parse-only", [self.parse_only])}
        for name, home in homes.items():
            program = self.mldigest if name != "dynamic" else os.path.abspath(self.options.dynamic)
            runs[name] = peers.Peer(NAMES[name], [program, "-H", home, "record"])
        runs.update((peer.name, peer) for peer in peers.deliveries(self.path("peers"), warm))
        times = self.interleave(runs, probes)
        sizes = [os.path.getsize(path) for path in probes]
        self.table.head(f"1. One delivery: {kind}, median {statistics.median(sizes):.0f} bytes, "
                        f"into a store of {len(warm)}")
        median = {name: self.table.row(runs[name].name, times[name], "ms") for name in runs}
        self.table.row("fdatasync of the home's disk", self.sync_times(), "ms")
        for name in runs:
            if name != "floor":
                print(f"    {runs[name].name + ' / floor':<44} {median[name] / median['floor']:>10.2f}")
        ratio = median["disk"] / median["floor"]
        self.table.target("record / floor", f"{ratio:.2f}", "at most 2.5", ratio <= 2.5)
        if "dynamic" in median:
            ratio = median["dynamic"] / median["floor"]
            self.table.target("record, linked dynamically / floor", f"{ratio:.2f}", "at most 5", ratio <= 5)

    def interleave(self, runs, probes):
        """Each of RUNS takes every one of PROBES, in random order; the milliseconds of each."""
        times = {name: [] for name in runs}
        for number, path in enumerate(probes):
            say(f"delivery: {number} of {len(probes)}")
            if number == 10:
                os.sync()
            kinds = list(runs)
            self.random.shuffle(kinds)
            for name in kinds:
                peer = runs[name]
                taken, _ = run(peer.command, path, environment=peer.environment, good=peer.good,
                               output=os.devnull)
                if number >= 10:
                    times[name].append(1000 * taken)
        say("")
        return times

    def flat(self):
        if not shutil.which("valgrind"):
            print("\n2. Instructions: left out, there is no valgrind")
            return
        small, large = self.sizes["stores"]
        probes = self.split(self.generate("probes.mbox", 200 + self.sizes["probes"], 201, seed=99),
                            "probes")
        home = self.path("flat-home")
        counts = {}
        parts = {name: [] for name, _ in PARTS}
        first = 1
        for size in (small, large):
            mbox = self.generate("flat.mbox", size - 1, first)
            say(f"importing up to message {size - 1}")
            self.import_(home, mbox)
            os.unlink(mbox)
            first = size
            copy = self.path("flat-copy")
            shutil.copytree(home, copy)
            counts[size] = []
            for number, path in enumerate(probes):
                say(f"store of {size}: callgrind {number + 1} of {len(probes)}")
                counts[size].append(self.instructions([self.mldigest, "record"], path, copy))
                if size == small:
                    for name, count in self.shares(parts).items():
                        parts[name].append(count)
            shutil.rmtree(copy)
        parse = [self.instructions([self.parse_only], path) for path in probes]
        shutil.rmtree(home)
        say("")
        self.table.head("2. Instructions of one delivery (callgrind), the same mails")
        self.table.row("parse-only", parse, "millions")
        for size in (small, large):
            self.table.row(f"record as message {size:,} and on", counts[size], "millions")
        parts["before main()"] = [a - b for a, b in zip(counts[small], parts["main"])]
        for name, words in (("before main()", "the loader and the libraries"), *PARTS):
            inside = [sum(some) for some in zip(*(parts[other] for other in INSIDE.get(name, ())))]
            own = [a - b for a, b in zip(parts[name], inside)] if inside else parts[name]
            self.table.row("  of " + words.lstrip() if name != "main" else "  of " + words, own, "millions")
        ratios = [b / a for a, b in zip(counts[small], counts[large])]
        ratio = statistics.median(ratios)
        self.table.target(f"{large:,}th / {small:,}th", f"{ratio:.3f}", "0.90 to 1.10",
                          0.9 <= ratio <= 1.1)
        ratio = statistics.median(a / b for a, b in zip(counts[small], parse))
        self.table.target("record / parse-only", f"{ratio:.2f}", "at most 1.3", ratio <= 1.3)
        mbox = self.generate("counted.mbox", 1000)
        parsed = self.instructions([self.parse_mbox, mbox], None)
        imported = self.instructions([self.mldigest, "import", mbox], None, self.path("counted-home"))
        for name, count in (("parse-mbox", parsed), ("import", imported)):
            print(f"    {name + ' of 1,000 made-up mails, millions':<44} {count:>10.0f}")

    # 5

    def lanes(self):
        """16 processes that deliver one mail after the other, against one."""
        count, rounds = self.sizes["lanes"]
        paths = self.find_mails()[1]
        shim = self.path("shim.so")
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-shared", "-fPIC", "-o", shim,
                        os.path.join(TOP, "tests", "shim.c"), "-ldl"], check=True)
        slow = {"SHIM": shim, "SHIM_DELAY": "5"}
        rates = {(lanes, kind): [] for lanes in (1, 16) for kind in ("as it is", "with 5 ms a sync")}
        used = []
        for number in range(rounds):
            for lanes, kind in self.random.sample(list(rates), len(rates)):
                say(f"{lanes} lanes, {kind}: round {number + 1} of {rounds}")
                rate, seconds = self.deliver(paths[-count:], lanes, slow if kind != "as it is" else {})
                rates[lanes, kind].append(rate)
                if (lanes, kind) == (1, "as it is"):
                    used.append(seconds)
        say("")
        self.table.head(f"5. {count} deliveries, by one and by 16 at once")
        middle = {key: self.table.row(f"{key[0]} at once, {key[1]}", rates[key], "mails/s", "{:.0f}")
                  for key in rates}
        possible = min(os.cpu_count(), 2) / statistics.median(used)
        print(f"    {'what one process on each processor could do':<44} {possible:>10.0f}")
        ratio = middle[16, "as it is"] / possible
        self.table.target("16 lanes / that", f"{ratio:.2f}", "at least 0.85", ratio >= 0.85)
        ratio = middle[16, "with 5 ms a sync"] / middle[1, "with 5 ms a sync"]
        self.table.target("16 lanes / one, with 5 ms a sync", f"{ratio:.1f}", "at least 5", ratio >= 5)

    def deliver(self, paths, lanes, environment):
        """Mails a second, and processor seconds a mail."""
        home = self.path("lanes-home")
        shutil.rmtree(home, ignore_errors=True)
        run([self.mldigest, "-H", home, "record"], paths[0])
        # What the shim is in starts others without it.
        script = 'for mail; do LD_PRELOAD=${SHIM-} "$MLDIGEST" record <"$mail" || exit; done'
        parts = [paths[1 + lane::lanes] for lane in range(lanes)]
        before, start = os.times(), time.perf_counter()
        running = [subprocess.Popen(["sh", "-c", script, "sh", *part],
                                    env=dict(os.environ, MLDIGEST=self.mldigest, MLDIGEST_HOME=home,
                                             **environment)) for part in parts]
        if any([process.wait() for process in running]):
            raise Failure("a delivery failed")
        seconds, after = time.perf_counter() - start, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return len(paths[1:]) / seconds, cpu / len(paths[1:])

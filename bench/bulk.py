"""The tables of archives, digests and many readers: 3, 4, 6 and 7."""

import os
import re
import shutil
import time

import generate
import peers
from lib import Base, run, say


class Bulk(Base):
    # 3

    def join(self, paths, name):
        """The messages in PATHS as one mboxrd file."""
        mbox = self.path(name)
        with open(mbox, "wb") as out:
            for path in paths:
                out.write(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n")
                with open(path, "rb") as mail:
                    out.writelines(b">" + line if re.match(rb">*From ", line) else line
                                   for line in mail)
                out.write(b"\n")
        return mbox

    def import_pairs(self, mbox, what, count, pairs):
        """Parses and imports MBOX by turns; prints the rates, gives the peak of memory."""
        run([self.parse_mbox, mbox], output=os.devnull)
        rates = {"parse": [], "import": []}
        peak = 0
        for number in range(pairs):
            say(f"import of {what}: {number + 1} of {pairs}")
            kinds = list(rates)
            self.random.shuffle(kinds)
            for name in kinds:
                if name == "parse":
                    seconds, _ = run([self.parse_mbox, mbox])
                else:
                    home = self.path("import-home")
                    seconds, memory = self.import_(home, mbox)
                    peak = max(peak, memory)
                    shutil.rmtree(home)
                rates[name].append(count / seconds)
        size = os.path.getsize(mbox)
        say("")
        self.table.head(f"3. An mbox of {count:,} {what}, {size / 1e6:.0f} MB")
        parse = self.table.row("parse-mbox, one thread", rates["parse"], "messages/s", "{:.0f}")
        rate = self.table.row("mldigest import", rates["import"], "messages/s", "{:.0f}")
        self.table.target("import / parse-mbox", f"{rate / parse:.2f}", "at least 1.20",
                          rate / parse >= 1.20)
        return peak

    def import_peers(self, mbox, paths):
        """The same archive into other programs."""
        rates = {}
        for number in range(self.sizes["peers"]):
            say(f"peers of import: {number + 1} of {self.sizes['peers']}")
            for peer in peers.archives(self.path("peers"), mbox, paths):
                os.sync()
                taken, _ = run(peer.command, environment=peer.environment, good=peer.good,
                               output=os.devnull)
                rates.setdefault(peer.name, []).append(len(paths) / taken)
        shutil.rmtree(self.path("peers"), ignore_errors=True)
        say("")
        for name, values in rates.items():
            self.table.row(name, values, "messages/s", "{:.0f}")

    def imports(self):
        count, pairs = self.sizes["import_"]
        what, paths = self.find_mails()
        if what == "kvm-ppc mails":
            mbox = self.join(paths, "real.mbox")
            self.import_pairs(mbox, what, len(paths), pairs)
            self.import_peers(mbox, paths)
            os.unlink(mbox)
        mbox = self.generate("import.mbox", count)
        os.sync()
        peak = self.import_pairs(mbox, "made-up mails", count, pairs)
        os.unlink(mbox)
        larger = self.sizes["memory"]
        mbox = self.generate("import.mbox", larger)
        say(f"importing {larger} messages")
        home = self.path("import-home")
        seconds, larger_peak = self.import_(home, mbox)
        shutil.rmtree(home)
        os.unlink(mbox)
        say("")
        print(f"    {f'import of {larger:,}, messages/s':<44} {larger / seconds:>10.0f}")
        for messages, kilobytes in ((count, peak), (larger, larger_peak)):
            self.table.target(f"peak memory, {messages:,} messages, MiB", f"{kilobytes / 1024:.1f}",
                              "at most 64", kilobytes <= 64 * 1024)

    # 4

    def log_ids(self, home, count):
        """The ids of the newest COUNT messages, the newest first."""
        log = self.path("log")
        run([self.mldigest, "log", "-n", str(count)], output=log, home=home)
        with open(log, encoding="utf-8") as lines:
            return [line.split()[1] for line in lines]

    def take_turns(self, what, commands, rounds):
        """Runs COMMANDS, name -> (home, words), by turns; name -> their times in ms."""
        times = {name: [] for name in commands}
        for number in range(-2, rounds):
            say(f"{what}: {number} of {rounds}")
            names = list(commands)
            self.random.shuffle(names)
            for name in names:
                home, words = commands[name]
                seconds, _ = run([self.mldigest, *words], home=home)
                if number >= 0:
                    times[name].append(1000 * seconds)
        return times

    def digest(self):
        small, large = self.sizes["digest"]
        homes = {size: self.path(f"digest-{size}") for size in (small, large)}
        home = self.path("digest-home")
        self.import_made(home, 1, small)
        shutil.copytree(home, homes[small])
        self.import_made(home, small + 1, large)
        os.rename(home, homes[large])
        ids = self.log_ids(homes[small], small // 2 + 1001)
        newest = self.log_ids(homes[large], 1001)
        middle = f"{ids[small // 2 + 1000]}..{ids[small // 2]}"
        cases = {
            f"store of {small:,}, 1,000 from its middle": (small, middle),
            f"store of {large:,}, the same 1,000": (large, middle),
            f"store of {large:,}, its newest 1,000": (large, f"{newest[1000]}..{newest[0]}"),
        }
        for layout in ("classic", "full"):
            times = self.take_turns(
                f"digest, {layout}",
                {name: (homes[size], ["digest", "--layout", layout, "--range", range_])
                 for name, (size, range_) in cases.items()}, self.sizes["digest_pairs"])
            say("")
            self.table.head(f"4. A digest of 1,000 messages, layout {layout}")
            medians = [self.table.row(name, times[name], "ms", "{:.1f}") for name in cases]
            self.table.target("the slowest median, ms", f"{max(medians):.1f}", "at most 50",
                              max(medians) <= 50)
            # Within what repeated runs differ by.
            self.table.target("large store / small store, same 1,000",
                              f"{medians[1] / medians[0]:.2f}", "1, within 0.1",
                              medians[1] / medians[0] <= 1.1)
        self.look_up(homes[large], large)
        for path in homes.values():
            shutil.rmtree(path)

    def look_up(self, home, size):
        """What log finds by its index, against a look at every message."""
        say("making the index of log --author")
        first, _ = run([self.mldigest, "log", "--author", "nobody@"], home=home)
        commands = {
            "--author, 20 of many": ["--author", "anna.abend@", "-n", "20"],
            "--author, nobody": ["--author", "nobody@"],
            "--path, 20 below a directory": ["--path", "drivers/ring", "-n", "20"],
            "--path, 20 of a glob anywhere": ["--path", "*buffer*", "-n", "20"],
            "--path, nothing": ["--path", "*nothing*"],
            "both, 20": ["--author", "Tove", "--path", "arch/", "-n", "20"],
        }
        times = self.take_turns("log", {name: (home, ["log", *words])
                                        for name, words in commands.items()},
                                self.sizes["digest_pairs"])
        # No message is of no outcome that is asked for: all are read.
        scan = [1000 * run([self.mldigest, "log", "--outcome", "skip"], home=home)[0] for _ in range(3)]
        say("")
        self.table.head(f"4. mldigest log, a store of {size:,}")
        medians = [self.table.row(name, times[name], "ms", "{:.1f}") for name in commands]
        every = self.table.row("a look at every message", scan, "ms", "{:.1f}")
        print(f"    {'   the slowest / a look at every message':<44} {max(medians) / every:>10.3f}")
        print(f"    {'making the index, once, s':<44} {first:>10.1f}")

    # 6

    def million(self):
        """A large archive: whether its end comes in as fast as its beginning, and what it takes."""
        count = self.sizes["million"]
        part = count // 10
        home = self.path("million-home")
        rates, peak, texts, logs = [], 0, 0, 0
        generator = generate.Generator(1)
        mbox = self.path("part.mbox")
        for number in range(10):
            say(f"generating messages {number * part + 1} to {(number + 1) * part}")
            with open(mbox, "w", encoding="utf-8", newline="\n") as out:
                generator.write(part, out)
            say(f"importing messages {number * part + 1} to {(number + 1) * part}")
            os.sync()
            seconds, memory = self.import_(home, mbox)
            rates.append(part / seconds)
            peak = max(peak, memory)
            logs = max(logs, self.bytes_of(home, "log."))
            os.unlink(mbox)
        texts = self.text_bytes(home)
        total = self.bytes_of(home, "") - self.bytes_of(home, "log.") - self.bytes_of(home, "__db")
        say("")
        self.table.head(f"6. {count:,} made-up messages, imported {part:,} at a time")
        self.table.row("mldigest import", rates, "messages/s", "{:.0f}")
        self.table.target("the last tenth / the first", f"{rates[-1] / rates[0]:.2f}", "at least 0.75",
                          rates[-1] / rates[0] >= 0.75)
        self.table.target("peak memory, MiB", f"{peak / 1024:.1f}", "at most 64", peak <= 64 * 1024)
        beside = (total - texts) / count
        self.table.target("store beside the shown texts, bytes a message", f"{beside:.0f}",
                          "at most 1,500", beside <= 1500)
        print(f"    {'log files after an import, MB, at most':<44} {logs / 1e6:>10.1f}")
        shutil.rmtree(home)

    def bytes_of(self, home, prefix):
        folder = os.path.join(home, "db")
        return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)
                   if name.startswith(prefix))

    def text_bytes(self, home):
        return os.path.getsize(os.path.join(home, "db", "text.db"))

    # 7

    def start_many(self, count):
        """/bin/true so many times, as flush starts its sendmail; runs a second."""
        start = time.perf_counter()
        for _ in range(count):
            os.waitpid(os.posix_spawn("/bin/true", ["/bin/true"], os.environ), 0)
        return count / (time.perf_counter() - start)

    def flush(self):
        """One issue for many, with a sendmail that takes all and does nothing."""
        count = self.sizes["recipients"]
        home = self.path("flush-home")
        run([self.mldigest, "-H", home, "init", "--title", "Bench"])
        with open(os.path.join(home, "config"), "a", encoding="utf-8") as config:
            config.write("\n[mail]\nsendmail=/bin/true\n[sign]\nkey=none\n")
        people = self.path("people")
        with open(people, "w", encoding="ascii") as file:
            file.writelines(f"reader{number}@lists.example.org\n" for number in range(count))
        run([self.mldigest, "-H", home, "subscriber", "import", people], output=os.devnull)
        run([self.mldigest, "-H", home, "import", "--new", self.generate("new.mbox", 200)],
            output=os.devnull)
        seconds, memory = run([self.mldigest, "-H", home, "flush"])
        self.table.head(f"7. A digest of 200 messages for {count:,} subscribers, sendmail=/bin/true")
        rate = self.table.row("mldigest flush", [count / seconds], "recipients/s", "{:.0f}")
        alone = self.table.row("/bin/true alone", [self.start_many(1000)], "runs/s", "{:.0f}")
        print(f"    {'   flush / alone':<44} {rate / alone:>10.2f}")
        print(f"    {'its peak memory, MiB':<44} {memory / 1024:>10.1f}")
        self.table.target("recipients/s", f"{rate:.0f}", "at least 1,000", rate >= 1000)
        shutil.rmtree(home)

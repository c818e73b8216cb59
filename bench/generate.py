#!/usr/bin/env python3
"""Writes an mbox (mboxrd) of made-up patch-list mail.

usage: generate.py [--seed N] [--first N] COUNT [FILE]

The same seed and count give the same bytes, and a smaller count gives the beginning of a larger
one.  --first leaves the first N - 1 messages out.  Only a few recent threads are kept in memory,
whatever the count.
"""

import argparse
import random
import re
import sys
import time

WORDS = """page table entry guest host vector register timer queue lock path handler buffer cache
mask shadow field state exit entry fault clock ring slot device module tracer hook helper table
number value result caller branch loop flag bit index address range length count order offset
check guard limit error return event message record region mapping bank context thread worker
fix avoid drop split rename move clean store load mark clear reset switch handle report count
wrong stale early late empty missing spare double nested single common local remote short long
when after before while until because where which without between under over through and or the
a of in for with from to is are was were not no only each every other same""".split()
NAMES = """Anna Bela Carla Dario Elif Femi Greta Hugo Ines Jonas Kaito Lena Milan Nadia Oskar Priya
Quirin Rosa Sami Tove""".split()
SURNAMES = """Abend Brook Cedar Dunlin Ember Fjord Gravel Harrow Islet Juniper Kestrel Linden
Meadow Nettle Orchard Pebble Quarry Rowan Sedge Thistle""".split()
DOMAINS = """alder.example birch.example.org cypress.example.com elm.example.net fir.example
gmx.example hazel.example.org iris.example.com larch.example.net maple.example""".split()
FOLDERS = """arch/one/kvm arch/two/kvm arch/two/mm virt/lib drivers/ring drivers/timer kernel/wait
include/kvm tools/probe Documentation/virt""".split()
LIST = "bench.lists.example.org"
START = 1262304000  # 2010-01-01
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
FROM = "From "
FROM_LINE = re.compile(r"\n(>*From )")
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


class Author:
    def __init__(self, number):
        self.name = f"{NAMES[number % 20]} {SURNAMES[number // 20]}"
        user = self.name.lower().replace(" ", ".")
        self.domain = DOMAINS[number * 7 % len(DOMAINS)]
        self.address = f"{user}@{self.domain}"
        self.mailbox = f"{self.name} <{self.address}>"


AUTHORS = [Author(number) for number in range(400)]
# A few write much, many write little.
WEIGHTS = [1.0 / (rank + 5) for rank in range(400)]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = 0
        self.time = START
        self.threads = []  # of (message id, references, subject, excerpt), the newest last
        self.pending = []  # the rest of a series
        self.authors = []
        # Drawn once: lines are put together from them.
        self.prose = [self.make_prose() for _ in range(4000)]
        self.code = [self.make_code() for _ in range(8000)]
        self.paths = [self.make_path() for _ in range(600)]

    def words(self, low, high):
        return self.random.choices(WORDS, k=self.random.randint(low, high))

    def make_prose(self):
        line = " ".join(self.words(8, 12))
        return line[0].upper() + line[1:] + self.random.choice(("", "", ".", ","))

    def make_code(self):
        a, b, c = self.random.choices(WORDS, k=3)
        tabs = "\t" * self.random.randint(1, 3)
        return tabs + self.random.choice((
            f"{a}->{b} = {c}_{a}({b});", f"if (!{a}_{b}({c}))", f"return {a}_{c};", "}",
            f"{a}_{b}({c}, {c}->{a}, {self.random.randint(0, 4096)});", "",
            f"/* The {a} {b} of a {c}. */", f"for (i = 0; i < {a}_{b}; i++) {{",
            f"unsigned long {a}, {b} = 0x{self.random.getrandbits(24):x};"))

    def make_path(self):
        return f"{self.random.choice(FOLDERS)}/{'_'.join(self.words(1, 2))}.{self.random.choice('cch')}"

    def author(self):
        if not self.authors:
            self.authors = self.random.choices(AUTHORS, WEIGHTS, k=1000)
        return self.authors.pop()

    def paragraphs(self, low, high):
        """High paragraphs at most, as lines."""
        lines = []
        for _ in range(self.random.randint(low, high)):
            lines += self.random.choices(self.prose, k=self.random.randint(2, 6))
            lines.append("")
        return lines

    def diff(self):
        """The diffstat's lines and the diff's lines."""
        stat, lines = [], []
        left = min(200, max(1, int(self.random.lognormvariate(3.9, 0.9))))
        files = inserted = removed = 0
        for path in self.random.sample(self.paths, min(1 + left // 50, 5)):
            plus, minus, hunks = 0, 0, []
            for _ in range(self.random.randint(1, 3)):
                size = min(left, self.random.randint(4, 60))
                if size == 0:
                    break
                left -= size
                minus_here = self.random.randint(0, size)
                plus_here = size - minus_here
                at = self.random.randint(1, 3000)
                code = self.random.choices(self.code, k=size + 6)
                hunks.append(f"@@ -{at},{6 + minus_here} +{at + plus - minus},{6 + plus_here} @@ "
                             f"static int {self.random.choice(WORDS)}_{self.random.choice(WORDS)}(void)")
                hunks += [" " + line for line in code[:3]]
                hunks += ["-" + line for line in code[3:3 + minus_here]]
                hunks += ["+" + line for line in code[3 + minus_here:3 + size]]
                hunks += [" " + line for line in code[3 + size:]]
                plus += plus_here
                minus += minus_here
            if not hunks:
                break
            files += 1
            inserted += plus
            removed += minus
            total = plus + minus
            stat.append(f" {path:<36} | {total:>3} {'+' * min(plus, 30)}{'-' * min(minus, 30)}")
            lines += [f"diff --git a/{path} b/{path}",
                      f"index {self.random.getrandbits(48):012x}..{self.random.getrandbits(48):012x} 100644",
                      f"--- a/{path}", f"+++ b/{path}"]
            lines += hunks
        stat.append(f" {files} file{'s' if files != 1 else ''} changed, "
                    f"{inserted} insertions(+), {removed} deletions(-)")
        return stat, lines

    def message_id(self, author):
        return f"{self.number}.{self.random.getrandbits(40):x}@{author.domain}"

    def header(self, author, subject, message_id, references):
        now = time.gmtime(self.time)
        clock = f"{now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02}"
        date = f"{DAYS[now.tm_wday]}, {now.tm_mday} {MONTHS[now.tm_mon - 1]} {now.tm_year} {clock} +0000"
        queue = f"{self.random.getrandbits(44):011X}"
        lines = [
            f"From {author.address} {DAYS[now.tm_wday]} {MONTHS[now.tm_mon - 1]} {now.tm_mday:2} "
            f"{clock} {now.tm_year}",
            "Return-Path: <bench-owner@lists.example.org>",
            f"Received: from relay.{author.domain} (relay.{author.domain} [192.0.2.{self.number % 250 + 1}])",
            f"\tby lists.example.org (Postfix) with ESMTPS id {queue}",
            f"\tfor <bench@lists.example.org>; {date}",
            f"Received: from desk.{author.domain} (localhost [127.0.0.1])",
            f"\tby relay.{author.domain} (8.17.1/8.17.1) with ESMTP id {queue[:8].lower()};",
            f"\t{date}",
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={author.domain}; s=mail;",
            f"\th=From:To:Cc:Subject:Date; bh={self.random.getrandbits(256):064x};",
            f"\tb={self.random.getrandbits(512):0128x}",
            f"\t {self.random.getrandbits(512):0128x}",
            f"From: {author.mailbox}",
            "To: bench@lists.example.org",
            f"Cc: {AUTHORS[self.number % 400].mailbox},",
            f"\t{AUTHORS[self.number // 3 % 400].mailbox}",
            f"Subject: {subject}",
            f"Date: {date}",
            f"Message-ID: <{message_id}>"]
        if references:
            lines.append(f"In-Reply-To: <{references[-1]}>")
            lines.append("References: " + "\n\t".join(f"<{one}>" for one in references))
        lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
                  "Content-Transfer-Encoding: 8bit", f"List-Id: <{LIST}>",
                  f"List-Post: <mailto:bench@lists.example.org>", "Precedence: bulk", ""]
        return lines

    def note(self, message_id, references, subject, excerpt):
        self.threads.append((message_id, references[:1] + references[1:][-6:], subject, excerpt))
        if len(self.threads) > 300:
            del self.threads[:100]

    def title(self):
        return f"{self.random.choice(('KVM', 'mm', 'ring', 'timer', 'virt'))}: {' '.join(self.words(3, 6))}"

    def patch(self, author, prefix, references):
        subject = f"[{prefix}] {self.title()}"
        message_id = self.message_id(author)
        stat, diff = self.diff()
        text = self.paragraphs(2, 5)
        lines = self.header(author, subject, message_id, references)
        lines += text + [f"Signed-off-by: {author.mailbox}", "---"] + stat + [""] + diff
        lines += ["-- ", f"2.{self.number % 40}.1", ""]
        self.note(message_id, references, subject, text + diff[:90])
        return lines

    def cover(self, author, version, total):
        subject = f"[PATCH{version} 0/{total}] {self.title()}"
        message_id = self.message_id(author)
        text = self.paragraphs(2, 5)
        lines = self.header(author, subject, message_id, [])
        lines += text + [f"{author.name} ({total}):"]
        lines += [f"  {self.title()}" for _ in range(total)]
        lines += [""] + [f" {path:<36} | {self.random.randint(1, 40):>3} +++--"
                         for path in self.random.sample(self.paths, min(total, 12))]
        lines += [f" {min(total, 12)} files changed, {total * 9} insertions(+), {total * 4} deletions(-)",
                  "", "-- ", f"2.{self.number % 40}.1", ""]
        self.note(message_id, [], subject, text)
        self.pending = [(author, f"PATCH{version} {n}/{total}", [message_id])
                        for n in range(total, 0, -1)]
        return lines

    def reply(self, author):
        parent, references, subject, excerpt = self.random.choice(self.threads[-120:])
        message_id = self.message_id(author)
        if not subject.startswith("Re: "):
            subject = "Re: " + subject
        references = references + [parent]
        quoted = excerpt[:self.random.randint(15, 90)]
        text = self.paragraphs(1, 5)
        lines = self.header(author, subject, message_id, references)
        lines.append(f"{AUTHORS[self.number % 400].name} wrote:")
        lines += ["> " + line for line in quoted] + [""] + text
        if self.random.random() < 0.2:
            lines.append(f"Reviewed-by: {author.mailbox}")
        lines += [author.name.split()[0], ""]
        self.note(message_id, references, subject, ["> " + line for line in quoted[:40]] + text)
        return lines

    def write(self, count, out):
        """The next COUNT messages, as an mbox; OUT None: they are passed over."""
        for _ in range(count):
            lines = self.next()
            if out is None:
                continue
            lines.append("\n")
            text = "\n".join(lines)
            if FROM in text:
                text = FROM_LINE.sub(r"\n>\1", text)
            out.write(text)

    def next(self):
        self.number += 1
        self.time += self.random.randint(30, 1200)
        if self.pending and self.random.random() < 0.9:
            return self.patch(*self.pending.pop())
        kind = self.random.random()
        author = self.author()
        if self.threads and kind < 0.70:
            return self.reply(author)
        version = self.random.choice(("", "", " v2", " v3"))
        if kind < 0.88 or self.pending:
            return self.patch(author, "PATCH" + version, [])
        return self.cover(author, version, self.random.randint(2, 15))


def main():
    parser = argparse.ArgumentParser(description="Writes an mbox of made-up patch-list mail.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="number of the first message written")
    parser.add_argument("count", type=int)
    parser.add_argument("file", nargs="?", default="-")
    options = parser.parse_args()
    generator = Generator(options.seed)
    out = sys.stdout if options.file == "-" else open(options.file, "w", encoding="utf-8", newline="\n")
    with out:
        generator.write(options.first - 1, None)
        generator.write(options.count - options.first + 1, out)


if __name__ == "__main__":
    main()

"""A disk that forgets: replays the shim's journal, and says what is on the disk after a power loss.

A write is on the disk when its file was synced after it, a name when its directory was.  What was
not synced may be there or not, each page of it apart; names come in their order.  After a sync
that failed, what was written before counts as written for the kernel and never reaches the disk.
"""
import fcntl
import os
import random

PAGE = 4096


class File:
    def __init__(self):
        self.durable = bytearray()
        self.pending = []  # (number of the entry, offset, bytes) or (number, length, None)

    @staticmethod
    def apply(data, change):
        _, offset, bytes_ = change
        if bytes_ is None:
            del data[offset:]
            data.extend(bytes(offset - len(data)))
            return
        if len(data) < offset:
            data.extend(bytes(offset - len(data)))
        data[offset:offset + len(bytes_)] = bytes_

    def sync(self):
        for change in self.pending:
            self.apply(self.durable, change)
        self.pending = []

    def fail(self):
        # The kernel has the length; what stands there is lost.
        self.pending = []


class Disk:
    """What below ROOT is on the disk, entry by entry of a journal."""

    def __init__(self, root):
        self.root = root
        self.inodes = {}
        self.names = {}    # as the programs see them: path -> File, or None for a directory
        self.durable = {}  # after a power loss
        self.pending = []  # (number, directory, path, File or None, True for a name that comes)
        self.acknowledged = []
        self.count = 0

    def name(self, path, file, comes=True):
        if comes:
            self.names[path] = file
        else:
            self.names.pop(path, None)
        self.pending.append((self.count, os.path.dirname(path), path, file, comes))

    def settle(self, names, change):
        _, _, path, file, comes = change
        if comes:
            names[path] = file
        else:
            names.pop(path, None)

    def step(self, entry):
        op, inode, offset, path, data = entry
        self.count += 1
        if op == "ack":
            self.acknowledged.append(path)
        elif op == "create":
            self.inodes[inode] = File()
            self.name(path, self.inodes[inode])
        elif op == "mkdir":
            self.name(path, None)
        elif op == "link":
            self.name(path, self.inodes[inode])
        elif op == "unlink":
            self.name(path, None, False)
        elif op == "rename":
            file = self.names[data.decode()]
            self.name(path, file)
            self.name(data.decode(), None, False)
        elif op == "sync" and path.rstrip("/") in self.directories():
            directory = path.rstrip("/")
            for change in self.pending:
                if change[1] == directory:
                    self.settle(self.durable, change)
            self.pending = [change for change in self.pending if change[1] != directory]
        elif inode in self.inodes:
            file = self.inodes[inode]
            if op == "sync":
                file.sync()
            elif op == "unsync":
                file.fail()
            elif op == "truncate":
                file.pending.append((self.count, offset, None))
            elif op == "write":
                for at in range(0, len(data), PAGE):
                    file.pending.append((self.count, offset + at, data[at:at + PAGE]))

    def directories(self):
        return {self.root} | {path for path, file in self.names.items() if file is None}

    def build(self, target, how, seed=0):
        """Makes the directory TARGET as a power loss leaves it now.  HOW: "strict", nothing that
        was not synced; "prefix", all up to a moment; "pages", any of it."""
        rng = random.Random(seed)
        moment = {"strict": 0, "prefix": rng.randint(self.count - 60, self.count),
                  "pages": 0}[how]
        names = dict(self.durable)
        until = rng.randint(self.count - 60, self.count) if how == "pages" else moment
        for change in self.pending:
            if change[0] <= until:
                self.settle(names, change)
        os.mkdir(target)
        kept = {self.root}
        for path in sorted(names):
            # A name below one that is not there is not there.
            if os.path.dirname(path) not in kept:
                continue
            file = names[path]
            to = os.path.join(target, os.path.relpath(path, self.root))
            if file is None:
                kept.add(path)
                os.mkdir(to, 0o700)
                continue
            data = bytearray(file.durable)
            for change in file.pending:
                if change[0] <= moment or how == "pages" and rng.random() < 0.5:
                    file.apply(data, change)
            with open(to, "wb") as out:
                out.write(data)
            os.chmod(to, 0o600)


def entries(journal):
    """The journal's entries: (op, inode, offset, path, bytes)."""
    with open(journal, "rb") as file:
        while True:
            line = file.readline()
            if not line:
                return
            op, inode, offset, length, path = line.decode().rstrip("\n").split(" ", 4)
            yield op, int(inode), int(offset), path, file.read(int(length))


def acknowledge(journal, what):
    # With the shim's lock, or it would stand between another's line and its bytes.
    with open(journal, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(("ack 0 0 0 %s\n" % what).encode())

#!/usr/bin/env python3
"""Crash consistency of the ledger, from outside: records every write of a command under strace, then makes the files as a
kill or a loss of power at many moments would have left them, and opens each.

  crashreplay.py [--points N] [--tries R] [--ignore-syncs] DIR DB -- command…

kill:  every system call up to that moment took effect.
power: of each file, what was synced, and of later writes a random part, torn at 512 bytes.
Each state must be whole (integrity_check), hold every claim that was acknowledged (a line of the JSON log that says
claim.new or claim.step), no claim without its sighting, no sighting without its article, and nothing told as new twice.
--ignore-syncs takes every fsync for nothing, as PRAGMA synchronous = OFF does: the control, which must fail.
Prints one line for each kind of fault, and ends with 1 if a state was lost, doubled or corrupt."""
import argparse, collections, os, random, re, sqlite3, subprocess, sys, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--points", type=int, default=200)
parser.add_argument("--tries", type=int, default=5)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--ignore-syncs", action="store_true")
parser.add_argument("dir")
parser.add_argument("db")
parser.add_argument("command", nargs=argparse.REMAINDER)
args = parser.parse_args()
command = args.command[1:] if args.command[:1] == ["--"] else args.command
folder = os.path.realpath(args.dir)
ACK = re.compile(rb'"event":"claim\.(?:new|step)"[^\n]*?"claim":"([^"]+)"')
CALLS = "pwrite64,write,writev,fsync,fdatasync,ftruncate,unlink,unlinkat"


def traced():
    with tempfile.NamedTemporaryFile() as trace:
        subprocess.run(["strace", "-f", "-y", "-qq", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", trace.name] + command,
                       check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return open(trace.name, errors="replace").read().splitlines()


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


def operations(lines):
    """What happened to the files, in order: write, truncate, sync, unlink, acknowledge."""
    pending = {}
    for line in lines:
        pid, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            pending[pid] = call[:-len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", call)
        if resumed:
            call = pending.pop(pid, "") + resumed.group(1)
        parts = re.match(r"(\w+)\((.*)\)\s*=\s*(-?\d+)", call)
        if not parts or int(parts.group(3)) < 0:
            continue
        name, arguments, result = parts.group(1), parts.group(2), int(parts.group(3))
        data = [unhex(text) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
        opened = re.match(r"\d+<((?:\\x..)+|[^>]*)>", arguments)
        path = opened and (unhex(opened.group(1)).decode("utf8", "replace") if opened.group(1).startswith("\\x") else opened.group(1))
        if path and path.startswith(folder + "/") and not path.endswith("-shm"):
            file = os.path.basename(path)
            if name == "pwrite64":
                yield "write", file, int(arguments.rsplit(",", 1)[1]), data[0][:result]
            elif name == "ftruncate":
                yield "truncate", file, int(arguments.rsplit(",", 1)[1]), None
            elif name in ("fsync", "fdatasync") and not args.ignore_syncs:
                yield "sync", file, 0, None
        elif name.startswith("unlink") and data and os.path.dirname(data[-1].decode("utf8", "replace")) == folder:
            yield "unlink", os.path.basename(data[-1].decode()), 0, None
        elif name in ("write", "writev"):
            for claim in ACK.findall(b"".join(data)):
                yield "ack", None, 0, claim.decode()


def put(content, offset, data):
    if len(content) < offset:
        content.extend(b"\0" * (offset - len(content)))
    content[offset:offset + len(data)] = data


def cut(content, length):
    del content[length:]
    content.extend(b"\0" * (length - len(content)))


def state(until, power, chance):
    live, durable, late, acks = {}, {}, collections.defaultdict(list), []
    for kind, file, offset, data in history[:until]:
        if kind == "write":
            put(live.setdefault(file, bytearray()), offset, data)
            late[file].append((offset, data))
        elif kind == "truncate":
            cut(live.setdefault(file, bytearray()), offset)
            late[file].append((offset, None))
        elif kind == "sync" and file in live:
            durable[file], late[file] = bytearray(live[file]), []
        elif kind == "unlink":
            for place in (live, durable, late):
                place.pop(file, None)
        elif kind == "ack":
            acks.append(data)
    if not power:
        return live, acks
    out = {}
    for file in live:
        content = bytearray(durable.get(file, b""))
        for offset, data in late[file]:
            if data is None:
                if chance.random() < 0.5:
                    cut(content, offset)
                continue
            for sector in range(0, len(data), 512):
                if chance.random() < 0.5:
                    put(content, offset + sector, data[sector:sector + 512])
        if file in durable or content:
            out[file] = content
    return out, acks


def verdict(files, acks):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        for file, content in files.items():
            with open(f"{place}/{file}", "wb") as out:
                out.write(content)
        try:
            db = sqlite3.connect(f"{place}/{args.db}")
            one = lambda query: db.execute(query).fetchone()[0]
            if one("PRAGMA integrity_check") != "ok":
                return "corrupt"
            if not one("SELECT count(*) FROM sqlite_master WHERE name = 'claims'"):
                return "lost" if acks else "survived"
            told = "SELECT claim FROM changes WHERE event IN ('claim.new', 'claim.step')"
            have = collections.Counter(row[0] for row in db.execute(told))
            if any(claim not in have for claim in acks):
                return "lost"
            torn = "SELECT (SELECT count(*) FROM claims c WHERE NOT EXISTS (SELECT 1 FROM sightings s WHERE s.claim = c.id)) + " \
                   "(SELECT count(*) FROM sightings s WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = s.article))"
            if any(times > 1 for times in have.values()):
                return "torn"
            return "torn" if one(torn) else "survived"
        except sqlite3.DatabaseError:
            return "corrupt"


history = list(operations(traced()))
print("recorded:", dict(collections.Counter(kind for kind, *_ in history)))
points = sorted(random.Random(args.seed).sample(range(1, len(history) + 1), min(args.points, len(history))))
well = True
for power in (False, True):
    results = collections.Counter(verdict(*state(point, power, random.Random(f"{args.seed}/{point}/{t}")))
                                  for point in points for t in range(args.tries if power else 1))
    faults = sum(results.values())
    print(f"{'power' if power else 'kill'}: {faults} faults, {results['survived']} survived, {results['lost']} lost an acknowledged claim, "
          f"{results['torn']} torn, {results['corrupt']} corrupt")
    well &= results["survived"] == faults
sys.exit(0 if well else 1)

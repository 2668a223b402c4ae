# SPDX-License-Identifier: Apache-2.0
"""Verifies an audit trail from audit/FORMAT.md alone: verify_trail.py DB."""
import hashlib, os, sqlite3, struct, sys

def encode(*fields):
    fields = [f if isinstance(f, bytes) else str(f).encode() for f in fields]
    return b"".join(struct.pack(">I", len(f)) + f for f in fields)

def connect(path):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    db.text_factory = bytes
    return db

db, folder = connect(sys.argv[1]), os.path.dirname(sys.argv[1]) or "."
chain, head_seq, head = db.execute(
    "SELECT chain, head_seq, head_hash FROM chain").fetchone()
segments = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'segment'")
segments = segments.fetchone() and db.execute(
    "SELECT file, last_seq, head_hash, pruned FROM segment ORDER BY number")
seq, previous, parts, last = 0, bytes(32), [], 0
for file, last, hash_, pruned in segments or []:
    if pruned:
        seq, previous = last, hash_
    else:
        parts.append(connect(os.path.join(folder, file.decode())))
for part in parts + [db]:
    for row in part.execute(
            "SELECT seq, previous, time_ns, stage, session, call, tool,"
            " decision, code, namespaces, digest, hash, salt, payload"
            " FROM record WHERE seq > ? ORDER BY seq",
            [last if part is db else 0]):
        seq += 1
        *fields, digest, hash_, salt, payload = row
        if payload is not None and digest != hashlib.sha256(
                encode("gatehouse audit payload 1", salt) + payload).digest():
            sys.exit("bad payload at %d" % seq)
        good = hashlib.sha256(encode("gatehouse audit record 1", chain,
                                     *fields, digest)).digest()
        if fields[0] != seq or fields[1] != previous or hash_ != good:
            sys.exit("bad record at %d" % seq)
        previous = hash_
if (seq, previous) != (head_seq, head):
    sys.exit("bad head: the row counts %d" % head_seq)
print("ok", seq, previous.hex())

#!/usr/bin/python3
"""Who asked a broker on the network for what, and what was refused: its journal has a line of each, and no other.

    broker_account_test.py PROGRAM
"""

import hashlib
import itertools
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from broker_desk import NEVER_RUNS, run_parts, stops, verdict
from network_desk import HASH, HERE, NetworkDesk, lines, submitted, table

MOST_SENT = 64_000_000  # bytes of a submission
MOST_JOB = 4_000_000  # of a job
UNDERWAY = 32_000_000  # bytes that were sent before the answer is there: in buffers, and read for its sake
ASAN = b"__asan_init"


def denied(desk, what, expected, ask, by=None, was_told=False):
    """That status, and a line of its own, of who asked. `was_told`: the broker was told of it, and that left one too."""
    got, _, said = desk.ask(*ask)
    desk.expect(got == expected, f"{what} is {expected} (got {got})", said)
    line = by or ask[0], f"{ask[1]} {ask[2]}"
    desk.owed += [(*line, 0)] * was_told + [(*line, expected)]


def refuses(desk):
    """Each with its status, and with a line in the journal (`has_every_line`)."""
    ours = submitted(desk, "operator", "film")
    for what, expected, ask, *by in (
        ("no token", 401, ("nobody", "GET", "/v1/jobs"), HERE),
        ("a wrong one", 401, ("wrong", "GET", "/v1/jobs"), HERE),
        ("one that has expired", 401, ("late", "GET", "/v1/jobs"), HERE),
        ("a role that is not enough", 403, ("viewer", "POST", "/v1/pools/guian/drain")),
        ("what is the house's", 403, ("film", "GET", "/metrics")),
        ("another project", 403, ("lab", "POST", "/v1/jobs", {**NEVER_RUNS, "project": "film"})),
        ("another project's job", 403, ("lab", "GET", f"/v1/jobs/{ours}")),
        ("broken JSON", 400, ("submitter", "POST", "/v1/jobs", "{")),
        ("a field twice", 400, ("submitter", "POST", "/v1/jobs", b'{"command": ["true"], "held": 1, "held": 0}')),
        ("a quote of nothing", 400, ("viewer", "POST", "/v1/quotes", "{")),
        ("a key that is no UTF-8", 400, ("submitter", "POST", "/v1/jobs", NEVER_RUNS, {"Idempotency-Key": b"\xff"})),
        ("broken UTF-8", 400, ("submitter", "POST", "/v1/jobs", b'{"command": ["\xff"]}')),
        ("a GB", 413, ("submitter", "POST", "/v1/jobs", None, {"Content-Length": str(10**9)})),
        ("more than there is", 413, ("submitter", "PUT", f"/v1/blobs/{HASH}", None, {"Content-Length": str(1 << 41)})),
        ("a body where none is taken", 400, ("submitter", "POST", f"/v1/jobs/{ours}/cancel", "x")),
        ("a path that leads out", 404, ("submitter", "PUT", "/v1/blobs/../../etc/passwd", b"x"), HERE),
        ("the same, escaped", 400, ("submitter", "PUT", "/v1/blobs/..%2F..%2Fetc%2Fpasswd", b"x")),
        ("a name that is no hash", 400, ("submitter", "PUT", f"/v1/blobs/{HASH.upper()}", b"x")),
        ("what has another hash", 422, ("submitter", "PUT", f"/v1/blobs/{HASH}", b"something else")),
        ("a parameter that is not known", 400, ("operator", "POST", "/v1/pools/guian/warn?hours=1&x=2")),
        ("a parameter twice", 400, ("operator", "POST", "/v1/pools/guian/warn?hours=1&hours=2")),
        ("a parameter that is missing", 400, ("operator", "POST", "/v1/pools/guian/warn")),
        ("no such pool", 404, ("operator", "POST", "/v1/pools/nope/drain")),
        ("another method", 405, ("operator", "DELETE", f"/v1/jobs/{ours}"), HERE),
    ):
        denied(desk, what, expected, ask, *by)
    victim, link = desk.folder / "victim", hashlib.blake2b(b"link", digest_size=32).hexdigest()
    victim.write_text("mine")
    uploads = desk.attempts / "store" / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / link).symlink_to(victim)
    denied(desk, "a blob that comes where a link leads out", 507, ("submitter", "PUT", f"/v1/blobs/{link}", b"link"))
    desk.expect(victim.read_text() == "mine", "which is not written through", victim.read_text())
    first, key = {**NEVER_RUNS, "project": "film"}, {"Idempotency-Key": "again"}
    desk.expect(desk.ask("lab", "POST", "/v1/jobs", {**NEVER_RUNS, "tasks": 3}, key)[0] == 201, "another project's key is another", "")
    desk.owed.append(("lab", "POST /v1/jobs", 0))
    others = submitted(desk, "lab", "lab")
    denied(desk, "to wait for a job that is not one's own", 403, ("film", "POST", "/v1/jobs", {**first, "after": [others]}))
    same = [json.loads(desk.ask("film", "POST", "/v1/jobs", first, key)[2])["job"] for _ in range(2)]
    desk.expect(same[0] == same[1], "the same key is the same job", same)
    desk.owed += [("film", "POST /v1/jobs", 0)] * 2
    denied(desk, "a key that comes with another job", 422, ("film", "POST", "/v1/jobs", {**first, "tasks": 2}, key), was_told=True)
    denied(desk, "to retry what did not fail", 409, ("submitter", "POST", f"/v1/jobs/{ours}/retry"), was_told=True)


def ends_a_flood_of_headers(desk):
    got, _, said = desk.ask("viewer", "GET", "/v1/jobs", headers={f"X-{k}": "x" * 1000 for k in range(40)})
    # Whoever still writes when the line ends may not see the answer; the journal has it in any case.
    was_cut = got == 0 and any(word in said for word in (b"ConnectionReset", b"BrokenPipe", b"RemoteDisconnected", b"SSLEOF"))
    desk.expect(got == 431 or was_cut, f"a flood of headers is 431 (got {got})", said)
    desk.owed.append((HERE, "no request", 431))
    desk.survives("after a flood of headers")


def sends_without_end(desk, who, target):
    """Chunks, up to a GB of them. How many bytes went, and what was said to it: nothing, if the line was cut."""
    line = desk.line()
    line.sendall(f"POST {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {desk.tokens[who]}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    chunk, sent, heard = b"f4240\r\n" + b" " * 1_000_000 + b"\r\n", 0, b""
    try:
        while sent < 10**9:
            line.sendall(chunk)
            sent += 1_000_000
    except OSError:
        pass
    try:
        heard = line.recv(1000)
    except OSError:
        pass
    line.close()
    return sent, heard


def peak(desk):
    """Bytes that the broker had in memory at most."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{desk.broker.pid}/status").read_text())[1]) * 1024


def ends_what_does_not_end(desk):
    """A body whose length is not said is read as far as one may be long, and no more of it is held."""
    job, before = submitted(desk, "operator", "film"), peak(desk)
    for who, target, most, status in (("submitter", "/v1/jobs", MOST_SENT, 413), ("viewer", "/v1/quotes", MOST_JOB, 413), ("submitter", f"/v1/jobs/{job}/cancel", 0, 400)):
        sent, heard = sends_without_end(desk, who, target)
        desk.expect(most <= sent + 1_000_000 and sent < most + UNDERWAY, f"of a body without end at {target} {most} bytes are read", sent)
        desk.expect(not heard or heard.startswith(f"HTTP/1.1 {status}".encode()), f"it is {status}", heard)
        desk.owed.append((who, f"POST {target}", status))
    if ASAN not in Path(desk.program).read_bytes():  # which keeps what was freed
        grown = peak(desk) - before
        desk.expect(grown < 3 * MOST_SENT, "its memory is bounded", grown)


def tires_of_strangers(desk):
    statuses = [desk.ask("hl_viewer_" + "A" * 43, "GET", "/v1/jobs")[0] for _ in range(40)]
    desk.expect(set(statuses) == {401, 429}, "who tries tokens is soon refused unheard", statuses)
    desk.expect(desk.ask("viewer", "GET", "/v1/jobs")[0] == 200, "and who has a good one is not", "")
    desk.owed += [(HERE, "GET /v1/jobs", status) for status in statuses]


def changes(desk):
    """Whatever the table has that changes something: done, and noted of whose token it was."""
    waits_for = submitted(desk, "operator", "film")

    def changed(who, method, target, body=None):
        got, _, said = desk.ask(who, method, target, body)
        desk.expect(got in (200, 201), f"{who}: {method} {target} is done (got {got})", said)
        desk.owed.append((who, f"{method} {target}", 0))
        return said

    data = os.urandom(1000)
    for method, path, role, _ in table():
        if method in ("GET", "HEAD") or path == "/v1/quotes":
            continue
        job = json.loads(changed(role, "POST", "/v1/jobs", {"command": ["true"], "project": "film", "after": [waits_for]}))["job"]
        target = path.replace("{job}", str(job)).replace("{pool}", "zhongwei").replace("{hash}", hashlib.blake2b(data, digest_size=32).hexdigest())
        verb = path.rsplit("/", 1)[-1]
        if verb == "pardon":  # of these pools' only hosts none is ever condemned
            denied(desk, "to pardon nobody", 409, (role, method, target))
            continue
        if first := {"release": "hold", "retry": "cancel"}.get(verb):
            changed(role, "POST", f"/v1/jobs/{job}/{first}")
        changed(role, method, target + "?hours=5" * (verb == "warn"), NEVER_RUNS if verb == "jobs" else data if method == "PUT" else None)
        state = {"cancel": "cancelled", "hold": "held", "release": "queued", "retry": "queued"}.get(verb)
        desk.expect(not state or desk.job(job)["state"] == state, f"after {verb} a job is {state}", desk.job(job))
    status, said = desk.tell("POST", f"/v1/jobs/{waits_for}/cancel")
    desk.expect(status == 200, "so it is by the socket", said)
    desk.owed.append((f"uid {os.getuid()}", f"POST /v1/jobs/{waits_for}/cancel", 0))


def frames_as_it_should(desk):
    """What stands between could read these otherwise."""
    who = f"Authorization: Bearer {desk.tokens['viewer']}\r\n"
    for what, head in (("no Host", f"GET /v1/pools HTTP/1.1\r\n{who}\r\n"), ("two", f"GET /v1/pools HTTP/1.1\r\nHost: a\r\nHost: b\r\n{who}\r\n"),
                       ("an odd coding", f"POST /v1/jobs HTTP/1.1\r\nHost: a\r\n{who}Transfer-Encoding: chunked, identity\r\n\r\n"),
                       ("two keys", f"POST /v1/jobs HTTP/1.1\r\nHost: a\r\n{who}Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n\r\n{{}}"),
                       ("two tokens", f"GET /v1/pools HTTP/1.1\r\nHost: a\r\n{who}{who}\r\n")):
        line = desk.line()
        line.sendall(head.encode())
        heard = line.recv(1000)
        desk.expect(heard.startswith(b"HTTP/1.1 400"), f"{what} is refused", heard)
        desk.owed.append((HERE, "no request", 400))
        line.close()
    line = desk.line()
    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=")
    try:
        for _ in range(200):
            line.sendall(b"x" * 100_000)
        desk.expect(False, "an extension that does not end is not read for ever", "")
    except OSError:
        desk.expect(True, "", "")
    line.close()


def has_every_line(desk):
    """Those that are owed, and no other: each refusal has its own, each change too, and who only looks leaves none."""
    said = lines(desk)
    wrong = next((k for k, both in enumerate(itertools.zip_longest(desk.owed, said)) if both[0] != both[1]), None)
    desk.expect(wrong is None, f"line {wrong} of the journal is {desk.owed[wrong:][:1] if wrong is not None else ''}", said[wrong:][:3] if wrong is not None else "")


def keeps_account(program, folder):
    """A broker whose journal is compared with all that was asked of it."""
    desk = NetworkDesk(program, folder)
    desk.open()
    desk.port  # it says where it listens
    run_parts(desk, (refuses, ends_a_flood_of_headers, frames_as_it_should, ends_what_does_not_end, changes, tires_of_strangers))
    stops(desk, [])
    has_every_line(desk)
    return desk


def slows_down(program, folder):
    """Each token has its requests, whatever others do."""
    desk = NetworkDesk(program, folder, per_s=1)
    desk.open()
    answers = [desk.ask("viewer", "GET", "/v1/jobs")]
    while answers[-1][0] == 200 and len(answers) < 30:
        answers.append(desk.ask("viewer", "GET", "/v1/jobs"))
    other = desk.ask("submitter", "GET", "/v1/jobs")[0]
    statuses = [answer[0] for answer in answers]
    desk.expect(len(statuses) > 2 and statuses[-1] == 429, "who asks more often than once a second, twice at once, is slowed down", statuses)
    desk.expect(answers[-1][1].get("retry-after") == "1", "and told when to come again", answers[-1])
    desk.expect(other == 200, "another token is not", other)
    time.sleep(1.1)
    again = desk.ask("viewer", "GET", "/v1/jobs")[0]
    desk.expect(again == 200, "who comes again then is answered", again)
    stops(desk, [])
    said = lines(desk)
    desk.expect(said == [("viewer", "GET /v1/jobs", 429)], "that it was refused stands in the journal, under the token's name", said)
    return desk


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-account-") as folder:
        account = keeps_account(program, folder)
    with tempfile.TemporaryDirectory(prefix="hinterland-slow-") as folder:
        slow = slows_down(program, folder)
    return verdict(account, slow)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""A broker on the network: who may do what, files, events, and the verbs from afar.

    broker_network_test.py PROGRAM
"""

import collections
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

from broker_desk import NEVER_RUNS, run_parts, stops, verdict
from deployment import ROOT
from network_desk import HASH, HERE, ROLES, NetworkDesk, lines, submitted, table

RANK = {"anybody": 0, "viewer": 1, "submitter": 2, "operator": 3}
SLOW_S = 10  # within which a header must have come
SLOW_LINES = 20
BODY_S = 30  # that a body may be behind 16 KB/s


def walks_the_table(desk):
    """Each caller, each request: let in, or refused as the table says."""
    routes = json.loads(desk.ask("nobody", "GET", "/openapi.json")[2])["paths"]
    said = {(method.upper(), path) for path, methods in routes.items() for method in methods}
    desk.expect({row[:2] for row in table()} == said, "docs/http.md has the requests of /openapi.json", said)
    callers = {name: (name, set()) for name in ROLES} | {"film": ("submitter", {"film"}), "lab": ("submitter", {"lab"})}
    for method, path, role, whose in table():
        job = submitted(desk, "operator", "film")
        target = path.replace("{job}", str(job)).replace("{pool}", "guian").replace("{hash}", HASH)
        target += "?hours=5" if path.endswith("/warn") else ""
        body = NEVER_RUNS | {"project": "film"} if path in ("/v1/jobs", "/v1/quotes") and method == "POST" else None
        if path == "/v1/events":
            continue  # it does not end: `events` asks for it
        for who in ("nobody", "wrong", "late"):
            got = desk.ask(who, method, target, body)[0]
            # A token that is no good is one, even where none is needed.
            free = role == "anybody" and who == "nobody"
            bad = (401,) if who == "nobody" else (401, 429)  # it is soon refused unheard
            desk.expect(got in bad if not free else got == 200, f"{who}: {method} {path} (got {got})", "")
        for who, (of, projects) in callers.items():
            got, _, answer = desk.ask(who, method, target, body)
            denied = RANK[of] < RANK[role] or (projects and whose == "the house's") or (projects == {"lab"} and whose == "the job's project's")
            denied = denied or (body is not None and projects == {"lab"})
            desk.expect(got == 403 if denied else got in (200, 201, 404, 409, 422), f"{who}: {method} {path} {'is' if denied else 'is not'} denied (got {got})", answer)
    for verb in ("up", "resume", "all-clear"):
        desk.ask("operator", "POST", f"/v1/pools/guian/{verb}")


def sees_only_theirs(desk):
    film, lab = submitted(desk, "operator", "film"), submitted(desk, "operator", "lab")
    ids = {row["id"] for row in json.loads(desk.ask("film", "GET", "/v1/jobs")[2])["jobs"]}
    desk.expect(film in ids and lab not in ids, "a list has the caller's jobs", ids)
    cost = json.loads(desk.ask("lab", "GET", "/v1/cost")[2])
    desk.expect([row["project"] for row in cost["projects"]] == ["lab"], "and costs of theirs", cost["projects"])
    ours = json.loads(desk.ask("lab", "POST", "/v1/jobs", NEVER_RUNS)[2])["job"]
    desk.expect(ours in {row["id"] for row in json.loads(desk.ask("lab", "GET", "/v1/jobs")[2])["jobs"]}, "who is bound to one need not name it", ours)


def large_files_hold_nobody_up(desk):
    """While one is put in its place, others are answered."""
    size = 300_000_000
    big = desk.folder / "big"
    with big.open("wb") as file:
        for _ in range(size // 1_000_000):
            file.write(os.urandom(1_000_000))
    sends = subprocess.Popen([desk.program, "submit", "--held", "--input", f"big={big}", "--", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env={**os.environ, "HINTERLAND_BROKER": f"https://localhost:{desk.port}", "HINTERLAND_CA_FILE": str(desk.folder / "cert.pem"),
                                  "HINTERLAND_TOKEN": desk.tokens["film"]})
    longest = 0
    while sends.poll() is None:
        began = time.time()
        desk.ask("viewer", "GET", "/v1/health")
        longest = max(longest, time.time() - began)
        time.sleep(0.01)
    desk.expect(sends.returncode == 0 and longest < 2, f"the longest wait of others is {longest:.2f} s", sends.returncode)


def logs_are_files(desk):
    """Whatever a task makes of its log."""
    for made in ("mkfifo", "ln -s /etc/passwd"):
        job = desk.submit("--wait", "--", "sh", "-c", f"rm ../stdout.log; {made} ../stdout.log")
        got, _, said = desk.ask("viewer", "GET", f"/v1/jobs/{job}/log")
        desk.expect(got == 200 and said == b"", f"after {made} there is no log", said)


def waits_for_nobody(desk):
    """Who sends a byte now and then keeps a line for ten seconds, and others from nothing."""
    slow = [desk.line() for _ in range(SLOW_LINES)]
    began, open_still = time.time(), set(slow)
    while open_still and time.time() - began < SLOW_S + 6:
        for one in list(open_still):
            one.settimeout(0.01)
            try:
                one.sendall(b"G" if time.time() - began < 1 else b"x")
                if one.recv(100) == b"":
                    open_still.discard(one)
            except TimeoutError:
                pass
            except OSError:
                open_still.discard(one)
        desk.expect(desk.ask("viewer", "GET", "/v1/health")[0] == 200, "others are answered meanwhile", "")
        time.sleep(0.3)
    desk.expect(not open_still, f"a header that does not come ends the line within {SLOW_S} s", len(open_still))
    for one in slow:
        one.close()


class Dribble(threading.Thread):
    """A body that comes byte by byte, beside all that is asked meanwhile."""

    def __init__(self, desk):
        super().__init__(daemon=True)
        self.line = desk.line()
        self.line.sendall(f"POST /v1/jobs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {desk.tokens['submitter']}\r\nContent-Length: 1000\r\n\r\n".encode())
        self.line.settimeout(0.3)
        self.began, self.lasted, self.heard = time.time(), None, b""
        self.start()

    def run(self):
        while self.lasted is None and time.time() - self.began < 2 * BODY_S:
            try:
                self.line.sendall(b" ")
                some = self.line.recv(1000)
                self.heard += some
                if some:
                    continue
            except TimeoutError:
                continue
            except OSError:
                pass
            self.lasted = time.time() - self.began
        self.line.close()


def begins_to_dribble(desk):
    desk.dribble = Dribble(desk)


def waits_for_no_body(desk):
    """All the parts before this one were answered beside it."""
    one = desk.dribble
    while one.is_alive():
        desk.expect(desk.ask("viewer", "GET", "/v1/health")[0] == 200, "others are answered while a body dribbles", "")
        one.join(0.5)
    ended = one.lasted is not None and BODY_S - 1 < one.lasted < BODY_S + 10
    desk.expect(ended, f"a body that dribbles ends the line after {BODY_S} s", one.lasted)
    desk.expect(not one.heard or one.heard.startswith(b"HTTP/1.1 408"), "without a word, or with 408", one.heard)


def speaks_tls_only(desk):
    raw = socket.create_connection(("127.0.0.1", desk.port), timeout=5)
    raw.sendall(b"GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n")
    heard = raw.recv(1000)
    desk.expect(b"HTTP" not in heard, "no answer without TLS", heard)
    raw.close()
    warnings.simplefilter("ignore", DeprecationWarning)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        old.wrap_socket(socket.create_connection(("127.0.0.1", desk.port), timeout=5), server_hostname="localhost")
        desk.expect(False, "TLS 1.1 is refused", "")
    except (OSError, ssl.SSLError):
        desk.expect(True, "", "")


def files(desk):
    """Sent in parts, cut off, gone on with; read in ranges."""
    data = os.urandom(3_000_000)
    name = hashlib.blake2b(data, digest_size=32).hexdigest()
    path = desk.sent = f"/v1/blobs/{name}"
    desk.expect(desk.ask("viewer", "HEAD", path)[0] == 404, "it is not there", "")
    line = desk.line()
    line.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {desk.tokens['submitter']}\r\nContent-Length: {len(data)}\r\n\r\n".encode())
    line.sendall(data[:1_234_567])
    time.sleep(0.3)
    line.close()
    offset = 0
    for _ in range(50):
        got, headers, _ = desk.ask("submitter", "HEAD", path)
        offset = int(headers.get("upload-offset", 0))
        if offset:
            break
        time.sleep(0.05)
    desk.expect(got == 404 and 0 < offset <= 1_234_567, "what was cut off is not there, and says how much has come", (got, offset))
    wrong = desk.ask("submitter", "PUT", path, data[5:], {"Content-Range": f"bytes 5-{len(data) - 1}/{len(data)}"})
    desk.expect(wrong[0] == 409 and wrong[1].get("upload-offset") == str(offset), "it goes on where it stopped only", wrong[:2])
    half = (offset + len(data)) // 2
    got = desk.ask("submitter", "PUT", path, data[offset:half], {"Content-Range": f"bytes {offset}-{half - 1}/{len(data)}"})
    desk.expect(got[0] == 202 and got[1].get("upload-offset") == str(half), "a part of it is kept", got[:2])
    got = desk.ask("submitter", "PUT", path, data[half:], {"Content-Range": f"bytes {half}-{len(data) - 1}/{len(data)}"})
    desk.expect(got[0] == 201, "the last part makes it whole", got)
    desk.expect(desk.ask("submitter", "PUT", path, data)[0] == 200, "and again it is there already", "")
    got, headers, body = desk.ask("viewer", "GET", path)
    desk.expect(got == 200 and body == data and headers["accept-ranges"] == "bytes", "all of it comes back", got)
    for asked, part in (("bytes=0-0", data[:1]), ("bytes=100-199", data[100:200]), ("bytes=2999990-", data[2_999_990:]), ("bytes=-7", data[-7:]),
                        ("bytes=2999999-9999999", data[-1:])):
        got, headers, body = desk.ask("viewer", "GET", path, headers={"Range": asked})
        desk.expect(got == 206 and body == part and headers["content-range"].endswith(f"/{len(data)}"), f"Range: {asked}", (got, len(body)))
    desk.expect(desk.ask("viewer", "GET", path, headers={"Range": "bytes=3000000-"})[0] == 416, "none of it is there", "")
    desk.expect(desk.ask("viewer", "GET", path, headers={"Range": "nonsense"})[0] == 200, "a range that is none is all", "")
    got = desk.ask("submitter", "PUT", f"/v1/blobs/{HASH}", b"something else")
    desk.expect(got[0] == 422, "what has another hash is refused", got)
    desk.expect(desk.ask("viewer", "HEAD", f"/v1/blobs/{HASH}")[0] == 404, "and thrown away", "")
    store = desk.attempts / "store" / "objects"
    store.mkdir(parents=True, exist_ok=True)
    link = hashlib.blake2b(b"link", digest_size=32).hexdigest()
    (store / link).symlink_to("/etc/passwd")
    got = desk.ask("viewer", "GET", f"/v1/blobs/{link}")
    desk.expect(got[0] == 404 and b"root" not in got[2], "a link that leads out is no blob", got)
    (store / link).unlink(missing_ok=True)


def alike(desk, here, there, code=0, silent=False):
    """What is said to the socket, and from afar: the same comes of it, but for numbers of jobs and times."""
    near, far = desk.run(*here), desk.remote("operator", *there)
    one, other = ((done.returncode, *(re.sub(r"\d+", "0", text) for text in (done.stdout, done.stderr))) for done in (near, far))
    said = far.stdout + far.stderr
    desk.expect(one == other and far.returncode == code and bool(said) != silent, f"{there} from afar says what it says here, with {code}", (near, far))


def from_afar(desk):
    """The same verbs, the same output; inputs go there, and outputs come back."""
    scene = desk.folder / "scene file.bin"
    scene.write_bytes(os.urandom(2_500_000))
    done = desk.remote("film", "submit", "--wait", "--input", f"scene={scene}", "--output", "frame", "--tasks", "2", "--", "sh", "-c",
                       "cat scene > frame; echo $HINTERLAND_TASK >> frame; echo hello")
    desk.expect(done.returncode == 0, "a job from afar is done", done.stderr + done.stdout)
    job = done.stdout.split()[1] if done.stdout.startswith("job ") else "0"
    into = desk.folder / "into"
    got = desk.remote("film", "fetch", job, "--into", into)
    frames = [(into / str(k) / "frame") for k in range(2)]
    desk.expect(got.returncode == 0 and all(frame.read_bytes() == scene.read_bytes() + f"{k}\n".encode() for k, frame in enumerate(frames)),
                "its outputs are here", got.stderr)
    part = into / "0" / f".{hashlib.blake2b(frames[0].read_bytes(), digest_size=32).hexdigest()}.part"
    frames[0].rename(part)
    os.truncate(part, 1_000_000)
    desk.expect(desk.remote("film", "fetch", job, "--into", into).returncode == 0 and frames[0].stat().st_size == 2_500_002, "one that was cut off goes on", "")
    (into / "0" / "frame.part").write_text("mine too")
    frames[0].unlink()
    desk.expect(desk.remote("film", "fetch", job, "--into", into).returncode == 0 and (into / "0" / "frame.part").read_text() == "mine too", "nor taken away", "")
    again = desk.remote("film", "submit", "--wait", "--input", f"frame={frames[0]}", "--", "test", "-s", "frame")
    desk.expect(again.returncode == 0, "what one job has left another takes in", again.stderr)
    frames[0].write_text("mine")
    desk.expect(desk.remote("film", "fetch", job, "--into", into).returncode == 2 and frames[0].read_text() == "mine", "nothing is written over", "")
    for words in (["jobs", "--json"], ["jobs"], ["show", job], ["why", job], ["pools"], ["cost"], ["logs", job], ["submit", "--quote", "--cores", "2", "--", "true"]):
        alike(desk, words, words)
    # What changes a job is done to two that are the same.
    here, there = (str(submitted(desk, "film", "film")) for _ in range(2))
    for verb, code in (("why", 0), ("hold", 0), ("cancel", 0), ("why", 0), ("retry", 0), ("retry", 1), ("show", 0)):
        alike(desk, [verb, here], [verb, there], code, silent=verb in ("hold", "cancel", "retry") and code == 0)
    for who, words, code, part in (("nobody", ["jobs"], 2, "token"), ("wrong", ["jobs"], 2, "not known"), ("late", ["jobs"], 2, "expired"),
                                   ("viewer", ["submit", "--", "true"], 2, "submitter"), ("film", ["drain", "guian"], 2, "operator")):
        said = desk.remote(who, *words)
        desk.named(said.returncode == code, f"{who}: {words} is refused with {code} (got {said.returncode})", said.stderr, [part])
    stranger = subprocess.run([desk.program, "jobs", "--broker", f"https://localhost:{desk.port}"], capture_output=True, text=True, timeout=60, check=False)
    desk.named(stranger.returncode == 3, "a certificate that nobody vouches for is refused", stranger.stderr, ["certificate"])


class Listener:
    """Server-sent events, as they come."""

    def __init__(self, desk, who, after=None, last=None):
        self.line = desk.line(20)
        more = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        query = f"?after={after}" if after is not None else ""
        self.line.sendall(f"GET /v1/events{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {desk.tokens[who]}\r\n{more}\r\n".encode())
        self.rest = b""
        head = self.until(b"\r\n\r\n")
        assert b" 200 " in head and b"text/event-stream" in head, head

    def until(self, mark):
        while mark not in self.rest:
            some = self.line.recv(1 << 16)
            if not some:
                raise OSError("the line has ended")
            self.rest += some
        text, self.rest = self.rest.split(mark, 1)
        return text

    def next(self):
        """Of a step: its number and its events."""
        while True:
            fields = dict(line.split(": ", 1) for line in self.until(b"\n\n").decode().splitlines() if ": " in line)
            if "data" in fields:
                data = json.loads(fields["data"])
                assert str(data["step"]) == fields["id"], fields
                return data["step"], data["events"]

    def until_done(self, job):
        steps = []
        while True:
            steps.append(self.next())
            if any(event["event"] == "done" and event["job"] == job for event in steps[-1][1]):
                return steps


def events(desk):
    live, bound = Listener(desk, "operator"), Listener(desk, "lab")
    ask = {"command": ["true"], "project": "film", "tasks": 3}
    job = json.loads(desk.ask("submitter", "POST", "/v1/jobs", ask)[2])["job"]
    seen = [event for _, found in live.until_done(job) for event in found]
    words = [event["event"] for event in seen if event.get("job") == job]
    desk.expect({"submitted", "placed", "begun", "ended", "done"} <= set(words), "a job's life is told", words)
    theirs = json.loads(desk.ask("submitter", "POST", "/v1/jobs", {**ask, "project": "lab", "tasks": 1})[2])["job"]
    told = [event for _, found in bound.until_done(theirs) for event in found]
    desk.expect({event["job"] for event in told} == {theirs}, "who is bound to a project hears of no other", told)
    last = json.loads(desk.ask("submitter", "POST", "/v1/jobs", {**ask, "tasks": 1})[2])["job"]
    whole = Listener(desk, "operator", after=0).until_done(last)
    steps = [step for step, _ in whole]
    desk.expect(steps == sorted(set(steps)), "each step once, in order", len(steps))
    desk.expect("asked" not in json.dumps(whole) and "command" not in json.dumps(whole), "nothing that is nobody's business", "")
    for cut in (1, len(whole) // 2, len(whole) - 1):
        rest = Listener(desk, "operator", last=whole[cut - 1][0]).until_done(last)
        desk.expect(rest == whole[cut:], f"who comes back after {cut} of {len(whole)} steps misses none", (rest[:1], whole[cut:cut + 1]))
    gone = desk.token("listener", "viewer")
    desk.tokens["listener"] = gone
    heard = Listener(desk, "listener")
    subprocess.run([desk.program, "token", "revoke", "listener", "--file", desk.file], check=False)
    began = time.time()
    try:
        while time.time() - began < 20:
            heard.until(b"\n\n")
        desk.expect(False, "whose token is revoked hears no more", "")
    except OSError:
        desk.expect(True, "", "")
    desk.expect(desk.ask("viewer", "GET", "/v1/events", headers={"Last-Event-ID": "x"})[0] == 400, "an id that is none is refused", "")


def renewed(desk):
    """A certificate that is none is not used, and that is said."""
    good = (desk.folder / "cert.pem").read_bytes()
    (desk.folder / "cert.pem").write_text("nonsense")
    context = ssl.create_default_context(cadata=good.decode())
    line = context.wrap_socket(socket.create_connection(("127.0.0.1", desk.port), timeout=5), server_hostname="localhost")
    line.close()
    (desk.folder / "cert.pem").write_bytes(good)
    desk.expect("cert.pem: It is no certificate" in (desk.folder / "broker.log").read_text(), "a certificate that is none is said", desk.log())


def revoked(desk):
    token = desk.token("gone", "viewer")
    desk.expect(desk.ask(token, "GET", "/v1/jobs")[0] == 200, "a token that was made while it runs is good", "")
    done = subprocess.run([desk.program, "token", "revoke", "gone", "--file", desk.file], check=False)
    desk.expect(done.returncode == 0 and desk.ask(token, "GET", "/v1/jobs")[0] == 401, "and no good once it is revoked", "")
    listed = subprocess.run([desk.program, "token", "list", "--file", desk.file], capture_output=True, text=True, check=False).stdout
    secrets = [made for made in desk.tokens.values() if made]
    kept = desk.file.read_text()
    desk.expect("film" in listed and not any(secret[-40:] in kept + listed for secret in secrets), "no secret stands in the file", listed)
    desk.expect(desk.file.stat().st_mode & 0o077 == 0, "which nobody else may read", oct(desk.file.stat().st_mode))


def is_noted(desk):
    """After the end, from the journal alone: of files, and of who came too slowly. broker_account_test.py has the rest."""
    asked = collections.Counter(lines(desk))
    desk.expect((desk.folder / "steps.jsonl").stat().st_mode & 0o077 == 0, "what is exported is for its user alone", "")
    for line, times in ((("submitter", f"PUT {desk.sent}", 0), 2), (("submitter", f"PUT {desk.sent}", 409), 1), ((HERE, "no request", 408), SLOW_LINES),
                        (("submitter", "POST /v1/jobs", 408), 1)):
        desk.expect(asked[line] == times, f"the journal says {line}, {times} times", asked[line])


def listens_with_care(program, desk):
    """What may not be open is not opened."""
    sites = ROOT / "examples" / "local-sites.toml"
    for more, part in ((["--listen", "0.0.0.0:0"], "TLS and tokens"), (["--listen", "0.0.0.0:0", "--tokens", desk.file], "TLS and tokens"),
                       (["--listen", "nonsense"], "no address"), (["--tls-cert", desk.folder / "cert.pem"], "go together"),
                       (["--listen", "127.0.0.1:0", "--tls-cert", sites, "--tls-key", sites], "no certificate"), (["--tokens", sites], "not known")):
        with tempfile.TemporaryDirectory() as folder:
            said = subprocess.run([program, "broker", "--sites", sites, "--journal", Path(folder) / "j", "--socket", Path(folder) / "s", *map(str, more)],
                                  capture_output=True, text=True, timeout=60, check=False)
            desk.named(said.returncode == 2, f"{more} is refused (got {said.returncode})", said.stderr, [part])


def pages_are_not_let_in(program, desk):
    """Where no token is asked for, no page in a browser asks."""
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "log").open("wb") as log:
            broker = subprocess.Popen([program, "broker", "--sites", ROOT / "examples" / "local-sites.toml", "--journal", Path(folder) / "j", "--socket",
                                       Path(folder) / "s", "--listen", "127.0.0.1:0"], stderr=log)
        try:
            for _ in range(200):
                if found := re.search(r"http://127.0.0.1:(\d+)", (Path(folder) / "log").read_text()):
                    break
                time.sleep(0.05)
            for headers, expected in (({}, 200), ({"Host": "evil.example"}, 403), ({"Origin": "https://evil.example"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403)):
                connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=5)
                connection.request("GET", "/v1/jobs", headers=headers)
                got = connection.getresponse().status
                desk.expect(got == expected, f"{headers} is {expected} (got {got})", "")
        finally:
            broker.terminate()
            broker.wait(20)


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-network-") as folder:
        desk = NetworkDesk(program, folder)
        listens_with_care(program, desk)
        pages_are_not_let_in(program, desk)
        desk.open()
        desk.port  # it says where it listens
        run_parts(desk, (begins_to_dribble, walks_the_table, sees_only_theirs, waits_for_nobody, speaks_tls_only, files, large_files_hold_nobody_up, logs_are_files, from_afar,
                         events, renewed, revoked, waits_for_no_body))
        stops(desk, [])
        is_noted(desk)
    return verdict(desk)


if __name__ == "__main__":
    sys.exit(main())

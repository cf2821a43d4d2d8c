#!/usr/bin/python3
"""The verbs that ask a broker, where something else answers: a login page, a proxy, a broker that lies.

    broker_answers_test.py PROGRAM

Whatever comes, no verb says that something was done which was not, none writes outside of the folder that it was given, none calls
it a fault of its own, and each says where it was sent. Ctrl-C ends those that wait for somebody who never answers.
"""

import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

OWN_FAULT = 70
PAGE = b"<html><title>Please log in</title></html>"
ANSWERS = [(302, b""), (204, b""), (200, b"[]"), (200, b"{}"), (200, PAGE), (404, b'{"error":"Not Found"}'), (409, b"{}"), (401, PAGE),
           (502, PAGE), (400, b'{"error":{"what":7}}'), (200, b'{"jobs":[{"id":"x"}],"currency":"CNY","pools":[{}],"job":[],"done":false}')]
VERBS = [["jobs"], ["show", "0"], ["why", "0"], ["logs", "0"], ["pools"], ["cost"], ["submit", "--", "true"], ["submit", "--quote", "--", "true"],
         ["cancel", "0"], ["hold", "0"], ["release", "0"], ["retry", "0"], ["drain", "guian"], ["drain", "guian", "--undo"], ["fetch", "0"]]


class Impostor:
    """Answers each request with what it is told to; hangs if that is nothing."""

    def __init__(self):
        self.answer = lambda path: None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                said = outer.answer(self.path)
                if said is None:
                    time.sleep(60)
                    return
                self.send_response(said[0])
                self.send_header("Location", "/login")
                self.send_header("Content-Length", str(len(said[1])))
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else said[1])

            do_GET = do_POST = do_HEAD = do_PUT = do

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Checks:
    def __init__(self, program, folder):
        self.program, self.folder, self.there, self.problems, self.checks = program, folder, Impostor(), [], 0

    def expect(self, good, claim, said=""):
        self.checks += 1
        if not good:
            self.problems.append(f"{claim}: {str(said)[-300:]}")

    def run(self, *words, url=None, **more):
        environment = {**os.environ, "HINTERLAND_BROKER": url or self.there.url, **more}
        return subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=60, env=environment)


def nonsense(at):
    for status, body in ANSWERS:
        at.there.answer = lambda path, said=(status, body): said
        for words in VERBS:
            said = at.run(*words)
            at.expect(said.returncode in (2, 3), f"{words} after {status} {body[:30]} ends with 2 or 3 (got {said.returncode})", said.stderr + said.stdout)
            at.expect(at.there.url in said.stderr, f"{words} after {status} {body[:30]} says where it was sent", said.stderr)


def no_way_out(at):
    """A broker that says where to write."""
    into, victim = at.folder / "into", at.folder / "victim"
    victim.mkdir()
    (victim / "mine.part").write_text("mine")
    job = {"id": 0, "tasks": 1, "done": 1, "state": "done"}
    for outputs in ([{"task": 0, "path": "frame", "hash": "/../../victim/mine", "bytes": 5}], [{"task": 0, "path": "frame", "hash": "/../../victim/new", "bytes": 5}],
                    [{"task": 0, "path": "../victim/out", "hash": "a" * 64, "bytes": 5}], [{"task": 0, "path": "frame", "hash": "A" * 64, "bytes": 5}]):
        at.there.answer = lambda path, outputs=outputs: ((200, json.dumps({"outputs": outputs} if "outputs" in path else job).encode())
                                                         if path.startswith("/v1/jobs") else (200, b"bytes"))
        said = at.run("fetch", "0", "--into", str(into))
        at.expect(said.returncode in (2, 3), f"{outputs[0]} is refused (got {said.returncode})", said.stderr)
        at.expect([(path.name, path.read_text()) for path in victim.iterdir()] == [("mine.part", "mine")], f"{outputs[0]} writes and takes away nothing elsewhere",
                  list(victim.iterdir()))
        at.expect(not into.exists() or not list(into.rglob("*")), f"{outputs[0]} leaves nothing", said.stderr)


def nobody_answers(at):
    at.there.answer = lambda path: None
    for words in (["jobs", "--watch"], ["logs", "0", "--follow"], ["fetch", "0"], ["pools"], ["submit", "--wait", "--", "true"]):
        process = subprocess.Popen([at.program, *words], cwd=at.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "HINTERLAND_BROKER": at.there.url})
        time.sleep(1)
        began = time.time()
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        took = time.time() - began
        at.expect(took < 4 and process.returncode in (130, -signal.SIGINT), f"Ctrl-C ends {words} ({took:.1f} s, status {process.returncode})")


def places_and_tokens(at):
    """What a user writes a little wrongly."""
    at.there.answer = lambda path: (404, b"") if path.startswith("//") else (200, b'{"currency":"CNY","jobs":[]}')
    for url in (at.there.url + "/", at.there.url.replace("http", "HTTP")):
        said = at.run("jobs", url=url)
        at.expect(said.returncode == 0, f"{url} is a place (got {said.returncode})", said.stderr)
    said = at.run("jobs", url="rack.example:8443")
    at.expect(said.returncode == 3 and "https://rack.example:8443" in said.stderr, "without a scheme it is asked what is meant", said.stderr)
    said = at.run("jobs", HINTERLAND_TOKEN="hl_a_b\n")
    at.expect(said.returncode == 0, "a line's end after a token is none of it", said.stderr)
    said = at.run("jobs", HINTERLAND_TOKEN="hl_a\nX-Other: b")
    at.expect(said.returncode == 2 and "HINTERLAND_TOKEN" in said.stderr, "two lines are no token", said.stderr)
    empty = at.folder / "empty.token"
    empty.write_text("\n")
    said = at.run("jobs", "--token-file", str(empty))
    at.expect(said.returncode == 3 and "no token in it" in said.stderr, "a file without a token is named", said.stderr)
    said = at.run("jobs", "--ca-file", str(at.folder / "none.pem"), url=at.there.url.replace("http:", "https:"))
    at.expect(said.returncode == 3 and "none.pem: No certificates can be read from it." in said.stderr, "a file of certificates that is not there is named", said.stderr)
    at.there.answer = lambda path: (401, b'{"error":{"what":"The token is not known.","mend":"Send \'Authorization: Bearer hl_...\'."}}')
    (at.folder / "input").write_text("x")
    said = at.run("submit", "--input", "input", "--", "true")
    at.expect(said.returncode == 2 and "not known" in said.stderr and "--token-file" in said.stderr and "Bearer" not in said.stderr,
              "a token that is refused is refused in words of the command line, with inputs too", said.stderr)


def main():
    with tempfile.TemporaryDirectory(prefix="hinterland-answers-") as folder:
        at = Checks(str(Path(sys.argv[1]).resolve()), Path(folder))
        for part in (nonsense, no_way_out, nobody_answers, places_and_tokens):
            part(at)
    for problem in at.problems[:20]:
        print(problem)
    print(f"{at.checks} checks, {len(at.problems)} problems")
    return 1 if at.problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""A broker on the network of this machine, with TLS and tokens; and whoever asks it."""

import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import time

from broker_desk import NEVER_RUNS, PATIENCE_S, Desk
from deployment import ROOT

ROLES = ("viewer", "submitter", "operator")
HERE = "127.0.0.1"  # who asks, where no token says it
HASH = hashlib.blake2b(b"nothing like it", digest_size=32).hexdigest()


def certificate(folder):
    """Of this machine's loopback, signed by itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout",
                    folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, capture_output=True)


class NetworkDesk(Desk):
    """Its tokens: `viewer`, `submitter`, `operator` of all, `film` a submitter of one project, `late` one that has expired.

    `per_s`: requests of each of them, more than any test sends if nothing else is said.
    """

    def __init__(self, program, folder, per_s=100_000):
        super().__init__(program, folder)
        self.owed = []  # lines that the journal is to have, in their order: who, what, status (0: it was done)
        certificate(self.folder)
        self.file = self.folder / "tokens.toml"
        self.tokens = {name: self.token(name, name) for name in ROLES}
        self.tokens["film"] = self.token("film", "submitter", "--project", "film")
        self.tokens["lab"] = self.token("lab", "submitter", "--project", "lab")
        self.tokens["late"] = self.token("late", "operator", "--days", "0.001")
        self.file.write_text(re.sub(r'expires = "[^"]*"', 'expires = "2020-01-01 00:00:00"', self.file.read_text()))
        self.tokens["wrong"] = self.tokens["viewer"][:-1] + ("A" if self.tokens["viewer"][-1] != "A" else "B")
        self.tokens["nobody"] = None
        self.more = ["--listen", "127.0.0.1:0", "--tls-cert", self.folder / "cert.pem", "--tls-key", self.folder / "key.pem", "--tokens", self.file,
                     "--requests-per-s", str(per_s)]

    def token(self, name, role, *more):
        made = subprocess.run([self.program, "token", "new", name, "--role", role, "--file", self.file, *more], capture_output=True, text=True, check=True)
        return made.stdout.strip()

    def begin(self, **how):
        super().begin(more=self.more, **how)

    @property
    def port(self):
        for _ in range(100):
            if found := re.search(r"https://127\.0\.0\.1:(\d+)", (self.folder / "broker.log").read_text()):
                return int(found[1])
            time.sleep(0.05)
        raise OSError("it does not say where it listens: " + self.log())

    def line(self, timeout=PATIENCE_S):
        """A connection by TLS."""
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        return context.wrap_socket(raw, server_hostname="localhost")

    def ask(self, who, method, target, body=None, headers=None, timeout=PATIENCE_S):
        """Status, headers and bytes of the answer; 0 if there is none."""
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=timeout)
        token = self.tokens.get(who, who)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if isinstance(body, dict):
            body = json.dumps(body)
        try:
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        except (OSError, http.client.HTTPException) as trouble:
            return 0, {}, repr(trouble).encode()
        finally:
            connection.close()

    def remote(self, who, *words, **how):
        """A verb, spoken to the broker over the network."""
        environment = {**os.environ, "HINTERLAND_BROKER": f"https://localhost:{self.port}", "HINTERLAND_CA_FILE": str(self.folder / "cert.pem"),
                       "HINTERLAND_TOKEN": self.tokens[who] or ""}
        return subprocess.run([self.program, *map(str, words)], capture_output=True, text=True, errors="surrogateescape", timeout=120, env=environment, **how)

    def asked(self):
        """What the journal says of who asked what."""
        exported = self.folder / "steps.jsonl"
        done = self.run("journal", "export", str(self.journal), str(exported))
        assert done.returncode == 0, done.stderr
        for line in exported.read_text().splitlines():
            yield from (fact for fact in json.loads(line)["facts"] if fact["fact"] == "asked")


def table():
    """The requests as docs/http.md has them."""
    text = (ROOT / "docs" / "http.md").read_text()
    rows = re.findall(r"^ *(GET|HEAD|POST|PUT) +(/\S+) +(anybody|viewer|submitter|operator) +(-|the house's|the job's project's|your projects'|all) ", text, re.M)
    assert len(rows) > 20, rows
    return rows


def submitted(desk, who, project):
    status, _, said = desk.ask(who, "POST", "/v1/jobs", {**NEVER_RUNS, "project": project})
    desk.expect(status == 201, f"{who} submits a job of {project}", said)
    desk.owed.append((who, "POST /v1/jobs", 0))
    return json.loads(said)["job"]


def lines(desk):
    """The journal's, after the end."""
    return [(fact["who"], fact["what"], fact["status"]) for fact in desk.asked()]

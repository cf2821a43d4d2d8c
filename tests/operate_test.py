#!/usr/bin/python3
"""What docs/operate.md says, done: from nothing to a broker over two real Slurm clusters, and what an operator does with it.

    operate_test.py PROGRAM

Commands, units and files are those of the document, with its names replaced by this machine's (`NAMES`). Lines of `sudo` are not run:
`sudo systemctl` begins and ends a broker by the document's unit, and the others are listed in `NOT_RUN`, each. Messages of its table are
looked for in what the program said here, or in its sources.
"""

import contextlib
import csv
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from deployment import ROOT, ask, until
from postgres_desk import Server

sys.path.insert(0, str(ROOT / "tools"))
import slurm_lab  # noqa: E402: it lies beside the benches

NOT_RUN = re.compile(r"make$|sudo (cmake --install build$|useradd |install |cp |chown )")
TAKES_OVER_S = 20  # 5 to 7 s, and a busy machine
SECONDS = 30  # that a command may take
ALL_SECONDS = 90
SCENE = "a scene\n" * 1000
# Said by others: libcurl, and Slurm.
FOREIGN = {"No answer: Couldn't connect to server", "Unspecified error", "No answer: SSL peer certificate or SSH remote key was not OK"}


class Document:
    """Its fenced blocks, by the heading that they stand under and their language."""

    def __init__(self, names):
        self.text = (ROOT / "docs" / "operate.md").read_text()
        self.names = names
        self.taken = set()

    def block(self, heading, language, place=0):
        section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.text, re.M | re.S)
        block = re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.M | re.S)[place]
        self.taken.add(block)
        for name, here in self.names.items():
            block = block.replace(name, str(here))
        return re.sub(r"\\\n\s*", "", block)

    def left(self):
        """Blocks that nobody has tried."""
        return [block for block in re.findall(r"^```\w+\n(.*?)^```$", self.text, re.M | re.S) if block not in self.taken]

    def messages(self):
        return [word for row in re.findall(r"^\| (.*?) \|", self.text, re.M)[2:] for word in re.findall(r"`([^`]+)`", row)]


class Operator:
    """At a shell: what is exported, and where `cd` leads, stays from one block to the next. Units begin and end brokers."""

    def __init__(self, folder, program):
        self.folder = self.home = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("HINTERLAND_BROKER", "HINTERLAND_TOKEN"))}
        self.environment["PATH"] = f"{Path(program).parent}:{self.environment['PATH']}"
        self.units, self.brokers = {}, {}
        self.said, self.problems = [], []

    def expect(self, good, claim, said=""):
        if not good:
            self.problems.append(f"{claim}: {str(said)[:600]}")

    def types(self, block, **more):
        """Each command of a block; what each has said."""
        said = []
        for line in block.splitlines():
            if managed := re.match(r"sudo systemctl (enable --now|start|stop) (\S+)$", line):
                self.end(managed[2]) if managed[1] == "stop" else self.waits(lambda place=self.begin(managed[2]): is_heard(place), "a broker begins")
            elif line.startswith("cd "):
                self.folder = Path(line[3:])
            elif line.startswith("export "):
                self.environment.update(word.split("=", 1) for word in line[7:].split())
            elif not NOT_RUN.match(line):
                said.append(self.command(line, **more))
        return said

    def command(self, line, status=0, **more):
        if line.startswith("curl -sN "):  # events have no end
            line, status = f"timeout 2 {line}", 124
        run = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=self.folder, capture_output=True, text=True, env=self.environment | more,
                             timeout=SECONDS)
        self.expect(run.returncode == status, f"`{line[:150]}` ends with {run.returncode}", run.stdout + run.stderr)
        self.said += [run.stdout, run.stderr]
        return run.stdout

    def fails(self, line, word, status, **more):
        self.command(line, status, **more)
        self.expect(word in self.said[-1], f"`{line}` says '{word}'", self.said[-1])

    def begin(self, unit):
        words = self.units[unit].split()
        place = Path(words[words.index("--socket") + 1])
        place.parent.mkdir(exist_ok=True)
        log = (self.home / f"{unit}.log").open("ab")
        self.brokers[unit] = subprocess.Popen(words, stdout=log, stderr=log, cwd="/", env=self.environment)
        return place

    def end(self, unit):
        broker = self.brokers.pop(unit)
        broker.terminate()
        self.expect(broker.wait(30) == 0, f"{unit} stops", broker.returncode)

    def kill(self, unit):
        broker = self.brokers.pop(unit)
        broker.kill()
        broker.wait()

    def waits(self, what, claim, seconds=20):
        self.expect(until(what, seconds), claim, self.logs())

    def logs(self):
        return " ".join(log.read_text()[-400:] for log in self.home.glob("*.log"))


def told(place, target):
    with contextlib.suppress(OSError, ValueError):
        return ask(place, "GET", target)[1]
    return {}


def is_heard(place):
    return "pools" in told(place, "/v1/health")


def is_up(place, *names):
    return {pool["name"] for pool in told(place, "/v1/pools").get("pools", []) if pool["state"] == "up"} >= set(names)


def runs(place, job):
    return "is RUNNING" in str(told(place, f"/v1/jobs/{job}/why"))


def is_done(place, job):
    return told(place, f"/v1/jobs/{job}").get("state") == "done"


def sites_of(place, job):
    return {task["site"] for task in told(place, f"/v1/jobs/{job}")["of_tasks"]}


def connected(port, ca):
    raw = socket.create_connection(("127.0.0.1", port), 10)
    return ssl.create_default_context(cafile=ca).wrap_socket(raw, server_hostname="localhost")


def shown(port, ca):
    """The number of the certificate that a new connection is shown."""
    with connected(port, ca) as line:
        return line.getpeercert()["serialNumber"]


def lies_there(operator, folder):
    """What a submission of the document leaves, as it was fetched."""
    files = {path.parent.name: path.read_text() for path in (operator.folder / folder).glob("*/sum.txt")}
    operator.expect(files == {str(task): f"{SCENE}{task}\n" for task in range(4)}, f"{folder} has the outputs of four tasks", files)


def sets_up(document, operator, guian):
    operator.types(document.block("Install", "sh"))
    operator.types(document.block("A certificate", "sh"))
    tokens = operator.types(document.block("Who may", "sh"))
    operator.expect(all(name in tokens[3] for name in ("carol", "alice", "prometheus")), "the list has the tokens", tokens)
    document.names["hl_alice_..."] = tokens[1].strip()
    (operator.folder / "prometheus.token").write_text(tokens[2])
    (operator.folder / "scene.txt").write_text(SCENE)
    operator.types(document.block("The clusters", "sh"), SLURM_CONF=str(guian.folder / "slurm.conf"))
    (operator.folder / "sites.toml").write_text(document.block("The clusters", "toml"))
    checked = operator.types(document.block("The clusters", "sh", 1))
    operator.expect("guian" in checked[0] and "zhongwei" in checked[0], "--check has both clusters", checked)
    operator.units["hinterland-broker"] = document.block("Begin", "ini").split("ExecStart=")[-1]
    operator.types(document.block("Begin", "sh"))


def submits_from_afar(document, operator, place):
    """The document's job, by each cluster: the second while the first is drained."""
    afar = document.block("From afar", "sh")
    operator.types(afar)
    operator.expect(sites_of(place, 0) == {"guian"}, "the cheapest has the first job", sites_of(place, 0))
    lies_there(operator, "frames")
    operator.fails("hinterland drain guian", "your token has the role submitter", 2)
    operator.fails("hinterland jobs", "SSL peer certificate", 3, HINTERLAND_CA_FILE="/etc/ssl/certs/ca-certificates.crt")
    said = operator.types(document.block("Watch", "sh"))
    operator.expect('"event":"begun"' in said[-1], "events are told", said[-1])
    *drains, undoes = document.block("A cluster goes away for a while", "sh").splitlines()
    operator.expect("drained" in operator.types("\n".join(drains))[-1], "`pools` says that it is drained")
    operator.types(afar.replace("fetch 0 --into frames", "fetch 1 --into again"))
    operator.expect(sites_of(place, 1) == {"zhongwei"}, "the other has the second job", sites_of(place, 1))
    lies_there(operator, "again")
    operator.types(f"export HINTERLAND_BROKER={place}\n{undoes}")
    operator.waits(lambda: is_up(place, "guian", "zhongwei"), "it is let in again")


def is_scraped(document, operator):
    """As Prometheus would, by the document's configuration."""
    said = document.block("Watch", "yaml")
    scheme, token, ca = (re.search(rf"{name}: ([^\s}}]+)", said)[1] for name in ("scheme", "credentials_file", "ca_file"))
    target = re.search(r'targets: \["([^"]+)"\]', said)[1]
    asked = urllib.request.Request(f"{scheme}://{target}/metrics", headers={"Authorization": "Bearer " + Path(token).read_text().strip()})
    with urllib.request.urlopen(asked, timeout=10, context=ssl.create_default_context(cafile=ca)) as answer:
        text = answer.read().decode()
    named = set(re.findall(r"`(hinterland_\w+)", document.text))
    operator.expect(named and all(re.search(rf"^{name}\b", text, re.M) for name in named), f"metrics have {named}", text)


def renews(document, operator, place, port):
    ca = operator.folder / "ca.pem"
    before = shown(port, ca)
    afar = {"HINTERLAND_BROKER": f"https://localhost:{port}"}
    operator.command("hinterland jobs", **afar)
    with connected(port, ca) as held:
        operator.types(document.block("Tokens and certificates end", "sh"))
        after = shown(port, ca)
        operator.expect(after != before, "a new connection is shown the new certificate", after)
        held.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        operator.expect(b" 200 " in held.recv(1000), "one that was there is served on")
    operator.fails("hinterland jobs", "The token is not known", 2, **afar)
    good = (operator.folder / "cert.pem").read_bytes()
    (operator.folder / "cert.pem").write_text("junk")
    operator.expect(shown(port, ca) == after, "with a wrong one it goes on with the one before")
    (operator.folder / "cert.pem").write_bytes(good)
    jwt = (operator.folder / "guian.jwt").read_bytes()
    (operator.folder / "guian.jwt").write_text("junk")
    operator.waits(lambda: "guian.jwt is wrong or has ended" in str(told(place, "/v1/pools")), "`pools` says that a JWT is wrong")
    (operator.folder / "guian.jwt").write_bytes(jwt)
    operator.waits(lambda: "JWT" not in str(told(place, "/v1/pools")), "a new JWT is taken")


def is_upgraded(document, operator, place):
    """Work that runs does not notice."""
    operator.command("hinterland submit --class frames --project lab --hours 0.1 -- sleep 5")
    operator.waits(lambda: runs(place, 2), "a job runs")
    operator.fails("hinterland journal check ../var/broker.db", "Another process has it open", 2)
    operator.types(document.block("Back up, upgrade", "sh"))
    operator.waits(lambda: is_done(place, 2), "it is done after the broker was away")
    operator.expect(told(place, "/v1/jobs/2").get("attempts") == 1, "by its one attempt", told(place, "/v1/jobs/2"))


def stands_by(document, operator, place, port):
    operator.types(document.block("A second broker that stands by", "sh"))
    names = document.names
    journal = re.search(r"`(--journal postgresql\S+ --folder \S+)`", document.text)[1]
    for name, here in names.items():
        journal = journal.replace(name, str(here))
    first = re.sub(r"--journal \S+", lambda _: journal, operator.units["hinterland-broker"])
    other = Path(str(names["/run/hinterland-standby"])) / "broker.sock"
    operator.units["hinterland-broker"] = first
    operator.units["hinterland-standby"] = first.replace(str(place), str(other)).replace(f":{port}", f":{port + 1}")
    operator.begin("hinterland-broker")
    operator.waits(lambda: is_up(place, "guian", "zhongwei"), "the first leads")
    operator.begin("hinterland-standby")
    operator.waits(lambda: "waiting to take over" in (operator.home / "hinterland-standby.log").read_text(), "the second waits")
    operator.command("hinterland submit --class frames --project lab --hours 0.1 -- sleep 4")
    operator.waits(lambda: runs(place, 3), "a job runs")
    operator.kill("hinterland-broker")
    operator.waits(lambda: is_heard(other), "the second takes over", TAKES_OVER_S)
    operator.waits(lambda: is_done(other, 3), "the job is done there")
    operator.expect(told(other, "/v1/jobs/3").get("attempts") == 1, "by its one attempt", told(other, "/v1/jobs/3"))
    shown(port + 1, operator.folder / "ca.pem")
    return other


def sends_the_bill(document, operator, place):
    parties, *_ = operator.types(document.block("The bill", "sh"))
    operator.expect("owner Guizhou Racks, guian" in parties and "owner Ningxia Compute, zhongwei" in parties, "both owners are owed", parties)
    operator.expect((operator.folder / "statement.html").stat().st_size > 10_000, "there is a statement to look at")
    with (operator.folder / "bill.csv").open() as file:
        billed = sum(Decimal(row["BilledCost"]) for row in csv.DictReader(file))
    costs = [row for row in told(place, "/v1/cost")["rows"] if row["project"] == "film"]
    said = sum(Decimal(row[part]) for row in costs for part in ("energy", "capacity", "network", "carbon", "water")) / 1_000_000
    operator.expect(billed == said > 0, "the bill is what `cost` says", (billed, costs))


def table_is_true(document, operator):
    """Each message of the table was said here, or is in the sources, where {} stands for what differs."""
    sources = "".join(path.read_text() for kind in ("cpp", "ipp") for path in (ROOT / "hinterland").rglob(f"*.{kind}"))
    sources = re.sub(r'"\s*\n\s*"', "", sources)
    for message in document.messages():
        words = re.sub(r"^squeue: | \d+ ms$| HOST$", "", message)
        operator.expect(message in FOREIGN or message in "".join(operator.said) or words in sources, f"'{message}' is said by nobody")


def tried(document, operator, clusters, server, port):
    """All of it, in the order of the document."""
    place = Path(str(document.names["/run/hinterland"])) / "broker.sock"
    sets_up(document, operator, clusters[0])
    operator.waits(lambda: is_up(place, "guian", "zhongwei"), "both clusters are up")
    submits_from_afar(document, operator, place)
    is_scraped(document, operator)
    renews(document, operator, place, port)
    is_upgraded(document, operator, place)
    assert server.sql("CREATE DATABASE hinterland").returncode == 0
    place = stands_by(document, operator, place, port)
    sends_the_bill(document, operator, place)
    operator.end("hinterland-standby")
    for cluster in clusters:
        queue = cluster.said("squeue", "-h", "-o", "%i %j %T")
        operator.expect(not queue, "nothing is left in a cluster", queue)
    table_is_true(document, operator)
    operator.expect(not document.left(), "every block was tried", document.left())


def too_long(*_):
    raise TimeoutError(f"it takes more than {ALL_SECONDS} s")


def main():
    program = str(Path(sys.argv[1]).resolve())
    started = time.time()
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(ALL_SECONDS)
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hinterland-")))
        home.chmod(0o755)  # PostgreSQL is another user's
        server = stack.enter_context(Server(home / "pg"))
        try:
            clusters = [stack.enter_context(slurm_lab.running(("n1", "n2"), 8, tokens=k == 0)) for k in range(2)]
        except slurm_lab.Absent as why:
            print(f"skipped: {why}")
            return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
        port = slurm_lab.free_ports(2)
        for name in ("etc", "var", "shared"):
            (home / name).mkdir()
        today = date.today()
        # Longer names first: each is replaced wherever it stands.
        document = Document({
            "/usr/local/bin/hinterland": program, "/etc/prometheus/hinterland-ca.pem": home / "etc" / "ca.pem",
            "/etc/prometheus/hinterland.token": home / "etc" / "prometheus.token", "/etc/hinterland": home / "etc", "/var/lib/hinterland": home / "var",
            "/run/hinterland-standby": home / "standby", "/run/hinterland": home / "run", "/shared/hinterland": home / "shared",
            "/etc/slurm/slurm.conf": clusters[1].folder / "slurm.conf", "http://guian-ctl:6820": f"http://127.0.0.1:{clusters[0].rest_port}",
            "username=hinterland": "username=root", 'slurm_user = "hinterland"': 'slurm_user = "root"',
            "0.0.0.0:8443": f"127.0.0.1:{port}", "broker.example:8443": f"localhost:{port}", "broker.example": "localhost",
            "postgresql://hl@db.example/hinterland": server.url("hinterland"),
            "2026-11-01": today - timedelta(1), "2026-12-01": today + timedelta(2)})
        operator = Operator(home, program)
        stack.callback(lambda: [operator.kill(unit) for unit in list(operator.brokers)])
        try:
            tried(document, operator, clusters, server, port)
        except (AssertionError, TimeoutError, OSError, LookupError, subprocess.TimeoutExpired) as trouble:
            operator.problems.append(f"it goes no further: {trouble!r} {operator.logs()}")
    for problem in operator.problems:
        print(problem)
    print(f"docs/operate.md on two clusters: {len(operator.problems)} problems; {time.time() - started:.0f} s")
    return 1 if operator.problems else 0


if __name__ == "__main__":
    sys.exit(main())

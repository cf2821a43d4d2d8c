"""A real Slurm to run on and to measure beside: munged, slurmctld, slurmds and slurmrestd, in a folder of their own, on ports of
loopback and Unix sockets; with slurmdbd and its database if wanted. For root; needs neither systemd nor control groups. Whatever it began
is gone when it ends.

    with slurm_lab.running() as slurm:
        slurm.said("sbatch", "--wrap", "true")
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# From Slurm's High Throughput Computing Administration Guide: first in, first out; no accounting; errors only in the logs; more
# ports than one; ten threads of munged. Its example of SchedulerParameters is for large clusters: the queue is looked at every
# two seconds at most, and this one node then ran a fifth as many tasks. Here that happens every second, for the whole queue.
# Neither `defer` nor a batch_sched_delay of 0 nor sched/backfill made anything quicker.
# One look fills the CPUs that are free: 64 of them, whatever the machine has, keep it busy until the next; 256 ran no more.
CPUS = 64
SCHEDULING = "sched_interval=1,batch_sched_delay=1,sched_min_interval=0,default_queue_depth=1000"
SETTINGS = f"{CPUS} CPUs, sched/builtin, {SCHEDULING}"
CONF = """ClusterName=bench
SlurmUser=root
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}-{last_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldDebug=error
SlurmdDebug=error
AccountingStorageType=accounting_storage/{accounting}
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
PriorityType=priority/basic
SchedulerType=sched/builtin
SchedulerParameters={scheduling}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MaxJobCount=100000
MinJobAge={listed_s}
MaxArraySize=20001
MpiDefault=none
SwitchType=switch/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
PartitionName=all Nodes={nodes} Default=YES MaxTime=INFINITE State=UP
"""
# Slurm drains a node whose Prolog fails. This one fails once, on whichever node begins a job next, where a file asks for it.
PROLOG = """#!/bin/sh
! mv {folder}/prolog-fails {folder}/prolog-failed 2>/dev/null
"""
PROGRAMS = ("munged", "slurmctld", "slurmd", "slurmrestd", "sbatch", "squeue", "sinfo")
# With accounting: slurmdbd, and a MariaDB of its own that listens on a Unix socket alone and writes nothing through to the disk. What
# MariaDB's library takes for the default socket is said in slurmdbd's environment, for its configuration has no word for one.
DATABASE_FLAGS = ("--innodb-log-file-size=8M", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--innodb-lock-wait-timeout=900")
DBD_CONF = """AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
DbdHost={host}
DbdAddr=127.0.0.1
DbdPort={port}
SlurmUser=root
PidFile={folder}/slurmdbd.pid
DebugLevel=error
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
StorageLoc=slurm_acct_db
"""
ACCOUNTED = """AccountingStorageHost=127.0.0.1
AccountingStoragePort={port}
AccountingStoragePass={folder}/munge.sock
AccountingStorageEnforce=associations,limits,qos
"""
ACCOUNTING_PROGRAMS = ("mariadbd", "mariadb-install-db", "slurmdbd", "sacctmgr", "sacct")


class Absent(Exception):
    """There is no Slurm here; it says why."""


class Slurm:
    def __init__(self, folder, port, nodes):
        self.folder, self.port, self.nodes = folder, port, nodes
        self.rest = folder / "rest.sock"
        self.interfaces = "openapi/v0.0.38"  # of slurmrestd; that of accounting ends it where there is none
        self.programs = {}
        # What somebody set for a cluster of theirs must not reach this one.
        own = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "SBATCH", "SQUEUE", "SINFO", "SACCT"))}
        self.environment = own | {"SLURM_CONF": str(folder / "slurm.conf")}

    def said(self, *command):
        return subprocess.run(command, env=self.environment, cwd=self.folder, check=True, capture_output=True, text=True,
                              timeout=60).stdout

    def begin(self, name, *command, ready, **environment):
        """Begins a program, and waits until it is ready."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(command, cwd=self.folder, env=self.environment | environment, stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out)
        self.programs[name] = process
        for _ in range(300):
            if ready():
                return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise Absent(f"{name} does not get ready: {log.read_text(errors='replace').strip()[-300:]}")

    def answers(self, command, said):
        return lambda: said in subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout

    def make_database(self):
        # Of its script's words none are wanted, unless it fails.
        done = subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/db", "--user=root", "--skip-test-db",
                               "--skip-name-resolve", "--auth-root-authentication-method=socket", *DATABASE_FLAGS], capture_output=True, text=True)
        if done.returncode != 0:
            raise Absent(f"mariadb-install-db fails: {(done.stdout + done.stderr).strip()[-300:]}")

    def begin_database(self):
        self.begin("mariadbd", "mariadbd", "--no-defaults", f"--datadir={self.folder}/db", "--user=root", "--skip-networking",
                   f"--socket={self.folder}/db.sock", f"--pid-file={self.folder}/db.pid", *DATABASE_FLAGS, ready=(self.folder / "db.sock").is_socket)

    def begin_accounting(self):
        """slurmdbd alone: it may be ended, frozen and begun anew beside the rest."""
        self.begin("slurmdbd", "slurmdbd", "-D", ready=self.answers(["sacctmgr", "-nP", "show", "qos", "format=name"], "normal"),
                   MYSQL_UNIX_PORT=f"{self.folder}/db.sock")

    def begin_controller(self):
        self.begin("slurmctld", "slurmctld", "-D", ready=self.answers(["sinfo", "-h", "-o", "%P"], "all"))

    def begin_node(self, node):
        self.begin(node, "slurmd", "-D", "-N", node, ready=self.answers(["sinfo", "-h", "-N", "-n", node, "-o", "%T"], "idle"))

    def begin_rest(self):
        """On a socket it knows who asks, which is quicker than a token; it would rather not be root's."""
        self.begin("slurmrestd", "slurmrestd", "-a", "rest_auth/local", "-s", self.interfaces, f"unix:{self.rest}",
                   ready=self.rest.is_socket, SLURMRESTD_SECURITY="disable_user_check")

    def begin_rest_with_tokens(self):
        def listens():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.rest_port), 1):
                return True
            return False
        self.begin("slurmrestd", "slurmrestd", "-a", "rest_auth/jwt", "-s", self.interfaces, f"127.0.0.1:{self.rest_port}",
                   ready=listens, SLURMRESTD_SECURITY="disable_user_check", SLURM_JWT="daemon")

    @property
    def rest_port(self):
        return self.port + 9

    def token(self, user="root", seconds=3600):
        """A JWT, from the key: no daemon is asked."""
        def part(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")
        now = int(time.time())
        text = b".".join(part(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, {"iat": now, "exp": now + seconds, "sun": user}))
        return (text + b"." + part(hmac.new((self.folder / "jwt.key").read_bytes(), text, hashlib.sha256).digest())).decode()

    def end(self, name, by=signal.SIGTERM):
        process = self.programs.pop(name)
        process.send_signal(by)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def fail_next_prolog(self):
        """Of a cluster with a Prolog: the node that begins the next job drains itself."""
        (self.folder / "prolog-fails").touch()

    def drained(self):
        """Nodes that begin nothing."""
        lines = (line.split() for line in self.said("sinfo", "-h", "-N", "-o", "%N %T").splitlines())
        return [node for node, state in lines if state.startswith("drain")]

    def end_all(self):
        for name in reversed(list(self.programs)):
            if name == "munged":
                self.end_steps()
            with contextlib.suppress(OSError):
                self.programs[name].send_signal(signal.SIGCONT)
            self.end(name)

    def end_steps(self):
        """Steps outlive slurmd on purpose, so that it can be renewed under them; they bear the name of its configuration."""
        mark = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)


def free_ports(count):
    """The first of so many ports in a row that nobody has, below those that the kernel gives to whoever asks for any."""
    while True:
        first = random.randrange(12_000, 30_000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + count):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


@contextlib.contextmanager
def running(nodes=("node",), cpus=CPUS, scheduling=SCHEDULING, tokens=False, listed_s=300, accounting=False, prolog=False):
    """A Slurm whose nodes are idle; raises Absent if that cannot be. With `tokens` its slurmrestd is on a port and wants one.
    Jobs that are over stay in its lists for `listed_s`. With `accounting` there is a slurmdbd, and limits hold. With `prolog` each job
    has one, which may be told to fail."""
    missing = [program for program in PROGRAMS + (ACCOUNTING_PROGRAMS if accounting else ()) if shutil.which(program) is None]
    if missing:
        raise Absent(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0:
        raise Absent("its slurmd is for root only")
    # A short path, for those of sockets have at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="slurm-") as name:
        folder, host = Path(name), socket.gethostname().split(".")[0]
        port = free_ports(11)
        slurm = Slurm(folder, port, nodes)
        for path in ("state", *(f"spool-{node}" for node in nodes)):
            (folder / path).mkdir()
        for key in ("munge.key", "jwt.key"):
            (folder / key).touch(0o600)
            (folder / key).write_bytes(os.urandom(128))
        conf = CONF.format(folder=folder, host=host, port=port, last_port=port + 3, scheduling=scheduling, nodes=",".join(nodes),
                           listed_s=listed_s,
                           accounting="slurmdbd" if accounting else "none")
        for place, node in enumerate(nodes):
            conf += f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port + 4 + place} CPUs={cpus} RealMemory=262144\n"
        alternatives = f"AuthAltTypes=auth/jwt\nAuthAltParameters=jwt_key={folder}/jwt.key\n" if tokens else ""
        conf += alternatives
        if prolog:
            (folder / "prolog").write_text(PROLOG.format(folder=folder))
            (folder / "prolog").chmod(0o755)
            conf += f"Prolog={folder}/prolog\n"
        if accounting:
            conf += ACCOUNTED.format(folder=folder, port=port + 10)
            (folder / "slurmdbd.conf").touch(0o600)
            (folder / "slurmdbd.conf").write_text(DBD_CONF.format(folder=folder, host=host, port=port + 10) + alternatives)
        (folder / "slurm.conf").write_text(conf)
        try:
            # By force, for the others may not enter this folder; it is root alone that needs the socket.
            slurm.begin("munged", "munged", "--foreground", "--force", "--num-threads=10", "--key-file", folder / "munge.key",
                        "--socket", folder / "munge.sock", "--pid-file", folder / "munged.pid", "--log-file", folder / "munge.log",
                        "--seed-file", folder / "munge.seed", ready=(folder / "munge.sock").is_socket)
            if accounting:
                slurm.interfaces += ",openapi/dbv0.0.38"
                slurm.make_database()
                slurm.begin_database()
                slurm.begin_accounting()
                slurm.said("sacctmgr", "-i", "add", "cluster", "bench")
            slurm.begin_controller()
            for node in nodes:
                slurm.begin_node(node)
            if tokens:
                slurm.begin_rest_with_tokens()
            else:
                slurm.begin_rest()
            yield slurm
        finally:
            slurm.end_all()

"""A real Slurm of one node to measure beside: munged, slurmctld, slurmd and slurmrestd, in a folder of their own, on ports of
loopback and Unix sockets. For root; needs neither systemd nor control groups. Whatever it began is gone when it ends.

    with slurm_lab.running() as slurm:
        slurm.said("sbatch", "--wrap", "true")
"""

import contextlib
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
SlurmdPort={slurmd_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldDebug=error
SlurmdDebug=error
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
PriorityType=priority/basic
SchedulerType=sched/builtin
SchedulerParameters={scheduling}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MaxJobCount=100000
MaxArraySize=20001
MpiDefault=none
SwitchType=switch/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs={cpus}
PartitionName=all Nodes=node Default=YES MaxTime=INFINITE State=UP
"""
PROGRAMS = ("munged", "slurmctld", "slurmd", "slurmrestd", "sbatch", "squeue", "sinfo")


class Absent(Exception):
    """There is no Slurm here; it says why."""


class Slurm:
    def __init__(self, folder):
        self.folder = folder
        self.rest = folder / "rest.sock"
        # What somebody set for a cluster of theirs must not reach this one.
        own = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "SBATCH", "SQUEUE", "SINFO"))}
        self.environment = own | {"SLURM_CONF": str(folder / "slurm.conf")}

    def said(self, *command):
        return subprocess.run(command, env=self.environment, cwd=self.folder, check=True, capture_output=True, text=True,
                              timeout=60).stdout


def free_ports(count):
    """The first of so many ports in a row that nobody has, below those that the kernel gives to whoever asks for any."""
    while True:
        first = random.randrange(12_000, 30_000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + count):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def end(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_steps(slurm):
    """Steps outlive slurmd on purpose, so that it can be renewed under them; they bear the name of its configuration."""
    mark = f"SLURM_CONF={slurm.folder}/slurm.conf".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


@contextlib.contextmanager
def running():
    """A Slurm whose node is idle; raises Absent if that cannot be."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        raise Absent(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0:
        raise Absent("its slurmd is for root only")
    # A short path, for those of sockets have at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="slurm-") as name, contextlib.ExitStack() as begun:
        folder = Path(name)
        slurm = Slurm(folder)
        port = free_ports(5)
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        (folder / "munge.key").touch(0o600)
        (folder / "munge.key").write_bytes(os.urandom(128))
        conf = CONF.format(folder=folder, host=socket.gethostname().split(".")[0], port=port, last_port=port + 3,
                           slurmd_port=port + 4, cpus=CPUS, scheduling=SCHEDULING)
        (folder / "slurm.conf").write_text(conf)

        def begin(*command, ready, **environment):
            log = folder / f"{command[0]}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(command, cwd=folder, env=slurm.environment | environment, stdin=subprocess.DEVNULL,
                                           stdout=out, stderr=out)
            begun.callback(end, process)
            for _ in range(300):
                if ready():
                    return
                if process.poll() is not None:
                    break
                time.sleep(0.05)
            raise Absent(f"{command[0]} does not get ready: {log.read_text(errors='replace').strip()[-300:]}")

        def answers(command, said):
            return lambda: said in subprocess.run(command, env=slurm.environment, capture_output=True, text=True).stdout

        # By force, for the others may not enter this folder; it is root alone that needs the socket.
        begin("munged", "--foreground", "--force", "--num-threads=10", "--key-file", folder / "munge.key",
              "--socket", folder / "munge.sock", "--pid-file", folder / "munged.pid", "--log-file", folder / "munge.log",
              "--seed-file", folder / "munge.seed", ready=(folder / "munge.sock").is_socket)
        begun.callback(end_steps, slurm)
        begin("slurmctld", "-D", ready=answers(["sinfo", "-h", "-o", "%P"], "all"))
        begin("slurmd", "-D", "-N", "node", ready=answers(["sinfo", "-h", "-o", "%T"], "idle"))
        # It knows who asks from the socket, which is quicker than a token, and would rather not be root's.
        begin("slurmrestd", "-a", "rest_auth/local", "-s", "openapi/v0.0.38", f"unix:{slurm.rest}", ready=slurm.rest.is_socket,
              SLURMRESTD_SECURITY="disable_user_check")
        yield slurm

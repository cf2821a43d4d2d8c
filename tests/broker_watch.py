"""How much memory a broker takes and how many files it has open, while it works: sampled, fitted, shown.

What it keeps of a job that is over is the job (its command, its key, its names, its quote), each of its tasks, and what was billed: so its memory
grows with the jobs it has had, and not with time, nor with what happens to its clusters. Of a job that is over it has no file open.

    growth after warm-up <= allowance for noise + most a job x jobs,    by least squares over the jobs taken

Jobs like those of broker_slurm_test.py leave 0.7 KB each, measured over 3,500 in pools of one machine; what keeps them grows by doubling, so at
a moment it may have taken twice that. A list of slurmrestd's is 4 KB a job, and is read whole: while it is, it takes 13 KB for each job listed. That
is bounded by how long Slurm lists what is over (MinJobAge), so the warm-up has to be longer than that.
"""

import threading
import time
from pathlib import Path

EVERY_S = 2
WARM_UP = 0.25  # of the samples: caches, threads, the first of everything
ROWS = 16


class Measure:
    def __init__(self, name, unit, most_a_thousand, noise, of):
        self.name, self.unit, self.most_a_thousand, self.noise, self.of = name, unit, most_a_thousand, noise, of


def resident_mb(process):
    status = (process / "status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def handles(process):
    return len(list((process / "fd").iterdir()))


# The noise: what an allocator keeps of its largest moment, and connections that come and go.
MEASURES = (Measure("resident memory", "MB", 1.5, 3.0, resident_mb), Measure("open files", "handles", 5.0, 5.0, handles))


class Watch:
    """Of a process, from now until `stop`: (seconds, jobs, a value of each measure)."""

    def __init__(self, pid, jobs):
        self.process, self.jobs = Path(f"/proc/{pid}"), jobs
        self.began, self.samples, self.marks, self.over = time.time(), [], [], threading.Event()
        self.thread = threading.Thread(target=self.sample, daemon=True)
        self.thread.start()

    def sample(self):
        while not self.over.wait(EVERY_S):
            try:
                values = [measure.of(self.process) for measure in MEASURES]
            except (OSError, IndexError):
                return  # it has ended
            self.samples.append((time.time() - self.began, self.jobs(), *values))

    def mark(self):
        """Something begins anew."""
        self.marks.append(time.time() - self.began)

    def stop(self):
        self.over.set()
        self.thread.join()


def fitted(jobs, values):
    """What a job adds, by least squares."""
    mean_job, mean_value = sum(jobs) / len(jobs), sum(values) / len(values)
    spread = sum((job - mean_job) ** 2 for job in jobs)
    return sum((job - mean_job) * (value - mean_value) for job, value in zip(jobs, values)) / spread if spread > 0 else 0.0


def verdict(samples):
    """What grew too much, and what is to be said of each measure."""
    warm = samples[int(len(samples) * WARM_UP):]
    if len(warm) < 10 or warm[-1][1] == warm[0][1]:
        return ["the watch: too few samples to say anything"], []
    jobs = [sample[1] for sample in warm]
    problems, lines = [], []
    for place, measure in enumerate(MEASURES, 2):
        slope = fitted(jobs, [sample[place] for sample in warm])
        grown, thousands = slope * (jobs[-1] - jobs[0]), (jobs[-1] - jobs[0]) / 1000
        most = measure.noise + measure.most_a_thousand * thousands
        lines.append(f"{measure.name}: {1000 * slope:+.2f} {measure.unit} a thousand jobs, {grown:+.2f} over {jobs[-1] - jobs[0]} jobs after warm-up; "
                     f"at most {most:.2f}")
        if grown > most:
            problems.append(f"growth: {lines[-1]}")
    return problems, lines


def sees_leaks():
    """Whether a leak that is planted is noticed, and none where there is none."""
    def samples(mb, files):
        return [(EVERY_S * k, 50 * k, 40 + mb * 50 * k / 1000 + k % 3, 17 + round(files * 50 * k / 1000) + k % 4) for k in range(200)]
    return not verdict(samples(0.7, 0))[0] and len(verdict(samples(4, 0))[0]) == len(verdict(samples(0.7, 10))[0]) == 1


def table(samples):
    step = max(1, (len(samples) - 1) // (ROWS - 1))
    rows = samples[::step] + ([samples[-1]] if (len(samples) - 1) % step else [])
    head = f"{'seconds':>8} {'jobs':>8}" + "".join(f" {measure.unit:>8}" for measure in MEASURES)
    return "\n".join([head] + [f"{second:8.0f} {jobs:8d} {mb:8.1f} {files:8d}" for second, jobs, mb, files in rows])


# --- the page

WIDTH, PANEL, LEFT, RIGHT, TOP, GAP = 880, 220, 70, 20, 60, 60
STYLE = ("text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#8884;stroke-width:1}.mark{stroke:#c60;stroke-width:1;stroke-dasharray:3 4}"
         ".line{fill:none;stroke:#06c;stroke-width:1.6}.title{font-weight:600}rect{fill:#fff}"
         "@media(prefers-color-scheme:dark){text{fill:#ddd}rect{fill:#181818}.line{stroke:#6af}}")


def round_step(span, count=4):
    """1, 2 or 5 times a power of ten, so that about so many fit."""
    rough = max(span, 1e-9) / count
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 0.1
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough)


def panel(samples, marks, place, measure, top):
    """A chart of a measure over time; its axis begins at zero, so that a growth looks as large as it is."""
    seconds = samples[-1][0] or 1
    step = round_step(max(sample[place] for sample in samples))
    high = step * (int(max(sample[place] for sample in samples) / step) + 1)
    across = (WIDTH - LEFT - RIGHT) / seconds

    def y(value):
        return top + PANEL * (1 - value / high)

    out = [f'<text class="title" x="{LEFT}" y="{top - 10}">{measure.name}, {measure.unit}</text>']
    for k in range(round(high / step) + 1):
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(k * step):.1f}" y2="{y(k * step):.1f}"/>'
                   f'<text x="{LEFT - 8}" y="{y(k * step) + 4:.1f}" text-anchor="end">{k * step:g}</text>')
    for mark in marks:
        out.append(f'<line class="mark" x1="{LEFT + mark * across:.1f}" x2="{LEFT + mark * across:.1f}" y1="{top}" y2="{top + PANEL}"/>')
    every = round_step(seconds, 6)
    for k in range(int(seconds / every) + 1):
        out.append(f'<text x="{LEFT + k * every * across:.1f}" y="{top + PANEL + 18}" text-anchor="middle">{k * every:g} s</text>')
    points = " ".join(f"{LEFT + sample[0] * across:.1f},{y(sample[place]):.1f}" for sample in samples)
    return "\n".join([*out, f'<polyline class="line" points="{points}"/>'])


def plot(samples, marks, lines):
    """An SVG that needs nothing else."""
    height = TOP + len(MEASURES) * (PANEL + GAP) + 20 * len(lines)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"><title>A broker at work</title><style>{STYLE}</style>'
             f'<rect width="{WIDTH}" height="{height}"/>'
             f'<text x="{LEFT}" y="18">A broker that had {samples[-1][1]} jobs; broken lines: work and faults begin anew.</text>']
    parts += [panel(samples, marks, place, measure, TOP + (place - 2) * (PANEL + GAP)) for place, measure in enumerate(MEASURES, 2)]
    parts += [f'<text x="{LEFT}" y="{TOP + len(MEASURES) * (PANEL + GAP) + 20 * k}">{line}</text>' for k, line in enumerate(lines)]
    return "\n".join(parts) + "\n</svg>\n"

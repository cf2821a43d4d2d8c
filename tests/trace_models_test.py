"""The models in data/models are what fitting the real traces gives today, and they are as good as they say.

Each model names the command that made it. It is run again on the trace in $HINTERLAND_DATA; every figure must be the
one that ships, and the quality must stay within bounds that were measured, with some slack. Skips without the traces,
and says so.
"""
import json, math, os, shlex, subprocess, sys, tempfile, tomllib
from pathlib import Path

program, data = sys.argv[1], os.environ.get("HINTERLAND_DATA")
if not data:
    print("skipped: HINTERLAND_DATA is not set, so the real traces are not here")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)

# Two rules hold for every model, whatever was measured: its runs are no further from the last third than those of a
# log-normal baseline and the noise of a sample (0.03 for 10,000 jobs that come in batches), and its gaps are nearer by
# three tenths at least. The bounds below only keep what is from getting worse.
# Largest KS distance of runs and of gaps to the last third, largest difference of the autocorrelations over 1 h and
# 24 h from the last third's, range of the ratio of dispersion and of peak to mean. Measured on 2026-11-24:
#   image requests  0.093 0.089  0.02 0.03  0.71 1.33      gpu pods  0.084 0.136  0.13 0.03  0.57 0.87
#   NASA iPSC       0.057 0.072  0.11 0.15  0.70 0.89      CERIT     0.141 0.281  0.02 0.08  0.19 0.56
BOUNDS = {
    "image-requests-2024": (0.11, 0.11, 0.08, 0.08, (0.5, 1.1), (1.0, 1.7)),
    "gpu-pods-2023": (0.11, 0.17, 0.19, 0.10, (0.4, 0.8), (0.65, 1.1)),
    "nasa-ipsc-1993": (0.075, 0.095, 0.15, 0.20, (0.5, 0.9), (0.7, 1.1)),
    "cerit-2013": (0.17, 0.33, 0.10, 0.15, (0.1, 0.3), (0.4, 0.8)),
}
TOLD = {"name", "source", "licence"}  # by whoever fitted it, not by the trace
failed = 0


def check(good, what):
    global failed
    if not good:
        failed += 1
        print(f"  FAILED: {what}")


def differences(shipped, fitted, where=""):
    """Where two models differ by more than the last digit that is written."""
    if isinstance(shipped, dict) and isinstance(fitted, dict):
        for key in sorted(set(shipped) | set(fitted)):
            if not where and key in TOLD:
                continue
            yield from differences(shipped.get(key), fitted.get(key), f"{where}.{key}")
    elif isinstance(shipped, list) and isinstance(fitted, list) and len(shipped) == len(fitted):
        for i, (one, other) in enumerate(zip(shipped, fitted)):
            yield from differences(one, other, f"{where}[{i}]")
    elif isinstance(shipped, (int, float)) and isinstance(fitted, (int, float)):
        if not math.isclose(shipped, fitted, rel_tol=2e-4, abs_tol=1e-6):
            yield f"{where}: {shipped} ships, {fitted} is fitted"
    elif shipped != fitted:
        yield f"{where}: {shipped!r} ships, {fitted!r} is fitted"


models = sorted(Path("data/models").glob("*.toml"))
check({path.stem for path in models} == set(BOUNDS), f"models {[path.stem for path in models]}, bounds for {list(BOUNDS)}")
for path in models:
    shipped = tomllib.loads(path.read_text(encoding="utf-8"))
    words = shlex.split(shipped["fit"]["command"])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "model.toml"
        run = subprocess.run([program, *words[1:], "--json", "--out", str(out)], cwd=Path(data) / "traces",
                             capture_output=True, text=True, timeout=300, check=False)
        check(run.returncode == 0, f"{shlex.join(words)} ends with {run.returncode}: {run.stderr[:300]}")
        if run.returncode != 0:
            continue
        fitted = tomllib.loads(out.read_text(encoding="utf-8"))
    fit = json.loads(run.stdout)["fit"]
    print(f"{path.stem}: KS of runs and gaps {fit['run_ks'][1]:.3f} {fit['gap_ks'][1]:.3f} (baseline "
          f"{fit['run_ks'][2]:.3f} {fit['gap_ks'][2]:.3f}), dispersion {fit['dispersion'][0]:.1f}, model {fit['dispersion'][2]:.1f}")
    for difference in list(differences(shipped, fitted))[:10]:
        check(False, difference)
    run_ks, gap_ks, lag_1, lag_24, dispersion, peak = BOUNDS[path.stem]

    def ratio(name):
        return fit[name][2] / fit[name][0]

    def off(name):
        return abs(fit[name][2] - fit[name][0])

    check(fit["run_ks"][1] < run_ks, f"KS distance of runs {fit['run_ks'][1]}")
    check(fit["run_ks"][1] < fit["run_ks"][2] + 0.03, "runs are further off than a log-normal baseline")
    check(fit["gap_ks"][1] < gap_ks, f"KS distance of gaps {fit['gap_ks'][1]}")
    check(fit["gap_ks"][1] < 0.7 * fit["gap_ks"][2], "arrivals hardly better than Poisson")
    check(off("lag_1_h") < lag_1, f"autocorrelation over 1 h is off by {off('lag_1_h')}")
    check(off("lag_24_h") < lag_24, f"autocorrelation over 24 h is off by {off('lag_24_h')}")
    check(dispersion[0] < ratio("dispersion") < dispersion[1], f"dispersion x {ratio('dispersion')}")
    check(peak[0] < ratio("peak_to_mean") < peak[1], f"peak to mean x {ratio('peak_to_mean')}")
    # What the model cannot know of the last third it must at least know of what it was fitted to.
    for name in ("run_p10_s", "run_p50_s", "run_p90_s", "jobs_per_day"):
        check(0.85 < fit[name][2] / fit[name][1] < 1.15, f"{name} {fit[name][2]} where the past has {fit[name][1]}")
    check(0.6 < fit["dispersion"][2] / fit["dispersion"][1] < 1.6, "dispersion is not that of the past")

print(f"{len(models)} models, {failed} problems")
sys.exit(1 if failed else 0)

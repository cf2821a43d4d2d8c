"""One run of BoARIO, on a random table of the size that is asked for: REGIONS SECTORS DAYS. Prints the seconds of its loop, without
making its model.

Its table is random, for it has no table of provinces either; what it does a day depends on the size alone.
"""

import contextlib
import io
import json
import logging
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pymrio
from boario.event import from_series
from boario.extended_models import ARIOPsiModel
from boario.simulation import Simulation


def random_table(regions, sectors):
    """In balance: half of each output goes to industries at most, the rest to the regions' final users."""
    draw = np.random.default_rng(1)
    places = pd.MultiIndex.from_product([[f"r{i:02d}" for i in range(regions)], [f"s{i:02d}" for i in range(sectors)]], names=["region", "sector"])
    output = draw.uniform(1e3, 1e5, len(places))
    flows = draw.uniform(0, 1, (len(places), len(places)))
    flows *= 0.5 / flows.sum(0) * output
    while ((output - flows.sum(1)) < 0.1 * output).any():
        flows *= 0.9
    users = pd.MultiIndex.from_product([[f"r{i:02d}" for i in range(regions)], ["final"]], names=["region", "category"])
    final = np.outer(output - flows.sum(1), draw.dirichlet(np.full(regions, 5.0)))
    table = pymrio.IOSystem(Z=pd.DataFrame(flows, places, places), Y=pd.DataFrame(final, places, users))
    table.calc_all()
    return table


def main():
    regions, sectors, days = map(int, sys.argv[1:4])
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    model = ARIOPsiModel(random_table(regions, sectors), psi_param=0.9, alpha_max=1.25, alpha_tau=365, main_inv_dur=30)
    run = Simulation(model, n_temporal_units_to_sim=days)
    lost = pd.Series(0.3, index=pd.MultiIndex.from_product([["r00"], ["s00", "s01"]], names=["region", "sector"]))
    run.add_event(from_series(lost, event_type="arbitrary", occurrence=10, duration=min(120, days - 15), recovery_tau=90, recovery_function="linear"))
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run.loop()
    print(json.dumps({"seconds": time.perf_counter() - began}))


main()

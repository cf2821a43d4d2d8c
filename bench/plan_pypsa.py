"""A generated study of plan_bench by PyPSA and HiGHS; tools/bench_plan.py runs it. Prints one JSON object.

    plan_pypsa.py FILE direct|hubs      FILE: what `plan_bench write` wrote

A site is a bus with a generator that can be built; a prompt demand is a bus with a load that links reach from the sites
that may serve it. Work that waits is the load of a bus too, in one of two forms:

    direct      links reach it from all sites, and a store, which may owe, moves it about its day
    hubs        each site stores what it has done for others, and hands it out in the last hour of the day

Both have the optimum of the study. Wall seconds from the network to the optimum; reading is not in them.
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path

import numpy
import pandas
import pypsa

ROOMY = 1e7  # kW and kWh that nothing of a study comes near


def network_of(study, form):
    hours = study["hours"]
    days = numpy.array(study["kwh_of_days"])
    last = numpy.arange(hours) % 24 == 23  # hour of a day, by which its work is done
    net = pypsa.Network()
    net.set_snapshots(pandas.RangeIndex(hours))

    def table(values, names):
        return pandas.DataFrame(values, columns=names)

    def buses(names):
        net.add("Bus", names)
        return names

    def demand(names, kw):
        net.add("Load", names, suffix=" load", bus=names, p_set=table(kw, names))
        net.add("Generator", names, suffix=" unserved", bus=names, p_nom=ROOMY, marginal_cost=study["unserved"])

    def links(arcs, **more):
        """arcs: (from, to, price of a kWh)"""
        starts, ends, prices = zip(*arcs)
        names = [f"{start} to {end}" for start, end in zip(starts, ends)]
        for key, column in more.items():
            more[key] = table(numpy.repeat(column[:, None], len(names), 1), names)
        net.add("Link", names, bus0=starts, bus1=ends, p_nom=ROOMY, marginal_cost=prices, **more)

    def stores(names, least):
        """Empty at the end of each day."""
        free = numpy.repeat(numpy.where(last, 0.0, 1.0)[:, None], len(names), 1)
        net.add("Store", names, suffix=" store", bus=names, e_nom=ROOMY, e_initial=0,
                e_min_pu=table(least * free, names), e_max_pu=table(free, names))

    sites = buses([f"site {s}" for s in range(study["sites"])])
    energy = numpy.array(study["energy"]).reshape(hours, -1)
    net.add("Generator", sites, bus=sites, p_nom_extendable=True, capital_cost=study["building"], marginal_cost=table(energy, sites))

    prompt = buses([f"prompt {i}" for i in range(len(study["prompt"]))])
    demand(prompt, numpy.array(study["prompt_kw"]).reshape(hours, -1))
    links([(sites[s], name, price) for name, of in zip(prompt, study["prompt"]) for s, price in zip(of["sites"], of["network"])])

    waiting = buses([f"waiting {j}" for j in range(len(study["deferrable"]))])
    if form == "direct":
        demand(waiting, numpy.repeat(days / 24, 24, axis=0))
        stores(waiting, -1.0)
        suppliers, more = sites, {}
    else:
        demand(waiting, numpy.repeat(days, 24, axis=0) * last[:, None])
        suppliers, more = buses([f"hub {s}" for s in range(study["sites"])]), {"p_max_pu": last.astype(float)}
        links([(site, hub, 0.0) for site, hub in zip(sites, suppliers)])
        stores(suppliers, 0.0)
    links([(supplier, name, price) for name, of in zip(waiting, study["deferrable"]) for supplier, price in zip(suppliers, of["network"])], **more)
    return net


def main():
    file, form = sys.argv[1:]
    logging.disable(logging.WARNING)
    study = json.loads(Path(file).read_text(encoding="utf-8"))
    began = time.perf_counter()
    net = network_of(study, form)
    # Straight from memory to HiGHS; on one thread, as the others run it.
    status = net.optimize(solver_name="highs", io_api="direct", threads=1, output_flag=False)
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "plan": float(net.objective), "status": str(status[1]),
                      "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}))


if __name__ == "__main__":
    main()

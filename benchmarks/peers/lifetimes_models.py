"""The side of lifetimes 0.11.3: python lifetimes_models.py TASK FILE CUSTOMERS MODEL SPEND

FILE holds the columns one after the other (see benchmarks/lifetimes/customers.go). Prints a JSON object;
"seconds" leave out reading the file and importing. Fits use lifetimes' weights on collapsed patterns, times
in weeks, its own defaults otherwise.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter


def columns(path, n, spend):
    with open(path, "rb") as f:
        x, tx, t = (np.fromfile(f, "<i4", n) for _ in range(3))
        return x, tx, t, np.fromfile(f, "<f8", n) if spend else None


def fit(fitter, names, path, n):
    x, tx, t, _ = columns(path, n, False)
    start = time.perf_counter()
    p = pd.DataFrame({"x": x, "tx": tx, "t": t}).groupby(["x", "tx", "t"]).size().reset_index(name="n")
    collapsed = time.perf_counter()
    fitter.fit(p["x"], p["tx"] / 7, p["t"] / 7, weights=p["n"])
    end = time.perf_counter()
    return {
        "theta": [float(fitter.params_[k]) for k in names],
        "patterns": len(p),
        "seconds": {"collapse": collapsed - start, "fit": end - collapsed},
    }


def values(path, n, model, spend):
    """Lifetime values as its documentation computes them, customer by customer."""
    x, tx, t, m = columns(path, n, True)
    bg, gg = BetaGeoFitter(), GammaGammaFitter()
    bg.params_ = pd.Series(dict(zip(["r", "alpha", "a", "b"], model)))
    bg.predict = bg.conditional_expected_number_of_purchases_up_to_time
    gg.params_ = pd.Series(dict(zip(["p", "q", "v"], spend)))
    start = time.perf_counter()
    v = gg.customer_lifetime_value(
        bg, pd.Series(x), pd.Series(tx / 7), pd.Series(t / 7), pd.Series(m), time=12, discount_rate=0.01, freq="W"
    )
    end = time.perf_counter()
    patterns = len(pd.DataFrame({"x": x, "tx": tx, "t": t}).drop_duplicates())
    return {"patterns": patterns, "sum": float(v.sum()), "first": v.head(1000).tolist(), "seconds": {"value": end - start}}


def main():
    task, path, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
    model, spend = ([float(v) for v in a.split(",")] for a in sys.argv[4:6])
    if task == "bg":
        r = fit(BetaGeoFitter(), ["r", "alpha", "a", "b"], path, n)
    elif task == "pareto":
        r = fit(ParetoNBDFitter(), ["r", "alpha", "s", "beta"], path, n)
    else:
        r = values(path, n, model, spend)
    json.dump(r, sys.stdout)


if __name__ == "__main__":
    main()

"""concept.py FOLDER: scikit-learn as a server of one benchmark, one JSON line in and one out; FOLDER is not read.

  {"do": "load", "threads": 2} -> {"scikit-learn", "numpy", "threads"}
  {"do": "open", "layers": [file, ...], "labels": [0, 1, ...], "width": 576} -> {"layers"}
  {"do": "fit", "double": true} -> {"seconds", "objectives": [...], "iterations": [...]}

Every layer is a file of F32 rows. A fit standardises the rows and runs LogisticRegression(C=1), its solver lbfgs with
its own tolerance and its own 100 iterations. seconds is that alone, without reading files and computing the objective.
"""

import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_info, threadpool_limits

from serving import serve


class Server:
    """Holds the layers between requests."""

    def __init__(self):
        self.layers, self.labels = [], None

    def load(self, threads: int = 2) -> dict:
        self.limits = threadpool_limits(threads)
        return {"scikit-learn": sklearn.__version__, "numpy": np.__version__,
                "threads": max(pool["num_threads"] for pool in threadpool_info())}

    def open(self, layers: list, labels: list, width: int) -> dict:
        self.layers = [np.fromfile(Path(file), dtype=np.float32).reshape(-1, width) for file in layers]
        self.labels = np.array(labels)
        return {"layers": len(self.layers)}

    def fit(self, double: bool) -> dict:
        taken, objectives, iterations = 0.0, [], []
        for layer in self.layers:
            rows = layer.astype(np.float64) if double else layer.copy()
            began = time.perf_counter()
            seen = StandardScaler(copy=False).fit_transform(rows)
            model = LogisticRegression(C=1).fit(seen, self.labels)
            taken += time.perf_counter() - began
            objectives.append(self.objective(model, layer))
            iterations.append(int(model.n_iter_[0]))
        return {"seconds": taken, "objectives": objectives, "iterations": iterations}

    def objective(self, model: LogisticRegression, layer: np.ndarray) -> float:
        seen = StandardScaler().fit_transform(layer.astype(np.float64))
        weights = model.coef_[0].astype(np.float64)
        scores = seen @ weights + float(model.intercept_[0])
        return float(0.5 * weights @ weights + np.logaddexp(0, np.where(self.labels == 1, -scores, scores)).sum())


def main() -> None:
    warnings.simplefilter("ignore", ConvergenceWarning)  # the iterations are told instead
    server = Server()
    serve({"load": server.load, "open": server.open, "fit": server.fit})


if __name__ == "__main__":
    main()

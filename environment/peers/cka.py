"""cka.py: linear CKA between layers in torch as a server of one benchmark, one JSON line in and one out.

  {"do": "prepare", "threads": 2, "layers": 31, "rows": 4096, "width": 576} -> {"threads", "torch"}
  {"do": "exact"} -> {"biased": [[...]], "debiased": [[...]]}
  {"do": "cka"} -> {"seconds", "extra_bytes", "matrix": [[...]]}

Inputs are not sent: both sides compute them, see `noise`. "exact" computes in F64. "cka" is the biased CKA of every two
layers in F32, as one writes it: columns centred once, one product of columns for each pair, its Frobenius norm. Its
extra bytes are the most that the process grew while it ran, where Linux tells.
"""

import ctypes
import time
from pathlib import Path

import torch

from operations import noise

from serving import serve

MASSIVE = 3


class Server:
    def __init__(self):
        self.layers = []

    def prepare(self, threads: int, layers: int, rows: int, width: int) -> dict:
        torch.set_num_threads(threads)
        stream = noise(0, rows, width) + MASSIVE
        self.layers = [stream]
        for layer in range(1, layers):
            stream = stream + noise(layer, rows, width)
            self.layers.append(stream)
        return {"threads": torch.get_num_threads(), "torch": torch.__version__}

    def exact(self) -> dict:
        count, rows = len(self.layers), self.layers[0].shape[0]
        centred = [layer.double() - layer.double().mean(0) for layer in self.layers]
        lengths = torch.stack([(layer * layer).sum(1) for layer in centred])
        traces = lengths.sum(1)
        full = torch.zeros(count, count, dtype=torch.float64)
        for a in range(count):
            for b in range(a, count):
                full[a, b] = full[b, a] = (centred[a].T @ centred[b]).square().sum()
        diagonal = lengths @ lengths.T
        outer = traces[:, None] * traces[None, :] / ((rows - 1) * (rows - 2))
        unbiased = full - diagonal + outer - 2 / (rows - 2) * diagonal
        return {"biased": ratio(full).tolist(), "debiased": ratio(unbiased).tolist()}

    def cka(self) -> dict:
        ctypes.CDLL(None).malloc_trim(0)  # memory that is free already must not hide what is taken
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        began = time.perf_counter()
        count = len(self.layers)
        with torch.inference_mode():
            centred = [layer - layer.mean(0) for layer in self.layers]
            norms = torch.zeros(count, count)
            for a in range(count):
                for b in range(a, count):
                    norms[a, b] = norms[b, a] = torch.linalg.matrix_norm(centred[a].T @ centred[b])
            own = norms.diagonal()
            matrix = norms.square() / (own[:, None] * own[None, :])
        seconds = time.perf_counter() - began
        return {"seconds": seconds, "extra_bytes": memory("VmHWM") - before, "matrix": matrix.tolist()}


def ratio(criteria: torch.Tensor) -> torch.Tensor:
    own = criteria.diagonal().sqrt()
    return criteria / (own[:, None] * own[None, :])


def memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return 1024 * int(line.split()[1])
    raise OSError(f"no {name} in /proc/self/status")


def main() -> None:
    server = Server()
    serve({"prepare": server.prepare, "exact": server.exact, "cka": server.cka})


if __name__ == "__main__":
    main()

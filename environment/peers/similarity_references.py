"""similarity_references.py: what the tests of kernel alignment, canonical correlations and Procrustes expect.

Prints one JSON object: for each case its shape, the seed of its numbers, and the measures in float64 by numpy, each by
another way than the library's: alignment by explicit Gram matrices, centred by a matrix H, or not centred and with
zeroed diagonals; canonical correlations by QR; the singular values of Procrustes by numpy's own decomposition of the
padded matrices.

The numbers are those of java.util.Random(seed): first the rows of X by nextDouble() - 0.5, then noise; Y is X's first
columns (repeated where it is wider) plus half the noise, then 10 is added to every number of Y.
"""

import json

import numpy as np

CASES = {"tall": (1, 200, 12, 9), "wide": (2, 30, 50, 40), "square": (3, 40, 40, 20), "narrow": (4, 500, 3, 6)}
LEAST_ROWS_PER_COMPONENT = 2


class JavaRandom:
    """The linear congruential generator of java.util.Random."""

    def __init__(self, seed: int):
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)

    def bits(self, count: int) -> int:
        self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        return self.state >> (48 - count)

    def double(self) -> float:
        return ((self.bits(26) << 27) + self.bits(27)) * 2.0 ** -53

    def matrix(self, rows: int, width: int) -> np.ndarray:
        return np.array([[self.double() - 0.5 for _ in range(width)] for _ in range(rows)])


def inputs(seed: int, rows: int, width: int, other: int) -> tuple:
    random = JavaRandom(seed)
    x = random.matrix(rows, width)
    noise = random.matrix(rows, other)
    return x, x[:, np.arange(other) % width] + 0.5 * noise + 10


def biased(x: np.ndarray, y: np.ndarray) -> float:
    rows = len(x)
    h = np.eye(rows) - np.full((rows, rows), 1 / rows)
    k, l = h @ x @ x.T @ h, h @ y @ y.T @ h
    return float(np.sum(k * l) / np.sqrt(np.sum(k * k) * np.sum(l * l)))


def hsic1(k: np.ndarray, l: np.ndarray) -> float:
    n = len(k)
    k, l = k.copy(), l.copy()
    np.fill_diagonal(k, 0)
    np.fill_diagonal(l, 0)
    ones = np.ones(n)
    outer = (ones @ k @ ones) * (ones @ l @ ones) / ((n - 1) * (n - 2))
    return (np.trace(k @ l) + outer - 2 * (ones @ k @ l @ ones) / (n - 2)) / (n * (n - 3))


def debiased(x: np.ndarray, y: np.ndarray) -> float:
    """In extended precision: far from 0 the terms of HSIC1 cancel to a millionth, where nothing is centred."""
    x, y = x.astype(np.longdouble), y.astype(np.longdouble)
    k, l = x @ x.T, y @ y.T
    return float(hsic1(k, l) / np.sqrt(hsic1(k, k) * hsic1(l, l)))


def correlations(x: np.ndarray, y: np.ndarray) -> list:
    if len(x) < LEAST_ROWS_PER_COMPONENT * max(x.shape[1], y.shape[1]):
        return []
    qx, _ = np.linalg.qr(x - x.mean(0))
    qy, _ = np.linalg.qr(y - y.mean(0))
    return np.linalg.svd(qx.T @ qy, compute_uv=False).tolist()


def procrustes(x: np.ndarray, y: np.ndarray) -> float:
    width = max(x.shape[1], y.shape[1])
    shapes = [np.pad(m - m.mean(0), ((0, 0), (0, width - m.shape[1]))) for m in (x, y)]
    x, y = (shape / np.linalg.norm(shape) for shape in shapes)
    left, _, right = np.linalg.svd(x.T @ y)
    return float(np.sum((x @ left @ right) * y))


def case(seed: int, rows: int, width: int, other: int) -> dict:
    x, y = inputs(seed, rows, width, other)
    return {"seed": seed, "rows": rows, "width": width, "other": other, "biased": biased(x, y),
            "debiased": debiased(x, y), "correlations": correlations(x, y), "procrustes": procrustes(x, y)}


def main() -> None:
    print(json.dumps({name: case(*shape) for name, shape in CASES.items()}, indent=1))


if __name__ == "__main__":
    main()

"""probe_references.py FILE: weights of scikit-learn's LogisticRegression and its kin, in float64, on seeded numbers.

The numbers are those of java.util.SplittableRandom, so that the tests make the same and the file holds results only.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

MASK = (1 << 64) - 1
# name: seed, samples, features, classes, C, standardise, scale of feature 0, samples of the training part
CASES = {
    "tall": (11, 300, 6, 2, 1.0, False, 1.0, 200),
    "standardised": (12, 300, 8, 2, 1.0, True, 100.0, 200),
    "wide": (13, 60, 64, 2, 1.0, True, 50.0, 40),
    "raw and wide": (14, 60, 64, 2, 0.1, False, 1.0, 40),
    "softmax": (15, 400, 10, 4, 1.0, True, 10.0, 300),
    "wide softmax": (16, 80, 96, 3, 2.0, True, 10.0, 50),
    "weak penalty": (17, 300, 5, 2, 100.0, True, 1.0, 200),
}


class SplittableRandom:
    def __init__(self, seed: int) -> None:
        self.state = seed & MASK

    def uniform(self) -> float:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53

    def normal(self) -> float:
        first, second = self.uniform(), self.uniform()
        return math.sqrt(-2 * math.log(1 - first)) * math.cos(2 * math.pi * second)


def samples(seed: int, count: int, width: int, classes: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    random = SplittableRandom(seed)
    labels = np.array([int(random.uniform() * classes) for _ in range(count)])
    shifts = np.array([[random.normal() for _ in range(width)] for _ in range(classes)])
    noise = np.array([[random.normal() for _ in range(width)] for _ in range(count)])
    rows = noise + 0.5 * shifts[labels]
    rows[:, 0] = rows[:, 0] * scale + 3 * scale
    return rows.astype(np.float32).astype(np.float64), labels


def reference(seed, count, width, classes, strength, standardise, scale, training) -> dict:
    rows, labels = samples(seed, count, width, classes, scale)
    train, test = rows[:training], rows[training:]
    scaler = StandardScaler().fit(train) if standardise else None
    seen, unseen = (scaler.transform(train), scaler.transform(test)) if standardise else (train, test)
    model = LogisticRegression(C=strength, solver="newton-cholesky", tol=1e-14, max_iter=200)
    model.fit(seen, labels[:training])
    weights = model.coef_ / scaler.scale_ if standardise else model.coef_
    biases = model.intercept_ - (weights @ scaler.mean_ if standardise else 0)
    actual, predicted, chances = labels[training:], model.predict(unseen), model.predict_proba(unseen)
    binary = classes == 2
    within = train - np.stack([train[labels[:training] == each].mean(0) for each in range(classes)])[labels[:training]]
    return {
        "seed": seed, "samples": count, "features": width, "classes": classes, "strength": strength,
        "standardise": standardise, "scale": scale, "training": training, "first": rows[0].tolist(),
        "weights": weights.tolist(), "biases": biases.tolist(),
        "objective": objective(model, seen, labels[:training], strength),
        "accuracy": float((predicted == actual).mean()),
        "f1": float(f1_score(actual, predicted, average="binary" if binary else "macro")),
        "auc": float(roc_auc_score(actual, model.decision_function(unseen))) if binary else float(np.mean(
            [roc_auc_score(actual == each, model.decision_function(unseen)[:, each]) for each in range(classes)])),
        "log_loss": float(log_loss(actual, chances)),
        "ledoit_wolf": float(ledoit_wolf_shrinkage(within, assume_centered=True)),
    }


def objective(model: LogisticRegression, rows: np.ndarray, labels: np.ndarray, strength: float) -> float:
    chances = model.predict_log_proba(rows)[np.arange(len(labels)), labels]
    return float(0.5 * (model.coef_**2).sum() - strength * chances.sum())


def main(file: Path) -> None:
    about = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    cases = {name: reference(*case) for name, case in CASES.items()}
    file.write_text(json.dumps(about | {"cases": cases}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

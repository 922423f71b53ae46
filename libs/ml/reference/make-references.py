"""Computes with scikit-learn what the specs compare against, and writes *.reference.json beside this file.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-learn==1.9.1 && /tmp/venv/bin/python make-references.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.preprocessing import OneHotEncoder, StandardScaler

here = Path(__file__).parent
rng = np.random.default_rng(20261123)


def write(name, value):
    def plain(x):
        if isinstance(x, dict):
            return {k: plain(v) for k, v in x.items()}
        if isinstance(x, (list, tuple)):
            return [plain(v) for v in x]
        if isinstance(x, np.ndarray):
            return plain(x.tolist())
        if isinstance(x, np.generic):
            return plain(x.item())
        if isinstance(x, float) and not np.isfinite(x):
            return "Infinity" if x > 0 else None
        return x

    text = json.dumps({"scikit-learn": sklearn.__version__, **plain(value)})
    (here / f"{name}.reference.json").write_text(text + "\n")


def logistic(X, y, l2):
    model = LogisticRegression(C=1 / l2, tol=1e-14, max_iter=100_000, solver="newton-cholesky").fit(X, y)
    # The reference is the optimum, not one solver's stopping point: its gradient vanishes.
    probabilities = model.predict_proba(X)
    residuals = probabilities - np.eye(probabilities.shape[1])[y]
    gradient = residuals[:, -len(model.intercept_) :].T @ X + l2 * model.coef_
    assert np.abs(gradient).max() < 1e-7, np.abs(gradient).max()
    return {
        "l2": l2,
        "coefficients": model.coef_.T,
        "intercepts": model.intercept_,
        "probabilities": probabilities[:5],
    }


# Two numbers (one of them far from zero and wide) and one category of four, as float32.
n = 160
numbers = np.column_stack([rng.normal(size=n), 500 + 300 * rng.normal(size=n)]).astype(np.float32)
category = rng.integers(0, 4, size=n)
X = np.column_stack([numbers, np.eye(4)[category]]).astype(np.float64)
signal = numbers[:, 0] + (numbers[:, 1] - 500) / 300 - (category == 2)
binary = (signal + rng.logistic(size=n) > 0).astype(int)
triple = np.digitize(signal + rng.logistic(size=n), [-1, 1])
target = 3 + 2 * signal + rng.normal(size=n)


def linear(l2):
    model = (Ridge(alpha=l2, solver="svd") if l2 > 0 else LinearRegression()).fit(X, target)
    return {
        "l2": l2,
        "coefficients": model.coef_,
        "intercept": model.intercept_,
        "predictions": model.predict(X),
    }


write(
    "estimators",
    {
        "numbers": numbers.astype(np.float64),
        "category": category,
        "binary": {"y": binary, "fits": [logistic(X, binary, l2) for l2 in (1.0, 0.1, 10.0)]},
        "multinomial": {"y": triple, "fits": [logistic(X, triple, l2) for l2 in (1.0, 0.1)]},
        "linear": {"y": target, "fits": [linear(l2) for l2 in (0.0, 1.0, 25.0)]},
    },
)

# Scores with ties; one class rarer than the other.
truth = (rng.random(200) < 0.3).astype(int)
scores = np.round(np.clip(0.3 + 0.25 * truth + 0.2 * rng.normal(size=200), 0.01, 0.99), 2)
three = rng.integers(0, 3, size=90)
three_p = rng.dirichlet([1, 1, 1], size=90) + 0.5 * np.eye(3)[three]
three_p /= three_p.sum(axis=1, keepdims=True)
actual = rng.normal(10, 3, size=50)
predicted = actual + rng.normal(size=50)
fpr, tpr, roc_thresholds = metrics.roc_curve(truth, scores, drop_intermediate=False)
precision, recall, pr_thresholds = metrics.precision_recall_curve(truth, scores)
observed, mean_predicted = calibration_curve(truth, scores, n_bins=10)
write(
    "metrics",
    {
        "binary": {
            "truth": truth,
            "scores": scores,
            "auc": metrics.roc_auc_score(truth, scores),
            "averagePrecision": metrics.average_precision_score(truth, scores),
            "logLoss": metrics.log_loss(truth, scores),
            "accuracy": metrics.accuracy_score(truth, scores > 0.5),
            "confusion": metrics.confusion_matrix(truth, scores > 0.5),
            "roc": {"falsePositiveRate": fpr, "truePositiveRate": tpr, "thresholds": roc_thresholds},
            "pr": {"precision": precision, "recall": recall, "thresholds": pr_thresholds},
            "calibration": {"observed": observed, "predicted": mean_predicted},
        },
        "multiclass": {
            "truth": three,
            "probabilities": three_p,
            "macroAuc": metrics.roc_auc_score(three, three_p, multi_class="ovr", average="macro"),
            "logLoss": metrics.log_loss(three, three_p),
            "accuracy": metrics.accuracy_score(three, three_p.argmax(axis=1)),
            "confusion": metrics.confusion_matrix(three, three_p.argmax(axis=1)),
        },
        "regression": {
            "truth": actual,
            "predicted": predicted,
            "rmse": metrics.root_mean_squared_error(actual, predicted),
            "mae": metrics.mean_absolute_error(actual, predicted),
            "r2": metrics.r2_score(actual, predicted),
        },
        "certain": {"truth": [0, 1, 1], "probabilities": [0.0, 1.0, 0.0], "logLoss": metrics.log_loss([0, 1, 1], [0.0, 1.0, 0.0])},
    },
)

raw = np.round(rng.normal(100, 20, size=30), 1).astype(np.float32).astype(np.float64)
raw[[3, 11, 12]] = np.nan
words = np.array(["ant", "bee", "cat", "bee", None, "dog"] * 5, dtype=object)
unseen = np.array(["bee", "emu", None, "ant"], dtype=object)


def scaled(strategy):
    filled = SimpleImputer(strategy=strategy).fit_transform(raw.reshape(-1, 1))
    return StandardScaler().fit_transform(filled).ravel()


present = words[words != None].reshape(-1, 1)  # noqa: E711
encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(present)
write(
    "preprocessing",
    {
        "raw": raw,
        "mean": scaled("mean"),
        "median": scaled("median"),
        "mostFrequent": scaled("most_frequent"),
        "words": words,
        "unseen": unseen,
        "categories": encoder.categories_[0],
        "oneHot": encoder.transform(unseen.reshape(-1, 1)),
    },
)

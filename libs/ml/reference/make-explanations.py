"""Computes with LightGBM and SHAP what the specs of explanations compare against: explanations.reference.json, in which
the trees stand as ONNX's TreeEnsemble attributes.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install lightgbm==4.6.0 shap numpy scikit-learn && /tmp/venv/bin/python make-explanations.py
"""

import json
from pathlib import Path

import lightgbm as lgb
import numpy as np
import shap
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(20261124)
n, features = 400, 5


def as_float32(threshold):
    """The largest float32 that is no larger: x <= t says the same for every float32 x."""
    near = np.float32(threshold)
    return float(np.nextafter(near, np.float32(-np.inf)) if near > threshold else near)


def attributes(booster, classes):
    """TreeEnsemble attributes; how many training rows reached each node are the hitrates."""
    out = {
        f"nodes_{name}": []
        for name in (
            "treeids nodeids featureids values modes truenodeids falsenodeids missing_value_tracks_true hitrates".split()
        )
    }
    leaves = {"treeids": [], "nodeids": [], "ids": [], "weights": []}
    for index, info in enumerate(booster.dump_model()["tree_info"]):
        count = 0

        def add(node):
            nonlocal count
            me = count
            count += 1
            at = len(out["nodes_treeids"])
            split = "split_feature" in node
            assert not split or (node["decision_type"] == "<=" and node["missing_type"] == "NaN")
            row = {
                "treeids": index,
                "nodeids": me,
                "featureids": node["split_feature"] if split else 0,
                "values": as_float32(node["threshold"]) if split else 0.0,
                "modes": "BRANCH_LEQ" if split else "LEAF",
                "truenodeids": 0,
                "falsenodeids": 0,
                "missing_value_tracks_true": int(split and node["default_left"]),
                "hitrates": float(node["internal_count"] if split else node["leaf_count"]),
            }
            for name, value in row.items():
                out[f"nodes_{name}"].append(value)
            if split:
                out["nodes_truenodeids"][at] = add(node["left_child"])
                out["nodes_falsenodeids"][at] = add(node["right_child"])
            else:
                leaves["treeids"].append(index)
                leaves["nodeids"].append(me)
                leaves["ids"].append(index % classes)
                leaves["weights"].append(node["leaf_value"])
            return me

        add(info["tree_structure"])
    return out, leaves


def data():
    X = rng.normal(size=(n, features)).astype(np.float32)
    signal = X[:, 0] * 2 + X[:, 1] * X[:, 2] + (X[:, 3] > 0.3) + 0.2 * rng.normal(size=n)
    X[rng.random((n, features)) < 0.1] = np.nan
    return X, signal


def plain(X):
    return [[None if np.isnan(x) else float(x) for x in row] for row in X]


def trees(objective, classes):
    X, signal = data()
    y = signal if objective == "regression" else np.digitize(signal, np.quantile(signal, np.arange(1, max(2, classes)) / max(2, classes)))
    params = {"objective": objective, "num_leaves": 13, "min_data_in_leaf": 5, "verbose": -1, "seed": 1}
    if classes > 1:
        params["num_class"] = classes
    booster = lgb.train(params, lgb.Dataset(X, y), 12)
    rows = X[:8].copy()
    rows[0] = np.nan
    contributions = booster.predict(rows, pred_contrib=True).reshape(len(rows), classes, features + 1)
    explained = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    values = np.asarray(explained.shap_values(rows)).reshape(len(rows), features, -1)[:, :, -classes:]
    assert np.abs(values.transpose(0, 2, 1) - contributions[:, :, :-1]).max() < 1e-6
    raw = booster.predict(rows, raw_score=True).reshape(len(rows), classes)
    assert np.abs(contributions.sum(axis=2) - raw).max() < 1e-9
    nodes, leaves = attributes(booster, classes)
    return {"nodes": nodes, "leaves": leaves, "rows": plain(rows), "contributions": contributions.tolist(), "raw": raw.tolist()}


def linear():
    X = rng.normal(size=(n, features))
    y = np.digitize(X @ rng.normal(size=features), [-1, 1])
    model = LogisticRegression().fit(X, y)
    rows = X[:8].astype(np.float32).astype(float)
    values, base = [], []
    for k in range(3):
        explainer = shap.LinearExplainer((model.coef_[k], model.intercept_[k]), shap.maskers.Independent(X, max_samples=n))
        values.append(explainer.shap_values(rows))
        base.append(float(explainer.expected_value))
    return {
        "coefficients": model.coef_.T.tolist(),
        "intercepts": model.intercept_.tolist(),
        "means": X.mean(axis=0).tolist(),
        "rows": rows.tolist(),
        "contributions": np.stack(values, axis=1).tolist(),
        "base": base,
    }


reference = {
    "lightgbm": lgb.__version__,
    "shap": shap.__version__,
    "regression": trees("regression", 1),
    "binary": trees("binary", 1),
    "multiclass": trees("multiclass", 3),
    "linear": linear(),
}
(Path(__file__).parent / "explanations.reference.json").write_text(json.dumps(reference) + "\n")

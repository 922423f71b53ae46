"""What both scripts here share: a list of checks, each run and told in one line of JSON."""

import asyncio
import inspect
import json
import sys
import traceback

import numpy as np

checks = []


def check(function):
    checks.append(function)
    return function


def run(*arguments):
    """Runs every check, in order. The last line says that none was left out."""

    async def all_of_them():
        for function in checks:
            line = {"check": function.__name__, "ok": True}
            try:
                result = function(*arguments)
                if inspect.isawaitable(result):
                    await result
            except BaseException:
                line = {"check": function.__name__, "ok": False, "error": traceback.format_exc(limit=-3)}
            print(json.dumps(line), flush=True)
        print(json.dumps({"done": len(checks)}), flush=True)

    return all_of_them()


def url():
    """Of the server, as these clients want it: without the scheme."""
    return sys.argv[1].removeprefix("http://")


# Smallest, largest, and what is easily lost on the way.
golden = {
    "BOOL": np.array([True, False, True], dtype=bool),
    "UINT8": np.array([0, 1, 255], dtype=np.uint8),
    "UINT16": np.array([0, 1, 65535], dtype=np.uint16),
    "UINT32": np.array([0, 1, 4294967295], dtype=np.uint32),
    "UINT64": np.array([0, 2**53 + 1, 2**64 - 1], dtype=np.uint64),
    "INT8": np.array([-128, -1, 127], dtype=np.int8),
    "INT16": np.array([-32768, -1, 32767], dtype=np.int16),
    "INT32": np.array([-(2**31), -1, 2**31 - 1], dtype=np.int32),
    "INT64": np.array([-(2**63), 2**53 + 1, 2**63 - 1], dtype=np.int64),
    "FP16": np.array([-0.0, 65504, 6e-8, np.inf, np.nan], dtype=np.float16),
    "FP32": np.array([-0.0, 3.4028235e38, 1e-45, 0.1, -np.inf, np.nan], dtype=np.float32),
    "FP64": np.array([-0.0, 1.7976931348623157e308, 5e-324, 0.1, -np.inf, np.nan], dtype=np.float64),
    "BYTES": np.array(["", "a", "\u00e4\u20ac\U0001f600", "x" * 5000], dtype=object),
}


def in_json(array):
    """What JSON has words for."""
    if array.dtype.kind == "f":
        return array[np.isfinite(array)]
    return array


def texts(array):
    return [one.decode("utf-8") if isinstance(one, bytes) else one for one in array.reshape(-1)]


def same(sent, got):
    if sent.dtype == object:
        assert texts(sent) == texts(got), (sent, got)
    else:
        assert sent.dtype == got.dtype, (sent.dtype, got.dtype)
        assert sent.tobytes() == got.tobytes(), (sent, got)


def column(array):
    return array.reshape(-1, 1)


a = np.arange(16, dtype=np.int32).reshape(1, 16)
b = np.full((1, 16), 3, dtype=np.int32)


def is_simple(result):
    same(a + b, result.as_numpy("OUTPUT0"))
    same(a - b, result.as_numpy("OUTPUT1"))

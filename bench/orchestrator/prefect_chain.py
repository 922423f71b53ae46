"""The chain of 40 steps on Prefect, in one process with a temporary server."""
import json
import time

import prefect
from prefect import flow, task


@task
def step(value: int) -> int:
    return value + 1


@flow
def chain() -> int:
    value = 0
    for _ in range(40):
        value = step(value)
    return value


times = []
for i in range(4):
    began = time.perf_counter()
    assert chain() == 40
    # The first is to warm up.
    if i > 0:
        times.append((time.perf_counter() - began) * 1000)
print(json.dumps({"version": prefect.__version__, "ms": times}))

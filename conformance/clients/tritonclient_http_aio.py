"""tritonclient.http.aio, unchanged, against the server whose URL is the argument."""

import asyncio

import tritonclient.http.aio as triton
from tritonclient.utils import InferenceServerException

from checks import a, b, check, column, golden, is_simple, run, same, url
import numpy as np

SIMPLE = "conformance-simple"


def tensor(name, array, datatype, binary=True):
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def simple_inputs(binary=True):
    return [tensor("INPUT0", a, "INT32", binary), tensor("INPUT1", b, "INT32", binary)]


async def refused(status, call):
    try:
        await call
    except InferenceServerException as error:
        assert error.status() == status, (error.status(), error.message())
        return
    raise AssertionError("was not refused")


@check
async def health(client):
    assert await client.is_server_live()
    assert await client.is_server_ready()
    assert await client.is_model_ready(SIMPLE)
    assert not await client.is_model_ready("nobody")


@check
async def descriptions(client):
    assert (await client.get_server_metadata())["name"]
    assert (await client.get_model_metadata(SIMPLE))["versions"] == ["1"]
    assert (await client.get_model_config(SIMPLE))["name"] == SIMPLE
    assert any(model["name"] == SIMPLE for model in await client.get_model_repository_index())
    assert (await client.get_inference_statistics(SIMPLE))["model_stats"][0]["name"] == SIMPLE


@check
async def inference(client):
    is_simple(await client.infer(SIMPLE, simple_inputs(), request_id="r"))
    outputs = [triton.InferRequestedOutput(name, binary_data=False) for name in ("OUTPUT0", "OUTPUT1")]
    is_simple(await client.infer(SIMPLE, simple_inputs(False), outputs=outputs))


@check
async def many_at_once(client):
    for result in await asyncio.gather(*(client.infer(SIMPLE, simple_inputs()) for _ in range(50))):
        is_simple(result)


@check
async def compression(client):
    many = np.tile(a, (64, 1))
    inputs = [tensor("INPUT0", many, "INT32"), tensor("INPUT1", many, "INT32")]
    for algorithm in (None, "gzip", "deflate"):
        result = await client.infer(SIMPLE, inputs, request_compression_algorithm=algorithm)
        same(many + many, result.as_numpy("OUTPUT0"))


@check
async def datatypes(client):
    for datatype, values in golden.items():
        model = f"conformance-{datatype.lower()}"
        result = await client.infer(model, [tensor("x", column(values), datatype)])
        same(column(values), result.as_numpy("y"))


@check
async def repository(client):
    name = "conformance-int16"
    await client.unload_model(name)
    assert not await client.is_model_ready(name)
    await client.load_model(name)
    assert await client.is_model_ready(name)


@check
async def refusals(client):
    await refused("404", client.infer("nobody", simple_inputs()))
    await refused("400", client.infer(SIMPLE, simple_inputs()[:1]))


async def main():
    async with triton.InferenceServerClient(url()) as client:
        await run(client)


if __name__ == "__main__":
    asyncio.run(main())

"""tritonclient.grpc.aio, unchanged, against the server whose address is the argument."""

import asyncio

import numpy as np
import tritonclient.grpc.aio as triton
from tritonclient.utils import InferenceServerException

from checks import a, b, check, column, golden, is_simple, run, same, url

SIMPLE = "conformance-simple"


def tensor(name, array, datatype):
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array)
    return made


def simple_inputs():
    return [tensor("INPUT0", a, "INT32"), tensor("INPUT1", b, "INT32")]


async def refused(status, call):
    try:
        await call
    except InferenceServerException as error:
        assert error.status() == f"StatusCode.{status}", (error.status(), error.message())
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
    assert (await client.get_server_metadata()).name
    assert list((await client.get_model_metadata(SIMPLE)).versions) == ["1"]
    assert (await client.get_model_config(SIMPLE)).config.name == SIMPLE
    assert any(model.name == SIMPLE for model in (await client.get_model_repository_index()).models)
    assert (await client.get_inference_statistics(SIMPLE)).model_stats[0].name == SIMPLE


@check
async def inference(client):
    is_simple(await client.infer(SIMPLE, simple_inputs(), request_id="r"))


@check
async def many_at_once(client):
    for result in await asyncio.gather(*(client.infer(SIMPLE, simple_inputs()) for _ in range(50))):
        is_simple(result)


@check
async def compression(client):
    many = np.tile(a, (64, 1))
    inputs = [tensor("INPUT0", many, "INT32"), tensor("INPUT1", many, "INT32")]
    for algorithm in (None, "gzip", "deflate"):
        result = await client.infer(SIMPLE, inputs, compression_algorithm=algorithm)
        same(many + many, result.as_numpy("OUTPUT0"))


@check
async def datatypes(client):
    for datatype, values in golden.items():
        model = f"conformance-{datatype.lower()}"
        result = await client.infer(model, [tensor("x", column(values), datatype)])
        same(column(values), result.as_numpy("y"))


@check
async def stream(client):
    async def requests():
        for i in range(20):
            yield {"model_name": SIMPLE, "inputs": simple_inputs(), "request_id": str(i)}
        yield {"model_name": "nobody", "inputs": simple_inputs()}

    ids = []
    async for result, error in client.stream_infer(requests()):
        if error is None:
            is_simple(result)
            ids.append(result.get_response().id)
        else:
            assert "unknown model" in error.message(), error
            ids.append("refused")
    assert ids == [*map(str, range(20)), "refused"], ids


@check
async def repository(client):
    name = "conformance-int16"
    await client.unload_model(name)
    assert not await client.is_model_ready(name)
    await client.load_model(name)
    assert await client.is_model_ready(name)


@check
async def refusals(client):
    await refused("NOT_FOUND", client.infer("nobody", simple_inputs()))
    await refused("INVALID_ARGUMENT", client.infer(SIMPLE, simple_inputs()[:1]))
    await refused("DEADLINE_EXCEEDED", client.infer(SIMPLE, simple_inputs(), client_timeout=1e-6))


async def main():
    async with triton.InferenceServerClient(url()) as client:
        await run(client)


if __name__ == "__main__":
    asyncio.run(main())

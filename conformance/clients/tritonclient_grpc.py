"""tritonclient.grpc, unchanged, against the server whose address is the argument."""

import asyncio
import queue

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

from checks import a, b, check, column, golden, is_simple, run, same, url

SIMPLE = "conformance-simple"


def tensor(name, array, datatype):
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array)
    return made


def simple_inputs():
    return [tensor("INPUT0", a, "INT32"), tensor("INPUT1", b, "INT32")]


def refused(status, call, text=""):
    try:
        call()
    except InferenceServerException as error:
        assert error.status() == f"StatusCode.{status}", (error.status(), error.message())
        assert text in error.message(), error.message()
        return
    raise AssertionError("was not refused")


@check
def server_is_live_and_ready(client):
    assert client.is_server_live()
    assert client.is_server_ready()


@check
def model_is_ready(client):
    assert client.is_model_ready(SIMPLE)
    assert client.is_model_ready(SIMPLE, "1")
    assert not client.is_model_ready(SIMPLE, "99")
    assert not client.is_model_ready("nobody")


@check
def server_metadata(client):
    metadata = client.get_server_metadata()
    assert metadata.name and metadata.version, metadata
    assert "binary_tensor_data" in metadata.extensions, metadata


@check
def model_metadata(client):
    for version in ("", "1"):
        metadata = client.get_model_metadata(SIMPLE, version, as_json=True)
        assert metadata["name"] == SIMPLE
        assert metadata["versions"] == ["1"]
        assert metadata["inputs"][0] == {"name": "INPUT0", "datatype": "INT32", "shape": ["-1", "16"]}
        assert [output["name"] for output in metadata["outputs"]] == ["OUTPUT0", "OUTPUT1"]


@check
def model_config(client):
    config = client.get_model_config(SIMPLE).config
    assert config.name == SIMPLE
    assert config.max_batch_size > 1
    assert config.HasField("dynamic_batching")
    [first, _] = config.input
    assert (first.name, first.data_type, list(first.dims)) == ("INPUT0", triton.model_config_pb2.TYPE_INT32, [16])


@check
def inference(client):
    is_simple(client.infer(SIMPLE, simple_inputs()))


@check
def one_output_of_two(client):
    result = client.infer(SIMPLE, simple_inputs(), outputs=[triton.InferRequestedOutput("OUTPUT1")])
    same(a - b, result.as_numpy("OUTPUT1"))
    assert result.as_numpy("OUTPUT0") is None


@check
def version_id_and_parameters(client):
    result = client.infer(
        SIMPLE,
        simple_inputs(),
        model_version="1",
        request_id="r-17",
        priority=1,
        timeout=5_000_000,
        client_timeout=5,
        sequence_id=7,
        sequence_start=True,
        sequence_end=True,
        headers={"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        parameters={"ours": "yes", "two": 2, "on": True},
    )
    is_simple(result)
    response = result.get_response()
    assert (response.id, response.model_name, response.model_version) == ("r-17", SIMPLE, "1"), response


@check
def compression(client):
    many = np.tile(a, (64, 1))
    inputs = [tensor("INPUT0", many, "INT32"), tensor("INPUT1", many, "INT32")]
    for algorithm in (None, "gzip", "deflate"):
        result = client.infer(SIMPLE, inputs, compression_algorithm=algorithm)
        same(many + many, result.as_numpy("OUTPUT0"))


@check
def datatypes_raw(client):
    for datatype, values in golden.items():
        result = client.infer(f"conformance-{datatype.lower()}", [tensor("x", column(values), datatype)])
        same(column(values), result.as_numpy("y"))


contents = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


@check
def datatypes_in_typed_contents(client):
    for datatype, field in contents.items():
        values = golden[datatype]
        request = triton.service_pb2.ModelInferRequest(model_name=f"conformance-{datatype.lower()}")
        made = request.inputs.add(name="x", datatype=datatype, shape=[len(values), 1])
        sent = [text.encode() for text in values] if datatype == "BYTES" else values.tolist()
        getattr(made.contents, field).extend(sent)
        response = client._client_stub.ModelInfer(request)
        assert len(response.raw_output_contents) == 0, response
        [output] = response.outputs
        assert (output.name, output.datatype, list(output.shape)) == ("y", datatype, [len(values), 1])
        got = list(getattr(output.contents, field))
        if datatype == "BYTES":
            assert got == sent, got
        else:
            same(values, np.array(got, dtype=values.dtype))


@check
def classes(client):
    outputs = [triton.InferRequestedOutput("OUTPUT0", class_count=2)]
    top = client.infer(SIMPLE, simple_inputs(), outputs=outputs).as_numpy("OUTPUT0")
    said = [one.decode() for one in top.reshape(-1)]
    assert [one.split(":")[1] for one in said] == ["15", "14"], said


@check
def concurrent_inference(client):
    answers = queue.Queue()
    for _ in range(20):
        client.async_infer(SIMPLE, simple_inputs(), lambda result, error: answers.put((result, error)))
    for _ in range(20):
        result, error = answers.get(timeout=10)
        assert error is None, error
        is_simple(result)


@check
def stream(client):
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    ids = [str(i) for i in range(50)]
    for request_id in ids:
        client.async_stream_infer(SIMPLE, simple_inputs(), request_id=request_id)
    client.async_stream_infer("nobody", simple_inputs())
    client.async_stream_infer(SIMPLE, simple_inputs(), request_id="after")
    for request_id in ids:
        result, error = answers.get(timeout=10)
        assert error is None, error
        is_simple(result)
        response = result.get_response()
        assert response.id == request_id
        assert response.parameters["triton_final_response"].bool_param
    result, error = answers.get(timeout=10)
    assert result is None and "unknown model" in error.message(), error
    result, error = answers.get(timeout=10)
    assert error is None and result.get_response().id == "after"
    client.stop_stream()


@check
def stream_that_ends_with_a_status(client):
    answers = queue.Queue()
    client.start_stream(
        lambda result, error: answers.put((result, error)), headers={"triton_grpc_error": "true"}
    )
    client.async_stream_infer("nobody", simple_inputs())
    result, error = answers.get(timeout=10)
    assert result is None and error.status() == "StatusCode.NOT_FOUND", error
    client.stop_stream()


@check
def statistics(client):
    def count():
        return client.get_inference_statistics(SIMPLE).model_stats[0].inference_stats.success.count

    before = count()
    client.infer(SIMPLE, simple_inputs())
    assert count() == before + 1, (before, count())
    names = [stats.name for stats in client.get_inference_statistics().model_stats]
    assert SIMPLE in names and "conformance-fp32" in names, names
    assert client.get_inference_statistics(SIMPLE, "1").model_stats[0].version == "1"


@check
def repository(client):
    name = "conformance-fp64"

    def states():
        return {model.name: model.state for model in client.get_model_repository_index().models}

    assert states()[name] == "READY", states()
    client.unload_model(name)
    assert not client.is_model_ready(name)
    assert states()[name] == "UNAVAILABLE", states()
    refused("NOT_FOUND", lambda: client.infer(name, [tensor("x", column(golden["FP64"]), "FP64")]))
    client.load_model(name)
    assert client.is_model_ready(name)
    refused("NOT_FOUND", lambda: client.load_model("nobody"), "unknown model")
    refused("UNIMPLEMENTED", lambda: client.load_model(name, config="{}"))


@check
def refusals(client):
    unknown = "Request for unknown model"
    refused("NOT_FOUND", lambda: client.get_model_metadata("nobody"), unknown)
    refused("NOT_FOUND", lambda: client.get_model_config("nobody"), unknown)
    refused("NOT_FOUND", lambda: client.get_inference_statistics("nobody"), unknown)
    refused("NOT_FOUND", lambda: client.infer("nobody", simple_inputs()), unknown)
    refused("NOT_FOUND", lambda: client.infer(SIMPLE, simple_inputs(), model_version="99"), unknown)
    refused("INVALID_ARGUMENT", lambda: client.infer(SIMPLE, simple_inputs()[:1]), "INPUT1")
    wide = [tensor("INPUT0", a.astype(np.int64), "INT64")]
    refused("INVALID_ARGUMENT", lambda: client.infer(SIMPLE, wide), "INT32")
    wrong = [triton.InferRequestedOutput("OUTPUT9")]
    refused("INVALID_ARGUMENT", lambda: client.infer(SIMPLE, simple_inputs(), outputs=wrong), "OUTPUT9")


@check
def what_is_not_there_is_refused_readably(client):
    refused("UNIMPLEMENTED", client.get_trace_settings)
    refused("UNIMPLEMENTED", client.get_log_settings)
    refused("UNIMPLEMENTED", client.get_system_shared_memory_status)
    refused("UNIMPLEMENTED", client.get_cuda_shared_memory_status)


if __name__ == "__main__":
    with triton.InferenceServerClient(url()) as connected:
        asyncio.run(run(connected))

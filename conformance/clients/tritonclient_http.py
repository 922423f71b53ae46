"""tritonclient.http, unchanged, against the server whose URL is the argument."""

import asyncio
import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from checks import a, b, check, column, golden, in_json, is_simple, run, same, url

SIMPLE = "conformance-simple"


def tensor(name, array, datatype, binary=True):
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def simple_inputs(binary=True):
    return [tensor("INPUT0", a, "INT32", binary), tensor("INPUT1", b, "INT32", binary)]


def refused(status, call, text=""):
    try:
        call()
    except InferenceServerException as error:
        assert error.status() == status, (error.status(), error.message())
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
    assert metadata["name"] and metadata["version"], metadata
    assert "binary_tensor_data" in metadata["extensions"], metadata


@check
def model_metadata(client):
    for metadata in (client.get_model_metadata(SIMPLE), client.get_model_metadata(SIMPLE, "1")):
        assert metadata["name"] == SIMPLE
        assert metadata["versions"] == ["1"]
        assert metadata["inputs"][0] == {"name": "INPUT0", "datatype": "INT32", "shape": [-1, 16]}
        assert [output["name"] for output in metadata["outputs"]] == ["OUTPUT0", "OUTPUT1"]


@check
def model_config(client):
    config = client.get_model_config(SIMPLE)
    assert config["name"] == SIMPLE
    assert config["max_batch_size"] > 1
    assert config["input"][0] == {"name": "INPUT0", "data_type": "TYPE_INT32", "dims": [16]}


@check
def binary_inference(client):
    is_simple(client.infer(SIMPLE, simple_inputs()))


@check
def json_inference(client):
    outputs = [triton.InferRequestedOutput(name, binary_data=False) for name in ("OUTPUT0", "OUTPUT1")]
    is_simple(client.infer(SIMPLE, simple_inputs(binary=False), outputs=outputs))


@check
def mixed_inference(client):
    inputs = [tensor("INPUT0", a, "INT32", True), tensor("INPUT1", b, "INT32", False)]
    outputs = [
        triton.InferRequestedOutput("OUTPUT1", binary_data=True),
        triton.InferRequestedOutput("OUTPUT0", binary_data=False),
    ]
    is_simple(client.infer(SIMPLE, inputs, outputs=outputs))


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
        sequence_id=7,
        sequence_start=True,
        sequence_end=True,
        parameters={"ours": "yes"},
    )
    is_simple(result)
    response = result.get_response()
    assert response["id"] == "r-17", response
    assert (response["model_name"], response["model_version"]) == (SIMPLE, "1"), response


@check
def compression(client):
    many = np.tile(a, (64, 1))
    inputs = [tensor("INPUT0", many, "INT32"), tensor("INPUT1", many, "INT32")]
    for request in (None, "gzip", "deflate"):
        for response in (None, "gzip", "deflate"):
            result = client.infer(
                SIMPLE,
                inputs,
                request_compression_algorithm=request,
                response_compression_algorithm=response,
            )
            same(many + many, result.as_numpy("OUTPUT0"))


@check
def datatypes_in_binary(client):
    for datatype, values in golden.items():
        result = client.infer(f"conformance-{datatype.lower()}", [tensor("x", column(values), datatype)])
        same(column(values), result.as_numpy("y"))


@check
def datatypes_in_json(client):
    for datatype, values in golden.items():
        if datatype == "FP16":
            continue  # The client itself refuses to send it so.
        sent = column(in_json(values))
        outputs = [triton.InferRequestedOutput("y", binary_data=False)]
        result = client.infer(
            f"conformance-{datatype.lower()}", [tensor("x", sent, datatype, False)], outputs=outputs
        )
        same(sent, result.as_numpy("y"))


@check
def classes(client):
    outputs = [triton.InferRequestedOutput("OUTPUT0", class_count=2)]
    for binary in (True, False):
        outputs = [triton.InferRequestedOutput("OUTPUT0", binary_data=binary, class_count=2)]
        top = client.infer(SIMPLE, simple_inputs(), outputs=outputs).as_numpy("OUTPUT0")
        said = [one.decode() if isinstance(one, bytes) else one for one in top.reshape(-1)]
        assert [one.split(":")[1] for one in said] == ["15", "14"], said


@check
def concurrent_inference(client):
    requests = [client.async_infer(SIMPLE, simple_inputs()) for _ in range(20)]
    for request in requests:
        is_simple(request.get_result())


@check
def body_made_and_read_by_the_client(client):
    body, size = triton.InferenceServerClient.generate_request_body(simple_inputs())
    assert len(body) > size


@check
def statistics(client):
    def count():
        return client.get_inference_statistics(SIMPLE)["model_stats"][0]["inference_stats"]["success"]["count"]

    before = count()
    client.infer(SIMPLE, simple_inputs())
    assert count() == before + 1
    assert client.get_inference_statistics(SIMPLE, "1")["model_stats"][0]["version"] == "1"
    assert len(client.get_inference_statistics()["model_stats"]) > 10


@check
def repository(client):
    name = "conformance-fp64"
    index = client.get_model_repository_index()
    assert {"name": name, "version": "1", "state": "READY", "reason": ""} in index, index
    client.unload_model(name)
    assert not client.is_model_ready(name)
    states = {model["name"]: model["state"] for model in client.get_model_repository_index()}
    assert states[name] == "UNAVAILABLE", states
    refused("404", lambda: client.infer(name, [tensor("x", column(golden["FP64"]), "FP64")]))
    client.load_model(name)
    assert client.is_model_ready(name)
    refused("404", lambda: client.load_model("nobody"), "unknown model")
    refused("501", lambda: client.load_model(name, config="{}"))


@check
def refusals(client):
    unknown = "Request for unknown model"
    refused("404", lambda: client.get_model_metadata("nobody"), unknown)
    refused("404", lambda: client.get_model_config("nobody"), unknown)
    refused("404", lambda: client.get_inference_statistics("nobody"), unknown)
    refused("404", lambda: client.infer("nobody", simple_inputs()), unknown)
    refused("404", lambda: client.infer(SIMPLE, simple_inputs(), model_version="99"), unknown)
    refused("400", lambda: client.infer(SIMPLE, simple_inputs()[:1]), "INPUT1")
    refused("400", lambda: client.infer(SIMPLE, [tensor("INPUT0", a.astype(np.int64), "INT64")]), "INT32")
    wrong = [triton.InferRequestedOutput("OUTPUT9")]
    refused("400", lambda: client.infer(SIMPLE, simple_inputs(), outputs=wrong), "OUTPUT9")


@check
def what_is_not_there_is_refused_readably(client):
    refused("404", client.get_trace_settings)
    refused("404", client.get_log_settings)
    refused("404", client.get_system_shared_memory_status)
    refused("404", client.get_cuda_shared_memory_status)


if __name__ == "__main__":
    asyncio.run(run(triton.InferenceServerClient(url(), concurrency=8)))

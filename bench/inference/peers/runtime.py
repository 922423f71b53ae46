"""What all peers share: ONNX Runtime with one thread per run, and the protocol's bodies."""
import numpy as np
import onnxruntime as ort


def load(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def names(session):
    return [output.name for output in session.get_outputs()]


def read(request):
    """The one input of an Open Inference Protocol request that is parsed already."""
    tensor = request["inputs"][0]
    return np.array(tensor["data"], dtype=np.float32).reshape(tensor["shape"])


DATATYPES = {"float32": "FP32", "int64": "INT64"}


def answer(model, names, outputs):
    """An Open Inference Protocol response; arrays stay NumPy's."""
    return {
        "model_name": model,
        "outputs": [
            {
                "name": name,
                "datatype": DATATYPES[output.dtype.name],
                "shape": output.shape,
                "data": output.ravel(),
            }
            for name, output in zip(names, outputs)
        ],
    }


def plain(response):
    """The same for serialisers that don't know NumPy."""
    for output in response["outputs"]:
        output["data"] = output["data"].tolist()
    return response

"""FastAPI as its tutorial has it: Pydantic models in and out."""
import json
import os

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

from runtime import DATATYPES, load, names


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[float]


class InferRequest(BaseModel):
    inputs: list[Tensor]


class InferResponse(BaseModel):
    model_name: str
    outputs: list[Tensor]


app = FastAPI()


def serve(model, path):
    session = load(path)
    outputs = names(session)

    @app.post(f"/v2/models/{model}/infer")
    async def infer(request: InferRequest) -> InferResponse:
        tensor = request.inputs[0]
        x = np.array(tensor.data, dtype=np.float32).reshape(tensor.shape)
        results = session.run(None, {tensor.name: x})
        return InferResponse(
            model_name=model,
            outputs=[
                Tensor(
                    name=name,
                    shape=list(result.shape),
                    datatype=DATATYPES[result.dtype.name],
                    data=result.ravel().tolist(),
                )
                for name, result in zip(outputs, results)
            ],
        )


for model, path in json.loads(os.environ["MODELS"]).items():
    serve(model, path)

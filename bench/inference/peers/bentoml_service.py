"""bentoml serve bentoml_service:Mlp"""
import os

import bentoml
from pydantic import BaseModel

from runtime import answer, load, names, plain, read


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[float]


@bentoml.service(workers=2, logging={"access": {"enabled": False}})
class Mlp:
    def __init__(self):
        self.session = load(os.environ["MODEL"])
        self.names = names(self.session)

    @bentoml.api(route="/v2/models/mlp/infer")
    async def infer(self, inputs: list[Tensor]) -> dict:
        x = read({"inputs": [inputs[0].model_dump()]})
        return plain(answer("mlp", self.names, self.session.run(None, {"x": x})))

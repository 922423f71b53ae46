"""FastAPI with everything left out that costs: no validation models, orjson both ways, inline runs."""
import json
import os

import orjson
from fastapi import FastAPI, Request, Response

from runtime import answer, load, names, read

app = FastAPI(openapi_url=None)


def serve(model, path):
    session = load(path)
    outputs = names(session)

    @app.post(f"/v2/models/{model}/infer")
    async def infer(request: Request):
        x = read(orjson.loads(await request.body()))
        response = answer(model, outputs, session.run(None, {"x": x}))
        return Response(
            orjson.dumps(response, option=orjson.OPT_SERIALIZE_NUMPY),
            media_type="application/json",
        )


for model, path in json.loads(os.environ["MODELS"]).items():
    serve(model, path)

"""python ray_server.py: two replicas behind Ray Serve's HTTP proxy."""
import os
import signal

import orjson
import ray
from ray import serve
from starlette.requests import Request
from starlette.responses import Response

from runtime import answer, load, names, read


@serve.deployment(
    num_replicas=2,
    max_ongoing_requests=64,
    ray_actor_options={"num_cpus": 0.1},
    logging_config={"enable_access_log": False, "log_level": "WARNING"},
)
class Mlp:
    def __init__(self, path):
        self.session = load(path)
        self.names = names(self.session)

    async def __call__(self, request: Request) -> Response:
        x = read(orjson.loads(await request.body()))
        response = answer("mlp", self.names, self.session.run(None, {"x": x}))
        return Response(
            orjson.dumps(response, option=orjson.OPT_SERIALIZE_NUMPY),
            media_type="application/json",
        )


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    serve.start(
        http_options={"host": "127.0.0.1", "port": int(os.environ["PORT"])},
        logging_config={"enable_access_log": False, "log_level": "WARNING"},
    )
    serve.run(Mlp.bind(os.environ["MODEL"]), route_prefix="/v2/models/mlp/infer")
    signal.signal(signal.SIGTERM, lambda *_: (ray.shutdown(), os._exit(0)))
    signal.pause()

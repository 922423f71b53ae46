"""python mosec_server.py --port PORT: its Rust front, two workers, batches of what waits."""
import os

import numpy as np
import orjson
from mosec import Runtime, Server, Worker

from runtime import answer, load, names, read


class Mlp(Worker):
    def __init__(self):
        super().__init__()
        self.session = load(os.environ["MODEL"])
        self.names = names(self.session)

    def deserialize(self, data):
        return read(orjson.loads(data))

    def serialize(self, data):
        return orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY)

    def forward(self, data):
        outputs = self.session.run(None, {"x": np.concatenate(data)})
        return [
            answer("mlp", self.names, [output[i : i + 1] for output in outputs])
            for i in range(len(data))
        ]


if __name__ == "__main__":
    server = Server()
    worker = Runtime(Mlp, num=2, max_batch_size=32, max_wait_time=1)
    server.register_runtime({"/v2/models/mlp/infer": [worker]})
    server.run()

"""python litserve_server.py: its queue between HTTP and two workers."""
import os

import litserve as ls

from runtime import answer, load, names, plain, read


class Mlp(ls.LitAPI):
    def setup(self, device):
        self.session = load(os.environ["MODEL"])
        self.names = names(self.session)

    def decode_request(self, request):
        return read(request)

    def predict(self, x):
        return self.session.run(None, {"x": x})

    def encode_response(self, outputs):
        return plain(answer("mlp", self.names, outputs))


if __name__ == "__main__":
    server = ls.LitServer(
        Mlp(api_path="/v2/models/mlp/infer"),
        accelerator="cpu",
        workers_per_device=2,
        fast_queue=True,
    )
    server.run(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
        generate_client_file=False,
    )

"""A custom runtime of MLServer: its codecs around ONNX Runtime."""
import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

from runtime import load, names


class OnnxRuntime(MLModel):
    async def load(self) -> bool:
        self.session = load(self.settings.parameters.uri)
        self.names = names(self.session)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        x = NumpyCodec.decode_input(payload.inputs[0]).astype(np.float32, copy=False)
        results = self.session.run(None, {"x": x})
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                NumpyCodec.encode_output(name, result)
                for name, result in zip(self.names, results)
            ],
        )

"""Pictures from a generator that ganx exported to ONNX; needs neither ganx nor PyTorch.

``Generator.load("model.onnx").sample(["red cube, blue sphere"], n=16, seed=0)`` gives the images
that ``ganx sample`` draws. onnxruntime is imported when a file is loaded.
"""

from ganx_runtime.errors import GeneratorError
from ganx_runtime.generator import Generator

__all__ = ["Generator", "GeneratorError"]

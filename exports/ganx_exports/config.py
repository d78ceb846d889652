"""What can be set of ganx's own formats; imports nothing heavy."""

from pydantic import Field

from ganx import ExportConfig


class OnnxConfig(ExportConfig):
    """Settings of an ONNX file."""

    opset: int = Field(default=18, ge=15, le=23)
    """The version of ONNX's operations; 18 is read by all that ganx is tested with."""

    batch: int = Field(default=0, ge=0)
    """How many images a call makes, always; 0: as many as are asked for."""


class TorchScriptConfig(ExportConfig):
    """Settings of a TorchScript archive."""


class TorchExportConfig(ExportConfig):
    """Settings of a program of torch.export."""

"""What can be set of ganx's own formats; imports nothing heavy."""

from ganx import ExportConfig


class OnnxConfig(ExportConfig):
    """Settings of an ONNX file."""


class TorchScriptConfig(ExportConfig):
    """Settings of a TorchScript archive."""


class TorchExportConfig(ExportConfig):
    """Settings of a program of torch.export."""

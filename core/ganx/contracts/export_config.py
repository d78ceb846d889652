"""What every format of exported files can be asked for."""

from typing import Literal

from ganx.config import Config

Precision = Literal["float32", "float16"]
Output = Literal["float", "uint8"]


class ExportConfig(Config):
    """Settings that ganx's own formats share; a format's configuration may add to them.

    Whatever they say, a file takes z [B, Z] and c [B, K] in float32.
    """

    precision: Precision = "float32"
    """In which numbers the file keeps weights and computes; float16 halves its size."""

    output: Output = "float"
    """float: images [B, C, H, W] in [-1, 1], in float32; uint8: [B, H, W, C] from 0 to 255."""

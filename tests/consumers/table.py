"""Who reads ganx's exported files, in which version, and in which form of file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).with_name("scripts")
ALONE = Path(__file__).parents[2] / "exports" / "ganx_exports" / "onnx_alone.py"


@dataclass(frozen=True)
class Consumer:
    """A program that runs exported files, installed from public packages."""

    name: str
    packages: tuple[str, ...]
    script: Path
    form: dict[str, Any] = field(default_factory=dict)
    """Settings of the ONNX file that it reads."""
    fixed: tuple[str, ...] = ()
    """Recipes of which it needs a file for every batch size, with ``--batch``."""
    batches: tuple[int, ...] = (1, 2, 7, 64)
    """For how many images it is asked at once."""
    suffix: str = ".onnx"
    node: bool = False
    """Whether the packages are npm's."""
    module: str = ""
    """What is imported where the packages are installed beside ganx by the extra ``consumers``."""


HELD = (
    Consumer("ONNX Runtime, newest", ("onnxruntime", "numpy"), ALONE, module="onnxruntime"),
    Consumer("ONNX Runtime, oldest", ("onnxruntime==1.15.1", "numpy<2"), ALONE),
    Consumer(
        "OpenCV 4",
        ("opencv-python-headless<5", "numpy"),
        SCRIPTS / "opencv.py",
        fixed=("slots",),
        module="cv2",
    ),
    Consumer("OpenVINO", ("openvino", "numpy"), SCRIPTS / "openvino_cpu.py", module="openvino"),
    Consumer("ONNX Runtime Web, node", ("onnxruntime-web",), SCRIPTS / "web.py", node=True),
    Consumer(
        "LibTorch", ("torch", "numpy"), SCRIPTS / "torchscript.py", suffix=".pt", module="torch"
    ),
)
"""Those that every shipped generator is held against."""

TRIED = (
    Consumer("OpenCV 5", ("opencv-python-headless>=5", "numpy"), SCRIPTS / "opencv.py"),
    Consumer(
        "onnx2torch",
        ("onnx2torch", "torch", "numpy"),
        SCRIPTS / "onnx_to_torch.py",
        form={"opset": 17},
    ),
    Consumer(
        "pnnx and ncnn",
        ("pnnx", "ncnn", "numpy"),
        SCRIPTS / "ncnn_by_pnnx.py",
        form={"batch": 1},
        batches=(1,),
    ),
    Consumer(
        "onnx2tf, LiteRT",
        ("onnx2tf",),
        SCRIPTS / "onnx_to_tf.py",
        form={"batch": 1},
        batches=(1,),
    ),
    Consumer(
        "ONNX reference evaluator", ("onnx", "numpy"), SCRIPTS / "reference.py", batches=(1, 2)
    ),
)
"""Those that were tried once; what does not work is theirs."""

"""pnnx, and ncnn on the CPU in float32; ncnn has no batch, so images are made one by one."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import ncnn
import numpy as np
from answering import answer_all


def open_file(file, inputs):
    with TemporaryDirectory() as folder:
        (Path(folder) / "g.onnx").write_bytes(file.read_bytes())
        shapes = ",".join(f"[1,{value.shape[1]}]" for value in inputs.values())
        pnnx = Path(sys.executable).with_name("pnnx")
        command = [str(pnnx), "g.onnx", f"inputshape={shapes}", "fp16=0"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        param = (Path(folder) / "g.ncnn.param").read_text()
        if "pnnx." in param:
            name = next(word for word in param.split() if word.startswith("pnnx."))
            raise ValueError(f"pnnx leaves {name}, which ncnn has not")
        net = ncnn.Net()
        net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = net.opt.use_fp16_packed = False
        net.opt.use_bf16_storage = net.opt.use_winograd_convolution = False
        net.load_param(f"{folder}/g.ncnn.param")
        net.load_model(f"{folder}/g.ncnn.bin")

    def one(row):
        extractor = net.create_extractor()
        for i, value in enumerate(row):
            extractor.input(f"in{i}", ncnn.Mat(value.copy()))
        _, image = extractor.extract("out0")
        return np.array(image)

    return lambda inputs: np.stack([one(row) for row in zip(*inputs.values(), strict=True)])


answer_all(open_file)

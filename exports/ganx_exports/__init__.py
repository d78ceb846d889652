"""Trained generators as files that other programs run: ONNX and TorchScript."""

"""Trained generators as files that other programs run: ONNX, TorchScript and torch.export."""

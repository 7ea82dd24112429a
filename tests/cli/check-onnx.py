"""Checks ONNX files with ONNX's own checker, shapes inferred: check-onnx.py FILE…

Exit status 77 where the checker is not installed (Debian: python3-onnx)."""
import sys

try:
    import onnx
except ImportError:
    sys.exit(77)

for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.opset_import[0].version == 17, model.opset_import
    print(path, len(model.graph.node), "nodes")

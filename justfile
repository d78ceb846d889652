# Needs ganx with its test and lint tools in the active environment; see CONTRIBUTING.md.

# List the recipes.
default:
    @just --list

# Run the tests on all cores.
test *arguments:
    pytest -n auto {{ arguments }}

# Find what is wrong without changing anything.
lint:
    ruff check .
    ruff format --check .
    mypy

# Repair what can be repaired by a program.
fix:
    ruff check --fix .
    ruff format .

# Write docs/cli.md anew.
docs:
    python docs/generate_cli.py

# Learn in nine minutes what a CUDA machine shows; see docs/performance.md.
gpu folder *arguments:
    python tests/benchmarks/gpu.py {{ folder }} {{ arguments }}

# Collect into wheels/ what `just gpu` needs on a machine without network and with that Python.
gpu-wheels version *arguments:
    python tests/benchmarks/gpu_wheels.py {{ version }} {{ arguments }}

# Train the reports' nine systems as printed, an hour on a CUDA machine; see docs/performance.md.
reports folder *arguments:
    python tests/benchmarks/reports.py {{ folder }} {{ arguments }}

# Show that a change moved no weight of any recipe; `write` in place of `check` before it.
digests action="check" file="tests/benchmarks/recipe_digests.json":
    OMP_NUM_THREADS=1 GANX_MEASURE=0 python tests/benchmarks/recipe_digests.py {{ action }} {{ file }}

# Measure exported files in every format and precision, and write docs/exports.md; half an hour.
exports *arguments:
    python tests/benchmarks/exports.py {{ arguments }}

# Hold exported files against the programs that read them, and write docs/exports.md; an hour.
consumers *arguments:
    python tests/consumers/matrix.py {{ arguments }}

# The tests that take long or need the network.
slow:
    GANX_SLOW_TESTS=1 pytest tests/runtime/test_runtime_alone.py tests/exports/test_export_plain.py

# Everything, in an environment of its own, as on the server.
ci:
    .ci/run

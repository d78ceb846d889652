"""``ganx-run``: pictures from an ONNX file on the command line."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganx_runtime.errors import GeneratorError
from ganx_runtime.generator import BATCH, Generator
from ganx_runtime.providers import WISHES

MOST_IN_A_PICTURE = 4096
"""Images of one grid; more go into a folder."""

DIGITS = 6
"""Of the numbers that files in a folder are named by."""

EXAMPLES = """\
examples:
  ganx-run model.onnx --labels "red cube, blue sphere" -n 16 --seed 0 -o grid.png
  ganx-run model.onnx -n 50000 -o images/         one numbered PNG for each image
  ganx-run model.onnx --info                      what the file says of itself
  ganx-run model.onnx --benchmark --provider cuda

The same seed and labels give the picture that `ganx sample` draws.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except GeneratorError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="ganx-run",
        description="Draw images from a generator that ganx exported to ONNX.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("model", type=Path, metavar="MODEL.onnx")
    add(
        "--labels",
        action="append",
        default=[],
        metavar="TEXT",
        help="what to show; repeat it for more rows. Without it, as in training",
    )
    add("-n", type=_positive, default=16, metavar="N", help="images in all, or for each --labels")
    add(
        "--seed", type=int, default=0, metavar="S", help="of the noise; image i depends on it alone"
    )
    add(
        "-o",
        type=str,
        default="grid.png",
        metavar="PATH",
        help="the picture to write, or a folder: one that is there, or ends with /",
    )
    add("--provider", choices=WISHES, default="auto", help="what runs the file")
    add(
        "--batch", type=_positive, metavar="B", help=f"images at once; {BATCH} unless the file says"
    )
    add("--info", "--show", action="store_true", help="print what the file says of itself, and end")
    add("--benchmark", action="store_true", help="measure instead of writing a picture")
    add("--version", action="version", version=f"ganx-run {version('ganx-runtime')}")
    return parser


def _positive(text: str) -> int:
    """Read a number of at least 1; argparse tells of others."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def _run(options: Namespace) -> None:
    """Do what the options say."""
    if options.info:
        from ganx_runtime.info import told

        print(told(options.model))
        return
    generator = Generator.load(options.model, options.provider)
    reason = f" (no cuda: {generator.why_not_cuda})" if generator.why_not_cuda else ""
    print(f"provider: {generator.provider}{reason}", file=sys.stderr)
    if generator.batch and options.batch not in {None, generator.batch}:
        print(f"The file makes {generator.batch} images at once, always.", file=sys.stderr)
    if options.benchmark:
        _measure(generator)
    elif options.o.endswith(("/", "\\")) or Path(options.o).is_dir():
        _write_folder(generator, options)
    else:
        _write_picture(generator, options)


def _measure(generator: Generator) -> None:
    """Print how long batches take."""
    from ganx_runtime.benchmark import measured

    print(f"provider {generator.provider}, {generator.resolution} pixels")
    for one in measured(generator):
        print(
            f"batch {one.batch:>4}: {one.milliseconds:10.3f} ms, "
            f"{one.images_per_second:10.1f} images/s (median of {one.runs:,})"
        )


def _write_picture(generator: Generator, options: Namespace) -> None:
    """Write all images into one picture."""
    from ganx_runtime.pictures import check_format, save, sheet_of

    path = Path(options.o)
    check_format(path)
    total = max(1, len(options.labels)) * options.n
    if total > MOST_IN_A_PICTURE:
        raise GeneratorError(
            f"{total:,} images are too many for one picture, which has at most "
            f"{MOST_IN_A_PICTURE:,}. Write them into a folder: -o {path.with_suffix('')}/"
        )
    images = np.concatenate(list(_batches(generator, options)))
    save(sheet_of(images, options.labels), path)
    print(f"{path}: {total:,} images, seed {options.seed}")


def _write_folder(generator: Generator, options: Namespace) -> None:
    """Write each image into a file of its own."""
    from ganx_runtime.pictures import picture_of, save

    folder = Path(options.o)
    total = max(1, len(options.labels)) * options.n
    digits = max(DIGITS, len(str(total - 1)))
    number = 0
    for batch in _batches(generator, options):
        for image in batch:
            save(picture_of(image), folder / f"{number:0{digits}d}.png", synced=False)
            number += 1
    print(f"{folder}/: {total:,} pictures from {0:0{digits}d}.png on, seed {options.seed}")


def _batches(generator: Generator, options: Namespace) -> Iterator[NDArray[np.uint8]]:
    """Yield images batch by batch, with a bar at the terminal."""
    from tqdm import tqdm

    batches = generator.batches(options.labels or None, options.n, options.seed, options.batch)
    total = max(1, len(options.labels)) * options.n
    # None: no bar where standard error is no terminal.
    with tqdm(total=total, unit=" images", disable=None, leave=False) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch))

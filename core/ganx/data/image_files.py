"""Images that lie in a container as files, named by a list: the source of folder-like data sets."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.data.causes import damage_of
from ganx.data.container import Files, FolderFiles, Stamp
from ganx.data.contents import Contents, Told, UnreadableFilesError
from ganx.data.damaged import Damage, DamagedImagesError, left_out
from ganx.data.decode import DECODER_VERSION, decode_rgb
from ganx.data.examination import Watch, examined, faults_of
from ganx.data.fit import Fit
from ganx.data.grey import GreyRange, Span
from ganx.data.names import within_common_folder
from ganx.data.survey import Survey
from ganx.data.verdicts import save_verdicts
from ganx.errors import DataError

_ADVICE = "Or set dataset.skip_damaged=true to leave out what cannot be decoded."


class ImageFiles:
    """An ``ImageSource`` over the files ``names`` of a folder, each brought to a square.

    ``grey_range`` names the values of grey that become black and white in images of more than eight
    bits; ``"auto"`` takes the next full depth above the largest value of all images together.
    ``fit`` is for data sets with the setting ``dataset.fit``; without one, images are squeezed, and
    ``survey`` does not mention it. ``skip_damaged`` is likewise for data sets with the setting
    ``dataset.skip_damaged``: true leaves out of ``names`` what cannot be decoded, which decodes all
    files, once for the same contents; false advises that in errors, and None does not.

    Making one looks at every file and decodes none but for ``skip_damaged``. Raises ``DataError``
    where a file is missing (naming the first and counting the rest), is no file, or lies outside
    the folder, and ``DamagedImagesError`` where none is left.
    """

    action = "decode"
    block = 64
    parallel = True

    def __init__(
        self,
        files: Files | Path,
        names: Sequence[str],
        resolution: int,
        channels: int = 3,
        *,
        grey_range: GreyRange = "auto",
        fit: Fit | None = None,
        skip_damaged: bool | None = None,
    ) -> None:
        self.files = FolderFiles(files) if isinstance(files, Path) else files
        self.resolution = resolution
        self.channels = channels
        self.grey_range = grey_range
        self.fit = fit
        self._contents = Contents(self.files)
        self._advice = _ADVICE if skip_damaged is False else ""
        self.skipped = self._examined(names) if skip_damaged else {}
        """Files that are left out, by name, with what is wrong with them."""
        self.names = tuple(name for name in names if name not in self.skipped)
        if self.skipped and not self.names:
            raise DamagedImagesError([*self.skipped.values()], len(names), "No image is left.")
        self._check_present()
        self._found_out_for(())

    def __len__(self) -> int:
        """Count the images."""
        return len(self.names)

    def fingerprint(self, digests: Sequence[str] | None = None) -> str:
        """Digest names and contents as they are now, and the settings; no place and no time.

        Names count from the folder that holds all images. ``digests`` are the contents where they
        were just taken.
        """
        digest = hashlib.sha256(self._settings().encode())
        names = within_common_folder(self.names)
        for name, content in zip(names, digests or self.digests(), strict=True):
            digest.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def digests(self, told: Told | None = None) -> Sequence[str]:
        """Digest each file's bytes as they are now; "" for a missing one. Nothing is decoded."""
        try:
            found = self._contents.digests(self.names, told)
        except UnreadableFilesError as error:
            damages = [*faults_of(self.files, error.faults).values()]
            raise DamagedImagesError(damages, len(self), self._advice) from error
        if found != self._contents_then:
            self._found_out_for(found)
        return found

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Decode images start..stop-1 to uint8 [stop - start, H, W, C]; the device is not used.

        Raises ``DamagedImagesError`` with all of these images that cannot be decoded.
        """
        del device
        side = self.resolution
        pixels = np.empty((stop - start, side, side, self.channels), dtype=np.uint8)
        damages: dict[int, Damage] = {}
        for row, name in enumerate(self.names[start:stop]):
            try:
                pixels[row] = self._decoded(name)
            except DamagedImagesError as error:
                (damages[start + row],) = error.damages
        if self._watch.see(start, stop, damages):
            self._remember()
        if damages:
            raise DamagedImagesError([*damages.values()], len(self), self._advice)
        return torch.from_numpy(pixels)

    def survey(self) -> tuple[str, ...]:
        """Say in sentences what of the images is surprising; looks at every file."""
        shapes = self._survey.shapes() if self.fit == "squeeze" else ""
        said = (shapes, self._survey.frames(), self._survey.flatness(self._span))
        return tuple(filter(None, said))

    @property
    def left_out(self) -> str:
        """Say in a sentence which damaged images are left out; empty where none is."""
        return left_out([*self.skipped.values()])

    def _found_out_for(self, contents: Sequence[str]) -> None:
        """Forget what was found out about files that had other contents."""
        self._contents_then = contents
        self._survey = Survey(self.files, self.names)
        self._watch = Watch(len(self.names))

    def _examined(self, names: Sequence[str]) -> dict[str, Damage]:
        """Return what is wrong with files, by name."""
        floats, each = self._reads_floats, tuple(dict.fromkeys(names))
        return examined(self.files, each, self._contents, self._tried, floats=floats)

    def _remember(self) -> None:
        """Keep what decoding all files said of them, if they still are what they were."""
        then = self._contents_then
        with suppress(DataError):
            if then and self._contents.digests(self.names) == then:
                damages = {then[at]: damage for at, damage in self._watch.damages.items()}
                save_verdicts(then, damages, floats=self._reads_floats)

    @property
    def _reads_floats(self) -> bool:
        return self.grey_range != "auto"

    def _tried(self, name: str) -> None:
        """Decode a file to nothing. Raises ``DamagedImagesError`` where that is not possible."""
        with _opened(self.files, name) as file:
            span = Span(0, 1, given=self._reads_floats)
            decode_rgb(file, 1, self.channels, place=self.files.place(name), span=lambda: span)

    def _decoded(self, name: str) -> NDArray[np.uint8]:
        """Decode a file to uint8 [H, W, C]."""
        with _opened(self.files, name) as file:
            return decode_rgb(
                file,
                self.resolution,
                self.channels,
                place=self.files.place(name),
                span=self._span,
                fit=self.fit or "squeeze",
            )

    def _settings(self) -> str:
        """Write down all that decides pixels besides the files."""
        given = (
            ""
            if self.grey_range == "auto"
            else " grey {!r} {!r}".format(*map(float, self.grey_range))
        )
        fit = "" if self.fit in {None, "squeeze"} else f" {self.fit}"
        return f"files {DECODER_VERSION} {self.resolution} {self.channels}{given}{fit}\n"

    def _span(self) -> Span:
        """Return the range of grey of images that have more than eight bits."""
        return self._survey.span() if self.grey_range == "auto" else Span(*self.grey_range, True)

    def _stamps(self) -> Iterator[Stamp | None]:
        """Look at each file; None for one that is missing or no regular file."""
        return map(self.files.stamp, self.names)

    def _check_present(self) -> None:
        """Find all missing images before hours are spent on the others."""
        missing = [
            name for name, found in zip(self.names, self._stamps(), strict=True) if found is None
        ]
        if missing:
            raise DataError(
                f"The image {missing[0]!r} is not in {self.files.root} ({len(missing):,} of "
                f"{len(self):,} images are missing). Copy the missing images there, or remove "
                "their entries from the list of images."
            )


@contextmanager
def _opened(files: Files, name: str) -> Iterator[BinaryIO]:
    """Open an image. Raises ``DamagedImagesError`` where it is missing or may not be read."""
    try:
        file = files.open(name)
    except OSError as error:
        raise DamagedImagesError([damage_of(error, files.place(name))]) from error
    with file:
        yield file

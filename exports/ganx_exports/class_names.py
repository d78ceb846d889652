"""Naming the classes in a TorchScript archive by what they are, not by when they were made.

PyTorch tells classes of one name apart by a number that counts up for as long as the process
lives, ``__torch__.torch.nn.modules.conv.___torch_mangle_7.Conv2d``. Numbered anew in the order in
which the generator holds them, the same generator gives the same bytes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

MANGLE = re.compile(r"\.___torch_mangle_\d+(?=\.)")

QUALIFIED = re.compile(r"__torch__(?:\.\w+)+")
"""A class in a file of code."""

PICKLED = re.compile(r"(?<=c)(__torch__(?:\.\w+)*)\n(\w+)(?=\n)")
"""A class in a pickle, which has its name on a line of its own (opcode GLOBAL)."""

BLOCK = re.compile(r"^(?=(?:class|def) (\w+))", re.MULTILINE)
"""Where a class or function begins in a file of code."""

Files = Mapping[str, bytes]


def with_stable_names(files: Files) -> dict[str, bytes]:
    """Return an archive's files, by name, with the classes numbered in the order of the data."""
    (root,) = {name.split("/")[0] for name in files}
    blocks = _blocks(files, f"{root}/code/")
    names = _stable(blocks, _text(files[f"{root}/data.pkl"]))
    kept = {name: content for name, content in files.items() if not _is_code(name)}
    data = PICKLED.sub(lambda found: _pickled(found, names), _text(kept[f"{root}/data.pkl"]))
    kept[f"{root}/data.pkl"] = data.encode("utf-8", "surrogateescape")
    for old, new in names.items():
        file = f"{root}/code/{new.rpartition('.')[0].replace('.', '/')}.py"
        block = QUALIFIED.sub(lambda found: names.get(found[0], found[0]), blocks[old])
        kept[file] = kept.get(file, b"") + block.encode()
    return kept


def _is_code(name: str) -> bool:
    return "/code/" in name and name.endswith(".py")


def _text(content: bytes) -> str:
    """Read a pickle as text, without loss."""
    return content.decode("utf-8", "surrogateescape")


def _blocks(files: Files, folder: str) -> dict[str, str]:
    """Cut the code into its classes, by qualified name."""
    blocks = {}
    for name, content in files.items():
        if _is_code(name):
            place = name.removeprefix(folder).removesuffix(".py").replace("/", ".")
            # Splitting at a group gives what is before the first, then each name and its code.
            _, *parts = BLOCK.split(content.decode())
            for last, code in zip(parts[::2], parts[1::2], strict=True):
                blocks[f"{place}.{last}"] = code
    return blocks


def _stable(blocks: Mapping[str, str], data: str) -> dict[str, str]:
    """Give classes of one name numbers in the order in which data, and then code, has them."""
    found = [".".join(match.groups()) for match in PICKLED.finditer(data)]
    names: dict[str, str] = {}
    count: Counter[str] = Counter()
    for old in _reached(found, blocks):
        plain = MANGLE.sub("", old)
        place, _, last = plain.rpartition(".")
        number = count[plain] - 1
        names[old] = plain if number < 0 else f"{place}.___torch_mangle_{number}.{last}"
        count[plain] += 1
    return names


def _reached(names: list[str], blocks: Mapping[str, str]) -> Iterator[str]:
    """Yield each name that has code once, and what that code speaks of after all before it."""
    queue, seen = list(names), set[str]()
    for name in queue:
        if name in blocks and name not in seen:
            seen.add(name)
            queue += QUALIFIED.findall(blocks[name])
            yield name


def _pickled(found: re.Match[str], names: Mapping[str, str]) -> str:
    old = f"{found[1]}.{found[2]}"
    return "\n".join(names.get(old, old).rsplit(".", 1))

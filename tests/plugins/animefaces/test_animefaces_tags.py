from collections.abc import Callable
from pathlib import Path

import pytest

from ganx.errors import DataError
from ganx_animefaces.selection import select
from ganx_animefaces.tags import Row, read_counted, read_pairs
from ganx_animefaces.vocabulary import EYES, HAIR

Reader = Callable[[Path], list[Row]]


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def kept(read: Reader, path: Path) -> dict[str, str]:
    found = select(read(path))
    return {
        stem: f"{HAIR[hair]}, {EYES[eyes]}"
        for stem, hair, eyes in zip(found.stems, found.hair, found.eyes, strict=True)
    }


def test_the_newer_file_has_a_hair_and_an_eye_colour_in_each_line(tmp_path: Path) -> None:
    path = written(tmp_path, "0,aqua hair red eyes\n17,blonde hair gray eyes")
    assert kept(read_pairs, path) == {"0": "aqua, red", "17": "blonde, gray"}


@pytest.mark.parametrize(
    "text",
    [
        '0,"aqua hair red eyes"\n',
        "0,red eyes aqua hair\n",
        "0,aqua hair red eyes\r\n",
        "\ufeff0,aqua hair red eyes\n",
        "0, aqua hair  red eyes \n",
    ],
    ids=["quoted", "eyes first", "from Windows", "byte order mark", "spaces"],
)
def test_small_freedoms_of_the_newer_file_do_not_matter(text: str, tmp_path: Path) -> None:
    assert kept(read_pairs, written(tmp_path, text)) == {"0": "aqua, red"}


def test_the_older_file_has_counted_tags_of_any_kind(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "0,touhou:17705\tlong hair:50\tpink hair:9\tblue eyes:3\t\n"
        "1,red eyes:1\tre:zero:12\thair bow:2\tclosed eyes:2\tblack hair:7\n",
    )
    assert kept(read_counted, path) == {"0": "pink, blue", "1": "black, red"}
    assert select(read_counted(path)).unknown == {}


def test_an_older_file_may_have_commas_and_quotes_in_its_tags(tmp_path: Path) -> None:
    path = written(tmp_path, '0,"what, ""me"":1\tred hair:2\tred eyes:3"\n')
    assert kept(read_counted, path) == {"0": "red, red"}


ODD_ROWS = {
    "two hair colours": ("red hair:1\tblue hair:1\tred eyes:1", "double"),
    "two eye colours": ("red hair:1\tblue eyes:1\tred eyes:1", "double"),
    "a tag twice": ("red hair:1\tred hair:1\tred eyes:1", "double"),
    "a strange hair colour": ("silver hair:1\tred eyes:1", "unknown"),
    "a strange shade": ("light brown hair:1\tred eyes:1", "unknown"),
    "an eye colour that only hair has": ("red hair:1\twhite eyes:1", "unknown"),
    "no hair colour": ("long hair:1\tred eyes:1", "missing"),
    "no eye colour": ("red hair:1\tclosed eyes:1", "missing"),
    "neither": ("smile:1", "missing"),
    "no tags": ("", "missing"),
}


@pytest.mark.parametrize(("tags", "reason"), ODD_ROWS.values(), ids=list(ODD_ROWS))
def test_a_row_without_exactly_one_of_each_is_left_out_and_counted(
    tags: str, reason: str, tmp_path: Path
) -> None:
    found = select(read_counted(written(tmp_path, f"3,red hair:1\tred eyes:1\n4,{tags}\n")))
    assert found.stems == ("3",)
    assert found.rows == 2
    assert found.left_out == {"double": 0, "unknown": 0, "missing": 0} | {reason: 1}


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ("red hair blue hair red eyes", "double"),
        ("long hair red eyes", "unknown"),
        ("red hair", "missing"),
        ("", "missing"),
    ],
)
def test_the_newer_file_is_judged_alike(tags: str, reason: str, tmp_path: Path) -> None:
    found = select(read_pairs(written(tmp_path, f"3,red hair red eyes\n4,{tags}\n")))
    assert found.stems == ("3",)
    assert found.left_out[reason] == 1


def test_colours_outside_the_vocabulary_are_counted_by_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "0,silver hair:1\tred eyes:1\n1,silver hair:4\n2,bicolored eyes:2\tlong hair:5\n",
    )
    assert select(read_counted(path)).unknown == {"silver hair": 2, "bicolored eyes": 1}


def test_a_strange_colour_beside_a_known_one_is_counted_and_the_row_stays(tmp_path: Path) -> None:
    path = written(tmp_path, "0,gradient hair:1\tpink hair:1\tred eyes:1\n")
    assert kept(read_counted, path) == {"0": "pink, red"}
    assert select(read_counted(path)).unknown == {"gradient hair": 1}


BAD_LINES: dict[str, tuple[Reader, str, int]] = {
    "no comma": (read_pairs, "0 red hair red eyes", 1),
    "no index": (read_pairs, "0,red hair red eyes\n,red hair red eyes", 2),
    "a word for an index": (read_pairs, "index,tags", 1),
    "a path for an index": (read_pairs, "../0,red hair red eyes", 1),
    "a negative index": (read_pairs, "-1,red hair red eyes", 1),
    "words left over": (read_pairs, "0,red hair red eyes smile", 1),
    "no colour": (read_pairs, "0,hair red eyes", 1),
    "an empty line": (read_pairs, "0,red hair red eyes\n\n2,red hair red eyes", 2),
    "an open quote": (read_pairs, '0,"red hair red eyes', 1),
    "the other file": (read_pairs, "0,red hair:1\tred eyes:2", 1),
    "a tag without count": (read_counted, "0,red hair:1\tred eyes:1\n1,red hair\tred eyes:1", 2),
    "a count that is none": (read_counted, "0,red hair:x", 1),
    "a count without tag": (read_counted, "0,:5", 1),
    "the newer file": (read_counted, "0,red hair red eyes", 1),
}


@pytest.mark.parametrize(("read", "text", "line"), BAD_LINES.values(), ids=list(BAD_LINES))
def test_a_malformed_line_is_refused_with_file_and_line(
    read: Reader, text: str, line: int, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=rf"file\.csv, line {line}: .* is not of the form '7,") as e:
        read(written(tmp_path, text))
    assert str(e.value).endswith("Correct the line, or remove it.")


def test_an_image_that_has_two_rows_is_refused_with_both_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "5,red hair red eyes\n6,red hair red eyes\n5,red hair red eyes\n")
    with pytest.raises(DataError, match=r"line 3: image 5 has tags on line 1 already"):
        read_pairs(path)


@pytest.mark.parametrize("read", [read_pairs, read_counted])
def test_an_empty_file_is_refused(read: Reader, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"file\.csv is empty"):
        read(written(tmp_path, ""))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"file\.csv is not text in UTF-8: byte 2"):
        read_pairs(written(tmp_path, b"0,\xff hair"))


def test_a_long_line_is_shortened_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        read_pairs(written(tmp_path, "0," + "x" * 10_000))
    assert len(str(raised.value)) < 500

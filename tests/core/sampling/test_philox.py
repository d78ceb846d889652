"""Random words of a counter and a key."""

import numpy as np
import pytest

from ganx.sampling.philox import halves, philox

KNOWN = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_published_answers_of_random123_are_given(counter: str, key: str, answer: str) -> None:
    low, high = words(key)
    assert philox(np.array(words(counter), np.uint64), (low, high)).tolist() == words(answer)


def test_many_counters_are_turned_as_each_alone() -> None:
    counters = np.arange(24, dtype=np.uint64).reshape(2, 3, 4)
    together = philox(counters, (5, 6))
    assert together.shape == (2, 3, 4)
    assert together[1, 2].tolist() == philox(counters[1, 2], (5, 6)).tolist()


def test_a_number_of_64_bits_has_a_lower_and_an_upper_word() -> None:
    assert halves(2**64 - 2) == (0xFFFFFFFE, 0xFFFFFFFF)
    assert halves(7 * 2**32 + 1) == (1, 7)

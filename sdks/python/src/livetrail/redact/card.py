"""Payment card numbers: an issuer's prefix, a length that the issuer uses, and a right check digit (ISO/IEC 7812).

A number counts where it stands as a token of its own, in a shape that cards have. That is one run of digits, or groups
of digits with a single space or hyphen between. One number in ten has a right check digit by chance, hence the rest.
"""

import re

from .tables import CARD_ISSUERS, CARD_MAX_DIGITS, CARD_MIN_DIGITS, CARD_SHAPES

BEGIN = rf"[0-9](?:[ -]?[0-9]){{{CARD_MIN_DIGITS - 1}}}"
"""Groups of digits that are joined by one space or hyphen, with as many digits as a card number has at least."""

_GROUP = re.compile(r"[0-9]+")
_JOINT = re.compile(r"[ -](?=[0-9])")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_PART_OF_UUID = re.compile(r"[A-Za-z0-9-]")
# The shapes with the same separator throughout.
_SHAPES = [
    re.compile(rf"[0-9]{{{first}}}([ -])" + r"\1".join(f"[0-9]{{{length}}}" for length in others) + "(?![0-9])")
    for first, *others in CARD_SHAPES
]

Range = tuple[int, int]


def is_card(number: int) -> bool:
    """Whether a number is one of a card. The server sees no more than 64 bits of one."""
    return 10 ** (CARD_MIN_DIGITS - 1) <= number < 2**64 and _is_card_number(str(number))


def in_run(text: str, start: int) -> tuple[Range | None, int]:
    """The first card number in the run of digit groups that begins here, and the place to go on from."""
    while group := _GROUP.match(text, start):
        card = _at_group(text, *group.span())
        if card and _stands_alone(text, *card):
            return card, card[1]
        joint = _JOINT.match(text, group.end())
        if joint is None:
            return None, group.end()
        start = joint.end()
    return None, start


def _at_group(text: str, start: int, end: int) -> Range | None:
    """A card number that consists of this group, alone or with those after it."""
    shaped = (shape.match(text, start) for shape in _SHAPES)
    ends = [end, *(match.end() for match in shaped if match)]
    cards = ((start, end) for end in ends if _is_card_number(text[start:end].replace(" ", "").replace("-", "")))
    return next(cards, None)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a card number is part of nothing else: a word, a fraction, a telephone number or a UUID."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    part_of_word = before.isalnum() or before == "_" or after.isalnum() or after == "_"
    dialled = before == "+" and end - start - len(re.findall("[ -]", text[start:end])) <= 15
    return not (part_of_word or dialled or _is_fraction(text, start) or _in_uuid(text, start, end))


def _is_fraction(text: str, start: int) -> bool:
    """Whether the whole part of a decimal number and its point stand before.

    Up to three digits, as more leave no room for a long fraction, and not the end of a card number.
    """
    before = text[max(0, start - 9) : start]
    whole = re.search(r"(?<![0-9])[0-9]{1,3}\.\Z", before)
    return whole is not None and re.search(r"[0-9]{4}[ -]\Z", before[: whole.start()]) is None


def _in_uuid(text: str, start: int, end: int) -> bool:
    """A UUID whose digits happen to include a card number."""
    first, last = start, end
    while first > 0 and start - first < 36 and _PART_OF_UUID.match(text, first - 1):
        first -= 1
    while last - end < 36 and _PART_OF_UUID.match(text, last):
        last += 1
    return _UUID.match(text[first:last]) is not None


def _is_card_number(digits: str) -> bool:
    return CARD_MIN_DIGITS <= len(digits) <= CARD_MAX_DIGITS and _is_issued(digits) and _passes_luhn(digits)


def _is_issued(digits: str) -> bool:
    return any(
        len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths in CARD_ISSUERS
    )


def _passes_luhn(digits: str) -> bool:
    numbers = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * number, 10)) for number in numbers[1::2])
    return (sum(numbers[::2]) + sum(doubled)) % 10 == 0

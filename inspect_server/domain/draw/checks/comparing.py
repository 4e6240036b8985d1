"""How a part of a certificate is compared: strictly, the difference in the reader's words."""


class Mismatch(Exception):
    """A check failed; the text says how."""


class NotGiven(Exception):
    """A check could not be made; the text says what is missing."""


def same(got: object, wanted: object, complaint: str) -> None:
    """
    Pass when both are equal.

    Raises:
        Mismatch: They are not; `complaint` is its text.
    """
    if got != wanted:
        raise Mismatch(complaint)


def bytes_of(text: object) -> bytes:
    """
    Return the bytes of lower-case hex.

    Raises:
        Mismatch: It is spelt in any other way.
        ValueError: It is no hex at all.
    """
    if not isinstance(text, str) or text != text.lower() or not text.isascii():
        raise Mismatch("应为小写十六进制")
    found = bytes.fromhex(text)
    if found.hex() != text:  # fromhex forgives spaces
        raise Mismatch("应为小写十六进制")
    return found


def integer(value: object) -> int:
    """
    Return an integer that JSON wrote as one.

    Raises:
        Mismatch: It is something else, `true` included.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise Mismatch("应为整数")
    return value

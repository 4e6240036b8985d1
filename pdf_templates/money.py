"""Amounts as documents write them: in figures, and in the capitals that cannot be altered."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def yuan(fen: int) -> str:
    """Return 30,000.00 for an amount in fen."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def in_full(fen: int) -> str:
    """Return 人民币叁万元整（¥30,000.00）."""
    return f"人民币{capitals(fen)}（¥{yuan(fen)}）"


def capitals(fen: int) -> str:
    """
    Return an amount in capitals (支付结算办法, annex 1): 壹拾万零伍佰元叁角整, 壹元零伍分.

    Args:
        fen: From 0 up to less than 10¹⁸.
    """
    whole, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    said = _whole(whole) + "元" if whole else ""
    if not jiao and not cents:
        return (said or "零元") + "整"
    if jiao:
        said += DIGITS[jiao] + "角"
    elif whole:
        said += "零"
    return said + (DIGITS[cents] + "分" if cents else "整")


def _whole(number: int) -> str:
    """Return a whole number; one 零 stands for any run of zeros between digits."""
    said, is_gap = "", False
    for group in range((len(str(number)) - 1) // 4, -1, -1):
        value = number // 10_000**group % 10_000
        if not value:
            is_gap = True
            continue
        if said and (is_gap or value < 1_000):
            said += "零"
        said += _thousands(value) + GROUPS[group]
        is_gap = False
    return said


def _thousands(value: int) -> str:
    said, is_gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if not digit:
            is_gap = bool(said)
            continue
        said += ("零" if is_gap else "") + DIGITS[digit] + PLACES[place]
        is_gap = False
    return said

"""A span of time as people say it."""

_HOUR, _DAY = 60, 24 * 60


def lapse(minutes: int) -> str:
    """Return a number of minutes in the largest unit of which there are two: 25 分钟, 3 小时."""
    if minutes < 2 * _HOUR:
        return f"{minutes} 分钟"
    if minutes < 2 * _DAY:
        return f"{minutes // _HOUR} 小时"
    return f"{minutes // _DAY} 天"

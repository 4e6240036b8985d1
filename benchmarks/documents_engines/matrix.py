"""The QR code as SVG, for the engines that take pictures."""

from benchmarks.documents_engines.content import Notice


def svg(content: Notice) -> str:
    """Return the code's dark rectangles as one path."""
    path = "".join(f"M{x} {y}h{wide}v{high}h-{wide}z" for x, y, wide, high in content.bars)
    side = content.modules
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' width="{side}" height="{side}"><path d="{path}"/></svg>'
    )

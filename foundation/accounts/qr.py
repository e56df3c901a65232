"""A QR code as an inline SVG element: the content policy forbids images from `data:` addresses."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

#: White around the code, in modules, without which cameras don't find it.
QUIET_ZONE = 4


def svg(text: str) -> SafeString:
    """One path of unit squares, black on white in every colour scheme."""
    code = qrcode.QRCode(border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    size = len(matrix)
    return format_html(
        '<svg class="app-qr" viewBox="0 0 {} {}" width="240" height="240" role="img"'
        ' aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#ffffff"/><path fill="#000000" d="{}"/></svg>',
        size,
        size,
        _("QR code that holds the key shown below it"),
        size,
        size,
        path,
    )

"""The XMP packet: what a file says of itself, equal to its Info dictionary (ISO 19005-3, 6.6)."""

from datetime import datetime
from xml.sax.saxutils import escape

from pdf_templates.file.conformance import Conformance

PACKET_ID = "W5M0MpCehiHzreSzNTczkc9d"
PRODUCER = "inspect-server"


def packet(title: str, author: str, subject: str, made_at: datetime, claim: Conformance) -> bytes:
    """
    Return the packet, in UTF-8.

    Args:
        title: 文书名称和文号.
        author: 机关全称.
        subject: 文书名称.
        made_at: With an offset; both dates of the file.
        claim: What the file is.
    """
    at = made_at.isoformat(timespec="seconds")
    return f"""<?xpacket begin="\ufeff" id="{PACKET_ID}"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>{claim.part}</pdfaid:part>
<pdfaid:conformance>{claim.level}</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(subject)}</rdf:li></rdf:Alt>
</dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()

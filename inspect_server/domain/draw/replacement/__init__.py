"""
Replacement (替补): who comes in for an officer or an enterprise that went out after the draw.

A request is logged before the witness's value exists for anybody, and that value decides. So
nobody can choose who comes in, and whoever has the certificate and the lines recomputes it. The
same rules make a replacement and verify it; a replacement never changes what was drawn before it.
"""

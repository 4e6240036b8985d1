"""
SJC-DRAW/1: the 双随机 draw that anyone can recompute (docs/draw.md).

Pure functions of bytes: hashing and Merkle roots, the pool, the commit, the seed, the choice of
enterprises and teams, the certificate, and the verifier that recomputes all of it.
"""

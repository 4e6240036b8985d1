"""What is known of the stored files."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class Blob(Base):
    """One stored file, create-only; its bytes lie in the blob store under the same hash."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


class BlobFault(Base):
    """A stored file was found missing or damaged; until it is restored, phones are asked for it."""

    __tablename__ = "blob_fault"

    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), primary_key=True)
    found_at: Mapped[datetime] = mapped_column(primary_key=True)
    restored_at: Mapped[datetime | None]

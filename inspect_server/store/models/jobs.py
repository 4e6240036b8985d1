"""When the jobs are due."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class JobDeadline(Base):
    """One moment at which a job is due; `fired_at` is written in the transaction of its effect."""

    __tablename__ = "job_deadline"

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    fired_at: Mapped[datetime | None]

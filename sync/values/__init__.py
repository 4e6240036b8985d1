"""What operations carry: their types, the schema of each one's value, and the rules in it."""

from sync.values.checking import canonical, check
from sync.values.schemas import (
    AnswerValue,
    EnrolValue,
    FindingValue,
    LostValue,
    PhotoValue,
    ResolveValue,
    RetractValue,
    RulingValue,
    TaskValue,
    WithdrawValue,
)
from sync.values.texts import (
    NO_NUL,
    Hex64,
    Moment,
    Name,
    Said,
    ShortText,
    Text,
    UuidOrEmpty,
    UuidText,
    is_blank,
    is_moment,
)
from sync.values.types import RESOLVABLE, TYPES, OperationType

__all__ = [
    "NO_NUL",
    "RESOLVABLE",
    "TYPES",
    "AnswerValue",
    "EnrolValue",
    "FindingValue",
    "Hex64",
    "LostValue",
    "Moment",
    "Name",
    "OperationType",
    "PhotoValue",
    "ResolveValue",
    "RetractValue",
    "RulingValue",
    "Said",
    "ShortText",
    "TaskValue",
    "Text",
    "UuidOrEmpty",
    "UuidText",
    "WithdrawValue",
    "canonical",
    "check",
    "is_blank",
    "is_moment",
]

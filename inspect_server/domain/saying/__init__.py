"""What phones said, in the words of the record."""

from inspect_server.domain.saying.lapse import lapse
from inspect_server.domain.saying.names import (
    KIND_NAMES,
    LEVEL_NAMES,
    MEASURE_NAMES,
    PARTICIPANT_NAMES,
    RESULT_NAMES,
    RULED,
    SET_ASIDE_NAMES,
    measure_name,
    measures_named,
)
from inspect_server.domain.saying.wording import deed, in_words, kind_of, subject

__all__ = [
    "KIND_NAMES",
    "LEVEL_NAMES",
    "MEASURE_NAMES",
    "PARTICIPANT_NAMES",
    "RESULT_NAMES",
    "RULED",
    "SET_ASIDE_NAMES",
    "deed",
    "in_words",
    "kind_of",
    "lapse",
    "measure_name",
    "measures_named",
    "subject",
]

"""Who may be the same customer: pairs with a probability and the evidence of every field.

Splink's Fellegi-Sunter model on DuckDB, learned from the records without labels. Nothing here
is ever merged by itself.
"""

from __future__ import annotations

from tenure.engine.identity.suggesting.records import FIELDS, RECORDS, Party
from tenure.engine.identity.suggesting.suggest import (
    SUGGESTED,
    Suggestions,
    suggest,
)
from tenure.engine.identity.suggesting.threshold import Threshold

__all__ = ["FIELDS", "RECORDS", "SUGGESTED", "Party", "Suggestions", "Threshold", "suggest"]

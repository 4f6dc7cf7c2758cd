"""The written will: lifecycles, metrics and event types as frozen, typed data."""

from tenure.definitions.base import Definition, DefinitionError, DefinitionProblem, Origin
from tenure.definitions.difference import Change, diff
from tenure.definitions.event_type import PROFILED, EventType, Field
from tenure.definitions.explanation import explain, explain_words
from tenure.definitions.expression import Node, SourceText, ValueType, parse, render, type_of
from tenure.definitions.form import ConsentText, Form, FormField, Question, questions_of
from tenure.definitions.library import Library
from tenure.definitions.lifecycle import CANONICAL_STAGES, Lifecycle, Playbook, Stage
from tenure.definitions.loading import load_bytes, load_files, load_text
from tenure.definitions.metric import AGGREGATES, Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.pack_files import load_pack, load_packs, pack_keys
from tenure.definitions.party_type import IdentifierType, PartyType
from tenure.definitions.schema import json_schema
from tenure.definitions.survival import RULE_WORDS, Survival, SurvivalRule
from tenure.definitions.writing import dump, fingerprint

__all__ = [
    "AGGREGATES",
    "CANONICAL_STAGES",
    "PROFILED",
    "RULE_WORDS",
    "Change",
    "ConsentText",
    "Definition",
    "DefinitionError",
    "DefinitionProblem",
    "EventType",
    "Field",
    "Form",
    "FormField",
    "IdentifierType",
    "Library",
    "Lifecycle",
    "Metric",
    "NamedExpression",
    "Node",
    "Origin",
    "Pack",
    "PartyType",
    "Playbook",
    "Question",
    "SourceText",
    "Stage",
    "Survival",
    "SurvivalRule",
    "ValueType",
    "diff",
    "dump",
    "explain",
    "explain_words",
    "fingerprint",
    "json_schema",
    "load_bytes",
    "load_files",
    "load_pack",
    "load_packs",
    "load_text",
    "pack_keys",
    "parse",
    "questions_of",
    "render",
    "type_of",
]

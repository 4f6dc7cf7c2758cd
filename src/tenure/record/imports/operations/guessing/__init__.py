"""Guesses what the columns of a file mean, and says what it cannot know."""

from .choosing import Choices
from .draft_values import Question
from .drafting import Guess, guess_map
from .profiling import ColumnProfile

__all__ = ["Choices", "ColumnProfile", "Guess", "Question", "guess_map"]

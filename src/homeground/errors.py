# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, by who must act; the exit codes of the command line hang on these classes."""

from __future__ import annotations

from collections.abc import Iterable


class HomegroundError(Exception):
    """A problem a person can mend. The message says what was expected, what was found, where, and what to do.

    Examples
    --------
    >>> StudyError("period ends before it starts: [2023, 2016]. Write [2016, 2023].").exit_code
    2
    """

    exit_code = 1


class StudyError(HomegroundError):
    """The study file, or a table beside it, must be changed."""

    exit_code = 2


class DataError(HomegroundError):
    """An input (a raster, a table, an argument) is not what the method needs."""

    exit_code = 3


class CatalogueError(HomegroundError):
    """A data set is missing, incomplete or not the one that was recorded."""

    exit_code = 3


class PlanError(HomegroundError):
    """No plan satisfies all rules; the conflicting rules are named."""

    exit_code = 4


class Problems:
    """Collects every problem of one file, so that a person mends them in one go.

    Examples
    --------
    >>> problems = Problems("study.toml")
    >>> problems.add("title is missing")
    >>> problems.add("countries is empty")
    >>> problems.raise_if_any(StudyError)
    Traceback (most recent call last):
    ...
    homeground.errors.StudyError: study.toml has 2 problems:
      - title is missing
      - countries is empty
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.messages: list[str] = []

    def add(self, message: str) -> None:
        self.messages.append(message)

    def extend(self, messages: Iterable[str]) -> None:
        self.messages.extend(messages)

    def raise_if_any(self, error: type[HomegroundError]) -> None:
        if not self.messages:
            return
        if len(self.messages) == 1:
            raise error(f"{self.where}: {self.messages[0]}")
        listed = "\n".join(f"  - {message}" for message in self.messages)
        raise error(f"{self.where} has {len(self.messages)} problems:\n{listed}")

"""Roles of an account, and roles within a study. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """What an account, or a member of a study, is."""

    ADMIN = "admin"
    PHYSICIAN = "physician"

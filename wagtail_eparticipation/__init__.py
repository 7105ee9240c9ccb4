"""Public consultations for a municipality's own Wagtail site."""

__version__ = "0.1.0"

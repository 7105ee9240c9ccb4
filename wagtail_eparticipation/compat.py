"""Differences between the supported Wagtail releases, compared explicitly."""

from wagtail import VERSION as WAGTAIL_VERSION

#: Wagtail 8.0 lets a site swap its base page model; packages cannot follow.
HAS_SWAPPABLE_PAGE = WAGTAIL_VERSION >= (8, 0)

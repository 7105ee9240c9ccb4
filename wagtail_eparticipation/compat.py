"""Differences between the supported Wagtail releases, compared explicitly."""

from wagtail import VERSION as WAGTAIL_VERSION

#: Wagtail 8.0 lets a site swap its base page model; packages cannot follow.
HAS_SWAPPABLE_PAGE = WAGTAIL_VERSION >= (8, 0)


def register_policy(model, policy) -> None:
    """Make a permission policy known for a model, as Wagtail 8.0 asks for.

    Before it, the ``permission_policy`` of a viewset alone says it.
    """
    if WAGTAIL_VERSION >= (8, 0):
        from wagtail.permissions import register_permission_policy

        register_permission_policy(model, policy, exact_class=True)

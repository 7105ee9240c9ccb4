"""What a site implements to let a provider vouch for people (AC-S3-L2).

Name the class in ``IDENTITY_PROVIDER``; ``docs/how-to/identity.md`` has an example
with OpenID Connect.
"""


class IdentityProvider:
    """Nobody is known: the base of a site's own provider."""

    def identifier(self, request) -> str:
        """The provider's name for the person in this session; empty when not known.

        Kept only as a keyed hash, a different one in each topic.
        """
        return ""

    def sign_in_url(self, request, return_to: str) -> str:
        """Address at which the person proves who they are, and comes back."""
        raise NotImplementedError

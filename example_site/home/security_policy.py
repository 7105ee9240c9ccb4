"""A strict Content-Security-Policy for everything that the public sees."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

#: Wagtail's own admin needs inline styles, so it is left as it is.
ADMIN = "/admin/"


class SecurityPolicyMiddleware:
    """Adds the policy to public responses that do not bring one of their own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith(ADMIN):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

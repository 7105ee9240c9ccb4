"""Where somebody with an account signs in to take part."""

from django.contrib.auth.views import LoginView
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.pages_context import public_context


class SignIn(LoginView):
    """Django's own login in the municipality's frame, in both languages."""

    template_name = "home/login.html"
    next_page = "/"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        onward = context.get(self.redirect_field_name)
        query = f"?{urlencode({self.redirect_field_name: onward})}" if onward else ""
        addresses = {}
        for code, _name in content_languages():
            with override(code):
                addresses[code] = f"{reverse('login')}{query}"
        return {**context, **public_context(self.request, addresses)}

"""Public addresses of the register, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.participations import (
    amend_views,
    confirm_views,
    draft_link_views,
    draft_views,
    hint_views,
    identify_views,
    receipt_views,
    views,
)

urlpatterns = [
    path(
        "<str:language>/participate/<uuid:public_id>/<slug:tool>/",
        views.send,
        name="send",
    ),
    path(
        "<str:language>/hints/<uuid:public_id>/<slug:tool>/",
        hint_views.look,
        name="hints",
    ),
    path(
        "<str:language>/save/<uuid:public_id>/<slug:tool>/",
        draft_views.save,
        name="save_draft",
    ),
    path("<str:language>/draft/<str:token>/", draft_views.draft, name="draft"),
    path(
        "<str:language>/draft/<str:token>/saved/",
        draft_link_views.saved,
        name="draft_saved",
    ),
    path(
        "<str:language>/draft/<str:token>/mail/",
        draft_link_views.mail,
        name="draft_mail",
    ),
    path("<str:language>/draft/<str:token>/copy/", draft_views.copy, name="draft_copy"),
    path(
        "<str:language>/draft/<str:token>/delete/",
        draft_views.delete,
        name="draft_delete",
    ),
    path(
        "<str:language>/confirm/<str:token>/",
        confirm_views.confirm_page,
        name="confirm",
    ),
    path(
        "<str:language>/identify/<uuid:public_id>/",
        identify_views.send_link,
        name="identify",
    ),
    path(
        "<str:language>/identified/<str:token>/",
        identify_views.identified,
        name="identified",
    ),
    path("<str:language>/receipt/", receipt_views.look_up, name="look_up"),
    path("<str:language>/receipt/<str:token>/", receipt_views.receipt, name="receipt"),
    path(
        "<str:language>/receipt/<str:token>/copy/",
        receipt_views.copy,
        name="receipt_copy",
    ),
    path(
        "<str:language>/receipt/<str:token>/change/",
        amend_views.change,
        name="amend",
    ),
    path(
        "<str:language>/receipt/<str:token>/withdraw/",
        receipt_views.take_back,
        name="withdraw",
    ),
]

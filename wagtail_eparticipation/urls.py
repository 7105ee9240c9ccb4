"""Public addresses that belong to no single page; each room adds its own."""

app_name = "eparticipation"

urlpatterns = []

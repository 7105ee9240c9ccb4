"""The municipality's accounts, and pages handed through the workflow by them."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from wagtail_eparticipation.consultations.people import StaffScope

PASSWORD = "demo"  # noqa: S105 (told to everybody who tries the example)


class People:
    """Accounts by the name of their role."""

    def __init__(self, accounts: list[dict], departments: dict):
        self.accounts = accounts
        self._departments = departments
        self._users = {each["name"]: self._account(each) for each in accounts}

    def __getitem__(self, name: str):
        return self._users[name]

    def _account(self, account: dict):
        model = get_user_model()
        name, is_admin = account["name"], not account["group"]
        user = model.objects.filter(username=name).first()
        if user is None:
            user = model.objects.create_user(
                name,
                f"{name}@alwaha.example",
                PASSWORD,
                first_name=account["title"],
                is_staff=is_admin,
                is_superuser=is_admin,
            )
        if account["group"]:
            user.groups.add(Group.objects.get(name=account["group"]))
        if "department" in account:
            scope, _made = StaffScope.objects.get_or_create(user=user)
            scope.departments.add(self._departments[account["department"]])
        return user

    def member_of(self, groups) -> object:
        """The account that belongs to one of ``groups``."""
        names = {group.name for group in groups}
        for account in self.accounts:
            if account["group"] in names:
                return self[account["name"]]
        raise LookupError(f"No account belongs to {', '.join(sorted(names))}.")

    def hand_through_workflow(self, page) -> None:
        """Submit a page's draft, and approve it by everybody whose turn it is."""
        page = type(page).objects.get(pk=page.pk)
        page.get_workflow().start(page, self["editor"])
        while (task := page.current_workflow_task) is not None:
            state = page.current_workflow_task_state
            approver = self.member_of(task.groups.all())
            task.on_action(state, approver, "approve")
            page = type(page).objects.get(pk=page.pk)

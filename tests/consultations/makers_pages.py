"""A prepared site with people in its groups and a topic being drafted."""

from tests.consultations.makers import make_topic
from tests.factories import make_user
from tests.factories_pages import make_consultation_page, make_hub
from wagtail_eparticipation.consultations.lifecycle import DEFAULT_GROUPS
from wagtail_eparticipation.consultations.setup import set_up
from wagtail_eparticipation.consultations.stages import Stored


def prepared_site():
    """A hub in two languages, the command's groups, and one person in all of those."""
    hub = make_hub()
    set_up("qassim")
    make_user("keeper", groups=sorted(set(DEFAULT_GROUPS.values())))
    return hub


def people():
    """An editor, a reviewer and a decision maker, by what the command gave them."""
    return {
        name: make_user(name, groups=[group])
        for name, group in (
            ("editor", "Topic editors"),
            ("reviewer", "Reviewers"),
            ("decider", "Decision makers"),
        )
    }


def drafted(**kwargs):
    """A complete request that nobody has approved, with all roles filled."""
    return make_consultation_page(
        stage=Stored.DRAFT, consultation=make_topic(stored=Stored.DRAFT), **kwargs
    )


def approve_through(page, *users):
    """Hand the page's latest revision through its workflow; each user approves."""
    page = page.specific_class.objects.get(pk=page.pk)
    state = page.get_workflow().start(page, users[0])
    for user in users:
        state.refresh_from_db()
        task_state = state.current_task_state.specific
        task_state.task.specific.on_action(task_state, user, "approve")
    return page.specific_class.objects.get(pk=page.pk)

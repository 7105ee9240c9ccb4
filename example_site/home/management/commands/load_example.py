import os
from io import StringIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from home.loading import site
from home.loading.content import topic_names
from home.loading.course import Course
from home.loading.days import Days
from home.loading.people import PASSWORD, People
from home.models import HomePage, NewsPage
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationIndexPage
from wagtail_eparticipation.participations.models import Participation


class Command(BaseCommand):
    """Builds the municipality and walks its topics; a second call changes nothing."""

    help = "Load the example municipality, then print its addresses and accounts."

    def handle(self, *args, **options):
        municipality = site.municipality()
        port = os.environ.get("PORT", "8000")
        with translation.override("ar"):
            if not HomePage.objects.exists():
                self._load(municipality, port)
            elif not NewsPage.objects.exists():
                raise CommandError(
                    "An earlier loading was interrupted. Start over: make demo-reset"
                )
        site.serve_at(port)
        self._tell(municipality, port)

    def _load(self, municipality: dict, port: str) -> None:
        home = site.build_home(municipality, port)
        site.build_pages(municipality, home)
        call_command("eparticipation_setup", policy="qassim", stdout=StringIO())
        vocabulary = site.build_vocabulary(municipality)
        people = People(municipality["accounts"], vocabulary["department"])
        days = Days(timezone.now())
        hub = ConsultationIndexPage.objects.child_of(home).get()
        topics = {}
        for name in topic_names():
            course = Course(name, vocabulary, people, days)
            topics[name] = course.load(hub, municipality["standard"])
            self.stdout.write(f"Loaded: {topics[name].title}")
        site.build_news(municipality, home, days.today, topics)
        call_command("eparticipation_tick", stdout=StringIO())

    def _tell(self, municipality: dict, port: str) -> None:
        address = f"http://localhost:{port}"
        names = " ".join(each["name"] for each in municipality["accounts"])
        voices = Participation.objects.count()
        lines = [
            "",
            f"Al-Waha municipality: {Consultation.objects.count()} consultations,"
            f" {voices} participations",
            f"  Site, Arabic    {address}/ar/",
            f"  Site, English   {address}/en/",
            f"  Consultations   {address}/ar/participation/",
            f"                  {address}/en/participation/",
            f"  Admin           {address}/admin/",
            f"  Accounts        {names}",
            f"  Password        {PASSWORD}",
            "",
        ]
        self.stdout.write("\n".join(lines))

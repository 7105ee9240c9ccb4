"""The unit of all ratios: known work on this machine and this database."""

from django.contrib.contenttypes.models import ContentType

from bench.registry import bench

REFERENCE = "reference: one row read 100 times"


@bench(REFERENCE, queries_at_most=100)
def reference():
    pk = ContentType.objects.values_list("pk", flat=True)[0]

    def read_again_and_again():
        for _turn in range(100):
            ContentType.objects.filter(pk=pk).values_list("model").get()

    return read_again_and_again

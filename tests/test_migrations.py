"""The migrations lead from nothing to tables that hold what the models say."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.mark.django_db
def test_every_model_finds_its_columns(request):
    if request.config.getvalue("nomigrations"):
        pytest.skip("the tables were made from the models themselves")
    executor = MigrationExecutor(connection)
    assert not executor.migration_plan(executor.loader.graph.leaf_nodes())
    with connection.cursor() as cursor:
        for model in apps.get_app_config("wagtail_eparticipation").get_models():
            table = connection.introspection.get_table_description(
                cursor, model._meta.db_table
            )
            columns = {column.name for column in table}
            assert {field.column for field in model._meta.local_fields} == columns

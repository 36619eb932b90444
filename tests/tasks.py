"""Tasks in the tests: done at once. The indexes of the CMS are a sixth of the work and looked into by few tests."""

from django_tasks.backends.immediate import ImmediateBackend

INDEXING = {"update_reference_index_task", "insert_or_update_object_task"}


class AtOnce(ImmediateBackend):
    """Keeps the search and the reference index only for a test that is marked ``indexed``."""

    keeps_index = False

    def enqueue(self, task, args, kwargs):
        if not AtOnce.keeps_index and task.func.__name__ in INDEXING:
            return None
        return super().enqueue(task, args, kwargs)

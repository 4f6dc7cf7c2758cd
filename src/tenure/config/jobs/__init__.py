"""Background jobs: the interface of ``django_tasks`` on a durable table of our own."""

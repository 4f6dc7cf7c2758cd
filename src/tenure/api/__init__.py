"""The doors for programs: senders of events, the REST interface, and a client of it."""

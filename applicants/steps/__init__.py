"""Inner work on an application: always inside a door that holds its lock."""

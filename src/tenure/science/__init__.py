"""Pure mathematics: no SQL, no files, no clock."""
